// verify/kernel_runner.h: asks the running kernel: plays one packet through real tables and says which rules counted it.
//
// A scratch network namespace holds the tables, one TUN or TAP device for each interface name that a packet may come in or
// go out by, addresses and routes of the host whose rules they are (verify/host_lines.h), and routes that send every packet
// the way the probe asks for. After each packet the counters of all tables are
// read; what moved is what the kernel matched. Two nftables chains keep everything else away from the counters: one at
// OUTPUT, before all tables, drops what is not a probe (answers of REJECT, of the stack, of closed ports), one at INPUT,
// behind all tables, drops what was accepted, so that nothing is delivered. Neither uses conntrack. The order of the rules
// is not visible this way.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "load/snapshot.h"
#include "packet/packet.h"
#include "stack/path.h"
#include "table/table.h"
#include "verify/kernel_listener.h"
#include "verify/probe.h"
#include "world/host_view.h"

namespace hookline {

inline constexpr uint32_t kMostEthernetMtu = 65535 - 14;  // more than this a TAP device does not take

// How much one rule's counters moved.
struct CounterMove {
  uint16_t table;  // index in the tables given to open()
  RuleId rule;
  uint64_t packets, bytes;
  bool operator==(const CounterMove&) const = default;
};

struct Observation {
  std::vector<CounterMove> moves;         // by table and rule
  std::vector<std::vector<uint8_t>> out;  // IP packets that left by the probe's out device
  bool arrived = false;                   // input path: it got past the last table at INPUT
  Heard heard;                            // what Config::ears asks for
};

// What is heard besides counters and packets that leave. Then the destination of a packet on the input path is made an
// address of the host's while it is played, so that the host may answer from it.
struct Ears {
  bool sent = false;             // packets of the host's own: answers, copies
  bool log = false;              // lines of the kernel's log
  std::vector<uint16_t> groups;  // of nflog

  [[nodiscard]] bool any() const { return sent || log || !groups.empty(); }
};

// The address that answers without one of the host's have: IPv4's dummy, and one that the first device has.
inline constexpr Address kAnswerIpv4 = {192, 0, 0, 8};
inline constexpr Address kAnswerIpv6 = {0x20, 1, 0xd, 0xb8, 0xff, 0xfe, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

// What the host sends for its own sake, at times of its own: group memberships, and IPv6's neighbour discovery. Such packets
// are never in what is heard.
bool is_housekeeping(const std::vector<uint8_t>& packet);

// Whether some rule of the family may change the destination of a packet.
bool writes_destination(std::span<const Table> tables, Family family);

class KernelRunner {
 public:
  struct Config {
    Family family = Family::kIpv4;
    std::vector<std::string> interfaces;  // names of devices to make; "lo" is always there
    bool ethernet = false;                // devices with frames and kDeviceAddress (TAP) instead of TUN
    uint32_t mtu = 65535;                 // of the devices; nothing is too big or fragmented for 65535
    const HostView* host = nullptr;       // whose groups, addresses, routes and policy rules the namespace gets, if any
    Ears ears = {};
  };
  // Loads the snapshot's tables of the family into a new namespace. `tables` are the same ones, decoded.
  static Result<std::unique_ptr<KernelRunner>> open(const Snapshot& snapshot, std::span<const Table> tables,
                                                    const Config& config);
  ~KernelRunner();

  // Names that could be made into devices. A probe uses these, or "lo": to come in by on the input path, to go out by on the
  // output path.
  [[nodiscard]] const std::vector<std::string>& interfaces() const;
  // What the namespace's own devices, addresses and routes are: what engines have to believe.
  [[nodiscard]] std::shared_ptr<const HostView> host() const;
  // False where the kernel has no way to give such a packet the probe's path (multicast towards FORWARD, 127/8 out of a
  // device other than lo, an address of the host to be forwarded …): routing, not a rule, would decide.
  [[nodiscard]] bool can_play(const Probe& probe) const;
  Result<void> play(const Probe& probe, Observation& observation);

 private:
  struct State;
  explicit KernelRunner(std::unique_ptr<State> state);
  // Whether the host's own addresses and routes let the packet take the probe's path.
  [[nodiscard]] bool routes_permit(const Probe& probe) const;
  std::unique_ptr<State> state_;
};

}  // namespace hookline
