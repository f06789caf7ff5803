// cli/show.cpp: `hookline show`: the rules as iptables-save text.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "cli/common.h"
#include "cli/verb.h"
#include "load/decode.h"
#include "text/save.h"

namespace hookline::cli {
namespace {

struct Options {
  std::string file, family;
  bool counters = false;
};

int run(const Options& options) {
  auto set = load_rule_set(options.file, family_from(options.family));
  if (!set) return report(set.error());
  std::string text;
  Problems problems;
  for (const Table& table : set->tables) {  // IPv4 first, each family in the kernel's own order: as the snapshot has them
    if (!options.family.empty() && family_from(options.family) != table.family) continue;
    auto saved = save_text(table, {.counters = options.counters});
    if (saved)
      text += *saved;
    else
      problems.insert(problems.end(), saved.error().begin(), saved.error().end());
  }
  if (!problems.empty()) return report(problems);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return 0;
}

}  // namespace

void add_show(CLI::App& app, Run& run_verb) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      app.add_subcommand("show", "Print the rules line for line as iptables-legacy-save does, comment lines aside");
  verb->add_option("FILE", options->file, "Snapshot, or iptables-save text")->required();
  add_family_option(*verb, options->family, "Only this family; for rules text, the family it is of (default: ipv4)");
  verb->add_flag("--counters", options->counters, "With each rule's packets and bytes, as iptables-save -c");
  verb->callback([options, &run_verb] { run_verb = [options] { return run(*options); }; });
}

}  // namespace hookline::cli
