// xt/realm.cpp: match `realm`, IPv4, revision 0.
//
// The realms of the route that the packet takes, masked: that of the next hop, where it leaves one open that of the policy
// rule, and then, for what comes in, that of the route back to the source. The way is taken as given: where the routes lead
// to another device than the packet goes out by, the route by that device counts.
// Source: kernel xt_realm.c, realm_mt(); route.c, rt_set_nexthop(), set_class_tag(); fib_combine_itag(),
// __fib_validate_source(); UAPI linux/netfilter/xt_realm.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_realm.h>

#include <algorithm>

#include "xt/on_host.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Realm {
  uint32_t id, mask;
  uint8_t invert;  // the kernel xors this byte into the answer: above 1 the match is true either way
  HostKnowledge host;
  // Nothing is left to compare, or a bit outside the mask makes it never equal.
  [[nodiscard]] bool constant() const { return mask == 0 || (id & ~mask) != 0; }
  [[nodiscard]] bool reads_only() const { return true; }
  [[nodiscard]] std::string refused() const { return constant() ? std::string() : host_refusal(host); }
};

Decoded<Realm> decode(Bytes data, const DecodeContext& context) {
  const auto info = read_at<xt_realm_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_realm_info)));
  return Realm{info->id, info->mask, info->invert, knowledge_of(context)};
}

// iptables reads names from iproute2's rt_realms, which comes with one.
void print(const Realm& m, TextOut& out) {
  out.add(m.invert != 0 ? " ! --realm" : " --realm");
  if (m.mask != UINT32_MAX)
    out.add(fmt::format(" {:#x}/{:#x}", m.id, m.mask));
  else
    out.add(m.id == 0 ? " cosmos" : fmt::format(" {:#x}", m.id));
}

// Fills what the first number leaves open, each half by itself.
uint32_t tagged(uint32_t realms, uint32_t tag) {
  if ((realms & 0xffff) == 0) realms |= tag & 0xffff;
  if ((realms & 0xffff0000) == 0) realms |= tag & 0xffff0000;
  return realms;
}

bool group_address(const uint8_t* ipv4) { return ipv4[0] >> 4 == 0xe; }

// What the route back to the source adds. `out`: the device that the packet will leave by; 0: it is delivered here.
uint32_t source_tag(const HostView& host, const Packet& packet, uint32_t out) {
  const uint8_t *source = packet.data + 12, *destination = packet.data + 16;
  if (load_be32(source) == 0) return 0;
  RouteQuestion question{.destination = source, .traffic_class = packet.data[1]};
  if (!group_address(destination)) question.source = destination;
  if (out != 0) question.in_index = out;
  const RouteFound found = host.ipv4_route(question);
  if (found.answer != RouteFound::Answer::kRoute) return 0;
  const uint32_t in = host.index_of_device(*packet.in);
  if (!HostView::leads_to(*found.route, in) && !host.has_ipv4_address(in)) return 0;
  uint32_t tag = found.nexthop->realm << 16;
  if (tag == 0) tag = found.rule_realm << 16;
  return tag | found.rule_realm >> 16;
}

// Of the route to the destination. `out`: 0 where the packet only arrives.
uint32_t route_realms(const HostView& host, const Packet& packet, uint32_t out) {
  RouteQuestion question{.destination = packet.data + 16, .mark = packet.mark};
  if (packet.in->absent()) {  // a raw socket asks with neither source nor TOS
    question.out_index = out;
  } else {
    question.source = packet.data + 12;
    question.in_index = host.index_of_device(*packet.in);
    question.traffic_class = packet.data[1];
    question.protocol = packet.data[9];
  }
  RouteFound found = host.ipv4_route(question);
  if (out != 0 && (found.type() == 0 || !HostView::leads_to(*found.route, out))) {
    question.out_index = out;
    found = host.ipv4_route(question);
  }
  if (found.answer != RouteFound::Answer::kRoute) return 0;
  const auto by_out = std::find_if(found.route->nexthops.begin(), found.route->nexthops.end(),
                                   [&](const HostNexthop& nexthop) { return nexthop.index == out; });
  const HostNexthop& nexthop = by_out != found.route->nexthops.end() ? *by_out : *found.nexthop;
  return tagged(nexthop.realm, found.rule_realm);
}

uint32_t realms_of(const HostView& host, const MatchContext& context) {
  if (!host.has_realms()) return 0;
  const Packet& packet = context.packet;
  const uint32_t out = host.index_of_device(*packet.out);
  // What loops back keeps the route that it was sent by.
  if (packet.in->absent() || host.is_loopback(*packet.in)) return route_realms(host, packet, out);
  if (context.hook == Hook::kInput) return source_tag(host, packet, 0);
  return tagged(route_realms(host, packet, out), source_tag(host, packet, out));
}

Answer decide(const Realm& m, uint32_t realms) {
  return answer((static_cast<uint8_t>(m.id == (realms & m.mask)) ^ m.invert) != 0);
}

Answer evaluate(const Realm& m, OnHost& on, const MatchContext& context) {
  return decide(m, m.constant() ? 0 : realms_of(*on.host, context));
}

Lowered lower(const Realm& m, Family) {
  if (!m.constant()) return evaluated();
  return decide(m, 0) == Answer::kYes ? always() : never();
}

}  // namespace

constexpr uint32_t kHooks =
    hook_bit(Hook::kInput) | hook_bit(Hook::kForward) | hook_bit(Hook::kOutput) | hook_bit(Hook::kPostrouting);
constexpr MatchType kRealmMatch = stateful_match_type<Realm, OnHost, decode, print, on_host<Realm>, evaluate, lower>(
    {"realm", 0, kIpv4Only, sizeof(xt_realm_info), {.hooks = kHooks}});

}  // namespace hookline::xt
