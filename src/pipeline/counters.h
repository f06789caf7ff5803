// pipeline/counters.h: counters that one worker writes and the main core reads at any time.
//
// Every worker has its own copy of everything it counts, on cache lines that no other worker writes. A counter has one
// writer, so adding is a plain load, add and store; relaxed atomics only make the reads of the main core defined. A reader
// sees each counter at some recent moment, not all of them at one; after the workers have stopped all are exact.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>

namespace hookline {

inline constexpr size_t kCacheLine = 64;

class Tally {
 public:
  void add(uint64_t n) { value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed); }
  void set(uint64_t n) { value_.store(n, std::memory_order_relaxed); }
  [[nodiscard]] uint64_t read() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

// A rule's two counters: what the kernel keeps in struct xt_counters, for one worker.
struct RuleTally {
  Tally packets, bytes;
};

// Where a received frame ended. Every frame is counted in exactly one.
enum class Fate : uint8_t {
  kAccept,     // an IP packet that every table let pass
  kNotIp,      // ARP, VLAN-tagged and other frames: passed on as they are, no rule sees them
  kNeighbour,  // IPv6 neighbour discovery, passed on like ARP where the wire says so
  kDrop,       // by a rule, a policy or a match that drops odd packets on the spot
  kReject,     // dropped by REJECT; this build sends no answer
  kQueue,      // QUEUE or NFQUEUE: nobody listens, so the frame is dropped
  kNotForUs,   // from here on the stack's own discards (stack/discard.h): not for this host alone, so not forwarded
  kHeader,
  kMartian,
  kOptions,
  kTtl,
  kTooBig,
  kNoRoom,  // a chain of buffers too long to be joined into one
  kCount
};
inline constexpr unsigned kFateCount = static_cast<unsigned>(Fate::kCount);
inline constexpr bool passes(Fate fate) { return fate <= Fate::kNeighbour; }
inline constexpr bool discarded(Fate fate) { return fate >= Fate::kNotForUs; }

inline constexpr std::array<std::string_view, kFateCount> kFateNames = {
    "accept",        "not IP",          "neighbour discovery", "drop",        "reject",  "queue",   "not for this host",
    "broken header", "martian address", "bad options",         "TTL used up", "too big", "no room",
};

inline constexpr unsigned kMaxPorts = 32;

// What one worker did with one port.
struct PortTally {
  Tally received, received_bytes;  // frames and their bytes, without CRC
  Tally sent, sent_bytes;
  Tally full;  // frames that passed the rules and that the port's transmit queue did not take: dropped
};

// Everything that a worker counts beside rules.
struct alignas(kCacheLine) WorkerTally {
  std::array<Tally, kFateCount> fates;
  std::array<PortTally, kMaxPorts> ports;
  Tally walks, by_linear;  // walks of a packet through a table, and those of them that the index could not take
  Tally last_busy;         // time stamp counter when the worker last ran out of frames
};

}  // namespace hookline
