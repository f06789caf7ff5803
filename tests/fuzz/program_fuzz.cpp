// Flips bytes of a good Program, or takes the input for one, and gives it to the verifier: refused, or both walks stay in
// bounds and end. Input: a byte that chooses the table (bit 7: the rest is a whole region), then records of four bytes,
// place (24 bits) and xor (8 bits). The checksum is made right again, as it is no guard against intent.
#include <array>
#include <cstring>
#include <vector>

#include "classify/classify.h"
#include "classify/format.h"
#include "classify/internals.h"
#include "compile/compile.h"
#include "support/random_table.h"

namespace hookline {
namespace {

struct Sample {
  Family family;
  std::vector<uint8_t> region;
};

std::vector<Sample> make_samples() {
  std::vector<Sample> samples;
  for (uint32_t i = 0; i < 8; ++i) {
    const Family family = i % 2 == 0 ? Family::kIpv4 : Family::kIpv6;
    test::RandomWorld world(i + 1, {.family = family, .chains = 3, .rules = 8 + 10 * (i / 4), .jump_percent = 40});
    CompileOptions options;
    options.flatten = (i & 2) == 0;
    options.patterns = false;  // the database is Hyperscan's to check
    options.leaf_size = 2;
    auto compiled = compile(world.table(), options);
    if (!compiled) __builtin_trap();
    const Bytes bytes = compiled->program.bytes();
    samples.push_back({family, {bytes.begin(), bytes.end()}});
  }
  return samples;
}

void walk_all(const LoadedProgram& program, uint64_t seed) {
  test::RandomWorld world(seed, {.family = program.family()});
  Scratch scratch(program);
  for (unsigned h = 0; h < kHookCount; ++h) {
    if (!program.has_hook(static_cast<Hook>(h))) continue;
    for (unsigned n = 0; n < 8; ++n) {
      std::vector<uint8_t> bytes = world.packet_bytes();
      const InterfaceName in = world.device(), out = world.device();
      Packet packet;
      packet.data = bytes.data();
      packet.length = static_cast<uint32_t>(bytes.size());
      packet.family = program.family();
      packet.in = &in;
      packet.out = &out;
      Packet* pointer = &packet;
      Outcome outcome;
      classify(program, static_cast<Hook>(h), {&pointer, 1}, scratch, {&outcome, 1});
      for (const Bump& bump : outcome.bumps)
        if (index_of(bump.rule) >= program.rule_count()) __builtin_trap();
      classify_linear(program, static_cast<Hook>(h), {&pointer, 1}, scratch, {&outcome, 1});
      for (const Bump& bump : outcome.bumps)
        if (index_of(bump.rule) >= program.rule_count()) __builtin_trap();
    }
  }
}

}  // namespace
}  // namespace hookline

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace hookline;
  static const std::vector<Sample> samples = make_samples();
  if (size == 0) return 0;
  std::vector<uint8_t> region;
  if ((data[0] & 0x80) != 0) {
    region.assign(data + 1, data + size);
  } else {
    region = samples[data[0] % samples.size()].region;
    for (size_t at = 1; at + 4 <= size; at += 4) {
      const uint32_t place = data[at] | uint32_t{data[at + 1]} << 8 | uint32_t{data[at + 2]} << 16;
      region[place % region.size()] ^= data[at + 3];
    }
  }
  if (region.size() >= sizeof(format::Header)) {
    const uint64_t sum = region_checksum(region);
    std::memcpy(region.data() + offsetof(format::Header, checksum), &sum, sizeof sum);
  }
  if (auto loaded = LoadedProgram::load(Program::copy_of(region))) walk_all(**loaded, size);
  return 0;
}
