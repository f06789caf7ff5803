// compile/lower.cpp: rule header and matches -> boxes. Kernel: ip_packet_match(), ip6_packet_match().
#include "compile/lower.h"

#include <algorithm>
#include <cstring>

#include "classify/format.h"

namespace hookline::compiler {
namespace {

using Op = WordTest::Op;

bool matches_any(const InterfaceName& mask) {
  return std::all_of(mask.bytes.begin(), mask.bytes.end(), [](char c) { return c == 0; });
}

// The condition compares a whole name: every byte up to and with its NUL, or all sixteen.
bool is_exact(const InterfaceName& name, const InterfaceName& mask) {
  size_t covered = 0;
  while (covered < 16 && static_cast<uint8_t>(mask.bytes[covered]) == 0xff) ++covered;
  for (size_t i = covered; i < 16; ++i)
    if (mask.bytes[i] != 0) return false;
  const size_t length = strnlen(name.bytes.data(), 16);
  // Device names are padded with zeros, so bytes behind the NUL that the mask covers must be zero as well.
  if (covered <= length && covered != 16) return false;
  for (size_t i = length; i < covered; ++i)
    if (name.bytes[i] != 0) return false;
  return true;
}

// The name that an exact condition compares with, padded with zeros.
InterfaceName padded(const InterfaceName& name) {
  InterfaceName result;
  std::memcpy(result.bytes.data(), name.bytes.data(), strnlen(name.bytes.data(), 16));
  return result;
}

InterfaceName whole_mask() {
  InterfaceName mask;
  mask.bytes.fill(static_cast<char>(0xff));
  return mask;
}

Lowered lower_address(const Address& address, const Address& mask, bool inverted, Dimension first, Family family) {
  const unsigned words = family == Family::kIpv4 ? 1 : 4;
  Lowered equal = always(), unequal = never();
  for (unsigned i = 0; i < words; ++i) {
    const auto dimension = static_cast<Dimension>(static_cast<unsigned>(first) + i);
    const uint32_t a = load_be32(address.data() + 4 * i), m = load_be32(mask.data() + 4 * i);
    equal = both(equal, masked(dimension, a, m));
    // Not all words are equal: some word is unequal.
    const Lowered word = masked(dimension, a, m, true);
    unequal.boxes.insert(unequal.boxes.end(), word.boxes.begin(), word.boxes.end());
  }
  return inverted ? unequal : equal;
}

}  // namespace

Devices::Pattern Devices::normal(const InterfaceName& name, const InterfaceName& mask) {
  return is_exact(name, mask) ? Pattern{padded(name), whole_mask()} : Pattern{name, mask};
}

std::string Devices::key_of(const Pattern& pattern) {
  return std::string(pattern.name.bytes.data(), 16) + std::string(pattern.mask.bytes.data(), 16);
}

Devices::Devices(const Table& table) {
  std::vector<Pattern> exact, others;
  std::unordered_map<std::string, uint32_t> seen;  // of the others: place in `others`
  const auto note = [&](const InterfaceName& name, const InterfaceName& mask, unsigned direction) {
    if (matches_any(mask) && matches_any(name)) return;
    const Pattern pattern = normal(name, mask);
    const bool is_other = !is_exact(name, mask);
    const auto [found, added] = seen.try_emplace(key_of(pattern), static_cast<uint32_t>(others.size()));
    if (added) (is_other ? others : exact).push_back(pattern);
    if (!is_other) return;
    auto& bits = wildcards_[direction];
    const auto number = static_cast<uint16_t>(found->second);
    if (bits.size() < format::kMaxWildcards && std::find(bits.begin(), bits.end(), number) == bits.end())
      bits.push_back(number);
  };
  for (const Rule& rule : table.rules) {
    note(rule.header.in, rule.header.in_mask, 0);
    note(rule.header.out, rule.header.out_mask, 1);
  }
  std::sort(exact.begin(), exact.end(), [](const Pattern& x, const Pattern& y) {
    return std::memcmp(x.name.bytes.data(), y.name.bytes.data(), 16) < 0;
  });
  exact_count_ = static_cast<uint32_t>(exact.size());
  for (auto& bits : wildcards_)
    for (uint16_t& number : bits) number = static_cast<uint16_t>(number + exact_count_);
  patterns_ = std::move(exact);
  patterns_.insert(patterns_.end(), others.begin(), others.end());
  for (uint32_t i = 0; i < patterns_.size(); ++i) numbers_.emplace(key_of(patterns_[i]), static_cast<uint16_t>(i + 1));
}

uint16_t Devices::number_of(const InterfaceName& name, const InterfaceName& mask) const {
  if (matches_any(mask) && matches_any(name)) return 0;
  return numbers_.at(key_of(normal(name, mask)));
}

Lowered Devices::lower(const InterfaceName& name, const InterfaceName& mask, bool inverted, unsigned direction) const {
  const uint16_t number = number_of(name, mask);
  if (number == 0) return inverted ? never() : always();
  const unsigned shift = 16 * direction;
  if (number <= exact_count_) {
    return masked(Dimension::kInterfaces, static_cast<uint32_t>(number) << shift, 0xffffU << shift, inverted);
  }
  const auto& bits = wildcards_[direction];
  const auto found = std::find(bits.begin(), bits.end(), static_cast<uint16_t>(number - 1));
  if (found == bits.end()) return evaluated();
  const uint32_t bit = 1U << (shift + static_cast<unsigned>(found - bits.begin()));
  return masked(Dimension::kInterfaceBits, inverted ? 0 : bit, bit);
}

namespace {

// Conjoins `part`; false where it only bounds the answer afterwards.
bool conjoin(LoweredRule& rule, const std::vector<Box>& alternatives, const CompileOptions& options) {
  std::vector<Box> part;
  for (const Box& box : alternatives)
    if (auto normal = normal_box(box)) part.push_back(std::move(*normal));
  if (part.empty()) {
    rule.boxes.clear();
    return true;
  }
  bool exact = true;
  const size_t limit = options.split_boxes ? kMaxBoxes : 1;
  if (rule.boxes.size() * part.size() > limit && part.size() > 1) {
    part = {bounding_box(part)};
    exact = false;
  }
  std::vector<Box> result = intersect(rule.boxes, part);
  for (const Box& box : result) {
    if (box.size() <= kMaxTests) continue;
    return false;  // too many tests: leave this part out of the index altogether
  }
  rule.boxes = std::move(result);
  return exact;
}

// Without the tests of bits that may have changed when the walk asks; what remains only bounds the answer then.
Lowered without(Lowered lowered, const WrittenWords& written) {
  const auto looks_at_written = [&](const WordTest& test) {
    const uint32_t bits = written[static_cast<unsigned>(test.dimension)];
    return test.op == Op::kRange ? bits != 0 : (test.b & bits) != 0;
  };
  for (Box& box : lowered.boxes)
    if (std::erase_if(box, looks_at_written) != 0) lowered.exact = false;
  return lowered;
}

}  // namespace

WrittenWords words_written(const Table& table) {
  WrittenWords written{};
  for (const Rule& rule : table.rules) {
    if (rule.target.kind != TargetKind::kExtension) continue;
    for (const WrittenBits& write : rule.target.type->writes) written[static_cast<unsigned>(write.dimension)] |= write.bits;
  }
  return written;
}

LoweredRule lower_rule(const Rule& rule, Family family, const Devices& devices, const WrittenWords& written,
                       const CompileOptions& options) {
  LoweredRule result;
  const HeaderMatch& h = rule.header;
  const auto header = [&](const Lowered& whole) {
    const Lowered part = without(whole, written);
    if (!conjoin(result, part.boxes, options) || !part.exact) result.check_header = true;
  };
  header(lower_address(h.source, h.source_mask, h.invert_source, Dimension::kSource0, family));
  header(lower_address(h.destination, h.destination_mask, h.invert_destination, Dimension::kDestination0, family));
  header(devices.lower(h.in, h.in_mask, h.invert_in, 0));
  header(devices.lower(h.out, h.out_mask, h.invert_out, 1));
  const bool compares_protocol = h.protocol != 0 && (family == Family::kIpv4 || h.protocol_flag);
  if (compares_protocol) {
    header(h.protocol > 0xff ? (h.invert_protocol ? always() : never())
                             : masked(Dimension::kMeta, h.protocol, 0xff, h.invert_protocol));
  }
  if (family == Family::kIpv4) {
    constexpr uint32_t kLater = kShapeLaterFragment << kMetaShapeShift;
    // The kernel fails a rule when (FRAG and not a fragment) != INV_FRAG.
    if (h.fragment) {
      header(masked(Dimension::kMeta, h.invert_fragment ? 0 : kLater, kLater));
    } else if (h.invert_fragment) {
      header(never());
    }
  }

  // Until a match that may hotdrop, or that remembers the packets it was asked about: nothing behind it may hide one from
  // it.
  bool indexable = true;
  for (uint32_t i = 0; i < rule.matches.size(); ++i) {
    const Match& match = rule.matches[i];
    if (!indexable || result.never()) {
      result.residuals.push_back(i);
      continue;
    }
    const Lowered lowered = without(match.type->lower(match.info.get(), family), written);
    const bool exact = conjoin(result, lowered.boxes, options);
    const bool must_be_asked = lowered.may_hotdrop || match.type->remembers(match.info.get());
    if (!exact || !lowered.exact || must_be_asked) result.residuals.push_back(i);
    if (must_be_asked) indexable = false;
  }
  if (result.never()) {
    result.residuals.clear();
    result.check_header = false;
  }
  return result;
}

}  // namespace hookline::compiler
