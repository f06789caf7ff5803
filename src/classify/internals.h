// classify/internals.h: what the readers of a Program share: typed views of the region, and a worker's private memory.
#pragma once

#include <memory>
#include <vector>

#include "classify/classify.h"
#include "classify/format.h"
#include "classify/key.h"
#include "classify/program.h"
#include "payload/patterns.h"
#include "table/extension.h"

namespace hookline {

// The parts of a verified region. Kept beside it so that a look-up needs no arithmetic on references.
struct ProgramView {
  const uint8_t* base = nullptr;
  const format::Header* header = nullptr;
  const format::RuleRecord* rules = nullptr;
  const uint32_t* addresses = nullptr;
  const format::MatchRecord* matches = nullptr;
  const format::DevicePattern* names = nullptr;
  const uint16_t* wildcards = nullptr;  // [2][kMaxWildcards]
  const uint32_t* residuals = nullptr;
  const format::Section* sections = nullptr;
  const format::Occurrence* occurrences = nullptr;
  const format::PatternRecord* patterns = nullptr;

  explicit ProgramView(Bytes region);
  [[nodiscard]] const void* at(format::Ref ref) const { return base + size_t{ref} * 8; }
};

uint64_t region_checksum(Bytes region);

struct LoadedProgram::Internals {
  explicit Internals(Program owned) : program(std::move(owned)), view(program.bytes()) {}
  Program program;
  ProgramView view;
  std::vector<Answer (*)(const void*, const MatchContext&)> match_calls;    // by xt number
  std::vector<TargetAction (*)(const void*, TargetContext&)> target_calls;  // by xt number
  std::unique_ptr<payload::PatternSet> patterns;                            // null where the table has none
  std::vector<uint32_t> state_at;         // by match record: the first word of its state, kNone; empty: no match has one
  std::vector<uint32_t> target_state_at;  // likewise by rule
  uint32_t state_words = 0;               // of all
  bool timed = false;                     // someone asks for the packet's time
};

// Where a section's walk stands in one of its trees.
struct LeafCursor {
  const format::Block* block;  // null: no candidate is left
  uint32_t mask;               // matching lanes of the block that are not consumed yet
  bool compared;               // false: the block has not been looked at, `mask` is not valid
};

// A walk that the masks of its leaf's first blocks alone have decided: which rules were bumped, and the verdict; or, by
// `goes_on`, that these blocks do not decide it and the next one has to be compared. A cache with one place for each hash;
// what it holds is true for ever, since a Program does not change.
inline constexpr size_t kKnownRules = 8;
inline constexpr unsigned kKnownBlocks = 4;
static_assert(kKnownBlocks * format::kBlockLanes <= 32);
struct alignas(64) KnownPath {
  const format::Section* section = nullptr;
  const format::Block* block = nullptr;  // the leaf's first
  uint32_t masks = 0;                    // kBlockLanes bits for each block, the first one's lowest
  uint8_t blocks = 0;                    // how many were compared
  bool goes_on = false;
  uint8_t count = 0;
  Verdict verdict = Verdict::kDrop;
  alignas(32) RuleId rules[kKnownRules] = {};
};
static_assert(sizeof(KnownPath) == 64);
inline constexpr unsigned kKnownPathBits = 7;

// A section that waits for a subroutine to come back.
struct WalkFrame {
  const format::Section* section = nullptr;
  uint32_t resume = 0;
  LeafCursor cursors[format::kMaxTrees];
};

// The conditions on one device, looked up once for a run of packets that share it.
struct DeviceCache {
  InterfaceName name;
  bool filled = false;
  uint32_t id = 0;
  uint32_t bits = 0;
};

struct Scratch::Internals {
  Internals(const LoadedProgram& program, std::shared_ptr<World> of);

  Key keys[kMaxBurst];
  Offsets offsets[kMaxBurst];
  uint32_t leaves[kMaxBurst][format::kMaxTrees];
  KnownPath paths[1U << kKnownPathBits];
  std::unique_ptr<Bump[]> bumps;  // room for kMaxBurst of the longest walk and kKnownRules; pages are touched as needed
  size_t bump_count = 0;
  std::unique_ptr<uint32_t[]> stack;    // the linear walk's return stack
  std::unique_ptr<WalkFrame[]> frames;  // the indexed walk's
  DeviceCache in_device, out_device;
  std::unique_ptr<payload::PatternScanner> scanner;  // null where the table has no patterns
  std::shared_ptr<World> world;                      // what the states point into
  std::unique_ptr<uint64_t[]> states;                // of matches and targets; null where none has one
};

// Fills kInterfaces and kInterfaceBits.
void resolve_devices(const ProgramView& view, const Packet& packet, Scratch::Internals& scratch, Key& key);

// Whether the packet's headers fit the rule's header conditions; offsets and hotdrop as the kernel would set them.
enum class HeaderAnswer : uint8_t { kNo, kYes, kHotdrop };
HeaderAnswer match_header(const ProgramView& view, uint32_t rule, const Packet& packet, Offsets& offsets);

// The linear walk of one packet; its bumps go behind those that the scratch holds already.
void walk_linear(const LoadedProgram::Internals& program, Hook hook, Packet& packet, Scratch::Internals& scratch,
                 Outcome& outcome);

// Calls the target of a rule whose action is Action::kTarget.
inline TargetAction call_target(const LoadedProgram::Internals& program, uint32_t number, const MatchContext& context,
                                Packet& packet, Scratch::Internals& scratch) {
  const format::RuleRecord& rule = program.view.rules[number];
  TargetContext with_packet(context, packet);
  if (!program.target_state_at.empty() && program.target_state_at[number] != format::kNone)
    with_packet.state = scratch.states.get() + program.target_state_at[number];
  const TargetAction action = program.target_calls[rule.target_number](program.view.at(rule.target_info), with_packet);
  // What a scan has found holds for the bytes that it has seen.
  if (action.wrote && scratch.scanner) scratch.scanner->next_packet();
  return action;
}

// The answer of match record `number`.
inline Answer ask_match(const LoadedProgram::Internals& program, uint32_t number, const MatchContext& context,
                        Scratch::Internals& scratch) {
  const format::MatchRecord& match = program.view.matches[number];
  if (match.pattern != format::kNone && scratch.scanner) {
    const auto found = scratch.scanner->found(match.pattern, {context.packet.data, context.packet.length});
    if (found) return answer(*found != (match.inverted != 0));
  }
  if (!program.state_at.empty() && program.state_at[number] != format::kNone) [[unlikely]] {
    MatchContext with_state = context;
    with_state.state = scratch.states.get() + program.state_at[number];
    return program.match_calls[match.number](program.view.at(match.info), with_state);
  }
  return program.match_calls[match.number](program.view.at(match.info), context);
}

}  // namespace hookline
