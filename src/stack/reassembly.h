// stack/reassembly.h: IPv4 datagrams put together before INPUT, as ip_local_deliver() does for every packet.
//
// A datagram's queue is found by (source, destination, id, protocol). Its fragments form *runs*: a fragment that follows
// directly on the last one of the highest run lengthens it, any other starts a run of its own. The runs decide what a
// repeated fragment is: wholly inside one run it is a duplicate and ignored, so the first data wins; any other contact drops
// the queue and the fragment. Time is the packets' own: a queue dies some time (30 s) after its first fragment. Source:
// kernel net/ipv4/ip_fragment.c, ip_frag_queue(), ip_frag_reasm(); net/ipv4/inet_fragment.c, inet_frag_queue_insert().
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>
#include <vector>

#include "packet/packet.h"

namespace hookline {

// The host's settings; these are the kernel's own.
struct FragmentLimits {
  uint64_t timeout_ns = 30'000'000'000;  // net.ipv4.ipfrag_time
  uint64_t memory = 4194304;             // net.ipv4.ipfrag_high_thresh, bytes
};

class Ipv4Reassembly {
 public:
  explicit Ipv4Reassembly(const FragmentLimits& limits = {}) : limits_(limits) {}
  enum class Answer : uint8_t {
    kWaiting,   // the fragment was taken; others are missing
    kDropped,   // the fragment was dropped, maybe with its queue
    kComplete,  // `whole` holds the datagram
  };

  // Takes the fragment `packet`, whose header has passed receive(). On kComplete, `whole` holds the datagram with its new
  // header, and the packet describes it: data, length, and the type, mark and source address of the fragment with offset 0;
  // the last of these is kept until the next call. `time_ns` never runs backwards.
  Answer add(Packet& packet, uint64_t time_ns, std::vector<uint8_t>& whole);

  static bool is_fragment(const uint8_t* header) { return ((header[6] & 0x3f) | header[7]) != 0; }

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
  struct Piece {
    uint32_t offset;
    std::vector<uint8_t> data;  // the fragment's payload
  };
  struct Run {
    uint32_t begin, end;
  };
  struct Queue {
    uint64_t deadline_ns = 0;
    uint32_t source_tick = 0;  // `rid`: the source's fragment count when this queue last grew
    uint32_t length = 0;       // of the payload, as far as known
    uint32_t received = 0;     // payload bytes held
    uint32_t largest = 0;      // data and header of the largest fragment
    uint32_t largest_df = 0;   // of the largest with DF
    uint32_t memory = 0;       // what the kernel would charge for it
    uint8_t ecn_seen = 0;      // bit e: a fragment had ECN field e
    bool first_in = false, last_in = false;
    std::vector<Piece> pieces;    // in order of arrival
    std::vector<Run> runs;        // ascending, disjoint
    std::vector<uint8_t> header;  // of the fragment with offset 0
    PacketType type = PacketType::kHost;
    uint32_t mark = 0;
    std::optional<std::array<uint8_t, kMacBytes>> source_mac, destination_mac;
  };
  struct Source {
    uint32_t ticks = 0;   // fragments seen, while any queue of the source lives
    uint32_t queues = 0;  // queues alive
  };
  using Queues = std::unordered_map<Key, Queue, KeyHash>;

  enum class Insert : uint8_t { kNew, kDuplicate, kOverlap };
  static Insert insert_run(std::vector<Run>& runs, uint32_t begin, uint32_t end);
  void expire(uint64_t time_ns);
  void remove(Queues::iterator queue);
  void restart(Queue& queue, const Key& key, uint64_t time_ns);

  struct Deadline {
    uint64_t time_ns;
    Key key;
  };

  FragmentLimits limits_;
  Queues queues_;
  std::unordered_map<uint32_t, Source> sources_;
  std::deque<Deadline> deadlines_;  // ascending: every queue waits equally long
  uint64_t memory_ = 0;
  std::optional<std::array<uint8_t, kMacBytes>> source_mac_, destination_mac_;  // of the last whole datagram
};

}  // namespace hookline
