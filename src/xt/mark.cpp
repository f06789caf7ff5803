// xt/mark.cpp: match `mark`, both families, revision 1.
//
// Compares the masked packet mark with a value; a value with bits outside the mask is never equal.
// Source: kernel xt_mark.c, mark_mt(); UAPI linux/netfilter/xt_mark.h.
#include <linux/netfilter/xt_mark.h>

#include "xt/ports.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Mark {
  uint32_t mark, mask;
  uint8_t invert;  // the kernel xors this byte into the answer: above 1 the match is true either way
};

Decoded<Mark> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<xt_mark_mtinfo1>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_mark_mtinfo1)));
  return Mark{info->mark, info->mask, info->invert};
}

void print(const Mark& m, TextOut& out) {
  out.add(fmt::format("{} --mark {:#x}", m.invert != 0 ? " !" : "", m.mark));
  if (m.mask != UINT32_MAX) out.add(fmt::format("/{:#x}", m.mask));
}

Answer evaluate(const Mark& m, const MatchContext& context) {
  return answer((static_cast<uint8_t>((context.packet.mark & m.mask) == m.mark) ^ m.invert) != 0);
}

Lowered lower(const Mark& m, Family) {
  if (m.invert > 1) return always();
  return masked(Dimension::kMark, m.mark, m.mask, m.invert != 0);
}

}  // namespace

constexpr MatchType kMarkMatch =
    match_type<Mark, decode, print, evaluate, lower>({"mark", 1, kBothFamilies, sizeof(xt_mark_mtinfo1)});

}  // namespace hookline::xt
