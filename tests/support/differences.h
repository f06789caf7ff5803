// tests/support/differences.h: what a differential test prints of the differences that it found.
#pragma once

#include <fmt/core.h>

#include <string>

#include "verify/case_file.h"
#include "verify/differential.h"
#include "verify/shrink.h"

namespace hookline::test {

// Each difference shrunk, and the case file that repeats it. `where` says which run it was: seed and configuration.
inline void print_differences(const std::string& where, const RuleSet& set, const DifferentialOptions& options,
                              const DifferentialResult& result) {
  for (const Difference& found : result.differences) {
    std::string rules;
    const Difference small = shrink(set, options.family, found, options.kernel, options.compile, rules, options.mtu);
    fmt::print("{}: {} against {}\n  expected {}\n  found    {}\n", where, small.engine, small.judge, small.expected,
               small.found);
    fmt::print("{}", write_case({fmt::format("{}: {} differed from {}", where, small.engine, small.judge), options.family,
                                 options.mtu, small.probes, rules}));
  }
}

}  // namespace hookline::test
