// xt/jiffies.h: a packet's time as the kernel's clock of jiffies shows it.
#pragma once

#include <cstdint>

namespace hookline::xt {

inline constexpr uint64_t kSecondNs = 1'000'000'000;

inline uint64_t jiffies_at(uint64_t time_ns, uint32_t hz) {
  return time_ns / kSecondNs * hz + time_ns % kSecondNs * hz / kSecondNs;
}

// Kernel: msecs_to_jiffies(), which rounds up, and takes what is negative as an int for no end.
inline uint64_t jiffies_of_ms(uint32_t ms, uint32_t hz) {
  constexpr uint64_t kNoEnd = (uint64_t{1} << 62) - 1;  // MAX_JIFFY_OFFSET
  if (static_cast<int32_t>(ms) < 0) return kNoEnd;
  return (uint64_t{ms} * hz + 999) / 1000;
}

}  // namespace hookline::xt
