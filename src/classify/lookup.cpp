// classify/lookup.cpp: the indexed look-up, one source for every instruction set.
//
// Most walks end within the first blocks of their leaf and meet no condition that the index left open: then the blocks'
// masks of matching candidates name the path, and the walk is remembered under them (KnownPath).
//
// A burst goes through stages, so that one packet's cache misses overlap with another's work: keys of all packets, then the
// trees of the hook's section level by level, then the walks. A walk merges the candidates of the section's trees in order
// of position and asks only what the index could not express. This file is compiled once for each Highway target.
//
// A target may write what a key holds; the compiler has then left those bits out of the table's index, and whoever tests
// them is asked in the walk, so the key need not follow.
#ifndef HOOKLINE_CLASSIFY_LOOKUP_ONCE
#define HWY_BASELINE_TARGETS HWY_BASELINE_SCALAR
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4)
#endif

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "classify/lookup.cpp"
#include "hwy/cache_control.h"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
//
#include <bit>
#include <cstddef>

#include "base/fault.h"
#include "classify/bits.h"
#include "classify/header_cache.h"
#include "classify/internals.h"
#include "classify/lookup.h"

#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3
#include <immintrin.h>
#endif

HWY_BEFORE_NAMESPACE();
namespace hookline::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using namespace format;

HWY_INLINE uint32_t extract(uint32_t value, uint32_t mask) {
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3
  return _pext_u32(value, mask);
#else
  return extract_bits(value, mask);
#endif
}

// Which candidates of the block hold the key: bit i for lane i.
HWY_INLINE uint32_t match_block(const Block* block, const Key& key) {
  const hn::CappedTag<uint32_t, kBlockLanes> d;
  using V = hn::Vec<decltype(d)>;
  constexpr size_t kLanes = hn::MaxLanes(hn::CappedTag<uint32_t, kBlockLanes>());
  uint32_t result = 0;
  for (size_t first = 0; first < kBlockLanes; first += kLanes) {
    V failed = hn::Zero(d);
    const auto* row = reinterpret_cast<const Row*>(block + 1);
    const uint8_t* word = block->words;
    for (const uint8_t* end = word + block->equal_rows; word != end; ++word, ++row) {
      const V x = hn::Set(d, key.word[*word]);
      failed = hn::Or(failed, hn::And(hn::Xor(x, hn::Load(d, row->a + first)), hn::Load(d, row->b + first)));
    }
    for (const uint8_t* end = word + block->range_rows; word != end; ++word, ++row) {
      const V distance = hn::Sub(hn::Set(d, key.word[*word]), hn::Load(d, row->a + first));
      const V width = hn::Sub(hn::Load(d, row->b + first), hn::Set(d, HOOKLINE_FAULT("compiled:range_end_lost") ? 1U : 0U));
      failed = hn::Or(failed, hn::Xor(hn::Max(distance, width), width));
    }
    for (const uint8_t* end = word + block->not_rows; word != end; ++word, ++row) {
      const V mask = hn::Load(d, row->b + first);
      const V differs = hn::And(hn::Xor(hn::Set(d, key.word[*word]), hn::Load(d, row->a + first)), mask);
      const auto equal = hn::And(hn::Eq(differs, hn::Zero(d)), hn::Ne(mask, hn::Zero(d)));
      if (!HOOKLINE_FAULT("compiled:inequality_ignored")) failed = hn::Or(failed, hn::VecFromMask(d, equal));
    }
    uint8_t bits[8];
    hn::StoreMaskBits(d, hn::Eq(failed, hn::Zero(d)), bits);
    result |= static_cast<uint32_t>(bits[0]) << first;
  }
  return result & ((1U << block->count) - 1);
}

HWY_INLINE uint32_t child_of(const uint8_t* base, uint32_t child, const Key& key) {
  const uint8_t* at = base + size_t{child} * 8;
  const auto* node = reinterpret_cast<const Node*>(at);
  const uint32_t low = extract(key.word[node->word0], node->mask0);
  const uint32_t high = extract(key.word[node->word1], node->mask1);
  return reinterpret_cast<const uint32_t*>(at + sizeof(Node))[low | high << node->bits0];
}

// Of a leaf: the head of its first block and the rows of the words that most blocks compare.
inline constexpr size_t kPrefetchedLines = 6;
// A Program of this size stays in the first levels of cache by itself.
inline constexpr size_t kNearBytes = 64 << 10;

HWY_INLINE bool is_node(uint32_t child) { return child != 0 && (child & kLeafBit) == 0; }

HWY_INLINE const uint8_t* place_of(const uint8_t* base, uint32_t child) { return base + size_t{child & ~kLeafBit} * 8; }

HWY_INLINE uint32_t counted_bytes_of(const Packet& packet) {
  return packet.length - (HOOKLINE_FAULT("compiled:bytes_without_header") ? 20U : 0U);
}

HWY_INLINE KnownPath& path_slot(Scratch::Internals& scratch, const Block* block, uint32_t masks, uint32_t blocks) {
  const auto place = static_cast<uint32_t>(reinterpret_cast<uintptr_t>(block) >> 3);
  return scratch.paths[(place * 0x9e3779b1U ^ (masks + blocks) * 0x85ebca6bU) >> (32 - kKnownPathBits)];
}

// One packet's walk.
class Walk {
 public:
  Walk(const LoadedProgram::Internals& program, Hook hook, Packet& packet, Scratch::Internals& scratch, const Key& key,
       const Offsets& offsets)
      : program_(program),
        view_(program.view),
        hook_(hook),
        packet_(packet),
        scratch_(scratch),
        key_(key),
        offsets_(offsets) {}

  // `block`: the first of the section's only tree where the caller has compared it, with the result in `mask`; else null.
  void run(const Section* section, const uint32_t* leaves, const Block* block, uint32_t mask, Outcome& outcome) {
    outcome = Outcome{};
    Bump* const bumps = scratch_.bumps.get() + scratch_.bump_count;
    Bump* end = bumps;
    section_ = section;
    // One tree is the rule, and a loop over cursors becomes a `rep stos`, which costs more than all the rest.
    if (block != nullptr) {
      cursors_[0] = {block, mask, true};
      masks_ = mask;
      blocks_ = 1;
    } else {
      by_masks_alone_ = false;
      for (uint32_t t = 0; t < std::min(section->tree_count, kMaxTrees); ++t) start(cursors_[t], leaves[t]);
    }
    if (scratch_.scanner) scratch_.scanner->next_packet();
    outcome.verdict = follow(end, outcome);
    outcome.by_key = by_key_;
    outcome.bumps = {bumps, end};
    scratch_.bump_count += outcome.bumps.size();
    if (by_masks_alone_ && outcome.bumps.size() <= kKnownRules) remember(section, block, outcome);
  }

 private:
  [[nodiscard]] HWY_INLINE uint32_t counted_bytes() const { return counted_bytes_of(packet_); }

  void remember(const Section* section, const Block* block, const Outcome& outcome) {
    for (uint32_t blocks = 1; blocks < blocks_; ++blocks) {
      const uint32_t masks = masks_ & ((1U << blocks * kBlockLanes) - 1);
      path_slot(scratch_, block, masks, blocks) = {section, block, masks, static_cast<uint8_t>(blocks), true, 0, {}, {}};
    }
    KnownPath& known = path_slot(scratch_, block, masks_, blocks_);
    known = {
        section,         block, masks_, static_cast<uint8_t>(blocks_), false, static_cast<uint8_t>(outcome.bumps.size()),
        outcome.verdict, {}};
    for (uint32_t i = 0; i < known.count; ++i) known.rules[i] = outcome.bumps[i].rule;
  }

  // The masks of the path so far name every block that has been compared.
  void note_block(uint32_t mask) {
    if (blocks_ < kKnownBlocks) {
      masks_ |= mask << blocks_ * kBlockLanes;
      ++blocks_;
    } else {
      by_masks_alone_ = false;
    }
  }

  void start(LeafCursor& cursor, uint32_t leaf) {
    cursor.block = leaf != 0 ? reinterpret_cast<const Block*>(place_of(view_.base, leaf)) : nullptr;
    cursor.mask = 0;
    cursor.compared = false;
  }

  // The least position of the cursor's candidates in [from, limit), left unconsumed; `limit` where there is none. Blocks are
  // compared only when a candidate of theirs could be the answer.
  HWY_INLINE uint32_t head(LeafCursor& cursor, uint32_t from, uint32_t limit) {
    while (cursor.block != nullptr) {
      const Block* block = cursor.block;
      if (!cursor.compared) {
        if (block->position[0] >= limit) return limit;
        cursor.mask = by_masks_alone_ || block->position[block->count - 1] >= from ? match_block(block, key_) : 0;
        cursor.compared = true;
        if (by_masks_alone_) note_block(cursor.mask);
      }
      for (; cursor.mask != 0; cursor.mask &= cursor.mask - 1) {
        const uint32_t position = block->position[std::countr_zero(cursor.mask)];
        if (position >= from) return std::min(position, limit);
      }
      if (block->last != 0) {
        cursor.block = nullptr;
        break;
      }
      cursor.block = block->next();
      cursor.compared = false;
    }
    return limit;
  }

  HWY_INLINE uint32_t next_candidate(uint32_t from) {
    uint32_t least = kNone;
    for (uint32_t t = 0; t < section_->tree_count; ++t) least = head(cursors_[t], from, least);
    return least;
  }

  // The conditions that the index left open.
  Answer residual(const Occurrence& occurrence, const MatchContext& context) {
    if ((occurrence.flags & kCheckHeader) != 0) {
      Offsets unused = offsets_;
      if (match_header(view_, occurrence.rule, packet_, unused) != HeaderAnswer::kYes) return Answer::kNo;
    }
    Answer held = Answer::kYes;
    for (uint32_t i = HOOKLINE_FAULT("compiled:residual_skipped") ? 1 : 0; i < occurrence.residual_count; ++i) {
      const Answer said = ask_match(program_, view_.residuals[occurrence.residual_begin + i], context, scratch_);
      if (said == Answer::kYesHotdrop)
        held = said;
      else if (said != Answer::kYes)
        return held == Answer::kYesHotdrop ? Answer::kHotdrop : said;
    }
    return held;
  }

  // What the kernel tells a rule's matches: an IPv6 rule without `-p` has not looked for the upper header.
  MatchContext context_of(uint32_t rule) const {
    const bool knows_l4 = packet_.family == Family::kIpv4 || (view_.rules[rule].flags & kWalksHeaders) != 0;
    return {packet_, hook_, knows_l4 ? offsets_.l4 : 0, offsets_.fragment};
  }

  void enter(uint32_t number) {
    section_ = view_.sections + number;
    for (uint32_t t = 0; t < std::min(section_->tree_count, kMaxTrees); ++t) {
      uint32_t child = section_->roots[t];
      while (is_node(child)) child = child_of(view_.base, child, key_);
      start(cursors_[t], child);
    }
  }

  // A match of the rule held, but dropped the packet: the rule is counted and its target called, and that is all.
  Verdict doom(const Occurrence& occurrence, Bump*& end, Outcome& outcome) {
    *end++ = {RuleId{occurrence.rule}, counted_bytes()};
    if (view_.rules[occurrence.rule].action == Action::kTarget) {
      outcome.reject_with =
          call_target(program_, occurrence.rule, context_of(occurrence.rule), packet_, scratch_).reject_with;
    }
    outcome.hotdrop = true;
    return Verdict::kDrop;
  }

  Verdict follow(Bump*& end, Outcome& outcome) {
    uint32_t depth = 0;
    uint32_t from = 0;
    for (;;) {
      const uint32_t position = next_candidate(from);
      // Every section of a compiled table ends in an occurrence that matches; only a forged one gets here.
      if (position == kNone) return Verdict::kDrop;
      const Occurrence& occurrence = view_.occurrences[section_->first_occurrence + position];
      from = position + 1;
      if (occurrence.residual_count != 0 || occurrence.flags != 0) {
        by_masks_alone_ = by_key_ = false;
        const Answer said = residual(occurrence, context_of(occurrence.rule));
        if (said == Answer::kHotdrop && !HOOKLINE_FAULT("compiled:hotdrop_is_match")) {
          outcome.hotdrop = true;
          return Verdict::kDrop;
        }
        if (said == Answer::kNo) {
          // Whoever stands behind a jump in its body is there under the jump's condition.
          if (occurrence.kind == OccurrenceKind::kNext && !HOOKLINE_FAULT("compiled:failed_jump_enters_body"))
            from = occurrence.skip;
          continue;
        }
        if (said == Answer::kYesHotdrop) return doom(occurrence, end, outcome);
      }
      const bool lost = occurrence.kind == OccurrenceKind::kReturn && HOOKLINE_FAULT("compiled:return_not_counted");
      if (occurrence.kind != OccurrenceKind::kContinue && !lost) *end++ = {RuleId{occurrence.rule}, counted_bytes()};
      switch (occurrence.kind) {
        case OccurrenceKind::kAccept:
          return Verdict::kAccept;
        case OccurrenceKind::kDrop:
          return Verdict::kDrop;
        case OccurrenceKind::kQueue:
          return Verdict::kQueue;
        case OccurrenceKind::kNext:
          break;
        case OccurrenceKind::kReturn:
          if (!HOOKLINE_FAULT("compiled:return_lost")) from = occurrence.skip;
          break;
        case OccurrenceKind::kPop: {
          const WalkFrame& frame = scratch_.frames[--depth];
          section_ = frame.section;
          from = frame.resume;
          for (uint32_t t = 0; t < section_->tree_count; ++t) cursors_[t] = frame.cursors[t];
          break;
        }
        case OccurrenceKind::kCall:
        case OccurrenceKind::kContinue:
          by_masks_alone_ = false;
          if (occurrence.skip != kNone) {
            WalkFrame& frame = scratch_.frames[depth++];
            frame.section = section_;
            frame.resume = occurrence.skip;
            for (uint32_t t = 0; t < section_->tree_count; ++t) frame.cursors[t] = cursors_[t];
          }
          enter(occurrence.callee);
          from = 0;
          break;
        case OccurrenceKind::kTarget: {
          by_masks_alone_ = by_key_ = false;
          const TargetAction action = call_target(program_, occurrence.rule, context_of(occurrence.rule), packet_, scratch_);
          outcome.wrote |= action.wrote;
          if (!action.continues) {
            outcome.reject_with = action.reject_with;
            outcome.queue = action.queue;
            return action.verdict;
          }
          break;
        }
      }
    }
  }

  const LoadedProgram::Internals& program_;
  const ProgramView& view_;
  const Hook hook_;
  Packet& packet_;
  Scratch::Internals& scratch_;
  const Key& key_;
  const Offsets& offsets_;
  const Section* section_ = nullptr;
  bool by_masks_alone_ = true;       // so far nothing but `masks_` has decided where the walk went
  bool by_key_ = true;               // nor anything but the key
  uint32_t masks_ = 0, blocks_ = 0;  // as in KnownPath
  LeafCursor cursors_[kMaxTrees];
};

// The path of a key whose mask in the leaf's first block is `mask`; null: it has not been walked yet.
HWY_INLINE const KnownPath* known_path(const Section& section, const Block* block, uint32_t mask, const Key& key,
                                       Scratch::Internals& scratch) {
  const Block* last = block;
  uint32_t masks = mask;
  for (uint32_t blocks = 1; blocks <= kKnownBlocks; ++blocks) {
    const KnownPath& known = path_slot(scratch, block, masks, blocks);
    if (known.section != &section || known.block != block || known.masks != masks || known.blocks != blocks) return nullptr;
    if (!known.goes_on) return &known;
    last = last->next();
    masks |= match_block(last, key) << blocks * kBlockLanes;
  }
  return nullptr;
}

// Writes room for the longest known path always: how many rules it has would be one more guess.
HWY_INLINE void take_known(const KnownPath& known, const Packet& packet, Scratch::Internals& scratch, Outcome& outcome) {
  Bump* const bumps = scratch.bumps.get() + scratch.bump_count;
  const uint32_t bytes = counted_bytes_of(packet);
  const hn::CappedTag<uint64_t, kKnownRules> d;
  const hn::Rebind<uint32_t, decltype(d)> rules;
  static_assert(sizeof(Bump) == sizeof(uint64_t) && offsetof(Bump, bytes) == 4 &&
                std::endian::native == std::endian::little);
  for (size_t i = 0; i < kKnownRules; i += hn::Lanes(d)) {
    const auto rule = hn::PromoteTo(d, hn::Load(rules, reinterpret_cast<const uint32_t*>(known.rules) + i));
    hn::StoreU(hn::Or(rule, hn::Set(d, uint64_t{bytes} << 32)), d, reinterpret_cast<uint64_t*>(bumps + i));
  }
  outcome = Outcome{};
  outcome.verdict = known.verdict;
  outcome.by_key = true;
  outcome.bumps = {bumps, known.count};
  scratch.bump_count += known.count;
}

// A hook whose first rule takes every packet, whatever its shape: a table that has only its policy there. Rules that no
// packet of an indexable shape hits have no occurrence, but may still drop one of another shape on the spot.
bool answers_all(const ProgramView& view, const HookEntry& hook, const Section& section) {
  if (section.occurrence_count != 1) return false;
  const Occurrence& only = view.occurrences[section.first_occurrence];
  if (only.rule != hook.entry) return false;
  return (only.kind == OccurrenceKind::kAccept || only.kind == OccurrenceKind::kDrop) && only.residual_count == 0 &&
         only.flags == 0 && (view.rules[only.rule].flags & kWalksHeaders) == 0;
}

void answer_all(const ProgramView& view, const Section& section, std::span<Packet* const> packets,
                Scratch::Internals& scratch, std::span<Outcome> outcomes) {
  const Occurrence& only = view.occurrences[section.first_occurrence];
  const Verdict verdict = only.kind == OccurrenceKind::kAccept ? Verdict::kAccept : Verdict::kDrop;
  for (size_t i = 0; i < packets.size(); ++i) {
    Bump& bump = scratch.bumps[scratch.bump_count++];
    bump = {RuleId{only.rule}, packets[i]->length};
    outcomes[i] = Outcome{};
    outcomes[i].verdict = verdict;
    outcomes[i].by_key = true;
    outcomes[i].bumps = {&bump, 1};
  }
}

void look_up(const LoadedProgram& loaded, Hook hook, std::span<Packet* const> packets, Scratch& owner,
             std::span<Outcome> outcomes, HeaderCache* headers) {
  const LoadedProgram::Internals& program = loaded.internals();
  Scratch::Internals& scratch = owner.internals();
  const ProgramView& view = program.view;
  const HookEntry& entry = view.header->hooks[static_cast<unsigned>(hook)];
  const Section& section = view.sections[entry.section];
  scratch.bump_count = 0;
  if (answers_all(view, entry, section)) return answer_all(view, section, packets, scratch, outcomes);

  Key* keys[kMaxBurst];
  const Offsets* offsets[kMaxBurst];
  uint8_t indexed[kMaxBurst];
  uint32_t indexed_count = 0;
  const Key* same_devices = nullptr;  // the key of the last packet that was indexed
  const InterfaceName *in = nullptr, *out = nullptr;
  for (uint32_t i = 0; i < packets.size(); ++i) {
    if (headers != nullptr) {
      keys[i] = headers->take(*packets[i], offsets[i]);
    } else {
      keys[i] = parse_key(*packets[i], scratch.keys[i], scratch.offsets[i]) ? &scratch.keys[i] : nullptr;
      offsets[i] = &scratch.offsets[i];
    }
    if (keys[i] != nullptr) {
      if (same_devices != nullptr && packets[i]->in == in && packets[i]->out == out) {
        for (const Dimension dimension : {Dimension::kInterfaces, Dimension::kInterfaceBits})
          keys[i]->word[static_cast<unsigned>(dimension)] = same_devices->word[static_cast<unsigned>(dimension)];
      } else {
        in = packets[i]->in;
        out = packets[i]->out;
        resolve_devices(view, *packets[i], scratch, *keys[i]);
      }
      same_devices = keys[i];
      indexed[indexed_count++] = static_cast<uint8_t>(i);
    }
  }

  const bool far = view.header->size > kNearBytes;
  for (uint32_t t = 0; t < section.tree_count; ++t) {
    // Packets that still stand on an inner node; those on a leaf drop out of the list.
    uint8_t active[kMaxBurst];
    uint32_t active_count = 0;
    for (uint32_t n = 0; n < indexed_count; ++n) {
      scratch.leaves[indexed[n]][t] = section.roots[t];
      active[active_count] = indexed[n];
      active_count += is_node(section.roots[t]) ? 1U : 0U;
    }
    while (active_count != 0) {
      uint32_t still = 0;
      for (uint32_t n = 0; n < active_count; ++n) {
        const uint8_t i = active[n];
        const uint32_t child = child_of(view.base, scratch.leaves[i][t], *keys[i]);
        scratch.leaves[i][t] = child;
        const uint8_t* place = place_of(view.base, child);
        hwy::Prefetch(place);
        hwy::Prefetch(place + 64);
        active[still] = i;
        still += is_node(child) ? 1U : 0U;
      }
      active_count = still;
    }
    // Apart from the descent, where whether a child is a leaf is what no branch predictor can tell.
    for (uint32_t n = 0; far && n < indexed_count; ++n) {
      const uint8_t* place = place_of(view.base, scratch.leaves[indexed[n]][t]);
      for (size_t line = 2; line < kPrefetchedLines; ++line) hwy::Prefetch(place + 64 * line);
    }
  }

  // The first blocks of all, then what they lead to: which of these is known, and how many rules it counts, is what no
  // branch predictor can tell, and a wrong guess then costs only the little that follows it.
  const Block* blocks[kMaxBurst];
  uint32_t masks[kMaxBurst];
  for (uint32_t n = 0; n < indexed_count; ++n) {
    const uint8_t i = indexed[n];
    const uint32_t leaf = section.tree_count == 1 ? scratch.leaves[i][0] : 0;
    blocks[i] = leaf != 0 ? reinterpret_cast<const Block*>(place_of(view.base, leaf)) : nullptr;
    if (leaf == 0) continue;
    masks[i] = match_block(blocks[i], *keys[i]);
  }
  // In the order of the burst, whatever their shape: a match may remember who came before.
  for (uint32_t i = 0; i < packets.size(); ++i) {
    if (keys[i] == nullptr) {
      walk_linear(program, hook, *packets[i], scratch, outcomes[i]);
      outcomes[i].by_linear = true;
      if (headers != nullptr && outcomes[i].wrote) headers->forget(*packets[i]);
      continue;
    }
    if (blocks[i] != nullptr) {
      const KnownPath* known = known_path(section, blocks[i], masks[i], *keys[i], scratch);
      if (known != nullptr) {
        take_known(*known, *packets[i], scratch, outcomes[i]);
        continue;
      }
    }
    Walk(program, hook, *packets[i], scratch, *keys[i], *offsets[i])
        .run(&section, scratch.leaves[i], blocks[i], masks[i], outcomes[i]);
    if (headers != nullptr && outcomes[i].wrote) headers->forget(*packets[i]);
  }
}

}  // namespace hookline::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hookline {

Lookup lookup_for(Isa isa) {
  switch (isa) {
    case Isa::kScalar:
#if HWY_TARGETS & HWY_EMU128
      return &N_EMU128::look_up;
#elif HWY_TARGETS & HWY_SCALAR
      return &N_SCALAR::look_up;
#else
      return nullptr;
#endif
    case Isa::kAvx2:
#if HWY_TARGETS & HWY_AVX2
      return &N_AVX2::look_up;
#else
      return nullptr;
#endif
    case Isa::kAvx512:
#if HWY_TARGETS & HWY_AVX3
      return &N_AVX3::look_up;
#else
      return nullptr;
#endif
  }
  return nullptr;
}

}  // namespace hookline
#endif  // HWY_ONCE
