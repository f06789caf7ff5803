// compile/emit.cpp: lays the parts of a Program out, as classify/format.h describes it.
#include "compile/emit.h"

#include <linux/netfilter/xt_string.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <string>

#include "classify/internals.h"
#include "xt/evaluate.h"

namespace hookline::compiler {

using namespace format;

namespace {

// Stores a decoded struct once for all rules that have an equal one.
class InfoStore {
 public:
  explicit InfoStore(std::vector<uint64_t>& words) : words_(words) {}
  uint32_t add(const DecodedInfo& info) {
    std::string bytes(static_cast<const char*>(info.get()), info.size);
    const auto [found, added] = known_.try_emplace(std::move(bytes), static_cast<uint32_t>(words_.size()));
    if (added) {
      words_.resize(words_.size() + (info.size + 7) / 8, 0);
      if (info.size != 0) std::memcpy(&words_[found->second], info.get(), info.size);
    }
    return found->second;
  }

 private:
  std::vector<uint64_t>& words_;
  std::map<std::string, uint32_t> known_;
};

RuleRecord rule_record(const Rule& rule, Family family, const Devices& devices) {
  const HeaderMatch& h = rule.header;
  RuleRecord record;
  record.protocol = h.protocol;
  record.in_pattern = devices.number_of(h.in, h.in_mask);
  record.out_pattern = devices.number_of(h.out, h.out_mask);
  const auto flag = [&](bool set, uint16_t bit) {
    if (set) record.flags = static_cast<uint16_t>(record.flags | bit);
  };
  flag(h.invert_source, kInvertSource);
  flag(h.invert_destination, kInvertDestination);
  flag(h.invert_in, kInvertIn);
  flag(h.invert_out, kInvertOut);
  flag(h.invert_protocol, kInvertProtocol);
  flag(h.invert_fragment && family == Family::kIpv4, kInvertFragment);
  flag(h.fragment && family == Family::kIpv4, kFragment);
  flag(h.protocol_flag && family == Family::kIpv6, kWalksHeaders);
  const Target& target = rule.target;
  switch (target.kind) {
    case TargetKind::kVerdict:
      switch (target.verdict) {
        case StandardVerdict::kAccept:
          record.action = Action::kAccept;
          break;
        case StandardVerdict::kDrop:
          record.action = Action::kDrop;
          break;
        case StandardVerdict::kQueue:
          record.action = Action::kQueue;
          break;
        case StandardVerdict::kReturn:
          record.action = Action::kReturn;
          break;
      }
      break;
    case TargetKind::kJump:
      record.action = h.goto_flag ? Action::kGoto : Action::kJump;
      record.jump_to = index_of(target.jump_to);
      break;
    case TargetKind::kFallThrough:
      record.action = Action::kNext;
      record.jump_to = index_of(target.jump_to);
      break;
    case TargetKind::kError:
      record.action = Action::kError;
      break;
    case TargetKind::kExtension:
      record.action = Action::kTarget;
      record.target_number = xt::target_number(*target.type);
      break;
  }
  return record;
}

// The pattern of a string match, and whether the match asks for its absence. Nothing for other matches.
// Kernel: struct xt_string_info, revision 1.
struct StringMatch {
  payload::Pattern pattern;
  bool inverted = false;
};
std::optional<StringMatch> string_match(const Match& match) {
  if (match.name != "string" || match.revision != 1) return std::nullopt;
  const auto info = read_at<xt_string_info>(match.raw, 0);
  if (!info || info->patlen > sizeof info->pattern) return std::nullopt;
  StringMatch result;
  result.pattern.bytes.assign(info->pattern, info->pattern + info->patlen);
  result.pattern.ignore_case = (info->u.v1.flags & XT_STRING_FLAG_IGNORECASE) != 0;
  result.pattern.from = info->from_offset;
  result.pattern.to = info->to_offset;
  result.inverted = (info->u.v1.flags & XT_STRING_FLAG_INVERT) != 0;
  return result;
}

uint32_t address_word(const Address& address, unsigned word) { return load_be32(address.data() + 4 * word); }

}  // namespace

SharedParts shared_parts(const Table& table, const Devices& devices, const CompileOptions& options) {
  SharedParts parts;
  InfoStore info(parts.info);
  std::map<std::tuple<std::string, bool, uint32_t, uint32_t>, uint32_t> known_patterns;
  const unsigned words = table.family == Family::kIpv4 ? 1 : 4;
  for (const Rule& rule : table.rules) {
    RuleRecord record = rule_record(rule, table.family, devices);
    record.match_begin = static_cast<uint32_t>(parts.matches.size());
    record.match_count = static_cast<uint16_t>(rule.matches.size());
    for (const Address* address :
         {&rule.header.source, &rule.header.source_mask, &rule.header.destination, &rule.header.destination_mask})
      for (unsigned w = 0; w < words; ++w) parts.addresses.push_back(address_word(*address, w));
    for (const Match& match : rule.matches) {
      MatchRecord m;
      m.number = xt::match_number(*match.type);
      m.info = info.add(match.info);
      if (auto text = string_match(match); options.patterns && text && payload::can_scan(text->pattern)) {
        const payload::Pattern& p = text->pattern;
        const auto [found, added] =
            known_patterns.try_emplace({std::string(p.bytes.begin(), p.bytes.end()), p.ignore_case, p.from, p.to},
                                       static_cast<uint32_t>(parts.patterns.size()));
        if (added) parts.patterns.push_back(p);
        m.pattern = found->second;
        m.inverted = text->inverted ? 1 : 0;
      }
      parts.matches.push_back(m);
    }
    if (record.action == Action::kTarget) record.target_info = info.add(rule.target.info);
    parts.rules.push_back(record);
  }
  return parts;
}

namespace {

// Appends arrays to a growing region; a Ref counts its 8-byte words.
class Region {
 public:
  [[nodiscard]] Ref align(size_t bytes) {
    bytes_.resize((bytes_.size() + bytes - 1) / bytes * bytes, 0);
    return static_cast<Ref>(bytes_.size() / 8);
  }
  template <typename T>
  Array append(const std::vector<T>& values, size_t alignment = 8) {
    const Array array{align(alignment), static_cast<uint32_t>(values.size())};
    const auto* first = reinterpret_cast<const uint8_t*>(values.data());
    bytes_.insert(bytes_.end(), first, first + values.size() * sizeof(T));
    return array;
  }
  [[nodiscard]] size_t size() const { return bytes_.size(); }
  std::vector<uint8_t>& bytes() { return bytes_; }

 private:
  std::vector<uint8_t> bytes_ = std::vector<uint8_t>(sizeof(Header), 0);
};

}  // namespace

Result<Program> emit(const Table& table, const Devices& devices, const std::vector<LoweredRule>& rules,
                     const SharedParts& shared, const Flattened& flattened, const std::vector<SectionIndex>& indexes,
                     EmittedSizes& sizes) {
  Region region;
  Header header;
  header.family = static_cast<uint8_t>(table.family);
  header.registry = xt::registry_fingerprint();
  std::memcpy(header.table, table.name.data(), std::min(table.name.size(), sizeof header.table - 1));

  // Decoded structs first: rules and matches refer to them.
  header.info = region.append(shared.info);
  header.info.count *= 8;
  std::vector<RuleRecord> rule_records = shared.rules;
  for (RuleRecord& r : rule_records)
    if (r.action == Action::kTarget) r.target_info += header.info.ref;
  std::vector<MatchRecord> matches = shared.matches;
  for (MatchRecord& m : matches) m.info += header.info.ref;
  header.rules = region.append(rule_records, 64);
  header.addresses = region.append(shared.addresses, 64);
  header.matches = region.append(matches);

  std::vector<DevicePattern> names;
  for (const Devices::Pattern& p : devices.patterns()) {
    DevicePattern pattern;
    std::memcpy(pattern.name, p.name.bytes.data(), 16);
    std::memcpy(pattern.mask, p.mask.bytes.data(), 16);
    names.push_back(pattern);
  }
  header.names = region.append(names);
  header.exact_names = devices.exact_count();
  std::vector<uint16_t> wildcards(2 * kMaxWildcards, 0);
  for (unsigned d = 0; d < 2; ++d)
    std::copy(devices.wildcards(d).begin(), devices.wildcards(d).end(), wildcards.begin() + d * kMaxWildcards);
  header.wildcard_in = static_cast<uint32_t>(devices.wildcards(0).size());
  header.wildcard_out = static_cast<uint32_t>(devices.wildcards(1).size());
  header.wildcards = region.append(wildcards).ref;

  if (!shared.patterns.empty()) {
    auto database = payload::build_database(shared.patterns);
    if (!database) return fail(std::move(database.error()));
    std::vector<PatternRecord> patterns;
    for (const payload::Pattern& p : shared.patterns)
      patterns.push_back({p.from, p.to, static_cast<uint32_t>(p.bytes.size()), 0});
    header.patterns = region.append(patterns);
    header.database = region.append(*database);
  }
  sizes.shared = static_cast<uint32_t>(region.size());

  // Occurrences and what they evaluate. Lists of a rule's occurrences are equal, so each is stored once.
  std::vector<Section> sections;
  std::vector<Occurrence> occurrences;
  std::vector<uint32_t> residuals;
  std::map<std::pair<uint32_t, bool>, uint32_t> residual_at;
  for (size_t s = 0; s < flattened.sections.size(); ++s) {
    const size_t residuals_before = residuals.size();
    Section section;
    section.first_occurrence = static_cast<uint32_t>(occurrences.size());
    section.occurrence_count = static_cast<uint32_t>(flattened.sections[s].occurrences.size());
    for (const FlatOccurrence& flat : flattened.sections[s].occurrences) {
      Occurrence o;
      o.rule = flat.rule;
      o.kind = flat.kind;
      o.skip = flat.skip;
      o.callee = flat.callee;
      if (flat.checked) {
        const LoweredRule& lowered = rules[flat.rule];
        if (flat.weakened || lowered.check_header) o.flags |= kCheckHeader;
        std::vector<uint32_t> list = lowered.residuals;
        if (flat.weakened) {
          list.clear();
          for (uint32_t m = 0; m < shared.rules[flat.rule].match_count; ++m) list.push_back(m);
        }
        o.residual_count = static_cast<uint16_t>(list.size());
        const auto [found, added] =
            residual_at.try_emplace({flat.rule, flat.weakened}, static_cast<uint32_t>(residuals.size()));
        if (added)
          for (const uint32_t m : list) residuals.push_back(shared.rules[flat.rule].match_begin + m);
        o.residual_begin = found->second;
      }
      occurrences.push_back(o);
    }
    sections.push_back(section);
    sizes.sections.push_back(static_cast<uint32_t>(sizeof(Section) + section.occurrence_count * sizeof(Occurrence) +
                                                   (residuals.size() - residuals_before) * 4));
  }
  header.residuals = region.append(residuals);
  header.occurrences = region.append(occurrences, 64);
  const Ref section_ref = region.append(sections, 64).ref;
  header.sections = {section_ref, static_cast<uint32_t>(sections.size())};

  for (size_t s = 0; s < sections.size(); ++s) {
    const SectionIndex& index = indexes[s];
    std::vector<uint64_t> nodes = index.nodes;
    const Ref node_ref = region.align(64);
    const auto leaf_ref = static_cast<Ref>((node_ref + nodes.size() + 7) / 8 * 8);
    const auto placed = [&](uint32_t child) -> uint32_t {
      if (child == 0) return 0;
      if ((child & kLeafBit) != 0) return kLeafBit | ((child & ~kLeafBit) + leaf_ref);
      return child - 1 + node_ref;
    };
    for (size_t at = 0; at < nodes.size();) {
      Node node;
      std::memcpy(static_cast<void*>(&node), &nodes[at], sizeof node);
      const uint32_t children = 1U << (node.bits0 + node.bits1);
      for (uint32_t c = 0; c < children; ++c) {
        auto* slot = reinterpret_cast<uint8_t*>(nodes.data()) + at * 8 + sizeof node + size_t{c} * 4;
        uint32_t child;
        std::memcpy(&child, slot, 4);
        child = placed(child);
        std::memcpy(slot, &child, 4);
      }
      at += 2 + (children + 1) / 2;
    }
    sections[s].nodes = region.append(nodes, 64).ref;
    sections[s].leaves = region.append(index.leaves, 64).ref;
    sections[s].end = region.align(64);
    sections[s].tree_count = static_cast<uint32_t>(index.roots.size());
    for (size_t t = 0; t < index.roots.size(); ++t) sections[s].roots[t] = placed(index.roots[t]);
    sizes.sections[s] += (sections[s].end - sections[s].nodes) * 8;
  }
  std::memcpy(region.bytes().data() + size_t{section_ref} * 8, sections.data(), sections.size() * sizeof(Section));

  const std::vector<uint64_t> bounds = section_bounds(sections, occurrences);
  uint64_t bumps = 0, depth = 0;
  for (unsigned h = 0; h < kHookCount; ++h) {
    if (!table.has_hook(static_cast<Hook>(h))) continue;
    HookEntry& entry = header.hooks[h];
    entry.section = flattened.hook_section[h];
    entry.entry = index_of(table.hook_entry[h]);
    entry.underflow = index_of(table.underflow[h]);
    const WalkBound bound = linear_bound(shared.span(table.family), entry.entry, entry.underflow);
    bumps = std::max({bumps, bound.bumps, bounds[entry.section]});
    depth = std::max(depth, bound.depth);
  }
  header.max_bumps = static_cast<uint32_t>(std::min<uint64_t>(bumps, UINT32_MAX));
  header.stack_depth = static_cast<uint32_t>(std::min<uint64_t>(depth, UINT32_MAX));

  static_cast<void>(region.align(64));
  header.size = region.size();
  std::memcpy(region.bytes().data(), &header, sizeof header);
  header.checksum = region_checksum(region.bytes());
  std::memcpy(region.bytes().data(), &header, sizeof header);
  return Program::copy_of(region.bytes());
}

}  // namespace hookline::compiler
