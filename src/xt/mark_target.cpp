// xt/mark_target.cpp: target `MARK`, both families, revision 2.
//
// Clears the bits of a mask in the packet's mark and flips those of a value. Source: kernel xt_mark.c, mark_tg(); UAPI
// linux/netfilter/xt_mark.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_mark.h>

#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct SetMark {
  uint32_t value, mask;
};

Decoded<SetMark> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<xt_mark_tginfo2>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_mark_tginfo2)));
  return SetMark{info->mark, info->mask};
}

void print(const SetMark& target, TextOut& out) {
  out.add(fmt::format(" --set-xmark {:#x}/{:#x}", target.value, target.mask));
}

TargetAction evaluate(const SetMark& target, TargetContext& context) {
  context.writable.mark = (context.writable.mark & ~target.mask) ^ target.value;
  return kContinue;  // no byte has changed
}

constexpr WrittenBits kWrites[] = {{Dimension::kMark, UINT32_MAX}};

}  // namespace

constexpr TargetType kMarkTarget =
    target_type<SetMark, decode, print, evaluate>({"MARK", 2, kBothFamilies, sizeof(xt_mark_tginfo2)}, kWrites);

}  // namespace hookline::xt
