// stack/reassembly.h: puts IPv4 fragments together again, as ip_local_deliver() does before the INPUT hook.
//
// A queue holds the fragments of one datagram as *runs*: stretches that arrived one right behind the other at the queue's
// far end. A fragment inside one run is ignored (the first data wins), one that overlaps in any other way ends the whole
// queue. The clock is the packets' own; a queue dies 30 s after its first fragment. Source: kernel net/ipv4/ip_fragment.c,
// inet_fragment.c (ip_frag_queue, inet_frag_queue_insert, ip_frag_reasm); limits: net.ipv4.ipfrag_* defaults.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"

namespace hookline {

class Ipv4Reassembly {
 public:
  enum class Fate : uint8_t {
    kWaiting,   // queued, ignored as a duplicate, or dropped: either way this fragment goes no further
    kComplete,  // `whole` holds the datagram
  };

  // `fragment` is one IPv4 packet of exactly tot_len bytes with MF set or an offset, its header already checked.
  // `now_ns` never runs backwards.
  Fate add(Bytes fragment, uint64_t now_ns, std::vector<uint8_t>& whole);

 private:
  struct Key {
    uint32_t source, destination;
    uint16_t id;
    uint8_t protocol;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    size_t operator()(const Key& key) const;
  };
  struct Run {
    uint32_t begin, end;  // of the payload, in bytes
  };
  struct Piece {
    uint32_t begin;
    std::vector<uint8_t> payload;
  };
  struct Queue {
    Key key{};
    uint64_t deadline_ns = 0;
    std::vector<Run> runs;                 // ascending
    std::vector<Piece> pieces;             // as they arrived
    std::vector<uint8_t> header;           // of the fragment at offset 0
    uint32_t length = 0;                   // of the payload, as far as known
    uint32_t received = 0;                 // payload bytes held
    uint32_t memory = 0;                   // what the kernel would account for it
    uint32_t largest = 0, largest_df = 0;  // fragment sizes, header included
    uint8_t ecn = 0;                       // one bit for each of the four ECN codes met
    bool last_seen = false;
    uint32_t sequence = 0;  // the source's fragment counter when this queue got its latest
    std::shared_ptr<uint32_t> source_counter;
  };
  using Queues = std::list<Queue>;  // by deadline, soonest first

  void expire(uint64_t now_ns);
  void drop(Queues::iterator queue);
  std::shared_ptr<uint32_t> counter_of(uint32_t source);
  static void restart(Queue& queue);

  Queues queues_;
  std::unordered_map<Key, Queues::iterator, KeyHash> by_key_;
  std::unordered_map<uint32_t, std::shared_ptr<uint32_t>> sources_;
  uint64_t memory_ = 0;
};

}  // namespace hookline
