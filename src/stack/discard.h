// stack/discard.h: the packets that the IP stack drops by itself, between the hooks, and what it changes on the way.
//
// Plain functions of one packet, in the order in which a packet meets them; none allocates. A path calls
//   receive() · PREROUTING · route() · INPUT (IPv4: behind reassembly)
//   receive() · PREROUTING · route() · forward() · FORWARD · forwarded() · POSTROUTING
// Routing itself is taken as given, and the host is one with the kernel's defaults: rp_filter and route_localnet off, source
// routes refused, no CIPSO or CALIPSO labels defined, at most 8 hop-by-hop options. Device `lo` is the loopback device.
// Source: kernel net/ipv4: ip_rcv_core(), ip_rcv_options(), __ip_options_compile(), ip_route_input_slow(), ip_forward();
// net/ipv6: ip6_rcv_core(), ipv6_parse_hopopts(), ip6_forward().
#pragma once

#include <cstdint>
#include <string_view>

#include "packet/packet.h"

namespace hookline {

class HostView;  // world/host_view.h

// Why the stack dropped a packet.
enum class Discard : uint8_t {
  kNone,
  kPacketType,  // for another host; or, when forwarding, a frame that was not for this host alone
  kHeader,      // ip_rcv, ip6_rcv: length, version, checksum, addresses, hop-by-hop options
  kMartian,     // a source or destination that cannot come in from a wire
  kOptions,     // IPv4 options that do not parse, or a source route
  kTtl,         // TTL or hop limit used up
  kTooBig,      // larger than the MTU and not to be fragmented
  kReassembly,  // a fragment that repeats, overlaps or contradicts others, or comes when the queues are full
};
std::string_view discard_text(Discard discard);

// Before PREROUTING. Sets packet.length to what the IP header says: link padding is trimmed. `packet.length` may be any
// number, 0 included; where the answer is kNone, the IPv4 header with its options, or the 40 bytes of IPv6, are there.
Discard receive(Packet& packet);

// Behind PREROUTING, before INPUT or FORWARD. IPv4 options are processed in place: bytes behind END are cleared, time stamps
// and pointers are written; `time_ns` is the wall clock. The addresses that record-route would insert are not known here and
// stay as they were. `host`: whose own addresses are no sources of packets that come in; null: none are known. `out`: the
// device that the packet will be forwarded by, if it will.
Discard route(Packet& packet, uint64_t time_ns, const HostView* host = nullptr, const InterfaceName& out = kNoInterface);

// Before FORWARD. Takes one from the TTL or hop limit where the packet goes on. `mtu` is that of the out device.
Discard forward(Packet& packet, uint32_t mtu);

// Behind FORWARD: repairs the IPv4 header checksum where options were changed.
void forwarded(Packet& packet);

// The IPv4 header's checksum, computed over packet bytes as they stand, is written into it.
void write_ipv4_checksum(uint8_t* header);

}  // namespace hookline
