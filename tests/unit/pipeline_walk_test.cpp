// tests/unit/pipeline_walk_test.cpp: the order of hooks and tables, what they see, what the stack discards in between.
#include "pipeline/walk.h"

#include <gtest/gtest.h>
#include <netinet/in.h>

#include <linux/netfilter/xt_recent.h>
#include <linux/netfilter/xt_statistic.h>

#include <algorithm>
#include <map>
#include <string>

#include "pipeline_support.h"
#include "support/packets.h"
#include "support/random_table.h"

namespace hookline::test {
namespace {

constexpr uint8_t kTcp = 6, kUdp = 17;

class WalkForward : public ::testing::Test {
 protected:
  // Walks the packets and keeps fates and counters.
  std::vector<Fate> walk(ProgramSet programs, std::vector<PacketBytes>& bytes, const ForwardOptions& options = {},
                         PacketType type = PacketType::kHost, WalkNotes* notes = nullptr) {
    publication_ = std::make_unique<Publication>(std::move(programs), 1);
    std::vector<Packet> packets;
    for (PacketBytes& b : bytes) {
      packets.push_back(
          {b.data(), static_cast<uint32_t>(b.size()), b[0] >> 4 == 6 ? Family::kIpv6 : Family::kIpv4, type, &in_, &out_, 0});
    }
    std::vector<Fate> fates(packets.size());
    publication_->enter(0);
    walk_forward(publication_->current(), 0, options, packets, fates, tally_, notes);
    publication_->leave(0);
    return fates;
  }

  // "raw/PREROUTING/1" -> packets, of rules that counted.
  std::map<std::string, uint64_t> counted() {
    std::map<std::string, uint64_t> result;
    const auto counts = publication_->counts();
    for (const auto& table : counts.back().tables) {
      for (const RuleCount& rule : table.rules) {
        if (rule.packets != 0) result[(table.family == Family::kIpv6 ? "6 " : "") + rule.name] += rule.packets;
      }
    }
    return result;
  }

  InterfaceName in_ = InterfaceName::from("eth1"), out_ = InterfaceName::from("eth0");
  WorkerTally tally_;
  std::unique_ptr<Publication> publication_;
};

Table accept_all(std::string name, std::initializer_list<Hook> hooks, Family family = Family::kIpv4) {
  TableBuilder builder(family, std::move(name));
  for (const Hook hook : hooks) builder.hook(hook, StandardVerdict::kAccept, {});
  return builder.build();
}

TEST_F(WalkForward, TablesRunInTheKernelsOrderWhateverOrderTheyComeIn) {
  // Each table takes out what the next must then not see. The nat table is not asked.
  const Table filter = TableBuilder(Family::kIpv4, "filter").hook(Hook::kForward, StandardVerdict::kDrop, {}).build();
  const Table nat = TableBuilder(Family::kIpv4, "nat").hook(Hook::kPrerouting, StandardVerdict::kDrop, {}).build();
  const Table mangle = TableBuilder(Family::kIpv4, "mangle")
                           .hook(Hook::kPrerouting, StandardVerdict::kAccept, {for_protocol(kUdp, StandardVerdict::kDrop)})
                           .hook(Hook::kForward, StandardVerdict::kAccept, {})
                           .hook(Hook::kPostrouting, StandardVerdict::kAccept, {})
                           .build();
  const Table raw = TableBuilder(Family::kIpv4, "raw")
                        .hook(Hook::kPrerouting, StandardVerdict::kAccept, {for_protocol(kTcp, StandardVerdict::kDrop)})
                        .build();
  std::vector<PacketBytes> packets = {ipv4({.protocol = kTcp, .payload = PacketBytes(20)}), ipv4({.protocol = kUdp}),
                                      ipv4({.protocol = 47})};
  const auto fates = walk(program_set(filter, nat, mangle, raw), packets);
  EXPECT_EQ(fates, (std::vector<Fate>{Fate::kDrop, Fate::kDrop, Fate::kDrop}));
  EXPECT_EQ(counted(), (std::map<std::string, uint64_t>{{"raw/PREROUTING/1", 1},
                                                        {"raw/PREROUTING/policy", 2},
                                                        {"mangle/PREROUTING/1", 1},
                                                        {"mangle/PREROUTING/policy", 1},
                                                        {"mangle/FORWARD/policy", 1},
                                                        {"filter/FORWARD/policy", 1}}));
}

TEST_F(WalkForward, FamiliesAreJudgedByTheirOwnTables) {
  const Table four = TableBuilder(Family::kIpv4, "filter").hook(Hook::kForward, StandardVerdict::kDrop, {}).build();
  const Table six = accept_all("filter", {Hook::kForward}, Family::kIpv6);
  std::vector<PacketBytes> packets = {ipv4({}), ipv6({}), ipv4({}), ipv6({}), ipv6({})};
  const auto fates = walk(program_set(four, six), packets);
  EXPECT_EQ(fates, (std::vector<Fate>{Fate::kDrop, Fate::kAccept, Fate::kDrop, Fate::kAccept, Fate::kAccept}));
  EXPECT_EQ(counted(), (std::map<std::string, uint64_t>{{"filter/FORWARD/policy", 2}, {"6 filter/FORWARD/policy", 3}}));
  EXPECT_EQ(walk(program_set(six), packets)[0], Fate::kAccept);  // no IPv4 table
}

TEST_F(WalkForward, DevicesAsEachHookKnowsThem) {
  RuleSpec from = with_target(TargetKind::kFallThrough), to = with_target(TargetKind::kFallThrough);
  set_name("eth1", from.header.in, from.header.in_mask);
  set_name("eth0", to.header.out, to.header.out_mask);
  const Table mangle = TableBuilder(Family::kIpv4, "mangle")
                           .hook(Hook::kPrerouting, StandardVerdict::kAccept, {from, to})
                           .hook(Hook::kForward, StandardVerdict::kAccept, {from, to})
                           .hook(Hook::kPostrouting, StandardVerdict::kAccept, {from, to})
                           .build();
  std::vector<PacketBytes> packets = {ipv4({})};
  walk(program_set(mangle), packets);
  auto counts = counted();
  EXPECT_EQ(counts["mangle/PREROUTING/1"], 1U);
  EXPECT_EQ(counts["mangle/PREROUTING/2"], 0U);  // no route yet
  EXPECT_EQ(counts["mangle/FORWARD/1"], 1U);
  EXPECT_EQ(counts["mangle/FORWARD/2"], 1U);
  EXPECT_EQ(counts["mangle/POSTROUTING/1"], 1U);
  EXPECT_EQ(counts["mangle/POSTROUTING/2"], 1U);
}

TEST_F(WalkForward, ARouterTakesOneFromTheTtlAndKeepsTheChecksumTrue) {
  std::vector<PacketBytes> packets = {ipv4({.ttl = 64}), ipv6({}), ipv4({.ttl = 2})};
  const uint8_t hop_limit = packets[1][7];
  EXPECT_EQ(walk({}, packets), std::vector<Fate>(3, Fate::kAccept));
  EXPECT_EQ(packets[0][8], 63);
  EXPECT_EQ(packets[2][8], 1);
  EXPECT_EQ(packets[1][7], hop_limit - 1);
  EXPECT_EQ(internet_checksum(packets[0].data(), 20), 0);
  EXPECT_EQ(internet_checksum(packets[2].data(), 20), 0);
}

TEST_F(WalkForward, TheStacksOwnDiscards) {
  const Table mangle = accept_all("mangle", {Hook::kPrerouting, Hook::kForward, Hook::kPostrouting});
  std::vector<PacketBytes> packets;
  packets.push_back(ipv4({}));
  packets.back()[10] ^= 0xff;  // checksum
  packets.push_back(PacketBytes(packets.back().begin(), packets.back().begin() + 12));
  packets.push_back(ipv4({.source = "127.0.0.1"}));
  packets.push_back(ipv4({.ttl = 1}));
  packets.push_back(ipv4({.fragment_field = 0x4000, .payload = PacketBytes(1600)}));
  packets.push_back(ipv4({.options = {0x83, 7, 4, 10, 0, 0, 9, 0}}));  // loose source route
  packets.push_back(ipv4({}));
  const auto fates = walk(program_set(mangle), packets);
  EXPECT_EQ(fates, (std::vector<Fate>{Fate::kHeader, Fate::kHeader, Fate::kMartian, Fate::kTtl, Fate::kTooBig,
                                      Fate::kOptions, Fate::kAccept}));
  const auto counts = counted();
  EXPECT_EQ(counts.at("mangle/PREROUTING/policy"), 5U);  // all but those that ip_rcv() refuses
  EXPECT_EQ(counts.at("mangle/FORWARD/policy"), 1U);
}

TEST_F(WalkForward, GroupFramesAreNotForwardedByARouter) {
  std::vector<PacketBytes> packets = {ipv4({})};
  EXPECT_EQ(walk({}, packets, {}, PacketType::kBroadcast)[0], Fate::kNotForUs);
  EXPECT_EQ(walk({}, packets, {1500, WireMode::kWire}, PacketType::kBroadcast)[0], Fate::kAccept);
}

TEST_F(WalkForward, AWireChangesNothing) {
  std::vector<PacketBytes> packets = {ipv4({.ttl = 1}), ipv4({.source = "0.0.0.0", .destination = "255.255.255.255"}),
                                      ipv6({})};
  const auto before = packets;
  EXPECT_EQ(walk({}, packets, {1500, WireMode::kWire}), std::vector<Fate>(3, Fate::kAccept));
  EXPECT_EQ(packets, before);
}

TEST_F(WalkForward, QueueAndTheTrail) {
  const Table raw = TableBuilder(Family::kIpv4, "raw")
                        .hook(Hook::kPrerouting, StandardVerdict::kAccept, {with_target(TargetKind::kFallThrough)})
                        .build();
  const Table filter = TableBuilder(Family::kIpv4, "filter")
                           .hook(Hook::kForward, StandardVerdict::kAccept, {for_protocol(kUdp, StandardVerdict::kQueue)})
                           .build();
  std::vector<PacketBytes> packets = {ipv4({.protocol = kUdp}), ipv4({.protocol = 47})};
  WalkNotes notes;
  EXPECT_EQ(walk(program_set(filter, raw), packets, {}, PacketType::kHost, &notes),
            (std::vector<Fate>{Fate::kQueue, Fate::kAccept}));
  std::vector<std::string> trail[2];
  for (const TrailStep& step : notes.trail) {
    trail[step.packet].push_back(publication_->current().programs.programs()[step.program].rule_names[index_of(step.rule)]);
  }
  EXPECT_EQ(trail[0], (std::vector<std::string>{"raw/PREROUTING/1", "raw/PREROUTING/policy", "filter/FORWARD/1"}));
  EXPECT_EQ(trail[1], (std::vector<std::string>{"raw/PREROUTING/1", "raw/PREROUTING/policy", "filter/FORWARD/policy"}));
}

TEST_F(WalkForward, PaddingIsNotCounted) {
  const Table filter = accept_all("filter", {Hook::kForward});
  std::vector<PacketBytes> packets = {ipv4({})};
  const size_t length = packets[0].size();
  packets[0].resize(46);
  walk(program_set(filter), packets);
  EXPECT_EQ(publication_->counts().back().tables[0].rules[0].bytes, length);
}

// Chain `count` of a mangle table drops every second packet that it is asked about; the given hooks jump to it.
Table counting(std::initializer_list<Hook> from) {
  RuleSpec jump;
  jump.jump = "count";
  TableBuilder builder(Family::kIpv4, "mangle");
  for (const Hook hook : {Hook::kPrerouting, Hook::kForward, Hook::kPostrouting}) {
    const bool jumps = std::find(from.begin(), from.end(), hook) != from.end();
    builder.hook(hook, StandardVerdict::kAccept, jumps ? std::vector<RuleSpec>{jump} : std::vector<RuleSpec>{});
  }
  builder.chain("count", {with_target(TargetKind::kVerdict, StandardVerdict::kDrop)});
  Table table = builder.build();
  xt_statistic_info every_second{};
  every_second.mode = XT_STATISTIC_MODE_NTH;
  every_second.u.nth.every = 1;
  for (Rule& rule : table.rules)
    if (rule.role == RuleRole::kRule && rule.target.kind == TargetKind::kVerdict)
      rule.matches.push_back(make_match("statistic", 0, &every_second, sizeof every_second, Family::kIpv4, rule.header));
  return table;
}

TEST_F(WalkForward, ARuleThatRemembersIsAskedInTheOrderOfThePackets) {
  std::vector<PacketBytes> packets(5, ipv4({.protocol = kUdp}));
  packets[1] = ipv4({.protocol = kTcp, .payload = PacketBytes(3)});  // not for the index
  EXPECT_EQ(walk(program_set(counting({Hook::kForward})), packets),
            (std::vector<Fate>{Fate::kAccept, Fate::kDrop, Fate::kAccept, Fate::kDrop, Fate::kAccept}));
}

TEST_F(WalkForward, PacketsGoOneByOneWhereARuleThatRemembersIsAskedAtTwoHooks) {
  // Each packet is the first that the rule is asked about at PREROUTING and the second at POSTROUTING.
  std::vector<PacketBytes> packets(3, ipv4({.protocol = kUdp}));
  ProgramSet two = program_set(counting({Hook::kPrerouting, Hook::kPostrouting}));
  EXPECT_TRUE(two.one_by_one());
  EXPECT_EQ(walk(std::move(two), packets), (std::vector<Fate>(3, Fate::kDrop)));
  EXPECT_EQ(counted(), (std::map<std::string, uint64_t>{{"mangle/PREROUTING/1", 3},
                                                        {"mangle/count/return", 3},
                                                        {"mangle/PREROUTING/policy", 3},
                                                        {"mangle/FORWARD/policy", 3},
                                                        {"mangle/POSTROUTING/1", 3},
                                                        {"mangle/count/1", 3}}));
  EXPECT_FALSE(program_set(counting({Hook::kPrerouting})).one_by_one());
  EXPECT_FALSE(program_set(counting({})).one_by_one());
}

// A table with one rule at PREROUTING: it drops an address that a list has, or else puts it there.
Table listing(const std::string& name, uint8_t operation, Family family = Family::kIpv4) {
  TableBuilder builder(family, name);
  builder.hook(Hook::kPrerouting, StandardVerdict::kAccept, {with_target(TargetKind::kVerdict, StandardVerdict::kDrop)});
  Table table = builder.build();
  xt_recent_mtinfo info{};
  info.check_set = operation;
  info.invert = operation == XT_RECENT_SET ? 1 : 0;
  info.name[0] = 'a';
  for (Rule& rule : table.rules)
    if (rule.role == RuleRole::kRule)
      rule.matches.push_back(make_match("recent", 0, &info, sizeof info, family, rule.header));
  return table;
}

TEST_F(WalkForward, PacketsGoOneByOneWhereTwoTablesAskWhatTheyShare) {
  // The first table drops who is in the list already; the second puts each into it.
  std::vector<PacketBytes> packets(3, ipv4({.protocol = kUdp}));
  ProgramSet both = program_set(listing("raw", XT_RECENT_CHECK), listing("mangle", XT_RECENT_SET));
  EXPECT_TRUE(both.one_by_one());
  EXPECT_TRUE(both.one_by_one_at(Hook::kPrerouting));
  EXPECT_FALSE(both.one_by_one_at(Hook::kForward));
  EXPECT_EQ(walk(std::move(both), packets), (std::vector<Fate>{Fate::kAccept, Fate::kDrop, Fate::kDrop}));
  EXPECT_FALSE(program_set(listing("raw", XT_RECENT_CHECK)).one_by_one());
  EXPECT_TRUE(program_set(listing("raw", XT_RECENT_CHECK), listing("raw", XT_RECENT_SET, Family::kIpv6)).one_by_one());
}

}  // namespace
}  // namespace hookline::test
