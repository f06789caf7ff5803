// compile/lower.h: what the index can know about a rule without calling anything.
//
// A rule's header and its matches become alternatives of boxes. What no box says stays residual: a match whose lowering is
// only a bound, a match that may hotdrop or that remembers what it was asked, everything to the right of one, an interface
// pattern too many, what the table's own targets may change on the way. The index is then a bound on the packets that reach
// the residual part; it never hides a packet from a match that could drop it or count it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "compile/boxes.h"
#include "compile/options.h"
#include "table/table.h"

namespace hookline::compiler {

// Alternatives of one rule, before the jumps that lead to it are conjoined.
struct LoweredRule {
  std::vector<Box> boxes = {Box{}};  // normal; none: no packet of an indexable shape matches the rule
  std::vector<uint32_t> residuals;   // matches to evaluate, left to right
  bool check_header = false;         // the header is compared again in the walk
  [[nodiscard]] bool exact() const { return residuals.empty() && !check_header; }
  [[nodiscard]] bool never() const { return boxes.empty(); }
  [[nodiscard]] bool always() const {
    if (!exact()) return false;
    for (const Box& box : boxes)
      if (box.empty()) return true;
    return false;
  }
};

// The interface conditions of a table, numbered for the Program.
class Devices {
 public:
  struct Pattern {
    InterfaceName name, mask;
    bool operator==(const Pattern&) const = default;
  };
  explicit Devices(const Table& table);

  // Exact names first, sorted by their bytes, then other patterns in order of appearance.
  [[nodiscard]] const std::vector<Pattern>& patterns() const { return patterns_; }
  [[nodiscard]] uint32_t exact_count() const { return exact_count_; }
  // Patterns behind the bits of kInterfaceBits, by direction (0: in, 1: out).
  [[nodiscard]] const std::vector<uint16_t>& wildcards(unsigned direction) const { return wildcards_[direction]; }
  // 1 + the number of a pattern; 0 where the condition holds for every device.
  [[nodiscard]] uint16_t number_of(const InterfaceName& name, const InterfaceName& mask) const;
  // The condition as a test. `exact` becomes false where the index cannot express it.
  [[nodiscard]] Lowered lower(const InterfaceName& name, const InterfaceName& mask, bool inverted, unsigned direction) const;

 private:
  // A whole name as the Program stores it; other conditions as they are.
  static Pattern normal(const InterfaceName& name, const InterfaceName& mask);
  static std::string key_of(const Pattern& pattern);

  std::vector<Pattern> patterns_;
  std::unordered_map<std::string, uint16_t> numbers_;  // by key_of()
  uint32_t exact_count_ = 0;
  std::vector<uint16_t> wildcards_[2];
};

// What the targets of a table may change of the words that its index could see, by Dimension.
using WrittenWords = std::array<uint32_t, kDimensionCount>;
WrittenWords words_written(const Table& table);

// `written`: bits of which `boxes` may say nothing.
LoweredRule lower_rule(const Rule& rule, Family family, const Devices& devices, const WrittenWords& written,
                       const CompileOptions& options);

// No box may have more tests than this, so that any box fits a leaf's rows.
inline constexpr size_t kMaxTests = 24;

}  // namespace hookline::compiler
