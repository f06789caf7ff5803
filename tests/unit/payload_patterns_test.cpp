// The scanner against a plain search: windows, case, overlapping occurrences, many patterns at once.
#include "payload/patterns.h"

#include <gtest/gtest.h>

#include <cctype>
#include <string>

#include "support/random.h"

namespace hookline::payload {
namespace {

bool plain_search(const Pattern& pattern, const std::vector<uint8_t>& text) {
  const size_t n = pattern.bytes.size();
  for (size_t start = pattern.from; start + n <= text.size() && start + n <= pattern.to; ++start) {
    bool same = true;
    for (size_t i = 0; i < n && same; ++i)
      same = pattern.ignore_case ? std::toupper(text[start + i]) == std::toupper(pattern.bytes[i])
                                 : text[start + i] == pattern.bytes[i];
    if (same) return true;
  }
  return false;
}

TEST(Patterns, AgreeWithAPlainSearch) {
  test::Random random(5);
  unsigned found_count = 0, asked = 0;
  for (unsigned round = 0; round < 60; ++round) {
    std::vector<Pattern> patterns;
    while (patterns.size() < 1 + round) {
      Pattern p;
      for (uint32_t n = 1 + random() % (round % 5 == 0 ? 128 : 4); n > 0; --n)
        p.bytes.push_back(static_cast<uint8_t>("abAB\0\xe4"[random() % 6]));
      p.ignore_case = random() % 3 == 0;
      p.from = random() % 2 == 0 ? 0 : random() % 40;
      p.to = random() % 2 == 0 ? 65535 : p.from + random() % 40;
      if (can_scan(p) && std::find(patterns.begin(), patterns.end(), p) == patterns.end()) patterns.push_back(p);
    }
    auto database = build_database(patterns);
    ASSERT_TRUE(database) << database.error().front().text();
    std::vector<Window> windows;
    for (const Pattern& p : patterns) windows.push_back({p.from, p.to, static_cast<uint32_t>(p.bytes.size())});
    auto set = PatternSet::load(*database, windows);
    ASSERT_TRUE(set);
    PatternScanner scanner(**set);
    for (unsigned n = 0; n < 40; ++n) {
      std::vector<uint8_t> text(random() % 100);
      for (uint8_t& byte : text) byte = static_cast<uint8_t>("abAB\0\xe4"[random() % 6]);
      if (n % 4 == 0 && round % 5 == 0) text.insert(text.end(), patterns[0].bytes.begin(), patterns[0].bytes.end());
      scanner.next_packet();
      for (uint32_t i = 0; i < patterns.size(); ++i) {
        const auto found = scanner.found(i, text);
        ASSERT_TRUE(found);
        ASSERT_EQ(*found, plain_search(patterns[i], text)) << "round " << round << " pattern " << i;
        found_count += *found ? 1 : 0;
        ++asked;
      }
    }
  }
  EXPECT_GT(found_count, asked / 50);
  EXPECT_LT(found_count, asked);
}

TEST(Patterns, FoldsThatDifferFromTheKernelsAreRefused) {
  EXPECT_FALSE(can_scan({{0xe4}, true, 0, 100}));
  EXPECT_TRUE(can_scan({{0xe4}, false, 0, 100}));
  EXPECT_TRUE(can_scan({{'a'}, true, 0, 100}));
  EXPECT_FALSE(can_scan({{}, false, 0, 100}));
}

// Hyperscan's own check sum covers what a scan reads; bytes outside it change nothing.
TEST(Patterns, DamagedDatabaseIsRefused) {
  auto database = build_database(std::vector<Pattern>{{{'a', 'b', 'c'}, false, 0, 100}});
  ASSERT_TRUE(database);
  const std::vector<uint8_t> with = {'x', 'a', 'b', 'c', 'y'}, without = {'x', 'a', 'b', 'y', 'c'};
  size_t refused = 0;
  for (size_t at = 0; at < database->size(); ++at) {
    auto bad = *database;
    bad[at] ^= 0x40;
    auto set = PatternSet::load(bad, {{0, 100, 3}});
    if (!set) {
      ++refused;
      continue;
    }
    PatternScanner scanner(**set);
    EXPECT_EQ(scanner.found(0, with), true) << at;
    scanner.next_packet();
    EXPECT_EQ(scanner.found(0, without), false) << at;
  }
  EXPECT_GT(refused, database->size() * 9 / 10);
}

}  // namespace
}  // namespace hookline::payload
