// xt/hl.cpp: match `hl`, IPv6, revision 0.
//
// Compares the hop limit with a constant, as `ttl` does for IPv4; FORWARD sees the value after the kernel took one off.
// Source: kernel xt_hl.c, hl_mt6(); UAPI linux/netfilter_ipv6/ip6t_hl.h.
#include <linux/netfilter_ipv6/ip6t_hl.h>

#include "xt/hop_limit.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

static_assert(int{IP6T_HL_EQ} == HopLimit::kEqual && int{IP6T_HL_NE} == HopLimit::kNotEqual &&
              int{IP6T_HL_LT} == HopLimit::kLess && int{IP6T_HL_GT} == HopLimit::kGreater);

Decoded<HopLimit> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<ip6t_hl_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(ip6t_hl_info)));
  return HopLimit{info->mode, info->hop_limit};
}

void print(const HopLimit& m, TextOut& out) { print_hop_limit(m, "--hl", out); }

Answer evaluate(const HopLimit& m, const MatchContext& context) { return answer(holds(m, context.packet.data[7])); }

}  // namespace

constexpr MatchType kHlMatch =
    match_type<HopLimit, decode, print, evaluate, lower_hop_limit>({"hl", 0, kIpv6Only, sizeof(ip6t_hl_info)});

}  // namespace hookline::xt
