// xt/tos_target.cpp: target `TOS`, both families, revision 1.
//
// Clears the bits of a mask in the TOS byte (IPv6: traffic class), ECN bits included, and flips those of a value.
// Source: kernel xt_DSCP.c, tos_tg(), tos_tg6(); UAPI linux/netfilter/xt_DSCP.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_DSCP.h>

#include "xt/extension.h"
#include "xt/rewrite.h"
#include "xt/traffic_class.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct SetTos {
  uint8_t value, mask;
};

Decoded<SetTos> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<xt_tos_target_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_tos_target_info)));
  return SetTos{info->tos_value, info->tos_mask};
}

void print(const SetTos& target, TextOut& out) {
  out.add(fmt::format(" --set-tos {:#04x}/{:#04x}", target.value, target.mask));
}

TargetAction evaluate(const SetTos& target, TargetContext& context) {
  const auto value = static_cast<uint8_t>((traffic_class(context.packet) & ~target.mask) ^ target.value);
  return set_traffic_class(context.writable, value) ? kContinueChanged : kContinue;
}

}  // namespace

constexpr TargetType kTosTarget =
    target_type<SetTos, decode, print, evaluate>({"TOS", 1, kBothFamilies, sizeof(xt_tos_target_info), {.table = "mangle"}});

}  // namespace hookline::xt
