#include "world/host_view.h"

#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include <algorithm>
#include <cstring>
#include <span>
#include <tuple>

#include "base/bytes.h"

namespace hookline {
namespace {

constexpr uint8_t kRouteTosMask = 0x1c;  // of the TOS byte, all that an IPv4 route is compared with
constexpr uint8_t kDscpMask = 0xfc;

constexpr size_t address_size(Family family) { return family == Family::kIpv4 ? 4 : 16; }

HostAddressBytes masked(const uint8_t* address, size_t size, unsigned bits) {
  HostAddressBytes result{};
  const size_t whole = bits / 8;
  std::memcpy(result.data(), address, std::min(whole, size));
  if (whole < size && bits % 8 != 0) result[whole] = static_cast<uint8_t>(address[whole] & (0xff00U >> (bits % 8)));
  return result;
}

bool in_prefix(const uint8_t* address, const HostAddressBytes& prefix, size_t size, unsigned bits) {
  return bits == 0 || masked(address, size, bits) == masked(prefix.data(), size, bits);
}

// Route types that end the look-up with an error. RTN_THROW ends the look-up in its table alone.
bool refuses(uint8_t type) {
  return type == RTN_BLACKHOLE || type == RTN_UNREACHABLE || type == RTN_PROHIBIT || type == RTN_NAT || type == RTN_XRESOLVE;
}
bool is_dead(const HostNexthop& nexthop) { return (nexthop.flags & RTNH_F_DEAD) != 0; }

// One of the three that every namespace begins with.
bool is_default_rule(const HostRule& rule) {
  HostRule plain;
  plain.family = rule.family;
  plain.action = FR_ACT_TO_TBL;
  plain.flags = rule.flags & FIB_RULE_PERMANENT;
  plain.priority = rule.priority;
  plain.table = rule.table;
  return rule == plain &&
         ((rule.priority == 0 && rule.table == RT_TABLE_LOCAL) || (rule.priority == 0x7ffe && rule.table == RT_TABLE_MAIN) ||
          (rule.priority == 0x7fff && rule.table == RT_TABLE_DEFAULT));
}

bool is_unspecified(const uint8_t* ipv6) {
  return std::all_of(ipv6, ipv6 + 16, [](uint8_t byte) { return byte == 0; });
}

}  // namespace

HostView::HostView(HostRecords records, std::shared_ptr<const ipset::SharedSets> sets)
    : records_(std::move(records)), sets_(std::move(sets)) {
  for (size_t i = 0; i < records_.interfaces.size(); ++i) {
    const HostInterface& interface = records_.interfaces[i];
    by_name_.emplace(interface.name, i);
    by_index_.emplace(interface.index, i);
    has_vrf_ = has_vrf_ || interface.kind == "vrf";
  }
  size_t ipv4_rules = 0;
  for (const HostRule& rule : records_.rules) {
    if (rule.family != Family::kIpv4) continue;
    ++ipv4_rules;
    custom_rules_ = custom_rules_ || !is_default_rule(rule);
    realms_ = realms_ || rule.realm != 0;
  }
  custom_rules_ = custom_rules_ || (ipv4_rules != 3 && ipv4_rules != 0);
  for (const HostAddress& address : records_.addresses)
    if (address.family == Family::kIpv4) ipv4_own_.push_back(address.local);
  std::ranges::sort(ipv4_own_);

  for (const HostRoute& route : records_.routes) {
    const bool v4 = route.family == Family::kIpv4;
    auto& tables = v4 ? ipv4_ : ipv6_;
    // Until somebody makes a rule, the kernel keeps the routes of `local` and `main` together and looks for the longest
    // prefix among both. Kernel: fib_new_table(), fib_unmerge().
    const bool merged = v4 && !custom_rules_ && route.table == RT_TABLE_LOCAL;
    const uint32_t id = merged ? uint32_t{RT_TABLE_MAIN} : route.table;
    auto table = std::ranges::find(tables, id, [](const auto& pair) { return pair.first; });
    if (table == tables.end()) table = tables.insert(tables.end(), {id, {}});
    table->second.routes.push_back(&route);
    if (!v4) continue;
    custom_local_routes_ = custom_local_routes_ || (route.type == RTN_LOCAL && route.protocol != RTPROT_KERNEL);
    for (const HostNexthop& nexthop : route.nexthops) realms_ = realms_ || nexthop.realm != 0;
  }
  for (auto* tables : {&ipv4_, &ipv6_})
    for (auto& [id, prefixes] : *tables) {
      std::ranges::stable_sort(prefixes.routes, [](const HostRoute* a, const HostRoute* b) {
        if (a->destination_bits != b->destination_bits) return a->destination_bits > b->destination_bits;
        if (a->destination != b->destination) return a->destination < b->destination;
        if (a->family == Family::kIpv4)
          return std::tuple(b->table, b->tos, a->metric) < std::tuple(a->table, a->tos, b->metric);
        return std::tuple(b->source_bits, a->source) < std::tuple(a->source_bits, b->source);
      });
      for (uint32_t i = 0; i < prefixes.routes.size(); ++i) {
        const uint8_t bits = prefixes.routes[i]->destination_bits;
        if (prefixes.lengths.empty() || prefixes.lengths.back().bits != bits) prefixes.lengths.push_back({bits, i, i});
        prefixes.lengths.back().last = i + 1;
      }
    }
}

const HostInterface* HostView::interface(const InterfaceName& name) const {
  const auto found = by_name_.find(name.view());
  return found == by_name_.end() ? nullptr : &records_.interfaces[found->second];
}

const HostInterface* HostView::interface(uint32_t index) const {
  const auto found = by_index_.find(index);
  return found == by_index_.end() ? nullptr : &records_.interfaces[found->second];
}

uint32_t HostView::index_of_device(const InterfaceName& name) const {
  if (name.absent()) return 0;
  const HostInterface* known = interface(name);
  return known != nullptr ? known->index : kUnknownInterface;
}

bool HostView::is_loopback(const InterfaceName& name) const {
  const HostInterface* known = interface(name);
  return known != nullptr && records_.complete ? (known->flags & IFF_LOOPBACK) != 0 : name.view() == "lo";
}

std::vector<const HostAddress*> HostView::addresses_of(uint32_t index, Family family) const {
  std::vector<const HostAddress*> result;
  for (const HostAddress& address : records_.addresses)
    if (address.index == index && address.family == family) result.push_back(&address);
  return result;
}

bool HostView::has_ipv4_address(uint32_t index) const {
  return std::ranges::any_of(records_.addresses, [&](const HostAddress& address) {
    return address.index == index && address.family == Family::kIpv4;
  });
}

bool HostView::ipv6_anycast(const HostRoute& route) { return route.type == RTN_ANYCAST && route.protocol == RTPROT_KERNEL; }

bool HostView::ipv6_rejects(const RouteFound& found) const {
  static constexpr HostAddressBytes kLoopback = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  const HostRoute& route = *found.route;
  if (route.type == RTN_LOCAL || ipv6_anycast(route) || route.destination == kLoopback) return false;
  const HostInterface* device = interface(found.nexthop->index);
  return device != nullptr && (device->flags & IFF_LOOPBACK) != 0;
}

bool HostView::leads_to(const HostRoute& route, uint32_t index) {
  return std::ranges::any_of(route.nexthops, [&](const HostNexthop& nexthop) { return nexthop.index == index; });
}

const HostView::Prefixes* HostView::prefixes(Family family, uint32_t table) const {
  const bool v4 = family == Family::kIpv4;
  if (v4 && !custom_rules_ && table == RT_TABLE_LOCAL) table = RT_TABLE_MAIN;
  const auto& tables = v4 ? ipv4_ : ipv6_;
  const auto found = std::ranges::find(tables, table, [](const auto& pair) { return pair.first; });
  return found == tables.end() ? nullptr : &found->second;
}

namespace {

// The routes of one prefix length that hold the address.
template <typename Length>
std::span<const HostRoute* const> holding(const std::vector<const HostRoute*>& routes, const Length& length,
                                          const uint8_t* address, size_t size) {
  const HostAddressBytes key = masked(address, size, length.bits);
  const auto from = routes.begin() + length.first, to = routes.begin() + length.last;
  const auto first = std::lower_bound(
      from, to, key, [](const HostRoute* route, const HostAddressBytes& wanted) { return route->destination < wanted; });
  const auto last = std::upper_bound(
      first, to, key, [](const HostAddressBytes& wanted, const HostRoute* route) { return wanted < route->destination; });
  return {first, last};
}

}  // namespace

RouteFound HostView::ipv4_in(const Prefixes& table, const RouteQuestion& question) const {
  for (const Prefixes::Length& length : table.lengths) {
    for (const HostRoute* route : holding(table.routes, length, question.destination, 4)) {
      if (route->tos != 0 && route->tos != (question.traffic_class & kRouteTosMask)) continue;
      if (route->type == RTN_THROW) return {};
      if (refuses(route->type)) return {RouteFound::Answer::kRefused, route};
      for (const HostNexthop& nexthop : route->nexthops)
        if (!is_dead(nexthop) && (question.out_index == 0 || nexthop.index == question.out_index))
          return {RouteFound::Answer::kRoute, route, &nexthop};
    }
  }
  return {};
}

namespace {

constexpr HostAddressBytes kNoAddress{};

using Node = std::span<const HostRoute* const>;  // IPv6: the routes of one destination and source prefix

// By the score of rt6_score_route(): first among those of the least metric, then among all the others.
RouteFound best_of(Node node, const RouteQuestion& question) {
  RouteFound found;
  const uint32_t least = node.front()->metric;
  for (const bool others : {false, true}) {
    int best = -1;
    for (const HostRoute* route : node) {
      if ((route->metric != least) != others) continue;
      for (const HostNexthop& nexthop : route->nexthops) {
        const bool fits = question.out_index == 0 || nexthop.index == question.out_index;
        const int score = (fits ? 2 : 0) | (route->preference ^ 2) << 2;
        if (is_dead(nexthop) || (!fits && question.strict_out) || score <= best) continue;
        best = score;
        found = {RouteFound::Answer::kRoute, route, &nexthop};
      }
    }
    if (best >= 0) break;
  }
  return found;
}

}  // namespace

// The first that rt6_device_match() takes.
RouteFound HostView::first_of(std::span<const HostRoute* const> node, const RouteQuestion& question) const {
  const uint8_t* source = question.source != nullptr ? question.source : kNoAddress.data();
  const HostNexthop& front = node.front()->nexthops.front();
  const RouteFound first = is_dead(front) ? RouteFound{} : RouteFound{RouteFound::Answer::kRoute, node.front(), &front};
  if (question.out_index == 0 && is_unspecified(source)) return first;
  for (const HostRoute* route : node)
    for (const HostNexthop& nexthop : route->nexthops) {
      if (is_dead(nexthop)) continue;
      if (question.out_index != 0 ? nexthop.index == question.out_index
                                  : ipv6_owns(source, nexthop.index, question.strict_out))
        return {RouteFound::Answer::kRoute, route, &nexthop};
    }
  return question.out_index != 0 && question.strict_out ? RouteFound{} : first;
}

template <bool output>
RouteFound HostView::ipv6_in(const Prefixes& table, const RouteQuestion& question) const {
  const uint8_t* source = question.source != nullptr ? question.source : kNoAddress.data();
  // The way down goes past a prefix that has routes for some sources, this one not among them, even where it has one for
  // all; only on the way back from a longer prefix is that one looked at. Kernel: fib6_node_lookup_1(), fib6_backtrack().
  bool going_back = false;
  for (const Prefixes::Length& length : table.lengths) {
    Node rest = holding(table.routes, length, question.destination, 16);
    const auto for_source = [&](const HostRoute* route) {
      return route->source_bits != 0 && in_prefix(source, route->source, 16, route->source_bits);
    };
    const bool past = !going_back && length.bits != 0 && !rest.empty() && rest.front()->source_bits != 0 &&
                      std::ranges::none_of(rest, for_source);
    if (past) continue;
    while (!rest.empty()) {
      const HostRoute& front = *rest.front();
      size_t count = 1;
      while (count < rest.size() && rest[count]->source_bits == front.source_bits && rest[count]->source == front.source)
        ++count;
      const Node node = rest.first(count);
      rest = rest.subspan(count);
      if (!in_prefix(source, front.source, 16, front.source_bits)) continue;
      going_back = true;
      RouteFound found = output ? best_of(node, question) : first_of(node, question);
      if (found.route == nullptr) continue;
      if (found.route->type == RTN_THROW) return {};
      if (refuses(found.route->type)) found.answer = RouteFound::Answer::kRefused;
      return found;
    }
  }
  return {};
}

bool HostView::rule_holds(const HostRule& rule, const RouteQuestion& question) const {
  const bool v4 = rule.family == Family::kIpv4;
  const size_t size = address_size(rule.family);
  const auto device_fits = [&](const std::string& name, uint32_t index) {
    if (name.empty()) return true;
    const auto found = by_name_.find(name);
    return found != by_name_.end() && records_.interfaces[found->second].index == index;
  };
  const auto holds = [&] {
    if (!device_fits(rule.in, question.in_index) || !device_fits(rule.out, question.out_index)) return false;
    if (((rule.mark ^ question.mark) & rule.mark_mask) != 0) return false;
    // Packets of no tunnel, VRF or port, and of user 0.
    if (rule.tunnel_id != 0 || rule.l3_master != 0 || rule.first_uid != 0) return false;
    if (rule.last_source_port != 0 || rule.last_destination_port != 0) return false;
    if (!in_prefix(question.destination, rule.destination, size, rule.destination_bits)) return false;
    if (rule.source_bits != 0) {
      if (question.source == nullptr && !v4) return (rule.flags & FIB_RULE_FIND_SADDR) != 0;
      const uint8_t* source = question.source != nullptr ? question.source : kNoAddress.data();
      if (!in_prefix(source, rule.source, size, rule.source_bits)) return false;
    }
    const auto dscp = static_cast<uint8_t>(question.traffic_class & kDscpMask);
    if (rule.dscp_mask != 0) {
      if (((rule.dscp ^ dscp >> 2) & rule.dscp_mask) != 0) return false;
    } else if (rule.tos != 0 && rule.tos != (v4 ? dscp & kRouteTosMask : dscp)) {
      return false;
    }
    if (!v4 && ((rule.flow_label ^ question.flow_label) & rule.flow_label_mask) != 0) return false;
    return rule.ip_protocol == 0 || rule.ip_protocol == question.protocol;
  };
  return holds() != ((rule.flags & FIB_RULE_INVERT) != 0);
}

bool HostView::suppressed(const HostRule& rule, const RouteFound& found) const {
  if (int{found.route->destination_bits} <= rule.suppress_prefix) return true;
  if (rule.suppress_group == -1) return false;
  const HostInterface* device = interface(found.nexthop->index);
  return device != nullptr && device->group == static_cast<uint32_t>(rule.suppress_group);
}

template <typename In>
RouteFound HostView::by_rules(Family family, const RouteQuestion& question, In in) const {
  const std::vector<HostRule>& rules = records_.rules;
  for (size_t i = 0; i < rules.size(); ++i) {
    const HostRule& rule = rules[i];
    if (rule.family != family || !rule_holds(rule, question)) continue;
    if (rule.action == FR_ACT_NOP) continue;
    if (rule.action == FR_ACT_GOTO) {
      // Only forwards; a target that is not there makes the rule say nothing.
      const auto target =
          std::find_if(rules.begin() + static_cast<std::ptrdiff_t>(i) + 1, rules.end(),
                       [&](const HostRule& other) { return other.family == family && other.priority == rule.target; });
      if (target != rules.end()) i = static_cast<size_t>(target - rules.begin()) - 1;
      continue;
    }
    if (rule.action != FR_ACT_TO_TBL) return {RouteFound::Answer::kRefused};
    const Prefixes* table = prefixes(family, rule.table);
    if (table == nullptr) continue;
    RouteFound found = in(*table, question);
    if (found.answer == RouteFound::Answer::kNone) continue;
    if (found.answer == RouteFound::Answer::kRoute && suppressed(rule, found)) continue;
    found.rule_realm = rule.realm;
    return found;
  }
  return {};
}

RouteFound HostView::ipv4_route(const RouteQuestion& question) const {
  if (custom_rules_)
    return by_rules(Family::kIpv4, question,
                    [this](const Prefixes& table, const RouteQuestion& asked) { return ipv4_in(table, asked); });
  // Without rules of its own the kernel does not stop at a refusal.
  RouteFound found;
  for (const uint32_t id : {uint32_t{RT_TABLE_MAIN}, uint32_t{RT_TABLE_DEFAULT}}) {
    const Prefixes* table = prefixes(Family::kIpv4, id);
    if (table == nullptr) continue;
    found = ipv4_in(*table, question);
    if (found.answer == RouteFound::Answer::kRoute) break;
  }
  return found;
}

RouteFound HostView::ipv6_output_route(const RouteQuestion& question) const {
  return by_rules(Family::kIpv6, question,
                  [this](const Prefixes& table, const RouteQuestion& asked) { return ipv6_in<true>(table, asked); });
}

RouteFound HostView::ipv6_route(const RouteQuestion& question) const {
  return by_rules(Family::kIpv6, question,
                  [this](const Prefixes& table, const RouteQuestion& asked) { return ipv6_in<false>(table, asked); });
}

uint8_t HostView::ipv4_type(const uint8_t* address, uint32_t index) const {
  if (load_be32(address) == 0 || load_be32(address) == 0xffffffff) return RTN_BROADCAST;
  if (address[0] >> 4 == 0xe) return RTN_MULTICAST;
  if (!records_.ipv4_local_table) return RTN_BROADCAST;
  const Prefixes* table = prefixes(Family::kIpv4, RT_TABLE_LOCAL);
  if (table == nullptr) return RTN_UNICAST;
  const RouteFound found = ipv4_in(*table, {.destination = address});
  if (found.answer != RouteFound::Answer::kRoute) return RTN_UNICAST;
  return index == 0 || found.route->nexthops.front().index == index ? found.route->type : uint8_t{RTN_UNICAST};
}

bool HostView::ipv4_martian_source(const uint8_t* source, const uint8_t* destination, uint8_t tos, uint32_t in_index,
                                   uint32_t out_index) const {
  if (!custom_rules_ && !custom_local_routes_ && !realms_ && in_index != out_index) {
    HostAddressBytes key{};
    std::memcpy(key.data(), source, 4);
    return std::ranges::binary_search(ipv4_own_, key);
  }
  RouteQuestion question{.destination = source, .source = destination, .traffic_class = tos};
  if (out_index != 0) question.in_index = out_index;
  const RouteFound found = ipv4_route(question);
  return found.answer == RouteFound::Answer::kRoute && found.route->type != RTN_UNICAST;
}

bool HostView::ipv6_owns(const uint8_t* address, uint32_t index, bool strict) const {
  for (const HostAddress& own : records_.addresses) {
    if (own.family != Family::kIpv6 || std::memcmp(own.local.data(), address, 16) != 0) continue;
    const bool tried = (own.flags & IFA_F_TENTATIVE) != 0 && (own.flags & IFA_F_OPTIMISTIC) == 0;
    const bool of_link = own.scope == RT_SCOPE_LINK || own.scope == RT_SCOPE_HOST;
    if (!tried && (own.index == index || (!strict && !of_link))) return true;
  }
  return false;
}

}  // namespace hookline
