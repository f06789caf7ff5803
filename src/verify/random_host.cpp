#include "verify/random_host.h"

#include <fmt/core.h>

#include <span>
#include <string_view>

namespace hookline {
namespace {

using Texts = std::span<const std::string_view>;

// Without random addresses of the kernel's own making.
constexpr std::string_view kDevices =
    "#ip link set lo up\n"
    "#ip link add hkin0 type veth peer name hkout0\n"
    "#ip link add eth0 type veth peer name eth1\n"
    "#ip link set hkin0 addrgenmode none\n"
    "#ip link set hkout0 addrgenmode none\n"
    "#ip link set eth0 addrgenmode none\n"
    "#ip link set eth1 addrgenmode none\n"
    "#ip link set hkin0 up\n"
    "#ip link set hkout0 up\n"
    "#ip link set eth0 up\n"
    "#ip link set eth1 up\n";
constexpr std::string_view kNames[] = {"hkin0", "hkout0", "eth0", "eth1"};

// One line each; {} is a device.
constexpr std::string_view kIpv4Lines[] = {
    "addr add 10.1.2.3/24 brd + dev {}",
    "addr add 10.1.2.7/24 dev {}",
    "addr add 192.168.128.1/17 brd + dev {}",
    "addr add 172.16.0.1 peer 172.16.0.2/32 dev {}",
    "addr add 203.0.113.65/26 brd 203.0.113.66 dev {}",
    "addr add 10.77.0.1/16 brd + dev lo",
    "route add local 10.9.0.0/16 dev {}",
    "route add local 10.9.1.0/24 dev lo",
    "route add broadcast 10.8.255.255 dev {}",
    "route add broadcast 10.9.2.0/24 dev {}",
    "route add anycast 10.7.0.0/24 dev {}",
    "route add multicast 10.6.0.0/16 dev {}",
    "route add blackhole 10.5.0.0/16",
    "route add unreachable 10.5.1.0/24",
    "route add prohibit 10.5.2.0/24",
    "route add throw 10.5.3.0/24",
    "route add 10.5.1.64/26 dev {}",
    "route add 10.4.0.0/16 via 10.1.2.9 dev {} onlink",
    "route add 10.4.1.0/24 dev {} metric 5",
    "route add 10.4.1.0/24 dev {} metric 6",
    "route add 10.4.2.0/24 dev {} tos 0x10",
    "route add 10.3.0.0/16 nexthop dev hkin0 weight 2 nexthop dev {}",
    "route add 10.1.2.0/25 dev {}",
    "route add 192.168.0.0/16 dev {}",
    "route add 0.0.0.0/1 dev {} table 77",
    "route add blackhole 10.1.0.0/16 table 77",
    "route add 172.16.0.0/12 dev {} table 78",
    "rule add from 10.2.0.0/16 lookup 77",
    "rule add to 10.1.0.0/16 lookup 77 suppress_prefixlength 4",
    "rule add tos 0x10 lookup 78",
    "rule add fwmark 0x1/0x3 lookup 77",
    "rule add from 203.0.113.0/24 prohibit",
    "rule add not from 0.0.0.0/1 lookup 78",
    "rule add iif {} lookup 77",
    "rule add oif {} lookup 77",
};
constexpr std::string_view kIpv6Lines[] = {
    "addr add 2001:db8:1::1/48 dev {} nodad",
    "addr add 2001:db8:1::2/64 dev {} nodad",
    "addr add 2001:db8::5/127 dev {} nodad",
    "addr add fd00::1 peer fd00::2/128 dev {} nodad",
    "addr add fe80::1/64 dev {} nodad",
    "addr add fe80::2/64 dev {} nodad",
    "addr add 2001:db8:77::1/64 dev lo nodad",
    "route add local 2001:db8:9::/64 dev {}",
    "route add local 2001:db8:9:1::/64 dev lo",
    "route add anycast 2001:db8:8::1/128 dev {} table local",
    "route add anycast 2001:db8:8:1::/64 dev {} table local",
    "route add blackhole 2001:db8:5::/48",
    "route add unreachable 2001:db8:5:1::/64",
    "route add prohibit 2001:db8:5:2::/64",
    "route add throw 2001:db8:5:3::/64",
    "route add 2001:db8:5:1:1::/80 dev {}",
    "route add 2001:db8:4::/48 via fe80::9 dev {}",
    "route add 2001:db8:4:1::/64 dev {} metric 5",
    "route add 2001:db8:4:1::/64 dev {} metric 6",
    "route add 2001:db8:4:2::/64 dev {} pref high",
    "route add 2001:db8:3::/48 nexthop via fe80::9 dev hkin0 weight 2 nexthop via fe80::a dev hkout0",
    "route add 2001:db8:2::/48 from 2001:db8::/32 dev {}",
    "route add 2001:db8:2::/48 dev {}",
    "route add 2000::/3 from 2001:db8:1::/48 dev {}",
    "route add fd00::/8 dev {}",
};

}  // namespace

std::string random_host(Family family, Random& random) {
  std::string text(kDevices);
  for (const std::string_view name : kNames)
    if (chance(random, 60)) text += fmt::format("#ip link set {} group {}\n", name, 1 + below(random, 5));
  const Texts lines = family == Family::kIpv4 ? Texts(kIpv4Lines) : Texts(kIpv6Lines);
  for (const std::string_view line : lines) {
    if (!chance(random, line.starts_with("rule") ? 15 : 65)) continue;
    text += "#ip " + fmt::format(fmt::runtime(line), kNames[below(random, std::size(kNames))]) + "\n";
  }
  return text;
}

}  // namespace hookline
