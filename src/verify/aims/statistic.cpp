// verify/aims/statistic.cpp: rules of `statistic`: rounds of few packets, and the two probabilities that are certain. The
// packets need nothing.
#include <fmt/core.h>

#include "verify/aims/aims.h"
#include "verify/aims/telling_apart.h"

namespace hookline {
namespace {

std::string write(Family, Random& random) {
  const std::string_view inverted = chance(random, 25) ? " !" : "";
  if (chance(random, 10))
    return fmt::format("{} -m statistic --mode random{} --probability {}", some_protocol(random), inverted,
                       inverted.empty() ? 1 : 0);
  const uint64_t every = 1 + below(random, 6);
  return fmt::format("{} -m statistic --mode nth{} --every {} --packet {}", some_protocol(random), inverted, every,
                     below(random, every));
}

}  // namespace

constexpr MatchAim kStatisticAim = {.name = "statistic", .write = write};

}  // namespace hookline
