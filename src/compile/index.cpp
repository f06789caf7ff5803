// compile/index.cpp
#include "compile/index.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <span>
#include <tuple>
#include <unordered_map>

#include "classify/bits.h"
#include "classify/format.h"

namespace hookline::compiler {
namespace {

using format::kNone;
using format::OccurrenceKind;
using Op = WordTest::Op;

constexpr unsigned kWords = kDimensionCount;
constexpr unsigned kMaxCandidateBits = 64;
constexpr uint32_t kSampleSize = 1024;
constexpr float kLevelCost = 2.5F;
constexpr float kBitCost = 0.1F;

// A box with its tests spread by word, for constant-time questions.
struct Entry {
  uint32_t position = 0;
  uint32_t tested = 0;  // bit w: word w has an equality or a range
  std::array<uint32_t, kWords> value{}, mask{};
  std::array<uint32_t, kWords> low{}, high{};
  const Box* box = nullptr;
};

// Bits of the key that are known in a region of the tree.
struct Region {
  std::array<uint32_t, kWords> value{}, mask{};
};

Entry spread(uint32_t position, const Box& box) {
  Entry entry;
  entry.position = position;
  entry.box = &box;
  entry.high.fill(UINT32_MAX);
  for (const WordTest& test : box) {
    const auto w = static_cast<unsigned>(test.dimension);
    if (test.op == Op::kMaskedEqual) {
      entry.value[w] = test.a;
      entry.mask[w] = test.b;
    } else if (test.op == Op::kRange) {
      entry.low[w] = test.a;
      entry.high[w] = test.b;
    } else {
      continue;
    }
    entry.tested |= 1U << w;
  }
  return entry;
}

// Bits of word w that every key of the entry has: those of its equality and the common prefix of its range.
uint32_t pinned_mask(const Entry& e, unsigned w) {
  const uint32_t varying = e.low[w] ^ e.high[w];
  const uint32_t prefix = varying == 0 ? UINT32_MAX : ~(UINT32_MAX >> std::countl_zero(varying));
  return e.mask[w] | prefix;
}
uint32_t pinned_value(const Entry& e, unsigned w) {
  return (e.value[w] & e.mask[w]) | (e.low[w] & pinned_mask(e, w) & ~e.mask[w]);
}

// The entry tests word w by a range that is not a prefix.
bool has_range(const Entry& e, unsigned w) { return e.low[w] != 0 || e.high[w] != UINT32_MAX; }

bool agrees(const Entry& e, unsigned w, uint32_t value, uint32_t mask) {
  if (((e.value[w] ^ value) & e.mask[w] & mask) != 0) return false;
  return range_has(e.low[w], e.high[w], (value & mask) | (e.value[w] & e.mask[w]), mask | e.mask[w]);
}

// Whether every key of `inner` that lies in the region is a key of `outer`.
bool covers(const Entry& outer, const Entry& inner, const Region& region) {
  for (const WordTest& test : *outer.box) {
    const auto w = static_cast<unsigned>(test.dimension);
    const uint32_t known = region.mask[w] | inner.mask[w];
    const uint32_t value = (region.value[w] & region.mask[w]) | (inner.value[w] & inner.mask[w]);
    switch (test.op) {
      case Op::kMaskedEqual: {
        const uint32_t pinned = known | pinned_mask(inner, w);
        const uint32_t pins = value | (pinned_value(inner, w) & ~known);
        if ((test.b & ~pinned) != 0 || ((pins ^ test.a) & test.b) != 0) return false;
        break;
      }
      case Op::kRange: {
        const uint32_t low = std::max(inner.low[w], value);
        const uint32_t high = std::min(inner.high[w], value | ~known);
        if (low < test.a || high > test.b) return false;
        break;
      }
      case Op::kMaskedNotEqual: {
        if (((value ^ test.a) & known & test.b) != 0) break;
        if (std::find(inner.box->begin(), inner.box->end(), test) != inner.box->end()) break;
        return false;
      }
    }
  }
  return true;
}

// What the walk may do at an occurrence, as far as dropping others behind it goes.
struct Effect {
  bool ends = false;  // reaching it ends the walk of this section, whatever the packet
  uint32_t skip = 0;  // where it can lead, when that is not just the next position; 0: nowhere
};

Effect effect_of(const FlatOccurrence& o, uint32_t position) {
  Effect effect;
  const bool terminal = o.kind == OccurrenceKind::kAccept || o.kind == OccurrenceKind::kDrop ||
                        o.kind == OccurrenceKind::kQueue || o.kind == OccurrenceKind::kPop ||
                        (o.kind == OccurrenceKind::kContinue && o.skip == kNone) ||
                        (o.kind == OccurrenceKind::kCall && o.skip == kNone);
  effect.ends = terminal && !o.checked;
  if (o.kind == OccurrenceKind::kReturn || o.kind == OccurrenceKind::kCall || o.kind == OccurrenceKind::kContinue ||
      (o.kind == OccurrenceKind::kNext && o.checked)) {
    if (o.skip != kNone && o.skip > position + 1) effect.skip = o.skip;
  }
  return effect;
}

// Chosen bits of a node, at most two words.
struct Choice {
  uint32_t word[2] = {0, 0};
  uint32_t mask[2] = {0, 0};
  [[nodiscard]] unsigned bits() const { return static_cast<unsigned>(std::popcount(mask[0]) + std::popcount(mask[1])); }
};

struct Tree {
  uint32_t root = 0;
  std::vector<uint64_t> nodes, leaves;
  uint32_t entries = 0, depth = 0, largest_leaf = 0;
  double work = 0;  // expected blocks and levels of a packet that hits a random entry
};

class TreeBuilder {
 public:
  TreeBuilder(const std::vector<Entry>& entries, const std::vector<Effect>& effects, const CompileOptions& options,
              size_t budget, std::vector<uint32_t> ids, bool alone)
      : entries_(entries), effects_(effects), options_(options), budget_(budget), alone_(alone) {
    if (!alone_) collect_outside_skips(ids);
    in_flight_ = entry_count_ = ids.size();
    root_ids_ = std::move(ids);
  }

  Tree build() {
    std::vector<Work> queue;
    std::vector<float> ones(root_ids_.size(), 1.0F);
    queue.push_back({std::move(root_ids_), std::move(ones), Region{}, 1, kNone});
    // Breadth first, so that a child lies behind its parent.
    for (size_t i = 0; i < queue.size(); ++i) {
      Work work = std::move(queue[i]);
      prune(work);
      Choice choice;
      if (options_.index && work.ids.size() > std::max<uint32_t>(options_.leaf_size, 1)) choice = choose_bits(work);
      uint32_t child;
      if (choice.bits() == 0) {
        child = emit_leaf(work);
      } else {
        child = emit_node(work, choice, queue);
      }
      if (work.parent_child == kNone) {
        tree_.root = child;
      } else {
        set_child(work.parent_child, child);
      }
    }
    return std::move(tree_);
  }

 private:
  struct Work {
    std::vector<uint32_t> ids;   // entries, by position
    std::vector<float> weights;  // of each: probability that a packet that hits it comes here
    Region region;
    uint32_t depth;
    uint32_t parent_child;  // index of the child slot in half words of `nodes`; kNone: the root
  };

  // Occurrences in other trees that can lead past others: an ender behind one of them, and before where it leads, is not
  // certain to be reached.
  void collect_outside_skips(const std::vector<uint32_t>& ids) {
    std::vector<uint8_t> inside(entries_.size(), 0);
    for (const uint32_t id : ids) inside[id] = 1;
    uncertain_.assign(effects_.size() + 1, 0);
    uint32_t reach = 0;
    std::vector<uint8_t> skips(effects_.size(), 0);
    for (size_t id = 0; id < entries_.size(); ++id)
      if (inside[id] == 0 && effects_[entries_[id].position].skip != 0) skips[entries_[id].position] = 1;
    for (uint32_t p = 0; p < effects_.size(); ++p) {
      if (p < reach) uncertain_[p] = 1;
      if (skips[p] != 0) reach = std::max(reach, effects_[p].skip);
    }
  }

  // Drops entries that cannot matter in the region: those behind an entry that surely ends the walk and covers them, and
  // further boxes of an occurrence that one of its boxes covers.
  void prune(Work& work) {
    if (!options_.prune_covered) return;
    auto& ids = work.ids;
    constexpr size_t kPairwise = 48;
    const bool pairwise = ids.size() <= kPairwise;
    std::vector<uint32_t> kept, enders;
    std::vector<float> kept_weights;
    uint32_t reach = 0;  // an entry seen before can lead to this position
    const Entry everything = spread(0, anything_);
    for (size_t i = 0; i < ids.size(); ++i) {
      const uint32_t id = ids[i];
      const Entry& entry = entries_[id];
      bool covered = false;
      if (pairwise) {
        for (const uint32_t ender : enders) covered = covered || covers(entries_[ender], entry, work.region);
        if (!kept.empty() && entries_[kept.back()].position == entry.position)
          covered = covered || covers(entries_[kept.back()], entry, work.region);
      }
      if (covered) continue;
      kept.push_back(id);
      kept_weights.push_back(work.weights[i]);
      const Effect& effect = effects_[entry.position];
      const bool certain = entry.position >= reach && (alone_ || uncertain_[entry.position] == 0);
      if (effect.ends && certain) {
        if (covers(entry, everything, work.region)) break;
        if (pairwise) enders.push_back(id);
      }
      reach = std::max(reach, effect.skip);
    }
    in_flight_ -= ids.size() - kept.size();
    ids = std::move(kept);
    work.weights = std::move(kept_weights);
  }

  // A copy of a sampled entry in a cell; a cell is a stretch of the list of pairs.
  struct Pair {
    uint64_t pinned;  // bit c: the entry has candidate bit c pinned
    uint64_t ones;    // and it is 1
    float weight;
  };

  // How a cell would split, for all candidate bits: entries and their weight that have the bit 0, 1.
  struct Split {
    alignas(64) std::array<float, kMaxCandidateBits> count0, count1, weight0, weight1;
  };

  static void add_one_by_one(std::span<const Pair> cell, Split& split) {
    for (const Pair& pair : cell) {
      for (uint64_t bits = pair.ones; bits != 0; bits &= bits - 1) {
        const auto c = static_cast<unsigned>(std::countr_zero(bits));
        split.count1[c] += 1;
        split.weight1[c] += pair.weight;
      }
      for (uint64_t bits = pair.pinned & ~pair.ones; bits != 0; bits &= bits - 1) {
        const auto c = static_cast<unsigned>(std::countr_zero(bits));
        split.count0[c] += 1;
        split.weight0[c] += pair.weight;
      }
    }
  }

  // The same for up to 64 pairs at once: with the matrix of pairs and bits turned over, counting is one instruction a bit.
  // Weights are powers of two, mostly few of them, so each makes a mask of the pairs that have it.
  static void add_turned_over(std::span<const Pair> cell, uint64_t usable, Split& split) {
    std::array<uint64_t, 64> zeros{}, ones{};
    std::array<float, 64> weight_of;  // of a class: as many as pairs, at worst
    std::array<uint64_t, 64> members;
    unsigned class_count = 0;
    for (size_t i = 0; i < cell.size(); ++i) {
      ones[i] = cell[i].ones;
      zeros[i] = cell[i].pinned & ~cell[i].ones;
      unsigned k = 0;
      while (k < class_count && weight_of[k] != cell[i].weight) ++k;
      if (k == class_count) {
        weight_of[k] = cell[i].weight;
        members[k] = 0;
        ++class_count;
      }
      members[k] |= uint64_t{1} << i;
    }
    transpose(zeros);
    transpose(ones);
    for (uint64_t bits = usable; bits != 0; bits &= bits - 1) {
      const auto c = static_cast<unsigned>(std::countr_zero(bits));
      split.count0[c] += static_cast<float>(std::popcount(zeros[c]));
      split.count1[c] += static_cast<float>(std::popcount(ones[c]));
      for (unsigned k = 0; k < class_count; ++k) {
        split.weight0[c] += weight_of[k] * static_cast<float>(std::popcount(zeros[c] & members[k]));
        split.weight1[c] += weight_of[k] * static_cast<float>(std::popcount(ones[c] & members[k]));
      }
    }
  }

  // Bit c of word i becomes bit i of word c.
  static void transpose(std::array<uint64_t, 64>& matrix) {
    uint64_t mask = 0x00000000ffffffff;
    for (unsigned step = 32; step != 0; step >>= 1, mask ^= mask << step) {
      for (unsigned i = 0; i < 64; i = ((i | step) + 1) & ~step) {
        const uint64_t swapped = ((matrix[i] >> step) ^ matrix[i | step]) & mask;
        matrix[i] ^= swapped << step;
        matrix[i | step] ^= swapped;
      }
    }
  }

  // A key bit that a node could take.
  struct Candidate {
    unsigned word, bit;
    float score;  // expected work after splitting by this bit alone
  };

  // The bits worth trying: those that split the sample best when taken alone.
  std::vector<Candidate> candidate_bits(const std::vector<uint32_t>& sample, const Region& region, float scale) const {
    std::array<std::array<uint16_t, 32>, kWords> zeros, ones;
    uint32_t seen = 0;
    for (const uint32_t id : sample) {
      const Entry& e = entries_[id];
      for (uint32_t words = e.tested; words != 0; words &= words - 1) {
        const auto w = static_cast<unsigned>(std::countr_zero(words));
        if ((seen >> w & 1) == 0) {
          zeros[w].fill(0);
          ones[w].fill(0);
          seen |= 1U << w;
        }
        const uint32_t value = pinned_value(e, w);
        for (uint32_t bits = pinned_mask(e, w) & ~region.mask[w]; bits != 0; bits &= bits - 1) {
          const auto b = static_cast<unsigned>(std::countr_zero(bits));
          ++((value >> b & 1) != 0 ? ones : zeros)[w][b];
        }
      }
    }
    std::vector<Candidate> candidates;
    const auto total = static_cast<float>(sample.size());
    for (; seen != 0; seen &= seen - 1) {
      const auto w = static_cast<unsigned>(std::countr_zero(seen));
      for (unsigned b = 0; b < 32; ++b) {
        const float z = zeros[w][b], o = ones[w][b];
        if (z + o == 0) continue;
        const float score = cost(total - o, (z + total - o) / 2, scale) + cost(total - z, (o + total - z) / 2, scale);
        candidates.push_back({w, b, score});
      }
    }
    // Small nodes are many, and their best bits stand out.
    const size_t limit = sample.size() > 256 ? kMaxCandidateBits : kMaxCandidateBits / 2;
    if (candidates.size() > limit) {
      std::nth_element(candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(limit), candidates.end(),
                       [](const Candidate& x, const Candidate& y) {
                         return std::tie(x.score, x.word, x.bit) < std::tie(y.score, y.word, y.bit);
                       });
      candidates.resize(limit);
    }
    return candidates;
  }

  Pair as_pair(uint32_t id, float weight, const std::vector<Candidate>& candidates) const {
    const Entry& e = entries_[id];
    std::array<uint32_t, kWords> mask{}, value{};
    for (uint32_t words = e.tested; words != 0; words &= words - 1) {
      const auto w = static_cast<unsigned>(std::countr_zero(words));
      mask[w] = pinned_mask(e, w);
      value[w] = pinned_value(e, w);
    }
    Pair pair{0, 0, weight};
    for (size_t c = 0; c < candidates.size(); ++c) {
      const uint64_t is_pinned = mask[candidates[c].word] >> candidates[c].bit & 1;
      pair.pinned |= is_pinned << c;
      pair.ones |= (is_pinned & value[candidates[c].word] >> candidates[c].bit) << c;
    }
    return pair;
  }

  // A sampled entry in cells that need no further split, and in how many of them.
  struct Settled {
    uint64_t pinned;
    uint32_t copies;
  };

  // Takes bits greedily, one at a time. No bits: a leaf is as good.
  Choice choose_bits(const Work& work) const {
    const size_t n = work.ids.size();
    // Too few to gain what a level costs, however well they split.
    if (cost(static_cast<float>(n), 1, 1) < kLevelCost) return {};
    // A sample stands for all when there are many.
    std::vector<uint32_t> sample;
    const size_t sample_size = std::min<size_t>(n, kSampleSize);
    sample.reserve(sample_size);
    for (size_t i = 0; i < sample_size; ++i) sample.push_back(work.ids[i * n / sample_size]);
    const float scale = static_cast<float>(n) / static_cast<float>(sample_size);
    const std::vector<Candidate> candidates = candidate_bits(sample, work.region, scale);
    if (candidates.empty()) return {};
    std::vector<Pair> pairs, split_pairs;
    pairs.reserve(sample_size * 2);
    float total_weight = 0;
    for (size_t i = 0; i < sample_size; ++i) {
      pairs.push_back(as_pair(sample[i], work.weights[i * n / sample_size], candidates));
      total_weight += pairs.back().weight;
    }

    const unsigned max_bits = n > 4096 ? 12 : n > 512 ? 10 : n > 64 ? 8 : 6;
    // Entries this node may leave behind, in terms of the sample: its share of what the budget still holds.
    const size_t spare = budget_ > in_flight_ ? budget_ - in_flight_ : 0;
    const double share = static_cast<double>(n) / static_cast<double>(in_flight_);
    const double allowed = (static_cast<double>(n) + static_cast<double>(spare) * 0.5 * share) / static_cast<double>(scale);
    const float undivided = cost(static_cast<float>(sample_size), total_weight, scale);
    float current = undivided, settled_cost = 0;
    std::vector<Settled> settled;
    std::vector<uint32_t> cell_ends = {static_cast<uint32_t>(pairs.size())};
    uint64_t usable = candidates.size() == 64 ? ~uint64_t{0} : (uint64_t{1} << candidates.size()) - 1;
    Choice choice;
    unsigned words_used = 0;
    while (choice.bits() < max_bits && usable != 0 && !pairs.empty()) {
      std::array<float, kMaxCandidateBits> sums{}, pins{};
      uint32_t begin = 0;
      for (const uint32_t end : cell_ends) {
        add_cell(std::span<const Pair>(pairs.data() + begin, end - begin), usable, candidates.size(), scale, sums, pins);
        begin = end;
      }
      // The best bit whose copies are allowed.
      unsigned best_bit = kMaxCandidateBits;
      for (;;) {
        best_bit = kMaxCandidateBits;
        for (uint64_t bits = usable; bits != 0; bits &= bits - 1) {
          const auto c = static_cast<unsigned>(std::countr_zero(bits));
          if (best_bit == kMaxCandidateBits || sums[c] < sums[best_bit]) best_bit = c;
        }
        if (best_bit == kMaxCandidateBits) break;
        double size = 2.0 * static_cast<double>(pairs.size()) - static_cast<double>(pins[best_bit]);
        for (const Settled& s : settled) size += s.copies * ((s.pinned >> best_bit & 1) != 0 ? 1.0 : 2.0);
        if (size <= allowed) break;
        usable &= ~(uint64_t{1} << best_bit);
      }
      if (best_bit == kMaxCandidateBits) break;
      const float best = sums[best_bit] + settled_cost;
      if (best > current * 0.985F || current - best < kBitCost * total_weight) break;

      for (Settled& s : settled)
        if ((s.pinned >> best_bit & 1) == 0) s.copies *= 2;
      split_pairs.clear();
      std::vector<uint32_t> split_ends;
      split_ends.reserve(cell_ends.size() * 2);
      begin = 0;
      for (const uint32_t end : cell_ends) {
        for (const uint64_t side : {0UL, 1UL}) {
          const size_t first = split_pairs.size();
          float weight = 0;
          for (uint32_t i = begin; i < end; ++i) {
            Pair pair = pairs[i];
            if ((pair.pinned >> best_bit & 1) == 0) {
              pair.weight /= 2;
            } else if ((pair.ones >> best_bit & 1) != side) {
              continue;
            }
            weight += pair.weight;
            split_pairs.push_back(pair);
          }
          const size_t size = split_pairs.size() - first;
          if (static_cast<float>(size) * scale <= static_cast<float>(format::kBlockLanes)) {
            for (size_t i = first; i < split_pairs.size(); ++i) settled.push_back({split_pairs[i].pinned, 1});
            settled_cost += cost(static_cast<float>(size), weight, scale);
            split_pairs.resize(first);
          } else {
            split_ends.push_back(static_cast<uint32_t>(split_pairs.size()));
          }
        }
        begin = end;
      }
      pairs.swap(split_pairs);
      cell_ends = std::move(split_ends);
      current = best;
      usable &= ~(uint64_t{1} << best_bit);
      const Candidate& chosen = candidates[best_bit];
      const unsigned slot = words_used > 0 && choice.word[0] != chosen.word ? 1 : 0;
      words_used = std::max(words_used, slot + 1);
      choice.word[slot] = chosen.word;
      choice.mask[slot] |= 1U << chosen.bit;
      if (words_used == 2) {
        for (size_t c = 0; c < candidates.size(); ++c)
          if (candidates[c].word != choice.word[0] && candidates[c].word != choice.word[1]) usable &= ~(uint64_t{1} << c);
      }
    }
    // A level costs a packet about as much as looking at kLevelCost more entries.
    if ((undivided - current) / total_weight < kLevelCost) return {};
    return choice;
  }

  // Adds what the cell would cost after a split by each candidate bit, and how many of its entries have that bit pinned.
  static void add_cell(std::span<const Pair> cell, uint64_t usable, size_t candidates, float scale,
                       std::array<float, kMaxCandidateBits>& sums, std::array<float, kMaxCandidateBits>& pins) {
    Split split{};
    float weight = 0;
    for (const Pair& pair : cell) weight += pair.weight;
    if (cell.size() < 16) {
      add_one_by_one(cell, split);
    } else {
      for (size_t i = 0; i < cell.size(); i += 64)
        add_turned_over(cell.subspan(i, std::min<size_t>(64, cell.size() - i)), usable, split);
    }
    const auto total = static_cast<float>(cell.size());
    for (size_t c = 0; c < candidates; ++c) {
      const float open = (weight - split.weight0[c] - split.weight1[c]) / 2;
      pins[c] += split.count0[c] + split.count1[c];
      sums[c] += cost(total - split.count1[c], split.weight0[c] + open, scale) +
                 cost(total - split.count0[c], split.weight1[c] + open, scale);
    }
  }

  // The expected work of a cell: entries beyond one block, and a little for each.
  static float cost(float entries, float weight, float scale) {
    const float size = entries * scale;
    return weight * (std::max(0.0F, size - static_cast<float>(format::kBlockLanes)) + 0.02F * size);
  }

  uint32_t emit_node(const Work& work, const Choice& choice, std::vector<Work>& queue) {
    const auto bits0 = static_cast<unsigned>(std::popcount(choice.mask[0]));
    const auto bits1 = static_cast<unsigned>(std::popcount(choice.mask[1]));
    const uint32_t children = 1U << (bits0 + bits1);
    const auto at = static_cast<uint32_t>(tree_.nodes.size());
    tree_.nodes.resize(tree_.nodes.size() + 2 + (children + 1) / 2);
    format::Node node;
    node.mask0 = choice.mask[0];
    node.mask1 = choice.mask[1];
    node.word0 = static_cast<uint8_t>(choice.word[0]);
    node.word1 = static_cast<uint8_t>(choice.word[1]);
    node.bits0 = static_cast<uint8_t>(bits0);
    node.bits1 = static_cast<uint8_t>(bits1);
    std::memcpy(&tree_.nodes[at], &node, sizeof node);

    // Where each entry goes, and how many go to each child.
    struct Sent {
      uint32_t entry, child;  // the entry's place in work.ids
      float weight;
    };
    std::vector<Sent> sent;
    sent.reserve(work.ids.size() * 2);
    std::vector<uint32_t> sizes(children, 0);
    for (uint32_t i = 0; i < work.ids.size(); ++i) {
      const Entry& e = entries_[work.ids[i]];
      const size_t first = sent.size();
      const uint32_t low = extract_bits(pinned_value(e, choice.word[0]), choice.mask[0]);
      const uint32_t low_free = ~extract_bits(pinned_mask(e, choice.word[0]), choice.mask[0]) & ((1U << bits0) - 1);
      const uint32_t high = extract_bits(pinned_value(e, choice.word[1]), choice.mask[1]);
      const uint32_t high_free = ~extract_bits(pinned_mask(e, choice.word[1]), choice.mask[1]) & ((1U << bits1) - 1);
      const uint32_t fixed = low | high << bits0;
      const uint32_t free = low_free | high_free << bits0;
      const bool ranged[2] = {has_range(e, choice.word[0]), has_range(e, choice.word[1])};
      // Every way to fill the open bits; a range may still rule a way out.
      for (uint32_t fill = free;; fill = (fill - 1) & free) {
        const uint32_t child = (fixed & ~free) | fill;
        bool fits = true;
        for (unsigned s = 0; s < 2 && fits; ++s) {
          if (choice.mask[s] == 0 || !ranged[s]) continue;
          const uint32_t w = choice.word[s];
          const uint32_t bits = deposit_bits(s == 0 ? child & ((1U << bits0) - 1) : child >> bits0, choice.mask[s]);
          fits = agrees(e, w, work.region.value[w] | bits, work.region.mask[w] | choice.mask[s]);
        }
        if (fits) {
          sent.push_back({i, child, 0});
          ++sizes[child];
        }
        if (fill == 0) break;
      }
      const float weight = work.weights[i] / static_cast<float>(sent.size() - first);
      for (size_t c = first; c < sent.size(); ++c) sent[c].weight = weight;
    }
    in_flight_ += sent.size() - work.ids.size();
    const auto first_child = static_cast<uint32_t>(queue.size());
    std::vector<uint32_t> place(children, kNone);
    for (uint32_t child = 0; child < children; ++child) {
      if (sizes[child] == 0) continue;
      place[child] = static_cast<uint32_t>(queue.size()) - first_child;
      Work part;
      part.ids.reserve(sizes[child]);
      part.weights.reserve(sizes[child]);
      part.region = child_region(work.region, choice, child & ((1U << bits0) - 1), child >> bits0);
      part.depth = work.depth + 1;
      part.parent_child = at * 2 + 4 + child;
      queue.push_back(std::move(part));
    }
    for (const Sent& s : sent) {
      Work& part = queue[first_child + place[s.child]];
      part.ids.push_back(work.ids[s.entry]);
      part.weights.push_back(s.weight);
    }
    return at + 1;
  }

  static Region child_region(const Region& parent, const Choice& choice, uint32_t low, uint32_t high) {
    Region region = parent;
    const uint32_t packed[2] = {low, high};
    for (unsigned s = 0; s < 2; ++s) {
      if (choice.mask[s] == 0) continue;
      region.value[choice.word[s]] |= deposit_bits(packed[s], choice.mask[s]);
      region.mask[choice.word[s]] |= choice.mask[s];
    }
    return region;
  }

  void set_child(uint32_t half_word, uint32_t child) {
    std::memcpy(reinterpret_cast<uint8_t*>(tree_.nodes.data()) + size_t{half_word} * 4, &child, 4);
  }

  // ---- leaves ----

  struct BlockRows {
    struct RowKey {
      unsigned word;
      Op op;
      unsigned instance;  // several inequalities of one word stand in rows of their own
      bool operator==(const RowKey&) const = default;
    };
    std::vector<RowKey> keys;
  };

  static void add_rows(BlockRows& rows, const Box& box) {
    std::array<unsigned, kWords> unequal{};
    for (const WordTest& test : box) {
      const auto w = static_cast<unsigned>(test.dimension);
      const BlockRows::RowKey key{w, test.op, test.op == Op::kMaskedNotEqual ? unequal[w]++ : 0};
      if (std::find(rows.keys.begin(), rows.keys.end(), key) == rows.keys.end()) rows.keys.push_back(key);
    }
  }

  // Equalities that are prefixes become ranges where the block has a range row for the word anyway.
  static Box with_ranges(const Box& box, uint32_t range_words) {
    Box result = box;
    for (WordTest& test : result) {
      if (test.op != Op::kMaskedEqual || (range_words >> static_cast<unsigned>(test.dimension) & 1) == 0) continue;
      const uint32_t free = ~test.b;
      if ((free & (free + 1)) != 0) continue;
      const bool has_range = std::any_of(box.begin(), box.end(), [&](const WordTest& other) {
        return other.dimension == test.dimension && other.op == Op::kRange;
      });
      if (!has_range) test = {test.dimension, Op::kRange, test.a, test.a | free};
    }
    return result;
  }

  uint32_t emit_leaf(const Work& work) {
    const auto& ids = work.ids;
    double weight = 0;
    for (const float w : work.weights) weight += static_cast<double>(w);
    const size_t whole_blocks = (ids.size() + 7) / 8;
    const double blocks = std::max<double>(1, static_cast<double>(whole_blocks));
    tree_.work += weight / static_cast<double>(entry_count_) * (blocks + 1.3 * work.depth);
    tree_.depth = std::max(tree_.depth, work.depth);
    tree_.largest_leaf = std::max(tree_.largest_leaf, static_cast<uint32_t>(ids.size()));
    if (ids.empty()) return 0;

    // Equal leaves are stored once.
    uint64_t hash = ids.size();
    for (const uint32_t id : ids) hash = std::rotl((hash ^ id) * 0x9e3779b185ebca87ULL, 27);
    auto [begin, end] = known_leaves_.equal_range(hash);
    for (auto it = begin; it != end; ++it)
      if (std::ranges::equal(it->second.second, ids)) return it->second.first;

    tree_.entries += static_cast<uint32_t>(ids.size());
    const uint32_t ref = format::kLeafBit | static_cast<uint32_t>(tree_.leaves.size());
    for (size_t i = 0; i < ids.size();) {
      BlockRows rows;
      size_t count = 0;
      uint32_t range_words = 0;
      while (count < format::kBlockLanes && i + count < ids.size()) {
        const Box& box = *entries_[ids[i + count]].box;
        BlockRows grown = rows;
        add_rows(grown, box);
        if (count != 0 && grown.keys.size() > format::kMaxRows) break;
        rows = std::move(grown);
        for (const WordTest& test : box)
          if (test.op == Op::kRange) range_words |= 1U << static_cast<unsigned>(test.dimension);
        ++count;
      }
      BlockRows final_rows;
      std::vector<Box> boxes;
      for (size_t c = 0; c < count; ++c) {
        boxes.push_back(with_ranges(*entries_[ids[i + c]].box, range_words));
        add_rows(final_rows, boxes.back());
      }
      std::stable_sort(final_rows.keys.begin(), final_rows.keys.end(), [](const auto& x, const auto& y) {
        const auto rank = [](Op op) { return op == Op::kMaskedEqual ? 0 : op == Op::kRange ? 1 : 2; };
        return rank(x.op) < rank(y.op);
      });
      emit_block(ids, i, boxes, final_rows, i + count == ids.size());
      i += count;
    }
    known_leaves_.emplace(hash, std::pair{ref, ids});
    return ref;
  }

  void emit_block(const std::vector<uint32_t>& ids, size_t first, const std::vector<Box>& boxes, const BlockRows& rows,
                  bool last) {
    format::Block block;
    block.count = static_cast<uint8_t>(boxes.size());
    block.last = last ? 1 : 0;
    for (size_t r = 0; r < rows.keys.size(); ++r) {
      block.words[r] = static_cast<uint8_t>(rows.keys[r].word);
      ++(rows.keys[r].op == Op::kMaskedEqual ? block.equal_rows
         : rows.keys[r].op == Op::kRange     ? block.range_rows
                                             : block.not_rows);
    }
    for (size_t c = 0; c < boxes.size(); ++c) block.position[c] = entries_[ids[first + c]].position;
    const size_t at = tree_.leaves.size();
    tree_.leaves.resize(at + (1 + rows.keys.size()) * 8);
    std::memcpy(&tree_.leaves[at], &block, sizeof block);
    for (size_t r = 0; r < rows.keys.size(); ++r) {
      format::Row row{};
      for (unsigned lane = 0; lane < format::kBlockLanes; ++lane) {
        if (rows.keys[r].op == Op::kRange) row.b[lane] = UINT32_MAX;
        if (lane >= boxes.size()) continue;
        std::array<unsigned, kWords> unequal{};
        for (const WordTest& test : boxes[lane]) {
          const auto w = static_cast<unsigned>(test.dimension);
          const BlockRows::RowKey key{w, test.op, test.op == Op::kMaskedNotEqual ? unequal[w]++ : 0};
          if (!(key == rows.keys[r])) continue;
          row.a[lane] = test.a;
          row.b[lane] = test.op == Op::kRange ? test.b - test.a : test.b;
        }
      }
      std::memcpy(&tree_.leaves[at + (1 + r) * 8], &row, sizeof row);
    }
  }

  const std::vector<Entry>& entries_;
  const std::vector<Effect>& effects_;
  const CompileOptions& options_;
  const size_t budget_;
  const bool alone_;
  const Box anything_;
  std::vector<uint32_t> root_ids_;
  std::vector<uint8_t> uncertain_;  // by position
  size_t entry_count_ = 0;
  size_t in_flight_ = 0;  // entries in leaves and in work not yet done
  Tree tree_;
  std::unordered_multimap<uint64_t, std::pair<uint32_t, std::vector<uint32_t>>> known_leaves_;
};

// How entries are told apart for trees of their own.
enum class Grouping : uint8_t {
  kSource,       // those that pin 16 bits of the source address; the rest
  kDestination,  // of the destination address; the rest
  kEither,       // of the source; of the others, of the destination; the rest
};

std::vector<std::vector<uint32_t>> grouped(const std::vector<Entry>& entries, Grouping grouping) {
  const auto pins = [](const Entry& entry, Dimension first) {
    int bits = 0;
    for (unsigned w = static_cast<unsigned>(first), end = w + 4; w < end; ++w) bits += std::popcount(pinned_mask(entry, w));
    return bits >= 16;
  };
  std::vector<std::vector<uint32_t>> groups(3);
  for (uint32_t id = 0; id < entries.size(); ++id) {
    const bool source = grouping != Grouping::kDestination && pins(entries[id], Dimension::kSource0);
    const bool destination = grouping != Grouping::kSource && pins(entries[id], Dimension::kDestination0);
    groups[source ? 0 : destination ? 1 : 2].push_back(id);
  }
  std::erase_if(groups, [](const auto& group) { return group.empty(); });
  return groups;
}

constexpr size_t kTryGroups = 64;   // entries below which one tree is good enough
constexpr size_t kSearchOn = 2048;  // entries below which the first grouping that helps is taken
constexpr double kPoorWork = 10.0;  // of one tree, in blocks and levels, from which others are tried

}  // namespace

SectionIndex build_index(const FlatSection& section, const CompileOptions& options) {
  std::vector<Entry> entries;
  std::vector<Effect> effects;
  for (uint32_t p = 0; p < section.occurrences.size(); ++p) {
    const FlatOccurrence& occurrence = section.occurrences[p];
    effects.push_back(effect_of(occurrence, p));
    for (const Box& box : occurrence.boxes) entries.push_back(spread(p, box));
  }
  const size_t budget = size_t{options.copy_budget} * section.occurrences.size() + 4096;
  std::vector<uint32_t> all(entries.size());
  for (uint32_t id = 0; id < all.size(); ++id) all[id] = id;

  const auto grow = [&](const std::vector<std::vector<uint32_t>>& groups) {
    std::vector<Tree> trees;
    size_t spent = 0;
    for (const auto& group : groups) {
      trees.push_back(TreeBuilder(entries, effects, options, std::max(budget - std::min(budget, spent), group.size()), group,
                                  groups.size() == 1)
                          .build());
      spent += trees.back().entries;
    }
    return trees;
  };
  // Expected work of a look-up in blocks and levels, and what memory costs: each doubling about as much as two blocks.
  const auto price = [](const std::vector<Tree>& trees) {
    double work = 0;
    size_t words = 1;
    for (const Tree& tree : trees) {
      work += tree.work + 0.6;
      words += tree.nodes.size() + tree.leaves.size();
    }
    return work + 2 * std::log2(static_cast<double>(words));
  };

  std::vector<Tree> trees = grow({all});
  // Where one tree neither separates the entries nor keeps within bounds, those that pin much of one address and those that
  // do not are told apart: each kind then has the bits that suit it.
  if (options.index && all.size() > kTryGroups && trees.front().work > kPoorWork) {
    for (const Grouping grouping : {Grouping::kSource, Grouping::kDestination, Grouping::kEither}) {
      const auto groups = grouped(entries, grouping);
      if (groups.size() < 2) continue;
      std::vector<Tree> grown = grow(groups);
      if (price(grown) >= price(trees)) continue;
      trees = std::move(grown);
      if (all.size() < kSearchOn) break;
    }
  }

  SectionIndex index;
  for (Tree& tree : trees) {
    const auto node_base = static_cast<uint32_t>(index.nodes.size());
    const auto leaf_base = static_cast<uint32_t>(index.leaves.size());
    const auto moved = [&](uint32_t child) {
      if (child == 0) return child;
      return (child & format::kLeafBit) != 0 ? child + leaf_base : child + node_base;
    };
    for (size_t at = 0; at < tree.nodes.size();) {
      format::Node node;
      std::memcpy(static_cast<void*>(&node), &tree.nodes[at], sizeof node);
      const uint32_t children = 1U << (node.bits0 + node.bits1);
      for (uint32_t c = 0; c < children; ++c) {
        auto* slot = reinterpret_cast<uint8_t*>(tree.nodes.data()) + at * 8 + sizeof node + size_t{c} * 4;
        uint32_t child;
        std::memcpy(&child, slot, 4);
        child = moved(child);
        std::memcpy(slot, &child, 4);
      }
      at += 2 + (children + 1) / 2;
    }
    index.roots.push_back(moved(tree.root));
    index.nodes.insert(index.nodes.end(), tree.nodes.begin(), tree.nodes.end());
    index.leaves.insert(index.leaves.end(), tree.leaves.begin(), tree.leaves.end());
    index.entries += tree.entries;
    index.depth = std::max(index.depth, tree.depth);
    index.largest_leaf = std::max(index.largest_leaf, tree.largest_leaf);
  }
  return index;
}

}  // namespace hookline::compiler
