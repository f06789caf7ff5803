// classify/bounds.h: how far a walk can go: what the compiler reserves and the verifier demands.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "classify/format.h"

namespace hookline {

// The rule records of a table, with what is needed to see which of them match every packet.
struct RuleSpan {
  std::span<const format::RuleRecord> rules;
  const uint32_t* addresses = nullptr;
  unsigned words = 1;  // of an address
};

// No condition at all, in the kernel's sense. Kernel: unconditional().
bool unconditional(const RuleSpan& table, uint32_t rule);

struct WalkBound {
  bool ends = false;   // false: the rules form a loop, or a walk runs off the last rule
  uint64_t bumps = 0;  // the most rules that one packet's walk can bump
  uint64_t depth = 0;  // the most jumps on its stack
};

// Of the linear walk from `entry`. Every number in the rules is in range. Saturates far above any accepted bound.
WalkBound linear_bound(const RuleSpan& table, uint32_t entry, uint32_t underflow);

// Of the indexed walk from the start of each section; a section's calls lead to later sections, its skips ahead.
std::vector<uint64_t> section_bounds(std::span<const format::Section> sections,
                                     std::span<const format::Occurrence> occurrences);

// No accepted Program lets one packet bump more rules than this in one table.
inline constexpr uint64_t kMaxBumps = 1U << 20;

}  // namespace hookline
