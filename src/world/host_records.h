// world/host_records.h: what one network namespace says of itself beside its tables: devices, addresses, routes and policy
// rules, as rtnetlink dumps them. A snapshot stores these records; world/host_view.h answers from them.
//
// Numbers are host order, addresses as on the wire (IPv4 in bytes 0..3, the rest zero). The kernel's own codes are kept:
// RTN_*, RT_SCOPE_*, RTNH_F_*, IFF_*, IFA_F_*, FR_ACT_* of linux/rtnetlink.h, net/if.h, linux/if_addr.h, linux/fib_rules.h.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "packet/hooks.h"

namespace hookline {

using HostAddressBytes = std::array<uint8_t, 16>;

struct HostInterface {
  uint32_t index = 0;
  std::string name;
  uint32_t mtu = 0;
  uint16_t type = 0;         // ARPHRD_*
  uint32_t flags = 0;        // IFF_*
  uint32_t group = 0;        // `ip link set … group`
  uint32_t master = 0;       // index of the bridge, bond or VRF that it belongs to; 0: none
  std::string kind;          // as in `ip link add … type KIND`; empty: a device of hardware or lo
  std::vector<uint8_t> mac;  // its link-layer address; 6 bytes where it is an Ethernet device
  bool operator==(const HostInterface&) const = default;
};

struct HostAddress {
  Family family = Family::kIpv4;
  uint8_t prefix = 0;                             // bits
  uint8_t scope = 0;                              // RT_SCOPE_*
  uint32_t index = 0;                             // of its device
  uint32_t flags = 0;                             // IFA_F_*
  HostAddressBytes local{}, peer{}, broadcast{};  // peer: equal to local but on point-to-point links; broadcast zero: none
  bool operator==(const HostAddress&) const = default;
};

struct HostNexthop {
  uint32_t index = 0;          // of the device; 0: none (blackhole and the like)
  uint8_t flags = 0;           // RTNH_F_*
  uint8_t gateway_family = 0;  // 4, 6; 0: the destination is on the link
  uint16_t weight = 1;
  uint32_t realm = 0;  // RTA_FLOW: of the source << 16 | of the destination; IPv4
  HostAddressBytes gateway{};
  bool operator==(const HostNexthop&) const = default;
};

struct HostRoute {
  Family family = Family::kIpv4;
  uint8_t type = 0;  // RTN_*
  uint8_t destination_bits = 0, source_bits = 0;
  uint8_t tos = 0, scope = 0, protocol = 0;
  uint8_t preference = 0;  // of a router, as in ICMPv6: 0 medium, 1 high, 3 low
  uint32_t table = 0;
  uint32_t flags = 0;                                   // RTNH_F_* and RTM_F_*
  uint32_t metric = 0;                                  // RTA_PRIORITY
  uint32_t mtu = 0, advertised_mss = 0, hop_limit = 0;  // RTAX_*; 0: not said
  HostAddressBytes destination{}, source{}, preferred_source{};
  std::vector<HostNexthop> nexthops;
  bool operator==(const HostRoute&) const = default;
};

// A policy rule (`ip rule`). What a rule asks for besides is said where the kernel compares it: kernel fib_rule_match().
struct HostRule {
  Family family = Family::kIpv4;
  uint8_t action = 0;  // FR_ACT_*
  uint8_t destination_bits = 0, source_bits = 0;
  uint8_t tos = 0;                               // in its place in the byte
  uint8_t dscp = 0, dscp_mask = 0;               // six bits; mask 0: not asked
  uint8_t ip_protocol = 0;                       // 0: any
  uint8_t l3_master = 0;                         // 1: the table of the VRF
  uint32_t flags = 0;                            // FIB_RULE_*
  uint32_t priority = 0, table = 0, target = 0;  // target: priority of the rule that FR_ACT_GOTO leads to
  uint32_t mark = 0, mark_mask = 0;
  uint32_t realm = 0;                                 // RTA_FLOW's form
  int32_t suppress_prefix = -1, suppress_group = -1;  // -1: nothing is suppressed
  uint32_t flow_label = 0, flow_label_mask = 0;
  uint32_t first_uid = 0, last_uid = UINT32_MAX;
  uint16_t first_source_port = 0, last_source_port = 0;            // 0, 0: any
  uint16_t first_destination_port = 0, last_destination_port = 0;  // likewise
  uint64_t tunnel_id = 0;
  std::string in, out;  // device names; empty: any
  HostAddressBytes destination{}, source{};
  bool operator==(const HostRule&) const = default;
};

struct HostRecords {
  // False: nothing but index, name and MTU of the devices is there, as in snapshots of earlier builds.
  bool complete = false;
  // Whether the kernel has an IPv4 table `local` at all: it makes one with the first address (lo going up, mostly).
  bool ipv4_local_table = false;
  std::vector<HostInterface> interfaces;  // by index
  std::vector<HostAddress> addresses;     // IPv4 first, each family in the kernel's order
  std::vector<HostRoute> routes;          // likewise, table by table; IPv6: equal prefixes in the order of their look-up
  std::vector<HostRule> rules;            // likewise, in the order of their look-up
  bool operator==(const HostRecords&) const = default;
};

}  // namespace hookline
