// verify/judging_clock.h: the time at which the kernel judges a packet, for engines that are told the same.
//
// The kernel has two clocks for rules: jiffies, which `limit` and its like count, and the second of the wall clock, which
// `time` asks for; both move in the timer's interrupt. A packet's time is made from the jiffies when it was sent, so that
// the engines' jiffies are the kernel's, and it is only sent while neither clock is about to move. Whether one moved
// all the same is known afterwards; then nobody can say at which time the packet was judged.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "load/kernel_clock.h"

namespace hookline {

class JudgingClock {
 public:
  static Result<JudgingClock> open();

  // Waits for a moment that is far from the edges of a jiffy and of a second; the packet's time, Packet::time_ns.
  Result<uint64_t> settle();
  // Whether the kernel's clocks still stand where settle() found them.
  Result<bool> stands();

 private:
  JudgingClock(JiffiesReader reader, uint32_t hz) : reader_(std::move(reader)), hz_(hz) {}
  Result<uint32_t> next_jiffy();
  [[nodiscard]] uint64_t time_of(uint32_t jiffies) const;

  JiffiesReader reader_;
  uint32_t hz_;
  uint64_t edge_ns_ = 0;       // on the monotonic clock, of some jiffy
  uint32_t first_ = 0;         // jiffies at open()
  uint64_t first_number_ = 0;  // jiffies since 1970 that stand for them
  uint32_t settled_ = 0;
};

}  // namespace hookline
