// tests/support/random.h: seeded random numbers of the width that tests want.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace hookline::test {

class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}
  uint32_t below(uint32_t n) { return static_cast<uint32_t>(engine_() % n); }
  bool one_in(uint32_t n) { return below(n) == 0; }
  uint32_t word() { return static_cast<uint32_t>(engine_()); }
  uint32_t operator()() { return word(); }
  template <typename T>
  const T& pick(const std::vector<T>& values) {
    return values[below(static_cast<uint32_t>(values.size()))];
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace hookline::test
