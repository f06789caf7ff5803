// tests/unit/pipeline_flow_cache_test.cpp: packets of known flows have the effects of their walks, and no other.
#include "pipeline/flow_cache.h"

#include <gtest/gtest.h>

#include "pipeline/walk.h"
#include "pipeline_support.h"
#include "support/packets.h"
#include "support/random_table.h"

namespace hookline::test {
namespace {

ProgramSet one_program() {
  return program_set(TableBuilder(Family::kIpv4, "filter")
                         .hook(Hook::kForward, StandardVerdict::kDrop, {for_protocol(6, StandardVerdict::kAccept)})
                         .build());
}

// One set of Programs in service twice, one of them without the cache: both get every burst.
class Pair {
 public:
  explicit Pair(const ProgramSet& programs) : with_(programs, 1), without_(programs, 1) {
    with_.enter(0);
    without_.enter(0);
  }
  ~Pair() {
    with_.leave(0);
    without_.leave(0);
  }

  void walk(const std::vector<PacketBytes>& burst, std::span<const InterfaceName> in, std::span<const InterfaceName> out,
            WireMode mode = WireMode::kRouter) {
    std::vector<Fate> fates[2];
    std::vector<PacketBytes> bytes[2] = {burst, burst};
    for (const bool cached : {true, false}) {
      const unsigned side = cached ? 0 : 1;
      std::vector<Packet> packets;
      for (size_t i = 0; i < burst.size(); ++i) {
        PacketBytes& b = bytes[side][i];
        packets.push_back({b.data(), static_cast<uint32_t>(b.size()), b[0] >> 4 == 6 ? Family::kIpv6 : Family::kIpv4,
                           PacketType::kHost, &in[i], &out[i], 0});
      }
      fates[side].resize(packets.size());
      Publication& publication = cached ? with_ : without_;
      walk_forward(publication.current(), 0, {1500, mode, cached}, packets, fates[side], tallies_[side]);
    }
    ASSERT_EQ(fates[0], fates[1]);
    ASSERT_EQ(bytes[0], bytes[1]);
    ASSERT_EQ(tallies_[0].walks.read(), tallies_[1].walks.read());
  }

  void compare_counters() const {
    const auto a = with_.counts(), b = without_.counts();
    for (size_t t = 0; t < a.back().tables.size(); ++t) {
      for (size_t r = 0; r < a.back().tables[t].rules.size(); ++r) {
        const RuleCount &x = a.back().tables[t].rules[r], &y = b.back().tables[t].rules[r];
        ASSERT_EQ(x.packets, y.packets) << x.name;
        ASSERT_EQ(x.bytes, y.bytes) << x.name;
      }
    }
  }

 private:
  Publication with_, without_;
  WorkerTally tallies_[2];
};

TEST(FlowCacheWalk, RandomTablesAndFlowsThatComeBack) {
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    std::vector<NamedProgram> programs;
    std::vector<PacketBytes> flows;
    std::vector<InterfaceName> devices;
    for (const Family family : {Family::kIpv4, Family::kIpv6}) {
      RandomWorld world(seed, {.family = family, .chains = 3, .rules = 12, .jump_percent = 30});
      for (const char* name : {"filter", "security"}) {
        Table table = world.table();
        table.name = name;
        programs.push_back(compiled(table));
      }
      for (int i = 0; i < 40; ++i) {
        PacketBytes bytes = world.packet_bytes();
        if (bytes.empty()) continue;
        flows.push_back(std::move(bytes));
        devices.push_back(world.device());
      }
    }
    Pair pair{ProgramSet(std::move(programs))};
    Random random(seed);
    for (int burst = 0; burst < 40; ++burst) {
      std::vector<PacketBytes> packets;
      std::vector<InterfaceName> in, out;
      for (int i = 0; i < 32; ++i) {
        const auto n = random.below(static_cast<uint32_t>(flows.size()));
        packets.push_back(flows[n]);
        in.push_back(devices[random.one_in(4) ? random.below(static_cast<uint32_t>(devices.size())) : n]);
        out.push_back(devices[flows.size() - 1 - n]);
      }
      pair.walk(packets, in, out, burst % 2 == 0 ? WireMode::kRouter : WireMode::kWire);
    }
    pair.compare_counters();
  }
}

// The stack's discards look at what no rule asks about, and a known flow still meets them.
TEST(FlowCacheWalk, DiscardsLengthsAndHotRulesOfOneFlow) {
  RuleSpec large = for_protocol(17, StandardVerdict::kDrop);
  const Table raw = TableBuilder(Family::kIpv4, "raw").hook(Hook::kPrerouting, StandardVerdict::kAccept, {large}).build();
  const Table filter = TableBuilder(Family::kIpv4, "filter")
                           .hook(Hook::kForward, StandardVerdict::kDrop, {for_protocol(6, StandardVerdict::kAccept)})
                           .build();
  Pair pair(program_set(raw, filter));
  std::vector<PacketBytes> packets;
  for (int round = 0; round < 3; ++round) {
    packets.push_back(ipv4({.protocol = 6, .ttl = 1, .payload = PacketBytes(20)}));
    packets.push_back(ipv4({.protocol = 6, .ttl = 64, .payload = PacketBytes(20)}));
    packets.push_back(ipv4({.protocol = 6, .ttl = 64, .payload = PacketBytes(1000)}));
    packets.push_back(ipv4({.protocol = 6, .ttl = 64, .fragment_field = 0x4000, .payload = PacketBytes(1600)}));
    packets.push_back(ipv4({.protocol = 6, .ttl = 64, .options = {1, 1, 1, 1}, .payload = PacketBytes(20)}));
    packets.push_back(ipv4({.protocol = 17, .payload = PacketBytes(8)}));
    packets.push_back(ipv4({.protocol = 47}));
  }
  const std::vector<InterfaceName> names(packets.size(), InterfaceName::from("eth0"));
  for (int burst = 0; burst < 3; ++burst) pair.walk(packets, names, names);
  pair.compare_counters();
}

// A table that asks for nothing but a protocol: the keys of both families are then the same.
TEST(FlowCacheWalk, FamiliesShareNoFlow) {
  Pair pair(one_program());
  const PacketBytes four = ipv4({.protocol = 6, .payload = PacketBytes(20)});
  const PacketBytes six = ipv6({.next_header = 6, .payload = PacketBytes(20)});
  const std::vector<InterfaceName> names(3, InterfaceName::from("eth0"));
  pair.walk({six, four, six}, names, names);
  pair.walk({four, six, four}, names, names);
  pair.compare_counters();
}

TEST(FlowCache, AKeyIsWhatRulesAskAboutAndTheWay) {
  FlowCache cache(one_program());
  Key key{};
  key.word[static_cast<unsigned>(Dimension::kMeta)] = 6;
  FlowCache::Question question;
  cache.prepare(key, 1, question);
  EXPECT_EQ(cache.find(question), nullptr);
  Flow flow{};
  flow.stop = Flow::kPasses;
  flow.ends[2] = 5;
  cache.learn(question, flow);
  ASSERT_NE(cache.find(question), nullptr);
  EXPECT_EQ(cache.find(question)->ends[2], 5);

  key.word[static_cast<unsigned>(Dimension::kLength)] = 77;  // no rule asks for these two
  key.word[static_cast<unsigned>(Dimension::kSource0)] = 0x0a000001;
  cache.prepare(key, 1, question);
  EXPECT_NE(cache.find(question), nullptr);
  cache.prepare(key, 2, question);  // another way
  EXPECT_EQ(cache.find(question), nullptr);
  key.word[static_cast<unsigned>(Dimension::kMeta)] = 17;
  cache.prepare(key, 1, question);
  EXPECT_EQ(cache.find(question), nullptr);
}

TEST(FlowCache, RestsWhileKeysDoNotComeBack) {
  FlowCache cache(one_program());
  Key key{};
  FlowCache::Question question;
  uint32_t asked = 0;
  while (cache.awake(1)) {
    key.word[static_cast<unsigned>(Dimension::kMeta)] = ++asked;
    cache.prepare(key, 1, question);
    ASSERT_EQ(cache.find(question), nullptr);
    cache.learn(question, Flow{});
    ASSERT_LT(asked, 100'000U);
  }
  uint64_t rested = 1;
  while (!cache.awake(32)) rested += 32;
  EXPECT_GT(rested, 10 * asked);
  EXPECT_FALSE(FlowCache(ProgramSet()).awake(1));  // nothing to be saved
}

TEST(FlowCache, WaysAreToldApartWhileThereIsRoom) {
  FlowCache cache(one_program());
  const InterfaceName a = InterfaceName::from("a"), b = InterfaceName::from("b");
  const uint32_t way = cache.way(a, b, 0, Family::kIpv4);
  EXPECT_NE(way, 0U);
  EXPECT_EQ(cache.way(a, b, 0, Family::kIpv4), way);
  EXPECT_NE(cache.way(b, a, 0, Family::kIpv4), way);
  EXPECT_NE(cache.way(a, b, 1, Family::kIpv4), way);
  EXPECT_NE(cache.way(a, b, 0, Family::kIpv6), way);
  for (int i = 0; i < 200; ++i) cache.way(InterfaceName::from("eth" + std::to_string(i)), b, 0, Family::kIpv4);
  EXPECT_EQ(cache.way(InterfaceName::from("one too many"), b, 0, Family::kIpv4), 0U);
  EXPECT_EQ(cache.way(a, b, 0, Family::kIpv4), way);
}

}  // namespace
}  // namespace hookline::test
