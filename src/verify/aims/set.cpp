// verify/aims/set.cpp: ip sets of every type, rules of `set` that ask them, and packets of what they are made of.
//
// All come from the same few addresses, ports, protocols and devices, so that packets meet elements, also those that SET
// adds and takes away. Sets are small: what their hash would do when it is full is the kernel's secret.
#include <fmt/core.h>
#include <netinet/in.h>

#include <algorithm>
#include <vector>

#include "verify/aims/aims.h"

namespace hookline {
namespace {

constexpr uint32_t kHosts = 6;  // addresses

// 10.1.2.0 and up; 2001:db8:1:: and up.
std::string address_text(Family family, uint64_t n) {
  return family == Family::kIpv4 ? fmt::format("10.1.2.{}", n) : fmt::format("2001:db8:1::{:x}", n);
}
void put_address(Family family, uint64_t n, Address& address) {
  address = family == Family::kIpv4 ? Address{10, 1, 2} : Address{0x20, 0x01, 0x0d, 0xb8, 0, 1};
  address[family == Family::kIpv4 ? 3 : 15] = static_cast<uint8_t>(n);
}

std::string net_text(Family family, Random& random) {
  static constexpr std::array<unsigned, 6> kIpv4Prefixes = {32, 31, 30, 24, 16, 8},
                                           kIpv6Prefixes = {128, 127, 126, 64, 48, 3};
  const unsigned prefix = family == Family::kIpv4 ? kIpv4Prefixes[below(random, 6)] : kIpv6Prefixes[below(random, 6)];
  return fmt::format("{}/{}", address_text(family, below(random, kHosts)), prefix);
}

std::string port_text(Family family, Random& random) {
  switch (below(random, 5)) {
    case 0:
      return fmt::format("tcp:{}", 80 + below(random, 3));
    case 1:
      return fmt::format("udp:{}", 80 + below(random, 3));
    case 2:
      return fmt::format("sctp:{}", 80 + below(random, 3));
    case 3:
      return family == Family::kIpv4 ? fmt::format("icmp:{}/0", below(random, 2) * 8)
                                     : fmt::format("icmpv6:{}/0", 128 + below(random, 2));
    default:
      return "47:0";
  }
}

std::string iface_text(Random& random) {
  static constexpr std::array<std::string_view, 5> kNames = {"hkin0", "hkout0", "hk wildcard", "lo", "hkout wildcard"};
  return std::string(kNames[below(random, kNames.size())]);
}

// The iface ends in an option, so it comes last of what identifies the element.
std::string element_text(std::string_view type, Family family, Random& random) {
  const auto host = [&] { return address_text(family, below(random, kHosts)); };
  if (type == "hash:ip") return host();
  if (type == "hash:ip,port") return host() + "," + port_text(family, random);
  if (type == "hash:ip,port,ip") return host() + "," + port_text(family, random) + "," + host();
  if (type == "hash:ip,port,net") return host() + "," + port_text(family, random) + "," + net_text(family, random);
  if (type == "hash:net") return net_text(family, random);
  if (type == "hash:net,port") return net_text(family, random) + "," + port_text(family, random);
  if (type == "hash:net,iface") return net_text(family, random) + "," + iface_text(random);
  if (type == "bitmap:ip") return host();
  if (type == "bitmap:ip,mac")
    return host() + (chance(random, 60) ? fmt::format(",02:00:00:00:00:0{}", below(random, 3)) : "");
  return fmt::format("{}", 80 + below(random, 3));  // bitmap:port
}

struct SetKind {
  std::string_view name, type;
  uint8_t families;
  unsigned dimensions;
};
constexpr std::array<SetKind, 10> kKinds = {{{"ip", "hash:ip", kBothFamilies, 1},
                                             {"ipport", "hash:ip,port", kBothFamilies, 2},
                                             {"ipportip", "hash:ip,port,ip", kBothFamilies, 3},
                                             {"ipportnet", "hash:ip,port,net", kBothFamilies, 3},
                                             {"net", "hash:net", kBothFamilies, 1},
                                             {"netport", "hash:net,port", kBothFamilies, 2},
                                             {"netiface", "hash:net,iface", kBothFamilies, 2},
                                             {"bits", "bitmap:ip", kIpv4Only, 1},
                                             {"macs", "bitmap:ip,mac", kIpv4Only, 2},
                                             {"ports", "bitmap:port", kBothFamilies, 1}}};
constexpr std::string_view kLists[] = {"list0", "list1"};

std::string prepare(Family family, Random& random) {
  std::string text;
  for (const SetKind& kind : kKinds) {
    if ((kind.families & family_bit(family)) == 0) continue;
    const bool hash = kind.type.starts_with("hash:"), nets = kind.type.find("net") != std::string_view::npos;
    text += fmt::format("#ipset create {} {}", kind.name, kind.type);
    if (hash) text += family == Family::kIpv4 ? " family inet" : " family inet6";
    if (kind.type == "bitmap:port") text += " range 80-82";
    if (kind.type.starts_with("bitmap:ip")) text += " range 10.1.2.0/24";
    if (kind.type == "bitmap:ip" && chance(random, 40)) text += " netmask 31";
    if (kind.type == "hash:ip" && chance(random, 30)) text += family == Family::kIpv4 ? " netmask 31" : " netmask 127";
    if (hash && chance(random, 30)) text += fmt::format(" maxelem {}", 14 + below(random, 4));
    const bool timeout = chance(random, 40), counters = chance(random, 50), skbinfo = chance(random, 50);
    if (timeout) text += fmt::format(" timeout {}", chance(random, 50) ? 0 : 3600);
    if (counters) text += " counters";
    if (skbinfo) text += " skbinfo";
    text += "\n";
    for (uint64_t n = 6 + below(random, 9); n > 0; --n) {
      text += fmt::format("#ipset -exist add {} {}", kind.name, element_text(kind.type, family, random));
      if (nets && chance(random, 25)) text += " nomatch";
      if (timeout && chance(random, 50)) text += fmt::format(" timeout {}", chance(random, 50) ? 0 : 7200);
      if (counters && chance(random, 50)) text += fmt::format(" packets {} bytes {}", below(random, 5), below(random, 500));
      if (skbinfo) text += fmt::format(" skbmark {:#x}/{:#x}", below(random, 8), below(random, 8));
      text += "\n";
    }
  }
  for (const std::string_view list : kLists) {
    const bool counters = chance(random, 50);
    text += fmt::format("#ipset create {} list:set{}\n", list, counters ? " counters" : "");
    for (uint64_t n = 1 + below(random, 4); n > 0; --n) {
      const SetKind& kind = kKinds[below(random, kKinds.size())];
      if ((kind.families & family_bit(family)) != 0) text += fmt::format("#ipset -exist add {} {}\n", list, kind.name);
    }
  }
  return text;
}

std::string directions(unsigned count, Random& random) {
  std::string text;
  for (unsigned n = 0; n < count; ++n) text += fmt::format("{}{}", n == 0 ? ' ' : ',', chance(random, 50) ? "src" : "dst");
  return text;
}

// A set, and as many options as it needs; now and then one more, or one too few.
std::string some_set(Family family, Random& random) {
  if (chance(random, 15))
    return std::string(kLists[below(random, 2)]) + directions(1 + static_cast<unsigned>(below(random, 3)), random);
  for (;;) {
    const SetKind& kind = kKinds[below(random, kKinds.size())];
    if ((kind.families & family_bit(family)) == 0) continue;
    if (kind.type == "bitmap:ip,mac" && chance(random, 50)) continue;  // many runs have no frames
    unsigned count = kind.dimensions;
    if (chance(random, 8)) count += chance(random, 75) || count == 1 ? 1U : ~0U;
    return std::string(kind.name) + directions(count, random);
  }
}

std::string write(Family family, Random& random) {
  std::string text = fmt::format(" -m set{} --match-set {}", chance(random, 25) ? " !" : "", some_set(family, random));
  if (chance(random, 15)) text += " --return-nomatch";
  if (chance(random, 15)) text += " ! --update-counters";
  if (chance(random, 15)) text += " ! --update-subcounters";
  static constexpr std::array<std::string_view, 4> kCompare = {" --{}-eq {}", " ! --{}-eq {}", " --{}-lt {}", " --{}-gt {}"};
  if (chance(random, 15)) text += fmt::format(fmt::runtime(kCompare[below(random, 4)]), "packets", below(random, 8));
  if (chance(random, 10)) text += fmt::format(fmt::runtime(kCompare[below(random, 4)]), "bytes", below(random, 900));
  // Those that elements have.
  static constexpr std::array<std::string_view, 5> kProtocols = {"", " -p tcp", " -p udp", " -p sctp", " -p 47"};
  return std::string(kProtocols[below(random, kProtocols.size())]) + text;
}

void fulfil(const Match&, Family family, Random& random, Fields& f) {
  if (chance(random, 90)) put_address(family, below(random, kHosts), f.source);
  if (chance(random, 90)) put_address(family, below(random, kHosts), f.destination);
  if (chance(random, 85)) {
    f.source_port = static_cast<uint16_t>(80 + below(random, 3));
    f.destination_port = static_cast<uint16_t>(80 + below(random, 3));
  }
  f.icmp_code = 0;
  f.icmp_type = static_cast<uint8_t>(family == Family::kIpv4 ? below(random, 2) * 8 : 128 + below(random, 2));
  f.frame.source = {2, 0, 0, 0, 0, static_cast<uint8_t>(below(random, 3))};
}

std::string act(Family family, Random& random) {
  std::string text = " -j SET";
  const bool adds = chance(random, 65);
  if (adds) text += " --add-set " + some_set(family, random);
  if (adds && chance(random, 40)) text += " --exist";
  if (adds && chance(random, 30)) {
    static constexpr std::array<unsigned, 3> kSeconds = {0, 1, 600};
    text += fmt::format(" --timeout {}", kSeconds[below(random, 3)]);
  }
  if (!adds || chance(random, 20)) text += " --del-set " + some_set(family, random);
  return text;
}

}  // namespace

constexpr MatchAim kSetAim = {
    .name = "set", .fulfil = fulfil, .miss = fulfil, .write = write, .act = act, .prepare = prepare};

}  // namespace hookline
