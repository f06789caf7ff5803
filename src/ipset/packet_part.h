// ipset/packet_part.h: what of a packet can be an element's part: addresses, protocol and port.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "packet/packet.h"

namespace hookline::ipset {

inline const uint8_t* address_of(const Packet& packet, bool source) {
  return packet.data + (packet.family == Family::kIpv4 ? (source ? 12 : 16) : (source ? 8 : 24));
}

struct PacketPort {
  uint8_t protocol = 0;
  uint16_t port = 0;  // host order; ICMP: type << 8 | code; 0 for a protocol without
};
// False: a header that is cut off, a later fragment of a protocol that has ports (IPv6: of any), or IPv4 protocol 0.
// Kernel: ip_set_get_ip4_port(), ip_set_get_ip6_port().
bool port_of(const Packet& packet, bool source, PacketPort& port);

}  // namespace hookline::ipset
