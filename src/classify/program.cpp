// classify/program.cpp: ownership of a region, and of what a worker needs beside it.
#include "classify/program.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include "classify/internals.h"
#include "xt/evaluate.h"

namespace hookline {

using namespace format;

Program Program::copy_of(Bytes region) {
  const size_t rounded = (region.size() + 63) / 64 * 64;
  auto* data = static_cast<uint8_t*>(std::aligned_alloc(64, std::max<size_t>(rounded, 64)));
  if (data == nullptr) throw std::bad_alloc();
  if (!region.empty()) std::memcpy(data, region.data(), region.size());
  return Program(data, region.size());
}

Program::Program(Program&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Program& Program::operator=(Program&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

Program::~Program() { std::free(data_); }

ProgramView::ProgramView(Bytes region) : base(region.data()), header(reinterpret_cast<const Header*>(region.data())) {
  rules = static_cast<const RuleRecord*>(at(header->rules.ref));
  addresses = static_cast<const uint32_t*>(at(header->addresses.ref));
  matches = static_cast<const MatchRecord*>(at(header->matches.ref));
  names = static_cast<const DevicePattern*>(at(header->names.ref));
  wildcards = static_cast<const uint16_t*>(at(header->wildcards));
  residuals = static_cast<const uint32_t*>(at(header->residuals.ref));
  sections = static_cast<const Section*>(at(header->sections.ref));
  occurrences = static_cast<const Occurrence*>(at(header->occurrences.ref));
  patterns = static_cast<const PatternRecord*>(at(header->patterns.ref));
}

// Four lanes of multiply and rotate over 8-byte words: a guard against accidents, not against intent.
uint64_t region_checksum(Bytes region) {
  constexpr uint64_t kPrime = 0x9e3779b185ebca87;
  uint64_t lane[4] = {1, 2, 3, 4};
  const size_t checksum_word = offsetof(Header, checksum) / 8;
  for (size_t i = 0; i < region.size() / 8; ++i) {
    uint64_t word = 0;
    if (i != checksum_word) std::memcpy(&word, region.data() + i * 8, 8);
    uint64_t& sum = lane[i % 4];
    sum = std::rotl((sum ^ word) * kPrime, 29);
  }
  uint64_t result = region.size();
  for (const uint64_t sum : lane) result = std::rotl((result ^ sum) * kPrime, 31);
  return result;
}

LoadedProgram::LoadedProgram(std::unique_ptr<Internals> internals) : internals_(std::move(internals)) {}
LoadedProgram::~LoadedProgram() = default;

Result<std::shared_ptr<const LoadedProgram>> LoadedProgram::load(Program program) {
  if (auto verified = verify_program(program.bytes()); !verified) return fail(std::move(verified.error()));
  auto internals = std::make_unique<Internals>(std::move(program));
  const ProgramView& view = internals->view;
  for (uint16_t n = 0; const MatchType* type = xt::match_by_number(n); ++n) internals->match_calls.push_back(type->evaluate);
  for (uint16_t n = 0; const TargetType* type = xt::target_by_number(n); ++n)
    internals->target_calls.push_back(type->evaluate);
  for (uint32_t m = 0; m < view.header->matches.count; ++m) {
    const MatchType& type = *xt::match_by_number(view.matches[m].number);
    internals->timed |= type.timed;
    if (type.state_size == 0) continue;
    internals->state_at.resize(view.header->matches.count, kNone);
    internals->state_at[m] = internals->state_words;
    internals->state_words += (type.state_size + 7U) / 8;
  }
  for (uint32_t r = 0; r < view.header->rules.count; ++r) {
    if (view.rules[r].action != Action::kTarget) continue;
    const TargetType& type = *xt::target_by_number(view.rules[r].target_number);
    internals->timed |= type.timed;
    if (type.state_size == 0) continue;
    internals->target_state_at.resize(view.header->rules.count, kNone);
    internals->target_state_at[r] = internals->state_words;
    internals->state_words += (type.state_size + 7U) / 8;
  }
  if (view.header->patterns.count != 0) {
    std::vector<payload::Window> windows;
    for (uint32_t i = 0; i < view.header->patterns.count; ++i)
      windows.push_back({view.patterns[i].from, view.patterns[i].to, view.patterns[i].length});
    const Bytes database{static_cast<const uint8_t*>(view.at(view.header->database.ref)), view.header->database.count};
    auto patterns = payload::PatternSet::load(database, std::move(windows));
    if (!patterns) return fail(std::move(patterns.error()));
    internals->patterns = std::move(*patterns);
  }
  return std::shared_ptr<const LoadedProgram>(new LoadedProgram(std::move(internals)));
}

Bytes LoadedProgram::bytes() const { return internals_->program.bytes(); }
Family LoadedProgram::family() const { return static_cast<Family>(internals_->view.header->family); }
std::string_view LoadedProgram::table() const {
  const char* name = internals_->view.header->table;
  return {name, strnlen(name, sizeof(Header::table))};
}
uint32_t LoadedProgram::rule_count() const { return internals_->view.header->rules.count; }
bool LoadedProgram::has_hook(Hook hook) const {
  return internals_->view.header->hooks[static_cast<unsigned>(hook)].section != kNone;
}

uint32_t words_asked(const LoadedProgram& program) {
  const ProgramView& view = program.internals().view;
  uint32_t asked = 0;
  for (uint32_t s = 0; s < view.header->sections.count; ++s) {
    const Section& section = view.sections[s];
    const auto* at = static_cast<const uint8_t*>(view.at(section.nodes));
    const auto* leaves = static_cast<const uint8_t*>(view.at(section.leaves));
    while (leaves - at >= static_cast<std::ptrdiff_t>(sizeof(Node))) {
      const auto* node = reinterpret_cast<const Node*>(at);
      // No mask, no question: one that the node does not have, or the padding in front of the leaves.
      if (node->mask0 != 0) asked |= 1U << node->word0;
      if (node->mask1 != 0) asked |= 1U << node->word1;
      at += node->bytes();
    }
    const auto* end = static_cast<const Block*>(view.at(section.end));
    for (const auto* block = static_cast<const Block*>(view.at(section.leaves)); block < end; block = block->next())
      for (unsigned r = 0; r < block->rows(); ++r) asked |= 1U << block->words[r];
  }
  return asked;
}

bool LoadedProgram::timed() const { return internals_->timed; }

namespace {

// Every packet matches it: the rule that ends a chain.
bool takes_all(const ProgramView& view, uint32_t rule) {
  const RuleRecord& r = view.rules[rule];
  const unsigned words = 4 * (view.header->family == static_cast<uint8_t>(Family::kIpv4) ? 1 : 4);
  const uint32_t* address = view.addresses + size_t{rule} * words;
  return r.match_count == 0 && r.flags == 0 && r.protocol == 0 && r.in_pattern == 0 && r.out_pattern == 0 &&
         std::all_of(address, address + words, [](uint32_t word) { return word == 0; });
}

bool goes_on(Action action) { return action == Action::kJump || action == Action::kNext || action == Action::kTarget; }

// Rules that a packet at the hook may be compared with.
std::vector<bool> rules_from(const ProgramView& view, Hook hook) {
  std::vector<bool> seen(view.header->rules.count);
  std::vector<uint32_t> open = {view.header->hooks[static_cast<unsigned>(hook)].entry};
  while (!open.empty()) {
    const uint32_t rule = open.back();
    open.pop_back();
    if (rule >= seen.size() || seen[rule]) continue;
    seen[rule] = true;
    const RuleRecord& r = view.rules[rule];
    if (r.action == Action::kJump || r.action == Action::kGoto || r.action == Action::kNext) open.push_back(r.jump_to);
    if (goes_on(r.action) || !takes_all(view, rule)) open.push_back(rule + 1);
  }
  return seen;
}

}  // namespace

std::vector<LoadedProgram::Memory> LoadedProgram::memories() const {
  const ProgramView& view = internals_->view;
  std::vector<Memory> result;
  if (internals_->state_words == 0) return result;
  std::vector<uint32_t> asked_at(view.header->rules.count);
  for (unsigned h = 0; h < kHookCount; ++h) {
    if (!has_hook(static_cast<Hook>(h))) continue;
    const std::vector<bool> here = rules_from(view, static_cast<Hook>(h));
    for (uint32_t rule = 0; rule < here.size(); ++rule) asked_at[rule] |= here[rule] ? 1U << h : 0;
  }
  for (uint32_t rule = 0; rule < asked_at.size(); ++rule) {
    const RuleRecord& r = view.rules[rule];
    const auto add = [&](const auto& type, const void* info) {
      result.push_back({type.shared != nullptr ? type.shared(info) : std::string(), asked_at[rule]});
    };
    for (uint32_t m = r.match_begin; m < r.match_begin + r.match_count; ++m) {
      const MatchType& type = *xt::match_by_number(view.matches[m].number);
      if (type.remembers(view.at(view.matches[m].info))) add(type, view.at(view.matches[m].info));
    }
    if (!internals_->target_state_at.empty() && internals_->target_state_at[rule] != kNone)
      add(*xt::target_by_number(r.target_number), view.at(r.target_info));
  }
  return result;
}

Scratch::Internals::Internals(const LoadedProgram& program, std::shared_ptr<World> of) : world(std::move(of)) {
  const auto& internals = program.internals();
  const ProgramView& view = internals.view;
  const Header& header = *view.header;
  bumps = std::make_unique_for_overwrite<Bump[]>(size_t{kMaxBurst} * header.max_bumps + kKnownRules);
  stack = std::make_unique_for_overwrite<uint32_t[]>(size_t{header.stack_depth} + 1);
  frames = std::make_unique<WalkFrame[]>(size_t{header.sections.count} + 1);
  if (internals.patterns) scanner = std::make_unique<payload::PatternScanner>(*internals.patterns);
  if (internals.state_words == 0) return;
  states = std::make_unique<uint64_t[]>(internals.state_words);
  for (uint32_t rule = 0; rule < header.rules.count; ++rule) {
    const RuleRecord& r = view.rules[rule];
    for (uint32_t m = r.match_begin; m < r.match_begin + r.match_count && !internals.state_at.empty(); ++m) {
      if (internals.state_at[m] == kNone) continue;
      const MatchRecord& match = view.matches[m];
      xt::match_by_number(match.number)->start(view.at(match.info), *world, states.get() + internals.state_at[m]);
    }
    if (internals.target_state_at.empty() || internals.target_state_at[rule] == kNone) continue;
    xt::target_by_number(r.target_number)
        ->start(view.at(r.target_info), *world, states.get() + internals.target_state_at[rule]);
  }
}

Scratch::Scratch(const LoadedProgram& program, std::shared_ptr<World> world)
    : internals_(std::make_unique<Internals>(program, std::move(world))) {}
std::span<const Bump> Scratch::bumps() const { return {internals_->bumps.get(), internals_->bump_count}; }
Scratch::Scratch(Scratch&&) noexcept = default;
Scratch& Scratch::operator=(Scratch&&) noexcept = default;
Scratch::~Scratch() = default;

namespace {

void resolve_device(const ProgramView& view, const InterfaceName& device, unsigned direction, DeviceCache& cache) {
  const Header& header = *view.header;
  uint64_t name[2];
  std::memcpy(name, device.bytes.data(), sizeof name);
  cache.name = device;
  cache.filled = true;
  cache.id = 0;
  cache.bits = 0;
  const DevicePattern* end = view.names + header.exact_names;
  const DevicePattern* found =
      std::lower_bound(view.names, end, device.bytes,
                       [](const DevicePattern& p, const auto& bytes) { return std::memcmp(p.name, bytes.data(), 16) < 0; });
  if (found != end && std::memcmp(found->name, name, sizeof name) == 0)
    cache.id = static_cast<uint32_t>(found - view.names) + 1;
  const uint32_t used = direction == 0 ? header.wildcard_in : header.wildcard_out;
  for (uint32_t i = 0; i < used; ++i) {
    const DevicePattern& p = view.names[view.wildcards[direction * kMaxWildcards + i]];
    const bool fits = (((name[0] ^ p.name[0]) & p.mask[0]) | ((name[1] ^ p.name[1]) & p.mask[1])) == 0;
    cache.bits |= static_cast<uint32_t>(fits) << i;
  }
}

}  // namespace

void resolve_devices(const ProgramView& view, const Packet& packet, Scratch::Internals& scratch, Key& key) {
  DeviceCache& in = scratch.in_device;
  DeviceCache& out = scratch.out_device;
  if (!in.filled || in.name != *packet.in) resolve_device(view, *packet.in, 0, in);
  if (!out.filled || out.name != *packet.out) resolve_device(view, *packet.out, 1, out);
  key.word[static_cast<unsigned>(Dimension::kInterfaces)] = in.id | out.id << 16;
  key.word[static_cast<unsigned>(Dimension::kInterfaceBits)] = in.bits | out.bits << 16;
}

}  // namespace hookline
