// xt/dscp_target.cpp: target `DSCP`, both families, revision 0.
//
// Writes the upper six bits of the TOS byte (IPv6: traffic class) and leaves the ECN bits. Source: kernel xt_DSCP.c,
// dscp_tg(), dscp_tg6(), dscp_tg_check(); UAPI linux/netfilter/xt_DSCP.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_DSCP.h>

#include "xt/extension.h"
#include "xt/rewrite.h"
#include "xt/traffic_class.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct SetDscp {
  uint8_t dscp;
};

Decoded<SetDscp> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<xt_DSCP_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_DSCP_info)));
  if (info->dscp > XT_DSCP_MAX)
    return refuse("DSCP " + std::to_string(info->dscp), "at most " + std::to_string(XT_DSCP_MAX));
  return SetDscp{info->dscp};
}

void print(const SetDscp& target, TextOut& out) { out.add(fmt::format(" --set-dscp {:#04x}", target.dscp)); }

TargetAction evaluate(const SetDscp& target, TargetContext& context) {
  const uint8_t before = traffic_class(context.packet);
  const auto after = static_cast<uint8_t>((before & ~XT_DSCP_MASK) | target.dscp << XT_DSCP_SHIFT);
  return set_traffic_class(context.writable, after) ? kContinueChanged : kContinue;
}

}  // namespace

constexpr TargetType kDscpTarget =
    target_type<SetDscp, decode, print, evaluate>({"DSCP", 0, kBothFamilies, sizeof(xt_DSCP_info), {.table = "mangle"}});

}  // namespace hookline::xt
