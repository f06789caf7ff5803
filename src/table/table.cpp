#include "table/table.h"

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

}  // namespace hookline
