// xt/tos.cpp: match `tos`, both families, revision 1.
//
// Compares the masked TOS byte (IPv6: traffic class) with a value; a value with bits outside the mask is never equal. The
// header is always there: never hotdrops, treats fragments like whole packets.
// Source: kernel xt_dscp.c, tos_mt(); UAPI linux/netfilter/xt_dscp.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_dscp.h>

#include "xt/extension.h"
#include "xt/traffic_class.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Tos {
  uint8_t value, mask;
  uint8_t invert;  // the kernel reads it as a bool
};

Decoded<Tos> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<xt_tos_match_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_tos_match_info)));
  return Tos{info->tos_value, info->tos_mask, info->invert};
}

void print(const Tos& m, TextOut& out) {
  out.add(fmt::format("{} --tos {:#04x}/{:#04x}", m.invert != 0 ? " !" : "", m.value, m.mask));
}

Answer evaluate(const Tos& m, const MatchContext& context) {
  return answer(((traffic_class(context.packet) & m.mask) == m.value) != (m.invert != 0));
}

Lowered lower(const Tos& m, Family) {
  const bool equal_is_possible = (m.value & ~m.mask) == 0;
  return equal_is_possible ? evaluated() : m.invert != 0 ? always() : never();
}

}  // namespace

constexpr MatchType kTosMatch =
    match_type<Tos, decode, print, evaluate, lower>({"tos", 1, kBothFamilies, sizeof(xt_tos_match_info)});

}  // namespace hookline::xt
