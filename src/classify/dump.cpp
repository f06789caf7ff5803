// classify/dump.cpp: a Program as text, part by part as classify/format.h names them.
#include <fmt/core.h>

#include <string>

#include "classify/internals.h"
#include "xt/evaluate.h"

namespace hookline {

using namespace format;

namespace {

constexpr const char* kWordNames[kDimensionCount] = {
    "source", "source1", "source2", "source3",    "destination",    "destination1", "destination2", "destination3",
    "sport",  "dport",   "meta",    "interfaces", "interface_bits", "length",       "ttl",          "mark"};
constexpr const char* kKindNames[kOccurrenceKindCount] = {"accept", "drop", "queue",    "next",  "return",
                                                          "pop",    "call", "continue", "target"};
constexpr const char* kActionNames[kActionCount] = {"accept", "drop", "queue", "return", "jump",
                                                    "goto",   "next", "error", "target"};

std::string device_text(const DevicePattern& p) {
  char name[17] = {}, mask[17] = {};
  std::memcpy(name, p.name, 16);
  std::memcpy(mask, p.mask, 16);
  std::string text;
  for (unsigned i = 0; i < 16 && mask[i] != 0; ++i) {
    if (name[i] == 0) return text;
    text +=
        name[i] > ' ' && name[i] < 0x7f ? std::string(1, name[i]) : fmt::format("\\x{:02x}", static_cast<uint8_t>(name[i]));
  }
  return text + "+";
}

class Dump {
 public:
  explicit Dump(const LoadedProgram& program) : program_(program), view_(program.internals().view) {}

  std::string text() {
    const Header& h = *view_.header;
    add("program {} {}: {} rules, {} sections, {} occurrences; at most {} bumps a walk\n", program_.table(),
        family_name(program_.family()), h.rules.count, h.sections.count, h.occurrences.count, h.max_bumps);
    for (uint32_t i = 0; i < h.names.count; ++i) add("name {}: {}\n", i + 1, device_text(view_.names[i]));
    for (unsigned d = 0; d < 2; ++d)
      for (uint32_t i = 0; i < (d == 0 ? h.wildcard_in : h.wildcard_out); ++i)
        add("interface bit {}: {} fits name {}\n", 16 * d + i, d == 0 ? "in" : "out",
            view_.wildcards[d * kMaxWildcards + i] + 1);
    for (uint32_t i = 0; i < h.patterns.count; ++i)
      add("pattern {}: {} bytes in [{}, {})\n", i, view_.patterns[i].length, view_.patterns[i].from, view_.patterns[i].to);
    for (uint32_t i = 0; i < h.rules.count; ++i) rule(i);
    for (unsigned hook = 0; hook < kHookCount; ++hook) {
      const HookEntry& entry = h.hooks[hook];
      if (entry.section != kNone)
        add("hook {}: section {}, first rule {}, policy rule {}\n", kHookNames[hook], entry.section, entry.entry,
            entry.underflow);
    }
    for (uint32_t s = 0; s < h.sections.count; ++s) section(s);
    return std::move(text_);
  }

 private:
  template <typename... T>
  void add(fmt::format_string<T...> format, T&&... values) {
    text_ += fmt::format(format, std::forward<T>(values)...);
  }

  void rule(uint32_t id) {
    const RuleRecord& r = view_.rules[id];
    add("rule {}: {}", id, kActionNames[static_cast<unsigned>(r.action)]);
    if (r.action == Action::kJump || r.action == Action::kGoto || r.action == Action::kNext) add(" {}", r.jump_to);
    if (r.action == Action::kTarget) add(" {}", xt::target_by_number(r.target_number)->name);
    for (uint32_t i = 0; i < r.match_count; ++i) {
      const MatchRecord& m = view_.matches[r.match_begin + i];
      add(", match {} {}", r.match_begin + i, xt::match_by_number(m.number)->name);
      if (m.pattern != kNone) add(" ({}pattern {})", m.inverted != 0 ? "not " : "", m.pattern);
    }
    add("\n");
  }

  void section(uint32_t number) {
    const Section& s = view_.sections[number];
    add("section {}: {} occurrences, {} trees\n", number, s.occurrence_count, s.tree_count);
    for (uint32_t p = 0; p < s.occurrence_count; ++p) {
      const Occurrence& o = view_.occurrences[s.first_occurrence + p];
      add("  {}: rule {} {}", p, o.rule, kKindNames[static_cast<unsigned>(o.kind)]);
      if (o.callee != kNone) add(" section {}", o.callee);
      if (o.skip == kNone) {
        add(" and not back");
      } else if (o.skip != p + 1) {
        add(" skip {}", o.skip);
      }
      if ((o.flags & kCheckHeader) != 0) add(" check header");
      for (uint32_t i = 0; i < o.residual_count; ++i) add(" check {}", view_.residuals[o.residual_begin + i]);
      add("\n");
    }
    for (uint32_t t = 0; t < s.tree_count; ++t) {
      add("  tree {}\n", t);
      child(s.roots[t], 4);
    }
  }

  void child(uint32_t ref, unsigned indent) {
    if ((ref & kLeafBit) != 0) return leaf(static_cast<const Block*>(view_.at(ref & ~kLeafBit)), indent);
    if (ref == 0) return add("{:{}}nothing\n", "", indent);
    const auto& node = *static_cast<const Node*>(view_.at(ref));
    const auto* children = reinterpret_cast<const uint32_t*>(&node + 1);
    add("{:{}}node {:#x}: {} & {:#010x}", "", indent, ref, kWordNames[node.word0], node.mask0);
    if (node.bits1 != 0) add(", {} & {:#010x}", kWordNames[node.word1], node.mask1);
    add("\n");
    for (uint32_t c = 0; c < node.child_count(); ++c) {
      if (children[c] == 0) continue;
      add("{:{}}{}:\n", "", indent, c);
      child(children[c], indent + 2);
    }
  }

  void leaf(const Block* block, unsigned indent) {
    for (;; block = block->next()) {
      const auto* rows = reinterpret_cast<const Row*>(block + 1);
      for (unsigned c = 0; c < block->count; ++c) {
        add("{:{}}candidate {}:", "", indent, block->position[c]);
        for (unsigned r = 0; r < block->rows(); ++r) {
          const uint32_t a = rows[r].a[c], b = rows[r].b[c];
          const char* word = kWordNames[block->words[r]];
          if (r < block->equal_rows) {
            if (b != 0) add(" {} & {:#x} == {:#x}", word, b, a);
          } else if (r < 0U + block->equal_rows + block->range_rows) {
            if (a != 0 || b != UINT32_MAX) add(" {} in {}..{}", word, a, a + b);
          } else if (b != 0) {
            add(" {} & {:#x} != {:#x}", word, b, a);
          }
        }
        add("\n");
      }
      if (block->last != 0) return;
    }
  }

  const LoadedProgram& program_;
  const ProgramView& view_;
  std::string text_;
};

}  // namespace

std::string dump_program(const LoadedProgram& program) { return Dump(program).text(); }

}  // namespace hookline
