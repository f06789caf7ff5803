// compile/boxes.cpp
#include "compile/boxes.h"

#include <algorithm>
#include <bit>

namespace hookline::compiler {

namespace {

using Op = WordTest::Op;

// All bits below bit `n`; n <= 32.
uint32_t below(unsigned n) { return n >= 32 ? UINT32_MAX : (1U << n) - 1; }

// A range as a masked equality, where it is an aligned block of a power of two.
std::optional<WordTest> range_as_mask(const WordTest& range) {
  const uint32_t varying = range.a ^ range.b;
  if ((varying & (varying + 1)) != 0 || (range.a & varying) != 0) return std::nullopt;
  return WordTest{range.dimension, Op::kMaskedEqual, range.a, ~varying};
}

}  // namespace

std::optional<uint32_t> least_with_bits(uint32_t low, uint32_t value, uint32_t mask) {
  const uint32_t wrong = (low ^ value) & mask;
  if (wrong == 0) return low;
  const unsigned highest = 31U - static_cast<unsigned>(std::countl_zero(wrong));
  if ((value >> highest & 1) != 0) {
    // Raising that bit makes the number greater than `low`, whatever stands below.
    return (low & ~below(highest + 1)) | (value & below(highest + 1));
  }
  // That bit has to fall, so a free zero bit above it has to rise; the lowest one gives the least number.
  const uint32_t risers = ~mask & ~low & ~below(highest + 1);
  if (risers == 0) return std::nullopt;
  const auto riser = static_cast<unsigned>(std::countr_zero(risers));
  return (low & ~below(riser + 1)) | 1U << riser | (value & below(riser));
}

std::optional<Box> normal_box(const Box& box) {
  Box result;
  Box sorted = box;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const WordTest& x, const WordTest& y) { return x.dimension < y.dimension; });
  for (size_t i = 0; i < sorted.size();) {
    const Dimension dimension = sorted[i].dimension;
    uint32_t value = 0, mask = 0, low = 0, high = UINT32_MAX;
    std::vector<WordTest> unequal;
    for (; i < sorted.size() && sorted[i].dimension == dimension; ++i) {
      const WordTest& test = sorted[i];
      WordTest equal = test;
      switch (test.op) {
        case Op::kMaskedNotEqual:
          if ((test.a & ~test.b) != 0) continue;  // differs from every key
          if (test.b == 0) return std::nullopt;   // equals every key
          if (std::find(unequal.begin(), unequal.end(), test) == unequal.end()) unequal.push_back(test);
          continue;
        case Op::kRange:
          if (test.a > test.b) return std::nullopt;
          if (const auto prefix = range_as_mask(test)) {
            equal = *prefix;
            break;
          }
          low = std::max(low, test.a);
          high = std::min(high, test.b);
          continue;
        case Op::kMaskedEqual:
          break;
      }
      if ((equal.a & ~equal.b) != 0) return std::nullopt;
      if (((value ^ equal.a) & mask & equal.b) != 0) return std::nullopt;
      value |= equal.a;
      mask |= equal.b;
    }
    if (!range_has(low, high, value, mask)) return std::nullopt;
    // A range that the known bits already imply, or that has become a prefix, needs no test of its own.
    if (low <= value && high >= (value | ~mask)) {
      low = 0;
      high = UINT32_MAX;
    } else if (const auto prefix = range_as_mask({dimension, Op::kRange, low, high})) {
      value |= prefix->a;
      mask |= prefix->b;
      low = 0;
      high = UINT32_MAX;
    }
    if (mask != 0) result.push_back({dimension, Op::kMaskedEqual, value, mask});
    for (const WordTest& test : unequal) {
      if ((test.b & ~mask) == 0) {
        if ((value & test.b) == test.a) return std::nullopt;
        continue;
      }
      if (((value ^ test.a) & mask & test.b) != 0) continue;  // implied by the known bits
      result.push_back(test);
    }
    if (low != 0 || high != UINT32_MAX) result.push_back({dimension, Op::kRange, low, high});
  }
  return result;
}

std::vector<Box> intersect(const std::vector<Box>& left, const std::vector<Box>& right) {
  std::vector<Box> result;
  for (const Box& a : left)
    for (const Box& b : right) {
      if (a.empty() || b.empty()) {
        result.push_back(a.empty() ? b : a);
        continue;
      }
      Box both = a;
      both.insert(both.end(), b.begin(), b.end());
      if (auto normal = normal_box(both)) result.push_back(std::move(*normal));
    }
  return result;
}

Box bounding_box(const std::vector<Box>& boxes) {
  // Of the first box's tests keep those that every other box has too; ranges and prefixes grow to the hull.
  Box result;
  const auto interval = [](const WordTest& test) -> std::optional<std::pair<uint32_t, uint32_t>> {
    if (test.op == Op::kRange) return std::pair{test.a, test.b};
    const uint32_t free = ~test.b;
    if (test.op == Op::kMaskedEqual && (free & (free + 1)) == 0) return std::pair{test.a, test.a | free};
    return std::nullopt;
  };
  for (const WordTest& test : boxes.front()) {
    bool everywhere = true;
    auto hull = interval(test);
    for (size_t i = 1; i < boxes.size(); ++i) {
      const Box& other = boxes[i];
      everywhere = everywhere && std::find(other.begin(), other.end(), test) != other.end();
      std::optional<std::pair<uint32_t, uint32_t>> grown;
      for (const WordTest& o : other) {
        if (o.dimension != test.dimension || !hull) continue;
        if (const auto range = interval(o))
          grown = std::pair{std::min(hull->first, range->first), std::max(hull->second, range->second)};
      }
      hull = grown;
    }
    if (everywhere) {
      result.push_back(test);
    } else if (hull) {
      result.push_back({test.dimension, Op::kRange, hull->first, hull->second});
    }
  }
  return *normal_box(result);
}

}  // namespace hookline::compiler
