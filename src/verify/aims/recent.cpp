// verify/aims/recent.cpp: rules of `recent`: every operation on few lists that all tables share, hit counts around the size
// of a ring, masks that the first rule of a list decides. The packets come from few hosts, with few TTLs.
#include <fmt/core.h>

#include "verify/aims/aims.h"
#include "verify/aims/telling_apart.h"

namespace hookline {
namespace {

constexpr uint64_t kHosts = 5;

void fulfil(const Match&, Family family, Random& random, Fields& f) {
  const size_t last = family == Family::kIpv4 ? 3 : 15;
  if (chance(random, 75)) {
    f.source[last] = static_cast<uint8_t>(1 + below(random, kHosts));
    f.destination[last] = static_cast<uint8_t>(1 + below(random, kHosts));
  } else if (chance(random, 50)) {  // many hosts: lists overflow
    f.source[last] = static_cast<uint8_t>(below(random, 256));
  }
  if (chance(random, 60)) {
    static constexpr std::array<uint8_t, 4> kTtls = {64, 63, 65, 255};
    f.ttl = kTtls[below(random, kTtls.size())];
  }
}

std::string write(Family family, Random& random) {
  std::string text = fmt::format("{} -m recent{}", some_protocol(random), chance(random, 25) ? " !" : "");
  const uint64_t operation = below(random, 10);
  if (operation < 3) {
    text += " --set";
  } else if (operation < 4) {
    text += " --remove";
  } else {
    text += operation < 7 ? " --rcheck" : " --update";
    const bool timed = chance(random, 45);
    if (timed) text += fmt::format(" --seconds {}", chance(random, 70) ? 1 + below(random, 2) : 17179869 + below(random, 3));
    if (timed && chance(random, 50)) text += " --reap";
    if (chance(random, 50)) text += fmt::format(" --hitcount {}", 1 + below(random, chance(random, 80) ? 6 : 40));
    if (chance(random, 30)) text += " --rttl";
  }
  text += fmt::format(" --name list{}", below(random, 4));
  if (chance(random, 35)) {
    if (family == Family::kIpv4)
      text += fmt::format(" --mask 255.255.{}.{}", chance(random, 50) ? 255 : 0, 256 - (1U << below(random, 8)));
    else
      text += chance(random, 50) ? " --mask ffff:ffff:ffff:ffff::" : " --mask ffff::fffe";
  }
  if (chance(random, 40)) text += " --rdest";
  return text;
}

}  // namespace

constexpr MatchAim kRecentAim = {.name = "recent", .fulfil = fulfil, .miss = fulfil, .write = write};

}  // namespace hookline
