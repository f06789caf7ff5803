// xt/string.h: what a `string` match looks for, as the compiler hands it to the pattern scanner.
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace hookline::xt {

inline constexpr uint32_t kMaxPattern = 128;

// A pattern occurs where all its bytes stand at start..start+length with start >= from and start + length <= to, counted
// from the IP header. Case folding is the kernel's: ASCII and Latin-1.
struct StringMatch {
  uint16_t from, to;
  uint8_t length;  // 1 to kMaxPattern
  uint8_t fold_case, inverted;
  uint8_t algorithm;                         // index in kStringAlgorithms; the answers are the same
  std::array<uint8_t, kMaxPattern> pattern;  // as written; zeros behind `length`
  std::array<uint8_t, kMaxPattern> folded;   // what is compared: `pattern` in upper case where fold_case
  [[nodiscard]] bool valid() const { return length <= kMaxPattern; }
};

inline constexpr std::array<const char*, 2> kStringAlgorithms = {"bm", "kmp"};
inline constexpr uint8_t kBoyerMoore = 0;

// The kernel's toupper(), which knows Latin-1. Kernel: lib/ctype.c, include/linux/ctype.h.
inline constexpr uint8_t kernel_upper(uint8_t c) {
  const bool lower = (c >= 'a' && c <= 'z') || (c >= 0xdf && c != 0xf7);
  return lower ? static_cast<uint8_t>(c - 0x20) : c;
}

// Whether the pattern occurs in the packet, before the inversion: the plain search that every faster one is compared with.
bool occurs(const StringMatch& match, Bytes packet);

}  // namespace hookline::xt
