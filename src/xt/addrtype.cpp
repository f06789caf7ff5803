// xt/addrtype.cpp: match `addrtype`, revisions 0 (IPv4) and 1.
//
// What kind of address source or destination is for this host. IPv4: the type of the route that table `local` has for it,
// unicast where it has none; the types of other tables are never seen. IPv6: multicast, unicast and unspecified are told by
// the address alone, the others by the route that the host would send by. `--limit-iface-*` asks about one device.
// Source: kernel xt_addrtype.c, match_type(), match_type6(), match_lookup_rt6(), addrtype_mt_v0(), addrtype_mt_v1(),
// addrtype_mt_checkentry_v1(); UAPI linux/netfilter/xt_addrtype.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_addrtype.h>
#include <linux/rtnetlink.h>

#include <array>
#include <cstring>

#include "xt/on_host.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Addrtype {
  uint16_t source, destination;  // masks of 1 << RTN_*; 0: not asked
  uint8_t invert_source, invert_destination;
  uint8_t limits;  // XT_ADDRTYPE_LIMIT_IFACE_IN, _OUT
  HostKnowledge host;
  [[nodiscard]] bool reads_only() const { return true; }
  [[nodiscard]] std::string refused() const { return host_refusal(host); }
};

Decoded<Addrtype> decode_old(Bytes data, const DecodeContext& context) {
  const auto info = read_at<xt_addrtype_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_addrtype_info)));
  // The kernel xors the whole word into a truth value: its lowest bit tells.
  return Addrtype{info->source,
                  info->dest,
                  static_cast<uint8_t>(info->invert_source & 1),
                  static_cast<uint8_t>(info->invert_dest & 1),
                  0,
                  knowledge_of(context)};
}

Decoded<Addrtype> decode(Bytes data, const DecodeContext& context) {
  constexpr uint32_t kWithoutOut = hook_bit(Hook::kPrerouting) | hook_bit(Hook::kInput);
  constexpr uint32_t kWithoutIn = hook_bit(Hook::kOutput) | hook_bit(Hook::kPostrouting);
  const auto info = read_at<xt_addrtype_info_v1>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_addrtype_info_v1)));
  const bool in = (info->flags & XT_ADDRTYPE_LIMIT_IFACE_IN) != 0, out = (info->flags & XT_ADDRTYPE_LIMIT_IFACE_OUT) != 0;
  if (in && out) return refuse("both --limit-iface-in and --limit-iface-out", "one of them");
  if (out && (context.hooks & kWithoutOut) != 0)
    return refuse("--limit-iface-out, reached from PREROUTING or INPUT", "FORWARD, OUTPUT and POSTROUTING alone");
  if (in && (context.hooks & kWithoutIn) != 0)
    return refuse("--limit-iface-in, reached from OUTPUT or POSTROUTING", "PREROUTING, INPUT and FORWARD alone");
  if (context.family == Family::kIpv6) {
    const auto asked = static_cast<unsigned>(info->source | info->dest);
    if ((asked & (XT_ADDRTYPE_BROADCAST | XT_ADDRTYPE_BLACKHOLE)) != 0 || asked >= XT_ADDRTYPE_PROHIBIT)
      return refuse(fmt::format("types {:#x}", asked), "no broadcast, blackhole, prohibit and later ones in IPv6");
  }
  return Addrtype{info->source,
                  info->dest,
                  static_cast<uint8_t>((info->flags & XT_ADDRTYPE_INVERT_SOURCE) != 0),
                  static_cast<uint8_t>((info->flags & XT_ADDRTYPE_INVERT_DEST) != 0),
                  static_cast<uint8_t>(info->flags & (XT_ADDRTYPE_LIMIT_IFACE_IN | XT_ADDRTYPE_LIMIT_IFACE_OUT)),
                  knowledge_of(context)};
}

void print(const Addrtype& m, TextOut& out) {
  static constexpr std::array<std::string_view, 12> kNames = {"UNSPEC",   "UNICAST",   "LOCAL",     "BROADCAST",
                                                              "ANYCAST",  "MULTICAST", "BLACKHOLE", "UNREACHABLE",
                                                              "PROHIBIT", "THROW",     "NAT",       "XRESOLVE"};
  const auto side = [&](std::string_view option, uint16_t types, uint8_t inverted) {
    if (types == 0) return;
    out.add(fmt::format("{} {} ", inverted != 0 ? " !" : "", option));
    std::string_view separator;
    for (size_t i = 0; i < kNames.size(); ++i) {
      if ((types >> i & 1) == 0) continue;
      out.add(separator);
      out.add(kNames[i]);
      separator = ",";
    }
  };
  side("--src-type", m.source, m.invert_source);
  side("--dst-type", m.destination, m.invert_destination);
  if ((m.limits & XT_ADDRTYPE_LIMIT_IFACE_IN) != 0) out.add(" --limit-iface-in");
  if ((m.limits & XT_ADDRTYPE_LIMIT_IFACE_OUT) != 0) out.add(" --limit-iface-out");
}

// Whether ipv6_addr_type() has the bit for unicast: all but groups, :: and IPv4-mapped addresses.
bool ipv6_unicast(const uint8_t* address) {
  static constexpr std::array<uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  static constexpr std::array<uint8_t, 16> kAny{};
  return address[0] != 0xff && std::memcmp(address, kMapped.data(), kMapped.size()) != 0 &&
         std::memcmp(address, kAny.data(), kAny.size()) != 0;
}

bool ipv6_unspecified(const uint8_t* address) {
  static constexpr std::array<uint8_t, 16> kAny{};
  return std::memcmp(address, kAny.data(), kAny.size()) == 0;
}

// The types that take a look-up. `index`: the device asked about; 0: none.
uint32_t ipv6_route_types(const HostView& host, const uint8_t* address, uint32_t index) {
  const RouteFound found = host.ipv6_output_route({.destination = address, .out_index = index, .strict_out = index != 0});
  if (found.answer != RouteFound::Answer::kRoute) return XT_ADDRTYPE_UNREACHABLE;
  const HostRoute& route = *found.route;
  const bool rejects = host.ipv6_rejects(found);
  uint32_t types = rejects ? XT_ADDRTYPE_UNREACHABLE : 0;
  if (index != 0 ? host.ipv6_owns(address, index) : route.type == RTN_LOCAL) types |= XT_ADDRTYPE_LOCAL;
  // The first address of a network on the link belongs to its routers.
  const bool first = !rejects && route.destination_bits < 127 && found.nexthop->gateway_family == 0 &&
                     std::memcmp(route.destination.data(), address, 16) == 0;
  if (HostView::ipv6_anycast(route) || first) types |= XT_ADDRTYPE_ANYCAST;
  return types;
}

bool ipv6_is(const HostView& host, const uint8_t* address, uint16_t types, uint32_t index) {
  if ((types & XT_ADDRTYPE_MULTICAST) != 0 && address[0] != 0xff) return false;
  if ((types & XT_ADDRTYPE_UNICAST) != 0 && !ipv6_unicast(address)) return false;
  if ((types & XT_ADDRTYPE_UNSPEC) != 0 && !ipv6_unspecified(address)) return false;
  constexpr uint32_t kLookedUp = XT_ADDRTYPE_LOCAL | XT_ADDRTYPE_ANYCAST | XT_ADDRTYPE_UNREACHABLE;
  return (types & kLookedUp) == 0 || (types & ipv6_route_types(host, address, index)) != 0;
}

Answer evaluate(const Addrtype& m, OnHost& on, const MatchContext& context) {
  const Packet& packet = context.packet;
  const HostView& host = *on.host;
  const bool v4 = packet.family == Family::kIpv4;
  uint32_t index = 0;
  if ((m.limits & XT_ADDRTYPE_LIMIT_IFACE_IN) != 0) index = host.index_of_device(*packet.in);
  if ((m.limits & XT_ADDRTYPE_LIMIT_IFACE_OUT) != 0) index = host.index_of_device(*packet.out);
  const auto fits = [&](uint16_t types, uint8_t inverted, uint32_t offset) {
    if (types == 0) return true;
    const uint8_t* address = packet.data + offset;
    const bool is = v4 ? (types >> host.ipv4_type(address, index) & 1) != 0 : ipv6_is(host, address, types, index);
    return is == (inverted == 0);
  };
  return answer(fits(m.source, m.invert_source, v4 ? 12 : 8) && fits(m.destination, m.invert_destination, v4 ? 16 : 24));
}

Lowered lower(const Addrtype& m, Family) { return m.source == 0 && m.destination == 0 ? always() : evaluated(); }

}  // namespace

constexpr MatchType kAddrtype0Match =
    stateful_match_type<Addrtype, OnHost, decode_old, print, on_host<Addrtype>, evaluate, lower>(
        {"addrtype", 0, kIpv4Only, sizeof(xt_addrtype_info)});
constexpr MatchType kAddrtype1Match =
    stateful_match_type<Addrtype, OnHost, decode, print, on_host<Addrtype>, evaluate, lower>(
        {"addrtype", 1, kBothFamilies, sizeof(xt_addrtype_info_v1)});

}  // namespace hookline::xt
