// bench/check.h: every benchmark program checks its engines' answers first and leaves with 1 where one is wrong.
// `--check-only` stops there: that is what CI runs, since times mean nothing on its machines.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace hookline::bench {

// Ends the program with 1 where `right` is false.
inline void require(bool right, const char* what) {
  if (right) return;
  std::fprintf(stderr, "wrong answer: %s\n", what);
  std::exit(1);
}

// The value of a Result, or the end of the program with its problems told.
template <typename R>
auto value_of(R result, const char* what) {
  if (!result) {
    for (const auto& problem : result.error()) std::fprintf(stderr, "%s: %s\n", what, problem.text().c_str());
    std::exit(1);
  }
  return std::move(*result);
}

inline int run(int argc, char** argv, void (*check)()) {
  check();
  for (int i = 1; i < argc; ++i)
    if (std::strcmp(argv[i], "--check-only") == 0) {
      std::puts("answers right");
      return 0;
    }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}

}  // namespace hookline::bench
