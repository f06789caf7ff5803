#include "verify/reachability.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <utility>

#include "base/bytes.h"

namespace hookline {
namespace {

constexpr uint32_t kNone = 0xffffffff;
constexpr int kProofSteps = 4000;  // conditions that are tried before a rule is left standing as reachable
constexpr int kDrawSteps = 600;    // likewise, before a way is not found
constexpr size_t kMaxDepth = 64;   // calls within calls
constexpr uint32_t kFarthest = 4096;

bool unconditional(const Rule& rule) {
  const HeaderMatch& h = rule.header;
  return rule.matches.empty() && h.raw_flags == 0 && h.raw_invert_flags == 0 && h.protocol == 0 &&
         h.source_mask == Address{} && h.destination_mask == Address{} && h.in_mask.absent() && h.out_mask.absent() &&
         h.tos == 0;
}

// Whether a packet that hits the rule never comes to the next one, whatever it is called from.
bool terminal(const Rule& rule) {
  switch (rule.target.kind) {
    case TargetKind::kVerdict:
    case TargetKind::kError:
      return true;
    case TargetKind::kJump:
      return rule.header.goto_flag;
    case TargetKind::kExtension:
      return rule.target.name == "REJECT";  // others may go on
    case TargetKind::kFallThrough:
      return false;
  }
  return false;
}

bool ends_stretch(const Rule& rule) {
  return rule.target.kind == TargetKind::kError || (terminal(rule) && unconditional(rule));
}

bool sees_in(PathKind path) { return path != PathKind::kOutput; }
bool sees_out(Hook hook) { return hook == Hook::kForward || hook == Hook::kOutput || hook == Hook::kPostrouting; }

// Whether some target may change what the test looks at: then nothing can be said of it beforehand.
bool may_change(const WordTest& test, const compiler::WrittenWords& written) {
  return written[static_cast<unsigned>(test.dimension)] != 0;
}

// Whether a packet without a mark, as all are here before a rule gives them one, fulfils the test; tests of other words are
// left open.
bool mark_test_holds(const WordTest& test, const compiler::WrittenWords& written) {
  if (test.dimension != Dimension::kMark || may_change(test, written)) return true;
  switch (test.op) {
    case WordTest::Op::kMaskedEqual:
    case WordTest::Op::kRange:
      return test.a == 0;
    case WordTest::Op::kMaskedNotEqual:
      return test.a != 0;
  }
  return true;
}

// True of every packet of these runs.
bool always_true(const Lowered& lowered, const compiler::WrittenWords& written) {
  const auto holds = [&](const WordTest& test) {
    return test.dimension == Dimension::kMark && !may_change(test, written) && mark_test_holds(test, written);
  };
  return lowered.exact &&
         std::ranges::any_of(lowered.boxes, [&](const Box& box) { return std::ranges::all_of(box, holds); });
}

// Two tests of one word that no value fulfils together.
bool contradict(const WordTest& a, const WordTest& b) {
  using Op = WordTest::Op;
  if (a.dimension != b.dimension) return false;
  if (a.op == Op::kMaskedEqual && b.op == Op::kMaskedEqual) return ((a.a ^ b.a) & a.b & b.b) != 0;
  if (a.op == Op::kRange && b.op == Op::kRange) return a.a > b.b || b.a > a.b;
  if (a.op == Op::kMaskedEqual && b.op == Op::kMaskedNotEqual) return (b.b & ~a.b) == 0 && (a.a & b.b) == b.a;
  if (a.op == Op::kMaskedEqual && a.b == UINT32_MAX && b.op == Op::kRange) return a.a < b.a || a.a > b.b;
  if (a.op == Op::kMaskedEqual && b.op == Op::kRange) {
    if (b.a == b.b) return (b.a & a.b) != a.a;
    // The least and the greatest value of the masked form; contiguous prefixes have all values between.
    const uint32_t least = a.a & a.b, greatest = least | ~a.b;
    return greatest < b.a || least > b.b;
  }
  if (a.op == Op::kRange && b.op == Op::kMaskedNotEqual) return b.b == UINT32_MAX && a.a == a.b && a.a == b.a;
  if (b.op == Op::kMaskedEqual && a.op != Op::kMaskedEqual) return contradict(b, a);
  if (b.op == Op::kRange && a.op == Op::kMaskedNotEqual) return contradict(b, a);
  return false;
}

uint32_t word_of(const Address& address, unsigned word) { return load_be32(address.data() + 4 * word); }

// The header's own conditions as tests, as far as they are one box.
Box header_box(const HeaderMatch& h, Family family) {
  Box box;
  const unsigned words = family == Family::kIpv4 ? 1 : 4;
  const auto address = [&](Dimension first, const Address& value, const Address& mask, bool inverted) {
    if (inverted && words != 1) return;  // any word may be the one that differs
    const auto op = inverted ? WordTest::Op::kMaskedNotEqual : WordTest::Op::kMaskedEqual;
    for (unsigned word = 0; word < words; ++word)
      if (const uint32_t bits = word_of(mask, word); bits != 0)
        box.push_back({static_cast<Dimension>(static_cast<unsigned>(first) + word), op, word_of(value, word), bits});
  };
  address(Dimension::kSource0, h.source, h.source_mask, h.invert_source);
  address(Dimension::kDestination0, h.destination, h.destination_mask, h.invert_destination);
  const auto op = h.invert_protocol ? WordTest::Op::kMaskedNotEqual : WordTest::Op::kMaskedEqual;
  if (h.protocol != 0) box.push_back({Dimension::kMeta, op, h.protocol, 0xff});
  if (family == Family::kIpv4 && h.fragment) {
    constexpr uint32_t kLater = kShapeLaterFragment << kMetaShapeShift;
    box.push_back({Dimension::kMeta, WordTest::Op::kMaskedEqual, h.invert_fragment ? 0 : kLater, kLater});
  }
  return box;
}

// A device name that the pattern accepts: the name itself, with a digit where it is open at the end.
std::string name_for(const InterfaceName& name, const InterfaceName& mask) {
  std::string result;
  for (size_t i = 0; i < 15 && mask.bytes[i] != 0; ++i) {
    if (name.bytes[i] == 0) return result;
    result += name.bytes[i];
  }
  if (result.size() < 15) result += '0';
  return result;
}

}  // namespace

bool interface_fits(const std::string& device, const InterfaceName& name, const InterfaceName& mask) {
  const InterfaceName have = InterfaceName::from(device);
  for (size_t i = 0; i < 16; ++i)
    if (((have.bytes[i] ^ name.bytes[i]) & mask.bytes[i]) != 0) return false;
  return true;
}

std::vector<std::string> interesting_interfaces(std::span<const Table> tables, Family family, size_t limit) {
  std::vector<std::string> names = {"hkin0", "hkout0"};
  const auto add = [&](const InterfaceName& name, const InterfaceName& mask) {
    if (mask.absent() || names.size() >= limit) return;
    std::string device = name_for(name, mask);
    if (!device.empty() && device != "lo" && std::ranges::find(names, device) == names.end())
      names.push_back(std::move(device));
  };
  for (const Table& table : tables) {
    if (table.family != family) continue;
    for (const Rule& rule : table.rules) {
      add(rule.header.in, rule.header.in_mask);
      add(rule.header.out, rule.header.out_mask);
    }
  }
  return names;
}

// The search for one way: conditions are added as it goes from the aim to the hook, and taken back where they contradict.
class Reachability::Search {
 public:
  enum class Found : uint8_t { kNo, kYes, kOutOfSteps };

  // Without `random` alternatives are tried in order, with it in random order.
  Search(Reachability& owner, PathKind path, int steps, Random* random)
      : owner_(owner), path_(path), steps_(steps), random_(random) {
    const size_t count = owner.devices(path).size();
    in_ = out_ = count >= 32 ? UINT32_MAX : (1U << count) - 1;
  }

  Found run(const Aim& aim, std::span<const Gate> gates) {
    const bool forwarded = path_ == PathKind::kForward && aim.hook != Hook::kPrerouting;
    // What the stack lets through to the hook.
    if (forwarded) tests_.push_back({Dimension::kTtl, WordTest::Op::kRange, 2, 255});
    if (owner_.family_ == Family::kIpv4 && aim.hook == Hook::kInput)
      tests_.push_back({Dimension::kMeta, WordTest::Op::kMaskedEqual, 0, kShapeLaterFragment << kMetaShapeShift});
    const bool found = reach_rule(aim.table, aim.hook, aim.rule, 0, [&] { return pass_gates(gates); });
    return found ? Found::kYes : steps_ <= 0 ? Found::kOutOfSteps : Found::kNo;
  }

  // The aim's own step comes first, its callers follow; then an accepting rule of a gate with its callers, and so on.
  std::vector<Step> take_steps() { return std::move(way_); }

 private:
  using Continue = std::function<bool()>;

  // Indices 0 … count - 1, in the order in which they are to be tried.
  std::vector<size_t> order(size_t count) {
    std::vector<size_t> indices(count);
    for (size_t i = 0; i < count; ++i) indices[i] = i;
    if (random_ != nullptr) std::ranges::shuffle(indices, *random_);
    return indices;
  }

  bool pass_gates(std::span<const Gate> gates) {
    if (gates.empty()) return true;
    const Gate& gate = gates.front();
    for (const size_t i : order(gate.accepting.size())) {
      if (reach_rule(gate.table, gate.hook, gate.accepting[i], 0, [&] { return pass_gates(gates.subspan(1)); })) return true;
      if (steps_ <= 0) return false;
    }
    return false;
  }

  bool reach_rule(uint16_t table, Hook hook, uint32_t rule, size_t depth, const Continue& then) {
    if (depth > kMaxDepth || --steps_ <= 0) return false;
    const HeaderMatch& header = owner_.tables_[table].rules[rule].header;
    const size_t tests_before = tests_.size(), way_before = way_.size();
    const uint32_t in_before = in_, out_before = out_;
    way_.push_back({table, hook, rule, {}});
    const auto undo = [&] {
      tests_.resize(tests_before);
      way_.resize(way_before);
      in_ = in_before;
      out_ = out_before;
      return false;
    };
    if (!take_devices(header, hook) || !add(header_box(header, owner_.family_), hook)) return undo();
    const bool found = match_from(table, hook, rule, 0, [&] {
      const Reach& reach = owner_.reach(table, hook);
      const Reach::Place& place = reach.chain_starts.at(reach.start_of[rule]);
      for (const size_t i : order(place.jumps.size() + (place.by_hook ? 1 : 0))) {
        if (i == place.jumps.size()) {
          if (then()) return true;
        } else if (owner_.usable(path_, table, hook, place.jumps[i]) &&
                   reach_rule(table, hook, place.jumps[i], depth + 1, then)) {
          return true;
        }
        if (steps_ <= 0) return false;
      }
      return false;
    });
    return found || undo();
  }

  // Chooses a box for each match from number `at` on.
  bool match_from(uint16_t table, Hook hook, uint32_t rule, size_t at, const Continue& then) {
    const std::vector<Lowered>& matches = owner_.lowered(table, rule);
    if (at == matches.size()) return then();
    const size_t tests_before = tests_.size(), step = way_.size() - 1;
    for (const size_t i : order(matches[at].boxes.size())) {
      if (--steps_ <= 0) return false;
      const Box& box = matches[at].boxes[i];
      way_[step].boxes.push_back(moved(box, hook));
      const auto holds = [&](const WordTest& test) { return mark_test_holds(test, owner_.written_); };
      if (std::ranges::all_of(box, holds) && add(box, hook) && match_from(table, hook, rule, at + 1, then)) return true;
      tests_.resize(tests_before);
      way_[step].boxes.pop_back();
    }
    return false;
  }

  // Tests of the TTL behind the place where forwarding takes one off, as tests of the TTL on arrival.
  Box moved(Box box, Hook hook) const {
    if (path_ != PathKind::kForward || hook == Hook::kPrerouting) return box;
    for (WordTest& test : box) {
      if (test.dimension != Dimension::kTtl) continue;
      if (test.op == WordTest::Op::kRange) {
        test.a += test.a != UINT32_MAX ? 1 : 0;
        test.b += test.b != UINT32_MAX ? 1 : 0;
      } else if (test.b == UINT32_MAX || test.b == 0xff) {
        ++test.a;
      }
    }
    return box;
  }

  bool add(const Box& box, Hook hook) {
    for (const WordTest& test : moved(box, hook)) {
      if (may_change(test, owner_.written_)) continue;
      if (std::ranges::any_of(tests_, [&](const WordTest& other) { return contradict(test, other); })) return false;
      tests_.push_back(test);
    }
    return true;
  }

  bool take_devices(const HeaderMatch& h, Hook hook) {
    const std::vector<std::string>& devices = owner_.devices(path_);
    const auto keep = [&](uint32_t& mask, const InterfaceName& name, const InterfaceName& pattern, bool inverted) {
      if (pattern.absent()) return true;
      for (size_t i = 0; i < devices.size() && i < 32; ++i)
        if (interface_fits(devices[i], name, pattern) == inverted) mask &= ~(1U << i);
      return mask != 0;
    };
    if (sees_in(path_) && !keep(in_, h.in, h.in_mask, h.invert_in)) return false;
    return !sees_out(hook) || keep(out_, h.out, h.out_mask, h.invert_out);
  }

  Reachability& owner_;
  PathKind path_;
  int steps_;
  Random* random_;
  Box tests_;
  uint32_t in_ = 0, out_ = 0;  // devices that are still possible, a bit each
  std::vector<Step> way_;
};

Reachability::Reachability(std::span<const Table> tables, Family family, std::vector<std::string> devices)
    : tables_(tables), family_(family), devices_(std::move(devices)), devices_and_lo_(devices_) {
  devices_and_lo_.emplace_back("lo");
  for (uint16_t i = 0; i < tables.size(); ++i)
    if (tables[i].family == family) {
      members_.push_back(i);
      const compiler::WrittenWords written = compiler::words_written(tables[i]);
      for (size_t word = 0; word < written.size(); ++word) written_[word] |= written[word];
    }
  const auto priority = [&](uint16_t t) {
    return std::ranges::find(kTableKinds, tables[t].name, &TableKind::name)->priority;
  };
  std::ranges::stable_sort(members_, {}, priority);
}

std::vector<std::pair<Hook, uint16_t>> Reachability::walk_of(PathKind path) const {
  std::vector<std::pair<Hook, uint16_t>> walk;
  for (const Hook hook : hooks_of(path))
    for (const uint16_t t : members_)  // nat counts nothing without connection tracking
      if (tables_[t].has_hook(hook) && tables_[t].name != "nat") walk.emplace_back(hook, t);
  return walk;
}

const std::vector<Aim>& Reachability::aims(PathKind path) {
  const auto [entry, fresh] = plans_.try_emplace(path);
  PathPlan& plan = entry->second;
  if (!fresh) return plan.aims;
  for (const auto& [hook, t] : walk_of(path)) {
    plan.gates_before[{hook, t}] = plan.gates.size();
    const Table& table = tables_[t];
    Gate gate{t, hook, {}};
    bool open = false;
    for (uint32_t i = 0; i < table.rules.size(); ++i) {
      const Rule& rule = table.rules[i];
      if (reach(t, hook).start_of[i] == kNone || !usable(path, t, hook, i)) continue;
      const Aim aim{t, hook, i};
      if (Search(*this, path, kProofSteps, nullptr).run(aim, plan.gates) == Search::Found::kNo) continue;
      plan.aims.push_back(aim);
      if (rule.target.kind != TargetKind::kVerdict || rule.target.verdict != StandardVerdict::kAccept) continue;
      gate.accepting.push_back(i);
      open = open || unconditional(rule);
    }
    if (gate.accepting.empty()) break;  // nothing comes out
    if (!open) plan.gates.push_back(std::move(gate));
  }
  return plan.aims;
}

std::vector<Step> Reachability::draw_way(PathKind path, const Aim& aim, Random& random) {
  aims(path);
  const PathPlan& plan = plans_.at(path);
  const std::span<const Gate> gates = std::span(plan.gates).first(plan.gates_before.at({aim.hook, aim.table}));
  Search search(*this, path, kDrawSteps, &random);
  if (search.run(aim, gates) != Search::Found::kYes) return {};
  std::vector<Step> way = search.take_steps();
  std::ranges::reverse(way);
  return way;
}

Reachability::Reach Reachability::reach_of(const Table& table, Hook hook) {
  Reach reach;
  reach.start_of.assign(table.rules.size(), kNone);
  std::vector<uint32_t> open;
  const auto start = [&](uint32_t rule) -> Reach::Place& {
    auto [place, fresh] = reach.chain_starts.try_emplace(rule);
    if (fresh) open.push_back(rule);
    return place->second;
  };
  start(index_of(table.hook_entry[static_cast<size_t>(hook)])).by_hook = true;
  while (!open.empty()) {
    const uint32_t first = open.back();
    open.pop_back();
    for (uint32_t i = first; i < table.rules.size(); ++i) {
      if (reach.start_of[i] == kNone) reach.start_of[i] = first;
      const Rule& rule = table.rules[i];
      if (rule.target.kind == TargetKind::kJump) start(index_of(rule.target.jump_to)).jumps.push_back(i);
      if (ends_stretch(rule)) break;
    }
  }
  // A RETURN with nothing to return to goes to the policy entry: one in the hook's own stretch, or behind gotos from there.
  const uint32_t policy = index_of(table.underflow[static_cast<size_t>(hook)]);
  std::vector<uint32_t> stackless = {index_of(table.hook_entry[static_cast<size_t>(hook)])};
  for (size_t n = 0; n < stackless.size(); ++n)
    for (uint32_t i = stackless[n]; i < table.rules.size(); ++i) {
      const Rule& rule = table.rules[i];
      if (rule.target.kind == TargetKind::kVerdict && rule.target.verdict == StandardVerdict::kReturn) {
        start(policy).by_hook = true;
        reach.start_of[policy] = policy;
      }
      const uint32_t to = index_of(rule.target.jump_to);
      if (rule.target.kind == TargetKind::kJump && rule.header.goto_flag &&
          std::ranges::find(stackless, to) == stackless.end())
        stackless.push_back(to);
      if (ends_stretch(rule)) break;
    }
  return reach;
}

const Reachability::Reach& Reachability::reach(uint16_t table, Hook hook) {
  const auto found = reaches_.find({table, hook});
  if (found != reaches_.end()) return found->second;
  return reaches_.emplace(std::pair{table, hook}, reach_of(tables_[table], hook)).first->second;
}

const std::vector<Lowered>& Reachability::lowered(uint16_t table, uint32_t rule) {
  const auto [entry, fresh] = lowered_.try_emplace({table, rule});
  if (fresh)
    for (const Match& match : tables_[table].rules[rule].matches)
      entry->second.push_back(match.type->lower(match.info.get(), family_));
  return entry->second;
}

bool Reachability::usable(PathKind path, uint16_t table, Hook hook, uint32_t rule) {
  const auto [known, fresh] = usable_.try_emplace({path, table, hook, rule});
  if (fresh)
    known->second = satisfiable(path, table, hook, rule) && !shadowed(table, reach(table, hook).start_of[rule], rule);
  return known->second;
}

// Whether a packet of the path can fulfil the rule's own conditions at all, as far as that can be told from the rule alone.
bool Reachability::satisfiable(PathKind path, uint16_t table, Hook hook, uint32_t rule) {
  const HeaderMatch& h = tables_[table].rules[rule].header;
  const auto device_exists = [&](const InterfaceName& name, const InterfaceName& mask, bool inverted, bool present) {
    if (mask.absent()) return true;
    if (!present) return interface_fits("", name, mask) != inverted;
    return std::ranges::any_of(devices(path),
                               [&](const std::string& device) { return interface_fits(device, name, mask) != inverted; });
  };
  if (!device_exists(h.in, h.in_mask, h.invert_in, sees_in(path)) ||
      !device_exists(h.out, h.out_mask, h.invert_out, sees_out(hook)))
    return false;
  for (size_t i = 0; i < 16; ++i) {
    if (!h.invert_source && (h.source[i] & ~h.source_mask[i]) != 0) return false;
    if (!h.invert_destination && (h.destination[i] & ~h.destination_mask[i]) != 0) return false;
  }
  if (h.invert_source && h.source_mask == Address{}) return false;
  if (h.invert_destination && h.destination_mask == Address{}) return false;
  // The stack itself lets no multicast source through these hooks; where routing would decide what becomes of a multicast
  // destination, no probe has one.
  const auto multicast = [&](const Address& address, const Address& mask) {
    return family_ == Family::kIpv4 ? (mask[0] & 0xf0) == 0xf0 && address[0] >= 0xe0 && address[0] < 0xf0
                                    : mask[0] == 0xff && address[0] == 0xff;
  };
  if (!h.invert_source && hook != Hook::kOutput && hook != Hook::kPrerouting && path != PathKind::kOutput &&
      multicast(h.source, h.source_mask))
    return false;
  if (!h.invert_destination && path != PathKind::kInput && multicast(h.destination, h.destination_mask)) return false;
  const auto holds = [&](const WordTest& test) { return mark_test_holds(test, written_); };
  return std::ranges::all_of(lowered(table, rule), [&](const Lowered& match) {
    return std::ranges::any_of(match.boxes, [&](const Box& box) { return std::ranges::all_of(box, holds); });
  });
}

bool Reachability::same_or_weaker(uint16_t table, uint32_t weak_rule, uint32_t strong_rule) {
  const Rule &weak = tables_[table].rules[weak_rule], &strong = tables_[table].rules[strong_rule];
  const HeaderMatch &a = weak.header, &b = strong.header;
  const auto interface_covers = [](const InterfaceName& an, const InterfaceName& am, bool ai, const InterfaceName& bn,
                                   const InterfaceName& bm,
                                   bool bi) { return am.absent() || (an == bn && am == bm && ai == bi); };
  const auto address_covers = [](const Address& av, const Address& am, bool ai, const Address& bv, const Address& bm,
                                 bool bi) {
    if (am == Address{} && !ai) return true;
    if (ai || bi) return av == bv && am == bm && ai == bi;
    for (size_t i = 0; i < 16; ++i)
      if ((am[i] & ~bm[i]) != 0 || ((av[i] ^ bv[i]) & am[i]) != 0) return false;
    return true;
  };
  if (!address_covers(a.source, a.source_mask, a.invert_source, b.source, b.source_mask, b.invert_source)) return false;
  if (!address_covers(a.destination, a.destination_mask, a.invert_destination, b.destination, b.destination_mask,
                      b.invert_destination))
    return false;
  if (!interface_covers(a.in, a.in_mask, a.invert_in, b.in, b.in_mask, b.invert_in)) return false;
  if (!interface_covers(a.out, a.out_mask, a.invert_out, b.out, b.out_mask, b.invert_out)) return false;
  if (a.protocol != 0 && (a.protocol != b.protocol || a.invert_protocol != b.invert_protocol)) return false;
  if ((a.fragment || a.invert_fragment) && (a.fragment != b.fragment || a.invert_fragment != b.invert_fragment))
    return false;
  for (size_t i = 0; i < weak.matches.size(); ++i) {
    const Match& match = weak.matches[i];
    if (always_true(lowered(table, weak_rule)[i], written_)) continue;
    if (std::ranges::none_of(strong.matches,
                             [&](const Match& other) { return match.type == other.type && match.raw == other.raw; }))
      return false;
  }
  return true;
}

// Whether a walk that comes to the stretch of rules from `first` on can come back to its caller.
bool Reachability::can_return(uint16_t table, uint32_t first) {
  // True while it is being found out: a table has no loops, so that is never asked for.
  const auto [known, fresh] = can_return_.try_emplace({table, first}, true);
  if (!fresh) return known->second;
  const Table& t = tables_[table];
  bool returns = false;
  for (uint32_t i = first; i < t.rules.size() && !returns; ++i) {
    const Rule& rule = t.rules[i];
    const bool jump = rule.target.kind == TargetKind::kJump;
    returns = (rule.target.kind == TargetKind::kVerdict && rule.target.verdict == StandardVerdict::kReturn) ||
              (jump && rule.header.goto_flag && can_return(table, index_of(rule.target.jump_to)));
    if (ends_stretch(rule) || (jump && unconditional(rule) && !can_return(table, index_of(rule.target.jump_to)))) break;
  }
  return can_return_[{table, first}] = returns;
}

bool Reachability::leaves_stretch(uint16_t table, uint32_t rule) {
  const Rule& r = tables_[table].rules[rule];
  return terminal(r) || (r.target.kind == TargetKind::kJump && !can_return(table, index_of(r.target.jump_to)));
}

// Whether an earlier rule of the stretch takes away every packet that the rule could match.
bool Reachability::shadowed(uint16_t table, uint32_t first, uint32_t rule) {
  for (uint32_t earlier = first; earlier < rule && rule - earlier < kFarthest; ++earlier)
    if (leaves_stretch(table, earlier) && same_or_weaker(table, earlier, rule)) return true;
  return false;
}

}  // namespace hookline
