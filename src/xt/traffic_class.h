// xt/traffic_class.h: the byte that `tos`, `dscp` and `ecn` look at.
#pragma once

#include "packet/packet.h"

namespace hookline::xt {

// IPv4 TOS; IPv6 traffic class, which lies across two bytes. Kernel: ip_hdr()->tos, ipv6_get_dsfield().
inline uint8_t traffic_class(const Packet& packet) {
  if (packet.family == Family::kIpv4) return packet.data[1];
  return static_cast<uint8_t>((packet.data[0] & 0xfU) << 4 | packet.data[1] >> 4);
}

}  // namespace hookline::xt
