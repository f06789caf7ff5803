// One match at a time against the running kernel: random options of it, packets aimed at them, every path, every engine.
//
//   match_differential_test [PACKETS [SEED [NAME...]]]    defaults: 4,000 packets a match and family, every match with an
//   aim
//
// Prints seed, packets and rules hit of each; fails on a difference, where fewer packets were played than asked for, and
// where too few rules were hit.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "support/differences.h"
#include "verify/differential.h"
#include "verify/random_rules.h"

using namespace hookline;

namespace {

constexpr uint64_t kPacketsOfSet = 160;  // a path

struct Sum {
  uint64_t sets = 0, packets = 0, reachable = 0, hit = 0, differences = 0;
};

// False: a rule set did not load, or could not be played.
bool play(const MatchAim& aim, Family family, uint64_t seed, Sum& sum) {
  const std::string text = random_rules_of(aim, family, seed);
  auto snapshot = load_rules_text(text, "random rules", family);
  auto set = snapshot ? decode_snapshot(std::move(*snapshot)) : fail(snapshot.error());
  if (!set) {
    fmt::print("seed {}: {}\n{}", seed, set.error().front().text(), text);
    return false;
  }
  DifferentialOptions options;
  options.family = family;
  options.packets = kPacketsOfSet;
  options.seed = seed;
  options.kernel = true;
  options.ethernet = aim.of_frames || seed % 2 == 0;
  const auto result = run_differential(*set, options);
  if (!result) {
    fmt::print("seed {}: {}\n{}", seed, result.error().front().text(), text);
    return false;
  }
  ++sum.sets;
  sum.packets += result->packets;
  sum.reachable += result->reachable;
  sum.hit += result->hit;
  sum.differences += result->difference_count;
  test::print_differences(fmt::format("seed {}", seed), *set, options, *result);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  const uint64_t packets = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 4000;
  const uint64_t first_seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
  const std::vector<std::string_view> names(argv + std::min(argc, 3), argv + argc);
  const auto start = std::chrono::steady_clock::now();
  Sum all;
  bool complete = true, hit_enough = true;
  for (const MatchAim* aim : match_aims()) {
    if (aim->write == nullptr || (!names.empty() && std::ranges::find(names, aim->name) == names.end())) continue;
    for (const Family family : {Family::kIpv4, Family::kIpv6}) {
      if ((aim->families & family_bit(family)) == 0) continue;
      Sum sum;
      uint64_t seed = first_seed;
      while (complete && sum.packets < packets && sum.differences == 0) complete = play(*aim, family, seed++, sum);
      fmt::print("{:<12} {}: seeds {}..{}, {} packets, {} of {} reachable rules matched, {} differences\n", aim->name,
                 family_name(family), first_seed, seed - 1, sum.packets, sum.hit, sum.reachable, sum.differences);
      all.sets += sum.sets;
      all.packets += sum.packets;
      all.differences += sum.differences;
      all.reachable += sum.reachable;
      all.hit += sum.hit;
      // Rules of some matches hold only for a while: a quota is used up, a time of day is over.
      hit_enough = hit_enough && sum.hit * 10 >= sum.reachable * 6;
    }
  }
  fmt::print("{} rule sets, {} packets, {} differences, {:.1f} s\n", all.sets, all.packets, all.differences,
             std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  hit_enough = hit_enough && all.hit * 10 >= all.reachable * 8;
  if (!hit_enough) fmt::print("too few rules were hit: at least 60 % of each match's, 80 % of all\n");
  return all.differences == 0 && complete && hit_enough && all.packets > 0 ? 0 : 1;
}
