// base/result.h: what a fallible step returns: a value, or every problem that was found.
//
// Loading code collects all problems of its input before it gives up, so the error side is a list. A problem carries
// place, found and expected, and prints as one line: `filter/FORWARD/12 (offset 2416): match tcp rev 0: 8 bytes of data,
// expected 16`. Its kind decides the exit code of the program.
#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace hookline {

// Why something failed. The values are the exit codes of the command line.
enum class ProblemKind : uint8_t {
  kUsage = 2,   // the caller asked for something that does not exist
  kInput = 3,   // the input is malformed, or holds something that this build refuses to evaluate
  kSystem = 4,  // the system refused: no privilege, no such namespace or table
};

struct Problem {
  ProblemKind kind = ProblemKind::kInput;
  std::string place;     // "filter/FORWARD/12 (offset 2416)", a file name, a key of a config
  std::string found;     // what is there
  std::string expected;  // what would have been right; empty where `found` says it all

  // One line without a newline: `PLACE: FOUND, expected EXPECTED`.
  [[nodiscard]] std::string text() const;
};

using Problems = std::vector<Problem>;  // never empty when it is the error of a Result

template <typename T>
using Result = tl::expected<T, Problems>;

// An error Result with one problem.
inline tl::unexpected<Problems> fail(ProblemKind kind, std::string place, std::string found, std::string expected = {}) {
  Problems problems;
  problems.push_back({kind, std::move(place), std::move(found), std::move(expected)});
  return tl::make_unexpected(std::move(problems));
}

inline tl::unexpected<Problems> fail(Problems problems) { return tl::make_unexpected(std::move(problems)); }

}  // namespace hookline
