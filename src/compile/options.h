// compile/options.h: a switch for every pass and a number for every limit of the compiler.
//
// Answers never depend on them: the differential tests run with each switch off and each limit at its least.
#pragma once

#include <cstdint>

namespace hookline {

struct CompileOptions {
  bool flatten = true;             // false: every user chain stays a subroutine
  bool remove_unreachable = true;  // leave occurrences that no packet can reach out of the index
  bool prune_covered = true;       // leave candidates behind an unconditional terminal one out of a leaf
  bool index = true;               // false: every section is one leaf that holds all its occurrences
  bool split_boxes = true;         // false: alternatives are replaced by their bounds and evaluated
  bool patterns = true;            // false: strings are searched one by one, without Hyperscan

  // Limits. What does not fit falls back to something slower, never to something exponential.
  uint32_t flatten_budget = 4;  // occurrences of a hook: at most this times the rules, plus 256
  uint32_t copy_budget = 8;     // index entries: at most this times the occurrences, plus 4096
  uint32_t leaf_size = 8;       // a node with no more entries than this becomes a leaf
};

}  // namespace hookline
