// A whole run of `bench --classbench`: every row agrees with the truth, timed rows have figures.
#include <gtest/gtest.h>

#include "measure/bench.h"
#include "odd_filters.h"

namespace hookline::measure {
namespace {

TEST(BenchClassbench, EveryRowAgreesWithTheTruthAndAnswersKeepTheOrderOfTheTrace) {
  for (const bool odd : {false, true}) {
    const auto filters = odd ? odd_filters(8, 4) : make_filters(500, 3);
    const auto headers = odd ? odd_headers(3001, 3) : aim_headers(filters, 3001, 3);
    BenchOptions options;
    options.timed = false;
    options.check_seconds = 1e9;
    const auto result = bench_classbench(filters, headers, "SET", options);
    ASSERT_TRUE(result) << result.error().front().text();
    EXPECT_EQ(result->answers, first_matches(filters, headers));
    ASSERT_EQ(result->rows.size(), 4u);
    for (const BenchRow& row : result->rows) {
      EXPECT_EQ(row.error, "") << row.engine;
      EXPECT_EQ(row.wrong, 0u) << row.engine;
      EXPECT_EQ(row.packets, headers.size()) << row.engine;
      EXPECT_EQ(row.rules, filters.size()) << row.engine;
      EXPECT_FALSE(row.ns_per_packet) << row.engine;
    }
  }
}

TEST(BenchClassbench, TimedRowsHaveFigures) {
  const auto filters = make_filters(50, 3);
  const auto headers = aim_headers(filters, 1000, 3);
  BenchOptions options;
  options.rounds = 3;
  options.slice_ms = 0.5;
  const auto result = bench_classbench(filters, headers, "SET", options);
  ASSERT_TRUE(result);
  for (const BenchRow& row : result->rows) {
    ASSERT_TRUE(row.ns_per_packet) << row.engine;
    EXPECT_GT(*row.ns_per_packet, 0) << row.engine;
    ASSERT_TRUE(row.times_reference) << row.engine;
    if (row.engine == "reference") {
      EXPECT_EQ(*row.times_reference, 1);
    }
  }
}

}  // namespace
}  // namespace hookline::measure
