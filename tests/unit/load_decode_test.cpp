// tests/unit/load_decode_test.cpp: bytes -> Table: names, numbers, roles, and one table for each check.
#include "load/decode.h"

#include <gtest/gtest.h>

#include "support/odd_tables.h"

namespace hookline {
namespace {

using namespace test;

std::string text_of(const Problems& problems) {
  std::string text;
  for (const Problem& problem : problems) text += problem.text() + "\n";
  return text;
}

class BothFamilies : public testing::TestWithParam<Family> {};
INSTANTIATE_TEST_SUITE_P(Decode, BothFamilies, testing::Values(Family::kIpv4, Family::kIpv6),
                         [](const auto& test) { return std::string(family_name(test.param)); });

TEST_P(BothFamilies, EveryCheckNamesItsPlace) {
  for (const OddTable& odd : odd_tables(GetParam())) {
    SCOPED_TRACE(odd.name);
    const auto table = decode_table(odd.raw);
    Problems problems = table ? refusals(*table) : table.error();
    if (odd.place.empty()) {
      EXPECT_TRUE(problems.empty()) << text_of(problems);
      continue;
    }
    bool named = false;
    for (const Problem& problem : problems) {
      EXPECT_EQ(problem.kind, ProblemKind::kInput);
      named = named || (problem.place.starts_with(odd.place) && problem.found.find(odd.found) != std::string::npos);
    }
    EXPECT_TRUE(named) << "expected " << odd.place << ": " << odd.found << "; problems:\n" << text_of(problems);
  }
}

TEST_P(BothFamilies, AllProblemsAtOnceInBlobOrder) {
  const EntryFields& f = entry_fields(GetParam());
  RawTable raw = filter_with(GetParam(), [&](BlobBuilder& b) {
    b.verdict_rule(kDropCode, {tcp_match()}, 17).verdict_rule(-3).verdict_rule(kDropCode).poke<uint8_t>(f.flags, 0x80);
  });
  raw.hook_entry[1] = 4;
  const auto table = decode_table(raw);
  ASSERT_FALSE(table);
  ASSERT_EQ(table.error().size(), 4U) << text_of(table.error());
  EXPECT_EQ(table.error()[0].place, "filter/INPUT");
  EXPECT_TRUE(table.error()[1].place.starts_with("filter/FORWARD/1 ")) << text_of(table.error());
  EXPECT_TRUE(table.error()[2].place.starts_with("filter/FORWARD/2 "));
  EXPECT_TRUE(table.error()[3].place.starts_with("filter/FORWARD/3 "));
}

TEST_P(BothFamilies, NamesNumbersAndRoles) {
  const RawTable raw = filter_with(
      GetParam(), [](BlobBuilder& b) { b.jump("web", false, 6).fall_through(17).counters(7, 420).jump("own", true); },
      [](BlobBuilder& b) {
        // An explicit RETURN at the end of a chain is a rule; the kernel's own follows it.
        b.head("web").verdict_rule(kReturnCode).end_of_chain();
        b.head("own").end_of_chain();
        b.head("open").verdict_rule(kAcceptCode);  // hand-made: ends in a verdict of another kind
      });
  const auto table = decode_table(raw);
  ASSERT_TRUE(table) << text_of(table.error());
  const char* const names[] = {
      "filter/INPUT/policy",  "filter/FORWARD/1", "filter/FORWARD/2", "filter/FORWARD/3",  "filter/FORWARD/policy",
      "filter/OUTPUT/policy", "filter/web/head",  "filter/web/1",     "filter/web/return", "filter/own/head",
      "filter/own/return",    "filter/open/head", "filter/open/1",    "filter/end"};
  ASSERT_EQ(table->rules.size(), std::size(names));
  for (uint32_t i = 0; i < std::size(names); ++i) EXPECT_EQ(table->rule_name(RuleId{i}), names[i]);
  EXPECT_EQ(table->rules[2].counters, (Counters{7, 420}));
  EXPECT_EQ(table->rules[1].target.kind, TargetKind::kJump);
  EXPECT_EQ(table->rules[1].target.jump_to, RuleId{7});
  EXPECT_FALSE(table->rules[1].header.goto_flag);
  EXPECT_EQ(table->rules[2].target.kind, TargetKind::kFallThrough);
  EXPECT_EQ(table->rules[2].target.jump_to, RuleId{3});
  EXPECT_TRUE(table->rules[3].header.goto_flag);
  EXPECT_EQ(table->rules[3].target.jump_to, RuleId{10});
  // Which hooks reach what: heads and the chain that nobody calls are not reached.
  const uint32_t forward = hook_bit(Hook::kForward);
  const uint32_t reached[] = {hook_bit(Hook::kInput),
                              forward,
                              forward,
                              forward,
                              forward,
                              hook_bit(Hook::kOutput),
                              0,
                              forward,
                              0,
                              0,
                              forward,
                              0,
                              0,
                              0};
  for (uint32_t i = 0; i < std::size(reached); ++i) EXPECT_EQ(table->rules[i].comefrom, reached[i]) << names[i];
  ASSERT_EQ(table->chains.size(), 6U);
  EXPECT_EQ(table->chains[1].name, "FORWARD");
  EXPECT_EQ(table->chains[1].hook, Hook::kForward);
  EXPECT_EQ(table->chains[1].first, RuleId{1});
  EXPECT_EQ(table->chains[1].last, RuleId{4});
  EXPECT_EQ(table->chains[3].first, RuleId{7});
  EXPECT_EQ(table->chains[3].last, RuleId{8});
  EXPECT_EQ(table->chains[4].first, table->chains[4].last);
  EXPECT_EQ(table->chains[5].last, RuleId{12});
  EXPECT_EQ(table->hook_entry[2], RuleId{1});
  EXPECT_EQ(table->underflow[2], RuleId{4});
}

TEST(Decode, HeaderFieldsOfBothFamilies) {
  ipt_entry v4{};
  v4.ip.src.s_addr = 0x0100000a;  // 10.0.0.1
  v4.ip.smsk.s_addr = 0xffffffff;
  v4.ip.proto = 17;
  v4.ip.flags = IPT_F_FRAG;
  v4.ip.invflags = IPT_INV_SRCIP | IPT_INV_FRAG | IPT_INV_VIA_OUT;
  std::memcpy(v4.ip.iniface, "eth", 3);
  std::memset(v4.ip.iniface_mask, 0xff, 3);
  const RawTable raw4 = filter_with(Family::kIpv4, [&](BlobBuilder& b) { b.verdict_rule(kDropCode).poke(0, v4.ip); });
  const auto table4 = decode_table(raw4);
  ASSERT_TRUE(table4) << text_of(table4.error());
  const HeaderMatch& h4 = table4->rules[1].header;
  EXPECT_EQ(h4.source[0], 10);
  EXPECT_EQ(h4.source[3], 1);
  EXPECT_EQ(h4.source[4], 0);
  EXPECT_EQ(h4.protocol, 17);
  EXPECT_TRUE(h4.protocol_flag && h4.fragment && h4.invert_source && h4.invert_fragment && h4.invert_out);
  EXPECT_FALSE(h4.invert_destination || h4.invert_in || h4.invert_protocol || h4.goto_flag);
  EXPECT_EQ(h4.in.view(), "eth");
  EXPECT_EQ(static_cast<uint8_t>(h4.in_mask.bytes[2]), 0xff);
  EXPECT_EQ(h4.in_mask.bytes[3], 0);

  ip6t_ip6 ip6{};
  ip6.dst.s6_addr[0] = 0x20;
  ip6.dst.s6_addr[15] = 9;
  ip6.proto = 58;
  ip6.tos = 3;
  ip6.flags = IP6T_F_PROTO | IP6T_F_TOS;
  ip6.invflags = IP6T_INV_DSTIP | IP6T_INV_PROTO;
  const RawTable raw6 = filter_with(Family::kIpv6, [&](BlobBuilder& b) { b.verdict_rule(kDropCode).poke(0, ip6); });
  const auto table6 = decode_table(raw6);
  ASSERT_TRUE(table6) << text_of(table6.error());
  const HeaderMatch& h6 = table6->rules[1].header;
  EXPECT_EQ(h6.destination[0], 0x20);
  EXPECT_EQ(h6.destination[15], 9);
  EXPECT_EQ(h6.protocol, 58);
  EXPECT_EQ(h6.tos, 3);
  EXPECT_TRUE(h6.protocol_flag && h6.invert_destination && h6.invert_protocol);
  EXPECT_FALSE(h6.fragment || h6.goto_flag || h6.invert_source);
}

TEST(Decode, UnknownExtensionsStayAndAreRefusedByName) {
  const RawTable raw = filter_with(Family::kIpv4, [](BlobBuilder& b) {
    b.verdict_rule(kDropCode, {extension("nonesuch", 3, std::vector<uint8_t>(8, 5)), tcp_match()}, 6);
    b.target_rule(extension("NONESUCH", 1, {}));
  });
  const auto table = decode_table(raw);
  ASSERT_TRUE(table) << text_of(table.error());
  EXPECT_EQ(table->rules[1].matches[0].type, nullptr);
  EXPECT_EQ(table->rules[1].matches[0].raw, std::vector<uint8_t>(8, 5));
  EXPECT_NE(table->rules[1].matches[1].type, nullptr);
  EXPECT_EQ(text_of(refusals(*table)),
            "filter/FORWARD/1 (offset 152): match nonesuch rev 3: not evaluated by this build\n"
            "filter/FORWARD/2 (offset 392): target NONESUCH rev 1: not evaluated by this build\n");
}

TEST(Decode, BothFamiliesAreToldApartInProblems) {
  const RawTable broken4 = filter_with(Family::kIpv4, [](BlobBuilder& b) { b.verdict_rule(-3); });
  const RawTable broken6 = filter_with(Family::kIpv6, [](BlobBuilder& b) { b.verdict_rule(-3); });
  Snapshot snapshot;
  snapshot.tables = {broken4, broken6};
  const auto both = decode_snapshot(snapshot);
  ASSERT_FALSE(both);
  ASSERT_EQ(both.error().size(), 2U);
  EXPECT_EQ(both.error()[0].place, "ipv4 filter/FORWARD/1 (offset 152)");
  EXPECT_EQ(both.error()[1].place, "ipv6 filter/FORWARD/1 (offset 208)");
  snapshot.tables = {broken6};
  EXPECT_EQ(decode_snapshot(snapshot).error()[0].place, "filter/FORWARD/1 (offset 208)");
}

// Every byte of a table set to every one of a few values: an answer, never a crash (sanitizers see what goes wrong).
TEST_P(BothFamilies, DamagedBytesGetAnAnswer) {
  const RawTable raw = filter_with(
      GetParam(), [](BlobBuilder& b) { b.verdict_rule(kDropCode, {tcp_match()}, 6).jump("web", true); },
      [](BlobBuilder& b) { b.head("web").target_rule(extension("REJECT", 0, std::vector<uint8_t>(8))).end_of_chain(); });
  ASSERT_TRUE(decode_table(raw)) << text_of(decode_table(raw).error());
  size_t accepted = 0, refused = 0;
  for (size_t at = 0; at < raw.entries.size(); ++at)
    for (const unsigned change : {0x01U, 0x80U, 0xffU, 0x40U, 0x08U}) {
      RawTable damaged = raw;
      damaged.entries[at] ^= static_cast<uint8_t>(change);
      const auto table = decode_table(damaged);
      if (!table) {
        ASSERT_FALSE(table.error().empty());
        ++refused;
        continue;
      }
      ++accepted;
      for (uint32_t i = 0; i < table->rules.size(); ++i) ASSERT_FALSE(table->rule_name(RuleId{i}).empty());
    }
  EXPECT_GT(accepted, 100U);
  EXPECT_GT(refused, 100U);
}

TEST_P(BothFamilies, EveryTruncationIsRefused) {
  const RawTable raw = filter_with(GetParam(), [](BlobBuilder& b) { b.verdict_rule(kDropCode, {tcp_match()}, 6); });
  for (size_t size = 0; size < raw.entries.size(); ++size) {
    RawTable cut = raw;
    cut.entries.resize(size);
    EXPECT_FALSE(decode_table(cut)) << size;
  }
}

TEST(Decode, LongChainsOfJumpsNeedNoDeepStack) {
  BlobBuilder b;
  b.hook(Hook::kInput).policy(Hook::kInput).hook(Hook::kForward).jump("c0").policy(Hook::kForward);
  b.hook(Hook::kOutput).policy(Hook::kOutput);
  constexpr int kChains = 20000;
  for (int i = 0; i < kChains; ++i) {
    b.head("c" + std::to_string(i));
    if (i + 1 < kChains) b.jump("c" + std::to_string(i + 1));
    b.end_of_chain();
  }
  const auto table = decode_table(b.finish());
  ASSERT_TRUE(table) << text_of(table.error());
  EXPECT_EQ(table->rules.back().comefrom, 0U);
  EXPECT_EQ(table->rules[table->rules.size() - 2].comefrom, hook_bit(Hook::kForward));
}

}  // namespace
}  // namespace hookline
