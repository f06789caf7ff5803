// measure/cpu_clock.h: the CPU time of this thread, the clock of every figure that bench prints: what other programs on the
// machine take does not count.
#pragma once

#include <time.h>

namespace hookline::measure {

inline double thread_ns() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

class CpuStopwatch {
 public:
  [[nodiscard]] double ms() const { return (thread_ns() - start_) / 1e6; }

 private:
  double start_ = thread_ns();
};

}  // namespace hookline::measure
