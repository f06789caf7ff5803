// tests/unit/pipeline_support.h: compiled rule sets for pipeline tests, without the kernel.
#pragma once

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "compile/compile.h"
#include "pipeline/program_set.h"
#include "support/table_builder.h"

namespace hookline::test {

inline NamedProgram compiled(const Table& table) {
  auto program = compile(table);
  EXPECT_TRUE(program) << program.error()[0].text();
  auto loaded = LoadedProgram::load(std::move(program->program));
  EXPECT_TRUE(loaded) << loaded.error()[0].text();
  NamedProgram named{*loaded, {}};
  for (uint32_t r = 0; r < table.rules.size(); ++r) named.rule_names.push_back(table.rule_name(RuleId{r}));
  return named;
}

template <typename... Tables>
ProgramSet program_set(const Tables&... tables) {
  std::vector<NamedProgram> programs;
  (programs.push_back(compiled(tables)), ...);
  return ProgramSet(std::move(programs));
}

inline RuleSpec for_protocol(uint8_t protocol, StandardVerdict verdict) {
  RuleSpec rule = with_target(TargetKind::kVerdict, verdict);
  rule.header.protocol = protocol;
  return rule;
}

inline void set_name(std::string_view name, InterfaceName& value, InterfaceName& mask) {
  value = InterfaceName::from(name);
  for (size_t i = 0; i <= name.size(); ++i) mask.bytes[i] = '\xff';
}

}  // namespace hookline::test
