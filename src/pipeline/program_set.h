// pipeline/program_set.h: one compiled rule set: the Programs of every table, in the order in which a packet meets them.
//
// At each hook the tables run by priority. A nat table is left out: its rules are asked by connection tracking, and only
// while a rule turns that on; the tables that reach a pipeline hold no such rule, so nothing of nat is ever counted.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "classify/program.h"
#include "packet/hooks.h"

namespace hookline {

// A Program with the names of its rules.
struct NamedProgram {
  std::shared_ptr<const LoadedProgram> program;
  std::vector<std::string> rule_names;  // by RuleId: "filter/FORWARD/3"
};

class ProgramSet {
 public:
  ProgramSet() = default;  // no table: every packet is accepted
  // Each (family, table) at most once; rule_names.size() == program->rule_count().
  explicit ProgramSet(std::vector<NamedProgram> programs, std::shared_ptr<const HostView> host = nullptr);

  [[nodiscard]] std::span<const NamedProgram> programs() const { return programs_; }
  // Indices in programs(), in the order in which the kernel calls the tables at `hook`.
  [[nodiscard]] std::span<const uint16_t> at(Family family, Hook hook) const {
    return order_[family == Family::kIpv6 ? 1 : 0][static_cast<unsigned>(hook)];
  }
  // What every worker's World tells of the host; null: nothing.
  [[nodiscard]] const std::shared_ptr<const HostView>& host() const { return host_; }
  // Some rule asks for the packet's time.
  [[nodiscard]] bool timed() const { return timed_; }
  // Something that remembers packets may be asked at two hooks of the forward path, or by two tables: packets go through
  // them one by one.
  [[nodiscard]] bool one_by_one() const { return one_by_one_; }
  // The same of the tables at one hook.
  [[nodiscard]] bool one_by_one_at(Hook hook) const { return (one_by_one_at_ & hook_bit(hook)) != 0; }

 private:
  std::vector<NamedProgram> programs_;
  std::array<std::array<std::vector<uint16_t>, kHookCount>, 2> order_;
  std::shared_ptr<const HostView> host_;
  bool timed_ = false, one_by_one_ = false;
  uint32_t one_by_one_at_ = 0;  // hooks
};

}  // namespace hookline
