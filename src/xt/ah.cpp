// xt/ah.cpp: match `ah`, IPv4, revision 0.
//
// The SPI in a range. A later fragment fails before the inversion; a header that is not there drops the packet.
// Source: kernel ipt_ah.c, ah_mt(); UAPI linux/netfilter_ipv4/ipt_ah.h.
#include <linux/netfilter_ipv4/ipt_ah.h>

#include "xt/spi.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint32_t kHeaderBytes = 12;
constexpr uint16_t kProtocol = 51;

Decoded<SpiRange> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<ipt_ah>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(ipt_ah)));
  if ((info->invflags & ~IPT_AH_INV_MASK) != 0) return refuse(fmt::format("invflags {:#x}", info->invflags), "bits of 0x1");
  return SpiRange{info->spis[0], info->spis[1], info->invflags};
}

void print(const SpiRange& m, TextOut& out) { print_spis(" --ahspi ", m, out); }

Answer evaluate(const SpiRange& m, const MatchContext& context) {
  return spi_answer<kHeaderBytes>(m, context, [](const uint8_t* header) { return load_be32(header + 4); });
}

}  // namespace

constexpr MatchType kAhMatch =
    match_type<SpiRange, decode, print, evaluate, lower_spis>({"ah", 0, kIpv4Only, sizeof(ipt_ah), {.protocol = kProtocol}});

}  // namespace hookline::xt
