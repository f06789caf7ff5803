// cli/verify.cpp: `hookline verify`: a differential run of every engine, against the running kernel or the reference.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <memory>
#include <random>

#include "classify/isa.h"
#include "cli/common.h"
#include "cli/narrate.h"
#include "cli/verb.h"
#include "packet/describe.h"
#include "verify/case_file.h"
#include "verify/differential.h"
#include "verify/shrink.h"

namespace hookline::cli {
namespace {

struct Options {
  std::string file, family, against = "reference", path, save_case;
  uint64_t packets = 10000;
  uint64_t seed = 0;
  bool seed_given = false;
};

void show_progress(uint64_t done, uint64_t total) {
  constexpr uint64_t kWidth = 40;
  const uint64_t filled = total == 0 ? kWidth : done * kWidth / total;
  std::string bar(filled, '#');
  bar.resize(kWidth, '.');
  fmt::print(stderr, "\r[{}] {}/{} packets", bar, done, total);
  std::fflush(stderr);
}

std::string decoded(const Probe& probe, Family family) {
  std::vector<uint8_t> bytes = probe.packet;
  Packet packet;
  packet.data = bytes.data();
  packet.length = static_cast<uint32_t>(bytes.size());
  packet.family = family;
  if (!probe.frame) return describe(packet);
  return fmt::format("{}, frame to {:02x} from {:02x}", describe(packet), fmt::join(probe.frame->destination, ":"),
                     fmt::join(probe.frame->source, ":"));
}

std::string hex_dump(const std::vector<uint8_t>& bytes) {
  std::string text;
  for (size_t i = 0; i < bytes.size(); ++i)
    text += fmt::format("{}{:02x}", i == 0 ? "    " : i % 16 == 0 ? "\n    " : " ", bytes[i]);
  return text;
}

PathOptions path_options(const Probe& probe) {
  PathOptions options;
  options.path = probe.path;
  options.in = probe.in;
  options.out = probe.out;
  options.mtu = kUnlimitedMtu;
  return options;
}

// The walk of the last packet as the reference engine sees it.
void print_walk(const std::string& rules, Family family, const std::vector<Probe>& probes) {
  auto snapshot = load_rules_text(rules, "rules", family);
  if (!snapshot) return;
  auto set = decode_snapshot(std::move(*snapshot));
  if (!set) return;
  const Style style;
  bool audible = false;
  const std::vector<std::unique_ptr<TableEngine>> engines = narrated_engines(*set, style, audible);
  PathWalker walker(set->tables, engines, path_options(probes.back()));
  PathResult result;
  for (const Probe& probe : probes) {
    audible = &probe == &probes.back();
    walker.play(arrival_of(probe, family), result);
  }
  print_end(result, family, style);
}

void print_difference(const RuleSet& set, Family family, const Difference& found, bool kernel, const Options& options) {
  std::string rules;
  const Difference small = shrink(set, family, found, kernel, {}, rules);
  fmt::print("\nDIFFERENCE: {} against {}\n", small.engine, small.judge);
  fmt::print("  {} says: {}\n  {} says: {}\n", small.judge, small.expected, small.engine, small.found);
  for (size_t i = 0; i < small.probes.size(); ++i)
    fmt::print("  packet {} of {}: {}\n{}\n", i + 1, small.probes.size(), decoded(small.probes[i], family),
               hex_dump(small.probes[i].packet));
  fmt::print("  path {}{}\n  rules:\n{}  the reference's walk:\n", path_name(small.probes.back().path),
             devices_text(path_options(small.probes.back())), rules);
  print_walk(rules, family, small.probes);
  if (options.save_case.empty()) return;
  CaseFile content;
  content.why = fmt::format("{} differed from {}: {}", small.engine, small.judge, small.found);
  content.family = family;
  content.probes = small.probes;
  content.rules = rules;
  const std::string text = write_case(content);
  if (auto written = write_file(options.save_case, text.data(), text.size()); !written) report(written.error());
}

int run(Options options) {
  auto set = load_rule_set(options.file, family_from(options.family));
  if (!set) return report(set.error());
  std::vector<PathKind> paths = {PathKind::kForward, PathKind::kInput, PathKind::kOutput};
  if (!options.path.empty()) {
    auto path = path_from_name(options.path);
    if (!path) return report(path.error());
    paths = {*path};
  }
  if (!options.seed_given) options.seed = std::random_device{}();
  const bool kernel = options.against == "kernel";
  std::string isas;
  for (const Isa isa : runnable_isas()) isas += fmt::format("{}{}", isas.empty() ? "" : ", ", isa_name(isa));
  fmt::print("seed {}, judged by {}, engines reference, linear, compiled ({})\n", options.seed,
             kernel ? "the running kernel and the reference" : "the reference", isas);

  uint64_t packets = 0, differences = 0;
  size_t reachable = 0, hit = 0;
  for (const Family family : {Family::kIpv4, Family::kIpv6}) {
    bool present = false;
    for (const Table& table : set->tables) present = present || table.family == family;
    if (!present) continue;
    DifferentialOptions run_options;
    run_options.family = family;
    run_options.paths = paths;
    run_options.packets = options.packets;
    run_options.seed = options.seed;
    run_options.kernel = kernel;
    run_options.ethernet = asks_for_frames(*set, family);
    const bool terminal = ::isatty(STDERR_FILENO) != 0;
    if (terminal) run_options.progress = show_progress;
    auto result = run_differential(*set, run_options);
    if (terminal) fmt::print(stderr, "\r{:72}\r", "");
    if (!result) return report(result.error());
    packets += result->packets;
    reachable += result->reachable;
    hit += result->hit;
    differences += result->difference_count;
    if (!result->missed.empty()) {
      fmt::print("{}: no packet hit", family_name(family));
      constexpr size_t kShown = 12;
      for (size_t i = 0; i < result->missed.size() && i < kShown; ++i) fmt::print(" {}", result->missed[i]);
      if (result->missed.size() > kShown) fmt::print(" and {} more", result->missed.size() - kShown);
      fmt::print("\n");
    }
    for (const Difference& difference : result->differences) print_difference(*set, family, difference, kernel, options);
  }
  fmt::print("{} packets, {} of {} rules matched, {} differences\n", packets, hit, reachable, differences);
  return differences == 0 ? kDone : kDifference;
}

}  // namespace

void add_verify(CLI::App& app, Run& run_verb) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      app.add_subcommand("verify", "Play packets that aim at the rules through every engine and compare rule by rule");
  verb->add_option("FILE", options->file, "Snapshot, or iptables-save text")->required();
  verb->add_option("--against", options->against,
                   "Who judges: the running kernel (in a scratch namespace; root), or the reference engine alone")
      ->check(CLI::IsMember({"kernel", "reference"}))
      ->capture_default_str();
  verb->add_option("-n", options->packets, "Packets a path")->capture_default_str();
  CLI::Option* seed = verb->add_option("--seed", options->seed, "Seed of the packets (default: a random one, printed)");
  verb->add_option("--path", options->path, "Only this path: forward, input or output (default: all three)");
  verb->add_option("--save-case", options->save_case,
                   "Write the shrunk difference to this file, in the form of tests/regress");
  add_family_option(*verb, options->family, "Family of rules text (default: ipv4)");
  verb->callback([options, seed, &run_verb] {
    options->seed_given = seed->count() != 0;
    run_verb = [options] { return run(*options); };
  });
}

}  // namespace hookline::cli
