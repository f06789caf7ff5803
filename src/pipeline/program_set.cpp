// pipeline/program_set.cpp: sorts the Programs of a rule set by hook and priority.
#include "pipeline/program_set.h"

#include <bit>
#include <map>
#include <utility>

namespace hookline {

ProgramSet::ProgramSet(std::vector<NamedProgram> programs, std::shared_ptr<const HostView> host)
    : programs_(std::move(programs)), host_(std::move(host)) {
  constexpr uint32_t kForwardPath = hook_bit(Hook::kPrerouting) | hook_bit(Hook::kForward) | hook_bit(Hook::kPostrouting);
  std::map<std::string, uint32_t> asked_at;  // hooks, by the object that rules of tables seen so far share
  // kTableKinds lists the tables by priority, and nat, whose priority changes with the hook, is not walked.
  for (const TableKind& kind : kTableKinds) {
    if (kind.name == "nat") continue;
    for (size_t i = 0; i < programs_.size(); ++i) {
      const LoadedProgram& program = *programs_[i].program;
      if (program.table() != kind.name) continue;
      timed_ |= program.timed();
      std::map<std::string, uint32_t> here;
      for (const LoadedProgram::Memory& memory : program.memories()) {
        if (memory.object.empty())
          one_by_one_ |= std::popcount(memory.hooks & kForwardPath) > 1;
        else
          here[memory.object] |= memory.hooks;
      }
      for (const auto& [object, hooks] : here) {
        uint32_t& others = asked_at[object];
        one_by_one_ |= std::popcount((others | hooks) & kForwardPath) > 1 || (others & hooks & kForwardPath) != 0;
        one_by_one_at_ |= others & hooks;
        others |= hooks;
      }
      for (unsigned h = 0; h < kHookCount; ++h) {
        if (program.has_hook(static_cast<Hook>(h))) {
          order_[program.family() == Family::kIpv6 ? 1 : 0][h].push_back(static_cast<uint16_t>(i));
        }
      }
    }
  }
}

}  // namespace hookline
