// bench/pipeline_bench.cpp: what rules cost a pipeline: pipeline_bench CONFIG [FRAMES [ROUNDS]]
//
// Runs the loop of a config of `hookline run` (configs/null-loop.toml: net_null to net_null, frames filled from a capture)
// in four variants: with its rules; with its rules, every packet walked anew (`flow_cache = false`); without rules; and
// without rules and without content, where nothing but receiving and sending is left (net_null's own frames are "not IP").
// All in one process, in interleaved rounds; the best round of each counts, since a shared machine only ever adds time. The
// numbers to quote are the ratios of the first two to the third.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <string>
#include <vector>

#include "config/run_config.h"
#include "face/build.h"
#include "io/eal.h"
#include "io/frames.h"
#include "io/wires.h"
#include "load/decode.h"
#include "pipeline/publish.h"

namespace hookline {
namespace {

int give_up(const Problems& problems) {
  for (const Problem& problem : problems) fmt::print(stderr, "{}\n", problem.text());
  return static_cast<int>(problems.front().kind);
}

Result<WireOptions> wire_options(const RunConfig& config, bool with_content) {
  WireOptions options;
  options.workers = config.workers;
  options.burst = config.burst;
  options.descriptors = config.descriptors;
  options.buffers = config.buffers;
  for (const PortConfig& port : config.ports) {
    PortOptions& to = options.ports.emplace_back();
    to.name = port.name;
    to.device = port.device;
    to.interface = port.interface;
    to.peer = port.peer;
    to.queues = port.queues;
    if (!with_content || port.fill.empty()) continue;
    auto frames = read_frames(port.fill);
    if (!frames) return fail(frames.error());
    to.fill = std::move(*frames);
  }
  return options;
}

// Nanoseconds a frame of one round.
Result<double> round(const WireOptions& options, const ProgramSet& programs, uint64_t frames) {
  auto wires = Wires::open(options);
  if (!wires) return fail(wires.error());
  Publication publication(programs, options.workers);
  if (auto started = (*wires)->start(publication, frames); !started) return fail(started.error());
  while ((*wires)->received() < frames) {
  }
  return (*wires)->stop() * 1e9 / static_cast<double>(frames);
}

int bench(const std::string& path, uint64_t frames, int rounds) {
  const auto config = read_run_config(path);
  if (!config) return give_up(config.error());
  std::vector<RuleSet> sets;
  for (const std::string& file : config->rules) {
    auto set = load_rule_set(file, config->family);
    if (!set) return give_up(set.error());
    sets.push_back(std::move(*set));
  }
  auto built = build_rules(sets);
  if (!built) return give_up(built.error());
  const auto filled = wire_options(*config, true), hollow = wire_options(*config, false);
  if (!filled) return give_up(filled.error());
  if (!hollow) return give_up(hollow.error());
  WireOptions walked = *filled;
  walked.flow_cache = false;
  EalOptions eal;
  eal.workers = config->workers;
  eal.memory_mb = config->memory_mb;
  if (const auto started = start_eal(eal); !started) return give_up(started.error());

  struct Variant {
    const char* name;
    const WireOptions& options;
    ProgramSet programs;
    double best_ns;
  };
  Variant variants[] = {{"rules", *filled, ProgramSet(built->programs), 1e99},
                        {"all walks", walked, ProgramSet(built->programs), 1e99},
                        {"no rules", *filled, ProgramSet(), 1e99},
                        {"no content", *hollow, ProgramSet(), 1e99}};
  for (int r = 0; r < rounds; ++r) {
    for (Variant& variant : variants) {
      const auto ns = round(variant.options, variant.programs, frames);
      if (!ns) return give_up(ns.error());
      variant.best_ns = std::min(variant.best_ns, *ns);
    }
  }
  for (const Variant& variant : variants) {
    fmt::print("{:<10}  {:7.1f} ns a frame  {:7.2f} Mpps\n", variant.name, variant.best_ns, 1000 / variant.best_ns);
  }
  fmt::print("with rules: {:.1f} % of the same loop without, {:.1f} % where every packet is walked\n",
             100 * variants[2].best_ns / variants[0].best_ns, 100 * variants[2].best_ns / variants[1].best_ns);
  stop_eal();
  return 0;
}

}  // namespace
}  // namespace hookline

int main(int argc, char** argv) {
  if (argc < 2) return fmt::print(stderr, "usage: {} CONFIG [FRAMES [ROUNDS]]\n", argv[0]), 2;
  return hookline::bench(argv[1], argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1'000'000,
                         argc > 3 ? std::atoi(argv[3]) : 9);
}
