// tests/support/packets.h: builds IP packets byte by byte for unit tests. Fields can be spoiled afterwards; fix_ipv4() makes
// length and checksum true again.
#pragma once

#include <arpa/inet.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "packet/packet.h"

namespace hookline::test {

using PacketBytes = std::vector<uint8_t>;

inline uint16_t internet_checksum(const uint8_t* data, size_t size) {
  uint32_t sum = 0;
  for (size_t i = 0; i + 1 < size; i += 2) sum += load_be16(data + i);
  if (size % 2 != 0) sum += static_cast<uint32_t>(data[size - 1]) << 8;
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<uint16_t>(~sum);
}

// Writes total length and header checksum as they should be.
inline void fix_ipv4(PacketBytes& packet) {
  store_be16(packet.data() + 2, static_cast<uint16_t>(packet.size()));
  store_be16(packet.data() + 10, 0);
  store_be16(packet.data() + 10, internet_checksum(packet.data(), (packet[0] & 0xfU) * 4));
}

struct Ipv4Spec {
  std::string source = "10.0.0.1", destination = "10.0.1.1";
  uint8_t protocol = 17, ttl = 64, tos = 0;
  uint16_t id = 1;
  uint16_t fragment_field = 0;        // flags and offset in units of 8 bytes, as on the wire
  std::vector<uint8_t> options = {};  // a multiple of 4 bytes
  std::vector<uint8_t> payload = {0x12, 0x34, 0, 53, 0, 8, 0, 0};
};

inline PacketBytes ipv4(const Ipv4Spec& spec) {
  PacketBytes packet(20);
  packet[0] = static_cast<uint8_t>(0x40 | (5 + spec.options.size() / 4));
  packet[1] = spec.tos;
  store_be16(packet.data() + 4, spec.id);
  store_be16(packet.data() + 6, spec.fragment_field);
  packet[8] = spec.ttl;
  packet[9] = spec.protocol;
  inet_pton(AF_INET, spec.source.c_str(), packet.data() + 12);
  inet_pton(AF_INET, spec.destination.c_str(), packet.data() + 16);
  packet.insert(packet.end(), spec.options.begin(), spec.options.end());
  packet.insert(packet.end(), spec.payload.begin(), spec.payload.end());
  fix_ipv4(packet);
  return packet;
}

struct Ipv6Spec {
  std::string source = "2001:db8::1", destination = "2001:db8:1::1";
  uint8_t next_header = 17, hop_limit = 64;
  std::vector<uint8_t> payload = {0x12, 0x34, 0, 53, 0, 8, 0, 0};
};

inline PacketBytes ipv6(const Ipv6Spec& spec) {
  PacketBytes packet(40);
  packet[0] = 0x60;
  store_be16(packet.data() + 4, static_cast<uint16_t>(spec.payload.size()));
  packet[6] = spec.next_header;
  packet[7] = spec.hop_limit;
  inet_pton(AF_INET6, spec.source.c_str(), packet.data() + 8);
  inet_pton(AF_INET6, spec.destination.c_str(), packet.data() + 24);
  packet.insert(packet.end(), spec.payload.begin(), spec.payload.end());
  return packet;
}

// A view of `bytes` as a hook gets it.
inline Packet as_packet(PacketBytes& bytes, const InterfaceName& in = kNoInterface,
                        const InterfaceName& out = kNoInterface) {
  Packet packet;
  packet.data = bytes.data();
  packet.length = static_cast<uint32_t>(bytes.size());
  packet.family = !bytes.empty() && bytes[0] >> 4 == 6 ? Family::kIpv6 : Family::kIpv4;
  packet.in = &in;
  packet.out = &out;
  return packet;
}

}  // namespace hookline::test
