// pipeline/worker.cpp: the poll loop.
#include "pipeline/worker.h"

#include <rte_branch_prediction.h>
#include <rte_cycles.h>
#include <rte_mbuf.h>
#include <rte_pause.h>
#include <rte_prefetch.h>
#include <unistd.h>

#include <algorithm>

#include "pipeline/frame.h"

namespace hookline {
namespace {

constexpr uint16_t kPrefetchAhead = 4;
constexpr unsigned kIdleRounds = 1000;

uint8_t* frame_bytes(rte_mbuf* frame) { return rte_pktmbuf_mtod(frame, uint8_t*); }

// What of a burst is an IP packet: the packets, densely, and where in the burst each came from.
struct Burst {
  std::array<rte_mbuf*, kMaxBurst> frames;
  std::array<Fate, kMaxBurst> fates;
  std::array<Packet, kMaxBurst> packets;
  std::array<Fate, kMaxBurst> packet_fates;
  std::array<uint8_t, kMaxBurst> origin;
  uint16_t packet_count = 0;
};

// Gives each frame a fate, or makes a packet of it.
void parse(const Direction& direction, Burst& burst, uint16_t count, uint64_t& bytes) {
  burst.packet_count = 0;
  for (uint16_t i = 0; i < std::min(count, kPrefetchAhead); ++i) rte_prefetch0(frame_bytes(burst.frames[i]));
  for (uint16_t i = 0; i < count; ++i) {
    if (i + kPrefetchAhead < count) rte_prefetch0(frame_bytes(burst.frames[i + kPrefetchAhead]));
    rte_mbuf* frame = burst.frames[i];
    bytes += rte_pktmbuf_pkt_len(frame);
    if (unlikely(frame->nb_segs > 1) && rte_pktmbuf_linearize(frame) != 0) {
      burst.fates[i] = Fate::kNoRoom;
      continue;
    }
    uint8_t* data = frame_bytes(frame);
    const uint32_t length = rte_pktmbuf_pkt_len(frame);
    const auto family = family_of_frame(data, length);
    if (!family) {
      burst.fates[i] = Fate::kNotIp;
      continue;
    }
    uint8_t* ip = data + kEthernetHeader;
    const uint32_t ip_length = length - kEthernetHeader;
    if (*family == Family::kIpv6 && direction.pass_neighbour_discovery && is_neighbour_discovery(ip, ip_length)) {
      burst.fates[i] = Fate::kNeighbour;
      continue;
    }
    burst.packets[burst.packet_count] = Packet{
        ip, ip_length, *family, packet_type_of_frame(data), &direction.in, &direction.out, 0, source_of_frame(data), data};
    burst.packets[burst.packet_count].room = rte_pktmbuf_tailroom(frame);
    burst.origin[burst.packet_count++] = static_cast<uint8_t>(i);
  }
}

// A target may have made the packet longer than the frame that it came in. There is room: targets look first.
void fit(rte_mbuf* frame, const Packet& packet) {
  const uint32_t needed = kEthernetHeader + packet.length;
  if (const uint32_t length = rte_pktmbuf_pkt_len(frame); unlikely(needed > length))
    rte_pktmbuf_append(frame, static_cast<uint16_t>(needed - length));
}

// Sends the frames that pass and frees the others.
void act(const Direction& direction, Burst& burst, uint16_t count, WorkerTally& tally) {
  std::array<uint32_t, kFateCount> fates{};
  std::array<rte_mbuf*, kMaxBurst> out, dead;
  uint16_t out_count = 0, dead_count = 0;
  for (uint16_t i = 0; i < count; ++i) {
    const Fate fate = burst.fates[i];
    ++fates[static_cast<unsigned>(fate)];
    // Both stores always happen, only one index moves: verdicts are hard to predict.
    const bool pass = passes(fate);
    out[out_count] = burst.frames[i];
    dead[dead_count] = burst.frames[i];
    out_count = static_cast<uint16_t>(out_count + (pass ? 1 : 0));
    dead_count = static_cast<uint16_t>(dead_count + (pass ? 0 : 1));
  }
  for (unsigned f = 0; f < kFateCount; ++f) {
    if (fates[f] != 0) tally.fates[f].add(fates[f]);
  }

  PortTally& to = tally.ports[direction.to_index];
  if (out_count != 0) {
    std::array<uint32_t, kMaxBurst> lengths;  // a sent frame is no longer ours to look at
    for (uint16_t i = 0; i < out_count; ++i) lengths[i] = rte_pktmbuf_pkt_len(out[i]);
    const uint16_t sent = direction.to->send(direction.tx_queue, out.data(), out_count);
    uint64_t sent_bytes = 0;
    for (uint16_t i = 0; i < sent; ++i) sent_bytes += lengths[i];
    to.sent.add(sent);
    to.sent_bytes.add(sent_bytes);
    if (unlikely(sent < out_count)) {
      to.full.add(static_cast<uint64_t>(out_count - sent));
      rte_pktmbuf_free_bulk(out.data() + sent, static_cast<unsigned>(out_count - sent));
    }
  }
  if (dead_count != 0) rte_pktmbuf_free_bulk(dead.data(), dead_count);
}

// Takes up to `burst` frames out of what a limited run has left; what is then not received is given back.
uint16_t claim(RunState& state, uint16_t burst) {
  const int64_t before = state.remaining.fetch_sub(burst, std::memory_order_relaxed);
  if (before >= burst) return burst;
  const int64_t granted = std::max<int64_t>(before, 0);
  state.remaining.fetch_add(burst - granted, std::memory_order_relaxed);
  return static_cast<uint16_t>(granted);
}

// One receive queue, once. False: no frame.
bool serve(const WorkerPlan& plan, const Direction& direction, Publication& publication, RunState& state, Burst& burst,
           WorkerTally& tally) {
  uint16_t wanted = plan.burst;
  if (state.limited) {
    wanted = claim(state, plan.burst);
    if (wanted == 0) return false;
  }
  const uint16_t count = direction.from->receive(direction.rx_queue, burst.frames.data(), wanted);
  if (state.limited && count < wanted) state.remaining.fetch_add(wanted - count, std::memory_order_relaxed);
  if (count == 0) return false;

  uint64_t bytes = 0;
  parse(direction, burst, count, bytes);
  PortTally& from = tally.ports[direction.from_index];
  from.received.add(count);
  from.received_bytes.add(bytes);
  if (burst.packet_count != 0) {
    const std::span<Packet> packets(burst.packets.data(), burst.packet_count);
    const std::span<Fate> fates(burst.packet_fates.data(), burst.packet_count);
    walk_forward(publication.current(), plan.worker, direction.forward, packets, fates, tally);
    for (uint16_t i = 0; i < burst.packet_count; ++i) {
      burst.fates[burst.origin[i]] = fates[i];
      fit(burst.frames[burst.origin[i]], packets[i]);
    }
  }
  act(direction, burst, count, tally);
  return true;
}

}  // namespace

void run_worker(const WorkerPlan& plan, Publication& publication, RunState& state, WorkerTally& tally) {
  const WorkerScope scope(publication, plan.worker);
  Burst burst;
  const auto round = [&] {
    bool any = false;
    for (const Direction& direction : plan.directions) any |= serve(plan, direction, publication, state, burst, tally);
    publication.quiescent(plan.worker);
    return any;
  };
  unsigned idle = 0;
  while (!state.stop.load(std::memory_order_relaxed)) {
    if (round()) {
      idle = 0;
      continue;
    }
    if (idle == 0) tally.last_busy.set(rte_get_timer_cycles());
    if (idle < kIdleRounds) {
      ++idle;
    } else if (plan.idle_sleep_us != 0) {
      usleep(plan.idle_sleep_us);
    } else {
      rte_pause();
    }
  }
  // A stopped run still owes an answer for what has already arrived; a source that never ends is cut off.
  const uint64_t deadline = rte_get_timer_cycles() + rte_get_timer_hz() / 1000 * plan.drain_ms;
  bool any = true;
  while (any && rte_get_timer_cycles() < deadline) any = round();
  if (idle == 0) tally.last_busy.set(rte_get_timer_cycles());
}

}  // namespace hookline
