// tests/unit/ipset_test.cpp: sets at run time against an obvious twin: a list of elements that is gone through for each
// question, as the manual of ipset(8) tells it. Random sets of every kind, packets that meet them, additions and removals.
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <cstdlib>
#include <random>

#include "ipset/extensions.h"
#include "ipset/sets.h"
#include "support/packets.h"
#include "support/set_builder.h"

namespace hookline::test {
namespace {

using ipset::Address;
using ipset::Ask;
using ipset::Element;
using ipset::Kind;

constexpr uint32_t kHz = 250;

uint64_t seed() {
  const char* given = std::getenv("HOOKLINE_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 0) : 7;
}

bool in_net(const Address& address, const Address& net, unsigned bits) {
  for (unsigned bit = 0; bit < bits; ++bit)
    if (((address[bit / 8] ^ net[bit / 8]) >> (7 - bit % 8) & 1) != 0) return false;
  return true;
}

Address cut(Address address, unsigned bits) {
  for (unsigned bit = bits; bit < 128; ++bit)
    address[bit / 8] = static_cast<uint8_t>(address[bit / 8] & ~(0x80U >> bit % 8));
  return address;
}

// What the packet brings, read by the test itself: packets here are whole, without extension headers.
struct Brought {
  Address source{}, destination{};
  uint8_t protocol = 0;
  uint16_t source_port = 0, destination_port = 0;
  std::vector<uint8_t> bytes;
  InterfaceName in, out;
  ipset::Mac source_mac{}, destination_mac{};
  Packet packet;
};

class Twin {
 public:
  struct Stored : Element {
    uint64_t expires = 0;
  };

  Twin(const SetHeader& header, const std::vector<Element>& elements) : header_(header) {
    for (const Element& element : elements) {
      Stored stored;
      static_cast<Element&>(stored) = element;
      stored.expires = element.timeout == 0 ? 0 : ipset::kStart + uint64_t{element.timeout} * kHz;
      elements_.push_back(stored);
    }
  }

  bool test(const Brought& b, Ask& ask) {
    Stored probe;
    if (!read(b, ask, probe)) return false;
    if (header_.type == "bitmap:ip,mac")
      for (Stored& e : elements_)
        if (e.ip == probe.ip && !e.has_mac) {
          e.mac = probe.mac;
          e.has_mac = true;
          e.packets = 1;
          e.bytes = b.packet.length;
          e.expires = e.timeout == 0 ? 0 : ask.now + uint64_t{e.timeout} * kHz;
          return true;
        }
    for (int prefix = nets() ? width() : 0; prefix >= 0; --prefix) {
      bool net_found = false;
      for (Stored& e : elements_) {
        if (nets() && e.prefix != prefix) continue;
        if (!same_but_iface(e, probe, static_cast<unsigned>(prefix)) || e.physdev) continue;
        net_found = true;
        if (!same_iface(e, probe)) continue;
        if (hit(e, b, ask)) return e.nomatch == ((ask.flags & IPSET_FLAG_RETURN_NOMATCH) != 0);
        net_found = false;
      }
      if (net_found && header_.type == "hash:net,iface") return false;
    }
    return false;
  }

  void add(const Brought& b, Ask& ask) {
    Stored probe;
    if (!read(b, ask, probe)) return;
    cut_to_longest(probe);
    if (hash() && elements_.size() >= header_.max_elements && header_.timeout)
      std::erase_if(elements_, [&](const Stored& e) { return expired(e, ask.now); });
    const auto old = std::find_if(elements_.begin(), elements_.end(), [&](const Stored& e) { return equal(e, probe); });
    const bool refresh = old != elements_.end();
    if (refresh && (ask.flags & IPSET_FLAG_EXIST) == 0 && !expired(*old, ask.now)) return;
    if (!refresh && hash() && elements_.size() >= header_.max_elements) return;
    if (!refresh) elements_.push_back(probe);
    Stored& e = refresh ? *old : elements_.back();
    if (probe.has_mac && (!refresh || (ask.flags & IPSET_FLAG_EXIST) != 0)) e.mac = probe.mac;
    e.nomatch = false;
    e.packets = 1;
    e.bytes = b.packet.length;
    e.skb_mark = e.skb_mask = 0;
    const uint32_t seconds = ask.timeout == UINT32_MAX ? header_.timeout.value_or(0) : ask.timeout;
    e.expires = seconds == 0 ? 0 : ask.now + uint64_t{seconds} * kHz;
  }

  void remove(const Brought& b, Ask& ask) {
    Stored probe;
    if (!read(b, ask, probe)) return;
    cut_to_longest(probe);
    const auto old = std::find_if(elements_.begin(), elements_.end(), [&](const Stored& e) { return equal(e, probe); });
    if (old == elements_.end() || (hash() && expired(*old, ask.now))) return;
    elements_.erase(old);
  }

 private:
  [[nodiscard]] bool nets() const { return header_.type.find("net") != std::string::npos; }
  [[nodiscard]] bool hash() const { return header_.type.starts_with("hash:"); }
  [[nodiscard]] bool second() const { return header_.type.starts_with("hash:ip,port,"); }
  [[nodiscard]] int width() const { return header_.family == AF_INET ? 32 : 128; }
  [[nodiscard]] bool expired(const Stored& e, uint64_t now) const {
    return header_.timeout && e.expires != 0 && e.expires < now;
  }

  bool read(const Brought& b, const Ask& ask, Stored& probe) const {
    const auto address = [&](unsigned n) { return ask.source(n) ? b.source : b.destination; };
    const bool bitmap_port = header_.type == "bitmap:port";
    if (header_.type.find("port") != std::string::npos) {
      probe.protocol = bitmap_port ? uint8_t{0} : b.protocol;
      probe.port = ask.source(bitmap_port ? 1 : 2) ? b.source_port : b.destination_port;
      if (bitmap_port && b.protocol != IPPROTO_TCP && b.protocol != IPPROTO_UDP) return false;
      if (bitmap_port) return probe.port >= header_.first && probe.port <= header_.last;
    }
    probe.ip = address(1);
    if (header_.netmask != 0) probe.ip = cut(probe.ip, header_.netmask);
    if (second()) probe.ip2 = address(3);
    if ((header_.type == "hash:ip" || header_.type == "hash:ip,port") && probe.ip == Address{}) return false;
    if (header_.type.starts_with("bitmap:")) {
      const uint32_t number = load_be32(address(1).data());
      if (number < header_.first || number > header_.last) return false;
    }
    if (header_.type == "hash:net,iface") {
      probe.iface = ask.source(2) ? b.in : b.out;
      if (probe.iface.absent()) return false;
    }
    if (header_.type == "bitmap:ip,mac") {
      probe.mac = ask.source(2) ? b.source_mac : b.destination_mac;
      probe.has_mac = true;
      if (probe.mac == ipset::Mac{}) return false;
    }
    return true;
  }

  // The net is the last address.
  bool same_but_iface(const Stored& e, const Stored& probe, unsigned prefix) const {
    const Address& net = second() ? e.ip2 : e.ip;
    const Address& last = second() ? probe.ip2 : probe.ip;
    if (nets() ? !in_net(last, net, prefix) : last != net) return false;
    if (second() && e.ip != probe.ip) return false;
    if (header_.type == "bitmap:ip,mac" && e.mac != probe.mac) return false;
    return e.port == probe.port && e.protocol == probe.protocol;
  }
  static bool same_iface(const Stored& e, const Stored& probe) {
    return e.wildcard ? probe.iface.view().starts_with(e.iface.view()) : e.iface == probe.iface;
  }
  bool equal(const Stored& e, const Stored& probe) const {
    if (nets() && (e.prefix != probe.prefix || e.physdev)) return false;
    if (header_.type == "bitmap:ip,mac") return e.ip == probe.ip;
    return e.ip == probe.ip && e.ip2 == probe.ip2 && e.port == probe.port && e.protocol == probe.protocol &&
           same_iface(e, probe);
  }

  void cut_to_longest(Stored& probe) const {
    if (!nets()) return;
    int longest = -1;
    for (const Stored& e : elements_) longest = std::max<int>(longest, e.prefix);
    probe.prefix = static_cast<uint8_t>(longest < 0 ? width() : longest);
    Address& net = second() ? probe.ip2 : probe.ip;
    net = cut(net, probe.prefix);
  }

  bool hit(Stored& e, const Brought& b, Ask& ask) const {
    if (expired(e, ask.now)) return false;
    if ((header_.flags & IPSET_FLAG_WITH_COUNTERS) != 0) {
      if ((ask.flags & IPSET_FLAG_SKIP_COUNTER_UPDATE) == 0) {
        e.packets += 1;
        e.bytes += b.packet.length;
      }
      if ((ask.flags & IPSET_FLAG_MATCH_COUNTERS) != 0 && !(ask.packets.holds(e.packets) && ask.bytes.holds(e.bytes)))
        return false;
    }
    if ((header_.flags & IPSET_FLAG_WITH_SKBINFO) != 0) ask.skbinfo = {e.skb_mark, e.skb_mask, 0, 0};
    return true;
  }

  SetHeader header_;
  std::vector<Stored> elements_;
};

class Random {
 public:
  explicit Random(uint64_t start) : engine_(start) {}
  uint32_t below(uint32_t bound) { return static_cast<uint32_t>(engine_() % bound); }
  bool once_in(uint32_t n) { return below(n) == 0; }

 private:
  std::mt19937_64 engine_;
};

// Few addresses, which meet in nets of many lengths.
Address some_address(uint8_t family, Random& random) {
  Address address{};
  const size_t size = family == AF_INET ? 4 : 16;
  if (!random.once_in(20)) address[0] = 10;
  for (size_t i = 1; i < size; ++i)
    if (random.once_in(size == 4 ? 2 : 8)) address[i] = static_cast<uint8_t>(random.below(3) << (random.once_in(2) ? 6 : 0));
  return address;
}

constexpr const char* kInterfaces[] = {"eth0", "eth1", "lan", "e"};
constexpr uint8_t kProtocols[] = {IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMP, 47};

std::vector<Element> some_elements(const SetHeader& header, Random& random) {
  std::vector<Element> elements;
  const bool nets = header.type.find("net") != std::string::npos;
  const bool second = header.type.starts_with("hash:ip,port,");
  for (uint32_t n = random.below(60); n > 0 && elements.size() < header.max_elements; --n) {
    Element e;
    if (header.type == "bitmap:port") {
      e.port = static_cast<uint16_t>(header.first + random.below(header.last - header.first + 1));
    } else if (header.type.starts_with("bitmap:")) {
      e.ip = ipv4_address(header.first + random.below(header.last - header.first + 1));
      if (header.netmask != 0) e.ip = cut(e.ip, header.netmask);
    } else {
      e.ip = some_address(header.family, random);
      if (second) e.ip2 = some_address(header.family, random);
    }
    if (nets) {
      e.prefix = static_cast<uint8_t>(1 + random.below(header.family == AF_INET ? 32 : 128));
      Address& net = second ? e.ip2 : e.ip;
      net = cut(net, e.prefix);
      e.nomatch = random.once_in(4);
    }
    if (header.type == "hash:ip" || header.type == "hash:ip,port") {
      if (header.netmask != 0) e.ip = cut(e.ip, header.netmask);
      if (e.ip == Address{}) continue;
    }
    if (header.type.starts_with("hash:") && header.type.find("port") != std::string::npos) {
      e.protocol = kProtocols[random.below(4)];
      e.port = static_cast<uint16_t>(random.below(4));
    }
    if (header.type == "hash:net,iface") {
      e.iface = InterfaceName::from(kInterfaces[random.below(4)]);
      e.wildcard = random.once_in(3);
      e.physdev = random.once_in(6);
    }
    if (header.type == "bitmap:ip,mac" && !random.once_in(3)) {
      e.has_mac = true;
      e.mac = {2, 0, 0, 0, 0, static_cast<uint8_t>(1 + random.below(3))};
    }
    if (header.timeout) e.timeout = random.below(4);
    if ((header.flags & IPSET_FLAG_WITH_COUNTERS) != 0) e.packets = random.below(4), e.bytes = random.below(400);
    if ((header.flags & IPSET_FLAG_WITH_SKBINFO) != 0) e.skb_mark = random.below(256), e.skb_mask = random.below(256);
    const bool there = std::any_of(elements.begin(), elements.end(), [&](const Element& other) {
      if (header.type.starts_with("bitmap:")) return other.ip == e.ip && other.port == e.port;
      return other.ip == e.ip && other.ip2 == e.ip2 && other.prefix == e.prefix && other.port == e.port &&
             other.protocol == e.protocol && other.iface == e.iface && other.physdev == e.physdev;
    });
    if (!there) elements.push_back(e);
  }
  return elements;
}

void some_packet(uint8_t family, Random& random, Brought& b) {
  b.protocol = kProtocols[random.below(4)];
  std::vector<uint8_t> l4(20 + random.below(20));
  store_be16(l4.data(), static_cast<uint16_t>(random.below(4)));
  store_be16(l4.data() + 2, static_cast<uint16_t>(random.below(4)));
  l4[12] = 0x50;
  b.source = some_address(family, random);
  b.destination = some_address(family, random);
  const size_t size = family == AF_INET ? 4 : 16, at = family == AF_INET ? 12 : 8;
  if (family == AF_INET) {
    Ipv4Spec spec;
    spec.protocol = b.protocol;
    spec.payload = l4;
    b.bytes = ipv4(spec);
  } else {
    Ipv6Spec spec;
    spec.next_header = b.protocol;
    spec.payload = l4;
    b.bytes = ipv6(spec);
  }
  std::copy_n(b.source.begin(), size, b.bytes.begin() + static_cast<std::ptrdiff_t>(at));
  std::copy_n(b.destination.begin(), size, b.bytes.begin() + static_cast<std::ptrdiff_t>(at + size));
  b.source_port = load_be16(l4.data());
  b.destination_port = load_be16(l4.data() + 2);
  if (b.protocol == 47) b.source_port = b.destination_port = 0;
  if (b.protocol == IPPROTO_ICMP) b.destination_port = b.source_port;
  b.in = random.once_in(5) ? InterfaceName{} : InterfaceName::from(kInterfaces[random.below(4)]);
  b.out = random.once_in(5) ? InterfaceName{} : InterfaceName::from(kInterfaces[random.below(4)]);
  b.source_mac = {2, 0, 0, 0, 0, static_cast<uint8_t>(random.below(4))};
  if (random.once_in(8)) b.source_mac = {};
  b.destination_mac = {2, 0, 0, 0, 0, 3};
  b.packet = {};
  b.packet.data = b.bytes.data();
  b.packet.length = static_cast<uint32_t>(b.bytes.size());
  b.packet.family = family == AF_INET ? Family::kIpv4 : Family::kIpv6;
  b.packet.in = &b.in;
  b.packet.out = &b.out;
  b.packet.source_mac = b.source_mac.data();
  b.packet.destination_mac = b.destination_mac.data();
}

SetHeader some_header(const std::string& type, uint8_t family, Random& random) {
  SetHeader header;
  header.name = "s";
  header.type = type;
  header.family = type == "bitmap:port" ? uint8_t{AF_UNSPEC} : family;
  header.max_elements = random.once_in(3) ? 1 + random.below(70) : 65536;
  if (random.once_in(2)) header.timeout = random.below(4);
  if (random.once_in(2)) header.flags |= IPSET_FLAG_WITH_COUNTERS;
  if (random.once_in(2)) header.flags |= IPSET_FLAG_WITH_SKBINFO;
  const uint32_t width = family == AF_INET ? 32 : 128;
  if ((type == "hash:ip" || type == "hash:ip,port") && random.once_in(3))
    header.netmask = static_cast<uint8_t>(1 + random.below(width));
  if (type == "bitmap:port") header.first = random.below(3), header.last = header.first + random.below(5);
  if (type == "bitmap:ip" || type == "bitmap:ip,mac") {
    header.first = 0x0a000000, header.last = 0x0a00ffff;
    if (type == "bitmap:ip" && random.once_in(2)) header.netmask = static_cast<uint8_t>(20 + random.below(13));
  }
  return header;
}

TEST(Ipset, AgreesWithTheObviousTwin) {
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed()));
  Random random(seed());
  size_t hits = 0, asked = 0;
  for (const char* type : {"bitmap:ip", "bitmap:ip,mac", "bitmap:port", "hash:ip", "hash:ip,port", "hash:ip,port,ip",
                           "hash:ip,port,net", "hash:net", "hash:net,port", "hash:net,iface"}) {
    size_t hits_of_type = 0;
    for (int round = 0; round < 300; ++round) {
      const bool ipv4_only = std::string(type).starts_with("bitmap:ip");
      const uint8_t family = ipv4_only || random.once_in(2) ? AF_INET : AF_INET6;
      const SetHeader header = some_header(type, family, random);
      const std::vector<Element> elements = some_elements(header, random);
      const bool changes = random.once_in(2);
      const auto shared = std::make_shared<const ipset::SharedSets>(std::vector{make_raw_set(header, elements)},
                                                                    std::vector<ipset::Uses>{{changes, true}}, kHz);
      ASSERT_EQ(shared->refusal("s"), ipset::Refusal::kNone) << type;
      ipset::Sets sets(shared);
      ipset::Set* const set = sets.find("s", changes);
      ASSERT_NE(set, nullptr);
      Twin twin(header, elements);
      uint64_t now = ipset::kStart;
      for (int step = 0; step < 120; ++step) {
        Brought b;
        some_packet(family, random, b);
        now += random.once_in(10) ? random.below(400) : 0;
        const auto ask = [&] {
          return Ask{.packet = b.packet, .dimensions = 3, .sources = static_cast<uint8_t>(0), .now = now};
        };
        Ask ours = ask();
        ours.sources = static_cast<uint8_t>(random.below(8) << 1);
        const uint32_t action = changes ? random.below(4) : 3;
        if (action == 0 && random.once_in(2)) ours.flags = IPSET_FLAG_EXIST;
        if (action == 0 && random.once_in(2)) ours.timeout = random.below(4);
        if (action >= 2) {
          if (random.once_in(4)) ours.flags |= IPSET_FLAG_RETURN_NOMATCH;
          if (random.once_in(4)) ours.flags |= IPSET_FLAG_SKIP_COUNTER_UPDATE;
          if (random.once_in(4)) {
            ours.flags |= IPSET_FLAG_MATCH_COUNTERS;
            ours.packets = {random.below(4), static_cast<uint8_t>(random.below(5))};
            ours.bytes = {random.below(400), static_cast<uint8_t>(random.below(5))};
          }
        }
        Ask theirs = ours;
        ++asked;
        if (action == 0) {
          set->add(ours);
          twin.add(b, theirs);
        } else if (action == 1) {
          set->remove(ours);
          twin.remove(b, theirs);
        } else {
          const bool nets = std::string(type).find("net") != std::string::npos;
          if (!nets) ours.flags = theirs.flags = ours.flags & ~static_cast<uint32_t>(IPSET_FLAG_RETURN_NOMATCH);
          const bool expected = twin.test(b, theirs);
          ASSERT_EQ(set->test(ours), expected) << type << " round " << round << " step " << step;
          ASSERT_EQ(ours.skbinfo.mark, theirs.skbinfo.mark) << type << " round " << round << " step " << step;
          hits_of_type += expected ? 1 : 0;
        }
      }
    }
    EXPECT_GT(hits_of_type, 300U) << type;
    hits += hits_of_type;
  }
  std::printf("%zu questions, %zu hits\n", asked, hits);
}

TEST(Ipset, DamagedAttributesAreRefusedOrRead) {
  Random random(seed());
  size_t refused = 0, kept = 0;
  for (const char* type : {"bitmap:ip", "bitmap:ip,mac", "bitmap:port", "hash:ip", "hash:ip,port,net", "hash:net,iface"})
    for (int round = 0; round < 400; ++round) {
      const SetHeader header = some_header(type, AF_INET, random);
      ipset::RawSet set = make_raw_set(header, some_elements(header, random));
      std::vector<uint8_t>& bytes = random.once_in(2) || set.elements.empty() ? set.header : set.elements;
      if (bytes.empty()) continue;
      if (random.once_in(3)) {
        bytes.resize(random.below(static_cast<uint32_t>(bytes.size())));
      } else {
        bytes[random.below(static_cast<uint32_t>(bytes.size()))] ^= static_cast<uint8_t>(1U << random.below(8));
      }
      const auto shared = std::make_shared<const ipset::SharedSets>(
          std::vector{set}, std::vector<ipset::Uses>{{random.once_in(2), true}}, kHz);
      ipset::Sets sets(shared);
      ipset::Set* const found = sets.find("s", false);
      ASSERT_EQ(found == nullptr, shared->refusal("s") != ipset::Refusal::kNone);
      ++(found == nullptr ? refused : kept);
      for (int step = 0; found != nullptr && step < 20; ++step) {
        Brought b;
        some_packet(AF_INET, random, b);
        Ask ask{
            .packet = b.packet, .dimensions = 3, .sources = static_cast<uint8_t>(random.below(16)), .now = ipset::kStart};
        found->test(ask);
      }
    }
  EXPECT_GT(refused, 200U);
  EXPECT_GT(kept, 200U);
}

TEST(Ipset, ListsAskTheirMembersInOrder) {
  const auto with = [](const char* name, uint32_t flags, uint32_t address, uint16_t index) {
    Element e;
    e.ip = ipv4_address(address);
    e.skb_mark = index + 1U;
    return make_raw_set({.name = name, .type = "hash:ip", .flags = flags}, {e}, index);
  };
  Element a, b;
  a.member = "a";
  b.member = "b";
  const uint32_t skbinfo = IPSET_FLAG_WITH_SKBINFO, counters = IPSET_FLAG_WITH_COUNTERS;
  const std::vector<ipset::RawSet> raw = {
      with("a", skbinfo, 0x0a000001, 0), with("b", skbinfo, 0x0a000001, 1),
      make_raw_set({.name = "ab", .type = "list:set", .family = AF_UNSPEC, .flags = counters}, {a, b}, 2),
      make_raw_set({.name = "ba", .type = "list:set", .family = AF_UNSPEC}, {b, a}, 3)};
  Brought packet;
  Random random(1);
  some_packet(AF_INET, random, packet);
  store_be32(packet.bytes.data() + 12, 0x0a000001);
  const auto shared =
      std::make_shared<const ipset::SharedSets>(raw, std::vector<ipset::Uses>{{}, {}, {false, true}, {}}, kHz);
  EXPECT_TRUE(shared->constant("ba"));
  EXPECT_FALSE(shared->constant("ab"));
  EXPECT_EQ(shared->name_of(2), "ab");
  EXPECT_EQ(shared->name_of(9), "");
  ipset::Sets sets(shared);
  const auto mark = [&](const char* name, uint8_t dimensions) {
    Ask ask{.packet = packet.packet, .dimensions = dimensions, .sources = 2};
    return sets.find(name, false)->test(ask) ? ask.skbinfo.mark : 0;
  };
  EXPECT_EQ(mark("ab", 1), 1U);
  EXPECT_EQ(mark("ba", 1), 2U);
  EXPECT_EQ(mark("ab", 0), 0U);
  // The list's own counters, which a comparison looks at after the packet is counted: the fourth question is the third hit.
  Ask third{.packet = packet.packet,
            .dimensions = 1,
            .sources = 2,
            .flags = IPSET_FLAG_MATCH_COUNTERS,
            .packets = {2, IPSET_COUNTER_EQ}};
  EXPECT_TRUE(sets.find("ab", false)->test(third));
  // The second of the two does not compare, and so the search goes on with the other member's element.
  third.packets = {1, IPSET_COUNTER_EQ};
  EXPECT_TRUE(sets.find("ab", false)->test(third));
  EXPECT_EQ(third.skbinfo.mark, 2U);
}

TEST(Ipset, WhatCannotBeAskedIsNamed) {
  const ipset::RawSet forced = make_raw_set({.name = "f", .type = "hash:ip", .flags = IPSET_FLAG_WITH_FORCEADD}, {}, 0);
  const ipset::RawSet large = make_raw_set({.name = "l", .type = "hash:ip", .max_elements = UINT32_MAX}, {}, 1);
  const ipset::RawSet other = make_raw_set({.name = "o", .type = "hash:net,net"}, {}, 2);
  for (const bool changes : {false, true}) {
    const ipset::SharedSets sets({forced, large, other}, std::vector<ipset::Uses>(3, {changes, false}), kHz);
    EXPECT_EQ(sets.refusal("f"), changes ? ipset::Refusal::kForceadd : ipset::Refusal::kNone);
    EXPECT_EQ(sets.refusal("l"), changes ? ipset::Refusal::kTooMany : ipset::Refusal::kNone);
    EXPECT_EQ(sets.refusal("o"), ipset::Refusal::kType);
  }
}

}  // namespace
}  // namespace hookline::test
