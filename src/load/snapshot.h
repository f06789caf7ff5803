// load/snapshot.h: everything fetched from one network namespace, byte for byte as the kernel gave it, and its file.
//
// The file is versioned, checksummed, little-endian and made of named sections; docs/snapshot.md gives it bit by bit.
// A reader skips sections that it does not know. Reading never trusts a length: every error names the place.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "ipset/contents.h"
#include "packet/hooks.h"
#include "world/host_records.h"

namespace hookline {

// One table as IPT_SO_GET_INFO and IPT_SO_GET_ENTRIES (or the IPv6 twins) describe it.
struct RawTable {
  Family family = Family::kIpv4;
  std::string name;
  uint32_t valid_hooks = 0;
  std::array<uint32_t, kHookCount> hook_entry{};  // byte offsets; 0xffffffff outside valid_hooks
  std::array<uint32_t, kHookCount> underflow{};
  uint32_t entry_count = 0;
  std::vector<uint8_t> entries;
  bool operator==(const RawTable&) const = default;
};

struct Snapshot {
  std::string kernel_release;                       // uname -r
  uint64_t time_ns = 0;                             // CLOCK_REALTIME when the fetch began
  uint32_t hz = 0;                                  // jiffies a second; 0: unknown
  int32_t time_zone_minutes = 0;                    // the kernel's sys_tz.tz_minuteswest
  std::vector<std::string> ipv4_order, ipv6_order;  // names as /proc/net/ip_tables_names and ip6_tables_names list them
  std::vector<RawTable> tables;                     // IPv4 first, in the order of those lists, then IPv6
  HostRecords host;                                 // of both families, whatever tables were wanted
  std::vector<ipset::RawSet> sets;                  // those that rules name, and their members, by index
  bool operator==(const Snapshot&) const = default;
};

// `place` names the file in errors.
Result<Snapshot> parse_snapshot(Bytes file, const std::string& place);
std::vector<uint8_t> serialize_snapshot(const Snapshot& snapshot);

// True where the bytes begin like a snapshot file (of any version); anything else is taken for RULES text.
bool looks_like_snapshot(Bytes file);

}  // namespace hookline
