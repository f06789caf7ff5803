// tests/fuzz/types_fuzz.cpp: every registered match and target by itself: bytes into decode; what it accepts is printed,
// lowered and asked about a packet.
//
// Input: a byte that chooses the type, one for family, protocol and table, then the type's data block, then the packet from
// its IP header on, of any length and content. Both lie on the heap in exactly their size, so that a read behind them is
// found.
#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "table/extension.h"
#include "world/world.h"
#include "xt/registry.h"

namespace hookline {
namespace {

constexpr std::array<uint16_t, 8> kProtocols = {6, 17, 0, 1, 58, 132, 33, 115};

// The bytes of a fuzzer's input, taken from the front.
struct Input {
  const uint8_t* data;
  size_t size;
  uint8_t byte() {
    if (size == 0) return 0;
    --size;
    return *data++;
  }
};

struct Block {
  std::unique_ptr<uint8_t[]> bytes;
  size_t size;
  Block(Input& input, size_t wanted) : bytes(std::make_unique<uint8_t[]>(wanted)), size(wanted) {
    for (size_t i = 0; i < wanted; ++i) bytes[i] = input.byte();
  }
};

void ask(const MatchType& type, const void* info, const MatchContext& context, Packet&) {
  World world;
  std::vector<uint64_t> state((type.state_size + 7U) / 8);
  if (!state.empty()) type.start(info, world, state.data());
  MatchContext with_state = context;
  with_state.state = state.data();
  (void)type.evaluate(info, with_state);
  if (type.lower(info, context.packet.family).boxes.size() > kMaxBoxes) __builtin_trap();
}

void ask(const TargetType& type, const void* info, const MatchContext& context, Packet& packet) {
  World world;
  std::vector<uint64_t> state((type.state_size + 7U) / 8);
  if (!state.empty()) type.start(info, world, state.data());
  TargetContext target(context, packet);
  target.state = state.data();
  (void)type.evaluate(info, target);
}

template <typename Type>
void play(const Type& type, Input input) {
  const uint8_t choice = input.byte();
  const Family family = (type.families & ((choice & 1) == 0 ? kIpv4Only : kIpv6Only)) != 0
                            ? ((choice & 1) == 0 ? Family::kIpv4 : Family::kIpv6)
                            : ((choice & 1) == 0 ? Family::kIpv6 : Family::kIpv4);
  const uint16_t protocol = type.limits.protocol != 0 ? type.limits.protocol : kProtocols[(choice >> 1) % kProtocols.size()];
  const std::string_view table = !type.limits.table.empty() ? type.limits.table : (choice & 0x10) != 0 ? "mangle" : "filter";
  const DecodeContext context{family, table, protocol, (choice & 0x20) != 0, (choice & 0x40) == 0};
  const size_t whole = (type.abi_size + 7U) & ~7U;
  const size_t size = (choice & 0x80) != 0 ? std::min(whole, input.size) : whole;
  const Block data(input, size);
  std::vector<uint64_t> info((std::max<size_t>(type.decoded_size, 1) + 7) / 8);
  if (const auto done = type.decode({data.bytes.get(), data.size}, context, info.data()); !done) {
    if (done.error().found.empty()) __builtin_trap();
    return;
  }
  if (size < type.abi_size) __builtin_trap();
  TextOut out(family);
  type.print(info.data(), out);
  const bool refused = type.refused != nullptr && !type.refused(info.data()).empty();
  if (type.evaluate == nullptr && !refused) __builtin_trap();
  if (refused) return;  // no Program holds it, and nobody asks it
  if (type.valid != nullptr && !type.valid(info.data())) __builtin_trap();
  const uint32_t header = family == Family::kIpv4 ? 20 : 40;
  const uint32_t l4_offset = header + input.byte(), fragment_offset = input.byte() % 4U;
  Block bytes(input, std::max<size_t>(header, std::min<size_t>(input.size, 2048)));
  Packet packet;
  packet.data = bytes.bytes.get();
  packet.length = static_cast<uint32_t>(bytes.size);
  packet.family = family;
  ask(type, info.data(), {packet, Hook::kForward, l4_offset, fragment_offset}, packet);
}

}  // namespace
}  // namespace hookline

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace hookline;
  if (size < 2) return 0;
  const size_t matches = xt::match_types().size(), number = data[0] % (matches + xt::target_types().size());
  const Input input{data + 1, size - 1};
  if (number < matches)
    play(*xt::match_types()[number], input);
  else
    play(*xt::target_types()[number - matches], input);
  return 0;
}
