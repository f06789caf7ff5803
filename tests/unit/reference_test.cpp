// tests/unit/reference_test.cpp: the traps of the kernel's traversal, one test each, on tables made by hand.
#include "reference/reference.h"

#include <gtest/gtest.h>

#include "../support/packets.h"
#include "../support/table_builder.h"

namespace hookline {
namespace {

using test::Ipv4Spec;
using test::Ipv6Spec;
using test::PacketBytes;
using test::RuleSpec;
using test::TableBuilder;
using SV = StandardVerdict;

MatchType answering(std::string_view name, Answer (*evaluate)(const void*, const MatchContext&)) {
  MatchType type;
  type.name = name;
  type.evaluate = evaluate;
  return type;
}
const MatchType kNever = answering("never", [](const void*, const MatchContext&) { return Answer::kNo; });
const MatchType kHotdrops = answering("hotdrops", [](const void*, const MatchContext&) { return Answer::kHotdrop; });
const MatchType kDooms = answering("dooms", [](const void*, const MatchContext&) { return Answer::kYesHotdrop; });

// Records what the traversal handed to a match.
uint32_t g_l4_offset, g_fragment_offset;
const MatchType kRecords = answering("records", [](const void*, const MatchContext& context) {
  g_l4_offset = context.l4_offset;
  g_fragment_offset = context.fragment_offset;
  return Answer::kYes;
});

RuleSpec verdict(SV v) { return test::with_target(TargetKind::kVerdict, v); }
RuleSpec fall_through() { return test::with_target(TargetKind::kFallThrough); }
RuleSpec jump(std::string chain) { return {.jump = std::move(chain)}; }
RuleSpec goto_chain(std::string chain) {
  RuleSpec rule{.jump = std::move(chain)};
  rule.header.goto_flag = true;
  return rule;
}

// "web/1 web/return INPUT/policy accept": the bumps and the verdict of a walk.
std::string walk(const Table& table, Hook hook, PacketBytes bytes, const InterfaceName& in = kNoInterface,
                 const InterfaceName& out = kNoInterface) {
  ReferenceEngine engine(table);
  Packet packet = test::as_packet(bytes, in, out);
  const Outcome outcome = engine.walk(hook, packet);
  std::string text;
  for (const Bump& bump : outcome.bumps) {
    EXPECT_EQ(bump.bytes, packet.length);
    text += table.rule_name(bump.rule).substr(table.name.size() + 1) + " ";
  }
  if (outcome.hotdrop) text += "hot";
  switch (outcome.verdict) {
    case Verdict::kAccept:
      return text + "accept";
    case Verdict::kDrop:
      return text + "drop";
    case Verdict::kQueue:
      return text + "queue";
    case Verdict::kStolen:
      return text + "stolen";
  }
  return text;
}

PacketBytes udp() { return test::ipv4({}); }

TEST(ReferenceWalk, PolicyIsCounted) {
  const Table table = TableBuilder(Family::kIpv4, "filter").hook(Hook::kInput, SV::kDrop, {}).build();
  EXPECT_EQ(walk(table, Hook::kInput, udp()), "INPUT/policy drop");
}

TEST(ReferenceWalk, RuleWithoutTargetCountsAndContinues) {
  const Table table =
      TableBuilder(Family::kIpv4, "filter").hook(Hook::kInput, SV::kAccept, {fall_through(), verdict(SV::kQueue)}).build();
  EXPECT_EQ(walk(table, Hook::kInput, udp()), "INPUT/1 INPUT/2 queue");
}

TEST(ReferenceWalk, JumpComesBackBehindTheJump) {
  const Table table = TableBuilder(Family::kIpv4, "filter")
                          .hook(Hook::kInput, SV::kAccept, {jump("a"), fall_through()})
                          .chain("a", {fall_through()})
                          .build();
  EXPECT_EQ(walk(table, Hook::kInput, udp()), "INPUT/1 a/1 a/return INPUT/2 INPUT/policy accept");
}

TEST(ReferenceWalk, ReturnFromBuiltInChainGoesToThePolicyAndCountsIt) {
  const Table table = TableBuilder(Family::kIpv4, "filter")
                          .hook(Hook::kInput, SV::kDrop, {verdict(SV::kReturn), verdict(SV::kAccept)})
                          .build();
  EXPECT_EQ(walk(table, Hook::kInput, udp()), "INPUT/1 INPUT/policy drop");
}

TEST(ReferenceWalk, GotoReturnsToTheCallersCaller) {
  const Table table = TableBuilder(Family::kIpv4, "filter")
                          .hook(Hook::kInput, SV::kDrop, {jump("a"), fall_through()})
                          .chain("a", {goto_chain("b"), verdict(SV::kDrop)})
                          .chain("b", {verdict(SV::kReturn)})
                          .build();
  EXPECT_EQ(walk(table, Hook::kInput, udp()), "INPUT/1 a/1 b/1 INPUT/2 INPUT/policy drop");
}

TEST(ReferenceWalk, GotoFromBuiltInChainEndsAtThePolicy) {
  const Table table = TableBuilder(Family::kIpv4, "filter")
                          .hook(Hook::kInput, SV::kAccept, {goto_chain("a"), verdict(SV::kDrop)})
                          .chain("a", {})
                          .build();
  EXPECT_EQ(walk(table, Hook::kInput, udp()), "INPUT/1 a/return INPUT/policy accept");
}

TEST(ReferenceWalk, FallThroughPushesNothing) {
  const Table table = TableBuilder(Family::kIpv4, "filter")
                          .hook(Hook::kInput, SV::kAccept, {jump("a"), verdict(SV::kQueue)})
                          .chain("a", {fall_through(), verdict(SV::kReturn)})
                          .build();
  EXPECT_EQ(walk(table, Hook::kInput, udp()), "INPUT/1 a/1 a/2 INPUT/2 queue");
}

TEST(ReferenceWalk, ErrorEntryCountsAndDrops) {
  const Table table =
      TableBuilder(Family::kIpv4, "filter").hook(Hook::kInput, SV::kAccept, {test::with_target(TargetKind::kError)}).build();
  EXPECT_EQ(walk(table, Hook::kInput, udp()), "INPUT/1 drop");
}

TEST(ReferenceWalk, HotdropEndsTheWalkUncounted) {
  RuleSpec hot = verdict(SV::kAccept);
  hot.matches = {&kHotdrops};
  const Table table = TableBuilder(Family::kIpv4, "filter")
                          .hook(Hook::kInput, SV::kAccept, {fall_through(), hot, verdict(SV::kAccept)})
                          .build();
  EXPECT_EQ(walk(table, Hook::kInput, udp()), "INPUT/1 hotdrop");
}

TEST(ReferenceWalk, AMatchThatHoldsAndDropsIsCountedIfTheOthersHold) {
  for (const auto& [others, expected] : {std::pair{std::vector<const MatchType*>{}, "INPUT/1 hotdrop"},
                                         {{&kRecords}, "INPUT/1 hotdrop"},
                                         {{&kNever}, "hotdrop"},
                                         {{&kHotdrops}, "hotdrop"}}) {
    RuleSpec doomed = verdict(SV::kAccept);
    doomed.matches = {&kDooms};
    doomed.matches.insert(doomed.matches.end(), others.begin(), others.end());
    const Table table =
        TableBuilder(Family::kIpv4, "filter").hook(Hook::kInput, SV::kAccept, {doomed, verdict(SV::kAccept)}).build();
    EXPECT_EQ(walk(table, Hook::kInput, udp()), expected);
  }
}

TEST(ReferenceWalk, MatchesStopAtTheFirstThatFails) {
  RuleSpec rule = verdict(SV::kDrop);
  rule.matches = {&kNever, &kHotdrops};
  const Table table = TableBuilder(Family::kIpv4, "filter").hook(Hook::kInput, SV::kAccept, {rule}).build();
  EXPECT_EQ(walk(table, Hook::kInput, udp()), "INPUT/policy accept");
}

TEST(ReferenceWalk, MatchesAreNotAskedWhereTheHeaderFails) {
  RuleSpec rule = verdict(SV::kDrop);
  rule.header.protocol = 6;
  rule.matches = {&kHotdrops};
  const Table table = TableBuilder(Family::kIpv4, "filter").hook(Hook::kInput, SV::kAccept, {rule}).build();
  EXPECT_EQ(walk(table, Hook::kInput, udp()), "INPUT/policy accept");
}

// ---- header conditions -----------------------------------------------------------------------------------------------

bool header_matches(Family family, const HeaderMatch& header, const PacketBytes& packet,
                    const InterfaceName& in = kNoInterface, const InterfaceName& out = kNoInterface) {
  RuleSpec rule = verdict(SV::kDrop);
  rule.header = header;
  const Table table = TableBuilder(family, "filter").hook(Hook::kForward, SV::kAccept, {rule}).build();
  const std::string text = walk(table, Hook::kForward, packet, in, out);
  EXPECT_TRUE(text == "FORWARD/1 drop" || text == "FORWARD/policy accept") << text;
  return text == "FORWARD/1 drop";
}

TEST(ReferenceHeader, NonContiguousMask) {
  HeaderMatch h;
  h.source = {10, 0, 0, 1};
  h.source_mask = {255, 0, 0, 255};
  EXPECT_TRUE(header_matches(Family::kIpv4, h, test::ipv4({.source = "10.9.8.1"})));
  EXPECT_FALSE(header_matches(Family::kIpv4, h, test::ipv4({.source = "10.9.8.2"})));
  h.invert_source = true;
  EXPECT_TRUE(header_matches(Family::kIpv4, h, test::ipv4({.source = "10.9.8.2"})));
}

TEST(ReferenceHeader, AddressBitsOutsideTheMaskNeverMatch) {
  HeaderMatch h;
  h.destination = {10, 0, 1, 1};
  h.destination_mask = {255, 255, 255, 0};
  EXPECT_FALSE(header_matches(Family::kIpv4, h, test::ipv4({.destination = "10.0.1.1"})));
  h.invert_destination = true;
  EXPECT_TRUE(header_matches(Family::kIpv4, h, test::ipv4({.destination = "10.0.1.1"})));
}

TEST(ReferenceHeader, InterfacesCompareSixteenMaskedBytes) {
  const InterfaceName eth0 = InterfaceName::from("eth0"), eth01 = InterfaceName::from("eth01");
  HeaderMatch exact;  // "eth0": five bytes, the NUL included
  exact.in = eth0;
  for (size_t i = 0; i < 5; ++i) exact.in_mask.bytes[i] = static_cast<char>(0xff);
  EXPECT_TRUE(header_matches(Family::kIpv4, exact, udp(), eth0));
  EXPECT_FALSE(header_matches(Family::kIpv4, exact, udp(), eth01));
  EXPECT_FALSE(header_matches(Family::kIpv4, exact, udp()));
  HeaderMatch wildcard = exact;  // "eth0+"
  wildcard.in_mask.bytes[4] = 0;
  EXPECT_TRUE(header_matches(Family::kIpv4, wildcard, udp(), eth01));
  HeaderMatch inverted = exact;
  inverted.invert_in = true;
  EXPECT_TRUE(header_matches(Family::kIpv4, inverted, udp()));  // no device is not eth0
  HeaderMatch out;
  out.out = eth0;
  out.out_mask = exact.in_mask;
  EXPECT_TRUE(header_matches(Family::kIpv4, out, udp(), kNoInterface, eth0));
  EXPECT_FALSE(header_matches(Family::kIpv4, out, udp(), eth0, kNoInterface));
}

TEST(ReferenceHeader, ProtocolZeroIgnoresTheInversion) {
  HeaderMatch h;
  h.invert_protocol = true;
  EXPECT_TRUE(header_matches(Family::kIpv4, h, udp()));
  h.protocol = 17;
  EXPECT_FALSE(header_matches(Family::kIpv4, h, udp()));
  h.protocol = 6;
  EXPECT_TRUE(header_matches(Family::kIpv4, h, udp()));
}

TEST(ReferenceHeader, FragmentFlagAndItsInversion) {
  const PacketBytes whole = udp(), first = test::ipv4({.fragment_field = 0x2000}), later = test::ipv4({.fragment_field = 1});
  HeaderMatch h;
  h.fragment = true;
  EXPECT_FALSE(header_matches(Family::kIpv4, h, whole));
  EXPECT_FALSE(header_matches(Family::kIpv4, h, first));
  EXPECT_TRUE(header_matches(Family::kIpv4, h, later));
  h.invert_fragment = true;
  EXPECT_TRUE(header_matches(Family::kIpv4, h, whole));
  EXPECT_TRUE(header_matches(Family::kIpv4, h, first));
  EXPECT_FALSE(header_matches(Family::kIpv4, h, later));
  h.fragment = false;  // the inversion alone: never
  EXPECT_FALSE(header_matches(Family::kIpv4, h, whole));
  EXPECT_FALSE(header_matches(Family::kIpv4, h, later));
}

TEST(ReferenceHeader, Ipv4ContextHasHeaderLengthAndFragmentUnits) {
  RuleSpec rule = verdict(SV::kDrop);
  rule.matches = {&kRecords};
  const Table table = TableBuilder(Family::kIpv4, "filter").hook(Hook::kForward, SV::kAccept, {rule}).build();
  EXPECT_EQ(walk(table, Hook::kForward, test::ipv4({.fragment_field = 0x2005, .options = {1, 1, 1, 0}})), "FORWARD/1 drop");
  EXPECT_EQ(g_l4_offset, 24U);
  EXPECT_EQ(g_fragment_offset, 5U);
}

// ---- IPv6 --------------------------------------------------------------------------------------------------------------

HeaderMatch v6_protocol(uint16_t protocol, bool inverted = false) {
  HeaderMatch h;
  h.protocol_flag = true;
  h.protocol = protocol;
  h.invert_protocol = inverted;
  return h;
}
std::string walk_v6(const HeaderMatch& header, const PacketBytes& packet) {
  RuleSpec rule = verdict(SV::kDrop);
  rule.header = header;
  rule.matches = {&kRecords};
  const Table table = TableBuilder(Family::kIpv6, "filter").hook(Hook::kForward, SV::kAccept, {rule}).build();
  g_l4_offset = g_fragment_offset = 0xffffffff;
  return walk(table, Hook::kForward, packet);
}
constexpr const char* kHit = "FORWARD/1 drop";
constexpr const char* kMiss = "FORWARD/policy accept";

TEST(ReferenceIpv6, WithoutProtocolFlagTheHeaderChainIsNotLookedAt) {
  EXPECT_EQ(walk_v6({}, test::ipv6({.next_header = 0, .payload = {}})), kHit);  // a chain that a walk could not follow
  EXPECT_EQ(g_l4_offset, 0U);
}

TEST(ReferenceIpv6, WalksExtensionHeaders) {
  // hop-by-hop (8), destination options (16), AH (12), UDP
  PacketBytes packet =
      test::ipv6({.next_header = 0, .payload = {60, 0, 1,  4, 0, 0, 0, 0, 51, 1, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                                0,  0, 17, 1, 0, 0, 0, 0, 0,  0, 0, 0,  0, 0, 0, 1, 0, 2, 0, 8, 0, 0}});
  EXPECT_EQ(walk_v6(v6_protocol(17), packet), kHit);
  EXPECT_EQ(g_l4_offset, 40U + 8 + 16 + 12);
  EXPECT_EQ(walk_v6(v6_protocol(51), packet), kMiss);
  EXPECT_EQ(walk_v6(v6_protocol(51, true), packet), kHit);
  EXPECT_EQ(walk_v6(v6_protocol(17, true), packet), kMiss);
}

TEST(ReferenceIpv6, MalformedChainHotdropsEvenForAnyProtocol) {
  const PacketBytes cut = test::ipv6({.next_header = 60, .payload = {17}});
  EXPECT_EQ(walk_v6(v6_protocol(17), cut), "hotdrop");
  EXPECT_EQ(walk_v6(v6_protocol(0), cut), "hotdrop");
  EXPECT_EQ(walk_v6(v6_protocol(6, true), cut), "hotdrop");
  EXPECT_EQ(walk_v6(v6_protocol(17), test::ipv6({.next_header = 43, .payload = {17, 0, 0}})), "hotdrop");
  EXPECT_EQ(walk_v6(v6_protocol(17), test::ipv6({.next_header = 44, .payload = {17, 0, 0}})), "hotdrop");
}

TEST(ReferenceIpv6, AddressesComeBeforeTheWalk) {
  HeaderMatch h = v6_protocol(17);
  h.source[0] = 0xfe;
  h.source_mask[0] = 0xff;
  EXPECT_EQ(walk_v6(h, test::ipv6({.next_header = 60, .payload = {17}})), kMiss);
}

TEST(ReferenceIpv6, UpperHeaderMayLieBeyondTheEnd) {
  EXPECT_EQ(walk_v6(v6_protocol(6), test::ipv6({.next_header = 60, .payload = {6, 9}})), kHit);
  EXPECT_EQ(g_l4_offset, 40U + 80);
}

TEST(ReferenceIpv6, NoNextHeaderAndUnknownProtocolsEndTheWalk) {
  EXPECT_EQ(walk_v6(v6_protocol(59), test::ipv6({.next_header = 59, .payload = {}})), kHit);
  EXPECT_EQ(walk_v6(v6_protocol(50), test::ipv6({.next_header = 50, .payload = {}})), kHit);
}

TEST(ReferenceIpv6, LaterFragments) {
  const PacketBytes later_udp = test::ipv6({.next_header = 44, .payload = {17, 0, 0x00, 0x2a, 0, 0, 0, 1, 9, 9}});
  EXPECT_EQ(walk_v6(v6_protocol(17), later_udp), kHit);
  EXPECT_EQ(g_l4_offset, 0U);
  EXPECT_EQ(g_fragment_offset, 0x28U);  // bytes, the low three bits masked off
  // An extension header behind a later fragment cannot be followed.
  EXPECT_EQ(walk_v6(v6_protocol(17), test::ipv6({.next_header = 44, .payload = {60, 0, 0, 8, 0, 0, 0, 1, 9, 9}})),
            "hotdrop");
  // NONE behind one ends the walk.
  EXPECT_EQ(walk_v6(v6_protocol(59), test::ipv6({.next_header = 44, .payload = {59, 0, 0, 8, 0, 0, 0, 1, 9, 9}})), kHit);
}

TEST(ReferenceIpv6, FragmentOffsetSticksToLaterRulesWithoutProtocol) {
  RuleSpec udp_rule = fall_through();
  udp_rule.header = v6_protocol(17);
  RuleSpec any = verdict(SV::kDrop);
  any.matches = {&kRecords};
  const PacketBytes later = test::ipv6({.next_header = 44, .payload = {17, 0, 0, 16, 0, 0, 0, 1, 9, 9}});
  const Table without = TableBuilder(Family::kIpv6, "filter").hook(Hook::kForward, SV::kAccept, {any}).build();
  walk(without, Hook::kForward, later);
  EXPECT_EQ(g_fragment_offset, 0U);
  const Table with = TableBuilder(Family::kIpv6, "filter").hook(Hook::kForward, SV::kAccept, {udp_rule, any}).build();
  walk(with, Hook::kForward, later);
  EXPECT_EQ(g_fragment_offset, 16U);
}

TEST(ReferenceIpv6, L4OffsetIsForgottenBetweenRules) {
  RuleSpec udp_rule = fall_through();
  udp_rule.header = v6_protocol(17);
  RuleSpec any;
  any.matches = {&kRecords};
  const Table table = TableBuilder(Family::kIpv6, "filter").hook(Hook::kForward, SV::kAccept, {udp_rule, any}).build();
  walk(table, Hook::kForward, test::ipv6({}));
  EXPECT_EQ(g_l4_offset, 0U);
}

TEST(ReferenceWalk, ObserverHearsEveryRuleAndWhy) {
  struct Listener : WalkObserver {
    std::string text;
    void on_rule(RuleId rule, Step step, size_t match, const char* condition) override {
      text += std::to_string(index_of(rule)) + ":" + std::to_string(static_cast<int>(step)) + ":" + std::to_string(match) +
              (condition != nullptr ? std::string(":") + condition : "") + " ";
    }
  } listener;
  RuleSpec source = verdict(SV::kDrop), match = verdict(SV::kDrop);
  source.header.source_mask = {255};
  match.matches = {&kRecords, &kNever};
  const Table table = TableBuilder(Family::kIpv4, "filter").hook(Hook::kInput, SV::kAccept, {source, match}).build();
  ReferenceEngine engine(table);
  PacketBytes bytes = udp();
  Packet packet = test::as_packet(bytes);
  engine.walk(Hook::kInput, packet, &listener);
  EXPECT_EQ(listener.text, "0:1:0:source 1:2:1 2:0:0 ");
}

}  // namespace
}  // namespace hookline
