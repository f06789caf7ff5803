// xt/ipcomp.cpp: match `ipcomp`, both families, revision 0.
//
// The 16-bit CPI in a range. A later fragment fails before the inversion; a header that is not there drops the packet. The
// option for the reserved field is kept and printed; the kernel does not look at it.
// Source: kernel xt_ipcomp.c, comp_mt(); UAPI linux/netfilter/xt_ipcomp.h.
#include <linux/netfilter/xt_ipcomp.h>

#include "xt/spi.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint32_t kHeaderBytes = 4;
constexpr uint16_t kProtocol = 108;

struct Ipcomp {
  SpiRange cpis;
  uint8_t reserved;  // for print() alone
};

Decoded<Ipcomp> decode(Bytes data, const DecodeContext& context) {
  const auto info = read_at<xt_ipcomp>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_ipcomp)));
  if (!finds_l4_header(context)) return no_l4_header();
  if ((info->invflags & ~XT_IPCOMP_INV_MASK) != 0)
    return refuse(fmt::format("invflags {:#x}", info->invflags), "bits of 0x1");
  return Ipcomp{{info->spis[0], info->spis[1], info->invflags}, info->hdrres};
}

void print(const Ipcomp& m, TextOut& out) {
  print_spis(" --ipcompspi ", m.cpis, out);
  if (m.reserved != 0) out.add(" --compres");
}

Answer evaluate(const Ipcomp& m, const MatchContext& context) {
  return spi_answer<kHeaderBytes>(m.cpis, context, [](const uint8_t* header) { return uint32_t{load_be16(header + 2)}; });
}

Lowered lower(const Ipcomp& m, Family family) { return lower_spis(m.cpis, family); }

}  // namespace

constexpr MatchType kIpcompMatch = match_type<Ipcomp, decode, print, evaluate, lower>(
    {"ipcomp", 0, kBothFamilies, sizeof(xt_ipcomp), {.protocol = kProtocol}});

}  // namespace hookline::xt
