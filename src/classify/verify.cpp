// classify/verify.cpp: accepts a region only if no look-up in it can leave it or run for ever.
//
// The region is taken for hostile: every reference, count, number and enumerator that a reader uses is checked, in the order
// in which later checks rely on it. What is not checked cannot do harm: a wrong address or bit mask only gives a wrong
// answer.
#include <algorithm>
#include <string>

#include "classify/bounds.h"
#include "classify/internals.h"
#include "xt/evaluate.h"

namespace hookline {

using namespace format;

namespace {

struct Refused {
  std::string found, expected;
};

class Verifier {
 public:
  explicit Verifier(Bytes region) : region_(region) {}

  // Throws Refused.
  void run() {
    check_header();
    check_arrays();
    check_rules();
    check_names();
    check_sections();
    check_hooks();
  }

 private:
  static void demand(bool holds, const char* found, const char* expected) {
    if (!holds) throw Refused{found, expected};
  }

  void check_header() {
    demand(region_.size() >= sizeof(Header), "shorter than its header", "256 bytes or more");
    demand(reinterpret_cast<uintptr_t>(region_.data()) % 64 == 0, "not aligned", "64-byte alignment");
    header_ = reinterpret_cast<const Header*>(region_.data());
    demand(header_->magic == kMagic, "another magic number", "HOOKPROG");
    if (header_->version != kVersion)
      throw Refused{"format version " + std::to_string(header_->version), std::to_string(kVersion)};
    if (header_->size != region_.size() || region_.size() % 64 != 0)
      throw Refused{std::to_string(region_.size()) + " bytes", "the size in its header, a multiple of 64"};
    demand(header_->checksum == region_checksum(region_), "a wrong checksum", "that of its bytes");
    demand(header_->registry == xt::registry_fingerprint(), "compiled for another set of extensions", "this build's");
    demand(header_->family == 4 || header_->family == 6, "an unknown family", "4 or 6");
    demand(header_->max_bumps <= kMaxBumps, "more bumps a walk than accepted", "2^20");
    demand(header_->stack_depth <= region_.size(), "an absurd stack depth", "less than the region's size");
  }

  // [ref, ref + bytes) inside the region, behind the header.
  void check_span(Ref ref, uint64_t bytes, const char* what) const {
    const uint64_t first = uint64_t{ref} * 8;
    demand(first >= sizeof(Header) && first <= region_.size() && region_.size() - first >= bytes, what,
           "a place inside the region");
  }
  template <typename T>
  void check_array(const Array& array, const char* what) const {
    if (array.count != 0 || array.ref != 0) check_span(array.ref, uint64_t{array.count} * sizeof(T), what);
  }

  void check_arrays() {
    const unsigned words = header_->family == 4 ? 1 : 4;
    check_array<RuleRecord>(header_->rules, "rules elsewhere");
    check_array<uint32_t>(header_->addresses, "addresses elsewhere");
    check_array<MatchRecord>(header_->matches, "matches elsewhere");
    check_array<uint8_t>(header_->info, "decoded structs elsewhere");
    check_array<DevicePattern>(header_->names, "names elsewhere");
    check_array<uint32_t>(header_->residuals, "residuals elsewhere");
    check_array<Section>(header_->sections, "sections elsewhere");
    check_array<Occurrence>(header_->occurrences, "occurrences elsewhere");
    check_array<PatternRecord>(header_->patterns, "patterns elsewhere");
    check_array<uint8_t>(header_->database, "the pattern database elsewhere");
    check_span(header_->wildcards, 2 * kMaxWildcards * sizeof(uint16_t), "wildcards elsewhere");
    demand(header_->rules.count != 0, "no rules", "one or more");
    demand(header_->addresses.count == uint64_t{header_->rules.count} * 4 * words, "a wrong number of addresses",
           "four for each rule");
    view_.emplace(region_);
  }

  void check_info(Ref ref, size_t bytes) const {
    const uint64_t first = uint64_t{header_->info.ref} * 8, at = uint64_t{ref} * 8;
    demand(at >= first && at - first <= header_->info.count && header_->info.count - (at - first) >= bytes,
           "a decoded struct elsewhere", "a place among the decoded structs");
  }

  void check_rules() {
    const Header& h = *header_;
    for (uint32_t i = 0; i < h.matches.count; ++i) {
      const MatchRecord& m = view_->matches[i];
      const MatchType* type = xt::match_by_number(m.number);
      demand(type != nullptr && type->evaluate != nullptr, "an unknown match number", "one that the registry evaluates");
      check_info(m.info, type->decoded_size);
      demand(type->valid == nullptr || type->valid(view_->at(m.info)), "a decoded match out of its own bounds",
             "a valid one");
      demand(m.pattern == kNone || m.pattern < h.patterns.count, "a pattern number out of range", "one of the patterns");
    }
    for (uint32_t i = 0; i < h.rules.count; ++i) {
      const RuleRecord& r = view_->rules[i];
      demand(r.match_begin <= h.matches.count && h.matches.count - r.match_begin >= r.match_count, "matches out of range",
             "some of the match records");
      demand(r.in_pattern <= h.names.count && r.out_pattern <= h.names.count, "an interface pattern out of range",
             "one of the names");
      demand(static_cast<unsigned>(r.action) < kActionCount, "an unknown action", "one of nine");
      if (r.action == Action::kJump || r.action == Action::kGoto || r.action == Action::kNext)
        demand(r.jump_to < h.rules.count, "a jump out of the table", "a rule");
      if (r.action == Action::kTarget) {
        const TargetType* type = xt::target_by_number(r.target_number);
        demand(type != nullptr && type->evaluate != nullptr, "an unknown target number", "one that the registry evaluates");
        check_info(r.target_info, type->decoded_size);
        demand(type->valid == nullptr || type->valid(view_->at(r.target_info)), "a decoded target out of its own bounds",
               "a valid one");
      }
    }
  }

  void check_names() const {
    const Header& h = *header_;
    demand(h.exact_names <= h.names.count && h.exact_names < 0xffff, "more exact names than names", "at most as many");
    const uint32_t used[2] = {h.wildcard_in, h.wildcard_out};
    for (unsigned d = 0; d < 2; ++d) {
      demand(used[d] <= kMaxWildcards, "too many wildcards", "16 a direction");
      for (uint32_t i = 0; i < used[d]; ++i)
        demand(view_->wildcards[d * kMaxWildcards + i] < h.names.count, "a wildcard out of range", "one of the names");
    }
  }

  void check_sections() {
    const Header& h = *header_;
    for (uint32_t i = 0; i < h.residuals.count; ++i)
      demand(view_->residuals[i] < h.matches.count, "a residual match out of range", "one of the match records");
    // Sections share nothing, so that checking them takes no longer than reading the region.
    uint32_t occurrences = 0;
    Ref end = 0;
    for (uint32_t s = 0; s < h.sections.count; ++s) {
      const Section& section = view_->sections[s];
      demand(section.first_occurrence == occurrences && h.occurrences.count - occurrences >= section.occurrence_count,
             "occurrences out of order", "those behind the last section's");
      occurrences += section.occurrence_count;
      demand(section.nodes >= end, "an index inside another section's", "one behind it");
      end = section.end;
      for (uint32_t p = 0; p < section.occurrence_count; ++p) check_occurrence(s, section, p);
      check_index(section);
    }
  }

  void check_occurrence(uint32_t number, const Section& section, uint32_t position) const {
    const Header& h = *header_;
    const Occurrence& o = view_->occurrences[section.first_occurrence + position];
    demand(o.rule < h.rules.count, "an occurrence of no rule", "a rule");
    demand(static_cast<unsigned>(o.kind) < kOccurrenceKindCount, "an unknown kind of occurrence", "one of nine");
    demand((o.flags & ~kCheckHeader) == 0, "unknown flags of an occurrence", "known ones");
    demand(o.residual_begin <= h.residuals.count && h.residuals.count - o.residual_begin >= o.residual_count,
           "residual matches out of range", "some of the residuals");
    const bool calls = o.kind == OccurrenceKind::kCall || o.kind == OccurrenceKind::kContinue;
    const bool comes_back = !(calls && o.skip == kNone);
    demand(!comes_back || (o.skip > position && o.skip <= section.occurrence_count), "a skip that leads back or out",
           "a position behind its own");
    demand(!calls || (o.callee > number && o.callee < h.sections.count), "a call to an earlier section", "a later section");
    demand(o.kind != OccurrenceKind::kTarget || view_->rules[o.rule].action == Action::kTarget,
           "a target of a rule without one", "a rule with an extension target");
  }

  void check_index(const Section& section) const {
    const uint64_t words = region_.size() / 8;
    demand(section.tree_count >= 1 && section.tree_count <= kMaxTrees, "a wrong number of trees", "1 to 4");
    demand(section.nodes >= sizeof(Header) / 8 && section.nodes <= section.leaves && section.leaves <= section.end &&
               section.end <= words && section.leaves % 8 == 0,
           "an index elsewhere", "nodes, then leaves, inside the region");
    // Where nodes and leaves start, as their own sizes say.
    std::vector<bool> starts(section.end - section.nodes, false);
    const auto mark = [&](Ref at) { starts[at - section.nodes] = true; };
    for (uint64_t at = section.leaves; at < section.end;) {
      mark(static_cast<Ref>(at));
      uint32_t least = 0;
      for (bool last = false; !last;) {
        demand(section.end - at >= sizeof(Block) / 8, "a leaf that is cut off", "whole blocks");
        const auto& block = *static_cast<const Block*>(view_->at(static_cast<Ref>(at)));
        demand(block.count >= 1 && block.count <= kBlockLanes, "a block of no or too many candidates", "1 to 8");
        demand(block.rows() <= kMaxRows, "too many rows", "at most 27");
        const uint64_t size = block.bytes() / 8;
        demand(section.end - at >= size, "a block that is cut off", "whole blocks");
        for (unsigned r = 0; r < block.rows(); ++r)
          demand(block.words[r] < kDimensionCount, "a row of no key word", "one of the dimensions");
        for (unsigned c = 0; c < block.count; ++c) {
          demand(block.position[c] < section.occurrence_count, "a candidate out of range", "an occurrence of its section");
          demand(block.position[c] >= least, "positions out of order", "ascending ones");
          least = block.position[c];
        }
        last = block.last != 0;
        at += size;
      }
    }
    // Backwards is not possible as nodes differ in size, so the nodes' starts are found first and their children checked
    // then.
    std::vector<Ref> nodes;
    for (uint64_t at = section.nodes; at < section.leaves;) {
      if (section.leaves - at < 8 && is_padding(at, section.leaves)) break;
      demand(section.leaves - at >= sizeof(Node) / 8, "a node that is cut off", "whole nodes");
      const auto& node = *static_cast<const Node*>(view_->at(static_cast<Ref>(at)));
      demand(node.word0 < kDimensionCount && node.word1 < kDimensionCount, "a node of no key word", "one of the dimensions");
      demand(node.bits0 == std::popcount(node.mask0) && node.bits1 == std::popcount(node.mask1), "a wrong number of bits",
             "those of the masks");
      demand(node.bits0 + node.bits1 <= static_cast<int>(kMaxNodeBits), "too many bits", "at most 12");
      const uint64_t size = node.bytes() / 8;
      demand(section.leaves - at >= size, "a node that is cut off", "whole nodes");
      mark(static_cast<Ref>(at));
      nodes.push_back(static_cast<Ref>(at));
      at += size;
    }
    for (const Ref at : nodes) {
      const auto* node = static_cast<const Node*>(view_->at(at));
      const auto* children = reinterpret_cast<const uint32_t*>(node + 1);
      for (uint32_t c = 0; c < node->child_count(); ++c) check_child(section, starts, children[c], at);
    }
    for (uint32_t t = 0; t < section.tree_count; ++t) check_child(section, starts, section.roots[t], 0);
  }

  bool is_padding(uint64_t from, uint64_t to) const {
    const auto* first = static_cast<const uint64_t*>(view_->at(static_cast<Ref>(from)));
    return std::all_of(first, first + (to - from), [](uint64_t word) { return word == 0; });
  }

  static void check_child(const Section& section, const std::vector<bool>& starts, uint32_t child, Ref parent) {
    if (child == 0) return;
    const Ref at = child & ~kLeafBit;
    const bool leaf = (child & kLeafBit) != 0;
    const bool inside = leaf ? at >= section.leaves && at < section.end : at >= section.nodes && at < section.leaves;
    demand(inside && starts[at - section.nodes], "a child that is no node and no leaf", "the start of one");
    demand(leaf || at > parent, "a child before its parent", "one behind it");
  }

  void check_hooks() const {
    const Header& h = *header_;
    const RuleSpan rules{{view_->rules, h.rules.count}, view_->addresses, h.family == 4 ? 1U : 4U};
    const std::vector<uint64_t> bounds =
        section_bounds({view_->sections, h.sections.count}, {view_->occurrences, h.occurrences.count});
    for (const HookEntry& hook : h.hooks) {
      if (hook.section == kNone) continue;
      demand(hook.section < h.sections.count, "a hook without a section", "one of the sections");
      demand(hook.entry < h.rules.count && hook.underflow < h.rules.count, "a hook entry out of the table", "a rule");
      const WalkBound bound = linear_bound(rules, hook.entry, hook.underflow);
      demand(bound.ends, "rules that form a loop or run off the end", "walks that end");
      demand(bound.bumps <= h.max_bumps && bounds[hook.section] <= h.max_bumps, "walks longer than max_bumps",
             "no longer ones");
      demand(bound.depth <= h.stack_depth, "jumps deeper than stack_depth", "no deeper ones");
      const Section& section = view_->sections[hook.section];
      for (uint32_t p = 0; p < section.occurrence_count; ++p) {
        const Occurrence& o = view_->occurrences[section.first_occurrence + p];
        const bool calls = o.kind == OccurrenceKind::kCall || o.kind == OccurrenceKind::kContinue;
        demand(o.kind != OccurrenceKind::kPop && !(calls && o.skip == kNone), "a hook that returns to a caller",
               "RETURN to the policy");
      }
    }
  }

  Bytes region_;
  const Header* header_ = nullptr;
  std::optional<ProgramView> view_;
};

}  // namespace

Result<void> verify_program(Bytes region) {
  try {
    Verifier(region).run();
  } catch (const Refused& refused) {
    return fail(ProblemKind::kInput, "program", refused.found, refused.expected);
  }
  return {};
}

}  // namespace hookline
