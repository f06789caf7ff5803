// xt/classify.cpp: target `CLASSIFY`, both families, revision 0.
//
// Sets the packet's priority, which a queueing discipline reads and no rule: in this program it only counts.
// Source: kernel xt_CLASSIFY.c; UAPI linux/netfilter/xt_CLASSIFY.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_CLASSIFY.h>

#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Classify {
  uint32_t priority;
};

Decoded<Classify> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<xt_classify_target_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_classify_target_info)));
  return Classify{info->priority};
}

void print(const Classify& target, TextOut& out) {
  out.add(fmt::format(" --set-class {:04x}:{:04x}", target.priority >> 16, target.priority & 0xffff));
}

TargetAction evaluate(const Classify&, const TargetContext&) { return kContinue; }

constexpr uint32_t kHooks = hook_bit(Hook::kOutput) | hook_bit(Hook::kForward) | hook_bit(Hook::kPostrouting);

}  // namespace

constexpr TargetType kClassifyTarget = target_type<Classify, decode, print, evaluate>(
    {"CLASSIFY", 0, kBothFamilies, sizeof(xt_classify_target_info), {.hooks = kHooks}});

}  // namespace hookline::xt
