// Boxes against brute force over small domains.
#include "compile/boxes.h"

#include <gtest/gtest.h>

#include "support/random.h"

namespace hookline::compiler {
namespace {

using Op = WordTest::Op;

TEST(Boxes, RangeHasAgreesWithTrial) {
  constexpr uint32_t kSize = 32;
  for (uint32_t mask = 0; mask < kSize; ++mask)
    for (uint32_t value = 0; value < kSize; ++value) {
      if ((value & ~mask) != 0) continue;
      for (uint32_t low = 0; low < kSize; ++low)
        for (uint32_t high = 0; high < kSize; ++high) {
          bool expected = false;
          // The bits above the domain are pinned to zero, so that the answer lies in it.
          for (uint32_t x = low; x <= high && x < kSize; ++x) expected = expected || (x & mask) == value;
          ASSERT_EQ(range_has(low, high, value, mask | ~(kSize - 1)), expected)
              << low << ' ' << high << ' ' << value << ' ' << mask;
        }
    }
}

TEST(Boxes, LeastWithBitsAtTheTop) {
  EXPECT_EQ(least_with_bits(UINT32_MAX, 0, 0), UINT32_MAX);
  EXPECT_EQ(least_with_bits(UINT32_MAX, 0, 1), std::nullopt);
  EXPECT_EQ(least_with_bits(0xfffffffe, 1, 1), UINT32_MAX);
  EXPECT_EQ(least_with_bits(0x80000001, 0, 0xffffffff), std::nullopt);
  EXPECT_EQ(least_with_bits(0x80000001, 0, 1), 0x80000002);
  EXPECT_EQ(least_with_bits(5, 0x80000000, 0x80000000), 0x80000000);
}

bool holds(const WordTest& test, uint32_t x) {
  switch (test.op) {
    case Op::kMaskedEqual:
      return (x & test.b) == test.a;
    case Op::kMaskedNotEqual:
      return (x & test.b) != test.a;
    case Op::kRange:
      return x >= test.a && x <= test.b;
  }
  return false;
}
bool holds(const Box& box, uint32_t x, uint32_t y) {
  for (const WordTest& test : box)
    if (!holds(test, test.dimension == Dimension::kTtl ? x : y)) return false;
  return true;
}
bool holds(const std::vector<Box>& boxes, uint32_t x, uint32_t y) {
  for (const Box& box : boxes)
    if (holds(box, x, y)) return true;
  return false;
}

constexpr uint32_t kDomain = 16;

// A box over two words of four bits each; both words are pinned to the domain.
Box random_box(test::Random& random, bool pinned) {
  Box box;
  if (pinned)
    for (const Dimension d : {Dimension::kTtl, Dimension::kMark}) box.push_back({d, Op::kMaskedEqual, 0, ~(kDomain - 1)});
  for (uint32_t n = random() % 5; n > 0; --n) {
    const Dimension d = random() % 2 == 0 ? Dimension::kTtl : Dimension::kMark;
    const uint32_t a = random() % kDomain, b = random() % kDomain;
    switch (random() % 3) {
      case 0:
        box.push_back({d, Op::kMaskedEqual, random() % 8 == 0 ? a : a & b, b});
        break;
      case 1:
        box.push_back({d, Op::kMaskedNotEqual, random() % 8 == 0 ? a : a & b, b});
        break;
      default:
        box.push_back({d, Op::kRange, random() % 8 == 0 ? a : std::min(a, b), std::max(a, b)});
        break;
    }
  }
  return box;
}

TEST(Boxes, NormalFormKeepsTheMeaning) {
  test::Random random(1);
  unsigned empty = 0;
  for (unsigned round = 0; round < 20000; ++round) {
    const Box box = random_box(random, round % 2 == 0);
    const auto normal = normal_box(box);
    empty += normal ? 0 : 1;
    for (uint32_t x = 0; x < kDomain; ++x)
      for (uint32_t y = 0; y < kDomain; ++y) ASSERT_EQ(normal && holds(*normal, x, y), holds(box, x, y)) << round;
    if (!normal) continue;
    // One equality and one range a word at most, and nothing changes when it is done twice.
    for (const WordTest& test : *normal)
      for (const WordTest& other : *normal)
        if (&test != &other && test.dimension == other.dimension && test.op == other.op) {
          ASSERT_EQ(test.op, Op::kMaskedNotEqual);
        }
    ASSERT_EQ(normal_box(*normal), normal);
  }
  EXPECT_GT(empty, 100U);
}

TEST(Boxes, IntersectionAndBounds) {
  test::Random random(2);
  for (unsigned round = 0; round < 4000; ++round) {
    std::vector<Box> sides[2];
    for (auto& side : sides)
      for (uint32_t n = 1 + random() % 3; n > 0; --n)
        if (auto normal = normal_box(random_box(random, true))) side.push_back(std::move(*normal));
    const std::vector<Box> both = intersect(sides[0], sides[1]);
    std::optional<Box> bounds;
    if (!sides[0].empty()) bounds = bounding_box(sides[0]);
    for (uint32_t x = 0; x < kDomain; ++x)
      for (uint32_t y = 0; y < kDomain; ++y) {
        ASSERT_EQ(holds(both, x, y), holds(sides[0], x, y) && holds(sides[1], x, y)) << round;
        if (bounds && holds(sides[0], x, y)) {
          ASSERT_TRUE(holds(*bounds, x, y)) << round;
        }
      }
  }
}

TEST(Boxes, PrefixesAndRangesMeet) {
  const Box prefix = {{Dimension::kDestinationPort, Op::kRange, 1024, 2047}};
  EXPECT_EQ(*normal_box(prefix), (Box{{Dimension::kDestinationPort, Op::kMaskedEqual, 1024, 0xfffffc00}}));
  const Box both = {{Dimension::kDestinationPort, Op::kRange, 1000, 2047},
                    {Dimension::kDestinationPort, Op::kRange, 1024, 3000}};
  EXPECT_EQ(*normal_box(both), *normal_box(prefix));
  const Box contradiction = {{Dimension::kTtl, Op::kMaskedEqual, 1, 1}, {Dimension::kTtl, Op::kRange, 4, 4}};
  EXPECT_EQ(normal_box(contradiction), std::nullopt);
}

}  // namespace
}  // namespace hookline::compiler
