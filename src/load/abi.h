// load/abi.h: the layout of the sockopt interface, both families in one shape.
//
// The structs are the kernel's own UAPI; what differs between the families is collected in AbiTraits. The asserts pin the
// sizes that the code and the snapshot format rely on (x86-64, LP64).
#pragma once

#include <arpa/inet.h>
#include <linux/netfilter/x_tables.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>

#include <cstddef>
#include <cstdint>

#include "packet/hooks.h"

namespace hookline::abi {

static_assert(sizeof(ipt_entry) == 112 && offsetof(ipt_entry, target_offset) == 88 && offsetof(ipt_entry, counters) == 96);
static_assert(sizeof(ip6t_entry) == 168 && offsetof(ip6t_entry, target_offset) == 140 &&
              offsetof(ip6t_entry, counters) == 152);
static_assert(sizeof(ipt_getinfo) == 84 && sizeof(ip6t_getinfo) == 84);
static_assert(sizeof(ipt_get_entries) == 40 && sizeof(ip6t_get_entries) == 40);
static_assert(sizeof(ipt_replace) == 96 && sizeof(ip6t_replace) == 96);
static_assert(sizeof(xt_entry_match) == 32 && sizeof(xt_entry_target) == 32);
static_assert(sizeof(xt_standard_target) == 40 && sizeof(xt_error_target) == 64);
static_assert(sizeof(xt_counters) == 16 && sizeof(xt_counters_info) == 40 && sizeof(xt_get_revision) == 30);

// The head of xt_entry_match and xt_entry_target without their flexible array, so that it can be read by value.
struct ExtensionHeader {
  uint16_t size;  // header and data
  char name[XT_EXTENSION_MAXNAMELEN];
  uint8_t revision;
};
static_assert(sizeof(ExtensionHeader) == sizeof(xt_entry_target) && offsetof(ExtensionHeader, revision) == 31);

inline constexpr uint32_t kTargetHeader = sizeof(xt_entry_target);
inline constexpr uint32_t kStandardTargetSize = sizeof(xt_standard_target);
inline constexpr uint32_t kErrorTargetSize = sizeof(xt_error_target);
inline constexpr uint32_t kNoHook = 0xffffffff;

inline constexpr uint32_t aligned(uint32_t size) { return (size + 7U) & ~7U; }

// Where the fields of an entry lie, by family.
struct EntryLayout {
  uint32_t size;         // sizeof the entry
  uint32_t header_size;  // sizeof ipt_ip / ip6t_ip6
  uint32_t nfcache, target_offset, next_offset, comefrom, counters;
};
inline constexpr EntryLayout kIpv4Entry = {112, 84, 84, 88, 90, 92, 96};
inline constexpr EntryLayout kIpv6Entry = {168, 136, 136, 140, 142, 144, 152};
inline constexpr const EntryLayout& entry_layout(Family family) { return family == Family::kIpv4 ? kIpv4Entry : kIpv6Entry; }

inline constexpr int socket_domain(Family family) { return family == Family::kIpv4 ? AF_INET : AF_INET6; }
inline constexpr int socket_level(Family family) { return family == Family::kIpv4 ? IPPROTO_IP : IPPROTO_IPV6; }

}  // namespace hookline::abi
