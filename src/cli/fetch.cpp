// cli/fetch.cpp: `hookline fetch`: the kernel's tables -> a snapshot file.
#include "load/fetch.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "cli/common.h"
#include "cli/verb.h"

namespace hookline::cli {
namespace {

struct Options {
  std::string netns, family, output;
  std::vector<std::string> tables;
};

int run(const Options& options) {
  auto netns = options.netns.empty() ? Netns::current() : Netns::open(options.netns);
  if (!netns) return report(netns.error());
  FetchOptions fetch_options;
  if (!options.family.empty()) fetch_options.family = family_from(options.family);
  fetch_options.tables = options.tables;
  auto snapshot = fetch(*netns, fetch_options);
  if (!snapshot) return report(snapshot.error());
  const std::vector<uint8_t> file = serialize_snapshot(*snapshot);
  if (auto written = write_file(options.output, file.data(), file.size()); !written) return report(written.error());
  size_t entries = 0;
  for (const RawTable& table : snapshot->tables) entries += table.entry_count;
  std::fprintf(stderr, "%s: %zu tables, %zu entries, %zu bytes\n", options.output.c_str(), snapshot->tables.size(), entries,
               file.size());
  return 0;
}

}  // namespace

void add_fetch(CLI::App& app, Run& run_verb) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("fetch", "Fetch every registered table of a network namespace into a snapshot file");
  verb->add_option("--netns", options->netns, "Network namespace: a name as in `ip netns`, or a path (default: this one)");
  add_family_option(*verb, options->family, "Only this family (default: both)");
  verb->add_option("--table", options->tables,
                   "Only this table; may be given several times. One that is not registered: exit 4");
  verb->add_option("-o,--output", options->output, "The snapshot file to write")->required();
  verb->callback([options, &run_verb] { run_verb = [options] { return run(*options); }; });
}

}  // namespace hookline::cli
