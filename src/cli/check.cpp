// cli/check.cpp: `hookline check`: decode and validate; every problem and every refusal at once.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/common.h"
#include "cli/verb.h"
#include "compile/compile.h"
#include "load/decode.h"

namespace hookline::cli {
namespace {

struct Options {
  std::string file, family;
};

int run(const Options& options) {
  auto set = load_rule_set(options.file, family_from(options.family));
  if (!set) return report(set.error());
  if (const Problems refused = refusals(*set); !refused.empty()) return report(refused);
  Problems large;
  for (const Table& table : set->tables)
    for (Problem& problem : too_large(table)) large.push_back(std::move(problem));
  if (!large.empty()) return report(large);
  if (set->tables.empty()) fmt::print("no tables: every packet is accepted\n");
  for (const Table& table : set->tables) {
    size_t rules = 0;
    for (const Rule& rule : table.rules) rules += rule.role == RuleRole::kRule ? 1 : 0;
    fmt::print("{} {:<8} {:>6} rules in {} chains: accepted\n", family_name(table.family), table.name, rules,
               table.chains.size());
  }
  return 0;
}

}  // namespace

void add_check(CLI::App& app, Run& run_verb) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      app.add_subcommand("check", "Decode and validate a rule set; lists everything that this build refuses, by rule");
  verb->add_option("FILE", options->file, "Snapshot, or iptables-save text")->required();
  add_family_option(*verb, options->family, "Family of rules text (default: ipv4)");
  verb->callback([options, &run_verb] { run_verb = [options] { return run(*options); }; });
}

}  // namespace hookline::cli
