// Random tables and packets: the indexed look-up in every runnable instruction set, with every pass switched off and every
// limit at its least, and the linear walk, against the reference traversal. HOOKLINE_SEED and HOOKLINE_ROUNDS choose a run.
#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>

#include "classify/classify.h"
#include "classify/isa.h"
#include "compile/compile.h"
#include "reference/reference.h"
#include "support/random_table.h"

namespace hookline {
namespace {

using test::RandomWorld;
using test::TableShape;

uint64_t number_from(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 0);
}

struct Variant {
  const char* name;
  std::function<void(CompileOptions&)> change;
};
const std::vector<Variant> kVariants = {
    {"default", [](CompileOptions&) {}},
    {"flatten off", [](CompileOptions& o) { o.flatten = false; }},
    {"remove_unreachable off", [](CompileOptions& o) { o.remove_unreachable = false; }},
    {"prune_covered off", [](CompileOptions& o) { o.prune_covered = false; }},
    {"index off", [](CompileOptions& o) { o.index = false; }},
    {"split_boxes off", [](CompileOptions& o) { o.split_boxes = false; }},
    {"patterns off", [](CompileOptions& o) { o.patterns = false; }},
    {"flatten_budget 0", [](CompileOptions& o) { o.flatten_budget = 0; }},
    {"copy_budget 0", [](CompileOptions& o) { o.copy_budget = 0; }},
    {"leaf_size 1", [](CompileOptions& o) { o.leaf_size = 1; }},
};

// What an Outcome says, in a form that outlives the scratch.
struct Answer {
  Verdict verdict;
  bool hotdrop;
  uint8_t reject_with;
  uint16_t queue;
  std::vector<Bump> bumps;
  bool operator==(const Answer&) const = default;
};
Answer keep(const Outcome& o) { return {o.verdict, o.hotdrop, o.reject_with, o.queue, {o.bumps.begin(), o.bumps.end()}}; }
std::string text(const Answer& a) {
  std::string result = "verdict " + std::to_string(static_cast<int>(a.verdict)) + (a.hotdrop ? " hotdrop" : "") +
                       " reject " + std::to_string(a.reject_with) + " rules";
  for (const Bump& bump : a.bumps) result += " " + std::to_string(index_of(bump.rule));
  return result;
}

void compare_all(const TableShape& shape, uint64_t seed, uint64_t& packets_seen, uint64_t& indexed) {
  RandomWorld world(seed, shape);
  const Table table = world.table();
  constexpr size_t kPackets = 100;
  std::vector<std::vector<uint8_t>> bytes;
  std::vector<InterfaceName> devices(2 * kPackets);
  std::vector<Packet> packets;
  for (size_t i = 0; i < kPackets; ++i) {
    bytes.push_back(world.packet_bytes());
    devices[2 * i] = world.device();
    devices[2 * i + 1] = world.device();
  }
  for (size_t i = 0; i < kPackets; ++i) {
    Packet packet;
    packet.data = bytes[i].data();
    packet.length = static_cast<uint32_t>(bytes[i].size());
    packet.family = shape.family;
    packet.in = &devices[2 * i];
    packet.out = &devices[2 * i + 1];
    packet.mark = world.mark();
    packet.time_ns = (packets.empty() ? 0 : packets.back().time_ns) + world.random().below(5'000'000);
    packets.push_back(packet);
  }
  std::vector<Packet*> pointers;
  for (Packet& packet : packets) pointers.push_back(&packet);

  for (const Hook hook : {Hook::kInput, Hook::kForward, Hook::kOutput}) {
    ReferenceEngine reference(table);
    std::vector<Answer> expected;
    for (Packet& packet : packets) expected.push_back(keep(reference.walk(hook, packet)));
    packets_seen += kPackets;
    for (const Variant& variant : kVariants) {
      CompileOptions options;
      variant.change(options);
      auto compiled = compile(table, options);
      ASSERT_TRUE(compiled) << compiled.error().front().text();
      auto loaded = LoadedProgram::load(std::move(compiled->program));
      ASSERT_TRUE(loaded) << loaded.error().front().text() << " seed " << seed << ' ' << variant.name;
      const auto run = [&](const char* engine, auto&& walk) {
        Scratch scratch(**loaded);  // what rules remember begins with it
        for (size_t first = 0, burst = 1; first < kPackets; first += burst, burst = burst % kMaxBurst + 6) {
          burst = std::min(std::min(burst, kMaxBurst), kPackets - first);
          std::vector<Outcome> outcomes(burst);
          walk(**loaded, hook, std::span<Packet* const>(pointers).subspan(first, burst), scratch,
               std::span<Outcome>(outcomes));
          for (size_t i = 0; i < burst; ++i) {
            indexed += outcomes[i].by_linear ? 0 : 1;
            ASSERT_EQ(text(keep(outcomes[i])), text(expected[first + i]))
                << engine << ", " << variant.name << ", seed " << seed << ", hook " << hook_name(hook) << ", packet "
                << first + i;
          }
        }
      };
      run("linear", classify_linear);
      for (const Isa isa : runnable_isas()) {
        ASSERT_TRUE(force_isa(isa_name(isa)));
        run(std::string(isa_name(isa)).c_str(), classify);
        if (testing::Test::HasFatalFailure()) return;
      }
    }
  }
}

void campaign(const TableShape& shape, uint64_t rounds) {
  const uint64_t seed = number_from("HOOKLINE_SEED", 1);
  rounds = number_from("HOOKLINE_ROUNDS", rounds);
  uint64_t packets = 0, indexed = 0;
  for (uint64_t round = 0; round < rounds && !testing::Test::HasFatalFailure(); ++round)
    compare_all(shape, seed + round, packets, indexed);
  printf("seeds %llu..%llu: %llu walks of the reference, %llu answers of the other engines not by fallback\n",
         static_cast<unsigned long long>(seed), static_cast<unsigned long long>(seed + rounds - 1),
         static_cast<unsigned long long>(packets), static_cast<unsigned long long>(indexed));
}

TEST(ClassifyRandom, SmallIpv4) { campaign({.family = Family::kIpv4, .chains = 3, .rules = 4}, 60); }
TEST(ClassifyRandom, SmallIpv6) { campaign({.family = Family::kIpv6, .chains = 3, .rules = 4}, 60); }
TEST(ClassifyRandom, DeepChains) { campaign({.family = Family::kIpv4, .chains = 12, .rules = 5, .jump_percent = 50}, 25); }
TEST(ClassifyRandom, DeepChainsIpv6) {
  campaign({.family = Family::kIpv6, .chains = 12, .rules = 5, .jump_percent = 50}, 25);
}
TEST(ClassifyRandom, LongChains) {
  campaign({.family = Family::kIpv4, .chains = 5, .rules = 120, .devices = 30, .jump_percent = 10, .plain_percent = 3}, 6);
}
TEST(ClassifyRandom, LongChainsIpv6) {
  campaign({.family = Family::kIpv6, .chains = 5, .rules = 120, .devices = 30, .jump_percent = 10, .plain_percent = 3}, 6);
}

// A cell of the index's builder whose entries have been halved so unevenly that they have more than sixteen weights.
TEST(ClassifyRandom, EntriesOfManyWeights) {
  uint64_t packets = 0, indexed = 0;
  compare_all({.family = Family::kIpv4, .chains = 4, .rules = 9, .jump_percent = 30}, 0x2d00000a2a00000b, packets, indexed);
}

TEST(ClassifyRandom, RulesThatRemember) {
  campaign({.family = Family::kIpv4, .chains = 4, .rules = 8, .jump_percent = 35, .stateful = true}, 80);
}
TEST(ClassifyRandom, RulesThatRememberIpv6) {
  campaign({.family = Family::kIpv6, .chains = 4, .rules = 8, .jump_percent = 35, .stateful = true}, 40);
}

}  // namespace
}  // namespace hookline
