// Programs with bytes flipped and the checksum made right again: the verifier refuses them, or both walks stay in bounds and
// end. (Run under AddressSanitizer to see a read out of bounds; without it a wild one still crashes.)
#include <gtest/gtest.h>

#include <cstring>

#include "classify/classify.h"
#include "classify/format.h"
#include "classify/internals.h"
#include "compile/compile.h"
#include "support/random_table.h"

namespace hookline {
namespace {

using test::RandomWorld;
using test::TableShape;

void seal(std::vector<uint8_t>& region) {
  const uint64_t sum = region_checksum(region);
  std::memcpy(region.data() + offsetof(format::Header, checksum), &sum, sizeof sum);
}

std::vector<uint8_t> bytes_of(const Program& program) {
  const Bytes bytes = program.bytes();
  return {bytes.begin(), bytes.end()};
}

struct Flips {
  unsigned refused = 0, run = 0;
};

void try_region(const std::vector<uint8_t>& region, RandomWorld& world, Family family, Flips& flips) {
  auto loaded = LoadedProgram::load(Program::copy_of(region));
  if (!loaded) {
    ++flips.refused;
    return;
  }
  ++flips.run;
  if ((*loaded)->family() != family) return;
  Scratch scratch(**loaded);
  for (unsigned h = 0; h < kHookCount; ++h) {
    if (!(*loaded)->has_hook(static_cast<Hook>(h))) continue;
    for (unsigned n = 0; n < 4; ++n) {
      std::vector<uint8_t> bytes = world.packet_bytes();
      const InterfaceName in = world.device(), out = world.device();
      Packet packet;
      packet.data = bytes.data();
      packet.length = static_cast<uint32_t>(bytes.size());
      packet.family = family;
      packet.in = &in;
      packet.out = &out;
      Packet* pointer = &packet;
      Outcome outcome;
      classify(**loaded, static_cast<Hook>(h), {&pointer, 1}, scratch, {&outcome, 1});
      for (const Bump& bump : outcome.bumps) ASSERT_LT(index_of(bump.rule), (*loaded)->rule_count());
      classify_linear(**loaded, static_cast<Hook>(h), {&pointer, 1}, scratch, {&outcome, 1});
      for (const Bump& bump : outcome.bumps) ASSERT_LT(index_of(bump.rule), (*loaded)->rule_count());
    }
  }
}

// Every byte of the program, but of the Hyperscan database only some: its own check sum guards it.
void flip_all(const TableShape& shape, const CompileOptions& options, uint64_t seed, Flips& flips) {
  RandomWorld world(seed, shape);
  auto compiled = compile(world.table(), options);
  ASSERT_TRUE(compiled);
  const std::vector<uint8_t> good = bytes_of(compiled->program);
  ASSERT_TRUE(verify_program(compiled->program.bytes()));
  const auto& header = *reinterpret_cast<const format::Header*>(compiled->program.bytes().data());
  const size_t database = size_t{header.database.ref} * 8;
  for (size_t at = 0; at < good.size(); ++at) {
    if (at >= database && at < database + header.database.count && at % 97 != 0) continue;
    for (const uint8_t flip : {uint8_t{1}, static_cast<uint8_t>(1 + world.random().below(255)), uint8_t{0x80}}) {
      std::vector<uint8_t> bad = good;
      bad[at] ^= flip;
      seal(bad);
      try_region(bad, world, shape.family, flips);
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

TEST(VerifyProgram, EveryByteFlipped) {
  Flips flips;
  CompileOptions subroutines;
  subroutines.flatten = false;
  flip_all({.family = Family::kIpv4, .chains = 2, .rules = 6}, {}, 3, flips);
  flip_all({.family = Family::kIpv6, .chains = 2, .rules = 6}, {}, 4, flips);
  flip_all({.family = Family::kIpv4, .chains = 3, .rules = 6, .jump_percent = 50}, subroutines, 5, flips);
  printf("%u flips refused, %u run\n", flips.refused, flips.run);
  EXPECT_GT(flips.refused, 1000U);
  EXPECT_GT(flips.run, 1000U);
}

TEST(VerifyProgram, WordsReplaced) {
  Flips flips;
  RandomWorld world(9, {.family = Family::kIpv4, .chains = 3, .rules = 12, .jump_percent = 40});
  CompileOptions options;
  options.leaf_size = 1;
  options.patterns = false;
  auto compiled = compile(world.table(), options);
  ASSERT_TRUE(compiled);
  const std::vector<uint8_t> good = bytes_of(compiled->program);
  for (unsigned round = 0; round < 20000; ++round) {
    std::vector<uint8_t> bad = good;
    for (uint32_t n = 1 + world.random().below(3); n > 0; --n) {
      const uint32_t at = world.random().below(static_cast<uint32_t>(good.size() / 4)) * 4;
      const uint32_t values[] = {0,
                                 1,
                                 0xffffffff,
                                 0x80000000,
                                 world.random().word(),
                                 world.random().below(64),
                                 world.random().below(static_cast<uint32_t>(good.size() / 8)),
                                 0x80000000 | world.random().below(static_cast<uint32_t>(good.size() / 8))};
      std::memcpy(bad.data() + at, &values[world.random().below(8)], 4);
    }
    seal(bad);
    try_region(bad, world, Family::kIpv4, flips);
    if (testing::Test::HasFatalFailure()) return;
  }
  printf("%u replaced regions refused, %u run\n", flips.refused, flips.run);
  EXPECT_GT(flips.refused, 1000U);
}

TEST(VerifyProgram, TruncatedAndForeign) {
  RandomWorld world(11, {});
  auto compiled = compile(world.table(), {});
  ASSERT_TRUE(compiled);
  std::vector<uint8_t> good = bytes_of(compiled->program);
  for (size_t size = 0; size < good.size(); size += 8) {
    const std::vector<uint8_t> cut(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(verify_program(Program::copy_of(cut).bytes())) << size;
  }
  good[good.size() / 2] ^= 1;
  const auto refused = verify_program(Program::copy_of(good).bytes());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().front().text(), "program: a wrong checksum, expected that of its bytes");
}

}  // namespace
}  // namespace hookline
