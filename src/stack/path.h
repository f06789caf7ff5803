// stack/path.h: the way of one packet through the host: the stack's own discards and the hooks of its path, in order.
//
// Routing is taken as given: a packet keeps its path and its out device. Tables run in the kernel's order of priority at
// each hook; a nat table counts nothing as long as no rule turns connection tracking on. Kernel: ip_rcv(), ip_forward(),
// ip_local_deliver(), and their IPv6 twins.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "packet/effects.h"
#include "packet/outcome.h"
#include "packet/packet.h"
#include "stack/discard.h"
#include "stack/reassembly.h"
#include "stack/reply.h"
#include "stack/table_engine.h"
#include "table/table.h"
#include "world/host_view.h"

namespace hookline {

enum class PathKind : uint8_t { kForward, kInput, kOutput };
std::string_view path_name(PathKind path);
Result<PathKind> path_from_name(std::string_view name);
std::span<const Hook> hooks_of(PathKind path);  // forward: PREROUTING, FORWARD, POSTROUTING …

struct PathBump {
  uint16_t table;  // index in the tables given to PathWalker
  RuleId rule;
  uint32_t bytes;
  bool operator==(const PathBump&) const = default;
};

struct PathResult {
  Verdict verdict = Verdict::kDrop;
  Discard discard = Discard::kNone;  // why the stack, and not a rule, dropped it
  uint8_t reject_with = kNoReject;
  uint16_t queue = 0;
  std::vector<PathBump> bumps;
  std::vector<uint8_t> out;    // the IP packet after the last hook; empty where nothing leaves
  std::vector<uint8_t> reply;  // REJECT's answer, from its IP header; empty where the kernel sends none, or nobody listens
  Effects effects;             // of all rules on the path, in order; empty where nobody listens
  uint32_t by_linear = 0;      // walks that the compiled engine gave to the linear one
  uint32_t by_index = 0;
};

// One IP packet as it arrives from a device (forward, input) or as this host sends it (output).
struct Arrival {
  Bytes bytes = {};                          // from the IP header, link padding included
  PacketType type = PacketType::kHost;       // output: always kHost, whatever is said here
  const uint8_t* source_mac = nullptr;       // as in Packet; output: none
  const uint8_t* destination_mac = nullptr;  // likewise
  std::optional<Family> family = {};         // what the link header announced; empty: the version nibble decides
  uint64_t time_ns = 0;                      // Packet::time_ns; never earlier than its predecessor's
};

// Where an answer that this host gives would leave.
struct WayBack {
  std::optional<Address> ipv4 = {}, ipv6 = {};  // the first address of the device that it leaves by; empty: it has none
  uint32_t mtu = 1500;                          // of that device
  const HostView* host = nullptr;               // tells addresses of this host from others; null: nothing is known
};
// By `device` of `host`, which must outlive the answer.
WayBack way_back_by(const HostView& host, const InterfaceName& device);

struct PathOptions {
  PathKind path = PathKind::kForward;
  InterfaceName in, out;
  Sender sender = {};   // on the output path
  uint32_t mtu = 1500;  // of the out device
  FragmentLimits fragments = {};
  // Whose addresses no packet from outside may bear as source (IPv4); null: none are known.
  std::shared_ptr<const HostView> host = {};
  bool listens = false;  // wants the effects and the reply
  WayBack back = {};
  bool checksums_good = false;  // L4 checksums count as verified
  bool queue_bypass = false;    // QUEUE goes on with the next table instead of ending the walk
};

// Plays packets in order; keeps the fragment queues. Not thread-safe.
class PathWalker {
 public:
  // `tables` and `engines` are parallel; both must outlive the walker. Tables of both families may be given.
  PathWalker(std::span<const Table> tables, std::span<const std::unique_ptr<TableEngine>> engines, PathOptions options);
  ~PathWalker();
  // `result` is reused between calls. Without an announced family, a packet of neither version is a discard.
  void play(const Arrival& arrival, PathResult& result);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hookline
