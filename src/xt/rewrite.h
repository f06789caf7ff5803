// xt/rewrite.h: how targets change header fields in place, with the checksums that cover them.
//
// A checksum is changed by the difference, never computed anew: one that was wrong stays wrong by as much. The kernel has
// three ways to do it, and they differ in which of the two zeros of ones' complement they leave; each is here by its name.
// All values are numbers in host order; the sum does not care (RFC 1071, RFC 1624).
#pragma once

#include <cstdint>
#include <cstring>

#include "base/bytes.h"
#include "packet/packet.h"

namespace hookline::xt {

// Kernel: csum16_add().
inline uint16_t checksum_add16(uint16_t a, uint16_t b) {
  const uint32_t sum = uint32_t{a} + b;
  return static_cast<uint16_t>(sum + (sum >> 16));
}

// Of a header's own checksum. Kernel: csum_replace2().
inline void replace_in_header_checksum(uint8_t* checksum, uint16_t from, uint16_t to) {
  const auto sum = static_cast<uint16_t>(~load_be16(checksum));
  const uint16_t without = checksum_add16(sum, static_cast<uint16_t>(~from));
  store_be16(checksum, static_cast<uint16_t>(~checksum_add16(without, to)));
}

// Of a checksum over a pseudo header and payload. Kernel: inet_proto_csum_replace4() and 2(), of a packet whose checksum is
// complete.
inline void replace_in_checksum(uint8_t* checksum, uint32_t from, uint32_t to) {
  uint64_t sum = uint64_t{0xffffffff ^ load_be16(checksum)} + (0xffffffff ^ from) + to;
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  store_be16(checksum, static_cast<uint16_t>(~sum));
}

// TOS byte or traffic class. False: it had this value, and nothing changes. Kernel: ipv4_change_dsfield(),
// ipv6_change_dsfield().
inline bool set_traffic_class(Packet& packet, uint8_t value) {
  uint8_t* ip = packet.data;
  if (packet.family == Family::kIpv6) {
    const uint16_t before = load_be16(ip);
    const auto after = static_cast<uint16_t>((before & 0xf00f) | value << 4);
    store_be16(ip, after);
    return before != after;
  }
  if (ip[1] == value) return false;
  uint32_t check = load_be16(ip + 10);
  check += ip[1];
  if ((check + 1) >> 16 != 0) check = (check + 1) & 0xffff;
  check -= value;
  check += check >> 16;
  store_be16(ip + 10, static_cast<uint16_t>(check));
  ip[1] = value;
  return true;
}

// TTL or hop limit. False: it had this value. Kernel: ttl_tg(), hl_tg6().
inline bool set_hop_limit(Packet& packet, uint8_t value) {
  const bool v4 = packet.family == Family::kIpv4;
  uint8_t& hops = packet.data[v4 ? 8 : 7];
  if (hops == value) return false;
  if (v4) replace_in_header_checksum(packet.data + 10, static_cast<uint16_t>(hops << 8), static_cast<uint16_t>(value << 8));
  hops = value;
  return true;
}

}  // namespace hookline::xt
