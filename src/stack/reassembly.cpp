#include "stack/reassembly.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "stack/checksum.h"

namespace hookline {
namespace {

constexpr uint64_t kTimeoutNs = 30'000'000'000U;  // ipfrag_time
constexpr uint64_t kHighThreshold = 4U << 20;     // ipfrag_high_thresh, bytes of buffers
constexpr uint32_t kMaxDistance = 64;             // ipfrag_max_dist
constexpr size_t kMaxIdleSources = 65536;
constexpr uint16_t kMoreFragments = 0x2000, kDontFragment = 0x4000, kOffsetMask = 0x1fff;

// About what the kernel accounts for a received packet: the sk_buff, and a power-of-two buffer with headroom and trailer.
// The exact figure depends on the driver; it only decides when the memory limit strikes.
uint32_t buffer_memory(size_t length) { return 256 + static_cast<uint32_t>(std::bit_ceil(length + 64 + 320)); }

// The ECN bits to add to the whole datagram, or nothing where the fragments' codes contradict each other.
// `codes` has bit c set for each ECN code c met: 0 Not-ECT, 1 ECT(1), 2 ECT(0), 3 CE. Kernel: ip_frag_ecn_table.
bool merged_ecn(uint8_t codes, uint8_t& bits) {
  constexpr uint8_t kNotEct = 1, kCe = 8;
  bits = 0;
  if ((codes & kNotEct) != 0) return codes == kNotEct;
  if ((codes & kCe) != 0 && codes != kCe) bits = 3;
  return true;
}

}  // namespace

size_t Ipv4Reassembly::KeyHash::operator()(const Key& key) const {
  uint64_t h = (static_cast<uint64_t>(key.source) << 32 | key.destination) * 0x9e3779b97f4a7c15U;
  h ^= (static_cast<uint64_t>(key.id) << 8 | key.protocol) * 0xc2b2ae3d27d4eb4fU;
  return static_cast<size_t>(h ^ h >> 29);
}

void Ipv4Reassembly::drop(Queues::iterator queue) {
  memory_ -= queue->memory;
  by_key_.erase(queue->key);
  queues_.erase(queue);
}

void Ipv4Reassembly::expire(uint64_t now_ns) {
  while (!queues_.empty() && queues_.front().deadline_ns <= now_ns) drop(queues_.begin());
}

std::shared_ptr<uint32_t> Ipv4Reassembly::counter_of(uint32_t source) {
  if (sources_.size() > kMaxIdleSources)
    std::erase_if(sources_, [](const auto& entry) { return entry.second.use_count() == 1; });
  auto& counter = sources_[source];
  if (!counter) counter = std::make_shared<uint32_t>(0);
  return counter;
}

void Ipv4Reassembly::restart(Queue& queue) {
  queue.runs.clear();
  queue.pieces.clear();
  queue.header.clear();
  queue.length = queue.received = queue.memory = queue.largest = queue.largest_df = 0;
  queue.ecn = 0;
  queue.last_seen = false;
}

Ipv4Reassembly::Fate Ipv4Reassembly::add(Bytes fragment, uint64_t now_ns, std::vector<uint8_t>& whole) {
  expire(now_ns);
  if (memory_ > kHighThreshold) return Fate::kWaiting;

  const uint8_t* ip = fragment.data();
  const uint32_t header_length = (ip[0] & 0xfU) * 4U;
  Key key{};
  std::memcpy(&key.source, ip + 12, 4);
  std::memcpy(&key.destination, ip + 16, 4);
  std::memcpy(&key.id, ip + 4, 2);
  key.protocol = ip[9];

  auto found = by_key_.find(key);
  if (found == by_key_.end()) {
    queues_.emplace_back();
    queues_.back().key = key;
    queues_.back().deadline_ns = now_ns + kTimeoutNs;
    queues_.back().source_counter = counter_of(key.source);
    queues_.back().sequence = *queues_.back().source_counter;
    found = by_key_.emplace(key, std::prev(queues_.end())).first;
  }
  const Queues::iterator it = found->second;
  Queue& queue = *it;

  // Too many other fragments of this source in between: the id has likely been used again.
  const uint32_t sequence = ++*queue.source_counter;
  if (!queue.pieces.empty() && sequence - queue.sequence > kMaxDistance) {
    memory_ -= queue.memory;
    restart(queue);
    queue.deadline_ns = now_ns + kTimeoutNs;
    queues_.splice(queues_.end(), queues_, it);
  }
  queue.sequence = sequence;

  const uint16_t fragment_word = load_be16(ip + 6);
  const uint32_t begin = (fragment_word & kOffsetMask) * 8U;
  uint32_t end = begin + static_cast<uint32_t>(fragment.size()) - header_length;
  if ((fragment_word & kMoreFragments) == 0) {
    if (end < queue.length || (queue.last_seen && end != queue.length)) {
      drop(it);
      return Fate::kWaiting;
    }
    queue.last_seen = true;
    queue.length = end;
  } else {
    end &= ~7U;  // the tail of a fragment that is no multiple of 8 is cut off
    if (end > queue.length) {
      if (queue.last_seen) {
        drop(it);
        return Fate::kWaiting;
      }
      queue.length = end;
    }
  }
  // `end` may lie before `begin` only through the cut, which also means that nothing is left.
  if (end <= begin) {
    drop(it);
    return Fate::kWaiting;
  }

  if (queue.runs.empty()) {
    queue.runs.push_back({begin, end});
  } else if (queue.runs.back().end < end) {
    if (begin < queue.runs.back().end) {
      drop(it);
      return Fate::kWaiting;
    }
    if (begin == queue.runs.back().end) {
      queue.runs.back().end = end;
    } else {
      queue.runs.push_back({begin, end});
    }
  } else {
    // The first run that ends behind the newcomer's begin decides: before it, inside it, or across its edge.
    const auto run = std::find_if(queue.runs.begin(), queue.runs.end(), [begin](const Run& r) { return begin < r.end; });
    if (run != queue.runs.end() && end > run->begin) {
      if (begin < run->begin || end > run->end) drop(it);
      return Fate::kWaiting;
    }
    queue.runs.insert(run, {begin, end});
  }

  queue.pieces.push_back({begin, {ip + header_length, ip + header_length + (end - begin)}});
  queue.received += end - begin;
  const uint32_t memory = buffer_memory(fragment.size());
  queue.memory += memory;
  memory_ += memory;
  queue.ecn = static_cast<uint8_t>(queue.ecn | 1U << (ip[1] & 3U));
  const uint32_t size = end - begin + header_length;
  queue.largest = std::max(queue.largest, size);
  if ((fragment_word & kDontFragment) != 0) queue.largest_df = std::max(queue.largest_df, size);
  if (begin == 0) queue.header.assign(ip, ip + header_length);
  if (!queue.last_seen || queue.header.empty() || queue.received != queue.length) return Fate::kWaiting;

  uint8_t ecn = 0;
  const uint32_t total = static_cast<uint32_t>(queue.header.size()) + queue.length;
  if (!merged_ecn(queue.ecn, ecn) || total > 65535) {
    drop(it);
    return Fate::kWaiting;
  }
  whole.resize(total);
  std::copy(queue.header.begin(), queue.header.end(), whole.begin());
  for (const Piece& piece : queue.pieces)
    std::copy(piece.payload.begin(), piece.payload.end(),
              whole.begin() + static_cast<std::ptrdiff_t>(queue.header.size() + piece.begin));
  whole[1] |= ecn;
  store_be16(whole.data() + 2, static_cast<uint16_t>(total));
  store_be16(whole.data() + 6, queue.largest_df == queue.largest ? kDontFragment : 0);
  store_be16(whole.data() + 10, 0);
  store_be16(whole.data() + 10, internet_checksum({whole.data(), queue.header.size()}));
  drop(it);
  return Fate::kComplete;
}

}  // namespace hookline
