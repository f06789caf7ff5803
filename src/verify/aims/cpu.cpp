// verify/aims/cpu.cpp: rules about CPUs that no kernel has: all that can be decided.
#include <fmt/core.h>

#include "verify/aims/aims.h"

namespace hookline {
namespace {

std::string write(Family, Random& random) {
  return fmt::format(" -m cpu{} --cpu {}", chance(random, 80) ? " !" : "", 8192 + below(random, 100000));
}

}  // namespace

constexpr MatchAim kCpuAim = {.name = "cpu", .write = write};

}  // namespace hookline
