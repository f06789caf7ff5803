#include "verify/host_lines.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string_view>

namespace hookline {
namespace {

constexpr uint32_t kFirstRule = 10000, kLastRule = 30000;  // priorities: behind the runner's, before `main`

std::string text_of(Family family, const HostAddressBytes& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(family == Family::kIpv4 ? AF_INET : AF_INET6, address.data(), text.data(), text.size());
  return text.data();
}

// Empty: a type that has no word, or no business here.
std::string_view type_word(uint8_t type) {
  static constexpr std::array<std::string_view, 10> kWords = {
      "", "unicast", "local", "broadcast", "anycast", "multicast", "blackhole", "unreachable", "prohibit", "throw"};
  return type < kWords.size() ? kWords[type] : std::string_view();
}

class Lines {
 public:
  Lines(const HostRecords& records, Family family, std::span<const std::string> devices) : family_(family) {
    for (const HostInterface& interface : records.interfaces)
      if (interface.name == "lo" || std::ranges::find(devices, interface.name) != devices.end())
        names_.emplace(interface.index, interface.name);
  }

  std::string run(const HostRecords& records) {
    std::string text;
    for (const HostInterface& interface : records.interfaces)
      if (interface.group != 0 && interface.name != "lo" && names_.contains(interface.index))
        text += fmt::format("link set dev {} group {}\n", interface.name, interface.group);
    for (const HostAddress& address : records.addresses)
      if (address.family == family_) text += line_of(address);
    // A gateway must lie on a link that is known already.
    for (const bool with_gateway : {false, true})
      for (const HostRoute& route : records.routes)
        if (route.family == family_ && has_gateway(route) == with_gateway) text += line_of(route);
    uint32_t priority = kFirstRule;
    for (const HostRule& rule : records.rules)
      if (rule.family == family_ && priority < kLastRule) text += line_of(rule, priority);
    return text;
  }

 private:
  static bool has_gateway(const HostRoute& route) {
    return std::ranges::any_of(route.nexthops, [](const HostNexthop& nexthop) { return nexthop.gateway_family != 0; });
  }

  std::string line_of(const HostAddress& address) const {
    const auto device = names_.find(address.index);
    if (device == names_.end()) return {};
    std::string text = fmt::format("addr add {}", text_of(family_, address.local));
    if (address.peer != address.local) text += fmt::format(" peer {}", text_of(family_, address.peer));
    text += fmt::format("/{}", address.prefix);
    if (address.broadcast != HostAddressBytes{}) text += fmt::format(" brd {}", text_of(family_, address.broadcast));
    text += fmt::format(" dev {} scope {}", device->second, address.scope);
    return text + (family_ == Family::kIpv6 ? " nodad\n" : "\n");
  }

  // Nothing where a next hop goes out by a device that is not there.
  std::optional<std::string> nexthop_text(const HostNexthop& nexthop) const {
    std::string text;
    if (nexthop.gateway_family != 0) {
      const Family family = nexthop.gateway_family == 4 ? Family::kIpv4 : Family::kIpv6;
      text += fmt::format(" via{} {}",
                          family == family_         ? ""
                          : family == Family::kIpv6 ? " inet6"
                                                    : " inet",
                          text_of(family, nexthop.gateway));
    }
    if (nexthop.index == 0) return text;
    const auto device = names_.find(nexthop.index);
    if (device == names_.end()) return std::nullopt;
    text += fmt::format(" dev {}", device->second);
    if (nexthop.gateway_family != 0) text += " onlink";
    return text;
  }

  std::string line_of(const HostRoute& route) const {
    // The kernel's own come with the addresses.
    if (route.protocol == RTPROT_KERNEL || type_word(route.type).empty()) return {};
    const bool in_local = route.table == RT_TABLE_LOCAL;
    const bool delivers = route.type == RTN_LOCAL || route.type == RTN_BROADCAST || route.type == RTN_ANYCAST;
    if (in_local != delivers) return {};
    std::string text = fmt::format("route add {} {}/{}", type_word(route.type), text_of(family_, route.destination),
                                   route.destination_bits);
    if (route.source_bits != 0) text += fmt::format(" from {}/{}", text_of(family_, route.source), route.source_bits);
    if (route.tos != 0) text += fmt::format(" tos {:#x}", route.tos);
    text += fmt::format(" table {}", route.table);
    if (route.metric != 0) text += fmt::format(" metric {}", route.metric);
    if (route.preference != 0) text += route.preference == 1 ? " pref high" : " pref low";
    // IPv6 gives refusals lo as device, which one cannot ask for.
    const bool refusal = route.type >= RTN_BLACKHOLE;
    for (const HostNexthop& nexthop : route.nexthops) {
      if (refusal) break;
      const auto part = nexthop_text(nexthop);
      if (!part) return {};
      if (route.nexthops.size() > 1) text += fmt::format(" nexthop{} weight {}", *part, nexthop.weight);
      if (route.nexthops.size() == 1) text += *part;
    }
    return text + "\n";
  }

  // Of what a rule may ask for, that which `ip rule` has words for since long.
  std::string line_of(const HostRule& rule, uint32_t& priority) const {
    const bool default_rule = rule.priority == 0 || rule.priority == 0x7ffe || rule.priority == 0x7fff;
    if (default_rule || rule.action == FR_ACT_GOTO || rule.l3_master != 0 || rule.tunnel_id != 0) return {};
    std::string text = fmt::format("rule add pref {}", priority++);
    if ((rule.flags & FIB_RULE_INVERT) != 0) text += " not";
    text += fmt::format(" from {}/{}", text_of(family_, rule.source), rule.source_bits);
    if (rule.destination_bits != 0)
      text += fmt::format(" to {}/{}", text_of(family_, rule.destination), rule.destination_bits);
    if (rule.tos != 0) text += fmt::format(" tos {:#x}", rule.tos);
    if (!rule.in.empty()) text += fmt::format(" iif {}", rule.in);
    if (!rule.out.empty()) text += fmt::format(" oif {}", rule.out);
    if (rule.mark != 0 || rule.mark_mask != 0) text += fmt::format(" fwmark {:#x}/{:#x}", rule.mark, rule.mark_mask);
    if (rule.ip_protocol != 0) text += fmt::format(" ipproto {}", rule.ip_protocol);
    if (rule.first_uid != 0 || rule.last_uid != UINT32_MAX)
      text += fmt::format(" uidrange {}-{}", rule.first_uid, rule.last_uid);
    switch (rule.action) {
      case FR_ACT_TO_TBL:
        text += fmt::format(" lookup {}", rule.table);
        break;
      case FR_ACT_BLACKHOLE:
        text += " blackhole";
        break;
      case FR_ACT_UNREACHABLE:
        text += " unreachable";
        break;
      case FR_ACT_PROHIBIT:
        text += " prohibit";
        break;
      default:
        return {};
    }
    if (rule.suppress_prefix != -1) text += fmt::format(" suppress_prefixlength {}", rule.suppress_prefix);
    if (rule.suppress_group != -1) text += fmt::format(" suppress_ifgroup {}", rule.suppress_group);
    return text + "\n";
  }

  Family family_;
  std::map<uint32_t, std::string> names_;
};

}  // namespace

std::string host_lines(const HostRecords& records, Family family, std::span<const std::string> devices) {
  return Lines(records, family, devices).run(records);
}

}  // namespace hookline
