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

}  // namespace hookline
