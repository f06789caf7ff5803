// load/fetch.h: the sockopt conversation with the running kernel: information, entries, and the way back.
//
// Looking never creates a table: names come from /proc/net/ip_tables_names of the namespace, and only those are asked for
// (GET_INFO of an absent table would register it and its hooks). Kernel: do_ipt_get_ctl(), do_ipt_set_ctl().
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "load/netns.h"
#include "load/snapshot.h"

namespace hookline {

struct FetchOptions {
  std::optional<Family> family;     // empty: both
  std::vector<std::string> tables;  // empty: all registered; a named one that is not registered is a kSystem problem
  bool just_set_up = false;         // the namespace: its addresses may not be in use yet, and are waited for
};

// Fetches every table wanted. A table that changes between the two calls is fetched again.
Result<Snapshot> fetch(const Netns& netns, const FetchOptions& options = {});

// What IPT_SO_GET_INFO answers.
struct TableInfo {
  Family family = Family::kIpv4;
  std::string name;
  uint32_t valid_hooks = 0;
  std::array<uint32_t, kHookCount> hook_entry{}, underflow{};  // byte offsets; 0xffffffff outside valid_hooks
  uint32_t entry_count = 0;
  uint32_t size = 0;  // bytes of entries
};
// Of every registered table, IPv4 first, in the kernel's order.
Result<std::vector<TableInfo>> table_infos(const Netns& netns);

// IPT_SO_SET_REPLACE of every table in the snapshot, then IPT_SO_SET_ADD_COUNTERS with the snapshot's counters. Nothing is
// replaced where a table's hooks differ from this kernel's, or where a rule's dump lacks what the kernel would need (kInput
// problems). A table that the namespace lacks is created. Tables replaced before the system refused one stay replaced; the
// problem names them.
Result<void> push(const Netns& netns, const Snapshot& snapshot);

// One table's counters, read again and again by the kernel differential: keeps the socket and the buffer.
class CounterReader {
 public:
  // The table must be registered. Reads once, so `entry_count` and layout are known.
  static Result<CounterReader> open(const Netns& netns, Family family, const std::string& table);
  CounterReader(CounterReader&&) noexcept;
  CounterReader& operator=(CounterReader&&) noexcept;
  ~CounterReader();

  struct Pair {
    uint64_t packets, bytes;
  };
  // Fills `out` with one pair an entry, blob order; fails when the table was replaced by one of another size.
  Result<void> read(std::vector<Pair>& out);

 private:
  CounterReader() = default;
  int socket_ = -1;
  Family family_ = Family::kIpv4;
  std::vector<uint8_t> buffer_;
  std::vector<uint32_t> offsets_;  // of each entry's counters in buffer_
};

}  // namespace hookline
