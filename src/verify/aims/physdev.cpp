// verify/aims/physdev.cpp: rules about bridge ports, of packets that have met none.
#include <fmt/core.h>

#include "verify/aims/aims.h"

namespace hookline {
namespace {

// `--physdev-out` only beside `--physdev-is-bridged`, which every chain takes.
std::string write(Family, Random& random) {
  const bool holds = chance(random, 75);
  const auto option = [&](std::string_view text) {
    return fmt::format("{} {}", holds || chance(random, 50) ? " !" : "", text);
  };
  const uint64_t asked = 1 + below(random, 7);
  std::string text = " -m physdev";
  if ((asked & 1) != 0) text += option("--physdev-in eth+");
  if ((asked & 2) != 0) text += option("--physdev-is-in");
  if ((asked & 4) != 0)
    text += !holds && chance(random, 50) ? " --physdev-is-bridged --physdev-out eth1" : option("--physdev-is-bridged");
  return text;
}

}  // namespace

constexpr MatchAim kPhysdevAim = {.name = "physdev", .write = write};

}  // namespace hookline
