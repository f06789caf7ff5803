// verify/aims/limit.cpp: rules of `limit`: rates at which a bucket fills within some jiffies, and some that only empty it.
// The packets need nothing.
#include <fmt/core.h>

#include "verify/aims/aims.h"
#include "verify/aims/telling_apart.h"

namespace hookline {
namespace {

std::string write(Family, Random& random) {
  static constexpr std::array<std::string_view, 10> kRates = {"10000/sec", "5000/sec", "1000/sec", "250/sec", "249/sec",
                                                              "70/sec",    "7/sec",    "90/min",   "50/hour", "2/day"};
  const size_t rate = below(random, kRates.size());
  // The slower the rate, the fewer packets fit into the kernel's 32 bits.
  static constexpr std::array<uint64_t, 10> kMostBursts = {10000, 5000, 1000, 250, 40, 40, 40, 20, 5, 2};
  const uint64_t burst = chance(random, 60) ? 1 + below(random, std::min<uint64_t>(kMostBursts[rate], 6))
                                            : 1 + below(random, kMostBursts[rate]);
  return fmt::format("{} -m limit --limit {} --limit-burst {}", some_protocol(random), kRates[rate], burst);
}

}  // namespace

constexpr MatchAim kLimitAim = {.name = "limit", .write = write};

}  // namespace hookline
