// Random rule sets: reference, linear and compiled (every instruction set that runs here), with every switch of the compiler
// off once and every limit at its least.
//
//   random_differential_test [SETS [PACKETS [SEED]]]
#include <fmt/core.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "classify/isa.h"
#include "support/differences.h"
#include "verify/differential.h"
#include "verify/random_rules.h"

using namespace hookline;

namespace {

struct Configuration {
  std::string name;
  CompileOptions options;
};

std::vector<Configuration> configurations() {
  std::vector<Configuration> list = {{"default", {}}};
  const auto with = [&](const char* name, const std::function<void(CompileOptions&)>& change) {
    CompileOptions options;
    change(options);
    list.push_back({name, options});
  };
  with("no_flatten", [](CompileOptions& o) { o.flatten = false; });
  with("no_remove_unreachable", [](CompileOptions& o) { o.remove_unreachable = false; });
  with("no_prune_covered", [](CompileOptions& o) { o.prune_covered = false; });
  with("no_index", [](CompileOptions& o) { o.index = false; });
  with("no_split_boxes", [](CompileOptions& o) { o.split_boxes = false; });
  with("no_patterns", [](CompileOptions& o) { o.patterns = false; });
  with("budget_0", [](CompileOptions& o) { o.flatten_budget = o.copy_budget = 0; });
  with("leaf_1", [](CompileOptions& o) { o.leaf_size = 1; });
  return list;
}

}  // namespace

int main(int argc, char** argv) {
  const uint64_t sets = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 60;
  const uint64_t packets = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 250;
  const uint64_t first_seed = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1001;
  const auto start = std::chrono::steady_clock::now();
  uint64_t played = 0, differences = 0;
  for (uint64_t i = 0; i < sets; ++i) {
    const uint64_t seed = first_seed + i;
    const Family family = i % 3 == 2 ? Family::kIpv6 : Family::kIpv4;
    auto snapshot = load_rules_text(random_rules(family, seed, 40), "random rules", family);
    if (!snapshot) return fmt::print("seed {}: {}\n", seed, snapshot.error().front().text()), 1;
    auto set = decode_snapshot(std::move(*snapshot));
    if (!set) return fmt::print("seed {}: {}\n", seed, set.error().front().text()), 1;
    for (const Configuration& configuration : configurations()) {
      DifferentialOptions options;
      options.family = family;
      options.packets = packets;
      options.seed = seed;
      options.ethernet = i % 2 == 1;
      options.compile = configuration.options;
      auto result = run_differential(*set, options);
      if (!result) return fmt::print("seed {}: {}\n", seed, result.error().front().text()), 1;
      played += result->packets;
      differences += result->difference_count;
      test::print_differences(fmt::format("seed {}, {}", seed, configuration.name), *set, options, *result);
    }
  }
  std::string isas, missing;
  for (const Isa isa : compiled_isas()) {
    bool runs = false;
    for (const Isa runnable : runnable_isas()) runs = runs || runnable == isa;
    (runs ? isas : missing) += " " + std::string(isa_name(isa));
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  fmt::print("seeds {}..{}, {} configurations, {} packets, {} differences, {:.1f} s; instruction sets:{}{}\n", first_seed,
             first_seed + sets - 1, configurations().size(), played, differences, seconds, isas,
             missing.empty() ? "" : "; not run, this CPU lacks them:" + missing);
  return differences == 0 && played >= sets * packets * 3 * configurations().size() ? 0 : 1;
}
