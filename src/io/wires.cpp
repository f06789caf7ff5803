// io/wires.cpp: opens ports, deals out queues, runs workers.
#include "io/wires.h"

#include <rte_cycles.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace hookline {
namespace {

// Where queues and workers meet: queue `queue` of port `from`, served by `worker`, sending on `tx_queue` of port `to`.
struct Deal {
  unsigned from = 0, to = 0;
  uint16_t queue = 0, tx_queue = 0;
  unsigned worker = 0;
};

std::vector<Deal> deal(const WireOptions& options) {
  std::map<std::string, unsigned> by_name;
  for (unsigned i = 0; i < options.ports.size(); ++i) by_name[options.ports[i].name] = i;
  std::vector<Deal> deals;
  std::map<std::pair<unsigned, unsigned>, uint16_t> tx_queue;  // (port, worker)
  std::map<unsigned, uint16_t> tx_queues;                      // by port
  unsigned turn = 0;
  for (unsigned i = 0; i < options.ports.size(); ++i) {
    const PortOptions& port = options.ports[i];
    if (port.peer.empty()) continue;
    for (uint16_t queue = 0; queue < port.queues; ++queue) {
      const unsigned worker = turn++ % options.workers;
      const unsigned to = by_name[port.peer];
      const auto [place, fresh] = tx_queue.try_emplace({to, worker}, tx_queues[to]);
      if (fresh) ++tx_queues[to];
      deals.push_back({i, to, queue, place->second, worker});
    }
  }
  return deals;
}

}  // namespace

Problems check_wires(const WireOptions& options) {
  Problems problems;
  const auto add = [&](std::string place, std::string found, std::string expected) {
    problems.push_back({ProblemKind::kInput, std::move(place), std::move(found), std::move(expected)});
  };
  if (options.ports.empty()) add("port", "no port", "at least one [[port]] with a peer");
  if (options.ports.size() > kMaxPorts) {
    add("port", std::to_string(options.ports.size()) + " ports", "at most " + std::to_string(kMaxPorts));
  }
  std::set<std::string> names, devices;
  std::string all;
  for (const PortOptions& port : options.ports) {
    all += (all.empty() ? "" : ", ") + port.name;
    if (!names.insert(port.name).second) add("port " + port.name, "the name is used twice", "a name of its own");
    const std::string device = port.device.substr(0, port.device.find(','));
    if (!devices.insert(device).second) {
      add("port " + port.name, "the device \"" + device + "\" is another port's already", "a device of its own");
    }
  }
  unsigned queues = 0;
  for (const PortOptions& port : options.ports) {
    if (port.peer.empty()) continue;
    queues += port.queues;
    if (names.count(port.peer) == 0) add("port " + port.name + ", peer", "no port \"" + port.peer + "\"", "one of " + all);
  }
  if (!options.ports.empty() && queues == 0) {
    add("port", "no port has a peer", "a peer for each port whose frames are to be forwarded");
  } else if (problems.empty() && options.workers > queues) {
    add("workers", std::to_string(options.workers),
        "at most " + std::to_string(queues) + ": a worker needs a receive queue (`queues` of a port)");
  }
  return problems;
}

Result<std::unique_ptr<Wires>> Wires::open(const WireOptions& options) {
  if (Problems problems = check_wires(options); !problems.empty()) return fail(std::move(problems));
  auto pool = FramePool::create(options.buffers, options.frame_bytes);
  if (!pool) return fail(pool.error());
  std::unique_ptr<Wires> wires(new Wires(options, std::move(*pool)));

  const std::vector<Deal> deals = deal(options);
  for (unsigned i = 0; i < options.ports.size(); ++i) {
    const PortOptions& port = options.ports[i];
    DeviceOptions device;
    device.name = port.name;
    device.devargs = port.device;
    device.descriptors = options.descriptors;
    device.rx_queues = port.peer.empty() ? uint16_t{1} : port.queues;  // drivers want one of each at least
    for (const Deal& d : deals) {
      if (d.to == i) device.tx_queues = std::max<uint16_t>(device.tx_queues, static_cast<uint16_t>(d.tx_queue + 1));
    }
    device.fill = port.fill;
    auto opened = Device::open(device, wires->pool_);
    if (!opened) return fail(opened.error());
    wires->devices_.push_back(std::move(*opened));
  }
  wires->plan();

  // Real devices need up to a second for their link; frames sent earlier would be lost.
  constexpr int kLinkRounds = 60;
  for (int round = 0; round < kLinkRounds; ++round) {
    if (std::all_of(wires->devices_.begin(), wires->devices_.end(), [](const auto& d) { return d->link_up(); })) break;
    usleep(50000);
  }
  for (size_t i = 0; i < wires->devices_.size(); ++i) {
    if (!wires->devices_[i]->link_up()) wires->links_down_.push_back(options.ports[i].name);
  }
  return wires;
}

void Wires::plan() {
  tallies_ = std::make_unique<WorkerTally[]>(options_.workers);
  plans_.resize(options_.workers);
  for (unsigned w = 0; w < options_.workers; ++w) {
    plans_[w].worker = w;
    plans_[w].burst = options_.burst;
    plans_[w].idle_sleep_us = options_.idle_sleep_us;
    plans_[w].drain_ms = options_.drain_ms;
  }
  for (const Deal& d : deal(options_)) {
    const PortOptions& to = options_.ports[d.to];
    Direction direction;
    direction.from = devices_[d.from].get();
    direction.to = devices_[d.to].get();
    direction.rx_queue = d.queue;
    direction.tx_queue = d.tx_queue;
    direction.from_index = d.from;
    direction.to_index = d.to;
    direction.in = InterfaceName::from(options_.ports[d.from].interface);
    direction.out = InterfaceName::from(to.interface);
    direction.forward = {to.mtu != 0 ? to.mtu : devices_[d.to]->mtu(), options_.mode, options_.flow_cache};
    direction.pass_neighbour_discovery = options_.pass_neighbour_discovery;
    plans_[d.worker].directions.push_back(direction);
  }
}

Wires::~Wires() {
  if (running_) stop();
  devices_.clear();  // before the pool
}

Result<void> Wires::start(Publication& publication, uint64_t frame_limit) {
  state_.stop.store(false);
  state_.limited = frame_limit != 0;
  state_.remaining.store(static_cast<int64_t>(std::min<uint64_t>(frame_limit, INT64_MAX)));
  started_at_ = rte_get_timer_cycles();
  running_ = true;
  for (unsigned w = 0; w < options_.workers; ++w) {
    state_.running.fetch_add(1, std::memory_order_relaxed);
    const auto started = launch_worker(w, [this, w, &publication] {
      run_worker(plans_[w], publication, state_, tallies_[w]);
      state_.running.fetch_sub(1, std::memory_order_release);
    });
    if (!started) {
      state_.running.fetch_sub(1, std::memory_order_relaxed);
      stop();
      return fail(started.error());
    }
  }
  return {};
}

double Wires::stop() {
  state_.stop.store(true);
  // Not left to EAL alone: what the workers did must be visible here, to race detectors too.
  while (state_.running.load(std::memory_order_acquire) != 0) usleep(100);
  join_workers();
  running_ = false;
  uint64_t last = started_at_;
  for (unsigned w = 0; w < options_.workers; ++w) last = std::max(last, tallies_[w].last_busy.read());
  return static_cast<double>(last - started_at_) / static_cast<double>(rte_get_timer_hz());
}

uint64_t Wires::received() const {
  uint64_t frames = 0;
  for (unsigned w = 0; w < options_.workers; ++w) {
    for (size_t i = 0; i < options_.ports.size(); ++i) frames += tallies_[w].ports[i].received.read();
  }
  return frames;
}

Totals Wires::totals() const {
  Totals totals;
  totals.ports.resize(options_.ports.size());
  for (size_t i = 0; i < options_.ports.size(); ++i) {
    PortTotals& port = totals.ports[i];
    port.name = options_.ports[i].name;
    port.device = options_.ports[i].device;
    port.driver = devices_[i]->driver();
    port.device_stats = devices_[i]->stats();
  }
  for (unsigned w = 0; w < options_.workers; ++w) {
    const WorkerTally& tally = tallies_[w];
    for (unsigned f = 0; f < kFateCount; ++f) totals.fates[f] += tally.fates[f].read();
    totals.walks += tally.walks.read();
    totals.by_linear += tally.by_linear.read();
    for (size_t i = 0; i < options_.ports.size(); ++i) {
      PortTotals& port = totals.ports[i];
      port.received += tally.ports[i].received.read();
      port.received_bytes += tally.ports[i].received_bytes.read();
      port.sent += tally.ports[i].sent.read();
      port.sent_bytes += tally.ports[i].sent_bytes.read();
      port.full += tally.ports[i].full.read();
    }
  }
  for (const PortTotals& port : totals.ports) totals.received += port.received;
  return totals;
}

}  // namespace hookline
