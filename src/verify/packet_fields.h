// verify/packet_fields.h: a packet as the fields that rules ask about, and as bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "table/table.h"
#include "verify/probe.h"
#include "verify/random.h"

namespace hookline {

inline constexpr uint8_t kHopByHop = 0, kIcmp = 1, kTcp = 6, kUdp = 17, kIpv6Route = 43, kIpv6Fragment = 44, kAh = 51,
                         kIcmp6 = 58, kNoNextHeader = 59, kIpv6Options = 60, kMobility = 135, kEsp = 50, kDccp = 33,
                         kSctp = 132, kUdplite = 136;

inline bool has_ports(uint8_t protocol) {
  return protocol == kTcp || protocol == kUdp || protocol == kUdplite || protocol == kSctp || protocol == kDccp;
}

// One IPv6 extension header. Where `body` is empty a plain one of 8 bytes (AH: 12) is made.
struct Extension {
  uint8_t kind;
  std::vector<uint8_t> body;  // from the second byte of the header on
};

// A packet in fields, before it becomes bytes.
struct Fields {
  Address source{}, destination{};
  uint8_t protocol = kTcp;
  uint16_t source_port = 0, destination_port = 0;
  uint8_t tcp_flags = 0x10;
  uint8_t icmp_type = 0, icmp_code = 0;
  uint8_t ttl = 64, tos = 0;
  uint16_t fragment_offset = 0;  // units of 8 bytes
  bool more_fragments = false, dont_fragment = false;
  uint16_t id = 1;
  std::optional<uint32_t> length;      // of the whole packet, where a condition asks for one
  uint32_t payload = 16;               // bytes behind the L4 header, otherwise
  std::vector<uint8_t> tcp_options;    // a multiple of 4 bytes
  std::vector<uint8_t> ip_options;     // IPv4: a multiple of 4 bytes
  std::vector<Extension> extensions;   // IPv6, in order
  std::optional<uint8_t> data_offset;  // TCP's, in words, where it is not to be right
  bool right_checksum = false;         // of the upper header, or, where it has none, of all that stands behind the IP header
  bool reserved_flag = false;          // IPv4: the bit beside DF
  std::vector<std::pair<uint32_t, std::vector<uint8_t>>> patterns;  // bytes to stand at an offset from the IP header
  // Bytes to stand at an offset from the L4 header, written before `patterns`; the packet grows as they need it.
  std::vector<std::pair<uint32_t, std::vector<uint8_t>>> l4_patterns;
  std::string in, out;
  FrameAddresses frame{kDeviceAddress, {}};  // where the in device is an Ethernet one
};

// Whole packets with right lengths and header checksums; bytes that no field sets are drawn.
std::vector<uint8_t> ipv4_bytes(const Fields& f, Random& random);
std::vector<uint8_t> ipv6_bytes(const Fields& f, Random& random);

// Writes the header checksum of an IPv4 packet of at least 20 bytes.
void seal_ipv4(std::vector<uint8_t>& bytes);

}  // namespace hookline
