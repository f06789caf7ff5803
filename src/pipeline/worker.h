// pipeline/worker.h: what a worker core does: poll its receive queues, decide each burst, send what passes.
//
// rx burst -> look at the frames -> walk_forward -> act -> tx burst, one queue after the other, for ever. Between two rounds
// the worker reports a quiescent point, so that a rule set can be replaced (pipeline/publish.h). The loop owns no lock,
// calls no system function (but for the optional sleep of an idle worker) and allocates nothing: buffers come from the pool
// that the receive queues fill.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "packet/packet.h"
#include "pipeline/counters.h"
#include "pipeline/publish.h"
#include "pipeline/walk.h"

struct rte_mbuf;

namespace hookline {

// A port as the pipeline sees it; io/ implements it. A queue belongs to one worker, so calls on it never overlap.
class PacketPort {
 public:
  virtual ~PacketPort() = default;
  // Takes up to `count` received frames into `frames`; the caller owns them then.
  virtual uint16_t receive(uint16_t queue, rte_mbuf** frames, uint16_t count) = 0;
  // Hands frames over; those from the returned index on were not taken and stay the caller's.
  virtual uint16_t send(uint16_t queue, rte_mbuf** frames, uint16_t count) = 0;
};

// One direction of a wire, as far as one worker serves it: frames of one receive queue, and where they go.
struct Direction {
  PacketPort* from = nullptr;
  PacketPort* to = nullptr;
  uint16_t rx_queue = 0, tx_queue = 0;
  unsigned from_index = 0, to_index = 0;  // in WorkerTally::ports
  InterfaceName in, out;                  // what rules see
  ForwardOptions forward;
  bool pass_neighbour_discovery = true;
};

// Shared by the main core and all workers.
struct RunState {
  std::atomic<bool> stop{false};      // set once: drain and return
  std::atomic<unsigned> running{0};   // workers that may still run; kept by whoever starts them
  bool limited = false;               // a total number of frames is set
  std::atomic<int64_t> remaining{0};  // frames that may still be received, where limited
};

struct WorkerPlan {
  unsigned worker = 0;
  std::vector<Direction> directions;
  uint16_t burst = 32;         // 1..kMaxBurst
  uint32_t idle_sleep_us = 0;  // sleep this long after a thousand rounds without a frame; 0: spin
  uint32_t drain_ms = 20;      // after stop: go on receiving until the queues are empty, but no longer than this
};

// Returns after `stop`, or when the frames of a limited run are used up. Every frame it took is sent or freed by then.
void run_worker(const WorkerPlan& plan, Publication& publication, RunState& state, WorkerTally& tally);

}  // namespace hookline
