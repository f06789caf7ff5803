// packet/outcome.h: what the walk of one packet through one table at one hook yields. All engines are compared on all of it.
#pragma once

#include <cstdint>
#include <span>

namespace hookline {

// Index of a rule in its table: entries counted in blob order from 0, chain heads included. The one name for a rule
// inside the program, in every engine.
enum class RuleId : uint32_t {};
inline constexpr uint32_t index_of(RuleId id) { return static_cast<uint32_t>(id); }

enum class Verdict : uint8_t {
  kAccept,
  kDrop,
  kQueue,
  kStolen,  // absorbed: a fragment that waits for the rest of its datagram
};

// REJECT's `with`, as the IPv4 or IPv6 header numbers it (enum ipt_reject_with / ip6t_reject_with); kNoReject elsewhere.
inline constexpr uint8_t kNoReject = 0xff;

// One increment of a rule's counters: one packet and `bytes` bytes (skb->len at that moment).
struct Bump {
  RuleId rule;
  uint32_t bytes;
  bool operator==(const Bump&) const = default;
};

struct Outcome {
  Verdict verdict = Verdict::kDrop;
  bool hotdrop = false;             // a match dropped the packet on the spot; the verdict is kDrop
  uint8_t reject_with = kNoReject;  // which answer REJECT would send; the verdict is kDrop
  uint16_t queue = 0;               // queue number of a kQueue verdict
  bool by_linear = false;           // compiled engine only: the shape was not indexable, so the linear walk answered
  // Compiled engine only: nothing but the packet's Key and the hook decided this; another packet of the same Key and hook
  // gets the same, its own length aside.
  bool by_key = false;
  bool wrote = false;           // a target has changed bytes of the packet, or its length
  std::span<const Bump> bumps;  // in walk order; points into the engine's scratch, valid until its next use
};

}  // namespace hookline
