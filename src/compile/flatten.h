// compile/flatten.h: chains -> sections of occurrences in walk order.
//
// The table is cut into segments: a maximal run of rules that only its first can be entered from elsewhere (as a hook's
// entry, as the target of a jump, or by falling in from the run above), up to the next such entry or to an unconditional
// verdict. Segments are the nodes of a graph without loops, and each is either *inlined*, copied wherever the walk can
// enter it, or a *subroutine*, a section of its own. Copies are counted before they are made: as long as a hook would need
// more than its budget, the segments whose copies cost most become subroutines. So the result is never exponential.
//
// In a section an inlined jump is followed by its body, [jump + 1, skip). A body's RETURN goes to `skip` of its jump; one
// of a goto's body goes where the rule in front of the goto would have returned to.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "classify/format.h"
#include "compile/lower.h"
#include "compile/options.h"
#include "table/table.h"

namespace hookline::compiler {

struct FlatOccurrence {
  uint32_t rule = 0;
  format::OccurrenceKind kind{};
  uint32_t skip = 0;
  uint32_t callee = format::kNone;
  std::vector<Box> boxes;  // the rule's own conjoined with those of every jump in front of it; none: unreachable
  bool weakened = false;   // the rule's own conditions are not all in `boxes`: the walk evaluates the whole rule
  bool checked = false;    // the walk evaluates something before it takes the occurrence
};

struct FlatSection {
  std::vector<FlatOccurrence> occurrences;
};

struct Flattened {
  std::vector<FlatSection> sections;                   // a section calls only later ones
  std::array<uint32_t, kHookCount> hook_section{};     // format::kNone where the table has no such hook
  std::array<uint32_t, kHookCount> reachable_rules{};  // rules that the hook's walk could meet, policies included
};

Flattened flatten(const Table& table, const std::vector<LoweredRule>& rules, const CompileOptions& options);

}  // namespace hookline::compiler
