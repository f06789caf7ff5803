// pipeline/program_set.cpp: sorts the Programs of a rule set by hook and priority.
#include "pipeline/program_set.h"

#include <utility>

namespace hookline {

ProgramSet::ProgramSet(std::vector<NamedProgram> programs) : programs_(std::move(programs)) {
  // kTableKinds lists the tables by priority, and nat, whose priority changes with the hook, is not walked.
  for (const TableKind& kind : kTableKinds) {
    if (kind.name == "nat") continue;
    for (size_t i = 0; i < programs_.size(); ++i) {
      const LoadedProgram& program = *programs_[i].program;
      if (program.table() != kind.name) continue;
      timed_ |= program.timed();
      one_by_one_ |=
          program.remembers_across(hook_bit(Hook::kPrerouting) | hook_bit(Hook::kForward) | hook_bit(Hook::kPostrouting));
      for (unsigned h = 0; h < kHookCount; ++h) {
        if (program.has_hook(static_cast<Hook>(h))) {
          order_[program.family() == Family::kIpv6 ? 1 : 0][h].push_back(static_cast<uint16_t>(i));
        }
      }
    }
  }
}

}  // namespace hookline
