// load/kernel_clock.h: how many jiffies this kernel counts a second (CONFIG_HZ).
#pragma once

#include <cstdint>

namespace hookline {

// The resolution of the coarse clocks is the length of one tick, rounded to nanoseconds, which gives CONFIG_HZ without
// reading the kernel's configuration. 0 where the answer makes no sense. (sysconf(_SC_CLK_TCK) is USER_HZ, always 100.)
// Kernel: clock_getres(2) of CLOCK_MONOTONIC_COARSE is LOW_RES_NSEC.
uint32_t kernel_hz();

}  // namespace hookline
