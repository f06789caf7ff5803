// verify/aims/addrtype.cpp: rules about the types that addresses have for the host of verify/random_host.h. The generator
// finds the addresses among those that the host has and knows routes to.
#include <fmt/core.h>

#include <span>

#include "verify/aims/aims.h"
#include "verify/aims/telling_apart.h"

namespace hookline {
namespace {

// Mostly types that addresses have, the others rather inverted: nothing in IPv4 is ever of a type behind multicast.
std::string side(std::string_view option, Family family, Random& random) {
  static constexpr std::string_view kIpv4[] = {"LOCAL",     "BROADCAST", "MULTICAST",   "UNICAST",  "ANYCAST", "UNSPEC",
                                               "BLACKHOLE", "PROHIBIT",  "UNREACHABLE", "XRESOLVE", "NAT",     "THROW"};
  static constexpr std::string_view kIpv6[] = {"LOCAL", "ANYCAST", "UNREACHABLE", "UNICAST", "MULTICAST", "UNSPEC"};
  const std::span<const std::string_view> all = family == Family::kIpv4 ? std::span<const std::string_view>(kIpv4) : kIpv6;
  const bool unicast = chance(random, 50);
  std::string text = unicast ? "UNICAST" : std::string(all[below(random, chance(random, 70) ? 2 : all.size())]);
  if (chance(random, 30)) text += fmt::format(",{}", all[below(random, all.size())]);
  return fmt::format("{} {} {}", chance(random, unicast ? 10 : 60) ? " !" : "", option, text);
}

std::string conditions(Family family, Random& random) {
  const uint64_t asked = 1 + below(random, 3);
  std::string text = fmt::format("{} -m addrtype", some_protocol(random));
  if ((asked & 1) != 0) text += side("--src-type", family, random);
  if ((asked & 2) != 0) text += side("--dst-type", family, random);
  return text;
}

std::string of_in_device(Family family, Random& random) { return conditions(family, random) + " --limit-iface-in"; }
std::string of_out_device(Family family, Random& random) { return conditions(family, random) + " --limit-iface-out"; }

constexpr uint32_t kWithIn = hook_bit(Hook::kPrerouting) | hook_bit(Hook::kInput) | hook_bit(Hook::kForward);
constexpr uint32_t kWithOut = hook_bit(Hook::kForward) | hook_bit(Hook::kOutput) | hook_bit(Hook::kPostrouting);

}  // namespace

constexpr MatchAim kAddrtypeAim = {.name = "addrtype", .write = conditions, .of_host = true};
constexpr MatchAim kAddrtypeInAim = {.name = "addrtype", .write = of_in_device, .hooks = kWithIn, .of_host = true};
constexpr MatchAim kAddrtypeOutAim = {.name = "addrtype", .write = of_out_device, .hooks = kWithOut, .of_host = true};

}  // namespace hookline
