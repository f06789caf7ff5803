#include "verify/packets.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <set>
#include <utility>

#include "base/bytes.h"
#include "table/extension.h"
#include "verify/aims/aims.h"
#include "verify/packet_fields.h"
#include "xt/string.h"

namespace hookline {
namespace {

constexpr int kTrials = 12;          // draws for one aimed packet before it goes out as it is
constexpr size_t kMaxPool = 512;     // values of a kind that are remembered from the rules
constexpr size_t kMaxLength = 1480;  // of an ordinary packet

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

}  // namespace

struct PacketGenerator::State {
  std::span<const Table> tables;
  Family family;
  Reachability reachability;
  std::vector<std::string> devices;  // lo is not among them
  Random random;
  std::vector<std::unique_ptr<ReferenceEngine>> engines;  // parallel to tables; null for the other family
  std::vector<Address> sources, destinations;
  std::vector<uint16_t> ports;
  std::vector<uint8_t> protocols;
  std::vector<std::array<uint8_t, kMacBytes>> macs;
  std::vector<PathKind> paths = {PathKind::kForward, PathKind::kInput, PathKind::kOutput};
  std::set<std::pair<uint16_t, uint32_t>> reachable, hit;
  std::vector<Probe> pending;  // fragments of a datagram that was cut
  uint16_t next_id = 1;
  uint32_t mtu = 65535;
  bool ethernet = false;
  uint64_t time_ns = 0;
  // Whether a rule looks for a string by bm: on a reassembled datagram the kernel's bm misses a pattern that lies across two
  // of the device's buffers, and where buffers end depends on the device (tests/kernel/known-differences.md). None is cut
  // then.
  bool bm_rules = false;
  bool string_rules = false;

  State(std::span<const Table> all_tables, Family one_family, std::vector<std::string> interfaces, uint64_t seed)
      : tables(all_tables),
        family(one_family),
        reachability(all_tables, one_family, interfaces),
        devices(std::move(interfaces)),
        random(seed) {}

  // Both ends of every network that the host has an address in or a route to, and its own addresses.
  void remember(const HostRecords& host) {
    const auto add = [&](const HostAddressBytes& first, unsigned bits) {
      const size_t size = family == Family::kIpv4 ? 4 : 16;
      if (bits == 0 || sources.size() >= kMaxPool) return;
      Address last = first, inside = first;
      for (size_t bit = bits; bit < size * 8; ++bit) {
        last[bit / 8] |= static_cast<uint8_t>(0x80U >> bit % 8);
        if (chance(random, 50)) inside[bit / 8] |= static_cast<uint8_t>(0x80U >> bit % 8);
      }
      for (std::vector<Address>* pool : {&sources, &destinations}) pool->insert(pool->end(), {first, last, inside});
    };
    for (const HostAddress& address : host.addresses)
      if (address.family == family) add(address.local, family == Family::kIpv4 ? 32 : 128);
    for (const HostRoute& route : host.routes)
      if (route.family == family) add(route.destination, route.destination_bits);
  }

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
      if (match.name == "mac" && match.raw.size() >= kMacBytes)
        std::copy_n(match.raw.begin(), kMacBytes, macs.emplace_back().begin());
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
    reachable.clear();
    for (const PathKind path : paths)
      for (const Aim& aim : reachability.aims(path)) reachable.emplace(aim.table, aim.rule);
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

  // Mostly to the device; a frame to a group is delivered here, but not forwarded.
  FrameAddresses random_frame(PathKind path) {
    static constexpr std::array<std::array<uint8_t, kMacBytes>, 5> kOthers = {{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
                                                                               {1, 0, 0x5e, 0, 0, 1},
                                                                               {0x33, 0x33, 0, 0, 0, 1},
                                                                               {0xff, 0xff, 0xff, 0xff, 0xff, 0xfe},
                                                                               {2, 0, 0, 0, 0, 2}}};
    FrameAddresses frame{kDeviceAddress, {2, 0, 0, 0, 0, static_cast<uint8_t>(below(random, 4))}};
    if (ethernet && chance(random, path == PathKind::kInput ? 12 : 3)) frame.destination = kOthers[below(random, 5)];
    if (ethernet && !macs.empty() && chance(random, 30))
      frame.source = any_of(random, macs);
    else if (ethernet && chance(random, 30))
      for (uint8_t& byte : frame.source) byte = static_cast<uint8_t>(random());
    return frame;
  }

  // Nothing where the packet does not come in by an Ethernet device.
  std::optional<FrameAddresses> frame_of(const Fields& f, PathKind path) const {
    if (!ethernet || path == PathKind::kOutput || f.in == "lo") return std::nullopt;
    return f.frame;
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
    f.frame = random_frame(path);
    if (path == PathKind::kInput && chance(random, 4)) f.in = "lo";
    if (path == PathKind::kOutput && chance(random, 4)) f.out = "lo";
    return f;
  }

  void fulfil_address(Address& address, const Address& value, const Address& mask, bool inverted) {
    const size_t size = family == Family::kIpv4 ? 4 : 16;
    if (mask == Address{}) return;
    bool fits = true;
    for (size_t i = 0; i < size; ++i) fits = fits && ((address[i] ^ value[i]) & mask[i]) == 0;
    // What an earlier step asked for is better kept.
    if (fits != inverted && chance(random, 50)) return;
    const unsigned edge = static_cast<unsigned>(below(random, 4));
    if (inverted) {
      if (!fits) return;
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
                        PathKind path) {
    if (mask.absent() || interface_fits(device, name, mask) != inverted) return;
    std::vector<std::string> fitting;
    for (const std::string& candidate : reachability.devices(path))
      if (interface_fits(candidate, name, mask) != inverted) fitting.push_back(candidate);
    if (!fitting.empty()) device = any_of(random, fitting);
  }

  void fulfil(const Step& step, PathKind path, Fields& f) {
    const Rule& rule = tables[step.table].rules[step.rule];
    const HeaderMatch& h = rule.header;
    fulfil_address(f.source, h.source, h.source_mask, h.invert_source);
    fulfil_address(f.destination, h.destination, h.destination_mask, h.invert_destination);
    if (path != PathKind::kOutput) fulfil_interface(f.in, h.in, h.in_mask, h.invert_in, path);
    if (path != PathKind::kInput && step.hook != Hook::kPrerouting)
      fulfil_interface(f.out, h.out, h.out_mask, h.invert_out, path);
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
    for (size_t i = 0; i < rule.matches.size(); ++i) {
      for (const WordTest& test : step.boxes[i]) apply(random, test, f);
      const MatchAim* aim = find_aim(rule.matches[i].name);
      if (aim != nullptr && aim->fulfil != nullptr) aim->fulfil(rule.matches[i], family, random, f);
    }
    if (rule.target.kind != TargetKind::kExtension) return;
    const TargetAim* aim = find_target_aim(rule.target.name);
    if (aim != nullptr && aim->vary != nullptr) aim->vary(family, random, f);
  }

  enum Mutation : uint8_t {
    kMoveSource,
    kMoveDestination,
    kMoveSourcePort,
    kMoveDestinationPort,
    kMoveFlags,
    kMoveCode,
    kMoveType,
    kMoveTtl,
    kMoveLength,
    kMoveProtocol,
    kMoveFragment,
    kMoveDevices,
    kMissMatch,
    kMutations
  };

  // The fields that the conditions of a rule ask about.
  std::vector<Mutation> asked_by(const Rule& rule) {
    const HeaderMatch& h = rule.header;
    std::vector<Mutation> asked;
    if (h.source_mask != Address{}) asked.push_back(kMoveSource);
    if (h.destination_mask != Address{}) asked.push_back(kMoveDestination);
    if (!h.in_mask.absent() || !h.out_mask.absent()) asked.push_back(kMoveDevices);
    if (h.protocol != 0) asked.push_back(kMoveProtocol);
    if (h.protocol != 0 || h.fragment) asked.push_back(kMoveFragment);
    for (const Match& match : rule.matches) {
      const Lowered lowered = match.type->lower(match.info.get(), family);
      if (const MatchAim* aim = find_aim(match.name); aim != nullptr && aim->miss != nullptr)
        asked.insert(asked.end(), {kMissMatch, kMissMatch});
      if (match.name == "tcp") asked.push_back(kMoveFlags);
      if (match.name == "icmp" || match.name == "icmp6") asked.insert(asked.end(), {kMoveCode, kMoveType});
      if (lowered.boxes.empty()) continue;
      for (const WordTest& test : lowered.boxes.front()) {
        if (test.dimension <= Dimension::kSource3)
          asked.push_back(kMoveSource);
        else if (test.dimension <= Dimension::kDestination3)
          asked.push_back(kMoveDestination);
        else if (test.dimension == Dimension::kSourcePort)
          asked.push_back(kMoveSourcePort);
        else if (test.dimension == Dimension::kDestinationPort)
          asked.push_back(kMoveDestinationPort);
        else if (test.dimension == Dimension::kLength)
          asked.push_back(kMoveLength);
        else if (test.dimension == Dimension::kTtl)
          asked.push_back(kMoveTtl);
      }
    }
    return asked;
  }

  // One field moved to a neighbour; mostly one that the rule asks about.
  void mutate(Fields& f, PathKind path, const Rule* rule) {
    auto mutation = static_cast<Mutation>(below(random, kMutations));
    if (rule != nullptr && chance(random, 75))
      if (const std::vector<Mutation> asked = asked_by(*rule); !asked.empty()) mutation = any_of(random, asked);
    switch (mutation) {
      case kMoveSource:
        f.source[(family == Family::kIpv4 ? 3 : 15) - below(random, family == Family::kIpv4 ? 4 : 8)] ^=
            static_cast<uint8_t>(1U << below(random, 8));
        break;
      case kMoveDestination:
        f.destination[(family == Family::kIpv4 ? 3 : 15) - below(random, family == Family::kIpv4 ? 4 : 8)] ^=
            static_cast<uint8_t>(1U << below(random, 8));
        break;
      case kMoveSourcePort:
        f.source_port = static_cast<uint16_t>(f.source_port + (chance(random, 50) ? 1 : 0xffff));
        break;
      case kMoveDestinationPort:
        f.destination_port = static_cast<uint16_t>(f.destination_port + (chance(random, 50) ? 1 : 0xffff));
        break;
      case kMoveFlags:
        f.tcp_flags ^= static_cast<uint8_t>(1U << below(random, 8));
        break;
      case kMoveCode:
        f.icmp_code = static_cast<uint8_t>(f.icmp_code + (chance(random, 50) ? 1 : 0xff));
        break;
      case kMoveType:
        f.icmp_type = static_cast<uint8_t>(f.icmp_type + (chance(random, 50) ? 1 : 0xff));
        break;
      case kMoveTtl:
        f.ttl = static_cast<uint8_t>(f.ttl + (chance(random, 50) ? 1 : 0xff));
        break;
      case kMoveLength:
        if (f.length)
          f.length = *f.length + (chance(random, 50) ? 1 : UINT32_MAX);
        else
          f.payload = static_cast<uint32_t>(below(random, 200));
        break;
      case kMoveProtocol:
        f.protocol = static_cast<uint8_t>(chance(random, 50) ? kUdp : f.protocol + 1);
        break;
      case kMoveFragment:
        f.fragment_offset = static_cast<uint16_t>(chance(random, 30) ? 1 : below(random, 200));
        f.more_fragments = chance(random, 50);
        if (family == Family::kIpv6) f.extensions.push_back({kIpv6Fragment, {}});
        break;
      case kMoveDevices:
        if (path != PathKind::kOutput) f.in = any_of(random, devices);
        if (path != PathKind::kInput) f.out = any_of(random, devices);
        break;
      case kMissMatch:
      case kMutations:
        if (rule != nullptr) miss_match(*rule, f);
        break;
    }
  }

  // The bytes of one of the rule's matches moved across an edge.
  void miss_match(const Rule& rule, Fields& f) {
    if (rule.matches.empty()) return;
    const Match& match = any_of(random, rule.matches);
    const MatchAim* aim = find_aim(match.name);
    if (aim != nullptr && aim->miss != nullptr) aim->miss(match, family, random, f);
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
    if (mtu <= 9000 && chance(random, 25)) {
      f.length = mtu - 1 + static_cast<uint32_t>(below(random, 4));
      f.dont_fragment = chance(random, 50);
      return;
    }
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
    for (Probe& fragment : fragments)
      if (fragment.frame && chance(random, 10)) fragment.frame = random_frame(fragment.path);
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

  // Whether the packet, as the stack hands it to the hooks, hits the aim.
  bool trial_hits(PathKind path, const Aim& aim, const Fields& f, std::vector<uint8_t> bytes) {
    const InterfaceName in = InterfaceName::from(f.in), out = InterfaceName::from(f.out);
    Packet packet;
    packet.data = bytes.data();
    packet.length = static_cast<uint32_t>(bytes.size());
    packet.family = family;
    if (const auto frame = frame_of(f, path); frame) {
      packet.type = packet_type(*frame);
      packet.source_mac = f.frame.source.data();
      packet.destination_mac = f.frame.destination.data();
    }
    packet.in = path == PathKind::kOutput ? &kNoInterface : &in;
    const Sender root;
    if (path == PathKind::kOutput) packet.sender = &root;
    packet.time_ns = time_ns;
    Hook before = Hook::kPrerouting;
    for (const auto& [hook, table] : reachability.walk_of(path)) {
      packet.out = hook == Hook::kInput || hook == Hook::kPrerouting ? &kNoInterface : &out;
      if (path == PathKind::kForward && before == Hook::kPrerouting && hook != before)
        --bytes[family == Family::kIpv4 ? 8 : 7];
      before = hook;
      const Outcome outcome = engines[table]->walk(hook, packet);
      if (table == aim.table && hook == aim.hook)
        return std::ranges::any_of(outcome.bumps, [&](const Bump& bump) { return index_of(bump.rule) == aim.rule; });
      if (outcome.verdict != Verdict::kAccept) return false;
    }
    return false;
  }

  std::vector<uint8_t> bytes_of(const Fields& f) {
    return family == Family::kIpv4 ? ipv4_bytes(f, random) : ipv6_bytes(f, random);
  }

  Fields aimed_fields(PathKind path, const Aim& aim, std::vector<uint8_t>& bytes) {
    Fields f;
    for (int trial = 0; trial < kTrials; ++trial) {
      f = random_fields(path);
      for (const Step& step : reachability.draw_way(path, aim, random)) fulfil(step, path, f);
      constrain(path, f);
      bytes = bytes_of(f);
      if (trial_hits(path, aim, f, bytes)) break;
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
    const std::vector<Aim>& aims = reachability.aims(path);
    if (!aims.empty() && chance(random, 85)) {
      // Rules that no packet has hit yet come first, most of the time.
      Aim aim = any_of(random, aims);
      for (int i = 0; i < 16 && hit.contains({aim.table, aim.rule}) && chance(random, 80); ++i) aim = any_of(random, aims);
      f = aimed_fields(path, aim, bytes);
      if (hit.contains({aim.table, aim.rule}) && chance(random, 55)) {
        mutate(f, path, &tables[aim.table].rules[aim.rule]);
        bytes = bytes_of(f);
      }
    } else {
      f = random_fields(path);
      if (chance(random, 10)) f.source = random_address(sources, false);
      if (chance(random, 10)) f.destination = random_address(destinations, false);
      if (chance(random, 10)) mutate(f, path, nullptr);
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
    probe.frame = frame_of(f, path);
    if (family == Family::kIpv4 && !bm_rules && chance(random, 4) && probe.packet.size() >= 44 && probe.packet[0] == 0x45 &&
        f.fragment_offset == 0 && !f.more_fragments && load_be16(probe.packet.data() + 2) == probe.packet.size())
      cut(probe);
    return probe;
  }
};

PacketGenerator::PacketGenerator(std::span<const Table> tables, std::shared_ptr<const HostView> host, Family family,
                                 std::vector<std::string> interfaces, uint64_t seed)
    : state_(std::make_unique<State>(tables, family, std::move(interfaces), seed)) {
  State& s = *state_;
  if (host != nullptr) s.remember(host->records());
  const auto world = std::make_shared<World>(std::move(host));
  s.engines.resize(tables.size());
  for (size_t i = tables.size(); i-- > 0;)  // as a load starts them
    if (tables[i].family == family) s.engines[i] = std::make_unique<ReferenceEngine>(tables[i], world);
  for (const Table& table : tables) {
    if (table.family != family) continue;
    for (const Rule& rule : table.rules) s.remember(rule);
  }
  s.plan();
}

PacketGenerator::~PacketGenerator() = default;

void PacketGenerator::set_paths(std::span<const PathKind> paths) {
  state_->paths.assign(paths.begin(), paths.end());
  state_->plan();
}

void PacketGenerator::set_time(uint64_t time_ns) { state_->time_ns = time_ns; }
void PacketGenerator::set_mtu(uint32_t mtu) { state_->mtu = mtu; }

void PacketGenerator::set_ethernet(bool ethernet) { state_->ethernet = ethernet; }

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
