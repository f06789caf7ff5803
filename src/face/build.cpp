// face/build.cpp: compiles every table of the rule sets.
#include "face/build.h"

#include <set>
#include <utility>

#include "classify/program.h"
#include "compile/compile.h"
#include "text/save.h"

namespace hookline {

Result<BuiltRules> build_rules(const std::vector<RuleSet>& sets, const CompileOptions& options) {
  Problems problems;
  std::set<std::pair<Family, std::string>> seen;
  for (const RuleSet& set : sets) {
    for (const Table& table : set.tables) {
      if (!seen.insert({table.family, table.name}).second) {
        problems.push_back({ProblemKind::kInput, "table " + table.name + " (" + std::string(family_name(table.family)) + ")",
                            "given by two rule sets", "each table once"});
      }
      for (Problem& problem : refusals(table)) problems.push_back(std::move(problem));
    }
  }
  // Workers have one host, that of the first rule set.
  for (size_t i = 1; i < sets.size(); ++i)
    if (!sets[i].snapshot.sets.empty())
      problems.push_back({ProblemKind::kInput, "ip set " + sets[i].snapshot.sets.front().name,
                          "in the second rule set or later",
                          "ip sets in the first one: give both families in one snapshot"});
  if (!problems.empty()) return fail(std::move(problems));

  BuiltRules built;
  if (!sets.empty()) built.host = sets.front().host;
  for (const RuleSet& set : sets) {
    for (const Table& table : set.tables) {
      auto compiled = compile(table, options);
      if (!compiled) return fail(compiled.error());
      BuiltTable& info = built.tables.emplace_back();
      info.family = table.family;
      info.table = table.name;
      info.bytes = compiled->program.bytes().size();
      info.build_ms = compiled->build_ms;
      auto loaded = LoadedProgram::load(std::move(compiled->program));
      if (!loaded) return fail(loaded.error());
      NamedProgram named{std::move(*loaded), {}};
      for (size_t r = 0; r < table.rules.size(); ++r) {
        const auto id = static_cast<RuleId>(r);
        const RuleRole role = table.rules[r].role;
        const bool counts = role != RuleRole::kChainHead && role != RuleRole::kBlobEnd;
        named.rule_names.push_back(table.rule_name(id));
        info.rule_texts.push_back(counts ? rule_text(table, id) : std::string());
        info.rules += counts ? 1 : 0;
      }
      built.programs.push_back(std::move(named));
    }
  }
  return built;
}

}  // namespace hookline
