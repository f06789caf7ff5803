// Rules and packets from the input, all engines, abort on a difference. The first eight bytes choose the table (a hand-built
// random one), two the hook and the packet's family follows; the rest are packets, each behind a length byte, bent at will.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "classify/classify.h"
#include "classify/isa.h"
#include "compile/compile.h"
#include "reference/reference.h"
#include "support/random_table.h"

namespace {

using namespace hookline;

bool same(const Outcome& a, const Outcome& b) {
  return a.verdict == b.verdict && a.hotdrop == b.hotdrop && a.reject_with == b.reject_with && a.queue == b.queue &&
         std::equal(a.bumps.begin(), a.bumps.end(), b.bumps.begin(), b.bumps.end());
}

[[noreturn]] void differ(const char* engine, const std::vector<uint8_t>& bytes) {
  std::fprintf(stderr, "%s differs from the reference on packet ", engine);
  for (const uint8_t byte : bytes) std::fprintf(stderr, "%02x", byte);
  std::fprintf(stderr, "\n");
  std::abort();
}

// What the stack lets through to a hook: a whole header, and for IPv4 the version and length fields that fit.
bool reaches_a_hook(const std::vector<uint8_t>& bytes, Family family) {
  if (family == Family::kIpv6) return bytes.size() >= 40;
  return bytes.size() >= 20 && (bytes[0] & 0xfU) >= 5 && (bytes[0] & 0xfU) * 4U <= bytes.size();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 12) return 0;
  uint64_t seed = 0;
  std::memcpy(&seed, data, sizeof seed);
  const Family family = (data[8] & 1) == 0 ? Family::kIpv4 : Family::kIpv6;
  test::RandomWorld world(seed,
                          {.family = family, .chains = 1U + data[9] % 5, .rules = 1U + data[10] % 24, .jump_percent = 30});
  const Table& table = world.table();
  auto compiled = compile(table);
  if (!compiled) std::abort();
  auto program = LoadedProgram::load(std::move(compiled->program));
  if (!program) std::abort();
  Scratch scratch(**program);
  ReferenceEngine reference(table);
  const std::vector<Isa> isas = runnable_isas();

  for (size_t at = 11; at < size;) {
    const size_t length = std::min<size_t>(data[at], size - at - 1);
    std::vector<uint8_t> bytes = world.packet_bytes();
    for (size_t i = 0; i < length && i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(bytes[i] ^ data[at + 1 + i]);
    at += 1 + length;
    if (!reaches_a_hook(bytes, family)) continue;
    const InterfaceName in = world.device(), out = world.device();
    Packet packet;
    packet.data = bytes.data();
    packet.length = static_cast<uint32_t>(bytes.size());
    packet.family = family;
    packet.in = &in;
    packet.out = &out;
    Packet* pointer = &packet;
    for (unsigned h = 0; h < kHookCount; ++h) {
      const auto hook = static_cast<Hook>(h);
      if (!table.has_hook(hook)) continue;
      const Outcome expected = reference.walk(hook, packet);
      Outcome outcome;
      classify_linear(**program, hook, {&pointer, 1}, scratch, {&outcome, 1});
      if (!same(outcome, expected)) differ("linear", bytes);
      for (const Isa isa : isas) {
        if (!force_isa(isa_name(isa))) std::abort();
        classify(**program, hook, {&pointer, 1}, scratch, {&outcome, 1});
        if (!same(outcome, expected)) differ(isa_name(isa).data(), bytes);
      }
    }
  }
  return 0;
}
