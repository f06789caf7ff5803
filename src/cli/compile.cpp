// cli/compile.cpp: `hookline compile`: every hook of every table compiled, with what it became: sizes, build time, what is
// in the index and what stays to be evaluated. `--dump` prints the Programs themselves (docs/program.md).
#include "compile/compile.h"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "classify/classify.h"
#include "cli/common.h"
#include "cli/verb.h"
#include "load/decode.h"

namespace hookline::cli {
namespace {

struct Options {
  std::string file, family;
  bool stats = false, json = false, dump = false;
};

void print_json(const Table& table, const Compiled& compiled) {
  nlohmann::ordered_json line;
  line["table"] = table.name;
  line["family"] = family_name(table.family);
  line["hooks"] = nlohmann::ordered_json::array();
  for (const HookStats& hook : compiled.hooks) {
    line["hooks"].push_back({{"hook", hook_name(hook.hook)},
                             {"rules", hook.rules},
                             {"bytes", hook.bytes},
                             {"build_ms", hook.build_ms},
                             {"residual_rules", hook.residual_rules},
                             {"occurrences", hook.occurrences},
                             {"entries", hook.entries},
                             {"trees", hook.trees},
                             {"depth", hook.depth},
                             {"largest_leaf", hook.largest_leaf}});
  }
  line["bytes"] = compiled.program.bytes().size();
  line["shared_bytes"] = compiled.shared_bytes;
  line["build_ms"] = compiled.build_ms;
  fmt::print("{}\n", line.dump());
}

void print_text(const Table& table, const Compiled& compiled, bool stats) {
  fmt::print("{} {}: {} bytes, {} of them shared by its hooks; compiled in {:.2f} ms\n", family_name(table.family),
             table.name, compiled.program.bytes().size(), compiled.shared_bytes, compiled.build_ms);
  if (!stats) return;
  fmt::print("  {:<12} {:>7} {:>9} {:>9} {:>8} {:>6} {:>6} {:>8} {:>9} {:>9}\n", "hook", "rules", "residual", "placed",
             "entries", "trees", "depth", "largest", "bytes", "ms");
  for (const HookStats& hook : compiled.hooks) {
    fmt::print("  {:<12} {:>7} {:>9} {:>9} {:>8} {:>6} {:>6} {:>8} {:>9} {:>9.2f}\n", hook_name(hook.hook), hook.rules,
               hook.residual_rules, hook.occurrences, hook.entries, hook.trees, hook.depth, hook.largest_leaf, hook.bytes,
               hook.build_ms);
  }
}

constexpr const char* kLegend =
    "  rules: that the hook can reach, policies and returns included; residual: those of them with a match that is "
    "evaluated\n"
    "  one by one, or a target with an effect of its own; placed: rules after chains were copied in place of jumps; "
    "entries:\n"
    "  boxes in leaves, copies included; depth: of the deepest leaf; largest: entries of the largest leaf\n";

int run(const Options& options) {
  auto set = load_rule_set(options.file, family_from(options.family));
  if (!set) return report(set.error());
  if (const Problems refused = refusals(*set); !refused.empty()) return report(refused);
  if (set->tables.empty() && !options.json) fmt::print("no tables: every packet is accepted\n");
  for (const Table& table : set->tables) {
    auto compiled = compile(table);
    if (!compiled) return report(compiled.error());
    if (options.json)
      print_json(table, *compiled);
    else
      print_text(table, *compiled, options.stats);
    if (!options.dump) continue;
    const auto loaded = LoadedProgram::load(std::move(compiled->program));
    if (!loaded) return report(loaded.error());
    fmt::print("{}", dump_program(**loaded));
  }
  if (options.stats && !options.json && !set->tables.empty()) fmt::print("{}", kLegend);
  return kDone;
}

}  // namespace

void add_compile(CLI::App& app, Run& run_verb) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      app.add_subcommand("compile", "Compile every hook; sizes, build time, what became index and what stayed residual");
  verb->add_option("FILE", options->file, "Snapshot, or iptables-save text")->required();
  add_family_option(*verb, options->family, "Family of rules text (default: ipv4)");
  verb->add_flag("--stats", options->stats, "A table of figures for each hook");
  verb->add_flag("--json", options->json, "One JSON line a table");
  verb->add_flag("--dump", options->dump, "The compiled Programs as text")->excludes("--json");
  verb->callback([options, &run_verb] { run_verb = [options] { return run(*options); }; });
}

}  // namespace hookline::cli
