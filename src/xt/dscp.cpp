// xt/dscp.cpp: match `dscp`, both families, revision 0.
//
// Compares the upper six bits of the TOS byte (IPv6: traffic class) with a value. The header is always there: never
// hotdrops, treats fragments like whole packets.
// Source: kernel xt_dscp.c, dscp_mt(), dscp_mt_check(); UAPI linux/netfilter/xt_dscp.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_dscp.h>

#include "xt/extension.h"
#include "xt/traffic_class.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Dscp {
  uint8_t value;
  uint8_t invert;  // any bit inverts
};

Decoded<Dscp> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<xt_dscp_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_dscp_info)));
  if (info->dscp > XT_DSCP_MAX) return refuse(fmt::format("dscp {}", info->dscp), "at most 63");
  return Dscp{info->dscp, info->invert};
}

void print(const Dscp& m, TextOut& out) { out.add(fmt::format("{} --dscp {:#04x}", m.invert != 0 ? " !" : "", m.value)); }

Answer evaluate(const Dscp& m, const MatchContext& context) {
  return answer((traffic_class(context.packet) >> XT_DSCP_SHIFT == m.value) != (m.invert != 0));
}

Lowered lower(const Dscp&, Family) { return evaluated(); }

}  // namespace

constexpr MatchType kDscpMatch =
    match_type<Dscp, decode, print, evaluate, lower>({"dscp", 0, kBothFamilies, sizeof(xt_dscp_info)});

}  // namespace hookline::xt
