#include "ipset/packet_part.h"

#include <netinet/in.h>

namespace hookline::ipset {
namespace {

bool is_extension_header(uint8_t next) {
  return next == IPPROTO_HOPOPTS || next == IPPROTO_ROUTING || next == IPPROTO_FRAGMENT || next == IPPROTO_AH ||
         next == IPPROTO_NONE || next == IPPROTO_DSTOPTS;
}

const uint8_t* bytes_at(const Packet& packet, uint32_t offset, uint32_t count) {
  return offset <= packet.length && packet.length - offset >= count ? packet.data + offset : nullptr;
}

// False: the chain is cut off, ends in "no next header", or this is a later fragment. Kernel: ipv6_skip_exthdr().
bool skip_extension_headers(const Packet& packet, uint8_t& protocol, uint32_t& offset) {
  protocol = packet.data[6];
  offset = 40;
  while (is_extension_header(protocol)) {
    const uint8_t* header = bytes_at(packet, offset, 2);
    if (protocol == IPPROTO_NONE || header == nullptr) return false;
    uint32_t length = (header[1] + 1U) * 8;
    if (protocol == IPPROTO_FRAGMENT) {
      const uint8_t* field = bytes_at(packet, offset + 2, 2);
      if (field == nullptr || (load_be16(field) & ~7U) != 0) return false;
      length = 8;
    } else if (protocol == IPPROTO_AH) {
      length = (header[1] + 2U) * 4;
    }
    protocol = header[0];
    offset += length;
  }
  return true;
}

// Bytes of the header that must be whole; 0: a protocol without ports.
uint32_t header_bytes(uint8_t protocol) {
  switch (protocol) {
    case IPPROTO_TCP:
      return 20;
    case IPPROTO_SCTP:
      return 12;
    case IPPROTO_UDP:
    case IPPROTO_UDPLITE:
    case IPPROTO_ICMP:
    case IPPROTO_ICMPV6:
      return 8;
    default:
      return 0;
  }
}

}  // namespace

bool port_of(const Packet& packet, bool source, PacketPort& port) {
  uint32_t offset = 0;
  port = {};
  if (packet.family == Family::kIpv4) {
    port.protocol = packet.data[9];
    if (port.protocol == 0) return false;
    if ((load_be16(packet.data + 6) & 0x1fff) != 0)
      return header_bytes(port.protocol) == 0 || port.protocol == IPPROTO_ICMPV6;
    offset = (packet.data[0] & 0xfU) * 4;
  } else if (!skip_extension_headers(packet, port.protocol, offset)) {
    return false;
  }
  const uint32_t needed = header_bytes(port.protocol);
  if (needed == 0) return true;
  const uint8_t* header = bytes_at(packet, offset, needed);
  if (header == nullptr) return false;
  const bool icmp = port.protocol == IPPROTO_ICMP || port.protocol == IPPROTO_ICMPV6;
  port.port = load_be16(header + (source || icmp ? 0 : 2));
  return true;
}

}  // namespace hookline::ipset
