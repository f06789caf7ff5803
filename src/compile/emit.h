// compile/emit.h: everything a Program holds -> its region.
#pragma once

#include <vector>

#include "base/result.h"
#include "classify/bounds.h"
#include "classify/program.h"
#include "compile/flatten.h"
#include "compile/index.h"
#include "compile/lower.h"
#include "compile/options.h"
#include "payload/patterns.h"
#include "table/table.h"

namespace hookline::compiler {

// What the linear walk reads, and what the hooks' sections share.
struct SharedParts {
  std::vector<format::RuleRecord> rules;
  std::vector<uint32_t> addresses;
  std::vector<format::MatchRecord> matches;  // info: a word offset in `info`
  std::vector<uint64_t> info;
  std::vector<payload::Pattern> patterns;
  [[nodiscard]] RuleSpan span(Family family) const { return {rules, addresses.data(), family == Family::kIpv4 ? 1U : 4U}; }
};

SharedParts shared_parts(const Table& table, const Devices& devices, const CompileOptions& options);

struct EmittedSizes {
  uint32_t shared = 0;
  std::vector<uint32_t> sections;  // bytes of each section with its occurrences, residuals, nodes and leaves
};

Result<Program> emit(const Table& table, const Devices& devices, const std::vector<LoweredRule>& rules,
                     const SharedParts& shared, const Flattened& flattened, const std::vector<SectionIndex>& indexes,
                     EmittedSizes& sizes);

}  // namespace hookline::compiler
