// verify/random.h: the source of all chance in a differential run: one generator, seeded once.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace hookline {

using Random = std::mt19937_64;

// Uniform below `bound`; 0 for a bound of 0.
inline uint64_t below(Random& random, uint64_t bound) { return bound == 0 ? 0 : random() % bound; }
inline bool chance(Random& random, unsigned percent) { return below(random, 100) < percent; }
template <typename T>
const T& any_of(Random& random, const std::vector<T>& values) {
  return values[below(random, values.size())];
}

// A value of low..high, its edges more often than others.
inline uint32_t edge_in(Random& random, uint32_t low, uint32_t high) {
  switch (below(random, 4)) {
    case 0:
      return low;
    case 1:
      return high;
    default:
      return low + static_cast<uint32_t>(below(random, static_cast<uint64_t>(high) - low + 1));
  }
}

}  // namespace hookline
