// xt/nfqueue.cpp: target `NFQUEUE`, revisions 0 to 3, both families.
//
// Ends the walk and hands the packet to a process. No queue has a listener here, so the packet is lost to the host, or, with
// `--queue-bypass`, goes on as if this table had accepted it. Which queue of several it would be depends on a seed that the
// kernel draws, or on the processor. Source: kernel net/netfilter/xt_NFQUEUE.c, nfqueue_tg_v3(), nfqueue_tg_check();
// net/netfilter/nf_queue.c, nf_queue(); UAPI linux/netfilter/xt_NFQUEUE.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_NFQUEUE.h>

#include "packet/effects.h"
#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Queue {
  uint16_t first, last;
  uint8_t bypass, by_processor;
};

uint16_t size_of(uint8_t revision) {
  static constexpr std::array<uint16_t, 4> kSizes = {sizeof(xt_NFQ_info), sizeof(xt_NFQ_info_v1), sizeof(xt_NFQ_info_v2),
                                                     sizeof(xt_NFQ_info_v3)};
  return kSizes[revision];
}

template <uint8_t revision>
Decoded<Queue> decode(Bytes data, const DecodeContext&) {
  if (data.size() < size_of(revision))
    return refuse(fmt::format("{} bytes of data", data.size()), std::to_string(size_of(revision)));
  const uint16_t first = read_at<uint16_t>(data, 0).value_or(0);
  const uint16_t count = revision == 0 ? uint16_t{1} : read_at<uint16_t>(data, 2).value_or(0);
  const uint16_t flags = revision < 2 ? uint16_t{0} : read_at<uint16_t>(data, 4).value_or(0);
  if (count == 0) return refuse("no queue", "at least one");
  if (first + count - 1 > UINT16_MAX) return refuse(fmt::format("queues {}:{}", first, first + count - 1), "up to 65535");
  const uint16_t most = revision == 2 ? 1 : NFQ_FLAG_MASK;
  if (flags > most) return refuse(fmt::format("flags {:#x}", flags), fmt::format("at most {:#x}", most));
  return Queue{first, static_cast<uint16_t>(first + count - 1), static_cast<uint8_t>(flags & NFQ_FLAG_BYPASS),
               static_cast<uint8_t>(flags & NFQ_FLAG_CPU_FANOUT)};
}

void print(const Queue& queue, TextOut& out) {
  if (queue.first == queue.last)
    out.add(fmt::format(" --queue-num {}", queue.first));
  else
    out.add(fmt::format(" --queue-balance {}:{}", queue.first, queue.last));
  if (queue.bypass != 0) out.add(" --queue-bypass");
  if (queue.by_processor != 0) out.add(" --queue-cpu-fanout");
}

TargetAction evaluate(const Queue& queue, TargetContext& context) {
  if (queue.bypass != 0) return {.continues = false, .verdict = Verdict::kAccept};
  if (Effects* effects = context.packet.effects) effects->queues = {queue.first, queue.last};
  return {.continues = false, .verdict = Verdict::kQueue, .queue = queue.first};
}

}  // namespace

constexpr TargetType kNfqueue0Target =
    target_type<Queue, decode<0>, print, evaluate>({"NFQUEUE", 0, kBothFamilies, sizeof(xt_NFQ_info)});
constexpr TargetType kNfqueue1Target =
    target_type<Queue, decode<1>, print, evaluate>({"NFQUEUE", 1, kBothFamilies, sizeof(xt_NFQ_info_v1)});
constexpr TargetType kNfqueue2Target =
    target_type<Queue, decode<2>, print, evaluate>({"NFQUEUE", 2, kBothFamilies, sizeof(xt_NFQ_info_v2)});
constexpr TargetType kNfqueue3Target =
    target_type<Queue, decode<3>, print, evaluate>({"NFQUEUE", 3, kBothFamilies, sizeof(xt_NFQ_info_v3)});

}  // namespace hookline::xt
