// compile/boxes.h: boxes over the key's words: brought to one normal form, intersected, bounded, compared.
//
// A normal box has its tests ordered by word and operation; at most one masked equality and one range a word, and any
// number of inequalities. A range that is a prefix is stored as a masked equality.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "table/extension.h"

namespace hookline::compiler {

// The least x >= low with (x & mask) == value, if there is one. Precondition: (value & ~mask) == 0.
std::optional<uint32_t> least_with_bits(uint32_t low, uint32_t value, uint32_t mask);

// Whether some x in [low, high] has (x & mask) == value.
inline bool range_has(uint32_t low, uint32_t high, uint32_t value, uint32_t mask) {
  if (low > high) return false;
  const auto least = least_with_bits(low, value, mask);
  return least && *least <= high;
}

// Nothing where no key can satisfy the box.
std::optional<Box> normal_box(const Box& box);

// Every pair's intersection, normal and without the empty ones. Both sides are normal.
std::vector<Box> intersect(const std::vector<Box>& left, const std::vector<Box>& right);

// One normal box that holds all of `boxes` (not empty).
Box bounding_box(const std::vector<Box>& boxes);

}  // namespace hookline::compiler
