// compile/compile.h: Table -> Program.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "classify/program.h"
#include "compile/options.h"
#include "table/table.h"

namespace hookline {

struct HookStats {
  Hook hook{};
  uint32_t rules = 0;        // rules that the hook can reach, policies and returns included
  uint32_t occurrences = 0;  // after flattening
  uint32_t entries = 0;      // boxes in leaves, copies included
  uint32_t trees = 0;
  uint32_t depth = 0;  // of the deepest leaf
  uint32_t largest_leaf = 0;
  uint32_t residual_rules = 0;  // rules with a match that stays to be evaluated, or a target with an effect of its own
  uint32_t bytes = 0;           // of the region that this hook's index takes
  double build_ms = 0;
};

struct Compiled {
  Program program;
  std::vector<HookStats> hooks;
  uint32_t shared_bytes = 0;  // rules, names, patterns: what all hooks share
  double build_ms = 0;
};

// What the compiler's own limits refuse in a table that the kernel would load: rules whose walks can pass more of them than
// kMaxBumps, or more interface conditions than can be numbered.
Problems too_large(const Table& table);

// Refuses (kInput) a table that refusals() would name a rule of, or that is too_large().
Result<Compiled> compile(const Table& table, const CompileOptions& options = {});

}  // namespace hookline
