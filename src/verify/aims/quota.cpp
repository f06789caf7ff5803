// verify/aims/quota.cpp: quotas that last for some packets, and lengths near what is usual in them.
#include <fmt/core.h>

#include "verify/aims/aims.h"
#include "verify/aims/telling_apart.h"

namespace hookline {
namespace {

void fulfil(const Match&, Family family, Random& random, Fields& f) {
  // Short packets make a rest last.
  if (chance(random, 50)) f.length = (family == Family::kIpv4 ? 20 : 40) + static_cast<uint32_t>(below(random, 60));
}

void miss(const Match&, Family, Random& random, Fields& f) { f.length = 200 + static_cast<uint32_t>(below(random, 1200)); }

std::string write(Family, Random& random) {
  const uint64_t bytes = chance(random, 10)   ? UINT64_MAX
                         : chance(random, 30) ? 40 + below(random, 400)
                                              : below(random, 20000);
  return fmt::format("{} -m quota{} --quota {}", some_protocol(random), chance(random, 40) ? " !" : "", bytes);
}

}  // namespace

constexpr MatchAim kQuotaAim = {.name = "quota", .fulfil = fulfil, .miss = miss, .write = write};

}  // namespace hookline
