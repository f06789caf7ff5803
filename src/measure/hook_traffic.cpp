#include "measure/hook_traffic.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>
#include <random>

#include "reference/reference.h"
#include "stack/path.h"
#include "verify/packets.h"

namespace hookline::measure {
namespace {

constexpr size_t kInterfaces = 16;
constexpr size_t kLine = 64;

// The reference engine, which notes what it was asked and what it answered.
class RecordingEngine final : public TableEngine {
 public:
  RecordingEngine(const Table& table, std::shared_ptr<World> world,
                  std::array<std::unique_ptr<HookTraffic>, kHookCount>& traffic)
      : engine_(table, std::move(world)), traffic_(traffic) {}
  Outcome walk(Hook hook, Packet& packet) override {
    const Outcome outcome = engine_.walk(hook, packet);
    traffic_[static_cast<unsigned>(hook)]->add(packet, outcome);
    return outcome;
  }

 private:
  ReferenceEngine engine_;
  std::array<std::unique_ptr<HookTraffic>, kHookCount>& traffic_;
};

}  // namespace

void HookTraffic::add(const Packet& packet, const Outcome& truth) {
  const auto keep_name = [this](const InterfaceName& name) -> const InterfaceName* {
    const auto known = std::find(names_.begin(), names_.end(), name);
    return known != names_.end() ? &*known : &names_.emplace_back(name);
  };
  Packet kept = packet;
  kept.in = keep_name(*packet.in);
  kept.out = keep_name(*packet.out);
  packets_.push_back(kept);
  bytes_.emplace_back(packet.data, packet.data + packet.length);
  truths_.push_back({truth, bumps_.size(), truth.bumps.size()});
  truths_.back().outcome.bumps = {};
  bumps_.insert(bumps_.end(), truth.bumps.begin(), truth.bumps.end());
}

void HookTraffic::shuffle(uint64_t seed) {
  std::vector<size_t> order(packets_.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::shuffle(order.begin(), order.end(), std::mt19937_64(seed));
  const auto lines_of = [](size_t bytes) { return (bytes + kLine - 1) / kLine * kLine; };
  size_t total = kLine;
  for (const auto& bytes : bytes_) total += lines_of(bytes.size());
  arena_.resize(total);
  std::vector<Packet> packets;
  std::vector<Truth> truths;
  uint8_t* at = arena_.data() + (kLine - reinterpret_cast<uintptr_t>(arena_.data()) % kLine) % kLine;
  for (const size_t i : order) {
    packets.push_back(packets_[i]);
    truths.push_back(truths_[i]);
    packets.back().data = at;
    if (!bytes_[i].empty()) std::memcpy(at, bytes_[i].data(), bytes_[i].size());
    at += lines_of(bytes_[i].size());
  }
  bytes_ = {};
  packets_ = std::move(packets);
  truths_ = std::move(truths);
  pointers_.clear();
  for (Packet& packet : packets_) pointers_.push_back(&packet);
}

bool HookTraffic::is_right(size_t i, const Outcome& outcome) const {
  const Truth& truth = truths_[i];
  const auto first = bumps_.begin() + static_cast<ptrdiff_t>(truth.first_bump);
  return outcome.verdict == truth.outcome.verdict && outcome.hotdrop == truth.outcome.hotdrop &&
         outcome.reject_with == truth.outcome.reject_with && outcome.queue == truth.outcome.queue &&
         std::equal(outcome.bumps.begin(), outcome.bumps.end(), first, first + static_cast<ptrdiff_t>(truth.bump_count));
}

std::vector<std::array<std::unique_ptr<HookTraffic>, kHookCount>> collect_traffic(std::span<const Table> tables,
                                                                                  std::shared_ptr<const HostView> host,
                                                                                  Family family,
                                                                                  const TrafficOptions& options) {
  constexpr std::array kPaths = {PathKind::kForward, PathKind::kInput, PathKind::kOutput};
  std::vector<std::array<std::unique_ptr<HookTraffic>, kHookCount>> traffic(tables.size());
  const auto world = std::make_shared<World>(host);
  std::vector<std::unique_ptr<TableEngine>> engines(tables.size());
  for (size_t t = tables.size(); t-- > 0;) {  // as a load starts them
    for (auto& hook : traffic[t]) hook = std::make_unique<HookTraffic>();
    engines[t] = std::make_unique<RecordingEngine>(tables[t], world, traffic[t]);
  }
  PacketGenerator generator(tables, std::move(host), family, interesting_interfaces(tables, family, kInterfaces),
                            options.seed);
  generator.set_paths(kPaths);
  const auto start = std::chrono::steady_clock::now();
  PathResult result;
  for (size_t i = 0; i < options.packets; ++i) {
    for (const PathKind path : kPaths) {
      const Probe probe = generator.next(path);
      // A walker of its own: a fragment never waits for one of another packet's.
      PathWalker walker(tables, engines, {.path = path, .in = probe.in, .out = probe.out});
      walker.play({.bytes = probe.packet, .family = family}, result);
      generator.learn(result.bumps);
    }
    if (std::chrono::steady_clock::now() - start > options.at_most) break;
  }
  for (auto& table : traffic)
    for (auto& hook : table) hook->shuffle(options.seed);
  return traffic;
}

}  // namespace hookline::measure
