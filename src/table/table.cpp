#include "table/table.h"

#include "table/extension.h"

namespace hookline {

std::string Table::rule_name(RuleId id) const {
  const Rule& r = rule(id);
  std::string text = name + "/" + (r.chain < chains.size() ? chains[r.chain].name : std::string("?")) + "/";
  switch (r.role) {
    case RuleRole::kRule:
      return text + std::to_string(r.number);
    case RuleRole::kPolicy:
      return text + "policy";
    case RuleRole::kImplicitReturn:
      return text + "return";
    case RuleRole::kChainHead:
      return text + "head";
    case RuleRole::kBlobEnd:
      return name + "/end";
  }
  return text;
}

std::string Table::rule_place(RuleId id) const {
  return rule_name(id) + " (offset " + std::to_string(rule(id).offset) + ")";
}

Problems refusals(const Table& table) {
  Problems problems;
  for (uint32_t i = 0; i < table.rules.size(); ++i) {
    const Rule& rule = table.rules[i];
    // `used` is a Match or an extension target: both have name, revision, type and info.
    const auto check = [&](const char* kind, const auto& used) {
      std::string reason;
      if (used.type != nullptr) {
        if (used.type->refused == nullptr) return;
        reason = used.type->refused(used.info.get());
        if (reason.empty()) return;
        reason.insert(0, ": ");
      }
      problems.push_back({ProblemKind::kInput,
                          table.rule_place(RuleId{i}),
                          std::string(kind) + " " + used.name + " rev " + std::to_string(used.revision) +
                              ": not evaluated by this build" + reason,
                          {}});
    };
    for (const Match& match : rule.matches) check("match", match);
    if (rule.target.kind == TargetKind::kExtension) check("target", rule.target);
  }
  return problems;
}

}  // namespace hookline
