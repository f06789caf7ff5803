// xt/ct.cpp: target `CT`, both families, revisions 0 to 2.
//
// Tells connection tracking, before it sees the packet, to leave it alone, or which zone, helper, timeout policy and events
// its connection gets. Revision 1 adds the timeout policy, of whose name the kernel gives back four bytes; revision 2 zones
// by direction and by mark, and the flag that makes iptables-save print `NOTRACK`. Helpers and policies are the host's: only
// the kernel that loads the rule knows whether there is one of that name.
// Source: kernel xt_CT.c, xt_ct_tg_check() and its callers; UAPI linux/netfilter/xt_CT.h; iptables 1.8.9, libxt_CT.c,
// ct_save(), ct_save_v1().
#include <fmt/core.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/xt_CT.h>

#include <algorithm>
#include <array>

#include "xt/connection.h"
#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr size_t kHelperAt = offsetof(xt_ct_target_info_v1, helper), kTimeoutAt = offsetof(xt_ct_target_info_v1, timeout);

struct Ct {
  uint16_t flags, zone;  // flags: XT_CT_*
  uint32_t events, expectation_events;
  uint8_t has_timeout;                                       // from revision 1 on
  std::array<char, sizeof(xt_ct_target_info_v1) + 1> bytes;  // the kernel's struct; the last is 0

  // The text at `at`. One without an end runs on into what follows, in the text programs as here.
  [[nodiscard]] std::string_view text(size_t at) const {
    return {bytes.begin() + at, std::find(bytes.begin() + at, bytes.end() - 1, '\0')};
  }
  [[nodiscard]] bool names_helper() const { return !text(kHelperAt).empty(); }
  [[nodiscard]] bool names_timeout() const { return has_timeout != 0 && !text(kTimeoutAt).empty(); }
  [[nodiscard]] std::string refused() const {
    return std::string(kNeedsTracking) + (names_timeout()  ? ", and a timeout policy of the loading host"
                                          : names_helper() ? ", and a helper of the loading host"
                                                           : "");
  }
  [[nodiscard]] std::string_view printed_name() const {
    return (flags & XT_CT_NOTRACK_ALIAS) != 0 ? std::string_view("NOTRACK") : std::string_view("CT");
  }
};

template <typename Abi, uint16_t known>
Decoded<Ct> decode(Bytes data, const DecodeContext& context) {
  const auto info = read_info<Abi>(data);
  if (!info) return tl::make_unexpected(info.error());
  if ((info->flags & ~known) != 0)
    return refuse(fmt::format("flags {:#x}", info->flags), fmt::format("bits of {:#x}", known));
  Ct ct{info->flags, info->zone, info->ct_events, info->exp_events, 0, {}};
  std::copy_n(data.begin(), sizeof(Abi), ct.bytes.begin());
  if constexpr (requires { info->timeout; }) ct.has_timeout = 1;
  if ((ct.flags & XT_CT_NOTRACK) != 0) return ct;  // nothing else is looked at
  if ((ct.names_helper() || ct.names_timeout()) && ((context.protocol & 0xff) == 0 || context.protocol_inverted))
    return refuse("a helper or timeout policy without -p", "a protocol, not inverted");
  if (ct.text(kHelperAt).size() >= sizeof info->helper) return refuse("a helper's name without an end", "at most 15 bytes");
  if constexpr (requires { info->timeout; })
    if (ct.text(kTimeoutAt).size() >= sizeof info->timeout)
      return refuse("a timeout policy's name without an end", "at most 31 bytes");
  return ct;
}

void print(const Ct& ct, TextOut& out) {
  static constexpr std::array<BitName, 10> kEvents = {{{1U << IPCT_NEW, "new"},
                                                       {1U << IPCT_RELATED, "related"},
                                                       {1U << IPCT_DESTROY, "destroy"},
                                                       {1U << IPCT_REPLY, "reply"},
                                                       {1U << IPCT_ASSURED, "assured"},
                                                       {1U << IPCT_PROTOINFO, "protoinfo"},
                                                       {1U << IPCT_HELPER, "helper"},
                                                       {1U << IPCT_MARK, "mark"},
                                                       {1U << IPCT_NATSEQADJ, "natseqinfo"},
                                                       {1U << IPCT_SECMARK, "secmark"}}};
  static constexpr std::array<BitName, 1> kExpectationEvents = {{{1U << IPEXP_NEW, "new"}}};
  constexpr unsigned kDirections = XT_CT_ZONE_DIR_ORIG | XT_CT_ZONE_DIR_REPL;
  if ((ct.flags & XT_CT_NOTRACK_ALIAS) != 0) return;
  const auto option = [&out](std::string_view name, std::string_view value) {
    out.add(fmt::format(" --{} {}", name, value));
  };
  if ((ct.flags & XT_CT_NOTRACK) != 0) out.add(" --notrack");
  if (!ct.text(kHelperAt).empty()) option("helper", ct.text(kHelperAt));
  if (ct.has_timeout != 0 && !ct.text(kTimeoutAt).empty()) option("timeout", ct.text(kTimeoutAt));
  if (ct.events != 0) option("ctevents", bit_names(ct.events, kEvents));
  if (ct.expectation_events != 0) option("expevents", bit_names(ct.expectation_events, kExpectationEvents));
  if ((ct.flags & XT_CT_ZONE_MARK) == 0 && ct.zone == 0) return;
  const unsigned direction = ct.flags & kDirections;
  option(direction == XT_CT_ZONE_DIR_ORIG   ? "zone-orig"
         : direction == XT_CT_ZONE_DIR_REPL ? "zone-reply"
                                            : "zone",
         (ct.flags & XT_CT_ZONE_MARK) != 0 ? "mark" : std::to_string(ct.zone));
}

template <uint8_t revision, typename Abi, uint16_t known>
constexpr TargetType type() {
  return refused_target<Ct, decode<Abi, known>, print>({"CT", revision, kBothFamilies, sizeof(Abi), {.table = "raw"}});
}

}  // namespace

constexpr TargetType kCt0Target = type<0, xt_ct_target_info, XT_CT_NOTRACK>();
constexpr TargetType kCt1Target = type<1, xt_ct_target_info_v1, XT_CT_NOTRACK>();
constexpr TargetType kCt2Target = type<2, xt_ct_target_info_v1, XT_CT_MASK>();

}  // namespace hookline::xt
