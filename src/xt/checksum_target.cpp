// xt/checksum_target.cpp: target `CHECKSUM`, both families, revision 0.
//
// Completes a checksum that the host has left to the device. A packet that came in by a wire has a complete one, right or
// wrong, and is not changed: in this program the target only counts.
// Source: kernel xt_CHECKSUM.c, checksum_tg(), checksum_tg_check(); UAPI linux/netfilter/xt_CHECKSUM.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_CHECKSUM.h>

#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Checksum {};

Decoded<Checksum> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<xt_CHECKSUM_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_CHECKSUM_info)));
  if (info->operation != XT_CHECKSUM_OP_FILL)
    return refuse(fmt::format("operation {:#04x}", info->operation), "0x01 (fill)");
  return Checksum{};
}

void print(const Checksum&, TextOut& out) { out.add(" --checksum-fill"); }

TargetAction evaluate(const Checksum&, const TargetContext&) { return kContinue; }

}  // namespace

constexpr TargetType kChecksumTarget = target_type<Checksum, decode, print, evaluate>(
    {"CHECKSUM", 0, kBothFamilies, sizeof(xt_CHECKSUM_info), {.table = "mangle"}});

}  // namespace hookline::xt
