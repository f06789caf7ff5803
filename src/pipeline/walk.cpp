// pipeline/walk.cpp: the hooks of the forward path over a burst.
#include "pipeline/walk.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/clock.h"
#include "stack/discard.h"

namespace hookline {
namespace {

Fate fate_of(Discard discard) {
  switch (discard) {
    case Discard::kPacketType:
      return Fate::kNotForUs;
    case Discard::kMartian:
      return Fate::kMartian;
    case Discard::kOptions:
      return Fate::kOptions;
    case Discard::kTtl:
      return Fate::kTtl;
    case Discard::kTooBig:
      return Fate::kTooBig;
    default:
      return Fate::kHeader;
  }
}

Fate fate_of(const Outcome& outcome) {
  // A table instead of branches: verdicts are hard to predict.
  static constexpr Fate kFates[][2] = {{Fate::kAccept, Fate::kAccept},
                                       {Fate::kDrop, Fate::kReject},
                                       {Fate::kQueue, Fate::kQueue},
                                       {Fate::kDrop, Fate::kDrop}};
  return kFates[static_cast<unsigned>(outcome.verdict)][outcome.reject_with == kNoReject ? 0 : 1];
}

// The packets of one family that no rule and no discard has stopped yet, in the order of the burst.
struct Alive {
  std::array<Packet*, kMaxBurst> packets;
  size_t count = 0;
};

// The place of a packet in its burst.
size_t number_in(std::span<const Packet> packets, const Packet* packet) {
  return static_cast<size_t>(packet - packets.data());
}

// What the flow cache knows of the packets of a burst, and what it may learn from them.
class Known {
 public:
  // Asks about every packet that is alive. Keys first, questions after: words that were just written one by one are not yet
  // there to be read by fours.
  void ask(std::span<const Packet> packets, std::span<const Alive> families, std::span<const InterfaceName* const> out,
           WireMode mode, Lane& lane) {
    std::array<const Key*, kMaxBurst> keys;
    for (const Alive& alive : families)
      for (size_t i = 0; i < alive.count; ++i) {
        const Offsets* offsets = nullptr;
        keys[number_in(packets, alive.packets[i])] = lane.headers.take(*alive.packets[i], offsets);
      }
    uint32_t way = 0;
    size_t before = kMaxBurst;  // mostly, all packets of a burst go the same way
    for (const Alive& alive : families)
      for (size_t i = 0; i < alive.count; ++i) {
        const size_t n = number_in(packets, alive.packets[i]);
        if (before == kMaxBurst || packets[n].in != packets[before].in || out[n] != out[before] ||
            packets[n].family != packets[before].family)
          way = lane.flows.way(*packets[n].in, *out[n], static_cast<uint8_t>(mode), packets[n].family);
        before = n;
        told_[n] = keys[n] != nullptr && way != 0;
        if (told_[n]) lane.flows.prepare(*keys[n], way, questions_[n]);
      }
  }
  [[nodiscard]] const Flow* find(size_t packet, FlowCache& cache) const {
    return told_[packet] ? cache.find(questions_[packet]) : nullptr;
  }

  // The packet is not known and begins its walks.
  void begin(size_t packet) {
    flows_[packet] = Flow{};
    flows_[packet].stop = Flow::kPasses;
  }
  // One table's outcome for a packet that was not known.
  void note(size_t packet, const Lane& lane, uint16_t program, Hook hook, const Outcome& outcome, Fate fate) {
    if (!told_[packet]) return;
    Flow& flow = flows_[packet];
    const unsigned stage = hook == Hook::kPrerouting ? 0 : hook == Hook::kForward ? 1 : 2;
    size_t end = flow.ends[stage];
    told_[packet] = outcome.by_key && end + outcome.bumps.size() <= Flow::kMaxSteps;
    if (!told_[packet]) return;
    for (const Bump& bump : outcome.bumps) flow.steps[end++] = lane.number(program, bump.rule);
    for (unsigned later = stage; later < 3; ++later) {
      flow.ends[later] = static_cast<uint8_t>(end);
      ++flow.walks[later];
    }
    flow.fate = fate;
    if (fate != Fate::kAccept) flow.stop = static_cast<uint8_t>(stage);
  }
  // Where a discard of the stack ended the walk, nobody knows what the later hooks would have said.
  void learn(size_t packet, Fate fate, FlowCache& cache) const {
    if (told_[packet] && !discarded(fate)) cache.learn(questions_[packet], flows_[packet]);
  }

 private:
  std::array<FlowCache::Question, kMaxBurst> questions_;
  std::array<bool, kMaxBurst> told_;  // the packet has a key, and all that happened to it can be told
  std::array<Flow, kMaxBurst> flows_;
};

struct Walk {
  Generation& generation;
  Lane& lane;
  std::span<Packet> packets;
  std::span<Fate> fates;
  WorkerTally& tally;
  WalkNotes* notes;
  Known* known;  // of this burst; null where nothing is to be remembered

  [[nodiscard]] size_t number(const Packet* packet) const { return number_in(packets, packet); }

  // Every table of the family at `hook`, in order; the packets that one stops never reach the next.
  void hook(Family family, Hook hook, Alive& alive) {
    for (const uint16_t p : generation.programs.at(family, hook)) {
      if (alive.count == 0) return;
      classify_cached(*generation.programs.programs()[p].program, hook, {alive.packets.data(), alive.count}, lane.scratch(p),
                      {lane.outcomes.data(), alive.count}, lane.headers);
      // All packets' bumps in one loop: how many are one packet's is hard to predict.
      RuleTally* rules = lane.rules(p);
      for (const Bump& bump : lane.scratch(p).bumps()) {
        RuleTally& rule = rules[index_of(bump.rule)];
        rule.packets.add(1);
        rule.bytes.add(bump.bytes);
      }
      uint64_t linear = 0;
      size_t left = 0;
      for (size_t i = 0; i < alive.count; ++i) {
        const Outcome& outcome = lane.outcomes[i];
        Packet* packet = alive.packets[i];
        linear += outcome.by_linear ? 1 : 0;
        if (notes != nullptr) [[unlikely]]
          note(packet, p, outcome);
        const Fate fate = fate_of(outcome);
        if (known != nullptr) known->note(number(packet), lane, p, hook, outcome, fate);
        fates[number(packet)] = fate;
        alive.packets[left] = packet;
        left += fate == Fate::kAccept ? 1 : 0;
      }
      tally.walks.add(alive.count);
      tally.by_linear.add(linear);
      alive.count = left;
    }
  }

  void note(const Packet* packet, uint16_t program, const Outcome& outcome) {
    const auto index = static_cast<uint32_t>(number(packet));
    for (const Bump& bump : outcome.bumps) notes->trail.push_back({index, program, bump.rule});
    notes->reject_with[index] = outcome.reject_with;
    notes->queue[index] = outcome.queue;
  }

  // Applies one of the stack's steps to every live packet and strikes out those that it discards.
  template <typename Step>
  void discard(Alive& alive, Step step) {
    size_t left = 0;
    for (size_t i = 0; i < alive.count; ++i) {
      Packet* packet = alive.packets[i];
      const Discard reason = step(*packet);
      alive.packets[left] = packet;
      if (reason == Discard::kNone) [[likely]] {
        ++left;
      } else {
        fates[number(packet)] = fate_of(reason);
      }
    }
    alive.count = left;
  }
};

Walk begin(Generation& generation, unsigned worker, std::span<Packet> packets, std::span<Fate> fates, WorkerTally& tally,
           WalkNotes* notes) {
  if (notes != nullptr) {
    notes->trail.clear();
    notes->reject_with.fill(kNoReject);
    notes->queue.fill(0);
  }
  Lane& lane = *generation.lanes[worker];
  lane.headers.start(packets.data());
  if (generation.programs.timed()) {
    lane.time_ns = std::max(lane.time_ns, now_ns<std::chrono::system_clock>());
    for (Packet& packet : packets) packet.time_ns = lane.time_ns;
  }
  return Walk{generation, lane, packets, fates, tally, notes, nullptr};
}

bool has_ipv4_options(const Packet& packet) { return packet.family == Family::kIpv4 && (packet.data[0] & 0xf) > 5; }

// The stack between PREROUTING and FORWARD.
Discard between_hooks(Packet& packet, const ForwardOptions& options) {
  if (options.mode == WireMode::kWire) return Discard::kNone;
  // The clock is read for the rare packet that carries a time stamp option.
  const Discard reason = route(packet, has_ipv4_options(packet) ? now_ns<std::chrono::system_clock>() : 0);
  return reason == Discard::kNone ? forward(packet, options.mtu) : reason;
}

// The stack between FORWARD and POSTROUTING.
void behind_forward(Packet& packet, const ForwardOptions& options) {
  if (options.mode == WireMode::kRouter && has_ipv4_options(packet)) forwarded(packet);
}

// A packet of a known flow: the same effects as its walks, in the same order.
Fate play_known(const Flow& flow, Packet& packet, const InterfaceName* out, const ForwardOptions& options, Lane& lane,
                WorkerTally& tally) {
  const auto count = [&](unsigned from, unsigned to) {
    for (unsigned i = from; i < to; ++i) {
      RuleTally& rule = lane.rule(flow.steps[i]);
      rule.packets.add(1);
      rule.bytes.add(packet.length);
    }
  };
  count(0, flow.ends[0]);
  if (flow.stop == 0) {
    tally.walks.add(flow.walks[0]);
    return flow.fate;
  }
  if (const Discard reason = between_hooks(packet, options); reason != Discard::kNone) {
    tally.walks.add(flow.walks[0]);
    return fate_of(reason);
  }
  packet.out = out;
  count(flow.ends[0], flow.ends[2]);
  if (flow.stop > 1) behind_forward(packet, options);
  tally.walks.add(flow.walks[flow.stop == 1 ? 1 : 2]);
  return flow.fate;
}

// Each packet through all hooks before the next.
// The burst as bursts of one packet.
template <typename WalkOne>
void walk_one_by_one(std::span<Packet> packets, std::span<Fate> fates, WalkNotes* notes, WalkOne walk_one) {
  if (notes != nullptr) notes->trail.clear();
  WalkNotes one;
  for (uint32_t i = 0; i < packets.size(); ++i) {
    walk_one(packets.subspan(i, 1), fates.subspan(i, 1), notes != nullptr ? &one : nullptr);
    if (notes == nullptr) continue;
    for (const TrailStep& step : one.trail) notes->trail.push_back({i, step.program, step.rule});
    notes->reject_with[i] = one.reject_with[0];
    notes->queue[i] = one.queue[0];
  }
}

}  // namespace

void walk_forward(Generation& generation, unsigned worker, const ForwardOptions& options, std::span<Packet> packets,
                  std::span<Fate> fates, WorkerTally& tally, WalkNotes* notes) {
  if (generation.programs.one_by_one() && packets.size() > 1)
    return walk_one_by_one(packets, fates, notes, [&](auto packet, auto fate, WalkNotes* of_one) {
      walk_forward(generation, worker, options, packet, fate, tally, of_one);
    });
  Walk walk = begin(generation, worker, packets, fates, tally, notes);
  Lane& lane = walk.lane;
  Alive families[2];
  std::array<const InterfaceName*, kMaxBurst> out;  // hidden from PREROUTING: no route is known there
  for (size_t i = 0; i < packets.size(); ++i) {
    Packet& packet = packets[i];
    out[i] = packet.out;
    packet.out = &kNoInterface;
    packet.mtu = options.mtu;
    fates[i] = Fate::kAccept;
    Alive& alive = families[packet.family == Family::kIpv6 ? 1 : 0];
    alive.packets[alive.count++] = &packet;
  }
  for (Alive& alive : families) walk.discard(alive, [](Packet& packet) { return receive(packet); });

  Known known;
  std::array<uint8_t, kMaxBurst> unknown;
  size_t unknown_count = 0;
  if (options.flow_cache && notes == nullptr && lane.flows.awake(packets.size())) {
    walk.known = &known;
    known.ask(packets, families, out, options.mode, lane);
    for (Alive& alive : families) {
      size_t left = 0;
      for (size_t i = 0; i < alive.count; ++i) {
        Packet* packet = alive.packets[i];
        const size_t n = walk.number(packet);
        if (const Flow* flow = known.find(n, lane.flows); flow != nullptr) {
          fates[n] = play_known(*flow, *packet, out[n], options, lane, tally);
        } else {
          alive.packets[left++] = packet;
          unknown[unknown_count++] = static_cast<uint8_t>(n);
          known.begin(n);
        }
      }
      alive.count = left;
    }
  }

  for (const Family family : {Family::kIpv4, Family::kIpv6}) {
    Alive& alive = families[family == Family::kIpv6 ? 1 : 0];
    if (alive.count == 0) continue;
    walk.hook(family, Hook::kPrerouting, alive);
    walk.discard(alive, [&](Packet& packet) { return between_hooks(packet, options); });
    for (size_t i = 0; i < alive.count; ++i) alive.packets[i]->out = out[walk.number(alive.packets[i])];
    walk.hook(family, Hook::kForward, alive);
    for (size_t i = 0; i < alive.count; ++i) behind_forward(*alive.packets[i], options);
    walk.hook(family, Hook::kPostrouting, alive);
  }
  for (size_t i = 0; i < unknown_count; ++i) known.learn(unknown[i], fates[unknown[i]], lane.flows);
}

void walk_hook(Generation& generation, unsigned worker, Hook hook, std::span<Packet> packets, std::span<Fate> fates,
               WorkerTally& tally, WalkNotes* notes) {
  if (generation.programs.one_by_one_at(hook) && packets.size() > 1)
    return walk_one_by_one(packets, fates, notes, [&](auto packet, auto fate, WalkNotes* of_one) {
      walk_hook(generation, worker, hook, packet, fate, tally, of_one);
    });
  Walk walk = begin(generation, worker, packets, fates, tally, notes);
  Alive families[2];
  for (size_t i = 0; i < packets.size(); ++i) {
    fates[i] = Fate::kAccept;
    Alive& alive = families[packets[i].family == Family::kIpv6 ? 1 : 0];
    alive.packets[alive.count++] = &packets[i];
  }
  walk.hook(Family::kIpv4, hook, families[0]);
  walk.hook(Family::kIpv6, hook, families[1]);
}

}  // namespace hookline
