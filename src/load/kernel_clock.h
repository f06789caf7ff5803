// load/kernel_clock.h: how many jiffies this kernel counts a second (CONFIG_HZ), and how many it has counted.
#pragma once

#include <cstdint>

#include "base/result.h"

namespace hookline {

// The resolution of the coarse clocks is the length of one tick, rounded to nanoseconds, which gives CONFIG_HZ without
// reading the kernel's configuration. 0 where the answer makes no sense. (sysconf(_SC_CLK_TCK) is USER_HZ, always 100.)
// Kernel: clock_getres(2) of CLOCK_MONOTONIC_COARSE is LOW_RES_NSEC.
uint32_t kernel_hz();

// The kernel's jiffies at this moment. No system call tells them: a program of two instructions is loaded into the kernel
// and run there. Kernel: bpf(2), BPF_PROG_TEST_RUN, helper bpf_jiffies64().
class JiffiesReader {
 public:
  static Result<JiffiesReader> open();
  JiffiesReader(JiffiesReader&& other) noexcept;
  JiffiesReader& operator=(JiffiesReader&& other) noexcept;
  ~JiffiesReader();

  // The low 32 bits.
  [[nodiscard]] Result<uint32_t> now() const;

 private:
  explicit JiffiesReader(int program) : program_(program) {}
  int program_;
};

}  // namespace hookline
