// compile/compile.cpp: the passes in order: lower each rule, flatten the chains, index each section, emit.
#include "compile/compile.h"

#include <chrono>
#include <set>

#include "compile/emit.h"
#include "compile/flatten.h"
#include "compile/index.h"
#include "compile/lower.h"
#include "xt/evaluate.h"

namespace hookline {
namespace {

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) { return std::chrono::duration<double, std::milli>(Clock::now() - start).count(); }

constexpr size_t kMaxDevicePatterns = UINT16_MAX - 1;

// Sections that a walk from `section` can enter, itself included.
std::set<uint32_t> entered_from(const compiler::Flattened& flattened, uint32_t section) {
  std::set<uint32_t> seen = {section};
  std::vector<uint32_t> open = {section};
  while (!open.empty()) {
    const uint32_t s = open.back();
    open.pop_back();
    for (const auto& o : flattened.sections[s].occurrences)
      if (o.callee != format::kNone && seen.insert(o.callee).second) open.push_back(o.callee);
  }
  return seen;
}

Problems beyond_limits(const Table& table, const compiler::Devices& devices, const compiler::SharedParts& shared) {
  Problems problems;
  if (devices.patterns().size() > kMaxDevicePatterns)
    problems.push_back({ProblemKind::kInput, table.name, std::to_string(devices.patterns().size()) + " interface conditions",
                        "at most " + std::to_string(kMaxDevicePatterns)});
  for (unsigned h = 0; h < kHookCount; ++h) {
    const Hook hook = static_cast<Hook>(h);
    if (!table.has_hook(hook)) continue;
    const WalkBound bound =
        linear_bound(shared.span(table.family), index_of(table.hook_entry[h]), index_of(table.underflow[h]));
    const std::string place = table.name + "/" + std::string(hook_name(hook));
    if (!bound.ends)
      problems.push_back({ProblemKind::kInput, place, "the rules form a loop or run off the end of the table", {}});
    else if (bound.bumps > kMaxBumps)
      problems.push_back({ProblemKind::kInput, place, "one packet may be counted by more rules than can be followed",
                          "at most " + std::to_string(kMaxBumps)});
  }
  return problems;
}

}  // namespace

Problems too_large(const Table& table) {
  if (!refusals(table).empty()) return {};  // refused anyway, and their extensions have no numbers
  const compiler::Devices devices(table);
  return beyond_limits(table, devices, compiler::shared_parts(table, devices, {.patterns = false}));
}

Result<Compiled> compile(const Table& table, const CompileOptions& options) {
  const auto start = Clock::now();
  if (Problems problems = refusals(table); !problems.empty()) return fail(std::move(problems));

  const compiler::Devices devices(table);
  const compiler::SharedParts shared = compiler::shared_parts(table, devices, options);
  if (Problems problems = beyond_limits(table, devices, shared); !problems.empty()) return fail(std::move(problems));

  std::vector<compiler::LoweredRule> rules;
  rules.reserve(table.rules.size());
  const compiler::WrittenWords written = compiler::words_written(table);
  for (const Rule& rule : table.rules) rules.push_back(compiler::lower_rule(rule, table.family, devices, written, options));
  const compiler::Flattened flattened = compiler::flatten(table, rules, options);

  std::vector<compiler::SectionIndex> indexes;
  std::vector<double> index_ms;
  for (const compiler::FlatSection& section : flattened.sections) {
    const auto section_start = Clock::now();
    indexes.push_back(compiler::build_index(section, options));
    index_ms.push_back(ms_since(section_start));
  }
  compiler::EmittedSizes sizes;
  auto program = compiler::emit(table, devices, rules, shared, flattened, indexes, sizes);
  if (!program) return fail(std::move(program.error()));

  Compiled result{.program = std::move(*program), .hooks = {}, .shared_bytes = sizes.shared, .build_ms = 0};
  for (unsigned h = 0; h < kHookCount; ++h) {
    if (!table.has_hook(static_cast<Hook>(h))) continue;
    HookStats stats;
    stats.hook = static_cast<Hook>(h);
    stats.rules = flattened.reachable_rules[h];
    std::set<uint32_t> residual;
    for (const uint32_t s : entered_from(flattened, flattened.hook_section[h])) {
      const compiler::SectionIndex& index = indexes[s];
      for (const auto& o : flattened.sections[s].occurrences)
        if (o.checked || o.kind == format::OccurrenceKind::kTarget) residual.insert(o.rule);
      stats.occurrences += static_cast<uint32_t>(flattened.sections[s].occurrences.size());
      stats.entries += index.entries;
      stats.trees += static_cast<uint32_t>(index.roots.size());
      stats.depth = std::max(stats.depth, index.depth);
      stats.largest_leaf = std::max(stats.largest_leaf, index.largest_leaf);
      stats.bytes += sizes.sections[s];
      stats.build_ms += index_ms[s];
    }
    stats.residual_rules = static_cast<uint32_t>(residual.size());
    result.hooks.push_back(stats);
  }
  result.build_ms = ms_since(start);
  return result;
}

}  // namespace hookline
