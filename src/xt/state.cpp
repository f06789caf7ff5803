// xt/state.cpp: match `state`, both families, revision 0.
//
// The state of the packet's connection, as a mask of the states that match. Today's iptables makes `conntrack` of the option
// `-m state`; this is what it made before. It prints as UNTRACKED the bit that `conntrack` has for it, not this match's own.
// Source: kernel xt_state.c, state_mt_check(); UAPI linux/netfilter/xt_state.h; iptables 1.8.9, libxt_conntrack.c,
// state_save().
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/xt_conntrack.h>
#include <linux/netfilter/xt_state.h>

#include <array>

#include "xt/connection.h"
#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct State {
  static constexpr std::string_view kRefused = kNeedsTracking;
  uint32_t mask;
};

Decoded<State> decode(Bytes data, const DecodeContext&) {
  return read_info<xt_state_info>(data).map([](const xt_state_info& info) { return State{info.statemask}; });
}

void print(const State& m, TextOut& out) {
  static constexpr std::array<BitName, 5> kStates = {{{XT_STATE_INVALID, "INVALID"},
                                                      {XT_STATE_BIT(IP_CT_NEW), "NEW"},
                                                      {XT_STATE_BIT(IP_CT_RELATED), "RELATED"},
                                                      {XT_STATE_BIT(IP_CT_ESTABLISHED), "ESTABLISHED"},
                                                      {XT_CONNTRACK_STATE_UNTRACKED, "UNTRACKED"}}};
  out.add(" --state " + bit_names(m.mask, kStates));
}

}  // namespace

constexpr MatchType kStateMatch = refused_match<State, decode, print>({"state", 0, kBothFamilies, sizeof(xt_state_info)});

}  // namespace hookline::xt
