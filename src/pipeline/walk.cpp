// pipeline/walk.cpp: the hooks of the forward path over a burst.
#include "pipeline/walk.h"

#include <array>
#include <ctime>

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

struct Walk {
  Generation& generation;
  Lane& lane;
  std::span<Packet> packets;
  std::span<Fate> fates;
  WorkerTally& tally;
  WalkNotes* notes;

  [[nodiscard]] size_t number(const Packet* packet) const { return static_cast<size_t>(packet - packets.data()); }

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
  generation.lanes[worker]->headers.start(packets.data());
  return Walk{generation, *generation.lanes[worker], packets, fates, tally, notes};
}

bool has_ipv4_options(const Packet& packet) { return packet.family == Family::kIpv4 && (packet.data[0] & 0xf) > 5; }

uint64_t wall_clock_ns() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1000000000U + static_cast<uint64_t>(now.tv_nsec);
}

}  // namespace

void walk_forward(Generation& generation, unsigned worker, const ForwardOptions& options, std::span<Packet> packets,
                  std::span<Fate> fates, WorkerTally& tally, WalkNotes* notes) {
  Walk walk = begin(generation, worker, packets, fates, tally, notes);
  Alive families[2];
  std::array<const InterfaceName*, kMaxBurst> out;  // hidden from PREROUTING: no route is known there
  for (size_t i = 0; i < packets.size(); ++i) {
    Packet& packet = packets[i];
    out[i] = packet.out;
    packet.out = &kNoInterface;
    fates[i] = Fate::kAccept;
    Alive& alive = families[packet.family == Family::kIpv6 ? 1 : 0];
    alive.packets[alive.count++] = &packet;
  }
  for (const Family family : {Family::kIpv4, Family::kIpv6}) {
    Alive& alive = families[family == Family::kIpv6 ? 1 : 0];
    if (alive.count == 0) continue;
    const bool router = options.mode == WireMode::kRouter;
    walk.discard(alive, [](Packet& packet) { return receive(packet); });
    walk.hook(family, Hook::kPrerouting, alive);
    if (router) {
      walk.discard(alive, [&](Packet& packet) {
        // The clock is read for the rare packet that carries a time stamp option.
        const Discard reason = route(packet, has_ipv4_options(packet) ? wall_clock_ns() : 0);
        return reason == Discard::kNone ? forward(packet, options.mtu) : reason;
      });
    }
    for (size_t i = 0; i < alive.count; ++i) alive.packets[i]->out = out[walk.number(alive.packets[i])];
    walk.hook(family, Hook::kForward, alive);
    if (router && family == Family::kIpv4) {
      for (size_t i = 0; i < alive.count; ++i) {
        if (has_ipv4_options(*alive.packets[i])) forwarded(*alive.packets[i]);
      }
    }
    walk.hook(family, Hook::kPostrouting, alive);
  }
}

void walk_hook(Generation& generation, unsigned worker, Hook hook, std::span<Packet> packets, std::span<Fate> fates,
               WorkerTally& tally, WalkNotes* notes) {
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
