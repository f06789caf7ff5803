// xt/pkttype.cpp: match `pkttype`, both families, revision 0.
//
// How the frame was addressed, not the packet: to this host, to everyone, to a group. What this host sent and got back
// itself counts as sent to a group, or, in IPv4 to no group address, to everyone.
// Source: kernel xt_pkttype.c, pkttype_mt(); UAPI linux/netfilter/xt_pkttype.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_pkttype.h>

#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Pkttype {
  uint32_t type;    // PACKET_*; the kernel loads any number
  uint32_t invert;  // the kernel xors this number into the answer: above 1 the match is true either way
};

Decoded<Pkttype> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<xt_pkttype_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_pkttype_info)));
  return Pkttype{static_cast<uint32_t>(info->pkttype), static_cast<uint32_t>(info->invert)};
}

// A type without a name is printed as a signed number.
void print(const Pkttype& m, TextOut& out) {
  static constexpr std::array<std::string_view, 4> kNames = {"unicast", "broadcast", "multicast", "otherhost"};
  out.add(m.invert != 0 ? " ! --pkt-type " : " --pkt-type ");
  out.add(m.type < kNames.size() ? std::string(kNames[m.type]) : std::to_string(static_cast<int32_t>(m.type)));
}

PacketType type_of(const Packet& packet) {
  if (packet.type != PacketType::kLoopback) return packet.type;
  return packet.family == Family::kIpv6 || packet.data[16] >> 4 == 0xe ? PacketType::kMulticast : PacketType::kBroadcast;
}

Answer evaluate(const Pkttype& m, const MatchContext& context) {
  const bool equal = static_cast<uint32_t>(type_of(context.packet)) == m.type;
  return answer((static_cast<uint32_t>(equal) ^ m.invert) != 0);
}

Lowered lower(const Pkttype& m, Family) {
  if (m.invert > 1) return always();
  if (m.type > static_cast<uint32_t>(PacketType::kOutgoing)) return m.invert != 0 ? always() : never();
  return evaluated();
}

}  // namespace

constexpr MatchType kPkttypeMatch =
    match_type<Pkttype, decode, print, evaluate, lower>({"pkttype", 0, kBothFamilies, sizeof(xt_pkttype_info)});

}  // namespace hookline::xt
