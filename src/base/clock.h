// base/clock.h: a clock of <chrono> as a number.
#pragma once

#include <chrono>
#include <cstdint>

namespace hookline {

// Nanoseconds since the epoch of the clock: of system_clock, since 1970; of steady_clock, since some moment of its own.
template <typename Clock>
uint64_t now_ns() {
  return static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch()).count());
}

}  // namespace hookline
