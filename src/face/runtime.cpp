// face/runtime.cpp: include/hookline/runtime.h over pipeline/.
#include "hookline/runtime.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "face/image.h"
#include "pipeline/publish.h"
#include "pipeline/walk.h"
#include "xt/reject.h"

namespace hookline::v1 {

static_assert(kMaxBurst == hookline::kMaxBurst);

struct Rules::Internals {
  std::vector<NamedProgram> programs;
  std::vector<Rule> first;  // number of each program's rule 0
  size_t count = 0;

  explicit Internals(std::vector<NamedProgram> all) : programs(std::move(all)) {
    for (const NamedProgram& named : programs) {
      first.push_back(static_cast<Rule>(count));
      count += named.program->rule_count();
    }
  }
  // The program that holds a rule number, which is below `count`.
  [[nodiscard]] size_t program_of(Rule rule) const {
    return static_cast<size_t>(std::upper_bound(first.begin(), first.end(), rule) - first.begin()) - 1;
  }
};

namespace {

[[noreturn]] void raise(const Problems& problems) {
  std::string text;
  for (const Problem& problem : problems) text += (text.empty() ? "" : "\n") + problem.text();
  throw Error(static_cast<Error::Kind>(problems.front().kind), text);
}

InterfaceName interface_name(const char* name) {
  return name == nullptr ? kNoInterface : InterfaceName::from(std::string_view(name, strnlen(name, 16)));
}

// The family by the version nibble; the stack refuses what has another.
Family family_of(const Packet& packet) {
  return packet.length > 0 && packet.data[0] >> 4 == 6 ? Family::kIpv6 : Family::kIpv4;
}

PacketType type_of(const Packet& packet) {
  if (packet.broadcast) return PacketType::kBroadcast;
  return packet.group ? PacketType::kMulticast : PacketType::kHost;
}

bool whole_ip_header(const hookline::Packet& packet) {
  if (packet.family == Family::kIpv6) return packet.length >= 40;
  return packet.length >= 20 && packet.data[0] >> 4 == 4 && (packet.data[0] & 0xfU) >= 5 &&
         packet.length >= (packet.data[0] & 0xfU) * 4;
}

Verdict verdict_of(Fate fate) {
  switch (fate) {
    case Fate::kAccept:
      return Verdict::kAccept;
    case Fate::kDrop:
      return Verdict::kDrop;
    case Fate::kReject:
      return Verdict::kReject;
    case Fate::kQueue:
      return Verdict::kQueue;
    default:
      return Verdict::kDiscard;
  }
}

}  // namespace

// ---- Rules ------------------------------------------------------------------------------------------------------------

Rules::Rules() : internals_(std::make_shared<Internals>(std::vector<NamedProgram>())) {}
Rules::Rules(std::shared_ptr<const Internals> internals) : internals_(std::move(internals)) {}
Rules::~Rules() = default;
Rules::Rules(const Rules& other) = default;
Rules& Rules::operator=(const Rules& other) = default;

size_t Rules::rule_count() const { return internals_->count; }

std::string_view Rules::rule_name(Rule rule) const {
  if (rule >= internals_->count) return {};
  const size_t p = internals_->program_of(rule);
  return internals_->programs[p].rule_names[rule - internals_->first[p]];
}

int Rules::rule_family(Rule rule) const {
  if (rule >= internals_->count) return 0;
  return static_cast<int>(internals_->programs[internals_->program_of(rule)].program->family());
}

std::vector<uint8_t> Rules::image() const { return write_image(internals_->programs); }

Rules Rules::from_image(const uint8_t* data, size_t size) {
  auto programs = read_image({data, size});
  if (!programs) raise(programs.error());
  return Rules(std::make_shared<Internals>(std::move(*programs)));
}

Rules Rules::merged(const Rules& a, const Rules& b) {
  std::vector<NamedProgram> programs = a.internals_->programs;
  for (const NamedProgram& named : b.internals_->programs) {
    for (const NamedProgram& other : a.internals_->programs) {
      if (named.program->family() == other.program->family() && named.program->table() == other.program->table()) {
        throw Error(Error::Kind::kInput, "table " + std::string(named.program->table()) + " (" +
                                             std::string(family_name(named.program->family())) +
                                             "): in both rule sets, expected in one");
      }
    }
    programs.push_back(named);
  }
  return Rules(std::make_shared<Internals>(std::move(programs)));
}

// ---- Filter -----------------------------------------------------------------------------------------------------------

namespace {

// What a worker needs beside its Lane: the burst in the pipeline's own terms, and where decisions point into.
struct alignas(kCacheLine) Desk {
  std::array<hookline::Packet, kMaxBurst> packets;
  std::array<Fate, kMaxBurst> fates;
  std::array<InterfaceName, kMaxBurst> in, out;
  WalkNotes notes;
  WorkerTally tally;
  std::vector<Rule> rules;  // the trail, packet after packet
};

}  // namespace

struct Filter::Internals {
  Internals(const Rules& first, unsigned workers)
      : rules(first),
        publication(ProgramSet(first.internals_->programs), workers),
        desks(std::make_unique<Desk[]>(workers)) {}

  Rules rules;
  Publication publication;
  std::unique_ptr<Desk[]> desks;

  void decide(unsigned worker, std::optional<Hook> hook, uint32_t mtu, const Packet* packets, size_t count,
              Decision* decisions);
};

void Filter::Internals::decide(unsigned worker, std::optional<Hook> hook, uint32_t mtu, const Packet* packets, size_t count,
                               Decision* decisions) {
  Desk& desk = desks[worker];
  for (size_t i = 0; i < count; ++i) {
    const Packet& from = packets[i];
    desk.in[i] = interface_name(from.in);
    desk.out[i] = interface_name(from.out);
    desk.packets[i] = hookline::Packet{from.data,    from.length, family_of(from), type_of(from),       &desk.in[i],
                                       &desk.out[i], from.mark,   from.source_mac, from.destination_mac};
    desk.packets[i].room = from.room;
  }
  // Only while it is inside this call does the worker hold publish() up.
  const WorkerScope scope(publication, worker);
  Generation& generation = publication.current();
  const std::span<hookline::Packet> burst(desk.packets.data(), count);
  const std::span<Fate> fates(desk.fates.data(), count);
  if (hook) {
    // A table expects the header that ip_rcv() has checked, so what has none is kept away from it, one packet at a time.
    size_t whole = 0;
    std::array<uint32_t, kMaxBurst> origin;
    for (uint32_t i = 0; i < count; ++i) {
      if (!whole_ip_header(desk.packets[i])) {
        desk.fates[i] = Fate::kHeader;
        continue;
      }
      desk.packets[whole] = desk.packets[i];
      origin[whole++] = i;
    }
    std::array<Fate, kMaxBurst> whole_fates;
    walk_hook(generation, worker, static_cast<hookline::Hook>(*hook), burst.first(whole), {whole_fates.data(), whole},
              desk.tally, &desk.notes);
    for (size_t w = whole; w-- > 0;) {
      desk.fates[origin[w]] = whole_fates[w];
      desk.packets[origin[w]] = desk.packets[w];
      desk.notes.reject_with[origin[w]] = desk.notes.reject_with[w];
      desk.notes.queue[origin[w]] = desk.notes.queue[w];
    }
    for (TrailStep& step : desk.notes.trail) step.packet = origin[step.packet];
  } else {
    walk_forward(generation, worker, {mtu, WireMode::kRouter}, burst, fates, desk.tally, &desk.notes);
  }

  // The trail has every packet's steps in order, but mixed with those of others: sort it by packet, keeping the order.
  std::array<uint32_t, kMaxBurst + 1> begin{};
  for (const TrailStep& step : desk.notes.trail) ++begin[step.packet + 1];
  for (size_t i = 0; i < count; ++i) begin[i + 1] += begin[i];
  if (desk.rules.size() < desk.notes.trail.size()) desk.rules.resize(desk.notes.trail.size());
  std::array<uint32_t, kMaxBurst + 1> next = begin;
  std::array<Rule, 16> first{};  // of each program; ten tables at most: five, two families
  for (size_t p = 1; p < generation.programs.programs().size(); ++p) {
    first[p] = first[p - 1] + generation.programs.programs()[p - 1].program->rule_count();
  }
  for (const TrailStep& step : desk.notes.trail) desk.rules[next[step.packet]++] = first[step.program] + index_of(step.rule);

  for (size_t i = 0; i < count; ++i) {
    Decision& decision = decisions[i];
    decision.verdict = verdict_of(desk.fates[i]);
    decision.reject_with = nullptr;
    if (decision.verdict == Verdict::kReject) {
      decision.reject_with = xt::reject_name(family_of(packets[i]), desk.notes.reject_with[i]).data();
    }
    decision.why = decision.verdict == Verdict::kDiscard ? kFateNames[static_cast<unsigned>(desk.fates[i])].data() : nullptr;
    decision.queue = decision.verdict == Verdict::kQueue ? desk.notes.queue[i] : uint16_t{0};
    decision.length = desk.packets[i].length;
    decision.mark = desk.packets[i].mark;
    decision.rules = desk.rules.data() + begin[i];
    decision.rule_count = begin[i + 1] - begin[i];
  }
}

Filter::Filter(const Rules& rules, unsigned workers) {
  if (workers == 0) throw Error(Error::Kind::kUsage, "workers: 0, expected at least 1");
  internals_ = std::make_unique<Internals>(rules, workers);
}
Filter::~Filter() = default;

void Filter::forward(unsigned worker, const Packet* packets, size_t count, Decision* decisions, uint32_t mtu) noexcept {
  internals_->decide(worker, std::nullopt, mtu, packets, count, decisions);
}

void Filter::classify(unsigned worker, Hook hook, const Packet* packets, size_t count, Decision* decisions) noexcept {
  internals_->decide(worker, hook, 0, packets, count, decisions);
}

Rules Filter::rules() const { return internals_->rules; }

void Filter::publish(const Rules& rules) {
  internals_->publication.publish(ProgramSet(rules.internals_->programs));
  internals_->rules = rules;
}

std::vector<RuleCounters> Filter::counters() const {
  std::vector<RuleCounters> result;
  const std::vector<GenerationCounts> generations = internals_->publication.counts();
  for (const auto& table : generations.back().tables) {
    for (const RuleCount& rule : table.rules) result.push_back({rule.packets, rule.bytes});
  }
  return result;
}

}  // namespace hookline::v1
