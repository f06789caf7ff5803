// hookline/runtime.h: classify packets with compiled rules, in a loop of your own. Link with `hookline-runtime`.
//
// Rules are an immutable, compiled rule set. A Filter puts Rules to work for a fixed number of worker threads, counts what
// they match, and replaces them by newer ones while the workers run. Rules come from hookline/hookline.h (load a file, fetch
// from the kernel: needs `hookline`, which holds the compiler) or from an image that a program with the compiler wrote.
//
// Errors: whatever makes or reads rules throws Error. Classifying cannot fail, never throws and, once a worker has seen its
// longest list of matched rules, never allocates.
// Stability: within namespace v1 nothing is removed and no struct changes its layout.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#define HOOKLINE_API __attribute__((visibility("default")))

namespace hookline::v1 {

// What everything that makes or reads rules throws: one line a problem, as the program prints them.
class HOOKLINE_API Error : public std::runtime_error {
 public:
  // The program's exit codes: a wrong call, an input that is refused, a system that refuses.
  enum class Kind { kUsage = 2, kInput = 3, kSystem = 4 };
  // `kind` decides what a program would exit with, `text` is for people.
  Error(Kind kind, const std::string& text) : std::runtime_error(text), kind_(kind) {}
  // Why, in one word.
  [[nodiscard]] Kind kind() const { return kind_; }

 private:
  Kind kind_;
};

// A rule's number within its Rules: 0 .. rule_count() - 1, tables one after the other, each in the kernel's order.
using Rule = uint32_t;

// A compiled rule set. Immutable; a copy shares the original and costs nothing.
class HOOKLINE_API Rules {
 public:
  // No table: everything is accepted.
  Rules();
  ~Rules();
  Rules(const Rules& other);
  Rules& operator=(const Rules& other);

  // Policies, implicit returns and chain heads count as well: the kernel keeps counters for all of them.
  [[nodiscard]] size_t rule_count() const;
  // "filter/FORWARD/3", "filter/FORWARD/policy", "filter/web/return"; "" for a number that is too large.
  [[nodiscard]] std::string_view rule_name(Rule rule) const;
  // 4 or 6: the same name may stand for a rule of either family.
  [[nodiscard]] int rule_family(Rule rule) const;

  // The compiled form as bytes, for a process without the compiler. Good for this version of the library only.
  [[nodiscard]] std::vector<uint8_t> image() const;
  // Checks every byte: an image may come from anywhere. Throws Error (kInput).
  static Rules from_image(const uint8_t* data, size_t size);

  // The tables of both; throws Error (kInput) for a table that both have.
  static Rules merged(const Rules& a, const Rules& b);

  struct Internals;

 private:
  friend class Filter;
  explicit Rules(std::shared_ptr<const Internals> internals);
  std::shared_ptr<const Internals> internals_;  // never null
};

// The places where the kernel asks its tables, numbered as netfilter does.
enum class Hook { kPrerouting = 0, kInput = 1, kForward = 2, kOutput = 3, kPostrouting = 4 };

// One packet, as the caller holds it.
struct Packet {
  uint8_t* data = nullptr;   // from the IP header; writeable
  uint32_t length = 0;       // bytes there; forward() ignores link padding behind the packet
  const char* in = nullptr;  // device names as rules spell them, at most 15 bytes; null: none
  const char* out = nullptr;
  uint32_t mark = 0;
  bool group = false;                        // the frame was sent to a group address (multicast or broadcast)
  bool broadcast = false;                    // it was sent to the broadcast address; `group` then says nothing more
  const uint8_t* source_mac = nullptr;       // of the Ethernet frame that it came in, 6 bytes; null: it came in none
  const uint8_t* destination_mac = nullptr;  // likewise
  uint32_t room = 0;  // writeable bytes behind `length`: TCPMSS may make a packet longer, and drops it where it cannot
};

// What is to become of a packet.
enum class Verdict {
  kAccept,
  kDrop,
  kReject,   // as kDrop; `reject_with` names the answer that the kernel would send
  kQueue,    // to queue number `queue`
  kDiscard,  // by the IP stack, not by a rule: `why`
};

// The answer for one packet.
struct Decision {
  Verdict verdict = Verdict::kDrop;
  const char* reject_with = nullptr;  // "icmp-port-unreachable"
  const char* why = nullptr;          // "TTL used up"
  uint16_t queue = 0;
  uint32_t length = 0;          // of the packet now, its link padding aside
  uint32_t mark = 0;            // of the packet now
  const Rule* rules = nullptr;  // those that the packet bumped, in order; valid until the worker's next call
  uint32_t rule_count = 0;
};

// What `iptables -L -v -x` shows beside a rule.
struct RuleCounters {
  uint64_t packets = 0;
  uint64_t bytes = 0;
};

inline constexpr size_t kMaxBurst = 64;

// Rules at work: decides packets for a fixed number of workers and counts.
class HOOKLINE_API Filter {
 public:
  // Throws Error (kUsage) for 0 workers.
  Filter(const Rules& rules, unsigned workers);
  ~Filter();
  Filter(const Filter&) = delete;
  Filter& operator=(const Filter&) = delete;

  // Takes packets over the forward path as the kernel does: PREROUTING, FORWARD, POSTROUTING of every table in order, the
  // stack's own discards in between, and one taken from TTL or hop limit. `mtu` is that of the device they leave by.
  // count <= kMaxBurst. Numbers of workers are below the constructor's `workers`; one thread a worker at a time.
  void forward(unsigned worker, const Packet* packets, size_t count, Decision* decisions, uint32_t mtu = 1500) noexcept;
  // One hook alone: no discard but for packets without a whole IP header, and no change to the packet but by rules' targets.
  void classify(unsigned worker, Hook hook, const Packet* packets, size_t count, Decision* decisions) noexcept;

  // The rules in service: rule numbers in decisions that a worker gets after publish() has returned are theirs.
  [[nodiscard]] Rules rules() const;
  // Puts other rules into service. Returns when no worker is inside a call that uses the old ones; workers never wait.
  // Their counters start at 0. One thread at a time, and no worker.
  void publish(const Rules& rules);
  // Of the rules in service, by rule number, added up over all workers. From publish()'s thread.
  [[nodiscard]] std::vector<RuleCounters> counters() const;

 private:
  struct Internals;
  std::unique_ptr<Internals> internals_;
};

}  // namespace hookline::v1
