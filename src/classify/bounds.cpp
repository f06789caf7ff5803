// classify/bounds.cpp
#include "classify/bounds.h"

#include <algorithm>

namespace hookline {

using namespace format;

namespace {

constexpr uint64_t kSaturated = uint64_t{1} << 40;

uint64_t add(uint64_t a, uint64_t b) { return std::min(a + b, kSaturated); }

bool ends_walk(Action action) {
  return action == Action::kAccept || action == Action::kDrop || action == Action::kQueue || action == Action::kReturn ||
         action == Action::kError;
}

}  // namespace

bool unconditional(const RuleSpan& table, uint32_t rule) {
  const RuleRecord& r = table.rules[rule];
  if (r.match_count != 0 || r.flags != 0 || r.protocol != 0 || r.in_pattern != 0 || r.out_pattern != 0) return false;
  const uint32_t* address = table.addresses + size_t{rule} * 4 * table.words;
  return std::all_of(address, address + 4 * table.words, [](uint32_t word) { return word == 0; });
}

WalkBound linear_bound(const RuleSpan& table, uint32_t entry, uint32_t underflow) {
  struct Bound {
    enum class State : uint8_t { kNew, kOpen, kDone } state = State::kNew;
    uint64_t bumps = 0, depth = 0;
  };
  const auto count = static_cast<uint32_t>(table.rules.size());
  std::vector<Bound> bounds(count);
  const auto jumps = [](Action a) { return a == Action::kJump || a == Action::kGoto || a == Action::kNext; };
  // Depth-first, with the rules that are open on an explicit stack; a rule is done when all it leads to is done.
  std::vector<uint32_t> stack = {entry};
  while (!stack.empty()) {
    const uint32_t at = stack.back();
    Bound& bound = bounds[at];
    if (bound.state == Bound::State::kDone) {
      stack.pop_back();
      continue;
    }
    const RuleRecord& rule = table.rules[at];
    const bool falls_through = !(ends_walk(rule.action) && unconditional(table, at));
    const bool leads = jumps(rule.action);
    if (falls_through && at + 1 >= count) return {};
    if (bound.state == Bound::State::kNew) {
      bound.state = Bound::State::kOpen;
      for (const uint32_t next : {at + 1, rule.jump_to}) {
        if (next == at + 1 ? !falls_through : !leads) continue;
        if (bounds[next].state == Bound::State::kOpen) return {};
        if (bounds[next].state == Bound::State::kNew) stack.push_back(next);
      }
      continue;
    }
    // Open and on top again: both successors are done. One that is still open closes a loop.
    if (falls_through && bounds[at + 1].state != Bound::State::kDone) return {};
    if (leads && bounds[rule.jump_to].state != Bound::State::kDone) return {};
    const Bound behind = falls_through ? bounds[at + 1] : Bound{};
    const Bound target = leads ? bounds[rule.jump_to] : Bound{};
    switch (rule.action) {
      case Action::kJump:
        bound.bumps = add(1, add(target.bumps, behind.bumps));
        bound.depth = std::max(add(1, target.depth), behind.depth);
        break;
      case Action::kGoto:
      case Action::kNext:
        bound.bumps = std::max(add(1, target.bumps), behind.bumps);
        bound.depth = std::max(target.depth, behind.depth);
        break;
      case Action::kTarget:
        bound.bumps = add(1, behind.bumps);
        bound.depth = behind.depth;
        break;
      default:
        bound.bumps = std::max<uint64_t>(1, behind.bumps);
        bound.depth = behind.depth;
        break;
    }
    bound.state = Bound::State::kDone;
    stack.pop_back();
  }
  // A RETURN with nothing on the stack goes to the policy, which ends the walk.
  const Action policy = table.rules[underflow].action;
  const bool policy_ends = (policy == Action::kAccept || policy == Action::kDrop) && unconditional(table, underflow);
  return {policy_ends, add(bounds[entry].bumps, 1), bounds[entry].depth};
}

std::vector<uint64_t> section_bounds(std::span<const Section> sections, std::span<const Occurrence> occurrences) {
  std::vector<uint64_t> result(sections.size());
  std::vector<uint64_t> from;  // the bound of a walk that goes on at a position
  for (size_t s = sections.size(); s-- > 0;) {
    const Section& section = sections[s];
    from.assign(size_t{section.occurrence_count} + 1, 0);
    for (uint32_t p = section.occurrence_count; p-- > 0;) {
      const Occurrence& o = occurrences[section.first_occurrence + p];
      uint64_t taken = 1;
      switch (o.kind) {
        case OccurrenceKind::kAccept:
        case OccurrenceKind::kDrop:
        case OccurrenceKind::kQueue:
        case OccurrenceKind::kPop:
          break;
        case OccurrenceKind::kNext:
        case OccurrenceKind::kTarget:
          taken = add(1, from[p + 1]);
          break;
        case OccurrenceKind::kReturn:
          taken = add(1, from[o.skip]);
          break;
        case OccurrenceKind::kCall:
        case OccurrenceKind::kContinue:
          taken = add(o.kind == OccurrenceKind::kCall ? 1 : 0, result[o.callee]);
          if (o.skip != kNone) taken = add(taken, from[o.skip]);
          break;
      }
      from[p] = std::max(taken, from[p + 1]);
    }
    result[s] = from[0];
  }
  return result;
}

}  // namespace hookline
