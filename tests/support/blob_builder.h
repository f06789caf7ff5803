// tests/support/blob_builder.h: makes a table's entries byte by byte, in the kernel's own structs, right or wrong on
// purpose.
//
// An entry is built from its parts; every length field can be overwritten afterwards. Jumps name chains and are resolved
// when the blob is complete.
#pragma once

#include <linux/netfilter/x_tables.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>

#include <cstddef>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "load/snapshot.h"

namespace hookline::test {

inline constexpr int32_t kDropCode = -1, kAcceptCode = -2, kQueueCode = -4, kReturnCode = -5;

// Offsets in an entry that differ between the families.
struct EntryFields {
  size_t size, flags, invert_flags, protocol, target_offset, next_offset, comefrom, counters;
};
inline constexpr EntryFields kIpv4Fields = {sizeof(ipt_entry),
                                            offsetof(ipt_entry, ip.flags),
                                            offsetof(ipt_entry, ip.invflags),
                                            offsetof(ipt_entry, ip.proto),
                                            offsetof(ipt_entry, target_offset),
                                            offsetof(ipt_entry, next_offset),
                                            offsetof(ipt_entry, comefrom),
                                            offsetof(ipt_entry, counters)};
inline constexpr EntryFields kIpv6Fields = {sizeof(ip6t_entry),
                                            offsetof(ip6t_entry, ipv6.flags),
                                            offsetof(ip6t_entry, ipv6.invflags),
                                            offsetof(ip6t_entry, ipv6.proto),
                                            offsetof(ip6t_entry, target_offset),
                                            offsetof(ip6t_entry, next_offset),
                                            offsetof(ip6t_entry, comefrom),
                                            offsetof(ip6t_entry, counters)};
inline const EntryFields& entry_fields(Family family) { return family == Family::kIpv4 ? kIpv4Fields : kIpv6Fields; }

template <typename T>
void put(std::vector<uint8_t>& bytes, size_t offset, T value) {
  std::memcpy(bytes.data() + offset, &value, sizeof value);
}
template <typename T>
T get(const std::vector<uint8_t>& bytes, size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

// A match or target: header and data, padded to 8 bytes.
inline std::vector<uint8_t> extension(const std::string& name, uint8_t revision, const std::vector<uint8_t>& data) {
  std::vector<uint8_t> bytes(32 + (data.size() + 7) / 8 * 8);
  put(bytes, 0, static_cast<uint16_t>(bytes.size()));
  std::memcpy(bytes.data() + 2, name.data(), name.size());
  bytes[31] = revision;
  if (!data.empty()) std::memcpy(bytes.data() + 32, data.data(), data.size());
  return bytes;
}
template <typename Info>
std::vector<uint8_t> bytes_of(const Info& info) {
  std::vector<uint8_t> bytes(sizeof info);
  std::memcpy(bytes.data(), &info, sizeof info);
  return bytes;
}

class BlobBuilder {
 public:
  explicit BlobBuilder(Family family = Family::kIpv4, std::string name = "filter", uint32_t valid_hooks = 0x0e)
      : fields_(entry_fields(family)) {
    raw_.family = family;
    raw_.name = std::move(name);
    raw_.valid_hooks = valid_hooks;
    raw_.hook_entry.fill(0xffffffff);
    raw_.underflow.fill(0xffffffff);
  }

  // The next entry begins the built-in chain of `hook`.
  BlobBuilder& hook(Hook hook) {
    raw_.hook_entry[static_cast<size_t>(hook)] = end();
    return *this;
  }
  BlobBuilder& policy(Hook hook, int32_t verdict = kAcceptCode) {
    raw_.underflow[static_cast<size_t>(hook)] = end();
    return verdict_rule(verdict);
  }
  BlobBuilder& verdict_rule(int32_t verdict, const std::vector<std::vector<uint8_t>>& matches = {}, uint16_t protocol = 0) {
    std::vector<uint8_t> target(sizeof(xt_standard_target));
    put(target, 0, static_cast<uint16_t>(target.size()));
    put(target, offsetof(xt_standard_target, verdict), verdict);
    return entry(matches, target, protocol);
  }
  // A rule without -j: its verdict is the offset of the next entry.
  BlobBuilder& fall_through(uint16_t protocol = 0) {
    return verdict_rule(static_cast<int32_t>(end() + fields_.size + sizeof(xt_standard_target)), {}, protocol);
  }
  BlobBuilder& jump(const std::string& chain, bool go_to = false, uint16_t protocol = 0) {
    jumps_.emplace_back(end(), chain);
    verdict_rule(1, {}, protocol);
    if (go_to) raw_.entries[last_ + fields_.flags] |= raw_.family == Family::kIpv4 ? IPT_F_GOTO : IP6T_F_GOTO;
    return *this;
  }
  BlobBuilder& target_rule(const std::vector<uint8_t>& target, const std::vector<std::vector<uint8_t>>& matches = {},
                           uint16_t protocol = 0) {
    return entry(matches, target, protocol);
  }
  BlobBuilder& head(const std::string& name) {
    error(name);
    chains_[name] = end();
    return *this;
  }
  BlobBuilder& end_of_chain() { return verdict_rule(kReturnCode); }
  BlobBuilder& error(const std::string& name) {
    std::vector<uint8_t> target(sizeof(xt_error_target));
    put(target, 0, static_cast<uint16_t>(target.size()));
    std::memcpy(target.data() + 2, XT_ERROR_TARGET, sizeof XT_ERROR_TARGET);
    std::memcpy(target.data() + offsetof(xt_error_target, errorname), name.data(), name.size());
    return entry({}, target, 0);
  }
  BlobBuilder& counters(uint64_t packets, uint64_t bytes) {  // of the entry built last
    put(raw_.entries, last_ + fields_.counters, xt_counters{packets, bytes});
    return *this;
  }
  // Overwrites bytes of the entry built last.
  template <typename T>
  BlobBuilder& poke(size_t offset, T value) {
    put(raw_.entries, last_ + offset, value);
    return *this;
  }

  [[nodiscard]] uint32_t end() const { return static_cast<uint32_t>(raw_.entries.size()); }
  [[nodiscard]] const EntryFields& fields() const { return fields_; }
  // With the closing ERROR entry.
  [[nodiscard]] RawTable finish() {
    error("ERROR");
    return finish_open();
  }
  // Without it.
  [[nodiscard]] RawTable finish_open() {
    for (const auto& [at, chain] : jumps_)
      put(raw_.entries, at + fields_.size + 32, static_cast<int32_t>(chains_.contains(chain) ? chains_.at(chain) : 1));
    return raw_;
  }

 private:
  BlobBuilder& entry(const std::vector<std::vector<uint8_t>>& matches, const std::vector<uint8_t>& target,
                     uint16_t protocol) {
    std::vector<uint8_t> bytes(fields_.size);
    put(bytes, fields_.protocol, protocol);
    if (protocol != 0 && raw_.family == Family::kIpv6) bytes[fields_.flags] |= IP6T_F_PROTO;
    for (const auto& match : matches) bytes.insert(bytes.end(), match.begin(), match.end());
    put(bytes, fields_.target_offset, static_cast<uint16_t>(bytes.size()));
    bytes.insert(bytes.end(), target.begin(), target.end());
    put(bytes, fields_.next_offset, static_cast<uint16_t>(bytes.size()));
    last_ = end();
    raw_.entries.insert(raw_.entries.end(), bytes.begin(), bytes.end());
    ++raw_.entry_count;
    return *this;
  }

  const EntryFields& fields_;
  RawTable raw_;
  size_t last_ = 0;
  std::vector<std::pair<size_t, std::string>> jumps_;
  std::map<std::string, uint32_t> chains_;
};

}  // namespace hookline::test
