// tests/unit/load_snapshot_test.cpp: the snapshot file: there and back, and everything that can be wrong with one.
#include "load/snapshot.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/file.h"
#include "load/decode.h"
#include "support/odd_tables.h"
#include "support/snapshot_file.h"

namespace hookline {
namespace {

using namespace test;

std::string text_of(const Problems& problems) {
  std::string text;
  for (const Problem& problem : problems) text += problem.text() + "\n";
  return text;
}

// The example of docs/snapshot.md.
Snapshot example() {
  Snapshot snapshot;
  snapshot.kernel_release = "6.12.0";
  snapshot.time_ns = 1'700'000'000'000'000'000;
  snapshot.hz = 250;
  snapshot.time_zone_minutes = -60;
  snapshot.ipv4_order = {"filter"};
  snapshot.host.interfaces.resize(1);
  snapshot.host.interfaces[0].index = 1;
  snapshot.host.interfaces[0].name = "lo";
  snapshot.host.interfaces[0].mtu = 65536;
  return snapshot;
}

Snapshot with_tables() {
  Snapshot snapshot = example();
  snapshot.ipv4_order = {"raw", "filter"};
  snapshot.ipv6_order = {"filter"};
  const auto rules = [](BlobBuilder& b) { b.verdict_rule(kDropCode, {tcp_match()}, 6).counters(1, 40); };
  snapshot.tables = {filter_with(Family::kIpv4, rules), filter_with(Family::kIpv6, rules)};
  return snapshot;
}

// A record of each kind, with something in every field.
Snapshot with_host() {
  Snapshot snapshot = with_tables();
  HostRecords& host = snapshot.host;
  const auto filled = [](uint8_t first) {
    HostAddressBytes bytes{};
    for (uint8_t& byte : bytes) byte = first++;
    return bytes;
  };
  host.complete = host.ipv4_local_table = true;
  host.interfaces.push_back({7, "lan0", 1400, 1, 0x1043, 5, 1, "veth", {2, 0, 0, 0, 0, 7}});
  host.addresses = {{Family::kIpv4, 24, 253, 7, 0x80, filled(1), filled(2), filled(3)},
                    {Family::kIpv6, 128, 0, 1, 0x40, filled(4), filled(4), {}}};
  host.routes = {{Family::kIpv4,
                  1,
                  24,
                  0,
                  16,
                  253,
                  4,
                  0,
                  254,
                  4,
                  9,
                  1300,
                  1200,
                  63,
                  filled(5),
                  {},
                  filled(6),
                  {{7, 4, 4, 3, 0x30004, filled(7)}, {1, 1, 0, 1, 0, {}}}},
                 {Family::kIpv6, 7, 48, 64, 0, 0, 3, 3, 255, 0, 1024, 0, 0, 0, filled(8), filled(9), {}, {{}}}};
  HostRule rule;
  rule.family = Family::kIpv6;
  rule.action = 1, rule.destination_bits = 3, rule.source_bits = 4, rule.tos = 0x10, rule.dscp = 4, rule.dscp_mask = 63;
  rule.ip_protocol = 6, rule.l3_master = 1, rule.flags = 2, rule.priority = 90, rule.table = 100, rule.target = 95;
  rule.mark = 0x10, rule.mark_mask = 0xf0, rule.realm = 0x10002, rule.suppress_prefix = 8, rule.suppress_group = 5;
  rule.flow_label = 1, rule.flow_label_mask = 3, rule.first_uid = 1, rule.last_uid = 2, rule.first_source_port = 5;
  rule.last_source_port = 6, rule.first_destination_port = 7, rule.last_destination_port = 8, rule.tunnel_id = 9;
  rule.in = "lan0", rule.out = "wan0", rule.destination = filled(10), rule.source = filled(11);
  host.rules = {HostRule{}, rule};
  snapshot.sets = {{2, "web", "hash:ip,port", 2, 6, {8, 0, 6, 0x40, 0, 0, 0, 60}, {4, 0, 7, 0x80, 4, 0, 7, 0x80}},
                   {5, "lists", "list:set", 0, 3, {}, {}}};
  return snapshot;
}

// The one line that refuses the file.
std::string refusal(const std::vector<uint8_t>& file) {
  const auto parsed = parse_snapshot(file, "F");
  if (parsed) return "accepted";
  EXPECT_EQ(parsed.error().size(), 1U);
  EXPECT_EQ(parsed.error().front().kind, ProblemKind::kInput);
  return parsed.error().front().text();
}

TEST(Snapshot, ThereAndBack) {
  for (const Snapshot& snapshot : {Snapshot{}, example(), with_tables(), with_host()}) {
    const std::vector<uint8_t> file = serialize_snapshot(snapshot);
    EXPECT_TRUE(looks_like_snapshot(file));
    const auto parsed = parse_snapshot(file, "F");
    ASSERT_TRUE(parsed) << text_of(parsed.error());
    EXPECT_EQ(*parsed, snapshot);
    EXPECT_EQ(join_snapshot(split_snapshot(file)), file);  // the test's own reading of the format agrees
  }
}

TEST(Snapshot, TheExampleOfThePage) {
  std::ifstream page(HOOKLINE_SOURCE_ROOT "/docs/snapshot.md");
  ASSERT_TRUE(page);
  std::vector<uint8_t> bytes;
  for (std::string line; std::getline(page, line);) {  // "0018  68 6f 73 74 …  what it is"
    std::istringstream words(line);
    std::string offset, word;
    if (!(words >> offset) || offset.size() != 4 || offset.find_first_not_of("0123456789abcdef") != std::string::npos)
      continue;
    ASSERT_EQ(std::stoul(offset, nullptr, 16), bytes.size()) << line;
    for (size_t n = 0;
         n < 16 && words >> word && word.size() == 2 && word.find_first_not_of("0123456789abcdef") == std::string::npos; ++n)
      bytes.push_back(static_cast<uint8_t>(std::stoul(word, nullptr, 16)));
  }
  EXPECT_EQ(bytes, serialize_snapshot(example()));
}

TEST(Snapshot, EveryTruncationIsRefused) {
  const std::vector<uint8_t> file = serialize_snapshot(with_host());
  for (size_t size = 1; size < file.size(); ++size) {
    const std::vector<uint8_t> cut(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_TRUE(looks_like_snapshot(cut));
    ASSERT_FALSE(parse_snapshot(cut, "F")) << size;
  }
  EXPECT_FALSE(looks_like_snapshot({}));
  EXPECT_FALSE(parse_snapshot({}, "F"));
}

TEST(Snapshot, EveryFlippedBitIsRefused) {
  const std::vector<uint8_t> file = serialize_snapshot(with_host());
  for (size_t bit = 0; bit < file.size() * 8; ++bit) {
    std::vector<uint8_t> flipped = file;
    flipped[bit / 8] ^= static_cast<uint8_t>(1U << (bit % 8));
    ASSERT_FALSE(parse_snapshot(flipped, "F")) << "byte " << bit / 8;
  }
}

TEST(Snapshot, UnknownSectionsAreSkipped) {
  std::vector<Section> sections = split_snapshot(serialize_snapshot(with_tables()));
  sections.insert(sections.begin() + 2, {"of a later build", {1, 2, 3}});
  sections.push_back({"neighbours", {}});
  const auto parsed = parse_snapshot(join_snapshot(sections), "F");
  ASSERT_TRUE(parsed) << text_of(parsed.error());
  EXPECT_EQ(*parsed, with_tables());
}

TEST(Snapshot, OtherVersionsAndByteOrders) {
  const std::vector<Section> sections = split_snapshot(serialize_snapshot(example()));
  EXPECT_EQ(refusal(join_snapshot(sections, 2)), "F (offset 8): snapshot version 2, expected version 1");
  EXPECT_EQ(refusal(join_snapshot(sections, 1, 0x04030201)),
            "F (offset 12): a snapshot of the other byte order, expected little-endian");
}

TEST(Snapshot, MissingAndRepeatedSections) {
  const std::vector<Section> sections = split_snapshot(serialize_snapshot(with_host()));
  for (const std::string name : {"host", "ipv4 order", "ipv6 order", "links", "addresses", "routes", "rules"}) {
    std::vector<Section> without;
    for (const Section& section : sections)
      if (section.name != name) without.push_back(section);
    EXPECT_NE(refusal(join_snapshot(without)).find("no section \"" + name + "\""), std::string::npos);
  }
  for (const Section& section : sections) {
    std::vector<Section> twice = sections;
    twice.push_back(section);
    const std::string text = refusal(join_snapshot(twice));
    const std::string expected = section.name == "table" || section.name == "ipset" ? "a second time" : "stands there twice";
    EXPECT_NE(text.find(expected), std::string::npos) << text;
  }
}

TEST(Snapshot, LengthsThatLie) {
  const std::vector<Section> sections = split_snapshot(serialize_snapshot(with_host()));
  // Each number of each payload, of 2, 4 and 8 bytes at every offset, set to its largest: refused or read, and never an
  // allocation of that size (the test would not end).
  size_t refused = 0;
  for (size_t s = 0; s < sections.size(); ++s)
    for (const size_t width : {size_t{2}, size_t{4}, size_t{8}})
      for (size_t at = 0; at + width <= std::min<size_t>(sections[s].payload.size(), 96); ++at) {
        std::vector<Section> lying = sections;
        std::fill_n(lying[s].payload.begin() + static_cast<std::ptrdiff_t>(at), width, uint8_t{0xff});
        refused += parse_snapshot(join_snapshot(lying), "F") ? 0 : 1;
      }
  EXPECT_GT(refused, 50U);

  std::vector<uint8_t> file = serialize_snapshot(example());
  put<uint64_t>(file, 24 + 16, UINT64_MAX - 3);
  put<uint32_t>(file, 24 + 28, crc_of(file.data() + 24, 28));
  EXPECT_NE(refusal(file).find("claims 18446744073709551612 bytes"), std::string::npos);
  file = serialize_snapshot(example());
  put<uint32_t>(file, 16, UINT32_MAX);
  put<uint32_t>(file, 20, crc_of(file.data(), 20));
  EXPECT_NE(refusal(file).find("section 5 of 4294967295 is cut off"), std::string::npos);
}

TEST(Snapshot, PayloadsThatAreNotWhatTheyShould) {
  const std::vector<Section> good = split_snapshot(serialize_snapshot(with_tables()));
  const auto refused = [&](auto edit) {
    std::vector<Section> sections = good;
    edit(sections);
    return refusal(join_snapshot(sections));
  };
  ASSERT_EQ(good[3].name, "table");
  EXPECT_NE(refused([](auto& s) { s[3].payload[0] = 5; }).find("family 5, expected 4 or 6"), std::string::npos);
  EXPECT_NE(refused([](auto& s) { s[3].payload.push_back(0); }).find("bytes behind its last field"), std::string::npos);
  EXPECT_NE(refused([](auto& s) { s[3].payload.pop_back(); }).find("ends inside a field"), std::string::npos);
  EXPECT_NE(refused([](auto& s) { s[0].payload.clear(); }).find("ends inside a field"), std::string::npos);
  EXPECT_NE(refused([](auto& s) { std::swap(s[3], s[4]); }).find("stands behind a table of a later place"),
            std::string::npos);
  EXPECT_NE(refused([](auto& s) {
              s[1].payload = {0, 0, 0, 0};
            }).find("is not in the list of its family"),
            std::string::npos);
  EXPECT_NE(refused([](auto& s) { s[3].payload[62] = '\n'; }).find("a table name with an odd byte"), std::string::npos);
}

TEST(Snapshot, HostRecordsThatAreNotWhatTheyShould) {
  const std::vector<Section> good = split_snapshot(serialize_snapshot(with_host()));
  const auto refused = [&](std::string_view name, auto edit) {
    std::vector<Section> sections = good;
    for (Section& section : sections)
      if (section.name == name) edit(section.payload);
    return refusal(join_snapshot(sections));
  };
  using Payload = std::vector<uint8_t>;
  const auto has = [](const std::string& text, std::string_view part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  has(refused("links", [](Payload& p) { p[4] = 9; }), "other devices than section \"interfaces\" has");
  has(refused("links", [](Payload& p) { p.assign(4, 0); }), "other devices than section \"interfaces\" has");
  has(refused("addresses", [](Payload& p) { p[4] = 5; }), "family 5, expected 4 or 6");
  has(refused("addresses", [](Payload& p) { p[5] = 33; }), "a prefix of 33 bits, expected at most 32");
  has(refused("routes", [](Payload& p) { p[0] = 2; }), "a table local that is 2, expected 0 or 1");
  has(refused("routes", [](Payload& p) { p[10] = 33; }), "a destination of 33 bits, expected at most 32");
  has(refused("routes", [](Payload& p) { p[88] = 0; }), "a route without next hop");
  has(refused("rules", [](Payload& p) { p[4] = 0; }), "family 0, expected 4 or 6");
  has(refused("rules", [](Payload& p) { p.pop_back(); }), "ends inside a field");
}

// The snapshots that stand in tests/snapshots came from a running kernel: they load, and damage to them gets an answer.
TEST(Snapshot, CapturedSnapshots) {
  size_t files = 0, tables = 0, flips = 0;
  for (const auto& entry : std::filesystem::directory_iterator(HOOKLINE_SOURCE_ROOT "/tests/snapshots")) {
    if (entry.path().extension() != ".hks") continue;
    SCOPED_TRACE(entry.path().filename());
    ++files;
    const auto bytes = read_file(entry.path());
    ASSERT_TRUE(bytes) << text_of(bytes.error());
    const auto snapshot = parse_snapshot(*bytes, entry.path().filename());
    ASSERT_TRUE(snapshot) << text_of(snapshot.error());
    EXPECT_EQ(serialize_snapshot(*snapshot), *bytes);
    const auto set = decode_snapshot(*snapshot);
    ASSERT_TRUE(set) << text_of(set.error());
    EXPECT_TRUE(refusals(*set).empty()) << text_of(refusals(*set));
    for (size_t t = 0; t < set->tables.size(); ++t, ++tables) {
      // The kernel's own walk left its result in the entries.
      const EntryFields& fields = entry_fields(set->tables[t].family);
      for (const Rule& rule : set->tables[t].rules)
        EXPECT_EQ(rule.comefrom, get<uint32_t>(snapshot->tables[t].entries, rule.offset + fields.comefrom));
    }
    // One flipped bit in each byte of the file; and, with checksums made right again, in each byte of each payload.
    for (size_t at = 0; at < bytes->size(); ++at, ++flips) {
      std::vector<uint8_t> flipped = *bytes;
      flipped[at] ^= static_cast<uint8_t>(1U << (at % 8));
      ASSERT_FALSE(parse_snapshot(flipped, "F")) << at;
    }
    const std::vector<Section> sections = split_snapshot(*bytes);
    for (size_t s = 0; s < sections.size(); ++s)
      for (size_t at = 0; at < sections[s].payload.size(); at += 3, ++flips) {
        std::vector<Section> flipped = sections;
        flipped[s].payload[at] ^= static_cast<uint8_t>(1U << (at % 8));
        auto parsed = parse_snapshot(join_snapshot(flipped), "F");
        if (!parsed) continue;
        const auto decoded = decode_snapshot(std::move(*parsed));
        ASSERT_TRUE(decoded || !decoded.error().empty());
      }
  }
  EXPECT_GE(files, 2U);
  EXPECT_GE(tables, 6U);
  EXPECT_GT(flips, 10000U);
}

}  // namespace
}  // namespace hookline
