// xt/ttl.cpp: match `ttl`, IPv4, revision 0.
//
// Compares the TTL byte of the IPv4 header with a constant. The header is always there, so this match never hotdrops and
// treats fragments like whole packets. In FORWARD it sees the value after the kernel took one off.
// Source: kernel xt_hl.c, ttl_mt(); UAPI linux/netfilter_ipv4/ipt_ttl.h.
#include <linux/netfilter_ipv4/ipt_ttl.h>

#include "xt/hop_limit.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

static_assert(int{IPT_TTL_EQ} == HopLimit::kEqual && int{IPT_TTL_NE} == HopLimit::kNotEqual &&
              int{IPT_TTL_LT} == HopLimit::kLess && int{IPT_TTL_GT} == HopLimit::kGreater);

Decoded<HopLimit> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<ipt_ttl_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(ipt_ttl_info)));
  return HopLimit{info->mode, info->ttl};
}

void print(const HopLimit& m, TextOut& out) { print_hop_limit(m, "--ttl", out); }

Answer evaluate(const HopLimit& m, const MatchContext& context) { return answer(holds(m, context.packet.data[8])); }

}  // namespace

constexpr MatchType kTtlMatch =
    match_type<HopLimit, decode, print, evaluate, lower_hop_limit>({"ttl", 0, kIpv4Only, sizeof(ipt_ttl_info)});

}  // namespace hookline::xt
