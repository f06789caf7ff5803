// xt/policy.cpp: match `policy`, both families, revision 0.
//
// The IPsec transforms that a packet came through, or will go through. Without any the match holds where it asks for
// `--pol none`, whatever else it asks for. No packet of this project has any.
// Source: kernel xt_policy.c, policy_mt(), policy_mt_check(); UAPI linux/netfilter/xt_policy.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_policy.h>

#include <algorithm>

#include "xt/address_text.h"
#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Policy {
  xt_policy_info info;
  [[nodiscard]] bool valid() const { return info.len <= XT_POLICY_MAX_ELEM; }
};

Decoded<Policy> decode(Bytes data, const DecodeContext& context) {
  constexpr uint32_t kArriving = hook_bit(Hook::kPrerouting) | hook_bit(Hook::kInput);
  constexpr uint32_t kLeaving = hook_bit(Hook::kOutput) | hook_bit(Hook::kPostrouting);
  const auto info = read_at<xt_policy_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_policy_info)));
  if ((info->flags & (XT_POLICY_MATCH_IN | XT_POLICY_MATCH_OUT)) == 0)
    return refuse(fmt::format("flags {:#x}", info->flags), "a direction, 0x1 or 0x2");
  if ((info->flags & XT_POLICY_MATCH_OUT) != 0 && (context.hooks & kArriving) != 0)
    return refuse("direction out, reached from PREROUTING or INPUT", "direction in there");
  if ((info->flags & XT_POLICY_MATCH_IN) != 0 && (context.hooks & kLeaving) != 0)
    return refuse("direction in, reached from OUTPUT or POSTROUTING", "direction out there");
  if (info->len > XT_POLICY_MAX_ELEM) return refuse(fmt::format("{} elements", info->len), "at most 4");
  return Policy{*info};
}

void print_element(const xt_policy_elem& e, TextOut& out) {
  const auto option = [&](bool asked, bool inverted, const std::string& text) {
    if (asked) out.add((inverted ? " ! --" : " --") + text);
  };
  const auto protocol = [&]() -> std::string {
    return e.proto == IPPROTO_ESP    ? "esp"
           : e.proto == IPPROTO_AH   ? "ah"
           : e.proto == IPPROTO_COMP ? "ipcomp"
                                     : std::to_string(e.proto);
  };
  option(e.match.reqid, e.invert.reqid, fmt::format("reqid {}", uint32_t{e.reqid}));
  option(e.match.spi, e.invert.spi, fmt::format("spi {:#x}", uint32_t{e.spi}));
  option(e.match.proto, e.invert.proto, "proto " + protocol());
  option(e.match.mode, e.invert.mode,
         e.mode == XT_POLICY_MODE_TRANSPORT ? "mode transport"
         : e.mode == XT_POLICY_MODE_TUNNEL  ? "mode tunnel"
                                            : "mode ???");
  option(e.match.daddr, e.invert.daddr, "tunnel-dst " + network_text(out.family(), &e.daddr, &e.dmask));
  option(e.match.saddr, e.invert.saddr, "tunnel-src " + network_text(out.family(), &e.saddr, &e.smask));
}

void print(const Policy& m, TextOut& out) {
  out.add((m.info.flags & XT_POLICY_MATCH_IN) != 0 ? " --dir in" : " --dir out");
  out.add((m.info.flags & XT_POLICY_MATCH_NONE) != 0 ? " --pol none" : " --pol ipsec");
  if ((m.info.flags & XT_POLICY_MATCH_STRICT) != 0) out.add(" --strict");
  for (unsigned i = 0; i < std::min<unsigned>(m.info.len, XT_POLICY_MAX_ELEM); ++i) {
    if (i != 0) out.add(" --next");
    print_element(m.info.pol[i], out);
  }
}

bool asks_for_none(const Policy& m) { return (m.info.flags & XT_POLICY_MATCH_NONE) != 0; }

Answer evaluate(const Policy& m, const MatchContext&) { return answer(asks_for_none(m)); }

Lowered lower(const Policy& m, Family) { return asks_for_none(m) ? always() : never(); }

}  // namespace

constexpr MatchType kPolicyMatch =
    match_type<Policy, decode, print, evaluate, lower>({"policy", 0, kBothFamilies, sizeof(xt_policy_info)});

}  // namespace hookline::xt
