// The key parser against a plain parser that is written from the formats, over random packets of both families.
#include "classify/key.h"

#include <gtest/gtest.h>

#include <optional>

#include "support/random_table.h"

namespace hookline {
namespace {

struct PlainKey {
  std::vector<uint32_t> source, destination;
  uint32_t source_port = 0, destination_port = 0, protocol = 0, low = 0, high = 0, later = 0, length = 0, ttl = 0;
  uint32_t l4 = 0, fragment = 0;
};

uint32_t number_at(const std::vector<uint8_t>& bytes, size_t at, size_t size) {
  uint32_t value = 0;
  for (size_t i = 0; i < size; ++i) value = value * 256 + bytes.at(at + i);
  return value;
}

// Nothing: some header is short, lies, or is one that only the linear walk handles.
std::optional<PlainKey> plain_parse(const std::vector<uint8_t>& bytes, Family family) {
  PlainKey key;
  try {
    if (family == Family::kIpv4) {
      key.source = {number_at(bytes, 12, 4)};
      key.destination = {number_at(bytes, 16, 4)};
      key.length = number_at(bytes, 2, 2);
      key.ttl = bytes.at(8);
      key.protocol = bytes.at(9);
      key.l4 = bytes.at(0) % 16 * 4;
      if (key.l4 < 20) return {};
      bytes.at(key.l4 - 1);
      key.fragment = number_at(bytes, 6, 2) % 0x2000;
      key.later = key.fragment != 0 ? 1 : 0;
      if (key.fragment == 1 && key.protocol == 6) return {};
    } else {
      for (size_t i = 0; i < 4; ++i) {
        key.source.push_back(number_at(bytes, 8 + 4 * i, 4));
        key.destination.push_back(number_at(bytes, 24 + 4 * i, 4));
      }
      key.length = static_cast<uint32_t>(bytes.size());
      key.ttl = bytes.at(7);
      key.protocol = bytes.at(6);
      key.l4 = 40;
      while (key.protocol == 0 || key.protocol == 43 || key.protocol == 44 || key.protocol == 51 || key.protocol == 60) {
        uint32_t size = (bytes.at(key.l4 + 1) + 1U) * 8;
        if (key.protocol == 44) {
          size = 8;
          if (number_at(bytes, key.l4 + 2, 2) / 8 != 0) return {};
        }
        if (key.protocol == 51) size = (bytes.at(key.l4 + 1) + 2U) * 4;
        key.protocol = bytes.at(key.l4);
        bytes.at(key.l4 + size - 1);
        key.l4 += size;
      }
    }
    if (key.later != 0) return key;
    switch (key.protocol) {
      case 6:
        bytes.at(key.l4 + 19);
        key.low = bytes.at(key.l4 + 13);
        break;
      case 17:
      case 136:
        bytes.at(key.l4 + 7);
        break;
      case 33:
      case 132:
        bytes.at(key.l4 + 11);
        break;
      case 1:
      case 58:
        bytes.at(key.l4 + 7);
        key.high = bytes.at(key.l4);
        key.low = bytes.at(key.l4 + 1);
        return key;
      default:
        return key;
    }
    key.source_port = number_at(bytes, key.l4, 2);
    key.destination_port = number_at(bytes, key.l4 + 2, 2);
    return key;
  } catch (const std::out_of_range&) {
    return {};
  }
}

void compare(Family family) {
  test::RandomWorld world(7, {.family = family});
  unsigned indexable = 0, other = 0;
  for (unsigned round = 0; round < 50000; ++round) {
    std::vector<uint8_t> bytes = world.packet_bytes();
    if (round % 16 == 0) bytes.resize(world.random().below(80));
    Packet packet;
    packet.data = bytes.data();
    packet.length = static_cast<uint32_t>(bytes.size());
    packet.family = family;
    packet.mark = round;
    Key key{};
    Offsets offsets;
    const auto plain = plain_parse(bytes, family);
    ASSERT_EQ(parse_key(packet, key, offsets), plain.has_value()) << round;
    (plain ? indexable : other) += 1;
    if (!plain) continue;
    const auto word = [&](Dimension d) { return key.word[static_cast<unsigned>(d)]; };
    for (unsigned i = 0; i < 4; ++i) {
      ASSERT_EQ(key.word[i], i < plain->source.size() ? plain->source[i] : 0);
      ASSERT_EQ(key.word[4 + i], i < plain->destination.size() ? plain->destination[i] : 0);
    }
    ASSERT_EQ(word(Dimension::kSourcePort), plain->source_port);
    ASSERT_EQ(word(Dimension::kDestinationPort), plain->destination_port);
    ASSERT_EQ(word(Dimension::kMeta), plain->protocol | plain->low << 8 | plain->high << 16 | plain->later << 24);
    ASSERT_EQ(word(Dimension::kLength), plain->length);
    ASSERT_EQ(word(Dimension::kTtl), plain->ttl);
    ASSERT_EQ(word(Dimension::kMark), round);
    ASSERT_EQ(offsets.l4, plain->l4);
    ASSERT_EQ(offsets.fragment, plain->fragment);
  }
  EXPECT_GT(indexable, 20000U);
  EXPECT_GT(other, 1000U);
}

TEST(Key, Ipv4) { compare(Family::kIpv4); }
TEST(Key, Ipv6) { compare(Family::kIpv6); }

}  // namespace
}  // namespace hookline
