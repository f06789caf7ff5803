#include "verify/differential.h"

#include <fmt/core.h>
#include <linux/netfilter/xt_NFLOG.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <tuple>
#include <utility>

#include "base/checksum.h"
#include "base/clock.h"
#include "classify/isa.h"
#include "engines/engine.h"
#include "verify/aims/aims.h"
#include "verify/judging_clock.h"
#include "verify/kernel_runner.h"
#include "verify/packet_fields.h"
#include "verify/packets.h"

namespace hookline {
namespace {

constexpr uint64_t kReferenceStepNs = 1000;  // clock between packets where no kernel keeps time
constexpr size_t kMaxInterfaces = 12;
constexpr size_t kMaxFragments = 4096;  // earlier fragments that are kept for a report
constexpr size_t kMaxHistory = 20000;   // earlier packets that are kept where rules remember them

bool same(const PathResult& a, const PathResult& b) {
  return a.verdict == b.verdict && a.reject_with == b.reject_with && a.queue == b.queue && a.bumps == b.bumps &&
         a.out == b.out && a.reply == b.reply && a.effects == b.effects;
}

// One engine over all tables, with a walker for each way through the host.
class Player {
 public:
  static Result<std::unique_ptr<Player>> make(std::string name, EngineKind kind, std::optional<Isa> isa,
                                              const RuleSet& rules, std::shared_ptr<const HostView> host, Family family,
                                              const CompileOptions& compile, uint32_t mtu) {
    auto player = std::unique_ptr<Player>(new Player(std::move(name), isa, rules.tables, host, mtu));
    auto engines = make_engines(kind, rules.tables, std::move(host), family, compile);
    if (!engines) return tl::make_unexpected(engines.error());
    player->engines_ = std::move(*engines);
    return player;
  }

  void play(const Probe& probe, Family family, uint64_t time_ns, PathResult& result) {
    if (isa_) (void)force_isa(isa_name(*isa_));  // one that runnable_isas() named cannot fail
    const Way way{probe.path, std::string(probe.in.view()), std::string(probe.out.view())};
    auto [walker, fresh] = walkers_.try_emplace(way);
    if (fresh) {
      PathOptions options;
      options.path = probe.path;
      options.in = probe.in;
      options.out = probe.out;
      options.mtu = mtu_;
      options.host = host_;
      options.listens = true;
      options.back.ipv4 = kAnswerIpv4;
      options.back.ipv6 = kAnswerIpv6;
      options.back.mtu = mtu_;
      // What waiting fragments are charged with is the driver's affair, and the kernel's timer has its own grain: both
      // judges have room and time enough (verify/kernel_runner.cpp).
      options.fragments = {36'000'000'000'000, uint64_t{1} << 30};
      walker->second = std::make_unique<PathWalker>(tables_, engines_, options);
    }
    Arrival arrival = arrival_of(probe, family);
    arrival.time_ns = time_ns;
    walker->second->play(arrival, result);
  }

  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  using Way = std::tuple<PathKind, std::string, std::string>;
  Player(std::string name, std::optional<Isa> isa, std::span<const Table> tables, std::shared_ptr<const HostView> host,
         uint32_t mtu)
      : name_(std::move(name)), isa_(isa), tables_(tables), host_(std::move(host)), mtu_(mtu) {}

  std::string name_;
  std::optional<Isa> isa_;
  std::span<const Table> tables_;
  std::shared_ptr<const HostView> host_;
  uint32_t mtu_;
  std::vector<std::unique_ptr<TableEngine>> engines_;
  std::map<Way, std::unique_ptr<PathWalker>> walkers_;
};

std::vector<CounterMove> moves_of(const PathResult& result) {
  std::vector<CounterMove> moves;
  for (const PathBump& bump : result.bumps) {
    const auto found = std::ranges::find_if(
        moves, [&](const CounterMove& move) { return move.table == bump.table && move.rule == bump.rule; });
    if (found == moves.end()) {
      moves.push_back({bump.table, bump.rule, 1, bump.bytes});
    } else {
      ++found->packets;
      found->bytes += bump.bytes;
    }
  }
  std::ranges::sort(moves, [](const CounterMove& a, const CounterMove& b) {
    return std::tie(a.table, a.rule) < std::tie(b.table, b.rule);
  });
  return moves;
}

std::string hex(const std::vector<uint8_t>& bytes) {
  std::string text;
  for (const uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kAccept:
      return "accept";
    case Verdict::kDrop:
      return "drop";
    case Verdict::kQueue:
      return "queue";
    case Verdict::kStolen:
      return "stolen";
  }
  return "";
}

std::string describe(const std::vector<std::string>& log, const std::vector<NflogMessage>& nflog) {
  std::string text;
  for (const std::string& line : log) text += fmt::format("; log \"{}\"", line);
  for (const NflogMessage& message : nflog)
    text += fmt::format("; nflog {} \"{}\" {}", message.group, message.prefix, hex(message.packet));
  return text;
}

std::string describe(std::span<const Table> tables, const PathResult& result) {
  std::string text;
  for (const PathBump& bump : result.bumps)
    text += fmt::format("{}{} ({} bytes)", text.empty() ? "" : ", ", tables[bump.table].rule_name(bump.rule), bump.bytes);
  text += fmt::format("{}{}", text.empty() ? "no rule; " : "; ", verdict_name(result.verdict));
  if (result.reject_with != kNoReject) text += fmt::format(", reject {}", result.reject_with);
  if (!result.out.empty()) text += ", out " + hex(result.out);
  for (const auto& copy : result.effects.copies) text += "; sends " + hex(copy);
  if (!result.reply.empty()) text += "; sends " + hex(result.reply);
  return text + describe(result.effects.log, result.effects.nflog);
}

std::string describe(std::span<const Table> tables, const Observation& observation) {
  std::string text;
  for (const CounterMove& move : observation.moves)
    text += fmt::format("{}{} ({} packets, {} bytes)", text.empty() ? "" : ", ", tables[move.table].rule_name(move.rule),
                        move.packets, move.bytes);
  if (text.empty()) text = "no rule";
  for (const auto& packet : observation.out) text += "; out " + hex(packet);
  if (observation.arrived) text += "; accepted at INPUT";
  for (const auto& packet : observation.heard.sent) text += "; sends " + hex(packet);
  return text + describe(observation.heard.log, observation.heard.nflog);
}

// An IPv4 datagram that left in fragments, put together again as the header of `whole` has it; empty where they do not fit.
// Where `whole` is itself a fragment that reaches beyond 64 KiB, the kernel's offsets go round.
std::vector<uint8_t> reassembled(std::vector<std::vector<uint8_t>> fragments, const std::vector<uint8_t>& whole) {
  const auto begin = [](const std::vector<uint8_t>& packet) { return (load_be16(packet.data() + 6) & 0x1fffU) * 8; };
  const auto offset = [&](const std::vector<uint8_t>& packet) { return (begin(packet) - begin(whole)) & 0xffffU; };
  const auto header = [](const std::vector<uint8_t>& packet) { return (packet[0] & 0xfU) * 4; };
  std::ranges::sort(fragments, {}, offset);
  std::vector<uint8_t> result(fragments.front().begin(), fragments.front().begin() + header(fragments.front()));
  for (const std::vector<uint8_t>& fragment : fragments) {
    if (offset(fragment) != result.size() - header(result)) return {};
    result.insert(result.end(), fragment.begin() + header(fragment), fragment.end());
  }
  if (result.size() > 65535) return {};
  store_be16(result.data() + 2, static_cast<uint16_t>(result.size()));
  store_be16(result.data() + 6, load_be16(whole.data() + 6));
  seal_ipv4(result);
  return result;
}

// Whether routing, which is the kernel's own here, has a way for the answer to this probe.
bool can_be_answered(const Probe& probe) {
  const std::vector<uint8_t>& packet = probe.packet;
  if (packet.size() >= 20 && packet[0] >> 4 == 4) {
    // 127/8 answers nobody out of another device than lo; and what only the probe sends by lo is not for this host.
    // Nor can the host have an address of 0/8.
    if (probe.path == PathKind::kInput) return packet[16] != 0 && (probe.in.view() != "lo" || packet[12] == 127);
    return probe.path != PathKind::kOutput || probe.out.view() != "lo" || packet[16] == 127;
  }
  if (packet.size() < 40) return true;
  // An IPv4 address in IPv6's clothes cannot be made one of the host's.
  const bool disguised = std::all_of(packet.begin() + 24, packet.begin() + 34, [](uint8_t byte) { return byte == 0; });
  if (disguised && probe.path == PathKind::kInput && probe.in.view() != "lo") return false;
  // A link-local sender is behind one device, and only that device's addresses would do.
  return packet[8] != 0xfe || (packet[9] & 0xc0) != 0x80;
}

// An answer with what the kernel draws, and what it leaves to the device: the IP id, the flow label, a reset's checksum.
std::vector<uint8_t> without_draws(std::vector<uint8_t> packet) {
  if (packet.size() >= 20 && packet[0] >> 4 == 4) {
    store_be16(packet.data() + 4, 0);
    seal_ipv4(packet);
    if (packet[9] == kTcp && packet.size() == 40) {
      const uint16_t sum = internet_checksum({packet.data() + 20, 20});  // over the pseudo-header's in its place
      store_be16(packet.data() + 36, sum);
    }
  } else if (packet.size() >= 40) {
    packet[1] &= 0xf0;
    store_be16(packet.data() + 2, 0);
  }
  return packet;
}

// Whether the packet records its route or time: the host writes addresses of its own into it as it comes in.
bool has_recording_options(const std::vector<uint8_t>& packet) {
  if (packet.size() < 24 || packet[0] >> 4 != 4) return false;
  for (size_t at = 20; at < std::min<size_t>(packet.size(), (packet[0] & 0xfU) * 4U); ++at)
    if (packet[at] == 7 || packet[at] == 68) return true;
  return false;
}

bool sends_the_same(const PathResult& result, std::vector<std::vector<uint8_t>> sent, const Probe& probe) {
  std::vector<std::vector<uint8_t>> copies = result.effects.copies;
  std::erase_if(copies, is_housekeeping);
  if (sent.size() < copies.size() || !std::equal(copies.begin(), copies.end(), sent.begin())) return false;
  sent.erase(sent.begin(), sent.begin() + static_cast<ptrdiff_t>(copies.size()));
  // The stack reports what it discards itself; that is no rule's answer.
  if (!can_be_answered(probe) || result.discard != Discard::kNone) return sent.size() <= 1;
  if (sent.empty() || result.reply.empty()) return sent.empty() && result.reply.empty();
  return sent.size() == 1 && without_draws(sent.front()) == result.reply;
}

// An attribute of a message holds no more of a packet than this.
bool same_message(const NflogMessage& expected, const NflogMessage& heard) {
  constexpr size_t kMost = 65531;
  const size_t size = std::min(expected.packet.size(), kMost);
  return expected.group == heard.group && expected.prefix == heard.prefix && heard.packet.size() == size &&
         std::equal(heard.packet.begin(), heard.packet.end(), expected.packet.begin());
}

bool hears_the_same(const PathResult& result, const Heard& heard, const Probe& probe, const Ears& ears) {
  if (has_recording_options(probe.packet))
    return (!ears.log || result.effects.log.size() == heard.log.size()) &&
           (ears.groups.empty() || result.effects.nflog.size() == heard.nflog.size());
  if (ears.log && result.effects.log != heard.log) return false;
  if (!ears.groups.empty() && !std::ranges::equal(result.effects.nflog, heard.nflog, same_message)) return false;
  return !ears.sent || sends_the_same(result, heard.sent, probe);
}

bool agrees(const PathResult& result, const Observation& observation, const Probe& probe, const Ears& ears) {
  if (moves_of(result) != observation.moves) return false;
  if (!hears_the_same(result, observation.heard, probe, ears)) return false;
  if (probe.path == PathKind::kInput) return observation.arrived == (result.verdict == Verdict::kAccept);
  if (result.verdict != Verdict::kAccept) return observation.out.empty();
  if (observation.out.size() > 1) return reassembled(observation.out, result.out) == result.out;
  return observation.out.size() == 1 && observation.out.front() == result.out;
}

// Whether some match of the family's rules is such a one.
template <typename Is>
bool any_match(const RuleSet& rules, Family family, Is is) {
  for (const Table& table : rules.tables)
    for (const Rule& rule : table.rules)
      for (const Match& match : rule.matches)
        if (table.family == family && match.type != nullptr && is(match)) return true;
  return false;
}

// What the targets of the family's rules say and send.
// Whether rules ask for what the host is, or it has addresses that an answer could come from.
bool host_matters(const RuleSet& rules, Family family) {
  constexpr HostAddressBytes kLoopback6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  return any_match(rules, family,
                   [](const Match& match) {
                     const MatchAim* aim = find_aim(match.name);
                     return aim != nullptr && aim->of_host;
                   }) ||
         std::ranges::any_of(rules.snapshot.host.addresses, [&](const HostAddress& address) {
           return address.family == family &&
                  (family == Family::kIpv4 ? address.local[0] != 127 : address.local != kLoopback6);
         });
}

Ears ears_for(const RuleSet& rules, Family family) {
  Ears ears;
  for (const Table& table : rules.tables)
    for (const Rule& rule : table.rules) {
      if (table.family != family || rule.target.kind != TargetKind::kExtension) continue;
      const std::string& name = rule.target.name;
      ears.sent = ears.sent || name == "REJECT" || name == "TEE";
      ears.log = ears.log || name == "LOG";
      if (name != "NFLOG") continue;
      const auto info = read_at<xt_nflog_info>(rule.target.raw, 0);
      if (info && std::ranges::find(ears.groups, info->group) == ears.groups.end()) ears.groups.push_back(info->group);
    }
  // The runner makes the destinations of what it sends the host's own for the moment, so that answers come from there. Where
  // a rule writes destinations it does not know them, where rules ask whose they are it must not, and where the host has
  // addresses an answer may come from another.
  ears.sent = ears.sent && !writes_destination(rules.tables, family) && !host_matters(rules, family);
  return ears;
}

// Time where no kernel keeps it, and rules ask for it: steps between packets of a burst and of hours.
class DrawnClock {
 public:
  uint64_t next() {
    state_ = state_ * 0x5851f42d4c957f2d + 0x14057b7ef767814f;
    const uint64_t drawn = state_ >> 33;
    const uint64_t widest = drawn % 512 == 0 ? 7'200'000'000'000 : drawn % 8 == 0 ? 20'000'000 : 2000;
    return now_ += 1 + (drawn >> 9) * 1021 % widest;
  }

 private:
  uint64_t now_ = now_ns<std::chrono::system_clock>();
  uint64_t state_ = 1;
};

// All judges and engines of one rule set and family.
class Arena {
 public:
  static Result<std::unique_ptr<Arena>> open(const RuleSet& rules, Family family, bool kernel, const CompileOptions& compile,
                                             uint32_t mtu, bool ethernet) {
    if (ethernet) mtu = std::min(mtu, kMostEthernetMtu);
    auto arena = std::unique_ptr<Arena>(new Arena(rules, family));
    arena->host_ = rules.host;
    arena->interfaces_ = interesting_interfaces(rules.tables, family, kMaxInterfaces);
    for (const HostInterface& interface : rules.snapshot.host.interfaces)
      if (arena->interfaces_.size() < kMaxInterfaces && interface.name != "lo" &&
          std::ranges::find(arena->interfaces_, interface.name) == arena->interfaces_.end())
        arena->interfaces_.push_back(interface.name);
    if (kernel) {
      KernelRunner::Config config;
      config.family = family;
      config.interfaces = arena->interfaces_;
      config.mtu = mtu;
      config.ethernet = ethernet;
      config.host = rules.host.get();
      config.ears = arena->ears_ = ears_for(rules, family);
      auto runner = KernelRunner::open(rules.snapshot, rules.tables, config);
      if (!runner) return tl::make_unexpected(runner.error());
      arena->kernel_ = std::move(*runner);
      arena->interfaces_ = arena->kernel_->interfaces();
      arena->host_ = arena->kernel_->host();
      if (arena->timed_) {
        auto clock = JudgingClock::open();
        if (!clock) return tl::make_unexpected(clock.error());
        arena->judging_clock_.emplace(std::move(*clock));
      }
    }
    const auto add = [&](std::string name, EngineKind kind, std::optional<Isa> isa) -> Result<void> {
      auto player = Player::make(std::move(name), kind, isa, rules, arena->host_, family, compile, mtu);
      if (!player) return tl::make_unexpected(player.error());
      arena->players_.push_back(std::move(*player));
      return {};
    };
    auto added = add("reference", EngineKind::kReference, std::nullopt);
    if (added) added = add("linear", EngineKind::kLinear, std::nullopt);
    for (const Isa isa : runnable_isas())
      if (added) added = add(fmt::format("compiled ({})", isa_name(isa)), EngineKind::kCompiled, isa);
    if (!added) return tl::make_unexpected(added.error());
    return arena;
  }

  [[nodiscard]] const std::vector<std::string>& interfaces() const { return interfaces_; }
  // What the engines know of the host: where a kernel judges, the scratch namespace.
  [[nodiscard]] const std::shared_ptr<const HostView>& host() const { return host_; }
  [[nodiscard]] bool can_play(const Probe& probe) const { return kernel_ == nullptr || kernel_->can_play(probe); }
  [[nodiscard]] const PathResult& reference_result() const { return results_.front(); }

  // The time of the last packet.
  [[nodiscard]] uint64_t time() const { return time_; }
  // The kernel's clocks moved while it judged the last packet, and rules ask for the time: nothing was compared, and what
  // rules remember may differ from now on. Whoever goes on needs a new arena.
  [[nodiscard]] bool unsure() const { return unsure_; }

  // Plays one probe everywhere; the first disagreement, if any (without its history).
  Result<std::optional<Difference>> play(const Probe& probe) {
    if (kernel_ != nullptr) {
      auto time = judging_clock_ ? judging_clock_->settle() : Result<uint64_t>(now_ns<std::chrono::steady_clock>());
      if (!time) return tl::make_unexpected(time.error());
      time_ = *time;
      if (auto played = kernel_->play(probe, observation_); !played) return tl::make_unexpected(played.error());
      if (judging_clock_) {
        const auto stands = judging_clock_->stands();
        if (!stands) return tl::make_unexpected(stands.error());
        unsure_ = !*stands;
      }
    } else {
      time_ = timed_ ? drawn_clock_.next() : time_ + kReferenceStepNs;
    }
    results_.resize(players_.size());
    for (size_t i = 0; i < players_.size(); ++i) players_[i]->play(probe, family_, time_, results_[i]);
    std::optional<Difference> difference;
    if (unsure_) return difference;
    if (kernel_ != nullptr) {
      for (size_t i = 0; i < players_.size() && !difference; ++i)
        if (!agrees(results_[i], observation_, probe, ears_))
          difference = Difference{{},
                                  players_[i]->name(),
                                  "kernel",
                                  describe(rules_.tables, observation_),
                                  describe(rules_.tables, results_[i])};
    }
    for (size_t i = 1; i < players_.size() && !difference; ++i)
      if (!same(results_[0], results_[i]))
        difference = Difference{{},
                                players_[i]->name(),
                                "reference",
                                describe(rules_.tables, results_[0]),
                                describe(rules_.tables, results_[i])};
    return difference;
  }

 private:
  Arena(const RuleSet& rules, Family family)
      : rules_(rules),
        family_(family),
        timed_(any_match(rules, family, [](const Match& match) { return match.type->timed; })) {}

  const RuleSet& rules_;
  Family family_;
  bool timed_;
  std::vector<std::unique_ptr<Player>> players_;
  std::vector<PathResult> results_;
  std::unique_ptr<KernelRunner> kernel_;
  Observation observation_;
  Ears ears_;
  std::vector<std::string> interfaces_;
  std::shared_ptr<const HostView> host_;
  std::optional<JudgingClock> judging_clock_;  // where a kernel judges and rules ask for the time
  DrawnClock drawn_clock_;
  uint64_t time_ = 0;
  bool unsure_ = false;
};

bool is_fragment(const std::vector<uint8_t>& packet) {
  return packet.size() >= 20 && packet[0] >> 4 == 4 && (load_be16(packet.data() + 6) & 0x3fff) != 0;
}

bool same_datagram(const std::vector<uint8_t>& a, const std::vector<uint8_t>& b) {
  return std::equal(a.begin() + 12, a.begin() + 20, b.begin() + 12) && a[4] == b[4] && a[5] == b[5] && a[9] == b[9];
}

Problems refusals_of(const RuleSet& rules, Family family) {
  Problems problems;
  for (const Table& table : rules.tables) {
    if (table.family != family) continue;
    Problems refused = refusals(table);
    problems.insert(problems.end(), refused.begin(), refused.end());
  }
  return problems;
}

}  // namespace

bool asks_for_frames(const RuleSet& rules, Family family) {
  const auto looks = [](const Match& match) {
    const MatchAim* aim = find_aim(match.name);
    return aim != nullptr && aim->of_frames;
  };
  return std::ranges::any_of(rules.tables, [&](const Table& table) {
    return table.family == family &&
           std::ranges::any_of(table.rules, [&](const Rule& rule) { return std::ranges::any_of(rule.matches, looks); });
  });
}

Result<DifferentialResult> run_differential(const RuleSet& rules, const DifferentialOptions& options) {
  if (Problems problems = refusals_of(rules, options.family); !problems.empty()) return fail(std::move(problems));
  auto arena = Arena::open(rules, options.family, options.kernel, options.compile, options.mtu, options.ethernet);
  if (!arena) return tl::make_unexpected(arena.error());
  PacketGenerator generator(rules.tables, (*arena)->host(), options.family, (*arena)->interfaces(), options.seed);
  generator.set_paths(options.paths);
  generator.set_mtu(options.mtu);
  generator.set_ethernet(options.ethernet);

  DifferentialResult result;
  std::vector<Probe> fragments;
  // Every packet of this arena, where what rules remember makes each part of the case.
  const bool remembers =
      any_match(rules, options.family, [](const Match& match) { return match.type->remembers(match.info.get()); });
  std::vector<Probe> history;
  const uint64_t total = options.packets * options.paths.size();
  for (const PathKind path : options.paths) {
    uint64_t unplayable = 0, unsure = 0;
    for (uint64_t n = 0; n < options.packets;) {
      generator.set_time((*arena)->time());
      const Probe probe = generator.next(path);
      if (!(*arena)->can_play(probe)) {
        // A generator that made nothing else would never end; rules that ask for such packets only are rare.
        if (++unplayable > 50 * options.packets + 1000)
          return fail(ProblemKind::kSystem, "packet generator", "makes only packets that the kernel cannot be given");
        continue;
      }
      auto difference = (*arena)->play(probe);
      if (!difference) return tl::make_unexpected(difference.error());
      if ((*arena)->unsure()) {
        if (++unsure > options.packets + 1000)
          return fail(ProblemKind::kSystem, "jiffies", "move during nearly every packet", "a machine with less to do");
        arena = Arena::open(rules, options.family, options.kernel, options.compile, options.mtu, options.ethernet);
        if (!arena) return tl::make_unexpected(arena.error());
        fragments.clear();
        history.clear();
        continue;
      }
      ++n;
      ++result.packets;
      generator.learn((*arena)->reference_result().bumps);
      if (remembers && history.size() < kMaxHistory) history.push_back(probe);
      if (is_fragment(probe.packet)) {
        if (fragments.size() >= kMaxFragments) fragments.erase(fragments.begin(), fragments.begin() + kMaxFragments / 2);
        fragments.push_back(probe);
      }
      if (*difference) {
        ++result.difference_count;
        if (remembers) {
          (*difference)->probes = history;
        } else {
          for (const Probe& earlier : fragments)
            if (is_fragment(probe.packet) && same_datagram(earlier.packet, probe.packet))
              (*difference)->probes.push_back(earlier);
          if (!is_fragment(probe.packet)) (*difference)->probes.push_back(probe);
        }
        result.differences.push_back(std::move(**difference));
        if (result.differences.size() >= options.max_differences) break;
      }
      if (options.progress && result.packets % 256 == 0) options.progress(result.packets, total);
    }
    if (result.differences.size() >= options.max_differences) break;
  }
  result.reachable = generator.reachable();
  result.hit = generator.hit();
  result.missed = generator.missed();
  return result;
}

Result<std::optional<Difference>> replay(const RuleSet& rules, Family family, std::span<const Probe> probes, bool kernel,
                                         const CompileOptions& compile, uint32_t mtu) {
  if (Problems problems = refusals_of(rules, family); !problems.empty()) return fail(std::move(problems));
  const bool ethernet = std::ranges::any_of(probes, [](const Probe& probe) { return probe.frame.has_value(); });
  auto arena = Arena::open(rules, family, kernel, compile, mtu, ethernet);
  if (!arena) return tl::make_unexpected(arena.error());
  std::optional<Difference> difference;
  for (const Probe& probe : probes) {
    if (!(*arena)->can_play(probe)) return std::optional<Difference>{};
    auto played = (*arena)->play(probe);
    if (!played) return tl::make_unexpected(played.error());
    difference = std::move(*played);
  }
  if (difference) difference->probes.assign(probes.begin(), probes.end());
  return difference;
}

}  // namespace hookline
