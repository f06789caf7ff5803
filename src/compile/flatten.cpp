// compile/flatten.cpp
#include "compile/flatten.h"

#include <algorithm>
#include <utility>

namespace hookline::compiler {
namespace {

using format::kNone;
using format::OccurrenceKind;

constexpr uint64_t kSaturated = uint64_t{1} << 40;
constexpr uint32_t kMaxInlineDepth = 32;  // of jumps inside jumps; also bounds the emitter's recursion
constexpr size_t kMaxConjoinedBoxes = 32;

uint64_t add(uint64_t a, uint64_t b) { return std::min(a + b, kSaturated); }
uint64_t multiply(uint64_t a, uint64_t b) { return b != 0 && a > kSaturated / b ? kSaturated : std::min(a * b, kSaturated); }

struct Segment {
  uint32_t first = 0;
  uint32_t length = 0;
  uint32_t falls_into = kNone;  // the next segment
  bool subroutine = false;
  bool hook_entry = false;
  uint64_t copies = 0;
  uint32_t depth = 0;  // the deepest inlined copy
};

class Flattener {
 public:
  Flattener(const Table& table, const std::vector<LoweredRule>& rules, const CompileOptions& options)
      : table_(table), rules_(rules), options_(options), segment_at_(table.rules.size(), kNone) {}

  Flattened run() {
    Flattened result;
    result.hook_section.fill(kNone);
    find_segments(result);
    order_segments();
    choose_subroutines(result);

    uint32_t next = 0;
    for (unsigned h = 0; h < kHookCount; ++h)
      if (table_.has_hook(static_cast<Hook>(h))) result.hook_section[h] = next++;
    section_of_.assign(segments_.size(), kNone);
    for (const uint32_t s : callers_first_)
      if (segments_[s].subroutine && entered_by_call(s)) section_of_[s] = next++;
    result.sections.resize(next);
    for (unsigned h = 0; h < kHookCount; ++h)
      if (result.hook_section[h] != kNone)
        emit_hook(result.sections[result.hook_section[h]], index_of(table_.hook_entry[h]), index_of(table_.underflow[h]));
    for (const uint32_t s : callers_first_)
      if (section_of_[s] != kNone) emit_subroutine(result.sections[section_of_[s]], s);
    return result;
  }

 private:
  const Rule& rule(uint32_t id) const { return table_.rules[id]; }

  bool is_dead(uint32_t id) const { return options_.remove_unreachable && rules_[id].never(); }

  // Whether nothing behind the rule can be reached by falling through it.
  bool stops(uint32_t id) const {
    const Target& target = rule(id).target;
    const bool ends = target.kind == TargetKind::kVerdict || target.kind == TargetKind::kError ||
                      (target.kind == TargetKind::kJump && rule(id).header.goto_flag);
    if (!ends) return false;
    if (options_.remove_unreachable && rules_[id].always()) return true;
    return target.kind != TargetKind::kJump && rule(id).matches.empty() && has_no_condition(rule(id).header);
  }

  bool has_no_condition(const HeaderMatch& h) const {
    const Address zero{};
    const bool addresses = h.source == zero && h.source_mask == zero && h.destination == zero && h.destination_mask == zero;
    const bool devices =
        h.in == kNoInterface && h.in_mask == kNoInterface && h.out == kNoInterface && h.out_mask == kNoInterface;
    const bool inverted =
        h.invert_in || h.invert_out || h.invert_source || h.invert_destination || h.invert_fragment || h.invert_protocol;
    return addresses && devices && !inverted && h.protocol == 0 && !h.fragment &&
           (table_.family == Family::kIpv4 || !h.protocol_flag);
  }

  // The rule where a jump leads, where the rule jumps at all.
  uint32_t jump_target(uint32_t id) const {
    const Target& target = rule(id).target;
    return target.kind == TargetKind::kJump && !is_dead(id) ? index_of(target.jump_to) : kNone;
  }

  void find_segments(Flattened& result) {
    std::vector<uint8_t> entry(table_.rules.size(), 0), reached_by_any(table_.rules.size(), 0);
    std::vector<uint8_t> hook_entry(table_.rules.size(), 0);
    for (unsigned h = 0; h < kHookCount; ++h) {
      if (!table_.has_hook(static_cast<Hook>(h))) continue;
      std::vector<uint8_t> reached(table_.rules.size(), 0);
      std::vector<uint32_t> open = {index_of(table_.hook_entry[h])};
      entry[open.front()] = hook_entry[open.front()] = 1;
      const uint32_t policy = index_of(table_.underflow[h]);
      while (!open.empty()) {
        const uint32_t from = open.back();
        open.pop_back();
        for (uint32_t id = from; reached[id] == 0; ++id) {
          reached[id] = 1;
          if (const uint32_t target = jump_target(id); target != kNone) {
            entry[target] = 1;
            if (reached[target] == 0) open.push_back(target);
          }
          if (stops(id)) break;
        }
      }
      reached[policy] = 1;
      uint32_t count = 0;
      for (size_t id = 0; id < reached.size(); ++id) {
        count += reached[id];
        reached_by_any[id] |= reached[id];
      }
      result.reachable_rules[h] = count;
    }
    for (uint32_t id = 0; id < table_.rules.size(); ++id) {
      if (entry[id] == 0 || reached_by_any[id] == 0) continue;
      Segment segment{.first = id, .hook_entry = hook_entry[id] != 0};
      segment_at_[id] = static_cast<uint32_t>(segments_.size());
      uint32_t last = id;
      while (!stops(last) && entry[last + 1] == 0) ++last;
      segment.length = last - id + 1;
      segments_.push_back(segment);
    }
    for (Segment& segment : segments_) {
      const uint32_t last = segment.first + segment.length - 1;
      if (!stops(last)) segment.falls_into = segment_at_[last + 1];
    }
  }

  // Segments a segment leads to, jumps first.
  template <typename Visit>
  void for_each_edge(const Segment& segment, Visit&& visit) const {
    for (uint32_t id = segment.first; id < segment.first + segment.length; ++id)
      if (const uint32_t target = jump_target(id); target != kNone) visit(segment_at_[target], true);
    if (segment.falls_into != kNone) visit(segment.falls_into, false);
  }

  void order_segments() {
    std::vector<uint8_t> state(segments_.size(), 0);  // 1: open, 2: done
    for (uint32_t root = 0; root < segments_.size(); ++root) {
      std::vector<uint32_t> stack = {root};
      while (!stack.empty()) {
        const uint32_t s = stack.back();
        if (state[s] == 0) {
          state[s] = 1;
          for_each_edge(segments_[s], [&](uint32_t to, bool) {
            if (state[to] == 0) stack.push_back(to);
          });
          continue;
        }
        stack.pop_back();
        if (state[s] == 1) {
          state[s] = 2;
          callers_first_.push_back(s);
        }
      }
    }
    std::reverse(callers_first_.begin(), callers_first_.end());
  }

  void count_copies() {
    for (Segment& segment : segments_) {
      segment.copies = 0;
      segment.depth = 0;
    }
    for (unsigned h = 0; h < kHookCount; ++h) {
      if (!table_.has_hook(static_cast<Hook>(h))) continue;
      ++segments_[segment_at_[index_of(table_.hook_entry[h])]].copies;
    }
    for (const uint32_t s : callers_first_) {
      Segment& segment = segments_[s];
      if (segment.depth > kMaxInlineDepth) segment.subroutine = true;
      const uint64_t copies = segment.subroutine ? 1 + (segment.hook_entry ? 1 : 0) : segment.copies;
      const uint32_t depth = segment.subroutine ? 0 : segment.depth;
      for_each_edge(segment, [&](uint32_t to, bool jump) {
        segments_[to].copies = add(segments_[to].copies, copies);
        segments_[to].depth = std::max(segments_[to].depth, depth + (jump ? 1U : 0U));
      });
    }
  }

  void choose_subroutines(const Flattened& result) {
    if (!options_.flatten) {
      for (const Segment& segment : segments_)
        for_each_edge(segment, [&](uint32_t to, bool jump) { segments_[to].subroutine |= jump; });
    }
    uint64_t limit = 0;
    for (unsigned h = 0; h < kHookCount; ++h)
      if (table_.has_hook(static_cast<Hook>(h)))
        limit += uint64_t{options_.flatten_budget} * result.reachable_rules[h] + 256;
    for (;;) {
      count_copies();
      uint64_t total = 0, worst = 0;
      for (const Segment& segment : segments_) {
        const uint64_t copies = segment.subroutine ? 1 : segment.copies;
        total = add(total, multiply(copies, segment.length));
        worst = std::max(worst, multiply(copies - std::min<uint64_t>(copies, 1), segment.length));
      }
      if (total <= limit || worst == 0) return;
      for (Segment& segment : segments_)
        if (!segment.subroutine &&
            multiply(segment.copies - std::min<uint64_t>(segment.copies, 1), segment.length) * 2 >= worst)
          segment.subroutine = true;
    }
  }

  // A hook's entry that became a subroutine because someone jumps there is still inlined in the hook's own section.
  bool entered_by_call(uint32_t s) const { return segments_[s].copies > (segments_[s].hook_entry ? 1U : 0U); }

  // ---- emission ----

  // Where a RETURN goes: a label, filled in with a position once that is known, or the calling section.
  static constexpr uint32_t kPopLabel = kNone;

  void emit_hook(FlatSection& section, uint32_t entry, uint32_t policy) {
    begin(section);
    policy_ = policy;
    const uint32_t label = new_label();
    emit_run(segment_at_[entry], {Box{}}, label, true);
    if (policy_at_ != kNone) {
      labels_[label] = policy_at_;
    } else if (label_used_[label]) {
      labels_[label] = position();
      emit_rule(policy, {Box{}}, label);
    }
    resolve();
  }

  void emit_subroutine(FlatSection& section, uint32_t segment) {
    begin(section);
    emit_run(segment, {Box{}}, kPopLabel, true);
    resolve();
  }

  void begin(FlatSection& section) {
    section_ = &section;
    labels_.clear();
    label_used_.clear();
    label_of_.clear();
    policy_ = policy_at_ = kNone;
  }

  uint32_t new_label() {
    labels_.push_back(0);
    label_used_.push_back(false);
    return static_cast<uint32_t>(labels_.size()) - 1;
  }

  void resolve() {
    for (const auto& [position, label] : label_of_) section_->occurrences[position].skip = labels_[label];
  }

  uint32_t position() const { return static_cast<uint32_t>(section_->occurrences.size()); }

  // The skip of an occurrence that goes where `label` will be.
  void point_to(FlatOccurrence& occurrence, uint32_t at, uint32_t label) {
    if (label == kPopLabel) {
      occurrence.skip = kNone;
      return;
    }
    label_of_.push_back({at, label});
    label_used_[label] = true;
  }

  // Emits a segment and those it falls into, under `path`.
  void emit_run(uint32_t segment, const std::vector<Box>& path, uint32_t label, bool outermost) {
    for (bool first = true;; first = false) {
      const Segment& run = segments_[segment];
      if (!first && section_of_[segment] != kNone) {
        FlatOccurrence on{
            .rule = run.first, .kind = OccurrenceKind::kContinue, .callee = section_of_[segment], .boxes = path};
        point_to(on, position(), label);
        section_->occurrences.push_back(std::move(on));
        return;
      }
      for (uint32_t id = run.first; id < run.first + run.length; ++id) {
        if (outermost && id == policy_) policy_at_ = position();
        emit_rule(id, path, label);
      }
      if (run.falls_into == kNone) return;
      segment = run.falls_into;
    }
  }

  // The rule's own boxes inside those of the jumps in front of it. Never wider than `path`: the body of a jump that does not
  // match has to stay out of sight.
  std::vector<Box> conjoined(const LoweredRule& lowered, const std::vector<Box>& path, bool& weakened) const {
    weakened = false;
    if (lowered.never()) return {};
    const auto fits = [](const std::vector<Box>& boxes) {
      return boxes.size() <= kMaxConjoinedBoxes &&
             std::all_of(boxes.begin(), boxes.end(), [](const Box& box) { return box.size() <= kMaxTests; });
    };
    if (lowered.boxes.size() * path.size() <= 4 * kMaxConjoinedBoxes) {
      auto boxes = intersect(path, lowered.boxes);
      if (fits(boxes)) return boxes;
    }
    weakened = true;
    auto boxes = intersect(path, {bounding_box(lowered.boxes)});
    return fits(boxes) ? boxes : path;
  }

  void emit_rule(uint32_t id, const std::vector<Box>& path, uint32_t label) {
    const Target& target = rule(id).target;
    FlatOccurrence occurrence;
    occurrence.rule = id;
    occurrence.boxes = conjoined(rules_[id], path, occurrence.weakened);
    if (options_.remove_unreachable && occurrence.boxes.empty()) return;
    occurrence.checked = occurrence.weakened || !rules_[id].exact();
    const uint32_t at = position();
    occurrence.skip = at + 1;
    occurrence.kind = OccurrenceKind::kNext;
    uint32_t body = kNone;
    uint32_t body_label = label;
    switch (target.kind) {
      case TargetKind::kVerdict:
        switch (target.verdict) {
          case StandardVerdict::kAccept:
            occurrence.kind = OccurrenceKind::kAccept;
            break;
          case StandardVerdict::kDrop:
            occurrence.kind = OccurrenceKind::kDrop;
            break;
          case StandardVerdict::kQueue:
            occurrence.kind = OccurrenceKind::kQueue;
            break;
          case StandardVerdict::kReturn:
            if (label == kPopLabel) {
              occurrence.kind = OccurrenceKind::kPop;
            } else {
              occurrence.kind = OccurrenceKind::kReturn;
              point_to(occurrence, at, label);
            }
            break;
        }
        break;
      case TargetKind::kError:
        occurrence.kind = OccurrenceKind::kDrop;
        break;
      case TargetKind::kFallThrough:
        break;
      case TargetKind::kExtension:
        occurrence.kind = OccurrenceKind::kTarget;
        break;
      case TargetKind::kJump: {
        if (is_dead(id) || occurrence.boxes.empty()) break;
        const uint32_t to = segment_at_[index_of(target.jump_to)];
        if (section_of_[to] != kNone) {
          occurrence.kind = OccurrenceKind::kCall;
          occurrence.callee = section_of_[to];
          if (rule(id).header.goto_flag) point_to(occurrence, at, label);
        } else {
          body = to;
          if (!rule(id).header.goto_flag) body_label = new_label();
        }
        break;
      }
    }
    const std::vector<Box> body_path = body != kNone ? occurrence.boxes : std::vector<Box>{};
    section_->occurrences.push_back(std::move(occurrence));
    if (body == kNone) return;
    emit_run(body, body_path, body_label, false);
    section_->occurrences[at].skip = position();
    if (body_label != label) labels_[body_label] = position();
  }

  const Table& table_;
  const std::vector<LoweredRule>& rules_;
  const CompileOptions& options_;
  std::vector<Segment> segments_;
  std::vector<uint32_t> segment_at_;  // by RuleId: the segment that starts there
  std::vector<uint32_t> callers_first_;
  std::vector<uint32_t> section_of_;  // by segment: its subroutine's section

  FlatSection* section_ = nullptr;
  std::vector<uint32_t> labels_;  // positions
  std::vector<bool> label_used_;
  std::vector<std::pair<uint32_t, uint32_t>> label_of_;  // occurrence, label
  // The hook's policy, and where the outermost chain holds it; kNone: nowhere, then it is added for RETURNs to go to.
  uint32_t policy_ = kNone;
  uint32_t policy_at_ = kNone;
};

}  // namespace

Flattened flatten(const Table& table, const std::vector<LoweredRule>& rules, const CompileOptions& options) {
  return Flattener(table, rules, options).run();
}

}  // namespace hookline::compiler
