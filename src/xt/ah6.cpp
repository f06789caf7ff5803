// xt/ah6.cpp: match `ah`, IPv6, revision 0.
//
// Looks for the first authentication header of the chain by itself, whatever `-p` says: its SPI, its length in bytes, and
// that its reserved field is 0. A packet without one fails before any inversion, and so does a later fragment that has it
// behind its fragment header; a chain that is cut off drops the packet, and so does a header of more bytes than are there.
// Source: kernel ip6t_ah.c, ah_mt6(); UAPI linux/netfilter_ipv6/ip6t_ah.h.
#include <linux/netfilter_ipv6/ip6t_ah.h>
#include <netinet/in.h>

#include "xt/ipv6_headers.h"
#include "xt/spi.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint32_t kHeaderBytes = 12;

struct Ah {
  SpiRange spis;
  uint32_t length;  // in bytes; 0: any
  uint8_t length_inverted;
  uint8_t reserved;  // not 0: the reserved field must be 0
};

Decoded<Ah> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<ip6t_ah>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(ip6t_ah)));
  if ((info->invflags & ~IP6T_AH_INV_MASK) != 0) return refuse(fmt::format("invflags {:#x}", info->invflags), "bits of 0x3");
  return Ah{{info->spis[0], info->spis[1], (info->invflags & IP6T_AH_INV_SPI) != 0},
            info->hdrlen,
            (info->invflags & IP6T_AH_INV_LEN) != 0,
            info->hdrres};
}

void print(const Ah& m, TextOut& out) {
  print_spis(" --ahspi ", m.spis, out);
  if (m.length != 0 || m.length_inverted != 0)
    out.add(fmt::format("{} --ahlen {}", m.length_inverted != 0 ? " !" : "", m.length));
  if (m.reserved != 0) out.add(" --ahres");
}

Answer evaluate(const Ah& m, const MatchContext& context) {
  const FoundHeader found = find_ipv6_header(context, IPPROTO_AH);
  if (found.answer != Answer::kYes) return found.answer;
  const uint8_t* header = context.bytes(found.offset, kHeaderBytes);
  if (header == nullptr) return Answer::kHotdrop;
  const uint32_t length = (header[1] + 2U) * 4;
  if (context.bytes(found.offset, length) == nullptr) return Answer::kHotdrop;
  return answer(m.spis.fits(load_be32(header + 4)) && (m.length == 0 || (m.length == length) != (m.length_inverted != 0)) &&
                (m.reserved == 0 || load_be16(header + 2) == 0));
}

Lowered lower(const Ah&, Family) {
  Lowered result = evaluated();
  result.may_hotdrop = true;
  return result;
}

}  // namespace

constexpr MatchType kAh6Match = match_type<Ah, decode, print, evaluate, lower>({"ah", 0, kIpv6Only, sizeof(ip6t_ah)});

}  // namespace hookline::xt
