// pipeline/walk.h: a burst of IP packets on the forward path: the stack's own discards, then the tables, hook by hook.
//
// The burst is split by family. The packets of a family that are still alive form a list of pointers that every table
// shortens: a whole list goes through a table before the next table sees any of it. Each table sees the packets in their
// order, so this is invisible as long as no rule that remembers packets is asked at two hooks; where one is, packets go
// through all hooks one by one. What rules remember belongs to a worker: a limit of 10 packets a second lets each worker's
// pass. All packets of a burst have the time at which it was begun. Routing is taken as given, as everywhere (stack/path.h).
// Kernel: ip_rcv(), ip_forward(), ip_finish_output() and their IPv6 twins.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "classify/classify.h"
#include "packet/outcome.h"
#include "packet/packet.h"
#include "pipeline/counters.h"
#include "pipeline/publish.h"

namespace hookline {

// What stands between the hooks.
enum class WireMode : uint8_t {
  kRouter,  // as the kernel forwards: all its discards, and one taken from TTL or hop limit before FORWARD
  kWire,    // as a cable: only what ip_rcv() would refuse is dropped, and no byte of a packet changes
};

struct ForwardOptions {
  uint32_t mtu = 1500;  // of the port that the packets leave by
  WireMode mode = WireMode::kRouter;
  bool flow_cache = true;  // packets of known flows skip the walks (pipeline/flow_cache.h); all answers are the same
};

// A rule that a packet of the burst bumped.
struct TrailStep {
  uint32_t packet;   // index in the burst
  uint16_t program;  // index in ProgramSet::programs()
  RuleId rule;
};

// More about each packet than its fate, for those who ask. One a thread; grows to the largest burst seen and stays there.
struct WalkNotes {
  std::vector<TrailStep> trail;                // in walk order for each packet
  std::array<uint8_t, kMaxBurst> reject_with;  // kNoReject where no REJECT dropped the packet
  std::array<uint16_t, kMaxBurst> queue;       // of a kQueue fate
};

// Decides packets.size() <= kMaxBurst packets and counts rules in the worker's lane. On entry a packet's `length` may
// include link padding, its `family` is that of the version nibble; both interface names are set (the walk hides `out` from
// PREROUTING). In router mode packets that pass have TTL and header checksum as a router leaves them. `notes` may be null.
// Never allocates without notes, never fails. The generation is the one that publication.current() gave for this burst.
void walk_forward(Generation& generation, unsigned worker, const ForwardOptions& options, std::span<Packet> packets,
                  std::span<Fate> fates, WorkerTally& tally, WalkNotes* notes = nullptr);

// The same for one hook alone, without the stack's discards and without any change to the packets.
void walk_hook(Generation& generation, unsigned worker, Hook hook, std::span<Packet> packets, std::span<Fate> fates,
               WorkerTally& tally, WalkNotes* notes = nullptr);

}  // namespace hookline
