#include "verify/packets.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "stack/checksum.h"
#include "table/extension.h"
#include "xt/string.h"

namespace hookline {
namespace {

constexpr uint8_t kHopByHop = 0, kIcmp = 1, kTcp = 6, kUdp = 17, kIpv6Route = 43, kIpv6Fragment = 44, kAh = 51, kIcmp6 = 58,
                  kNoNextHeader = 59, kIpv6Options = 60, kMobility = 135, kEsp = 50, kDccp = 33, kSctp = 132, kUdplite = 136;
constexpr int kTrials = 12;          // draws for one aimed packet before it goes out as it is
constexpr size_t kMaxPool = 512;     // values of a kind that are remembered from the rules
constexpr size_t kMaxLength = 1480;  // of an ordinary packet

uint64_t below(Random& random, uint64_t bound) { return bound == 0 ? 0 : random() % bound; }
bool chance(Random& random, unsigned percent) { return below(random, 100) < percent; }
template <typename T>
const T& any_of(Random& random, const std::vector<T>& values) {
  return values[below(random, values.size())];
}

bool has_ports(uint8_t protocol) {
  return protocol == kTcp || protocol == kUdp || protocol == kUdplite || protocol == kSctp || protocol == kDccp;
}

// One IPv6 extension header. Where `body` is empty a plain one of 8 bytes (AH: 12) is made.
struct Extension {
  uint8_t kind;
  std::vector<uint8_t> body;  // from the second byte of the header on
};

// A packet in fields, before it becomes bytes.
struct Fields {
  Address source{}, destination{};
  uint8_t protocol = kTcp;
  uint16_t source_port = 0, destination_port = 0;
  uint8_t tcp_flags = 0x10;
  uint8_t icmp_type = 0, icmp_code = 0;
  uint8_t ttl = 64, tos = 0;
  uint16_t fragment_offset = 0;  // units of 8 bytes
  bool more_fragments = false, dont_fragment = false;
  uint16_t id = 1;
  std::optional<uint32_t> length;                                   // of the whole packet, where a condition asks for one
  uint32_t payload = 16;                                            // bytes behind the L4 header, otherwise
  std::vector<uint8_t> tcp_options;                                 // a multiple of 4 bytes
  std::vector<uint8_t> ip_options;                                  // IPv4: a multiple of 4 bytes
  std::vector<Extension> extensions;                                // IPv6, in order
  std::optional<uint8_t> data_offset;                               // TCP's, in words, where it is not to be right
  bool reserved_flag = false;                                       // IPv4: the bit beside DF
  std::vector<std::pair<uint32_t, std::vector<uint8_t>>> patterns;  // bytes to stand at an offset from the IP header
  std::string in, out;
};

void append_l4(const Fields& f, std::vector<uint8_t>& bytes) {
  const size_t at = bytes.size();
  const auto grow = [&](size_t size) {
    bytes.resize(at + size);
    return bytes.data() + at;
  };
  if (has_ports(f.protocol)) {
    const size_t size = f.protocol == kTcp ? 20 : f.protocol == kSctp || f.protocol == kDccp ? 12 : 8;
    uint8_t* p = grow(size);
    store_be16(p, f.source_port);
    store_be16(p + 2, f.destination_port);
    if (f.protocol == kTcp) {
      store_be32(p + 4, 0x01020304);
      p[12] = static_cast<uint8_t>(f.data_offset.value_or(static_cast<uint8_t>((20 + f.tcp_options.size()) / 4)) << 4);
      p[13] = f.tcp_flags;
      store_be16(p + 14, 0x2000);
      bytes.insert(bytes.end(), f.tcp_options.begin(), f.tcp_options.end());
    }
  } else if (f.protocol == kIcmp || f.protocol == kIcmp6) {
    uint8_t* p = grow(8);
    p[0] = f.icmp_type;
    p[1] = f.icmp_code;
  }
}

// Sets the total length by payload bytes, and puts the patterns in.
void finish(const Fields& f, std::vector<uint8_t>& bytes, Random& random) {
  const size_t wanted = f.length ? *f.length : bytes.size() + f.payload;
  size_t size = std::max(wanted, bytes.size());
  for (const auto& [offset, pattern] : f.patterns) size = std::max(size, offset + pattern.size());
  size = std::min<size_t>(size, 65535);
  const size_t headers = bytes.size();
  bytes.resize(size);
  for (size_t i = headers; i < size; ++i) bytes[i] = static_cast<uint8_t>('a' + below(random, 26));
  if (f.length && *f.length < headers) bytes.resize(std::max<size_t>(*f.length, 20));
  for (const auto& [offset, pattern] : f.patterns)
    if (offset + pattern.size() <= bytes.size()) std::copy(pattern.begin(), pattern.end(), bytes.begin() + offset);
}

void seal_ipv4(std::vector<uint8_t>& bytes) {
  const size_t header = std::min<size_t>((bytes[0] & 0xfU) * 4U, bytes.size());
  store_be16(bytes.data() + 10, 0);
  store_be16(bytes.data() + 10, internet_checksum({bytes.data(), header}));
}

std::vector<uint8_t> ipv4_bytes(const Fields& f, Random& random) {
  std::vector<uint8_t> bytes(20);
  for (const uint8_t option : f.ip_options) bytes.push_back(option);
  bytes[0] = static_cast<uint8_t>(0x40 | bytes.size() / 4);
  bytes[1] = f.tos;
  store_be16(bytes.data() + 4, f.id);
  store_be16(bytes.data() + 6, static_cast<uint16_t>((f.dont_fragment ? 0x4000 : 0) | (f.more_fragments ? 0x2000 : 0) |
                                                     (f.reserved_flag ? 0x8000 : 0) | f.fragment_offset));
  bytes[8] = f.ttl;
  bytes[9] = f.protocol;
  std::copy_n(f.source.begin(), 4, bytes.begin() + 12);
  std::copy_n(f.destination.begin(), 4, bytes.begin() + 16);
  append_l4(f, bytes);
  finish(f, bytes, random);
  store_be16(bytes.data() + 2, static_cast<uint16_t>(bytes.size()));
  seal_ipv4(bytes);
  return bytes;
}

std::vector<uint8_t> ipv6_bytes(const Fields& f, Random& random) {
  std::vector<uint8_t> bytes(40);
  bytes[0] = static_cast<uint8_t>(0x60 | f.tos >> 4);
  bytes[1] = static_cast<uint8_t>(f.tos << 4);
  bytes[7] = f.ttl;
  std::copy(f.source.begin(), f.source.end(), bytes.begin() + 8);
  std::copy(f.destination.begin(), f.destination.end(), bytes.begin() + 24);
  size_t next_header_at = 6;
  for (const auto& [kind, body] : f.extensions) {
    const size_t at = bytes.size();
    bytes[next_header_at] = kind;
    bytes.resize(at + (!body.empty() ? 1 + body.size() : kind == kAh ? 12 : 8));
    uint8_t* p = bytes.data() + at;
    if (!body.empty()) {
      std::copy(body.begin(), body.end(), p + 1);
    } else if (kind == kIpv6Fragment) {
      store_be16(p + 2, static_cast<uint16_t>(f.fragment_offset << 3 | (f.more_fragments ? 1 : 0)));
      store_be32(p + 4, f.id);
    } else if (kind == kAh) {
      p[1] = 1;  // (1 + 2) * 4 bytes
    } else if (kind == kIpv6Options || kind == kHopByHop) {
      p[2] = 1;  // PadN
      p[3] = 4;
    } else if (kind == kIpv6Route) {
      p[2] = 4;  // an unknown type with no segments left
    }
    next_header_at = at;
  }
  bytes[next_header_at] = f.protocol;
  append_l4(f, bytes);
  finish(f, bytes, random);
  if (bytes.size() < 40) bytes.resize(40);
  store_be16(bytes.data() + 4, static_cast<uint16_t>(bytes.size() - 40));
  return bytes;
}

// ---- conditions ----------------------------------------------------------------------------------------------------

uint32_t edge_in(Random& random, uint32_t low, uint32_t high) {
  switch (below(random, 4)) {
    case 0:
      return low;
    case 1:
      return high;
    default:
      return low + static_cast<uint32_t>(below(random, static_cast<uint64_t>(high) - low + 1));
  }
}

// A value of one word that fulfils the test, given what it was.
uint32_t fulfilled(Random& random, const WordTest& test, uint32_t before) {
  switch (test.op) {
    case WordTest::Op::kMaskedEqual:
      return (before & ~test.b) | (test.a & test.b);
    case WordTest::Op::kMaskedNotEqual: {
      if ((before & test.b) != test.a) return before;
      uint32_t bit = 0;
      do bit = 1U << below(random, 32);
      while ((bit & test.b) == 0);
      return before ^ bit;
    }
    case WordTest::Op::kRange:
      return before >= test.a && before <= test.b && chance(random, 30) ? before : edge_in(random, test.a, test.b);
  }
  return before;
}

void put_word(Address& address, unsigned word, uint32_t value) { store_be32(address.data() + 4 * word, value); }
uint32_t get_word(const Address& address, unsigned word) { return load_be32(address.data() + 4 * word); }

void apply(Random& random, const WordTest& test, Fields& f) {
  const auto dimension = test.dimension;
  if (dimension <= Dimension::kSource3) {
    const unsigned word = static_cast<unsigned>(dimension);
    put_word(f.source, word, fulfilled(random, test, get_word(f.source, word)));
  } else if (dimension <= Dimension::kDestination3) {
    const unsigned word = static_cast<unsigned>(dimension) - static_cast<unsigned>(Dimension::kDestination0);
    put_word(f.destination, word, fulfilled(random, test, get_word(f.destination, word)));
  } else if (dimension == Dimension::kSourcePort) {
    f.source_port = static_cast<uint16_t>(fulfilled(random, test, f.source_port));
  } else if (dimension == Dimension::kDestinationPort) {
    f.destination_port = static_cast<uint16_t>(fulfilled(random, test, f.destination_port));
  } else if (dimension == Dimension::kMeta) {
    const bool icmp = f.protocol == kIcmp || f.protocol == kIcmp6;
    const uint32_t low = icmp ? f.icmp_code : f.tcp_flags, high = icmp ? f.icmp_type : 0;
    const uint32_t shape = f.fragment_offset != 0 ? kShapeLaterFragment : 0;
    const uint32_t before = f.protocol | low << kMetaL4LowShift | high << kMetaL4HighShift | shape << kMetaShapeShift;
    const uint32_t after = fulfilled(random, test, before);
    f.protocol = static_cast<uint8_t>(after);
    (icmp ? f.icmp_code : f.tcp_flags) = static_cast<uint8_t>(after >> kMetaL4LowShift);
    if (icmp) f.icmp_type = static_cast<uint8_t>(after >> kMetaL4HighShift);
    if ((after >> kMetaShapeShift & kShapeLaterFragment) == 0) f.fragment_offset = 0;
  } else if (dimension == Dimension::kLength) {
    const uint32_t high = std::min<uint32_t>(test.b, kMaxLength);
    WordTest bounded = test;
    if (test.op == WordTest::Op::kRange && test.a <= high) bounded.b = high;
    f.length = fulfilled(random, bounded, f.length.value_or(60));
  } else if (dimension == Dimension::kTtl) {
    f.ttl = static_cast<uint8_t>(fulfilled(random, test, f.ttl));
  }
}

bool interface_fits(const std::string& device, const InterfaceName& name, const InterfaceName& mask) {
  const InterfaceName have = InterfaceName::from(device);
  for (size_t i = 0; i < 16; ++i)
    if (((have.bytes[i] ^ name.bytes[i]) & mask.bytes[i]) != 0) return false;
  return true;
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

// ---- reachability --------------------------------------------------------------------------------------------------

// How one table's rules are reached from its hooks.
struct Reach {
  struct Place {
    std::vector<uint32_t> jumps;  // rules that jump to the chain in which this rule stands; empty: a hook entry does
    bool by_hook = false;
  };
  std::map<uint32_t, Place> chain_starts;  // first rule of a walked stretch -> how it is reached
  std::vector<uint32_t> start_of;          // rule -> first rule of its stretch, or kNone
};
constexpr uint32_t kNone = 0xffffffff;

bool unconditional(const Rule& rule) {
  const HeaderMatch& h = rule.header;
  return rule.matches.empty() && h.raw_flags == 0 && h.raw_invert_flags == 0 && h.protocol == 0 &&
         h.source_mask == Address{} && h.destination_mask == Address{} && h.in_mask.absent() && h.out_mask.absent() &&
         h.tos == 0;
}

bool ends_stretch(const Rule& rule) {
  if (rule.target.kind == TargetKind::kError) return true;
  if (!unconditional(rule)) return false;
  return rule.target.kind == TargetKind::kVerdict || rule.target.kind == TargetKind::kExtension ||
         (rule.target.kind == TargetKind::kJump && rule.header.goto_flag);
}

Reach reach_of(const Table& table, Hook hook) {
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
  return reach;
}

// Whether a packet without a mark, as all are here, fulfils the test; tests of other words are left open.
bool mark_test_holds(const WordTest& test) {
  if (test.dimension != Dimension::kMark) return true;
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
bool always_true(const Match& match, Family family) {
  const Lowered lowered = match.type->lower(match.info.get(), family);
  const auto holds = [](const WordTest& test) { return test.dimension == Dimension::kMark && mark_test_holds(test); };
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
  if (a.op == Op::kMaskedNotEqual && b.op == Op::kMaskedEqual) return contradict(b, a);
  if (a.op == Op::kMaskedEqual && a.b == UINT32_MAX && b.op == Op::kRange) return a.a < b.a || a.a > b.b;
  if (a.op == Op::kRange && b.op == Op::kMaskedEqual) return contradict(b, a);
  return false;
}

// The header's own conditions as tests, as far as they are one box.
Box header_box(const HeaderMatch& h, Family family) {
  Box box;
  const auto address = [&](Dimension first, const Address& value, const Address& mask, bool inverted) {
    if (inverted) return;
    for (unsigned word = 0; word < (family == Family::kIpv4 ? 1U : 4U); ++word)
      if (const uint32_t bits = get_word(mask, word); bits != 0)
        box.push_back({static_cast<Dimension>(static_cast<unsigned>(first) + word), WordTest::Op::kMaskedEqual,
                       get_word(value, word), bits});
  };
  address(Dimension::kSource0, h.source, h.source_mask, h.invert_source);
  address(Dimension::kDestination0, h.destination, h.destination_mask, h.invert_destination);
  const auto op = h.invert_protocol ? WordTest::Op::kMaskedNotEqual : WordTest::Op::kMaskedEqual;
  if (h.protocol != 0) box.push_back({Dimension::kMeta, op, h.protocol, 0xff});
  return box;
}

// Whether a packet of a path can fulfil the rule's own conditions at all, as far as that can be told from the rule alone.
bool satisfiable(const Table& table, const Rule& rule, PathKind path, Hook hook, const std::vector<std::string>& devices) {
  const HeaderMatch& h = rule.header;
  const auto device_exists = [&](const InterfaceName& name, const InterfaceName& mask, bool inverted, bool present) {
    if (mask.absent()) return true;
    if (!present) return interface_fits("", name, mask) != inverted;
    return std::ranges::any_of(devices,
                               [&](const std::string& device) { return interface_fits(device, name, mask) != inverted; });
  };
  const bool has_in = hook != Hook::kOutput,
             has_out = hook == Hook::kForward || hook == Hook::kOutput || hook == Hook::kPostrouting;
  if (!device_exists(h.in, h.in_mask, h.invert_in, has_in) || !device_exists(h.out, h.out_mask, h.invert_out, has_out))
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
    return table.family == Family::kIpv4 ? (mask[0] & 0xf0) == 0xf0 && address[0] >= 0xe0
                                         : mask[0] == 0xff && address[0] == 0xff;
  };
  if (!h.invert_source && hook != Hook::kOutput && hook != Hook::kPrerouting && multicast(h.source, h.source_mask))
    return false;
  if (!h.invert_destination && path != PathKind::kInput && multicast(h.destination, h.destination_mask)) return false;
  if (table.family == Family::kIpv4 && h.fragment && !h.invert_fragment && hook == Hook::kInput) return false;
  for (const Match& match : rule.matches) {
    const Lowered lowered = match.type->lower(match.info.get(), table.family);
    const auto possible = [](const Box& box) { return std::ranges::all_of(box, mark_test_holds); };
    if (std::ranges::none_of(lowered.boxes, possible)) return false;
  }
  return true;
}

bool same_or_weaker(const Rule& weak, const Rule& strong, Family family) {
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
  return std::ranges::all_of(weak.matches, [&](const Match& match) {
    return always_true(match, family) || std::ranges::any_of(strong.matches, [&](const Match& other) {
             return match.type == other.type && match.raw == other.raw;
           });
  });
}

// Whether a walk that comes to the stretch of rules from `first` on can come back to its caller.
bool can_return(const Table& table, uint32_t first, unsigned depth = 0) {
  if (depth > 32) return true;  // deeper than any real rule set: not worth telling
  for (uint32_t i = first; i < table.rules.size(); ++i) {
    const Rule& rule = table.rules[i];
    if (rule.target.kind == TargetKind::kVerdict && rule.target.verdict == StandardVerdict::kReturn) return true;
    if (rule.target.kind == TargetKind::kJump && rule.header.goto_flag &&
        can_return(table, index_of(rule.target.jump_to), depth + 1))
      return true;
    const bool calls_in_vain = rule.target.kind == TargetKind::kJump && unconditional(rule) &&
                               !can_return(table, index_of(rule.target.jump_to), depth + 1);
    if (ends_stretch(rule) || calls_in_vain) return false;
  }
  return false;
}

bool leaves_stretch(const Table& table, const Rule& rule) {
  switch (rule.target.kind) {
    case TargetKind::kVerdict:
    case TargetKind::kExtension:
    case TargetKind::kError:
      return true;
    case TargetKind::kJump:
      return rule.header.goto_flag || !can_return(table, index_of(rule.target.jump_to));
    case TargetKind::kFallThrough:
      return false;
  }
  return false;
}

// Whether the walk can come to rule `i` although earlier rules of its stretch leave it.
bool shadowed(const Table& table, uint32_t first, uint32_t i) {
  constexpr uint32_t kFarthest = 4096;
  for (uint32_t earlier = first; earlier < i && i - earlier < kFarthest; ++earlier)
    if (same_or_weaker(table.rules[earlier], table.rules[i], table.family) && leaves_stretch(table, table.rules[earlier]))
      return true;
  return false;
}

}  // namespace

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

struct PacketGenerator::State {
  struct Target {
    uint16_t table;
    Hook hook;
    uint32_t rule;
  };

  std::span<const Table> tables;
  Family family;
  std::vector<std::string> devices;  // usable for forwarding
  std::vector<std::string> devices_and_lo;
  Random random;
  std::vector<uint16_t> members;  // tables of the family
  std::map<std::pair<uint16_t, Hook>, Reach> reaches;
  std::map<std::tuple<PathKind, uint16_t, Hook, uint32_t>, bool> usable_rules;
  std::vector<std::unique_ptr<ReferenceEngine>> engines;  // parallel to tables; null for the other family
  std::vector<Address> sources, destinations;
  std::vector<uint16_t> ports;
  std::vector<uint8_t> protocols;
  std::vector<PathKind> paths = {PathKind::kForward, PathKind::kInput, PathKind::kOutput};
  std::map<PathKind, std::vector<Target>> targets;
  std::set<std::pair<uint16_t, uint32_t>> reachable, hit;
  std::vector<Probe> pending;  // fragments of a datagram that was cut
  uint16_t next_id = 1;
  // Whether a rule looks for a string by bm: on a reassembled datagram the kernel's bm misses a pattern that lies across two
  // of the device's buffers, and where buffers end depends on the device (tests/kernel/known-differences.md). None is cut
  // then.
  bool bm_rules = false;
  bool string_rules = false;

  void remember(const Rule& rule) {
    const HeaderMatch& h = rule.header;
    const auto remember_address = [&](std::vector<Address>& pool, const Address& address, const Address& mask) {
      if (mask == Address{} || pool.size() >= kMaxPool) return;
      Address last = address;
      for (size_t i = 0; i < (family == Family::kIpv4 ? 4U : 16U); ++i)
        last[i] = static_cast<uint8_t>(address[i] | ~mask[i]);
      pool.push_back(address);
      pool.push_back(last);
    };
    remember_address(sources, h.source, h.source_mask);
    remember_address(destinations, h.destination, h.destination_mask);
    if (h.protocol != 0 && h.protocol < 256) protocols.push_back(static_cast<uint8_t>(h.protocol));
    for (const Match& match : rule.matches) {
      if (match.name == "string") {
        string_rules = true;
        if (static_cast<const xt::StringMatch*>(match.info.get())->algorithm == xt::kBoyerMoore) bm_rules = true;
      }
      for (const Box& box : match.type->lower(match.info.get(), family).boxes)
        for (const WordTest& test : box) {
          const bool port = test.dimension == Dimension::kSourcePort || test.dimension == Dimension::kDestinationPort;
          if (!port || ports.size() >= kMaxPool) continue;
          for (const uint32_t value : {test.a - 1, test.a, test.b, test.b + 1})
            ports.push_back(static_cast<uint16_t>(value));
        }
    }
  }

  void plan() {
    targets.clear();
    reachable.clear();
    for (const PathKind path : paths) {
      bool open = true;  // some packet may still be on its way
      for (const Hook hook : hooks_of(path)) {
        for (const uint16_t t : members) {
          const Table& table = tables[t];
          if (!open || table.name == "nat" || !table.has_hook(hook))
            continue;  // nat counts nothing without connection tracking
          const Reach& reach = reaches.try_emplace({t, hook}, reach_of(table, hook)).first->second;
          bool accepts = false;
          for (uint32_t i = 0; i < table.rules.size(); ++i) {
            if (reach.start_of[i] == kNone || !usable(path, t, hook, i) || way_to(path, t, hook, i).empty()) continue;
            targets[path].push_back({t, hook, i});
            reachable.emplace(t, i);
            const auto& target = table.rules[i].target;
            accepts = accepts || (target.kind == TargetKind::kVerdict && target.verdict == StandardVerdict::kAccept);
          }
          open = accepts;
        }
      }
    }
  }

  // Judged once a rule and hook: conditions that a packet can fulfil, and no earlier rule that takes all such packets away.
  bool usable(PathKind path, uint16_t t, Hook hook, uint32_t i) {
    auto [known, fresh] = usable_rules.try_emplace({path, t, hook, i});
    if (fresh) {
      const Table& table = tables[t];
      known->second =
          satisfiable(table, table.rules[i], path, hook, path == PathKind::kForward ? devices : devices_and_lo) &&
          !shadowed(table, reaches.at({t, hook}).start_of[i], i);
    }
    return known->second;
  }

  // Draws one box a match and tells whether they and the headers contradict each other, over all rules of a way.
  bool draw_fits(const Table& table, const std::vector<uint32_t>& way) {
    Box all;
    for (const uint32_t i : way) {
      const Rule& rule = table.rules[i];
      Box box = header_box(rule.header, family);
      for (const Match& match : rule.matches) {
        const Lowered lowered = match.type->lower(match.info.get(), family);
        if (lowered.boxes.empty()) return false;
        const Box& chosen = any_of(random, lowered.boxes);
        box.insert(box.end(), chosen.begin(), chosen.end());
      }
      for (const WordTest& test : box) {
        if (std::ranges::any_of(all, [&](const WordTest& other) { return contradict(test, other); })) return false;
        all.push_back(test);
      }
    }
    return true;
  }

  // The rules on one random way from the hook to `rule`: the jumps taken, then the rule itself. Empty where a jump on every
  // way that was tried has conditions that no packet fulfils.
  std::vector<uint32_t> way_to(PathKind path, uint16_t t, Hook hook, uint32_t rule) {
    const Reach& reach = reaches.at({t, hook});
    const Table& table = tables[t];
    constexpr int kWays = 48;
    for (int trial = 0; trial < kWays; ++trial) {
      std::vector<uint32_t> way = {rule};
      uint32_t at = rule;
      bool open = true;
      while (open) {
        const Reach::Place& place = reach.chain_starts.at(reach.start_of[at]);
        if (place.jumps.empty() || (place.by_hook && chance(random, 50))) break;
        at = any_of(random, place.jumps);
        open = way.size() <= 64 && usable(path, t, hook, at);
        way.push_back(at);
      }
      if (!open || !draw_fits(table, way)) continue;
      std::ranges::reverse(way);
      return way;
    }
    return {};
  }

  Address random_address(const std::vector<Address>& pool, bool usable) {
    Address address{};
    if (!pool.empty() && chance(random, 60)) {
      address = any_of(random, pool);
      if (chance(random, 20)) address[family == Family::kIpv4 ? 3 : 15] ^= static_cast<uint8_t>(1U << below(random, 3));
    } else {
      for (size_t i = 0; i < (family == Family::kIpv4 ? 4U : 16U); ++i) address[i] = static_cast<uint8_t>(random());
      address[0] = family == Family::kIpv4 ? static_cast<uint8_t>(1 + below(random, 223)) : 0x20;
    }
    if (!usable) return address;
    if (family == Family::kIpv4 && (address[0] == 0 || address[0] == 127 || address[0] >= 224)) address[0] = 10;
    if (family == Family::kIpv6 && (address[0] == 0xff || address == Address{} || address[0] == 0xfe)) address[0] = 0x20;
    return address;
  }

  // Multicast of several scopes, and IPv4 broadcast.
  Address group_address() {
    static const std::array<Address, 5> kIpv4Groups = {
        Address{224, 0, 0, 1}, {224, 0, 0, 251}, {224, 0, 1, 1}, {239, 1, 2, 3}, {255, 255, 255, 255}};
    static const std::array<Address, 5> kIpv6Groups = {Address{0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1},
                                                       {0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xfb},
                                                       {0xff, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 3},
                                                       {0xff, 0x0e, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1},
                                                       {0xff, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};
    return (family == Family::kIpv4 ? kIpv4Groups : kIpv6Groups)[below(random, 5)];
  }

  Fields random_fields(PathKind path) {
    Fields f;
    f.source = random_address(sources, true);
    f.destination = random_address(destinations, true);
    static constexpr std::array<uint8_t, 9> kUsual = {kTcp, kTcp, kTcp, kUdp, kUdp, kSctp, kDccp, kUdplite, 47};
    f.protocol = kUsual[below(random, kUsual.size())];
    if (chance(random, 15)) f.protocol = family == Family::kIpv4 ? kIcmp : kIcmp6;
    if (!protocols.empty() && chance(random, 40)) f.protocol = any_of(random, protocols);
    const auto port = [&] {
      return !ports.empty() && chance(random, 70) ? any_of(random, ports) : static_cast<uint16_t>(random());
    };
    f.source_port = port();
    f.destination_port = port();
    static constexpr std::array<uint8_t, 6> kFlags = {0x02, 0x12, 0x10, 0x11, 0x04, 0x18};
    f.tcp_flags = chance(random, 70) ? kFlags[below(random, kFlags.size())] : static_cast<uint8_t>(random());
    f.icmp_type = static_cast<uint8_t>(chance(random, 80) ? below(random, family == Family::kIpv4 ? 19 : 5) +
                                                                (family == Family::kIpv6 && chance(random, 50) ? 128 : 0)
                                                          : random());
    f.icmp_code = static_cast<uint8_t>(chance(random, 60) ? 0 : below(random, 16));
    f.ttl = static_cast<uint8_t>(chance(random, 85) ? 64 : random());
    f.tos = static_cast<uint8_t>(chance(random, 80) ? 0 : random() & 0xfc);
    f.id = ++next_id != 0 ? next_id : ++next_id;
    f.dont_fragment = chance(random, 30);
    f.payload = static_cast<uint32_t>(below(random, 48));
    if (chance(random, 5)) f.tcp_options = {1, 1, 1, 1};
    if (chance(random, 6)) f.tcp_options = {2, 4, 5, 0xb4};
    if (family == Family::kIpv4 && chance(random, 4)) f.ip_options = {1, 1, 1, 1};
    if (family == Family::kIpv6 && chance(random, 12)) {
      static constexpr std::array<uint8_t, 4> kExtensions = {kIpv6Options, kIpv6Options, kAh, kIpv6Fragment};
      const size_t count = 1 + below(random, 2);
      for (size_t i = 0; i < count; ++i) f.extensions.push_back({kExtensions[below(random, kExtensions.size())], {}});
    }
    f.in = any_of(random, devices);
    f.out = any_of(random, devices);
    if (path == PathKind::kInput && chance(random, 3)) f.destination = group_address();
    if (path == PathKind::kInput && chance(random, 4)) f.in = "lo";
    if (path == PathKind::kOutput && chance(random, 4)) f.out = "lo";
    return f;
  }

  void fulfil_address(Address& address, const Address& value, const Address& mask, bool inverted) {
    const size_t size = family == Family::kIpv4 ? 4 : 16;
    if (mask == Address{}) return;
    const unsigned edge = static_cast<unsigned>(below(random, 4));
    if (inverted) {
      bool equal = true;
      for (size_t i = 0; i < size; ++i) equal = equal && ((address[i] ^ value[i]) & mask[i]) == 0;
      if (!equal) return;
      for (;;) {
        const size_t i = below(random, size);
        const auto bit = static_cast<uint8_t>(1U << below(random, 8));
        if ((mask[i] & bit) == 0) continue;
        address[i] ^= bit;
        return;
      }
    }
    for (size_t i = 0; i < size; ++i) {
      const uint8_t open = edge == 0 ? 0 : edge == 1 ? 0xff : static_cast<uint8_t>(edge == 2 ? random() : address[i]);
      address[i] = static_cast<uint8_t>((value[i] & mask[i]) | (open & ~mask[i]));
    }
  }

  void fulfil_interface(std::string& device, const InterfaceName& name, const InterfaceName& mask, bool inverted,
                        bool lo_allowed) {
    if (mask.absent() || interface_fits(device, name, mask) != inverted) return;
    std::vector<std::string> fitting;
    for (const std::string& candidate : lo_allowed ? devices_and_lo : devices)
      if (interface_fits(candidate, name, mask) != inverted) fitting.push_back(candidate);
    if (!fitting.empty()) device = any_of(random, fitting);
  }

  void fulfil(const Table& table, const Rule& rule, PathKind path, Fields& f) {
    const HeaderMatch& h = rule.header;
    fulfil_address(f.source, h.source, h.source_mask, h.invert_source);
    fulfil_address(f.destination, h.destination, h.destination_mask, h.invert_destination);
    if (path != PathKind::kOutput) fulfil_interface(f.in, h.in, h.in_mask, h.invert_in, path == PathKind::kInput);
    if (path != PathKind::kInput) fulfil_interface(f.out, h.out, h.out_mask, h.invert_out, path == PathKind::kOutput);
    if (h.protocol != 0) {
      if (!h.invert_protocol) {
        f.protocol = static_cast<uint8_t>(h.protocol);
      } else {
        while (f.protocol == h.protocol) f.protocol = static_cast<uint8_t>(below(random, 20));
      }
    }
    if (family == Family::kIpv4 && h.fragment) {
      if (h.invert_fragment) {
        f.fragment_offset = 0;
      } else if (f.fragment_offset == 0) {
        f.fragment_offset = static_cast<uint16_t>(1 + below(random, 100));
      }
    }
    for (const Match& match : rule.matches) fulfil_match(table, match, f);
  }

  void fulfil_match(const Table& table, const Match& match, Fields& f) {
    const Lowered lowered = match.type->lower(match.info.get(), table.family);
    if (!lowered.boxes.empty())
      for (const WordTest& test : any_of(random, lowered.boxes)) apply(random, test, f);
    if (match.name == "string") {
      const auto& wanted = *static_cast<const xt::StringMatch*>(match.info.get());
      if (wanted.inverted != 0) return;
      // Between the edges of the window, but behind the headers, which belong to other conditions.
      const uint32_t first = std::max<uint32_t>(wanted.from, family == Family::kIpv4 ? 44 : 84);
      const uint32_t last = std::min<uint32_t>(wanted.to, 1400);
      if (last < first + wanted.length) return;
      std::vector<uint8_t> pattern(wanted.pattern.begin(), wanted.pattern.begin() + wanted.length);
      if (wanted.fold_case != 0)
        for (uint8_t& c : pattern)
          if (c >= 'a' && c <= 'z' && chance(random, 50)) c = static_cast<uint8_t>(c - 0x20);
      const uint32_t offset =
          chance(random, 50) ? first + static_cast<uint32_t>(below(random, std::min(64U, last - wanted.length - first + 1)))
                             : edge_in(random, first, last - wanted.length);
      f.patterns.emplace_back(offset, std::move(pattern));
    } else if (match.name == "tcp" && !lowered.exact) {
      // An option is asked for; which one stands in the kernel's struct behind the four ports.
      const uint8_t option = match.raw.size() > 8 ? match.raw[8] : 0;
      f.tcp_options = option < 2 ? std::vector<uint8_t>{option, 1, 1, 1} : std::vector<uint8_t>{option, 4, 0, 0};
      if (chance(random, 20)) f.tcp_options = {8, 10, 0, 0, 0, 0, 0, 0, 0, 0, option, 2};
    }
  }

  // One field moved to a neighbour.
  void mutate(Fields& f, PathKind path) {
    switch (below(random, 14)) {
      case 0:
        f.source[(family == Family::kIpv4 ? 3 : 15) - below(random, family == Family::kIpv4 ? 4 : 8)] ^=
            static_cast<uint8_t>(1U << below(random, 8));
        break;
      case 1:
        f.destination[(family == Family::kIpv4 ? 3 : 15) - below(random, family == Family::kIpv4 ? 4 : 8)] ^=
            static_cast<uint8_t>(1U << below(random, 8));
        break;
      case 2:
        f.source_port = static_cast<uint16_t>(f.source_port + (chance(random, 50) ? 1 : 0xffff));
        break;
      case 3:
        f.destination_port = static_cast<uint16_t>(f.destination_port + (chance(random, 50) ? 1 : 0xffff));
        break;
      case 4:
        f.tcp_flags ^= static_cast<uint8_t>(1U << below(random, 8));
        break;
      case 5:
        f.icmp_code = static_cast<uint8_t>(f.icmp_code + (chance(random, 50) ? 1 : 0xff));
        break;
      case 6:
        f.icmp_type = static_cast<uint8_t>(f.icmp_type + (chance(random, 50) ? 1 : 0xff));
        break;
      case 7:
        f.ttl = static_cast<uint8_t>(f.ttl + (chance(random, 50) ? 1 : 0xff));
        break;
      case 8:
        if (f.length)
          f.length = *f.length + (chance(random, 50) ? 1 : UINT32_MAX);
        else
          f.payload = static_cast<uint32_t>(below(random, 200));
        break;
      case 9:
        f.protocol = static_cast<uint8_t>(chance(random, 50) ? kUdp : f.protocol + 1);
        break;
      case 10:
        f.fragment_offset = static_cast<uint16_t>(chance(random, 30) ? 1 : below(random, 200));
        f.more_fragments = chance(random, 50);
        if (family == Family::kIpv6) f.extensions.push_back({kIpv6Fragment, {}});
        break;
      case 11:
        if (path != PathKind::kOutput) f.in = any_of(random, devices);
        if (path != PathKind::kInput) f.out = any_of(random, devices);
        break;
      case 12:  // options that end before or behind where they do
        f.data_offset = static_cast<uint8_t>(chance(random, 50) ? below(random, 5) : 5 + below(random, 11));
        break;
      default:
        for (auto& [offset, pattern] : f.patterns) chance(random, 50) && offset > 44 ? --offset : ++offset;
        break;
    }
  }

  // Addresses that the stack has an opinion of.
  Address special_address() {
    static const std::array<Address, 10> kIpv4Special = {
        Address{0, 0, 0, 0},  {0, 1, 2, 3},   {127, 0, 0, 1},       {127, 1, 2, 3}, {169, 254, 1, 1},
        {223, 255, 255, 255}, {224, 0, 0, 1}, {255, 255, 255, 255}, {240, 0, 0, 1}, {10, 255, 255, 255}};
    static const std::array<Address, 10> kIpv6Special = {Address{},
                                                         {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1},
                                                         {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1},
                                                         {0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1},
                                                         {0xfe, 0xc0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1},
                                                         {0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1},
                                                         {0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1},
                                                         {0xff, 0x0e, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9},
                                                         {0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 1},
                                                         {0x20, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};
    return (family == Family::kIpv4 ? kIpv4Special : kIpv6Special)[below(random, 10)];
  }

  // IPv4 options, right and wrong ones, padded to whole words.
  std::vector<uint8_t> odd_ip_options(PathKind path) {
    static const std::vector<std::vector<uint8_t>> kOptions = {
        {0, 7, 7, 7},                              // end of list, then garbage
        {1, 1, 1, 0},                              // no-operations
        {0x94, 4, 0, 0},                           // router alert
        {0x94, 3, 0, 1},                           // too short a one
        {0x83, 7, 4, 10, 0, 0, 9, 1},              // loose source route
        {0x86, 6, 0, 0, 0, 1, 1, 1},               // CIPSO without a label definition
        {0x82, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1},  // security: no meaning here
        {0x9e, 2, 1, 1},                           // unknown
        {0x9e, 0, 1, 1},                           // a length that no option has
        {0x9e, 60, 1, 1},                          // a length beyond the header
        {0x1e},                                    // cut behind its kind
        {7, 7, 8, 10, 0, 0, 9, 1},                 // record route, full
        {7, 7, 3, 10, 0, 0, 9, 1},                 // record route with a pointer into its own header
        {0x44, 8, 5, 0, 0, 0, 0, 0},               // time stamp without addresses: written on arrival
        {0x44, 8, 9, 0xf0, 0, 0, 0, 0}             // time stamp whose overflow count is used up
    };
    // What a time stamp gets are the milliseconds of the day: never the same for two judges, so nothing may look at them.
    const size_t kinds = path == PathKind::kInput && !string_rules ? kOptions.size() : kOptions.size() - 2;
    std::vector<uint8_t> options = kOptions[below(random, kinds)];
    if (chance(random, 30)) options.insert(options.begin(), 1);
    options.resize((options.size() + 3) / 4 * 4);
    return options;
  }

  // One IPv6 extension header of any sort, well-formed or not.
  Extension odd_extension() {
    static constexpr std::array<uint8_t, 6> kKinds = {kHopByHop, kIpv6Options, kIpv6Route, kIpv6Fragment, kAh, kMobility};
    static const std::vector<std::vector<uint8_t>> kOptions = {
        {0, 1, 4, 0, 0, 0, 0},                          // PadN
        {0, 0, 0, 0, 0, 0, 0},                          // six times Pad1
        {0, 1, 4, 0, 1, 0, 0},                          // PadN that is not zero
        {0, 5, 2, 0, 0, 1, 0},                          // router alert
        {0, 5, 1, 0, 1, 1, 0},                          // router alert of a wrong length
        {0, 0x1e, 4, 1, 2, 3, 4},                       // unknown, to be skipped
        {0, 0x5e, 4, 1, 2, 3, 4},                       // unknown, to be dropped
        {0, 0xde, 4, 1, 2, 3, 4},                       // unknown, to be dropped with an answer
        {0, 0x1e, 5, 1, 2, 3, 4},                       // an option that goes on behind the header
        {0, 0xc2, 4, 0, 1, 0, 0},                       // jumbo payload in a packet that is none
        {1, 1, 4, 0, 0, 0, 0, 1, 6, 0, 0, 0, 0, 0, 0},  // two words, more padding than is allowed in a row
        {1, 0x1e, 0, 0x1e, 0, 0x1e, 0, 0x1e, 0, 0x1e, 0, 0x1e, 0, 1, 0},
        {2, 0x1e, 0, 0x1e, 0, 0x1e, 0, 0x1e, 0, 0x1e, 0, 0x1e, 0, 0x1e, 0, 0x1e, 0, 0x1e, 0, 1, 2, 0, 0},  // nine options
        {200, 1, 4, 0, 0, 0, 0}};  // a header longer than the packet
    Extension extension{kKinds[below(random, kKinds.size())], {}};
    if (extension.kind == kHopByHop || extension.kind == kIpv6Options) {
      extension.body = any_of(random, kOptions);
    } else if (chance(random, 50)) {
      extension.body.assign(7, 0);
      for (uint8_t& byte : extension.body)
        if (chance(random, 40)) byte = static_cast<uint8_t>(chance(random, 70) ? below(random, 4) : random());
    }
    return extension;
  }

  // Sets one field to something that the stack, or the parser of one engine, may have a special case for.
  void distort(Fields& f, PathKind path) {
    const bool v4 = family == Family::kIpv4;
    switch (below(random, 9)) {
      case 0:
        f.source = special_address();
        break;
      case 1:
        f.destination = special_address();
        break;
      case 2:
        f.ttl = static_cast<uint8_t>(chance(random, 80) ? below(random, 3) : 255);
        break;
      case 3:
      case 4:
        if (v4) {
          f.ip_options = odd_ip_options(path);
        } else {
          for (size_t count = 1 + below(random, 3); count > 0; --count) {
            Extension extension = odd_extension();
            // Hop-by-hop options belong in front; elsewhere they are met less often.
            const bool front = extension.kind == kHopByHop && chance(random, 80);
            f.extensions.insert(front ? f.extensions.begin() : f.extensions.end(), std::move(extension));
          }
          if (chance(random, 10)) f.protocol = chance(random, 50) ? kNoNextHeader : kEsp;
        }
        break;
      case 5: {
        static const std::vector<std::vector<uint8_t>> kOptions = {
            {2, 4, 5, 0xb4}, {2, 0, 1, 1}, {2, 1, 1, 1},  {8, 10, 0, 0, 0, 0, 0, 0, 0, 0, 2, 4},
            {0, 2, 4, 8},    {1, 1, 1, 2}, {5, 60, 2, 4}, {254, 2, 8, 10},
            {1, 1, 1, 8},    {3, 3, 7, 0}};
        f.tcp_options = any_of(random, kOptions);
        if (chance(random, 40)) f.data_offset = static_cast<uint8_t>(below(random, 16));
        break;
      }
      case 6:
        f.tos = static_cast<uint8_t>(random());
        f.reserved_flag = chance(random, 30);
        break;
      case 7:
        if (!f.length) f.payload = static_cast<uint32_t>(chance(random, 10) ? below(random, 65000) : below(random, 4000));
        break;
      default:
        if (v4) {
          f.fragment_offset = static_cast<uint16_t>(chance(random, 50) ? below(random, 4) : random() & 0x1fff);
          f.more_fragments = chance(random, 50);
        } else {
          f.fragment_offset = static_cast<uint16_t>(chance(random, 50) ? 0 : below(random, 3));
          f.more_fragments = chance(random, 50);
          f.extensions.push_back({kIpv6Fragment, {}});
          if (chance(random, 40)) f.extensions.push_back(odd_extension());
        }
        break;
    }
  }

  // Bends the bytes: lengths that lie, headers that end early, broken versions and checksums, padding.
  void bend(std::vector<uint8_t>& bytes) {
    if (bytes.size() < 20) return;
    const bool v4 = family == Family::kIpv4;
    const size_t header = v4 ? (bytes[0] & 0xfU) * 4U : 40;
    switch (below(random, 8)) {
      case 0:  // the L4 header ends early, and the length says so
      case 1:
      case 2: {
        const size_t size = header + below(random, 24);
        if (size >= bytes.size()) return;
        bytes.resize(size);
        if (v4) {
          store_be16(bytes.data() + 2, static_cast<uint16_t>(size));
          seal_ipv4(bytes);
        } else {
          store_be16(bytes.data() + 4, static_cast<uint16_t>(size - 40));
        }
        return;
      }
      case 3:
        bytes.resize(bytes.size() + 1 + below(random, 20));
        return;  // padding of the link
      case 4:
        bytes.resize(1 + below(random, bytes.size()));
        return;  // cut, and the length lies
      case 5:
        if (v4)
          bytes[10] ^= static_cast<uint8_t>(1 + below(random, 255));
        else if (bytes.size() > 42)
          bytes[41] = static_cast<uint8_t>(random());
        return;
      case 6:
        bytes[0] = static_cast<uint8_t>(random());
        if (v4 && (bytes[0] & 0xfU) * 4U <= bytes.size()) seal_ipv4(bytes);
        return;
      default:
        if (v4) {
          store_be16(bytes.data() + 2, static_cast<uint16_t>(below(random, bytes.size() + 8)));
          seal_ipv4(bytes);
        } else {
          bytes[6] = static_cast<uint8_t>(random());
        }
        return;
    }
  }

  // Cuts a whole IPv4 datagram into fragments, in random order, now and then one twice.
  void cut(const Probe& whole) {
    const std::vector<uint8_t>& bytes = whole.packet;
    const size_t header = (bytes[0] & 0xfU) * 4U;
    if (bytes.size() < header + 24) return;
    std::vector<Probe> fragments;
    for (size_t at = header; at < bytes.size();) {
      const size_t size = std::min(bytes.size() - at, 8 + 8 * below(random, 4));
      Probe fragment = whole;
      fragment.packet.assign(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(header));
      fragment.packet.insert(fragment.packet.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at),
                             bytes.begin() + static_cast<std::ptrdiff_t>(at + size));
      const bool last = at + size == bytes.size();
      store_be16(fragment.packet.data() + 2, static_cast<uint16_t>(fragment.packet.size()));
      store_be16(fragment.packet.data() + 6, static_cast<uint16_t>((last ? 0 : 0x2000) | (at - header) / 8));
      seal_ipv4(fragment.packet);
      fragments.push_back(std::move(fragment));
      at += size;
    }
    if (chance(random, 25)) spoil(fragments, header);
    if (chance(random, 50)) std::ranges::shuffle(fragments, random);
    if (chance(random, 10)) fragments.push_back(any_of(random, fragments));
    std::ranges::reverse(fragments);
    pending = std::move(fragments);
  }

  // One thing about the fragments of a datagram that reassembly must notice.
  void spoil(std::vector<Probe>& fragments, size_t header) {
    const size_t which = below(random, fragments.size());
    std::vector<uint8_t>& p = fragments[which].packet;
    const uint16_t word = load_be16(p.data() + 6);
    switch (below(random, 8)) {
      case 0:  // longer: it overlaps its neighbour, or the datagram's end lies elsewhere
        p.resize(p.size() + 8);
        break;
      case 1:  // shorter by less than a unit of 8
        p.resize(std::max(header + 1, p.size() - 1 - below(random, 7)));
        break;
      case 2:  // elsewhere
        store_be16(p.data() + 6, static_cast<uint16_t>(word + 1));
        break;
      case 3:  // not the last, or the last
        store_be16(p.data() + 6, static_cast<uint16_t>(word ^ 0x2000));
        break;
      case 4:  // DF on some
        for (Probe& fragment : fragments)
          if (chance(random, 60)) fragment.packet[6] |= 0x40;
        break;
      case 5:  // a mixture of ECN fields
        for (Probe& fragment : fragments)
          if (chance(random, 70)) fragment.packet[1] = static_cast<uint8_t>(fragment.packet[1] ^ below(random, 4));
        break;
      case 6:  // nothing in it
        p.resize(header);
        break;
      default:  // beyond the greatest length, or missing altogether
        if (chance(random, 60))
          store_be16(p.data() + 6, static_cast<uint16_t>((word & 0xe000) | 0x1fff));
        else if (fragments.size() > 1)
          fragments.erase(fragments.begin() + static_cast<std::ptrdiff_t>(which));
        break;
    }
    for (Probe& fragment : fragments) {
      store_be16(fragment.packet.data() + 2, static_cast<uint16_t>(fragment.packet.size()));
      seal_ipv4(fragment.packet);
    }
  }

  bool trial_hits(const Target& target, const Fields& f, std::vector<uint8_t> bytes) {
    const InterfaceName in = InterfaceName::from(f.in), out = InterfaceName::from(f.out);
    Packet packet;
    packet.data = bytes.data();
    packet.length = static_cast<uint32_t>(bytes.size());
    packet.family = family;
    packet.in = target.hook == Hook::kOutput ? &kNoInterface : &in;
    packet.out = target.hook == Hook::kInput || target.hook == Hook::kPrerouting ? &kNoInterface : &out;
    if (target.hook == Hook::kForward) --bytes[family == Family::kIpv4 ? 8 : 7];
    const Outcome outcome = engines[target.table]->walk(target.hook, packet);
    return std::ranges::any_of(outcome.bumps, [&](const Bump& bump) { return index_of(bump.rule) == target.rule; });
  }

  std::vector<uint8_t> bytes_of(const Fields& f) {
    return family == Family::kIpv4 ? ipv4_bytes(f, random) : ipv6_bytes(f, random);
  }

  Fields aimed_fields(PathKind path, const Target& target, std::vector<uint8_t>& bytes) {
    Fields f;
    for (int trial = 0; trial < kTrials; ++trial) {
      f = random_fields(path);
      if (trial == 0 && hit.contains({target.table, target.rule}) && chance(random, 30)) f.extensions.clear();
      const std::vector<uint32_t> way = way_to(path, target.table, target.hook, target.rule);
      for (const uint32_t rule : way) fulfil(tables[target.table], tables[target.table].rules[rule], path, f);
      constrain(path, f);
      bytes = bytes_of(f);
      if (trial_hits(target, f, bytes)) break;
    }
    return f;
  }

  // What the path demands of every packet that shall get to its hooks.
  void constrain(PathKind path, Fields& f) {
    if (path == PathKind::kForward && f.ttl < 2) f.ttl = 64;
    if (path == PathKind::kInput && f.in == "lo")
      f.destination =
          family == Family::kIpv4 ? Address{127, 0, 0, 1} : Address{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  }

  Probe make(PathKind path) {
    Probe probe;
    probe.path = path;
    std::vector<uint8_t> bytes;
    Fields f;
    const std::vector<Target>& aims = targets[path];
    if (!aims.empty() && chance(random, 85)) {
      // Rules that no packet has hit yet come first, most of the time.
      Target target = any_of(random, aims);
      for (int i = 0; i < 16 && hit.contains({target.table, target.rule}) && chance(random, 80); ++i)
        target = any_of(random, aims);
      f = aimed_fields(path, target, bytes);
      if (hit.contains({target.table, target.rule}) && chance(random, 55)) {
        mutate(f, path);
        bytes = bytes_of(f);
      }
    } else {
      f = random_fields(path);
      if (chance(random, 10)) f.source = random_address(sources, false);
      if (chance(random, 10)) f.destination = random_address(destinations, false);
      if (chance(random, 10)) mutate(f, path);
      constrain(path, f);
      bytes = bytes_of(f);
    }
    if (chance(random, 10)) {
      distort(f, path);
      if (path == PathKind::kInput && f.in == "lo") constrain(path, f);
      bytes = bytes_of(f);
    }
    if (chance(random, 6)) bend(bytes);
    if (path != PathKind::kOutput) probe.in = InterfaceName::from(f.in);
    if (path != PathKind::kInput) probe.out = InterfaceName::from(f.out);
    probe.packet = std::move(bytes);
    if (family == Family::kIpv4 && !bm_rules && chance(random, 4) && probe.packet.size() >= 44 && probe.packet[0] == 0x45 &&
        f.fragment_offset == 0 && !f.more_fragments && load_be16(probe.packet.data() + 2) == probe.packet.size())
      cut(probe);
    return probe;
  }
};

PacketGenerator::PacketGenerator(std::span<const Table> tables, Family family, std::vector<std::string> interfaces,
                                 uint64_t seed)
    : state_(std::make_unique<State>()) {
  State& s = *state_;
  s.tables = tables;
  s.family = family;
  s.devices = std::move(interfaces);
  s.devices_and_lo = s.devices;
  s.devices_and_lo.emplace_back("lo");
  s.random.seed(seed);
  for (uint16_t i = 0; i < tables.size(); ++i) {
    s.engines.push_back(nullptr);
    if (tables[i].family != family) continue;
    s.members.push_back(i);
    s.engines.back() = std::make_unique<ReferenceEngine>(tables[i]);
    for (const Rule& rule : tables[i].rules) s.remember(rule);
  }
  const auto priority = [&](uint16_t t) {
    return std::ranges::find(kTableKinds, tables[t].name, &TableKind::name)->priority;
  };
  std::ranges::stable_sort(s.members, {}, priority);
  s.plan();
}

PacketGenerator::~PacketGenerator() = default;

void PacketGenerator::set_paths(std::span<const PathKind> paths) {
  state_->paths.assign(paths.begin(), paths.end());
  state_->plan();
}

Probe PacketGenerator::next(PathKind path) {
  State& s = *state_;
  if (!s.pending.empty() && s.pending.back().path == path) {
    Probe probe = std::move(s.pending.back());
    s.pending.pop_back();
    return probe;
  }
  Probe probe = s.make(path);
  if (!s.pending.empty()) {
    probe = std::move(s.pending.back());
    s.pending.pop_back();
  }
  return probe;
}

void PacketGenerator::learn(std::span<const PathBump> bumps) {
  for (const PathBump& bump : bumps) {
    state_->reachable.emplace(bump.table, index_of(bump.rule));  // proven, whatever was thought of it
    state_->hit.emplace(bump.table, index_of(bump.rule));
  }
}

size_t PacketGenerator::reachable() const { return state_->reachable.size(); }
size_t PacketGenerator::hit() const { return state_->hit.size(); }

std::vector<std::string> PacketGenerator::missed() const {
  std::vector<std::string> names;
  for (const auto& rule : state_->reachable)
    if (!state_->hit.contains(rule)) names.push_back(state_->tables[rule.first].rule_name(RuleId{rule.second}));
  return names;
}

}  // namespace hookline
