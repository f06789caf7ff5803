// tests/fuzz/decode_fuzz.cpp: snapshot bytes into the reader and the decoder: refused with a problem, or every rule has a
// name and a text.
//
// Checksums would stop almost every mutation at the door, so they are made right where the framing can be followed, as an
// attacker would. Seeds: tests/snapshots/*.hks. An input that does not begin like a snapshot is taken for the entries of one
// table: a byte that chooses family and table, then the bytes.
#include <zlib.h>

#include <cstring>
#include <string>
#include <vector>

#include "load/decode.h"
#include "text/save.h"

namespace hookline {
namespace {

template <typename T>
void put(std::vector<uint8_t>& file, size_t offset, T value) {
  std::memcpy(file.data() + offset, &value, sizeof value);
}

uint32_t checksum(const std::vector<uint8_t>& file, size_t offset, size_t size) {
  return static_cast<uint32_t>(::crc32_z(0, file.data() + offset, size));
}

void repair_checksums(std::vector<uint8_t>& file) {
  if (file.size() < 24) return;
  put(file, 20, checksum(file, 0, 20));
  for (size_t at = 24; file.size() - at >= 32;) {
    const uint64_t size = *read_at<uint64_t>(file, at + 16);
    if (size > file.size() - at - 32) return;
    put(file, at + 24, checksum(file, at + 32, static_cast<size_t>(size)));
    put(file, at + 28, checksum(file, at, 28));
    at += 32 + ((static_cast<size_t>(size) + 7) & ~size_t{7});
    if (at > file.size()) return;
  }
}

void read_all(const Table& table) {
  for (uint32_t i = 0; i < table.rules.size(); ++i)
    if (table.rule_name(RuleId{i}).empty() || rule_text(table, RuleId{i}).empty()) __builtin_trap();
  const Problems refused = refusals(table);
  const auto text = save_text(table);
  // Nothing that check accepts may be unprintable.
  if (refused.empty() && !text) __builtin_trap();
}

void decode_entries(Bytes input) {
  RawTable raw;
  const uint8_t choice = input[0];
  const TableKind& kind = kTableKinds[(choice >> 1) % kTableKinds.size()];
  raw.family = (choice & 1) == 0 ? Family::kIpv4 : Family::kIpv6;
  raw.name = kind.name;
  raw.valid_hooks = kind.valid_hooks;
  raw.entries.assign(input.begin() + 1, input.end());
  // Count and hooks as the entries have them: each hook begins at the next entry that can be its policy's chain.
  const size_t next_at = raw.family == Family::kIpv4 ? 90 : 142, smallest = raw.family == Family::kIpv4 ? 152 : 208;
  std::vector<uint32_t> offsets;
  for (size_t offset = 0; offset < raw.entries.size();) {
    const auto next = read_at<uint16_t>(raw.entries, offset + next_at);
    if (!next || *next < smallest - 8) break;
    offsets.push_back(static_cast<uint32_t>(offset));
    offset += *next;
  }
  raw.entry_count = static_cast<uint32_t>(offsets.size());
  size_t chain = 0;
  for (unsigned h = 0; h < kHookCount && chain < offsets.size(); ++h) {
    if ((kind.valid_hooks >> h & 1) == 0) continue;
    raw.hook_entry[h] = offsets[chain];
    if ((choice & 0x80) != 0 && chain + 1 < offsets.size()) ++chain;  // one rule before the policy
    raw.underflow[h] = offsets[chain++];
  }
  if (const auto table = decode_table(raw)) {
    read_all(*table);
  } else if (table.error().empty()) {
    __builtin_trap();
  }
}

}  // namespace
}  // namespace hookline

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace hookline;
  if (size == 0) return 0;
  const Bytes input(data, size);
  if (!looks_like_snapshot(input)) {
    decode_entries(input);
    return 0;
  }
  std::vector<uint8_t> file(data, data + size);
  repair_checksums(file);
  auto snapshot = parse_snapshot(file, "input");
  if (!snapshot) {
    if (snapshot.error().empty()) __builtin_trap();
    return 0;
  }
  if (serialize_snapshot(*snapshot).empty()) __builtin_trap();
  const auto set = decode_snapshot(std::move(*snapshot));
  if (!set) {
    if (set.error().empty()) __builtin_trap();
    return 0;
  }
  for (const Table& table : set->tables) read_all(table);
  return 0;
}
