#include "stack/reassembly.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/bytes.h"
#include "stack/discard.h"

namespace hookline {
namespace {

constexpr uint32_t kMaxDistance = 64;  // net.ipv4.ipfrag_max_dist
constexpr uint32_t kMaxDatagram = 65535;
constexpr uint32_t kQueueMemory = 200;  // sizeof(struct ipq)

// What a packet of this length is charged with (skb->truesize): the sk_buff, and a power-of-two buffer with headroom and
// trailer, or pages where it is large. It differs from driver to driver; these are the figures of a TUN device.
uint32_t fragment_memory(uint32_t length) {
  constexpr uint32_t kSkb = 256, kAround = 64 + 320, kSmallHead = 576, kPage = 4096, kInFirstPage = kPage - kAround;
  const uint32_t size = length + kAround;
  if (size <= kSmallHead) return kSkb + kSmallHead;
  if (size <= 2 * kPage) return kSkb + std::bit_ceil(size);
  return kSkb + kPage * (1 + (length - kInFirstPage + kPage - 1) / kPage);
}

// ip_frag_ecn_table: the ECN bits to add to the datagram's, or nothing where the mixture is refused.
bool combine_ecn(uint8_t seen, uint8_t& add) {
  constexpr uint8_t kNotEct = 1 << 0, kEct1 = 1 << 1, kEct0 = 1 << 2, kCe = 1 << 3;
  if ((seen & kNotEct) != 0 && seen != kNotEct) return false;
  add = (seen & kCe) != 0 && (seen & (kEct0 | kEct1)) != 0 ? 3 : 0;
  return true;
}

std::optional<std::array<uint8_t, kMacBytes>> copy_of_mac(const uint8_t* mac) {
  if (mac == nullptr) return std::nullopt;
  std::array<uint8_t, kMacBytes> copy;
  std::memcpy(copy.data(), mac, kMacBytes);
  return copy;
}

}  // namespace

size_t Ipv4Reassembly::KeyHash::operator()(const Key& key) const {
  uint64_t h = (static_cast<uint64_t>(key.source) << 32 | key.destination) * 0x9e3779b97f4a7c15U;
  h ^= (static_cast<uint64_t>(key.id) << 8 | key.protocol) * 0xc2b2ae3d27d4eb4fU;
  return static_cast<size_t>(h ^ h >> 29);
}

// Kernel: inet_frag_queue_insert(). Only the highest run grows; a hole that is filled exactly stays a run of its own, so a
// later fragment across two runs that touch is an overlap, not a duplicate.
Ipv4Reassembly::Insert Ipv4Reassembly::insert_run(std::vector<Run>& runs, uint32_t begin, uint32_t end) {
  if (runs.empty() || runs.back().end < end) {
    if (!runs.empty() && begin < runs.back().end) return Insert::kOverlap;
    if (!runs.empty() && begin == runs.back().end) {
      runs.back().end = end;
    } else {
      runs.push_back({begin, end});
    }
    return Insert::kNew;
  }
  const auto at = std::find_if(runs.begin(), runs.end(), [&](const Run& run) { return begin < run.end; });
  if (at != runs.end() && end > at->begin) {
    return begin >= at->begin && end <= at->end ? Insert::kDuplicate : Insert::kOverlap;
  }
  runs.insert(at, {begin, end});
  return Insert::kNew;
}

void Ipv4Reassembly::remove(Queues::iterator queue) {
  memory_ -= queue->second.memory;
  const auto source = sources_.find(queue->first.source);
  if (--source->second.queues == 0) sources_.erase(source);
  queues_.erase(queue);
}

void Ipv4Reassembly::expire(uint64_t time_ns) {
  while (!deadlines_.empty() && deadlines_.front().time_ns <= time_ns) {
    const auto queue = queues_.find(deadlines_.front().key);
    if (queue != queues_.end() && queue->second.deadline_ns == deadlines_.front().time_ns) remove(queue);
    deadlines_.pop_front();
  }
}

// Kernel: ip_frag_reinit(). The sizes of the largest fragments survive.
void Ipv4Reassembly::restart(Queue& queue, const Key& key, uint64_t time_ns) {
  memory_ -= queue.memory - kQueueMemory;
  queue.memory = kQueueMemory;
  queue.deadline_ns = time_ns + limits_.timeout_ns;
  deadlines_.push_back({queue.deadline_ns, key});
  queue.length = queue.received = 0;
  queue.ecn_seen = 0;
  queue.first_in = queue.last_in = false;
  queue.pieces.clear();
  queue.runs.clear();
}

Ipv4Reassembly::Answer Ipv4Reassembly::add(Packet& packet, uint64_t time_ns, std::vector<uint8_t>& whole) {
  expire(time_ns);
  if (memory_ > limits_.memory) return Answer::kDropped;

  const uint8_t* header = packet.data;
  Key key{};
  std::memcpy(&key.source, header + 12, 4);
  std::memcpy(&key.destination, header + 16, 4);
  key.id = load_be16(header + 4);
  key.protocol = header[9];
  const auto inserted = queues_.try_emplace(key);
  const auto entry = inserted.first;
  Queue& queue = entry->second;
  Source& source = sources_[key.source];
  if (inserted.second) {
    queue.deadline_ns = time_ns + limits_.timeout_ns;
    deadlines_.push_back({queue.deadline_ns, key});
    queue.memory = kQueueMemory;
    memory_ += kQueueMemory;
    ++source.queues;
  }

  // Too many other fragments from this source since the last of this datagram: its id has probably wrapped.
  const uint32_t tick = ++source.ticks;
  if (!queue.pieces.empty() && tick - queue.source_tick > kMaxDistance) restart(queue, key, time_ns);
  queue.source_tick = tick;

  const uint32_t field = load_be16(header + 6);
  const bool more = (field & 0x2000) != 0, dont_fragment = (field & 0x4000) != 0;
  const uint32_t begin = (field & 0x1fff) * 8;
  const uint32_t header_length = (header[0] & 0xfU) * 4;
  uint32_t end = begin + packet.length - header_length;
  const auto discard_queue = [&] {
    remove(entry);
    return Answer::kDropped;
  };

  if (!more) {
    if (end < queue.length || (queue.last_in && end != queue.length)) return discard_queue();
    queue.last_in = true;
    queue.length = end;
  } else {
    end &= ~7U;  // the tail beyond a multiple of 8 is cut off in silence
    if (end > queue.length) {
      if (queue.last_in) return discard_queue();
      queue.length = end;
    }
  }
  if (end == begin) return discard_queue();

  switch (insert_run(queue.runs, begin, end)) {
    case Insert::kDuplicate:
      return Answer::kDropped;
    case Insert::kOverlap:
      return discard_queue();
    case Insert::kNew:
      break;
  }
  queue.pieces.push_back({begin, {header + header_length, header + header_length + (end - begin)}});
  queue.received += end - begin;
  queue.ecn_seen = static_cast<uint8_t>(queue.ecn_seen | 1U << (header[1] & 3));
  const uint32_t charge = fragment_memory(packet.length);
  queue.memory += charge;
  memory_ += charge;
  if (begin == 0) {
    queue.first_in = true;
    queue.header.assign(header, header + header_length);
    queue.type = packet.type;
    queue.mark = packet.mark;
    queue.source_mac = copy_of_mac(packet.source_mac);
    queue.destination_mac = copy_of_mac(packet.destination_mac);
  }
  const uint32_t fragment_size = end - begin + header_length;
  queue.largest = std::max(queue.largest, fragment_size);
  if (dont_fragment) queue.largest_df = std::max(queue.largest_df, fragment_size);

  if (!queue.first_in || !queue.last_in || queue.received != queue.length) return Answer::kWaiting;

  uint8_t ecn = 0;
  const auto total = static_cast<uint32_t>(queue.header.size()) + queue.length;
  if (!combine_ecn(queue.ecn_seen, ecn) || total > kMaxDatagram) return discard_queue();
  whole.resize(total);
  std::memcpy(whole.data(), queue.header.data(), queue.header.size());
  for (const Piece& piece : queue.pieces) {
    std::memcpy(whole.data() + queue.header.size() + piece.offset, piece.data.data(), piece.data.size());
  }
  uint8_t* result = whole.data();
  store_be16(result + 2, static_cast<uint16_t>(total));
  result[1] = static_cast<uint8_t>(result[1] | ecn);
  store_be16(result + 6, queue.largest_df == queue.largest ? 0x4000 : 0);
  write_ipv4_checksum(result);
  packet.data = result;
  packet.length = total;
  packet.type = queue.type;
  packet.mark = queue.mark;
  source_mac_ = queue.source_mac;
  packet.source_mac = source_mac_ ? source_mac_->data() : nullptr;
  destination_mac_ = queue.destination_mac;
  packet.destination_mac = destination_mac_ ? destination_mac_->data() : nullptr;
  remove(entry);
  return Answer::kComplete;
}

}  // namespace hookline
