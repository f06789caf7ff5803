// packet/describe.h: a packet in words, for explanations and for messages about differences. No engine uses it.
#pragma once

#include <cstdint>
#include <string>

#include "packet/packet.h"

namespace hookline {

// What a reader wants to know of the headers. Nothing here is what the kernel decides by.
struct PacketFields {
  bool valid = false;  // the fixed IP header is there
  std::string source, destination;
  uint8_t protocol = 0;          // of the upper header, behind IPv6 extension headers as far as they can be followed
  uint8_t ttl = 0;               // or hop limit
  uint8_t tos = 0;               // or traffic class
  uint32_t fragment_offset = 0;  // in bytes
  bool more_fragments = false, dont_fragment = false;
  const uint8_t* upper = nullptr;  // upper header, null in a later fragment or where it is cut off
  uint32_t upper_length = 0;       // bytes there
  // TCP, UDP and the like, where at least four bytes are there.
  bool has_ports = false;
  uint16_t source_port = 0, destination_port = 0;
};
PacketFields fields_of(const Packet& packet);

// "tcp", "icmp6", or the number.
std::string protocol_text(uint8_t protocol);

// "syn,ack", "none".
std::string tcp_flags_text(uint8_t flags);

// One line: "IPv4 10.0.0.1:4660 > 10.0.1.1:53 udp, 28 bytes, ttl 64, id 1".
std::string describe(const Packet& packet);

}  // namespace hookline
