// io/wires.h: a set of ports joined to wires, and who polls what: the running pipeline.
//
// Every port that names a peer is polled, and what it receives leaves by the peer. The receive queues of all such ports are
// dealt out to the workers in turn; each worker that sends to a port has a transmit queue of its own there.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/device.h"
#include "io/eal.h"
#include "pipeline/publish.h"
#include "pipeline/worker.h"

namespace hookline {

struct PortOptions {
  std::string name;
  std::string device;     // devargs
  std::string interface;  // the name that rules see
  std::string peer;       // name of the port by which received frames leave; empty: this port is only sent to
  uint16_t queues = 1;    // receive queues
  uint32_t mtu = 0;       // for the rules' path; 0: the device's own
  std::vector<std::vector<uint8_t>> fill;  // see DeviceOptions
};

struct WireOptions {
  std::vector<PortOptions> ports;
  unsigned workers = 1;
  uint16_t burst = 32;
  uint16_t descriptors = 1024;
  unsigned buffers = 8192;
  unsigned frame_bytes = 2048;
  uint32_t idle_sleep_us = 0;
  uint32_t drain_ms = 20;
  WireMode mode = WireMode::kRouter;
  bool flow_cache = true;  // ForwardOptions
  bool pass_neighbour_discovery = true;
};

// One port's counters, added up over the workers.
struct PortTotals {
  std::string name, device, driver;
  uint64_t received = 0, received_bytes = 0, sent = 0, sent_bytes = 0, full = 0;
  DeviceStats device_stats;
};

struct Totals {
  std::array<uint64_t, kFateCount> fates{};
  uint64_t received = 0;
  uint64_t walks = 0, by_linear = 0;
  std::vector<PortTotals> ports;
};

// The problems that need no device to be seen: names, peers, more workers than receive queues.
Problems check_wires(const WireOptions& options);

class Wires {
 public:
  // EAL runs. Opens and starts every port and waits a moment for its link.
  static Result<std::unique_ptr<Wires>> open(const WireOptions& options);
  // Workers are stopped.
  ~Wires();

  // Starts the workers. `frame_limit` 0: none. The publication has `workers` workers and outlives the run.
  Result<void> start(Publication& publication, uint64_t frame_limit);
  // Stops the workers, waits until they have drained, and returns the seconds from start to the last frame.
  double stop();
  [[nodiscard]] bool running() const { return running_; }
  // Any thread may ask at any time; exact after stop().
  [[nodiscard]] Totals totals() const;
  // The frames received so far: the part of totals() that is cheap.
  [[nodiscard]] uint64_t received() const;
  // Names of ports whose link was still down when open() gave up waiting.
  [[nodiscard]] const std::vector<std::string>& links_down() const { return links_down_; }

 private:
  Wires(const WireOptions& options, FramePool pool) : options_(options), pool_(std::move(pool)) {}
  void plan();

  WireOptions options_;
  FramePool pool_;
  std::vector<std::unique_ptr<Device>> devices_;  // parallel to options_.ports
  std::vector<WorkerPlan> plans_;
  std::unique_ptr<WorkerTally[]> tallies_;
  RunState state_;
  uint64_t started_at_ = 0;
  bool running_ = false;
  std::vector<std::string> links_down_;
};

}  // namespace hookline
