// measure/filter_table.h: a ClassBench filter set as an iptables table, and its headers as IPv4 packets.
//
// Each filter becomes a rule of filter/FORWARD with target ACCEPT, policy DROP, written as the bytes that the kernel would
// hand out, so that an engine is measured on what the loader makes of them. iptables speaks of ports for TCP and UDP only,
// and its `-p 0` means any protocol, while a filter may ask for ports of any protocol and for protocol 0. To keep the
// first match exact for every 5-tuple:
//   - every packet carries its ports in the mark as well (source port << 16 | destination port). A filter with ports whose
//     protocol is neither TCP nor UDP becomes `-m mark` rules, one a pair of prefixes that its port ranges fall into;
//   - the TTL is 0 for protocol 0 and 64 otherwise. A filter for exactly protocol 0 asks `-m ttl --ttl-eq 0`;
//   - a protocol mask other than 0x00 and 0xff becomes a rule for each protocol in it.
// The rules of one filter stand together, so the order of filters is the order of rules.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "load/snapshot.h"
#include "measure/classbench.h"
#include "packet/packet.h"

namespace hookline::measure {

struct FilterTable {
  RawTable raw;
  std::vector<uint32_t> filter_of_rule;  // by RuleId: the 1-based filter number; 0: a policy or the end of the blob
};

// Refuses a set that needs more than two million rules. `place` names it in errors.
Result<FilterTable> table_of(std::span<const Filter> filters, const std::string& place);

// Packets in memory, one header each, a cache line apart. The packets point into the object: it can be moved, not copied.
class HeaderPackets {
 public:
  explicit HeaderPackets(std::span<const Header> headers);
  HeaderPackets(HeaderPackets&&) = default;
  HeaderPackets(const HeaderPackets&) = delete;
  HeaderPackets& operator=(const HeaderPackets&) = delete;

  [[nodiscard]] std::span<Packet* const> packets() const { return pointers_; }

 private:
  struct alignas(64) Line {
    uint8_t bytes[64];
  };
  std::vector<Line> lines_;
  std::vector<Packet> packets_;
  std::vector<Packet*> pointers_;
};

}  // namespace hookline::measure
