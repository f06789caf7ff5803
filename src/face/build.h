// face/build.h: from rule sets as they were loaded to Programs that a pipeline can take: refuse, compile, verify, name.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "compile/options.h"
#include "load/decode.h"
#include "pipeline/program_set.h"

namespace hookline {

struct BuiltTable {
  Family family = Family::kIpv4;
  std::string table;
  uint32_t rules = 0;  // without chain heads, which count nothing
  size_t bytes = 0;    // of the Program
  double build_ms = 0;
  std::vector<std::string> rule_texts;  // by RuleId, as `-A CHAIN …`; empty for chain heads
};

struct BuiltRules {
  std::vector<NamedProgram> programs;
  std::vector<BuiltTable> tables;        // parallel to programs
  std::shared_ptr<const HostView> host;  // of the first rule set
};

// All tables of all sets together; a table that two sets hold is a problem, as is every rule that this build refuses: all of
// them are listed.
Result<BuiltRules> build_rules(const std::vector<RuleSet>& sets, const CompileOptions& options = {});

}  // namespace hookline
