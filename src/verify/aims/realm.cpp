// verify/aims/realm.cpp: rules about the realms of routes, which in a scratch namespace have none (verify/host_lines.h).
#include <fmt/core.h>

#include "verify/aims/aims.h"

namespace hookline {
namespace {

std::string write(Family, Random& random) {
  const bool holds = chance(random, 80);
  if (chance(random, 40))
    return fmt::format(" -m realm{} --realm {:#x}/{:#x}", holds ? "" : " !", below(random, 8) / 7,
                       chance(random, 50) ? 0xffffU : 0x3U);
  if (chance(random, 50)) return fmt::format(" -m realm{} --realm 0x0/0x0", holds ? "" : " !");
  const auto mask = static_cast<uint32_t>(below(random, 0x10000));
  // A bit outside the mask: equal to nothing.
  return fmt::format(" -m realm{} --realm {:#x}/{:#x}", holds ? " !" : "", mask | 0x10000, mask);
}

}  // namespace

constexpr MatchAim kRealmAim = {.name = "realm", .families = kIpv4Only, .write = write, .of_host = true};

}  // namespace hookline
