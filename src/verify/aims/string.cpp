// verify/aims/string.cpp: the pattern, at the edges of the window that `string` searches.
#include <algorithm>

#include "verify/aims/aims.h"
#include "xt/string.h"

namespace hookline {
namespace {

void fulfil(const Match& match, Family family, Random& random, Fields& f) {
  const auto& wanted = *static_cast<const xt::StringMatch*>(match.info.get());
  if (wanted.inverted != 0) return;
  // Between the edges of the window, but behind the headers, which belong to other conditions.
  const uint32_t first = std::max<uint32_t>(wanted.from, family == Family::kIpv4 ? 44 : 84);
  const uint32_t last = std::min<uint32_t>(wanted.to, 1400);
  if (last < first + wanted.length) return;
  std::vector<uint8_t> pattern(wanted.pattern.begin(), wanted.pattern.begin() + wanted.length);
  if (wanted.fold_case != 0)
    for (uint8_t& c : pattern)
      if (c >= 'a' && c <= 'z' && chance(random, 50)) c = static_cast<uint8_t>(c - 0x20);
  const uint32_t offset = chance(random, 50)
                              ? first + static_cast<uint32_t>(below(random, std::min(64U, last - wanted.length - first + 1)))
                              : edge_in(random, first, last - wanted.length);
  f.patterns.emplace_back(offset, std::move(pattern));
}

void miss(const Match&, Family, Random& random, Fields& f) {
  for (auto& [offset, pattern] : f.patterns) chance(random, 50) && offset > 44 ? --offset : ++offset;
}

}  // namespace

constexpr MatchAim kStringAim = {.name = "string", .fulfil = fulfil, .miss = miss};

}  // namespace hookline
