// load/decode.cpp: see the header. The order is the kernel's (translate_table()): entry boundaries first, since nothing else
// can be read without them; then each entry by itself; then hook entries and underflows; then the walk over all jumps.
#include "load/decode.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "load/abi.h"
#include "xt/registry.h"

namespace hookline {
namespace {

constexpr uint32_t kNoRule = 0xffffffff;

std::string number(uint64_t value) { return std::to_string(value); }

// Decodes one table; collects problems in the order in which they are met.
class Decoder {
 public:
  explicit Decoder(const RawTable& raw) : raw_(raw), layout_(abi::entry_layout(raw.family)), entries_(raw.entries) {}

  Result<Table> run() {
    table_.family = raw_.family;
    table_.name = raw_.name;
    table_.valid_hooks = raw_.valid_hooks;
    check_table_kind();
    if (!find_boundaries()) return fail(std::move(problems_));
    for (Rule& rule : table_.rules) read_header(rule);
    for (Rule& rule : table_.rules) read_target_kind(rule);
    name_rules();
    check_hook_offsets();
    for (uint32_t i = 0; i < table_.rules.size(); ++i) check_entry(i);
    if (!problems_.empty()) return fail(std::move(problems_));
    resolve_hooks();
    resolve_jumps();
    if (!problems_.empty()) return fail(std::move(problems_));
    walk_jumps();
    if (!problems_.empty()) return fail(std::move(problems_));
    for (uint32_t i = 0; i < table_.rules.size(); ++i) load_extensions(i);
    if (!problems_.empty()) return fail(std::move(problems_));
    return std::move(table_);
  }

 private:
  void problem(std::string place, std::string found, std::string expected) {
    problems_.push_back({ProblemKind::kInput, std::move(place), std::move(found), std::move(expected)});
  }
  void problem(const Rule& rule, std::string found, std::string expected) {
    problem(place_of(rule), std::move(found), std::move(expected));
  }
  [[nodiscard]] std::string place_of(const Rule& rule) const {
    return table_.rule_place(RuleId{static_cast<uint32_t>(&rule - table_.rules.data())});
  }
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
      problem("table " + raw_.name, "valid hooks " + number(raw_.valid_hooks), number(kind->valid_hooks));
    }
  }

  bool find_boundaries() {
    const auto place = [&](size_t offset) {
      return raw_.name + "/entry " + number(table_.rules.size() + 1) + " (offset " + number(offset) + ")";
    };
    const size_t size = entries_.size();
    if (size == 0) problem("table " + raw_.name, "no entries", "at least one");
    for (size_t offset = 0; offset < size;) {
      if (offset % 8 != 0) return problem(place(offset), "an entry that is not 8-byte aligned", "alignment"), false;
      if (size - offset <= layout_.size)
        return problem(place(offset), number(size - offset) + " bytes left",
                       "an entry of more than " + number(layout_.size)),
               false;
      const uint32_t next = *read_at<uint16_t>(entries_, offset + layout_.next_offset);
      if (next < layout_.size + abi::kTargetHeader)
        return problem(place(offset), "next_offset " + number(next),
                       "at least " + number(layout_.size + abi::kTargetHeader)),
               false;
      if (next > size - offset)
        return problem(place(offset), "next_offset " + number(next), "at most the " + number(size - offset) + " bytes left"),
               false;
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
    return !table_.rules.empty();
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
    rule.comefrom = field<uint32_t>(rule, layout_.comefrom);
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

  // Kernel: unconditional() — no matches and an all-zero header, flags included.
  [[nodiscard]] bool unconditional(const Rule& rule) const {
    if (target_offset(rule) != layout_.size) return false;
    const uint8_t* header = entries_.data() + rule.offset;
    return std::all_of(header, header + layout_.header_size, [](uint8_t byte) { return byte == 0; });
  }

  void name_rules() {
    std::vector<int> hook_of_entry(table_.rules.size(), -1);
    for (unsigned h = 0; h < kHookCount; ++h) {
      if ((raw_.valid_hooks >> h & 1) == 0) continue;
      const auto entry = by_offset_.find(raw_.hook_entry[h]);
      chain_of_hook_[h] = static_cast<uint32_t>(table_.chains.size());
      Chain chain;
      chain.name = std::string(kHookNames[h]);
      chain.hook = static_cast<Hook>(h);
      table_.chains.push_back(std::move(chain));
      if (entry != by_offset_.end()) hook_of_entry[entry->second] = static_cast<int>(h);
    }
    uint32_t current = kNoRule, count = 0;
    int hook = -1;
    const auto last = static_cast<uint32_t>(table_.rules.size() - 1);
    for (uint32_t i = 0; i <= last; ++i) {
      Rule& rule = table_.rules[i];
      if (hook_of_entry[i] >= 0) {
        hook = hook_of_entry[i];
        current = chain_of_hook_[static_cast<size_t>(hook)];
        count = 0;
        table_.chains[current].first = RuleId{i};
      } else if (rule.target.kind == TargetKind::kError) {
        hook = -1;
        if (i == last) {
          rule.role = RuleRole::kBlobEnd;
          rule.chain = current == kNoRule ? 0 : current;
          continue;
        }
        current = static_cast<uint32_t>(table_.chains.size());
        count = 0;
        Chain chain;
        chain.name = rule.target.name;
        chain.first = RuleId{i + 1};
        chain.last = RuleId{i + 1};
        table_.chains.push_back(std::move(chain));
        rule.role = RuleRole::kChainHead;
        rule.chain = current;
        continue;
      }
      if (current == kNoRule) {  // entries before the first chain: only a hand-made table has them
        current = static_cast<uint32_t>(table_.chains.size());
        Chain chain;
        chain.name = "(none)";
        chain.first = RuleId{i};
        table_.chains.push_back(std::move(chain));
      }
      rule.chain = current;
      if (hook >= 0 && rule.offset == raw_.underflow[static_cast<size_t>(hook)]) {
        rule.role = RuleRole::kPolicy;
        table_.chains[current].last = RuleId{i};
        continue;
      }
      rule.number = ++count;
      if (!table_.chains[current].hook || table_.rules[index_of(table_.chains[current].last)].role != RuleRole::kPolicy ||
          table_.rules[index_of(table_.chains[current].last)].chain != current)
        table_.chains[current].last = RuleId{i};
    }
    // The last entry of a user chain, when it is the kernel's own RETURN, has no number.
    for (Chain& chain : table_.chains) {
      if (chain.hook) continue;
      Rule& rule = table_.rules[index_of(chain.last)];
      if (rule.role == RuleRole::kRule && rule.target.kind == TargetKind::kVerdict && target_fits(rule) &&
          unconditional(rule) && verdict_of(rule) == static_cast<int32_t>(StandardVerdict::kReturn)) {
        rule.role = RuleRole::kImplicitReturn;
        rule.number = 0;
      }
    }
  }

  void check_hook_offsets() {
    uint32_t previous_entry = 0, previous_underflow = 0;
    bool first = true;
    for (unsigned h = 0; h < kHookCount; ++h) {
      if ((raw_.valid_hooks >> h & 1) == 0) continue;
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
        const bool standard = rule.target.kind == TargetKind::kVerdict && target_fits(rule) && unconditional(rule);
        const int32_t verdict = standard ? verdict_of(rule) : 0;
        if (verdict != static_cast<int32_t>(StandardVerdict::kAccept) &&
            verdict != static_cast<int32_t>(StandardVerdict::kDrop))
          problem(place, "the entry at the underflow " + number(underflow) + " is no policy",
                  "an unconditional ACCEPT or DROP");
      }
      previous_entry = entry;
      previous_underflow = underflow;
      first = false;
    }
    std::unordered_set<std::string> names;
    for (const Chain& chain : table_.chains) {
      if (!chain.hook && chain.name.empty()) problem(raw_.name, "a user chain without a name", "a name");
      if (!names.insert(chain.name).second)
        problem(raw_.name + "/" + chain.name, "a second chain of this name", "one, since names name rules");
    }
  }

  void check_entry(uint32_t index) {
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
      return;
    }
    check_target(rule, at);
    split_matches(rule, at);
  }

  void check_target(Rule& rule, uint32_t at) {
    const auto header = field<abi::ExtensionHeader>(rule, at);
    const uint32_t size = header.size;
    if (size < abi::kTargetHeader || size > rule.next_offset - at) {
      problem(rule, "a target of " + number(size) + " bytes",
              "between " + number(abi::kTargetHeader) + " and " + number(rule.next_offset - at));
      return;
    }
    if (strnlen(header.name, sizeof header.name) == sizeof header.name) {
      problem(rule, "a target name without an end", "at most " + number(XT_EXTENSION_MAXNAMELEN - 1) + " bytes and NUL");
      return;
    }
    if (header.name[0] == '\0') {
      if (at + abi::kStandardTargetSize != rule.next_offset) {
        problem(rule, "a standard target in " + number(rule.next_offset - at) + " bytes", number(abi::kStandardTargetSize));
        return;
      }
      const int32_t verdict = verdict_of(rule);
      if (verdict <= 0 && verdict != -1 && verdict != -2 && verdict != -4 && verdict != -5)
        problem(rule, "verdict " + std::to_string(verdict),
                "an offset above 0, -1 (DROP), -2 (ACCEPT), -4 (QUEUE) or -5 (RETURN)");
      return;
    }
    if (std::strcmp(header.name, XT_ERROR_TARGET) == 0) {
      if (size != abi::kErrorTargetSize) {
        problem(rule, "an ERROR target of " + number(size) + " bytes", number(abi::kErrorTargetSize));
      } else if (rule.target.name.size() >= XT_FUNCTION_MAXNAMELEN) {
        problem(rule, "a chain name without an end", "at most " + number(XT_FUNCTION_MAXNAMELEN - 1) + " bytes and NUL");
      }
      return;
    }
    const uint8_t* data = entries_.data() + rule.offset + at;
    rule.target.raw.assign(data + abi::kTargetHeader, data + size);
  }

  void split_matches(Rule& rule, uint32_t end) {
    for (uint32_t at = layout_.size; at < end;) {
      const std::string which = "match " + number(rule.matches.size() + 1);
      if (end - at < sizeof(xt_entry_match))
        return problem(rule, which + ": " + number(end - at) + " bytes before the target", "a match of at least 32");
      const auto header = field<abi::ExtensionHeader>(rule, at);
      const uint32_t size = header.size;
      if (size < sizeof(xt_entry_match) || size > end - at)
        return problem(rule, which + " of " + number(size) + " bytes",
                       "between 32 and the " + number(end - at) + " before the target");
      if (size % 8 != 0 && size != end - at)
        return problem(rule, which + " of " + number(size) + " bytes", "a multiple of 8");
      const size_t length = strnlen(header.name, sizeof header.name);
      if (length == sizeof header.name) return problem(rule, which + ": a name without an end", "at most 28 bytes and NUL");
      Match match;
      match.name = std::string(header.name, length);
      match.revision = header.revision;
      const uint8_t* data = entries_.data() + rule.offset + at;
      match.raw.assign(data + sizeof(xt_entry_match), data + size);
      rule.matches.push_back(std::move(match));
      at += size;
    }
  }

  void resolve_hooks() {
    for (unsigned h = 0; h < kHookCount; ++h) {
      if ((raw_.valid_hooks >> h & 1) == 0) continue;
      table_.hook_entry[h] = RuleId{by_offset_.at(raw_.hook_entry[h])};
      table_.underflow[h] = RuleId{by_offset_.at(raw_.underflow[h])};
    }
  }

  void resolve_jumps() {
    for (Rule& rule : table_.rules) {
      if (rule.target.kind != TargetKind::kVerdict) continue;
      const int32_t verdict = verdict_of(rule);
      if (verdict < 0) {
        rule.target.verdict = static_cast<StandardVerdict>(verdict);
        continue;
      }
      const auto to = static_cast<uint32_t>(verdict);
      if (to == rule.offset + rule.next_offset && to == entries_.size()) {
        problem(rule, "falls off the end of the table", "an entry behind it");
        continue;
      }
      const auto target = by_offset_.find(to);
      if (target == by_offset_.end()) {
        problem(rule, "a jump to offset " + number(to), "the offset of an entry");
        continue;
      }
      rule.target.kind = to == rule.offset + rule.next_offset ? TargetKind::kFallThrough : TargetKind::kJump;
      rule.target.jump_to = RuleId{target->second};
    }
  }

  // Kernel: mark_source_chains(). Follows every edge from each hook entry: a jump and the entry behind it, except behind an
  // unconditional verdict. A rule met again on the path that leads to it is a loop. Fills reaching_.
  void walk_jumps() {
    const auto count = static_cast<uint32_t>(table_.rules.size());
    reaching_.assign(count, 0);
    std::vector<uint32_t> back(count, kNoRule);
    std::vector<bool> on_path(count, false);
    for (unsigned h = 0; h < kHookCount; ++h) {
      if ((raw_.valid_hooks >> h & 1) == 0) continue;
      uint32_t at = index_of(table_.hook_entry[h]);
      back[at] = at;
      for (bool done = false; !done;) {
        const Rule& rule = table_.rules[at];
        if (on_path[at]) return problem(rule, "part of a loop of jumps", "chains that end");
        const bool visited = (reaching_[at] >> h & 1) != 0;
        reaching_[at] |= 1U << h;
        on_path[at] = true;
        const bool ends = rule.target.kind == TargetKind::kVerdict && unconditional(rule);
        if (ends || visited) {
          uint32_t left = kNoRule;
          do {  // back through everything that ended with its last rule
            on_path[at] = false;
            left = at;
            at = std::exchange(back[at], kNoRule);
            if (at == left) {
              done = true;
              break;
            }
          } while (left == at + 1);
          if (done) break;
          if (at + 1 >= count)
            return problem(table_.rules[at], "falls off the end of the table", "an unconditional verdict");
          back[at + 1] = at;
          ++at;
        } else {
          const bool jumps = rule.target.kind == TargetKind::kJump || rule.target.kind == TargetKind::kFallThrough;
          const uint32_t next = jumps ? index_of(rule.target.jump_to) : at + 1;
          if (next >= count) return problem(rule, "falls off the end of the table", "an unconditional verdict");
          back[next] = at;
          at = next;
        }
      }
    }
  }

  void check_limits(const Rule& rule, const std::string& what, const LoadLimits& limits, uint32_t hooks) {
    if (!limits.table.empty() && limits.table != raw_.name)
      problem(rule, what + " in table " + raw_.name, "table " + std::string(limits.table));
    if (limits.hooks != 0 && (hooks & ~limits.hooks) != 0) {
      std::string reached, allowed;
      for (unsigned h = 0; h < kHookCount; ++h) {
        if ((hooks & ~limits.hooks) >> h & 1) reached += (reached.empty() ? "" : " ") + std::string(kHookNames[h]);
        if (limits.hooks >> h & 1) allowed += (allowed.empty() ? "" : " ") + std::string(kHookNames[h]);
      }
      problem(rule, what + " reached from " + reached, "only from " + allowed);
    }
    if (limits.protocol != 0 && (limits.protocol != rule.header.protocol || rule.header.invert_protocol)) {
      problem(rule, what + " without its protocol", "-p " + number(limits.protocol) + ", not inverted");
    } else if (limits.protocol != 0 && !rule.header.protocol_flag) {
      problem(rule, what + " in an IPv6 rule without flag PROTO", "the flag, as ip6tables sets it with -p");
    }
  }

  template <typename Type>
  bool load(Rule& rule, const std::string& what, const Type& type, const std::vector<uint8_t>& raw, DecodedInfo& info,
            uint32_t hooks) {
    if (raw.size() != abi::aligned(type.abi_size)) {
      problem(rule, what + ": " + number(raw.size()) + " bytes of data", number(abi::aligned(type.abi_size)));
      return false;
    }
    check_limits(rule, what, type.limits, hooks);
    const DecodeContext context{raw_.family, raw_.name, rule.header.protocol, rule.header.invert_protocol,
                                rule.header.protocol_flag};
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
  const abi::EntryLayout& layout_;
  Bytes entries_;
  Table table_;
  Problems problems_;
  std::unordered_map<uint32_t, uint32_t> by_offset_;  // entry offset -> index
  std::unordered_map<uint32_t, int32_t> verdicts_;    // entry offset -> verdict of a standard target
  std::array<uint32_t, kHookCount> chain_of_hook_{};
  std::vector<uint32_t> reaching_;  // bit h: hook h reaches the rule
};

}  // namespace

Result<Table> decode_table(const RawTable& raw) { return Decoder(raw).run(); }

Problems refusals(const Table& table) {
  Problems problems;
  for (uint32_t i = 0; i < table.rules.size(); ++i) {
    const Rule& rule = table.rules[i];
    const auto refuse = [&](const char* kind, const std::string& name, uint8_t revision) {
      problems.push_back({ProblemKind::kInput,
                          table.rule_place(RuleId{i}),
                          std::string(kind) + " " + name + " rev " + number(revision) + ": not evaluated by this build",
                          {}});
    };
    for (const Match& match : rule.matches)
      if (match.type == nullptr) refuse("match", match.name, match.revision);
    if (rule.target.kind == TargetKind::kExtension && rule.target.type == nullptr)
      refuse("target", rule.target.name, rule.target.revision);
  }
  return problems;
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

Result<RuleSet> decode_snapshot(Snapshot snapshot) {
  RuleSet set;
  Problems problems;
  const bool name_family = has_both_families(snapshot.tables);
  for (const RawTable& raw : snapshot.tables) {
    auto table = decode_table(raw);
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
