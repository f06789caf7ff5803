// load/kernel_clock.h: how many jiffies this kernel counts a second (CONFIG_HZ).
#pragma once

#include <cstdint>

namespace hookline {

// From the kernel's own configuration where it can be read; 0 where it cannot. (sysconf(_SC_CLK_TCK) is USER_HZ, always
// 100.)
uint32_t kernel_hz();

}  // namespace hookline
