// Random rule sets against the running kernel: every engine, all three paths, both families, packets aimed at the rules.
//
//   kernel_differential_test [SETS [PACKETS [SEED]]]      defaults: 104 sets, 700 packets a path
//
// Prints seeds, packets and seconds; fails on a difference, and when it did less than it was asked to.
#include <fmt/core.h>

#include <chrono>
#include <cstdlib>

#include "support/differences.h"
#include "verify/differential.h"
#include "verify/random_rules.h"

using namespace hookline;

int main(int argc, char** argv) {
  const uint64_t sets = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 104;
  const uint64_t packets = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 700;
  const uint64_t first_seed = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1;
  const auto start = std::chrono::steady_clock::now();
  uint64_t played = 0, differences = 0, loaded = 0;
  size_t reachable = 0, hit = 0;
  // The rule set of which the smallest part was hit.
  uint64_t worst_seed = 0;
  size_t worst_reachable = 1, worst_hit = 1;
  for (uint64_t i = 0; i < sets; ++i) {
    const uint64_t seed = first_seed + i;
    const Family family = i % 3 == 2 ? Family::kIpv6 : Family::kIpv4;
    const std::string text = random_rules(family, seed);
    auto snapshot = load_rules_text(text, "random rules", family);
    if (!snapshot) {
      fmt::print("seed {}: {}\n{}", seed, snapshot.error().front().text(), text);
      return 1;
    }
    auto set = decode_snapshot(std::move(*snapshot));
    if (!set) {
      fmt::print("seed {}: {}\n{}", seed, set.error().front().text(), text);
      return 1;
    }
    ++loaded;
    DifferentialOptions options;
    options.family = family;
    options.packets = packets;
    options.seed = seed;
    options.kernel = true;
    options.ethernet = i % 2 == 1;
    if (i % 4 == 1) options.mtu = 1400;  // packets that are too big, and such that leave in fragments
    auto result = run_differential(*set, options);
    if (!result) {
      fmt::print("seed {}: {}\n", seed, result.error().front().text());
      return 1;
    }
    played += result->packets;
    reachable += result->reachable;
    hit += result->hit;
    if (result->hit * worst_reachable < worst_hit * result->reachable) {
      worst_seed = seed;
      worst_reachable = result->reachable;
      worst_hit = result->hit;
    }
    differences += result->difference_count;
    test::print_differences(fmt::format("seed {}, MTU {}", seed, options.mtu), *set, options, *result);
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  fmt::print("seeds {}..{}, {} rule sets, {} packets, {} of {} reachable rules matched, {} differences, {:.1f} s\n",
             first_seed, first_seed + sets - 1, loaded, played, hit, reachable, differences, seconds);
  if (worst_hit < worst_reachable)
    fmt::print("fewest rules matched: {} of {}, seed {}\n", worst_hit, worst_reachable, worst_seed);
  const bool floor = loaded == sets && (differences != 0 || played >= sets * packets * 3) && hit * 10 >= reachable * 8;
  return differences == 0 && floor ? 0 : 1;
}
