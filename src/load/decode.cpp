// load/decode.cpp: bytes -> Table. The order is the kernel's (translate_table()): entry boundaries first, since nothing else
// can be read without them; then each entry by itself; then hook entries and underflows; then the walk over all jumps; then
// the extensions. A step runs wherever the earlier ones left enough to read, so that one run lists every problem.
//
// Some tables load although no iptables makes them: jumps into the middle of a chain, chains that run into the next one,
// rules that no chain owns. Names and several engines rest on chains, so these are refused as well (check_shape()).
#include "load/decode.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "load/abi.h"
#include "load/ipsets.h"
#include "world/host_view.h"
#include "xt/registry.h"

namespace hookline {
namespace {

constexpr uint32_t kNoChain = 0xffffffff;
constexpr size_t kMaxEntries = 512U << 20;  // kernel: XT_MAX_TABLE_SIZE

std::string number(uint64_t value) { return std::to_string(value); }

std::string hook_list(uint32_t hooks) {
  std::string text;
  const auto add = [&text](std::string_view word) {
    if (!text.empty()) text += ' ';
    text += word;
  };
  for (unsigned h = 0; h < kHookCount; ++h)
    if ((hooks >> h & 1) != 0) add(kHookNames[h]);
  if (const uint32_t others = hooks >> kHookCount; others != 0) add("and unknown ones");
  return text.empty() ? "none" : text;
}

// Decodes one table; collects problems in the order in which they are met.
class Decoder {
 public:
  Decoder(const RawTable& raw, const Timekeeping& timekeeping, const HostView* host)
      : raw_(raw), timekeeping_(timekeeping), host_(host), layout_(abi::entry_layout(raw.family)), entries_(raw.entries) {}

  Result<Table> run() {
    table_.family = raw_.family;
    table_.name = raw_.name;
    table_.valid_hooks = raw_.valid_hooks;
    check_table_kind();
    find_boundaries();
    for (Rule& rule : table_.rules) read_header(rule);
    for (Rule& rule : table_.rules) read_target_kind(rule);
    if (!table_.rules.empty()) name_rules();
    check_hook_offsets();
    check_chain_names();
    sound_.assign(table_.rules.size(), false);
    for (uint32_t i = 0; i < table_.rules.size(); ++i) sound_[i] = check_entry(i);
    resolve_jumps();
    reaching_.assign(table_.rules.size(), 0);
    if (problems_.empty()) {  // the walk means something only in a table that is whole
      resolve_hooks();
      check_shape();
      walk_jumps();
    }
    for (uint32_t i = 0; i < table_.rules.size(); ++i)
      if (sound_[i]) load_extensions(i);
    if (problems_.empty()) return std::move(table_);
    std::ranges::stable_sort(problems_, {}, &Located::offset);
    Problems problems;
    for (Located& located : problems_) problems.push_back(std::move(located.problem));
    return fail(std::move(problems));
  }

 private:
  struct Located {
    int64_t offset;  // of the entry; -1: of the table
    Problem problem;
  };

  void problem(std::string place, std::string found, std::string expected, int64_t offset = -1) {
    problems_.push_back({offset, Problem{ProblemKind::kInput, std::move(place), std::move(found), std::move(expected)}});
  }
  void problem(const Rule& rule, std::string found, std::string expected) {
    problem(place_of(rule), std::move(found), std::move(expected), rule.offset);
  }
  [[nodiscard]] std::string place_of(const Rule& rule) const { return table_.rule_place(id_of(rule)); }
  [[nodiscard]] RuleId id_of(const Rule& rule) const { return RuleId{static_cast<uint32_t>(&rule - table_.rules.data())}; }
  template <typename T>
  [[nodiscard]] T field(const Rule& rule, uint32_t offset) const {  // inside the entry, whose bounds are known
    return *read_at<T>(entries_, rule.offset + offset);
  }
  [[nodiscard]] uint32_t target_offset(const Rule& rule) const { return field<uint16_t>(rule, layout_.target_offset); }
  // Whether the target header lies where the entry says; nothing of the target may be read otherwise.
  [[nodiscard]] bool target_fits(const Rule& rule) const {
    const uint32_t at = target_offset(rule);
    return at >= layout_.size && at + abi::kTargetHeader <= rule.next_offset;
  }

  void check_table_kind() {
    const auto kind = std::ranges::find(kTableKinds, raw_.name, &TableKind::name);
    if (kind == kTableKinds.end()) {
      problem("table " + raw_.name, "an unknown table", "raw, mangle, nat, filter or security");
    } else if (kind->valid_hooks != raw_.valid_hooks) {
      problem("table " + raw_.name, "valid hooks " + hook_list(raw_.valid_hooks), hook_list(kind->valid_hooks));
    }
  }

  void find_boundaries() {
    const size_t size = entries_.size();
    if (size == 0) problem("table " + raw_.name, "no entries", "at least one");
    if (size >= kMaxEntries) problem("table " + raw_.name, number(size) + " bytes of entries", "less than 512 MiB");
    for (size_t offset = 0; offset < size;) {
      const auto stop = [&](std::string found, std::string expected) {
        problem(raw_.name + "/entry " + number(table_.rules.size() + 1) + " (offset " + number(offset) + ")",
                std::move(found), std::move(expected), static_cast<int64_t>(offset));
      };
      if (offset % 8 != 0) return stop("an entry at this offset", "a multiple of 8");
      if (size - offset <= layout_.size)
        return stop(number(size - offset) + " bytes left", "an entry of more than " + number(layout_.size));
      const uint32_t next = *read_at<uint16_t>(entries_, offset + layout_.next_offset);
      if (next < layout_.size + abi::kTargetHeader)
        return stop("next_offset " + number(next), "at least " + number(layout_.size + abi::kTargetHeader));
      if (next > size - offset)
        return stop("next_offset " + number(next), "at most the " + number(size - offset) + " bytes left");
      Rule rule;
      rule.offset = static_cast<uint32_t>(offset);
      rule.next_offset = next;
      by_offset_.emplace(rule.offset, static_cast<uint32_t>(table_.rules.size()));
      table_.rules.push_back(std::move(rule));
      offset += next;
    }
    if (table_.rules.size() != raw_.entry_count)
      problem("table " + raw_.name, number(table_.rules.size()) + " entries",
              number(raw_.entry_count) + " as the table claims");
  }

  void read_header(Rule& rule) {
    HeaderMatch& h = rule.header;
    const auto interfaces = [&](const char* in, const char* out, const unsigned char* in_mask,
                                const unsigned char* out_mask) {
      std::memcpy(h.in.bytes.data(), in, 16);
      std::memcpy(h.out.bytes.data(), out, 16);
      std::memcpy(h.in_mask.bytes.data(), in_mask, 16);
      std::memcpy(h.out_mask.bytes.data(), out_mask, 16);
    };
    if (raw_.family == Family::kIpv4) {
      const auto ip = field<ipt_ip>(rule, 0);
      std::memcpy(h.source.data(), &ip.src, 4);
      std::memcpy(h.source_mask.data(), &ip.smsk, 4);
      std::memcpy(h.destination.data(), &ip.dst, 4);
      std::memcpy(h.destination_mask.data(), &ip.dmsk, 4);
      interfaces(ip.iniface, ip.outiface, ip.iniface_mask, ip.outiface_mask);
      h.protocol = ip.proto;
      h.protocol_flag = true;
      h.raw_flags = ip.flags;
      h.raw_invert_flags = ip.invflags;
      h.fragment = (ip.flags & IPT_F_FRAG) != 0;
      h.goto_flag = (ip.flags & IPT_F_GOTO) != 0;
    } else {
      const auto ip = field<ip6t_ip6>(rule, 0);
      std::memcpy(h.source.data(), &ip.src, 16);
      std::memcpy(h.source_mask.data(), &ip.smsk, 16);
      std::memcpy(h.destination.data(), &ip.dst, 16);
      std::memcpy(h.destination_mask.data(), &ip.dmsk, 16);
      interfaces(ip.iniface, ip.outiface, ip.iniface_mask, ip.outiface_mask);
      h.protocol = ip.proto;
      h.protocol_flag = (ip.flags & IP6T_F_PROTO) != 0;
      h.tos = ip.tos;
      h.raw_flags = ip.flags;
      h.raw_invert_flags = ip.invflags;
      h.goto_flag = (ip.flags & IP6T_F_GOTO) != 0;
    }
    // IPT_INV_* and IP6T_INV_* are the same bits.
    h.invert_in = (h.raw_invert_flags & IPT_INV_VIA_IN) != 0;
    h.invert_out = (h.raw_invert_flags & IPT_INV_VIA_OUT) != 0;
    h.invert_source = (h.raw_invert_flags & IPT_INV_SRCIP) != 0;
    h.invert_destination = (h.raw_invert_flags & IPT_INV_DSTIP) != 0;
    h.invert_fragment = raw_.family == Family::kIpv4 && (h.raw_invert_flags & IPT_INV_FRAG) != 0;
    h.invert_protocol = (h.raw_invert_flags & IPT_INV_PROTO) != 0;
    rule.nfcache = field<uint32_t>(rule, layout_.nfcache);
    const auto counters = field<xt_counters>(rule, layout_.counters);
    rule.counters = {counters.pcnt, counters.bcnt};
  }

  // Name, kind and, for ERROR targets, the chain name: what naming the rules needs. Sizes are judged later, in
  // check_entry().
  void read_target_kind(Rule& rule) {
    rule.target.kind = TargetKind::kExtension;
    if (!target_fits(rule)) return;
    const uint32_t at = target_offset(rule);
    const auto header = field<abi::ExtensionHeader>(rule, at);
    rule.target.name = std::string(header.name, strnlen(header.name, sizeof header.name));
    rule.target.revision = header.revision;
    if (rule.target.name.empty() && at + abi::kStandardTargetSize <= rule.next_offset) {
      rule.target.kind = TargetKind::kVerdict;  // or a jump: resolve_jumps() tells
      verdicts_.emplace(rule.offset, field<int32_t>(rule, at + abi::kTargetHeader));
    } else if (rule.target.name == XT_ERROR_TARGET && at + abi::kErrorTargetSize <= rule.next_offset) {
      rule.target.kind = TargetKind::kError;
      const char* name = reinterpret_cast<const char*>(entries_.data()) + rule.offset + at + abi::kTargetHeader;
      rule.target.name = std::string(name, strnlen(name, XT_FUNCTION_MAXNAMELEN));
    }
  }

  [[nodiscard]] int32_t verdict_of(const Rule& rule) const { return verdicts_.at(rule.offset); }
  [[nodiscard]] bool has_hook(unsigned hook) const { return (raw_.valid_hooks >> hook & 1) != 0; }

  // Kernel: unconditional() — no matches and an all-zero header, flags included.
  [[nodiscard]] bool unconditional(const Rule& rule) const {
    if (target_offset(rule) != layout_.size) return false;
    const uint8_t* header = entries_.data() + rule.offset;
    return std::all_of(header, header + layout_.header_size, [](uint8_t byte) { return byte == 0; });
  }
  // An unconditional verdict: no packet goes from here to the next entry.
  [[nodiscard]] bool ends_walk(const Rule& rule) const {
    const auto verdict = verdicts_.find(rule.offset);
    return verdict != verdicts_.end() && verdict->second < 0 && unconditional(rule);
  }

  // Chains by position: a hook entry begins a built-in chain, an ERROR entry a user chain, and each ends where the next
  // begins. Gives every rule its role, chain and number; tolerant, since problems need names too.
  void name_rules() {
    std::vector<int> hook_of_rule(table_.rules.size(), -1);
    for (unsigned h = 0; h < kHookCount; ++h) {
      if (!has_hook(h)) continue;
      chain_of_hook_[h] = static_cast<uint32_t>(table_.chains.size());
      table_.chains.push_back({.name = std::string(kHookNames[h]), .hook = static_cast<Hook>(h)});
      if (const auto entry = by_offset_.find(raw_.hook_entry[h]); entry != by_offset_.end())
        hook_of_rule[entry->second] = static_cast<int>(h);
    }
    uint32_t current = kNoChain, count = 0;
    int hook = -1;
    bool has_policy = false;
    const auto last = static_cast<uint32_t>(table_.rules.size() - 1);
    for (uint32_t i = 0; i <= last; ++i) {
      Rule& rule = table_.rules[i];
      if (hook_of_rule[i] >= 0) {
        hook = hook_of_rule[i];
        current = chain_of_hook_[static_cast<size_t>(hook)];
        count = 0;
        has_policy = false;
        table_.chains[current].first = RuleId{i};
      } else if (rule.target.kind == TargetKind::kError) {
        hook = -1;
        if (i == last) {
          rule.role = RuleRole::kBlobEnd;
          rule.chain = current == kNoChain ? 0 : current;
          continue;
        }
        current = static_cast<uint32_t>(table_.chains.size());
        count = 0;
        has_policy = false;
        table_.chains.push_back({.name = rule.target.name, .hook = {}, .first = RuleId{i + 1}, .last = RuleId{i}});
        rule.role = RuleRole::kChainHead;
        rule.chain = current;
        continue;
      }
      rule.chain = current;
      if (hook >= 0 && rule.offset == raw_.underflow[static_cast<size_t>(hook)]) {
        rule.role = RuleRole::kPolicy;
        has_policy = true;
        table_.chains[current].last = RuleId{i};
        continue;
      }
      rule.number = ++count;
      if (current != kNoChain && !has_policy) table_.chains[current].last = RuleId{i};
    }
    // The last entry of a user chain, when it is the kernel's own RETURN, has no number.
    for (Chain& chain : table_.chains) {
      if (chain.hook) continue;
      Rule& rule = table_.rules[index_of(chain.last)];
      if (rule.role == RuleRole::kRule && ends_walk(rule) &&
          verdict_of(rule) == static_cast<int32_t>(StandardVerdict::kReturn)) {
        rule.role = RuleRole::kImplicitReturn;
        rule.number = 0;
      }
    }
  }

  void check_hook_offsets() {
    uint32_t previous_entry = 0, previous_underflow = 0;
    bool first = true;
    for (unsigned h = 0; h < kHookCount; ++h) {
      if (!has_hook(h)) continue;
      const std::string place = raw_.name + "/" + std::string(kHookNames[h]);
      const uint32_t entry = raw_.hook_entry[h], underflow = raw_.underflow[h];
      const auto policy = by_offset_.find(underflow);
      if (!by_offset_.contains(entry)) problem(place, "hook entry " + number(entry), "the offset of an entry");
      if (policy == by_offset_.end()) problem(place, "underflow " + number(underflow), "the offset of an entry");
      if (!first && entry <= previous_entry)
        problem(place, "hook entry " + number(entry), "more than the previous hook's " + number(previous_entry));
      if (!first && underflow <= previous_underflow)
        problem(place, "underflow " + number(underflow), "more than the previous hook's " + number(previous_underflow));
      if (policy != by_offset_.end()) {
        const Rule& rule = table_.rules[policy->second];
        const int32_t verdict = ends_walk(rule) ? verdict_of(rule) : 0;
        if (verdict != static_cast<int32_t>(StandardVerdict::kAccept) &&
            verdict != static_cast<int32_t>(StandardVerdict::kDrop))
          problem(place, "the entry at the underflow " + number(underflow) + " is no policy",
                  "an unconditional ACCEPT or DROP");
      }
      previous_entry = entry;
      previous_underflow = underflow;
      first = false;
    }
  }

  void check_chain_names() {
    std::unordered_set<std::string_view> names;
    for (const Chain& chain : table_.chains) {
      const int64_t offset = chain.hook ? -1 : static_cast<int64_t>(table_.rules[index_of(chain.first) - 1].offset);
      if (!chain.hook && chain.name.empty()) problem(raw_.name, "a user chain without a name", "a name", offset);
      if (!names.insert(chain.name).second)
        problem(raw_.name + "/" + chain.name, "a second chain of this name", "one, since names name rules", offset);
    }
  }

  // Whether the entry can be read whole.
  bool check_entry(uint32_t index) {
    Rule& rule = table_.rules[index];
    const bool v4 = raw_.family == Family::kIpv4;
    const unsigned flag_mask = v4 ? IPT_F_MASK : IP6T_F_MASK;
    if ((rule.header.raw_flags & ~flag_mask) != 0)
      problem(rule, "unknown header flags " + number(rule.header.raw_flags), "bits of " + number(flag_mask));
    if ((rule.header.raw_invert_flags & ~IPT_INV_MASK) != 0)
      problem(rule, "unknown inversion flags " + number(rule.header.raw_invert_flags), "bits of " + number(IPT_INV_MASK));
    const uint32_t at = target_offset(rule);
    if (!target_fits(rule)) {
      problem(rule, "target_offset " + number(at),
              "between " + number(layout_.size) + " and " + number(rule.next_offset - abi::kTargetHeader));
      return false;
    }
    const bool target = check_target(rule, at);
    return split_matches(rule, at) && target;
  }

  bool check_target(Rule& rule, uint32_t at) {
    const auto wrong = [&](std::string found, std::string expected) {
      problem(rule, std::move(found), std::move(expected));
      return false;
    };
    const auto header = field<abi::ExtensionHeader>(rule, at);
    const uint32_t size = header.size;
    if (size < abi::kTargetHeader || size > rule.next_offset - at)
      return wrong("a target of " + number(size) + " bytes",
                   "between " + number(abi::kTargetHeader) + " and " + number(rule.next_offset - at));
    if (strnlen(header.name, sizeof header.name) == sizeof header.name)
      return wrong("a target name without an end", "at most " + number(XT_EXTENSION_MAXNAMELEN - 1) + " bytes and NUL");
    const bool standard = header.name[0] == '\0';
    const bool error = std::strcmp(header.name, XT_ERROR_TARGET) == 0;
    if ((standard || error) && header.revision != 0)
      return wrong(std::string(standard ? "the standard" : "the ERROR") + " target in revision " + number(header.revision),
                   "revision 0");
    if (standard) {
      if (abi::aligned(at + abi::kStandardTargetSize) != rule.next_offset || size != abi::kStandardTargetSize)
        return wrong("a standard target of " + number(size) + " bytes in " + number(rule.next_offset - at),
                     number(abi::kStandardTargetSize));
      const int32_t verdict = verdict_of(rule);
      if (verdict <= 0 && verdict != -1 && verdict != -2 && verdict != -4 && verdict != -5)
        return wrong("verdict " + std::to_string(verdict),
                     "an offset above 0, -1 (DROP), -2 (ACCEPT), -4 (QUEUE) or -5 (RETURN)");
      return true;
    }
    if (error) {
      if (size != abi::kErrorTargetSize)
        return wrong("an ERROR target of " + number(size) + " bytes", number(abi::kErrorTargetSize));
      if (rule.target.name.size() >= XT_FUNCTION_MAXNAMELEN)
        return wrong("a chain name without an end", "at most " + number(XT_FUNCTION_MAXNAMELEN - 1) + " bytes and NUL");
      return true;
    }
    const uint8_t* data = entries_.data() + rule.offset + at;
    rule.target.raw.assign(data + abi::kTargetHeader, data + size);
    return true;
  }

  bool split_matches(Rule& rule, uint32_t end) {
    for (uint32_t at = layout_.size; at < end;) {
      const std::string which = "match " + number(rule.matches.size() + 1);
      const auto wrong = [&](std::string found, std::string expected) {
        problem(rule, which + ": " + std::move(found), std::move(expected));
        return false;
      };
      if (at % 8 != 0) return wrong("begins " + number(at) + " bytes into the entry", "a multiple of 8");
      if (end - at < sizeof(xt_entry_match))
        return wrong(number(end - at) + " bytes before the target", "at least " + number(sizeof(xt_entry_match)));
      const auto header = field<abi::ExtensionHeader>(rule, at);
      const uint32_t size = header.size;
      if (size < sizeof(xt_entry_match) || size > end - at)
        return wrong(number(size) + " bytes",
                     "between " + number(sizeof(xt_entry_match)) + " and the " + number(end - at) + " before the target");
      const size_t length = strnlen(header.name, sizeof header.name);
      if (length == sizeof header.name)
        return wrong("a name without an end", "at most " + number(XT_EXTENSION_MAXNAMELEN - 1) + " bytes and NUL");
      Match match;
      match.name = std::string(header.name, length);
      match.revision = header.revision;
      const uint8_t* data = entries_.data() + rule.offset + at;
      match.raw.assign(data + sizeof(xt_entry_match), data + size);
      rule.matches.push_back(std::move(match));
      at += size;
    }
    return true;
  }

  void resolve_hooks() {
    for (unsigned h = 0; h < kHookCount; ++h) {
      if (!has_hook(h)) continue;
      table_.hook_entry[h] = RuleId{by_offset_.at(raw_.hook_entry[h])};
      table_.underflow[h] = RuleId{by_offset_.at(raw_.underflow[h])};
    }
  }

  void resolve_jumps() {
    for (Rule& rule : table_.rules) {
      if (rule.target.kind != TargetKind::kVerdict || !sound_[index_of(id_of(rule))]) continue;
      const int32_t verdict = verdict_of(rule);
      if (verdict < 0) {
        rule.target.verdict = static_cast<StandardVerdict>(verdict);
        continue;
      }
      const auto to = static_cast<uint32_t>(verdict);
      const auto target = by_offset_.find(to);
      if (target == by_offset_.end()) {
        problem(rule, "a jump to offset " + number(to), "the offset of an entry");
        continue;
      }
      rule.target.kind = to == rule.offset + rule.next_offset ? TargetKind::kFallThrough : TargetKind::kJump;
      rule.target.jump_to = RuleId{target->second};
    }
  }

  // What the kernel loads and this program refuses: see the head of the file.
  void check_shape() {
    if (table_.rules.back().role != RuleRole::kBlobEnd)
      problem(table_.rules.back(), "the last entry is no ERROR entry", "one, as iptables ends every table");
    for (unsigned h = 0; h < kHookCount; ++h) {
      if (!has_hook(h)) continue;
      const Rule& entry = table_.rule(table_.hook_entry[h]);
      const Rule& policy = table_.rule(table_.underflow[h]);
      if (entry.target.kind == TargetKind::kError)
        problem(entry, "an ERROR entry at the hook entry of " + std::string(kHookNames[h]), "a rule");
      if (policy.role != RuleRole::kPolicy || policy.chain != chain_of_hook_[h]) {
        problem(policy, "the underflow of " + std::string(kHookNames[h]) + " outside its chain", "a policy that ends it");
      } else if (index_of(id_of(policy)) + 1 < table_.rules.size()) {
        const Rule& next = table_.rules[index_of(id_of(policy)) + 1];
        if (next.chain == policy.chain && next.role == RuleRole::kRule)
          problem(next, "a rule behind the policy of its chain", "the head of a chain, or the end of the table");
      }
    }
    for (const Rule& rule : table_.rules) {
      if (rule.chain == kNoChain) {
        problem(raw_.name + "/entry " + number(index_of(id_of(rule)) + 1) + " (offset " + number(rule.offset) + ")",
                "an entry in no chain", "a hook entry or a chain's head before it", rule.offset);
      } else if (rule.role == RuleRole::kChainHead) {
        const Chain& chain = table_.chains[rule.chain];
        if (chain.last == id_of(rule)) {
          problem(rule, "a chain without an entry", "a RETURN at least");
        } else if (!ends_walk(table_.rule(chain.last))) {
          problem(table_.rule(chain.last), "the chain ends here and its packets would run into what follows",
                  "an unconditional RETURN");
        }
      }
      if (rule.target.kind != TargetKind::kJump) continue;
      const Rule& target = table_.rule(rule.target.jump_to);
      const bool begins = target.chain != kNoChain && !table_.chains[target.chain].hook &&
                          table_.chains[target.chain].first == rule.target.jump_to;
      if (!begins)
        problem(rule, "a jump to offset " + number(target.offset) + ", which does not begin a user chain",
                "the first rule of one");
    }
  }

  // Kernel: mark_source_chains(). From each hook entry every edge is followed: a jump's, and the one to the next entry,
  // except behind an unconditional verdict. An edge back to an entry on the path that leads to it closes a loop. What no
  // hook reaches may loop. Fills reaching_.
  void walk_jumps() {
    struct Step {
      uint32_t rule;
      uint8_t edges_done;  // 0: nothing, 1: the jump, 2: the next entry too
    };
    const auto count = static_cast<uint32_t>(table_.rules.size());
    std::vector<Step> path;
    std::vector<bool> on_path(count, false), reported(count, false);
    for (unsigned h = 0; h < kHookCount; ++h) {
      if (!has_hook(h)) continue;
      const auto enter = [&](uint32_t rule) {
        reaching_[rule] |= 1U << h;
        on_path[rule] = true;
        path.push_back({rule, 0});
      };
      enter(index_of(table_.hook_entry[h]));
      while (!path.empty()) {
        Step& step = path.back();
        const uint32_t at = step.rule;
        const Rule& rule = table_.rules[at];
        if (ends_walk(rule)) step.edges_done = 2;
        if (step.edges_done == 2) {
          on_path[at] = false;
          path.pop_back();
          continue;
        }
        const bool by_jump = step.edges_done++ == 0;
        if (by_jump && rule.target.kind != TargetKind::kJump) continue;
        const uint32_t to = by_jump ? index_of(rule.target.jump_to) : at + 1;
        if (to == count || on_path[to]) {
          if (!reported[at] && to == count)
            problem(rule, "the walk falls off the end of the table", "an unconditional verdict");
          if (!reported[at] && to != count)
            problem(rule, "a loop: from here back to " + table_.rule_name(RuleId{to}), "chains that end");
          reported[at] = true;
        } else if ((reaching_[to] >> h & 1) == 0) {
          enter(to);
        }
      }
    }
    for (uint32_t i = 0; i < count; ++i) table_.rules[i].comefrom = reaching_[i];
  }

  // Kernel: xt_check_match(), xt_check_target().
  bool check_limits(const Rule& rule, const std::string& what, const LoadLimits& limits, uint32_t hooks) {
    const size_t before = problems_.size();
    if (!limits.table.empty() && limits.table != raw_.name && limits.other_table != raw_.name) {
      std::string tables(limits.table);
      if (!limits.other_table.empty()) tables.append(" or ").append(limits.other_table);
      problem(rule, what + " in table " + raw_.name, "table " + tables);
    }
    if (limits.hooks != 0 && (hooks & ~limits.hooks) != 0) {
      problem(rule, what + " reached from " + hook_list(hooks & ~limits.hooks), "only from " + hook_list(limits.hooks));
    }
    if (limits.protocol != 0 && (limits.protocol != rule.header.protocol || rule.header.invert_protocol)) {
      problem(rule, what + " without its protocol", "-p " + number(limits.protocol) + ", not inverted");
    } else if (limits.protocol != 0 && !rule.header.protocol_flag) {
      problem(rule, what + " in an IPv6 rule without flag PROTO", "the flag, as ip6tables sets it with -p");
    }
    return problems_.size() == before;
  }

  template <typename Type>
  bool load(Rule& rule, const std::string& what, const Type& type, const std::vector<uint8_t>& raw, DecodedInfo& info,
            uint32_t hooks) {
    if (raw.size() != abi::aligned(type.abi_size)) {
      problem(rule, what + ": " + number(raw.size()) + " bytes of data", number(abi::aligned(type.abi_size)));
      return false;
    }
    if (!check_limits(rule, what, type.limits, hooks)) return false;
    const DecodeContext context{raw_.family,
                                raw_.name,
                                rule.header.protocol,
                                rule.header.invert_protocol,
                                rule.header.protocol_flag,
                                hooks,
                                timekeeping_,
                                host_,
                                &rule};
    const size_t words = (std::max<size_t>(type.decoded_size, 1) + 7) / 8;
    auto storage = std::shared_ptr<uint64_t[]>(new uint64_t[words]());
    if (auto decoded = type.decode(raw, context, storage.get()); !decoded) {
      problem(rule, what + ": " + decoded.error().found, decoded.error().expected);
      return false;
    }
    info.data = std::shared_ptr<const std::byte[]>(storage, reinterpret_cast<const std::byte*>(storage.get()));
    info.size = type.decoded_size;
    return true;
  }

  void load_extensions(uint32_t index) {
    Rule& rule = table_.rules[index];
    for (Match& match : rule.matches) {
      const MatchType* type = xt::find_match(match.name, match.revision, raw_.family);
      if (type == nullptr) continue;
      const std::string what = "match " + match.name + " rev " + number(match.revision);
      if (load(rule, what, *type, match.raw, match.info, reaching_[index])) match.type = type;
    }
    if (rule.target.kind != TargetKind::kExtension) return;
    const TargetType* type = xt::find_target(rule.target.name, rule.target.revision, raw_.family);
    if (type == nullptr) return;
    const std::string what = "target " + rule.target.name + " rev " + number(rule.target.revision);
    if (load(rule, what, *type, rule.target.raw, rule.target.info, reaching_[index])) rule.target.type = type;
  }

  const RawTable& raw_;
  Timekeeping timekeeping_;
  const HostView* host_;
  const abi::EntryLayout& layout_;
  Bytes entries_;
  Table table_;
  std::vector<Located> problems_;
  std::unordered_map<uint32_t, uint32_t> by_offset_;  // entry offset -> index
  std::unordered_map<uint32_t, int32_t> verdicts_;    // entry offset -> verdict of a standard target
  std::array<uint32_t, kHookCount> chain_of_hook_{};
  std::vector<bool> sound_;         // by rule: can be read whole
  std::vector<uint32_t> reaching_;  // by rule: bit h: hook h reaches it
};

}  // namespace

Result<Table> decode_table(const RawTable& raw, const Timekeeping& timekeeping, const HostView* host) {
  return Decoder(raw, timekeeping, host).run();
}

namespace {

// Puts the family before the place where the name of a table could mean two.
template <typename Tables>
bool has_both_families(const Tables& tables) {
  const auto is_ipv4 = [](const auto& table) { return table.family == Family::kIpv4; };
  return std::ranges::any_of(tables, is_ipv4) && !std::ranges::all_of(tables, is_ipv4);
}

void append(Problems& all, Problems some, bool name_family, Family family) {
  for (Problem& problem : some) {
    if (name_family) problem.place = std::string(family_name(family)) + " " + problem.place;
    all.push_back(std::move(problem));
  }
}

}  // namespace

Timekeeping timekeeping_of(const Snapshot& snapshot) {
  Timekeeping timekeeping;
  if (snapshot.hz >= 24 && snapshot.hz <= 1200) timekeeping.hz = snapshot.hz;  // else unknown, or none that a kernel has
  timekeeping.minutes_west = snapshot.time_zone_minutes;
  return timekeeping;
}

Result<RuleSet> decode_snapshot(Snapshot snapshot) {
  RuleSet set;
  Problems problems;
  const bool name_family = has_both_families(snapshot.tables);
  const Timekeeping timekeeping = timekeeping_of(snapshot);
  set.host = std::make_shared<const HostView>(snapshot.host, shared_sets(snapshot));
  for (const RawTable& raw : snapshot.tables) {
    auto table = decode_table(raw, timekeeping, set.host.get());
    if (table) {
      set.tables.push_back(std::move(*table));
    } else {
      append(problems, std::move(table.error()), name_family, raw.family);
    }
  }
  if (!problems.empty()) return fail(std::move(problems));
  set.snapshot = std::move(snapshot);
  return set;
}

Problems refusals(const RuleSet& set) {
  Problems problems;
  const bool name_family = has_both_families(set.tables);
  for (const Table& table : set.tables) append(problems, refusals(table), name_family, table.family);
  return problems;
}

}  // namespace hookline
