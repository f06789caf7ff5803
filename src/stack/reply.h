// stack/reply.h: the packet with which REJECT answers, byte by byte, and the cases in which the kernel sends none.
//
// A pure function of the rejected packet as it stands at its hook, the hook, and what the host knows of the way back. Rate
// limits are left aside, and a route back is assumed. What the kernel draws is 0: the IP id, the IPv6 flow label. Source:
// kernel net/ipv4/netfilter/nf_reject_ipv4.c, net/ipv6/netfilter/nf_reject_ipv6.c; net/ipv4/icmp.c, __icmp_send();
// net/ipv6/icmp.c, icmp6_send(); net/ipv4/ip_options.c, __ip_options_echo().
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "packet/packet.h"
#include "table/table.h"

namespace hookline {

// What the bytes of the rejected packet do not say.
struct ReplyFacts {
  std::optional<Address> source = {};  // of an ICMP answer; empty: the host has none, and sends nothing here
  uint32_t mtu = 1500;                 // of the device that the answer leaves by
  bool checksum_verified = false;      // the device has verified the packet's L4 checksum
  bool to_broadcast = false;           // IPv4: the packet goes to a broadcast address of a network of the host's
};

// Writes the answer of `--reject-with` number `reject_with` into `reply`, from the IP header; empty where the kernel sends
// none.
void reject_reply(const Packet& packet, Hook hook, uint8_t reject_with, const ReplyFacts& facts,
                  std::vector<uint8_t>& reply);

}  // namespace hookline
