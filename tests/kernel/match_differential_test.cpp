// One match or target at a time against the running kernel: random options of it, packets aimed at them, every path, every
// engine.
//
//   match_differential_test [PACKETS [SEED [NAME...]]]    defaults: 4,000 packets a type and family, every one with an aim
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
bool play(const std::string& text, bool of_frames, uint32_t mtu, Family family, uint64_t seed, Sum& sum) {
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
  options.mtu = mtu;
  options.ethernet = of_frames || seed % 2 == 0;
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

class Contest {
 public:
  Contest(uint64_t packets, uint64_t seed, std::vector<std::string_view> names)
      : packets_(packets), first_seed_(seed), names_(std::move(names)) {}

  template <typename Aim>
  void play(const Aim& aim, bool of_frames, uint32_t small_mtu) {
    if (aim.write == nullptr || (!names_.empty() && std::ranges::find(names_, aim.name) == names_.end())) return;
    for (const Family family : {Family::kIpv4, Family::kIpv6}) {
      if ((aim.families & family_bit(family)) == 0) continue;
      Sum sum;
      uint64_t seed = first_seed_;
      for (; complete_ && sum.packets < packets_ && sum.differences == 0; ++seed)
        complete_ = ::play(random_rules_of(aim, family, seed), of_frames, seed % 3 == 0 ? small_mtu : kUnlimitedMtu, family,
                           seed, sum);
      fmt::print("{:<12} {}: seeds {}..{}, {} packets, {} of {} reachable rules matched, {} differences\n", aim.name,
                 family_name(family), first_seed_, seed - 1, sum.packets, sum.hit, sum.reachable, sum.differences);
      all_.sets += sum.sets;
      all_.packets += sum.packets;
      all_.differences += sum.differences;
      all_.reachable += sum.reachable;
      all_.hit += sum.hit;
      // Rules of some matches hold only for a while: a quota is used up, a time of day is over.
      hit_enough_ = hit_enough_ && sum.hit * 10 >= sum.reachable * 6;
    }
  }

  // Whether all was played, enough was hit, and nothing differed.
  [[nodiscard]] bool conclude(double seconds) const {
    fmt::print("{} rule sets, {} packets, {} differences, {:.1f} s\n", all_.sets, all_.packets, all_.differences, seconds);
    const bool hit_enough = hit_enough_ && (!names_.empty() || all_.hit * 10 >= all_.reachable * 8);
    if (!hit_enough) fmt::print("too few rules were hit: at least 60 % of each type's, 80 % of all\n");
    return all_.differences == 0 && complete_ && hit_enough && all_.packets > 0;
  }

 private:
  uint64_t packets_, first_seed_;
  std::vector<std::string_view> names_;
  Sum all_;
  bool complete_ = true, hit_enough_ = true;
};

}  // namespace

int main(int argc, char** argv) {
  const auto start = std::chrono::steady_clock::now();
  Contest contest(argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 4000, argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1,
                  {argv + std::min(argc, 3), argv + argc});
  for (const MatchAim* aim : match_aims()) contest.play(*aim, aim->of_frames, kUnlimitedMtu);
  for (const TargetAim* aim : target_aims()) contest.play(*aim, false, 1300);
  return contest.conclude(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()) ? 0 : 1;
}
