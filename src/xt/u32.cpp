// xt/u32.cpp: match `u32`, both families, revision 0.
//
// Up to 11 tests, all of which must hold. A test reads four bytes at a position counted from the IP header, big-endian, lets
// them run through masks and shifts, may use the result as the base of another read (`@`), and looks for the number that is
// left in a list of ranges. A read behind the packet's end makes the match false, and the inverted one true. Never hotdrops,
// treats fragments like whole packets; an operator that the kernel does not know leaves the number as it is.
// Source: kernel xt_u32.c, u32_match_it(); UAPI linux/netfilter/xt_u32.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_u32.h>

#include <algorithm>

#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint32_t kWord = 4;
constexpr unsigned kMost = XT_U32_MAXSIZE + 1;  // tests, steps of a test, ranges of a test

struct U32Test {
  std::array<uint32_t, kMost> numbers;  // the position, then one operand a step
  std::array<uint32_t, kMost> low, high;
  std::array<uint8_t, kMost> operators;  // XT_U32_*; that of the position is unused
  uint8_t steps;                         // the position included; 0 as 1
  uint8_t ranges;
};

struct U32 {
  std::array<U32Test, kMost> tests;
  uint8_t count;
  uint8_t invert;  // the kernel xors this byte into the answer: above 1 the match is true either way
  [[nodiscard]] bool valid() const {
    return count <= kMost && std::all_of(tests.begin(), tests.begin() + count,
                                         [](const U32Test& test) { return test.steps <= kMost && test.ranges <= kMost; });
  }
};

bool is_shift(uint8_t operation) { return operation == XT_U32_LEFTSH || operation == XT_U32_RIGHTSH; }

Decoded<U32> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<xt_u32>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_u32)));
  if (info->ntests > kMost) return refuse(fmt::format("{} tests", info->ntests), "at most 11");
  U32 m{};
  m.count = info->ntests;
  m.invert = info->invert;
  for (unsigned t = 0; t < m.count; ++t) {
    const xt_u32_test& from = info->tests[t];
    if (from.nnums > kMost || from.nvalues > kMost)
      return refuse(fmt::format("test {} with {} steps and {} ranges", t, from.nnums, from.nvalues), "at most 11 of each");
    U32Test& test = m.tests[t];
    test.steps = from.nnums;
    test.ranges = from.nvalues;
    for (unsigned i = 0; i < test.steps; ++i) {
      test.numbers[i] = from.location[i].number;
      test.operators[i] = from.location[i].nextop;
      if (i > 0 && is_shift(test.operators[i]) && test.numbers[i] >= 32)
        return refuse(fmt::format("test {} with a shift by {}", t, test.numbers[i]), "less than 32");
    }
    test.numbers[0] = from.location[0].number;  // read even where there are no steps
    for (unsigned i = 0; i < test.ranges; ++i) {
      test.low[i] = from.value[i].min;
      test.high[i] = from.value[i].max;
    }
  }
  return m;
}

void print(const U32& m, TextOut& out) {
  static constexpr std::array<std::string_view, 4> kOperators = {"&", "<<", ">>", "@"};
  out.add(m.invert != 0 ? " ! --u32 \"" : " --u32 \"");
  for (unsigned t = 0; t < m.count; ++t) {
    const U32Test& test = m.tests[t];
    out.add(fmt::format("{}{:#x}", t == 0 ? "" : "&&", test.numbers[0]));
    for (unsigned i = 1; i < test.steps; ++i) {
      const uint8_t operation = test.operators[i];
      out.add(fmt::format("{}{:#x}", operation < kOperators.size() ? kOperators[operation] : "", test.numbers[i]));
    }
    out.add("=");
    for (unsigned i = 0; i < test.ranges; ++i) {
      out.add(fmt::format("{}{:#x}", i == 0 ? "" : ",", test.low[i]));
      if (test.high[i] != test.low[i]) out.add(fmt::format(":{:#x}", test.high[i]));
    }
  }
  out.add("\"");
}

bool holds(const U32Test& test, const MatchContext& context) {
  uint32_t base = 0;
  const uint8_t* word = context.bytes(test.numbers[0], kWord);
  if (word == nullptr) return false;
  uint32_t value = load_be32(word);
  for (unsigned i = 1; i < test.steps; ++i) {
    const uint32_t number = test.numbers[i];
    switch (test.operators[i]) {
      case XT_U32_AND:
        value &= number;
        break;
      case XT_U32_LEFTSH:
        value <<= number & 31;
        break;
      case XT_U32_RIGHTSH:
        value >>= number & 31;
        break;
      case XT_U32_AT: {
        // Bases add up; neither the sum nor the position behind it may leave the packet.
        const uint64_t at = uint64_t{base} + value;
        if (at + number > UINT32_MAX) return false;
        word = context.bytes(static_cast<uint32_t>(at + number), kWord);
        if (word == nullptr) return false;
        base = static_cast<uint32_t>(at);
        value = load_be32(word);
        break;
      }
      default:
        break;
    }
  }
  for (unsigned i = 0; i < test.ranges; ++i)
    if (test.low[i] <= value && value <= test.high[i]) return true;
  return false;
}

Answer evaluate(const U32& m, const MatchContext& context) {
  const bool all =
      std::all_of(m.tests.begin(), m.tests.begin() + m.count, [&](const U32Test& test) { return holds(test, context); });
  return answer((static_cast<uint8_t>(all) ^ m.invert) != 0);
}

Lowered lower(const U32& m, Family) { return m.invert > 1 ? always() : evaluated(); }

}  // namespace

constexpr MatchType kU32Match = match_type<U32, decode, print, evaluate, lower>({"u32", 0, kBothFamilies, sizeof(xt_u32)});

}  // namespace hookline::xt
