// verify/aims/ranges.h: ranges of numbers, as several matches ask for them: values inside, values around, and option text.
#pragma once

#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "verify/random.h"

namespace hookline {

// An inclusive range; low > high holds nothing.
struct NumberRange {
  uint32_t low = 0, high = 0;
  bool inverted = false;
};

// A number of 0..max that the range, or its inversion, holds; where there is none, any.
inline uint32_t fitting(const NumberRange& range, uint32_t max, Random& random) {
  const uint32_t high = std::min(range.high, max);
  if (!range.inverted) return range.low <= high ? edge_in(random, range.low, high) : edge_in(random, 0, max);
  const bool below_it = range.low > 0, above_it = high < max;
  if (below_it && (!above_it || chance(random, 50))) return edge_in(random, 0, std::min(range.low - 1, max));
  return above_it ? edge_in(random, high + 1, max) : edge_in(random, 0, max);
}

// A number at one of the range's edges, on either side.
inline uint32_t around(const NumberRange& range, Random& random) {
  const uint32_t edge = chance(random, 50) ? range.low : range.high;
  return edge + static_cast<uint32_t>(below(random, 3)) - 1;
}

// `5`, `5:9`, `:9`, `5:`, numbers of 0..max; now and then the whole range, or one that holds nothing.
inline std::string random_range(uint32_t max, Random& random) {
  const uint32_t kSmall[] = {0, 1, 2, 5, 255, 256, 65535, max - 1, max};
  const auto number = [&] {
    return std::min(chance(random, 70) ? kSmall[below(random, std::size(kSmall))] : static_cast<uint32_t>(random()), max);
  };
  uint32_t low = number(), high = number();
  if (low > high && !chance(random, 5)) std::swap(low, high);
  switch (below(random, 8)) {
    case 0:
      return fmt::format(":{}", high);
    case 1:
      return fmt::format("{}:", low);
    case 2:
    case 3:
      return std::to_string(low);
    default:
      return fmt::format("{}:{}", low, high);
  }
}

// ` ! --option RANGE`.
inline std::string range_option(std::string_view option, uint32_t max, Random& random) {
  return fmt::format("{} {} {}", chance(random, 25) ? " !" : "", option, random_range(max, random));
}

}  // namespace hookline
