// A filter set as an iptables table: the first match survives the translation for every 5-tuple, those that iptables has no
// words for included.
#include <gtest/gtest.h>

#include "load/decode.h"
#include "measure/filter_table.h"
#include "odd_filters.h"
#include "reference/reference.h"

namespace hookline::measure {
namespace {

TEST(FilterTable, ReferenceFindsTheFirstMatchOfEveryHeader) {
  size_t matched = 0, unmatched = 0;
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    const auto filters = odd_filters(seed % 10 + 1, seed);
    const auto headers = odd_headers(400, seed);
    const auto truth = first_matches(filters, headers);
    const auto filter_table = table_of(filters, "SET");
    ASSERT_TRUE(filter_table);
    const auto table = decode_table(filter_table->raw);
    ASSERT_TRUE(table) << table.error().front().text();
    ASSERT_EQ(table->rules.size(), filter_table->filter_of_rule.size());
    ASSERT_TRUE(refusals(*table).empty()) << refusals(*table).front().text();
    ReferenceEngine engine(*table);
    HeaderPackets packets(headers);
    for (size_t i = 0; i < headers.size(); ++i) {
      const Outcome outcome = engine.walk(Hook::kForward, *packets.packets()[i]);
      ASSERT_EQ(outcome.bumps.size(), 1u);
      ASSERT_EQ(filter_table->filter_of_rule[index_of(outcome.bumps[0].rule)], truth[i])
          << "seed " << seed << ", header " << i;
      ASSERT_EQ(outcome.verdict, truth[i] != 0 ? Verdict::kAccept : Verdict::kDrop);
      ++(truth[i] != 0 ? matched : unmatched);
    }
  }
  EXPECT_GT(matched, 1000u);
  EXPECT_GT(unmatched, 1000u);
}

TEST(FilterTable, RefusesWhatWouldGrowWithoutBound) {
  Filter wide;  // any protocol, and ports that fall into thirty prefixes each
  wide.source_port_low = wide.destination_port_low = 1;
  wide.source_port_high = wide.destination_port_high = 65534;
  const std::vector<Filter> filters(4000, wide);
  const auto table = table_of(filters, "SET");
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error().front().place, "SET: filter 2331");
}

}  // namespace
}  // namespace hookline::measure
