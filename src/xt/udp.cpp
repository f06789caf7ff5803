// xt/udp.cpp: matches `udp` and `udplite`, both families, revision 0: one code for two protocols.
//
// Both ports. A later fragment fails before any inversion; a header that is not there drops the packet.
// Source: kernel xt_tcpudp.c, udp_mt(); UAPI linux/netfilter/xt_tcpudp.h.
#include <linux/netfilter/xt_tcpudp.h>

#include "xt/ports.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint32_t kHeaderBytes = 8;
constexpr uint16_t kUdp = 17, kUdplite = 136;

struct Udp {
  PortRange source, destination;
  uint8_t source_inverted, destination_inverted;
};

Decoded<Udp> decode(Bytes data, const DecodeContext& context) {
  const auto info = read_at<xt_udp>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_udp)));
  if (!finds_l4_header(context)) return no_l4_header();
  if ((info->invflags & ~XT_UDP_INV_MASK) != 0) return refuse(fmt::format("invflags {:#x}", info->invflags), "bits of 0x3");
  return Udp{{info->spts[0], info->spts[1]},
             {info->dpts[0], info->dpts[1]},
             (info->invflags & XT_UDP_INV_SRCPT) != 0,
             (info->invflags & XT_UDP_INV_DSTPT) != 0};
}

void print(const Udp& m, TextOut& out) {
  print_ports("--sport", m.source, m.source_inverted, out);
  print_ports("--dport", m.destination, m.destination_inverted, out);
}

Answer evaluate(const Udp& m, const MatchContext& context) {
  if (context.fragment_offset != 0) return Answer::kNo;
  const uint8_t* header = context.bytes(context.l4_offset, kHeaderBytes);
  if (header == nullptr) return Answer::kHotdrop;
  return answer(m.source.holds(load_be16(header)) != (m.source_inverted != 0) &&
                m.destination.holds(load_be16(header + 2)) != (m.destination_inverted != 0));
}

Lowered lower(const Udp& m, Family) {
  return both(both(first_fragment(), ports_in(Dimension::kSourcePort, m.source, m.source_inverted)),
              ports_in(Dimension::kDestinationPort, m.destination, m.destination_inverted));
}

}  // namespace

constexpr MatchType kUdpMatch =
    match_type<Udp, decode, print, evaluate, lower>({"udp", 0, kBothFamilies, sizeof(xt_udp), {.protocol = kUdp}});
constexpr MatchType kUdpliteMatch =
    match_type<Udp, decode, print, evaluate, lower>({"udplite", 0, kBothFamilies, sizeof(xt_udp), {.protocol = kUdplite}});

}  // namespace hookline::xt
