// pipeline/frame.h: what the pipeline must know of an Ethernet frame before it is a packet.
//
// The device is a bump in the wire: it has no address of its own, so a unicast frame counts as one for this host, as the
// router that it stands in for would see it. Group addresses keep their meaning: pkttype and the stack look at them.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>

#include "base/bytes.h"
#include "packet/packet.h"

namespace hookline {

inline constexpr uint32_t kEthernetHeader = 14;
inline constexpr uint16_t kEtherTypeIpv4 = 0x0800, kEtherTypeIpv6 = 0x86dd;

// Family by EtherType; nothing for all other frames (ARP, VLAN tags, 802.3 lengths) and for those shorter than the header.
inline std::optional<Family> family_of_frame(const uint8_t* frame, uint32_t length) {
  if (length < kEthernetHeader) return std::nullopt;
  const uint16_t type = load_be16(frame + 12);
  if (type == kEtherTypeIpv4) return Family::kIpv4;
  if (type == kEtherTypeIpv6) return Family::kIpv6;
  return std::nullopt;
}

inline PacketType packet_type_of_frame(const uint8_t* frame) {
  if ((frame[0] & 1) == 0) return PacketType::kHost;
  static constexpr uint8_t kBroadcastAddress[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
  return std::memcmp(frame, kBroadcastAddress, 6) == 0 ? PacketType::kBroadcast : PacketType::kMulticast;
}

inline const uint8_t* source_of_frame(const uint8_t* frame) { return frame + kMacBytes; }

// ICMPv6 router and neighbour discovery (RFC 4861): types 133..137 with hop limit 255, right behind the IPv6 header.
// `packet` begins at the IP header. Such packets never leave their link, so on a wire they are what ARP is to IPv4.
inline bool is_neighbour_discovery(const uint8_t* packet, uint32_t length) {
  if (length < 44 || packet[0] >> 4 != 6) return false;
  return packet[6] == 58 && packet[7] == 255 && packet[40] >= 133 && packet[40] <= 137;
}

}  // namespace hookline
