#include "load/kernel_clock.h"

#include <ctime>

namespace hookline {

uint32_t kernel_hz() {
  timespec tick{};
  if (::clock_getres(CLOCK_MONOTONIC_COARSE, &tick) != 0 || tick.tv_sec != 0 || tick.tv_nsec <= 0) return 0;
  constexpr long kSecond = 1'000'000'000;
  const long hz = (kSecond + tick.tv_nsec / 2) / tick.tv_nsec;
  // What CONFIG_HZ can be (24 … 1200 over all architectures); a sandbox that emulates clocks may answer anything.
  return hz >= 24 && hz <= 1200 ? static_cast<uint32_t>(hz) : 0;
}

}  // namespace hookline
