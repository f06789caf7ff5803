// The interleaved contest: who plays which packets, and how the figures are drawn from the rounds.
#include <gtest/gtest.h>
#include <time.h>

#include <set>

#include "measure/contest.h"

namespace hookline::measure {
namespace {

// Burns thread CPU time, `ns` a packet, and notes the packets that it was given.
struct Burner {
  double ns;
  std::set<size_t> begins;
  std::vector<std::pair<size_t, size_t>> calls;
  void operator()(size_t begin, size_t end) {
    calls.emplace_back(begin, end);
    const auto now = [] {
      timespec t{};
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
      return static_cast<double>(t.tv_sec) * 1e9 + static_cast<double>(t.tv_nsec);
    };
    const double until = now() + ns * static_cast<double>(end - begin);
    while (now() < until) {
    }
  }
};

TEST(Contest, SlowEnginesPlayAStretchAndFastOnesEverything) {
  Burner fast{20, {}, {}}, slow{5000, {}, {}};
  const Contestant contestants[] = {{std::ref(fast), 1000, 10}, {std::ref(slow), 1000, 10}};
  ContestOptions options;
  options.rounds = 7;
  options.slice_ms = 1;
  unsigned rounds_told = 0;
  options.on_round = [&](unsigned, unsigned of) {
    ++rounds_told;
    EXPECT_EQ(of, 7u);
  };
  const std::vector<Timing> timings = contest(contestants, options);
  EXPECT_EQ(rounds_told, 7u);
  ASSERT_EQ(timings.size(), 2u);
  ASSERT_EQ(timings[0].ns_per_packet.size(), 7u);
  ASSERT_EQ(timings[1].ns_per_packet.size(), 7u);
  EXPECT_EQ(timings[0].packets, 1000u);
  EXPECT_GE(timings[1].packets, 100u);
  EXPECT_LE(timings[1].packets, 1000u);
  EXPECT_GE(timings[0].median(), 20);
  EXPECT_GE(timings[1].median(), 5000);
  EXPECT_GT(median_ratio(timings[1], timings[0]), 1);
  for (const auto& [begin, end] : slow.calls) {
    EXPECT_EQ(begin % 10, 0u);
    EXPECT_LE(end, 1000u);
    EXPECT_LT(begin, end);
  }
}

TEST(Contest, OneEngineWithOnePacket) {
  Burner only{100, {}, {}};
  const Contestant contestants[] = {{std::ref(only), 1, 32}};
  ContestOptions options;
  options.rounds = 3;
  options.slice_ms = 0.05;
  const auto timings = contest(contestants, options);
  EXPECT_EQ(timings[0].packets, 1u);
  for (const auto& call : only.calls) EXPECT_EQ(call, (std::pair<size_t, size_t>{0, 1}));
}

TEST(Median, OfOddAndEvenCounts) {
  EXPECT_EQ(median_of({3, 1, 2}), 2);
  EXPECT_EQ(median_of({4, 1, 2, 3}), 2.5);
  EXPECT_EQ(median_of({9}), 9);
  Timing slow, fast;
  slow.ns_per_packet = {10, 40, 90};
  fast.ns_per_packet = {1, 2, 3};
  EXPECT_EQ(median_ratio(slow, fast), 20);
  EXPECT_EQ(slow.lowest(), 10);
}

}  // namespace
}  // namespace hookline::measure
