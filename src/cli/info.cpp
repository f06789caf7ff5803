// cli/info.cpp: `hookline info`: what IPT_SO_GET_INFO answers for each registered table.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/verb.h"
#include "load/fetch.h"

namespace hookline::cli {
namespace {

struct Options {
  std::string netns;
  bool json = false;
};

int priority_of(const TableInfo& table, Hook hook) {
  for (const TableKind& kind : kTableKinds)
    if (kind.name == table.name)
      return hook == Hook::kInput || hook == Hook::kPostrouting ? kind.late_priority : kind.priority;
  return 0;
}

nlohmann::json as_json(const TableInfo& table) {
  nlohmann::json hooks = nlohmann::json::array();
  for (unsigned h = 0; h < kHookCount; ++h) {
    if ((table.valid_hooks >> h & 1) == 0) continue;
    const auto hook = static_cast<Hook>(h);
    hooks.push_back({{"hook", hook_name(hook)},
                     {"priority", priority_of(table, hook)},
                     {"entry", table.hook_entry[h]},
                     {"underflow", table.underflow[h]}});
  }
  return {{"family", family_name(table.family)}, {"table", table.name},          {"valid_hooks", table.valid_hooks},
          {"hooks", std::move(hooks)},           {"entries", table.entry_count}, {"size", table.size}};
}

void print_tables(const std::vector<TableInfo>& tables) {
  if (tables.empty()) {
    fmt::print("no table is registered in this namespace\n");
    return;
  }
  fmt::print("{:<6} {:<9} {:>7} {:>9}  {:<12} {:>8} {:>10} {:>10}\n", "FAMILY", "TABLE", "ENTRIES", "BYTES", "HOOK",
             "PRIORITY", "ENTRY", "UNDERFLOW");
  for (const TableInfo& table : tables) {
    std::string left =
        fmt::format("{:<6} {:<9} {:>7} {:>9}  ", family_name(table.family), table.name, table.entry_count, table.size);
    for (unsigned h = 0; h < kHookCount; ++h) {
      if ((table.valid_hooks >> h & 1) == 0) continue;
      const auto hook = static_cast<Hook>(h);
      fmt::print("{}{:<12} {:>8} {:>10} {:>10}\n", left, hook_name(hook), priority_of(table, hook), table.hook_entry[h],
                 table.underflow[h]);
      left.assign(left.size(), ' ');
    }
  }
}

int run(const Options& options) {
  auto netns = options.netns.empty() ? Netns::current() : Netns::open(options.netns);
  if (!netns) return report(netns.error());
  auto tables = table_infos(*netns);
  if (!tables) return report(tables.error());
  if (!options.json) {
    print_tables(*tables);
    return 0;
  }
  for (const TableInfo& table : *tables) fmt::print("{}\n", as_json(table).dump());
  return 0;
}

}  // namespace

void add_info(CLI::App& app, Run& run_verb) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("info", "Show what IPT_SO_GET_INFO answers for each registered table, both families");
  verb->add_option("--netns", options->netns, "Network namespace: a name as in `ip netns`, or a path (default: this one)");
  verb->add_flag("--json", options->json, "One JSON object a line, one line a table");
  verb->callback([options, &run_verb] { run_verb = [options] { return run(*options); }; });
}

}  // namespace hookline::cli
