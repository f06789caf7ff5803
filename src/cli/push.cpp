// cli/push.cpp: `hookline push`: a snapshot's tables, with their counters, into a network namespace.
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/common.h"
#include "cli/verb.h"
#include "load/decode.h"
#include "load/fetch.h"

namespace hookline::cli {
namespace {

struct Options {
  std::string file, netns, family;
};

int run(const Options& options) {
  auto snapshot = load_snapshot(options.file, family_from(options.family));
  if (!snapshot) return report(snapshot.error());
  auto netns = options.netns.empty() ? Netns::current() : Netns::open(options.netns);
  if (!netns) return report(netns.error());
  auto pushed = push(*netns, *snapshot);
  return pushed ? 0 : report(pushed.error());
}

}  // namespace

void add_push(CLI::App& app, Run& run_verb) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("push", "Replace a namespace's tables by those of a snapshot, counters included");
  verb->add_option("FILE", options->file, "Snapshot, or iptables-save text")->required();
  verb->add_option("--netns", options->netns, "Network namespace: a name as in `ip netns`, or a path (default: this one)");
  add_family_option(*verb, options->family, "Family of rules text (default: ipv4)");
  verb->callback([options, &run_verb] { run_verb = [options] { return run(*options); }; });
}

}  // namespace hookline::cli
