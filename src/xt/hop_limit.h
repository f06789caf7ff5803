// xt/hop_limit.h: what `ttl` and `hl` have in common: one byte compared with a constant in one of four ways.
//
// The modes have the same numbers in both. The kernel loads any other number too: such a match is never true.
#pragma once

#include "table/extension.h"
#include "xt/extension.h"

namespace hookline::xt {

struct HopLimit {
  enum Mode : uint8_t { kEqual = 0, kNotEqual = 1, kLess = 2, kGreater = 3 };
  uint8_t mode;
  uint8_t value;
};

inline bool holds(const HopLimit& m, uint8_t hops) {
  switch (m.mode) {
    case HopLimit::kEqual:
      return hops == m.value;
    case HopLimit::kNotEqual:
      return hops != m.value;
    case HopLimit::kLess:
      return hops < m.value;
    case HopLimit::kGreater:
      return hops > m.value;
    default:
      return false;
  }
}

inline Lowered lower_hop_limit(const HopLimit& m, Family) {
  switch (m.mode) {
    case HopLimit::kEqual:
      return in_range(Dimension::kTtl, m.value, m.value);
    case HopLimit::kNotEqual:
      return masked(Dimension::kTtl, m.value, 0xff, true);
    case HopLimit::kLess:
      return m.value == 0 ? never() : in_range(Dimension::kTtl, 0, m.value - 1U);
    case HopLimit::kGreater:
      return m.value == 0xff ? never() : in_range(Dimension::kTtl, m.value + 1U, 0xff);
    default:
      return never();
  }
}

inline void print_hop_limit(const HopLimit& m, std::string_view option, TextOut& out) {
  static constexpr std::array<std::string_view, 4> kSuffixes = {"-eq", "-eq", "-lt", "-gt"};
  if (m.mode < kSuffixes.size()) {
    out.add(m.mode == HopLimit::kNotEqual ? " ! " : " ");
    out.add(option);
    out.add(kSuffixes[m.mode]);
  }
  out.add(" " + std::to_string(m.value));
}

}  // namespace hookline::xt
