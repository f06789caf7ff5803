// measure/hook_traffic.h: what each hook of each table is asked about when packets aimed at the rules pass through the host.
//
// The packets are those of `verify`: they aim at the rules' own boundaries. They take their whole path through the stack,
// so a hook meets what gets past the hooks before it, as it would in use. The reference engine's outcome is kept beside
// each packet: it is the truth that engines are checked against.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "packet/outcome.h"
#include "packet/packet.h"
#include "table/table.h"
#include "world/world.h"

namespace hookline::measure {

class HookTraffic {
 public:
  HookTraffic() = default;
  HookTraffic(const HookTraffic&) = delete;
  HookTraffic& operator=(const HookTraffic&) = delete;

  void add(const Packet& packet, const Outcome& truth);
  [[nodiscard]] size_t size() const { return packets_.size(); }
  // In a random order that the seed decides. Call once, after the last add().
  void shuffle(uint64_t seed);
  // Packet i lies in memory next to packet i - 1.
  [[nodiscard]] std::span<Packet* const> packets() const { return pointers_; }
  [[nodiscard]] bool is_right(size_t i, const Outcome& outcome) const;

 private:
  struct Truth {
    Outcome outcome;  // its bumps point nowhere: they are in bumps_
    size_t first_bump;
    size_t bump_count;
  };
  std::deque<InterfaceName> names_;  // stable addresses
  std::vector<std::vector<uint8_t>> bytes_;
  std::vector<uint8_t> arena_;
  std::vector<Packet> packets_;
  std::vector<Packet*> pointers_;
  std::vector<Truth> truths_;
  std::vector<Bump> bumps_;
};

struct TrafficOptions {
  size_t packets = 100'000;  // played on each path
  std::chrono::duration<double> at_most{20};
  uint64_t seed = 1;
};

// By table, then hook. Every rule must be one that this build evaluates.
std::vector<std::array<std::unique_ptr<HookTraffic>, kHookCount>> collect_traffic(std::span<const Table> tables,
                                                                                  std::shared_ptr<const HostView> host,
                                                                                  Family family,
                                                                                  const TrafficOptions& options);

}  // namespace hookline::measure
