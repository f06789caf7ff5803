// xt/rpfilter.cpp: match `rpfilter`, both families, revision 0.
//
// Whether a packet that goes back to the source would leave by the device that this one came in by. IPv4: every next hop of
// the route found counts; IPv6: the look-up itself asks for the device.
// Source: kernel ipt_rpfilter.c and ip6t_rpfilter.c, rpfilter_mt(), rpfilter_lookup_reverse(), rpfilter_lookup_reverse6(),
// rpfilter_check(); UAPI linux/netfilter/xt_rpfilter.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_rpfilter.h>
#include <linux/rtnetlink.h>

#include <algorithm>

#include "xt/on_host.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Rpfilter {
  uint8_t flags;  // XT_RPFILTER_*
  HostKnowledge host;
  [[nodiscard]] bool has(uint8_t flag) const { return (flags & flag) != 0; }
  [[nodiscard]] bool reads_only() const { return true; }
  [[nodiscard]] std::string refused() const { return host_refusal(host); }
};

Decoded<Rpfilter> decode(Bytes data, const DecodeContext& context) {
  constexpr uint8_t kKnown = XT_RPFILTER_LOOSE | XT_RPFILTER_VALID_MARK | XT_RPFILTER_ACCEPT_LOCAL | XT_RPFILTER_INVERT;
  const auto info = read_at<xt_rpfilter_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_rpfilter_info)));
  if ((info->flags & ~kKnown) != 0) return refuse(fmt::format("flags {:#x}", info->flags), "bits of 0xf");
  return Rpfilter{info->flags, knowledge_of(context)};
}

void print(const Rpfilter& m, TextOut& out) {
  if (m.has(XT_RPFILTER_LOOSE)) out.add(" --loose");
  if (m.has(XT_RPFILTER_VALID_MARK)) out.add(" --validmark");
  if (m.has(XT_RPFILTER_ACCEPT_LOCAL)) out.add(" --accept-local");
  if (m.has(XT_RPFILTER_INVERT)) out.add(" --invert");
}

bool ipv4_nobody(const uint8_t* address) {
  return std::all_of(address, address + 4, [](uint8_t byte) { return byte == 0; });
}
bool ipv4_group(const uint8_t* address) { return address[0] >> 4 == 0xe; }
bool ipv4_everyone(const uint8_t* address) {
  return std::all_of(address, address + 4, [](uint8_t byte) { return byte == 0xff; });
}

bool ipv4_passes(const Rpfilter& m, const HostView& host, const Packet& packet, uint32_t index) {
  const uint8_t *source = packet.data + 12, *destination = packet.data + 16;
  // A host that asks for its address.
  const bool link_group = destination[0] == 224 && destination[1] == 0 && destination[2] == 0;
  if (ipv4_nobody(source) && (ipv4_everyone(destination) || link_group)) return true;
  RouteQuestion question{.destination = source, .traffic_class = packet.data[1]};
  if (!ipv4_group(destination) && !ipv4_everyone(destination) && !ipv4_nobody(destination)) question.source = destination;
  if (m.has(XT_RPFILTER_VALID_MARK)) question.mark = packet.mark;
  const RouteFound found = host.ipv4_route(question);
  if (found.type() != RTN_UNICAST && !(found.type() == RTN_LOCAL && m.has(XT_RPFILTER_ACCEPT_LOCAL))) return false;
  return m.has(XT_RPFILTER_LOOSE) || HostView::leads_to(*found.route, index);
}

// Of one link: fe80::/10, or a group of that scope.
bool ipv6_of_link(const uint8_t* address) {
  return (address[0] == 0xfe && (address[1] & 0xc0) == 0x80) || (address[0] == 0xff && (address[1] & 0xf) == 2);
}
bool ipv6_unspecified(const uint8_t* address) {
  return std::all_of(address, address + 16, [](uint8_t byte) { return byte == 0; });
}
bool ipv6_mapped(const uint8_t* address) {
  return std::all_of(address, address + 10, [](uint8_t byte) { return byte == 0; }) && address[10] == 0xff &&
         address[11] == 0xff;
}

bool ipv6_passes(const Rpfilter& m, const HostView& host, const Packet& packet, uint32_t index) {
  const uint8_t *source = packet.data + 8, *destination = packet.data + 24;
  if (ipv6_unspecified(source)) return true;
  const uint32_t first = load_be32(packet.data);
  RouteQuestion question{.destination = source,
                         .traffic_class = static_cast<uint8_t>(first >> 20),
                         .flow_label = first & 0xfffff,
                         .protocol = packet.data[6]};
  if (destination[0] != 0xff && !ipv6_unspecified(destination) && !ipv6_mapped(destination)) question.source = destination;
  if (m.has(XT_RPFILTER_VALID_MARK)) question.mark = packet.mark;
  question.strict_out = ipv6_of_link(source);
  if (question.strict_out || !m.has(XT_RPFILTER_LOOSE)) question.out_index = index;
  const RouteFound found = host.ipv6_route(question);
  if (found.answer != RouteFound::Answer::kRoute) return false;
  if (HostView::ipv6_anycast(*found.route) || host.ipv6_rejects(found)) return false;
  if (found.type() == RTN_LOCAL) return m.has(XT_RPFILTER_ACCEPT_LOCAL);
  return m.has(XT_RPFILTER_LOOSE) || found.nexthop->index == index;
}

Answer evaluate(const Rpfilter& m, OnHost& on, const MatchContext& context) {
  const Packet& packet = context.packet;
  const uint32_t index = on.host->index_of_device(*packet.in);
  const bool passes =
      packet.type == PacketType::kLoopback || on.host->is_loopback(*packet.in) ||
      (packet.family == Family::kIpv4 ? ipv4_passes(m, *on.host, packet, index) : ipv6_passes(m, *on.host, packet, index));
  return answer(passes != m.has(XT_RPFILTER_INVERT));
}

Lowered lower(const Rpfilter&, Family) { return evaluated(); }

}  // namespace

constexpr MatchType kRpfilterMatch =
    stateful_match_type<Rpfilter, OnHost, decode, print, on_host<Rpfilter>, evaluate, lower>(
        {"rpfilter",
         0,
         kBothFamilies,
         sizeof(xt_rpfilter_info),
         {.table = "raw", .other_table = "mangle", .hooks = hook_bit(Hook::kPrerouting)}});

}  // namespace hookline::xt
