// tests/support/table_builder.h: makes a Table rule by rule, without the kernel and without bytes, for unit tests.
//
// Chains stand as the kernel keeps them: built-in chains first, each ended by its policy; user chains with a head and an
// implicit RETURN; the blob's end last. Offsets are invented: nothing that walks a Table looks at them.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "table/extension.h"
#include "table/table.h"

namespace hookline::test {

// One rule of a chain under construction; unset parts match everything.
struct RuleSpec {
  HeaderMatch header = {};
  std::vector<const MatchType*> matches = {};  // types whose evaluate() ignores its info
  std::string jump = {};                       // name of a user chain; empty: see `target`
  Target target = {};
};

inline RuleSpec with_target(TargetKind kind, StandardVerdict verdict = StandardVerdict::kAccept) {
  RuleSpec rule;
  rule.target.kind = kind;
  rule.target.verdict = verdict;
  return rule;
}

class TableBuilder {
 public:
  TableBuilder(Family family, std::string name) {
    table_.family = family;
    table_.name = std::move(name);
  }

  TableBuilder& hook(Hook hook, StandardVerdict policy, std::vector<RuleSpec> rules) {
    chains_.push_back({std::string(hook_name(hook)), hook, policy, std::move(rules)});
    return *this;
  }
  TableBuilder& chain(std::string name, std::vector<RuleSpec> rules) {
    chains_.push_back({std::move(name), std::nullopt, StandardVerdict::kReturn, std::move(rules)});
    return *this;
  }

  Table build() {
    std::map<std::string, RuleId> first_of;
    std::vector<std::pair<size_t, std::string>> jumps;
    for (const ChainSpec& spec : chains_) {
      Chain chain{spec.name, spec.hook, {}, {}};
      const auto index = static_cast<uint32_t>(table_.chains.size());
      if (!spec.hook) {
        Rule head = base_rule(index, RuleRole::kChainHead, 0);
        head.target.kind = TargetKind::kError;
        head.target.name = spec.name;
        table_.rules.push_back(std::move(head));
      }
      chain.first = next_id();
      first_of[spec.name] = chain.first;
      uint32_t number = 0;
      for (const RuleSpec& rule_spec : spec.rules) {
        Rule rule = base_rule(index, RuleRole::kRule, ++number);
        const bool protocol_flag = rule.header.protocol_flag;
        rule.header = rule_spec.header;
        if (table_.family == Family::kIpv4) rule.header.protocol_flag = protocol_flag;
        for (const MatchType* type : rule_spec.matches) {
          Match match;
          match.name = std::string(type->name);
          match.type = type;
          rule.matches.push_back(std::move(match));
        }
        rule.target = rule_spec.target;
        if (!rule_spec.jump.empty()) {
          rule.target.kind = TargetKind::kJump;
          jumps.emplace_back(table_.rules.size(), rule_spec.jump);
        } else if (rule.target.kind == TargetKind::kFallThrough) {
          rule.target.jump_to = RuleId{index_of(next_id()) + 1};
        }
        table_.rules.push_back(std::move(rule));
      }
      chain.last = next_id();
      Rule end = base_rule(index, spec.hook ? RuleRole::kPolicy : RuleRole::kImplicitReturn, 0);
      end.target.verdict = spec.policy;
      table_.rules.push_back(std::move(end));
      if (spec.hook) {
        table_.valid_hooks |= hook_bit(*spec.hook);
        table_.hook_entry[static_cast<unsigned>(*spec.hook)] = chain.first;
        table_.underflow[static_cast<unsigned>(*spec.hook)] = chain.last;
      }
      table_.chains.push_back(std::move(chain));
    }
    Rule end = base_rule(0, RuleRole::kBlobEnd, 0);
    end.target.kind = TargetKind::kError;
    end.target.name = "ERROR";
    table_.rules.push_back(std::move(end));
    for (const auto& [rule, name] : jumps) table_.rules[rule].target.jump_to = first_of.at(name);
    return std::move(table_);
  }

 private:
  struct ChainSpec {
    std::string name;
    std::optional<Hook> hook;
    StandardVerdict policy;
    std::vector<RuleSpec> rules;
  };

  [[nodiscard]] RuleId next_id() const { return RuleId{static_cast<uint32_t>(table_.rules.size())}; }
  [[nodiscard]] Rule base_rule(uint32_t chain, RuleRole role, uint32_t number) const {
    Rule rule;
    rule.chain = chain;
    rule.role = role;
    rule.number = number;
    rule.header.protocol_flag = table_.family == Family::kIpv4;
    rule.offset = 152U * static_cast<uint32_t>(table_.rules.size());
    rule.next_offset = 152;
    return rule;
  }

  Table table_;
  std::vector<ChainSpec> chains_;
};

}  // namespace hookline::test
