// verify/aims/realm.cpp: rules that hold, or not, whatever the realm of the route.
#include <fmt/core.h>

#include "verify/aims/aims.h"

namespace hookline {
namespace {

std::string write(Family, Random& random) {
  const bool holds = chance(random, 80);
  if (chance(random, 50)) return fmt::format(" -m realm{} --realm 0x0/0x0", holds ? "" : " !");
  const auto mask = static_cast<uint32_t>(below(random, 0x10000));
  // A bit outside the mask: equal to nothing.
  return fmt::format(" -m realm{} --realm {:#x}/{:#x}", holds ? " !" : "", mask | 0x10000, mask);
}

}  // namespace

constexpr MatchAim kRealmAim = {.name = "realm", .families = kIpv4Only, .write = write};

}  // namespace hookline
