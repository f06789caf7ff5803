#include "key.h"

#include <algorithm>

#include "base/bytes.h"

namespace hookline::test {
namespace {

// Bytes of L4 header that an indexable packet of this protocol has.
uint32_t header_bytes(uint8_t protocol) {
  switch (protocol) {
    case 6:
      return 20;
    case 17:
    case 136:
    case 1:
    case 58:
      return 8;
    case 132:
    case 33:
      return 12;
    default:
      return 0;
  }
}

bool fill_l4(const Packet& packet, uint8_t protocol, uint32_t offset, Key& key) {
  uint32_t& meta = key.words[static_cast<size_t>(Dimension::kMeta)];
  meta = protocol;
  key.l4_offset = offset;
  const uint32_t needed = header_bytes(protocol);
  if (offset > packet.length || packet.length - offset < needed) return false;
  if (needed == 0) return true;
  const uint8_t* header = packet.data + offset;
  if (protocol == 1 || protocol == 58) {
    meta |= static_cast<uint32_t>(header[0]) << kMetaL4HighShift | static_cast<uint32_t>(header[1]) << kMetaL4LowShift;
    return true;
  }
  key.words[static_cast<size_t>(Dimension::kSourcePort)] = load_be16(header);
  key.words[static_cast<size_t>(Dimension::kDestinationPort)] = load_be16(header + 2);
  if (protocol == 6) meta |= static_cast<uint32_t>(header[13]) << kMetaL4LowShift;
  return true;
}

}  // namespace

std::optional<Key> key_of(const Packet& packet) {
  Key key;
  auto& words = key.words;
  const auto word = [&](Dimension dimension) -> uint32_t& { return words[static_cast<size_t>(dimension)]; };
  word(Dimension::kMark) = packet.mark;
  if (packet.family == Family::kIpv4) {
    word(Dimension::kSource0) = load_be32(packet.data + 12);
    word(Dimension::kDestination0) = load_be32(packet.data + 16);
    word(Dimension::kLength) = load_be16(packet.data + 2);
    word(Dimension::kTtl) = packet.data[8];
    key.fragment_offset = load_be16(packet.data + 6) & 0x1fffU;
    const uint8_t protocol = packet.data[9];
    if (key.fragment_offset != 0) {
      if (key.fragment_offset == 1 && protocol == 6) return std::nullopt;
      word(Dimension::kMeta) = protocol | kShapeLaterFragment << kMetaShapeShift;
      key.l4_offset = (packet.data[0] & 0xfU) * 4;
      return key;
    }
    if (!fill_l4(packet, protocol, (packet.data[0] & 0xfU) * 4, key)) return std::nullopt;
    return key;
  }
  for (unsigned i = 0; i < 4; ++i) {
    words[static_cast<size_t>(Dimension::kSource0) + i] = load_be32(packet.data + 8 + size_t{4} * i);
    words[static_cast<size_t>(Dimension::kDestination0) + i] = load_be32(packet.data + 24 + size_t{4} * i);
  }
  word(Dimension::kLength) = packet.length;
  word(Dimension::kTtl) = packet.data[7];
  uint8_t next = packet.data[6];
  uint32_t offset = 40;
  while (next == 0 || next == 43 || next == 44 || next == 51 || next == 60) {
    if (offset + 8 > packet.length) return std::nullopt;
    const uint8_t* header = packet.data + offset;
    if (next == 44 && (load_be16(header + 2) & ~7U) != 0) return std::nullopt;
    offset += next == 44 ? 8U : next == 51 ? (header[1] + 2U) * 4 : (header[1] + 1U) * 8;
    next = header[0];
  }
  if (!fill_l4(packet, next, offset, key)) return std::nullopt;
  return key;
}

bool lies_in(const Lowered& lowered, const Key& key) {
  const auto holds = [&](const WordTest& test) {
    const uint32_t value = key.words[static_cast<size_t>(test.dimension)];
    switch (test.op) {
      case WordTest::Op::kMaskedEqual:
        return (value & test.b) == test.a;
      case WordTest::Op::kMaskedNotEqual:
        return (value & test.b) != test.a;
      case WordTest::Op::kRange:
        return value >= test.a && value <= test.b;
    }
    return false;
  };
  return std::any_of(lowered.boxes.begin(), lowered.boxes.end(),
                     [&](const Box& box) { return std::all_of(box.begin(), box.end(), holds); });
}

std::optional<std::string> contradiction(const Lowered& lowered, const Key& key, Answer answer) {
  if (lowered.boxes.size() > kMaxBoxes) return std::to_string(lowered.boxes.size()) + " boxes";
  const bool inside = lies_in(lowered, key);
  if (answer == Answer::kHotdrop || answer == Answer::kYesHotdrop) {
    if (!lowered.may_hotdrop) return "evaluate drops the packet, the lowered form excludes it";
    return inside ? std::nullopt : std::optional<std::string>("evaluate drops a packet outside the boxes");
  }
  if (answer == Answer::kYes && !inside) return "evaluate says yes outside the boxes";
  if (answer == Answer::kNo && inside && lowered.exact) return "evaluate says no inside exact boxes";
  return std::nullopt;
}

}  // namespace hookline::test
