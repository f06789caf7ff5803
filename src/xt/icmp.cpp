// xt/icmp.cpp: matches `icmp` (IPv4) and `icmp6` (IPv6), revision 0.
//
// Type and a range of codes. Type 255 of `icmp` stands for any type and any code; in `icmp6` it is an ordinary number. A
// later fragment fails before any inversion; fewer than 8 bytes of header drop the packet.
// Source: kernel xt_tcpudp.c, icmp_match() and icmp6_match(); UAPI linux/netfilter_ipv4/ip_tables.h (struct ipt_icmp),
// linux/netfilter_ipv6/ip6_tables.h (struct ip6t_icmp).
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>

#include "xt/ports.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint32_t kHeaderBytes = 8;
constexpr uint16_t kIcmpProtocol = 1, kIcmp6Protocol = 58;

struct Icmp {
  uint8_t type;
  uint8_t code_low, code_high;
  uint8_t inverted;
  uint8_t any;  // type and codes do not count
};
static_assert(sizeof(ipt_icmp) == sizeof(ip6t_icmp) && IPT_ICMP_INV == IP6T_ICMP_INV);

template <Family family>
Decoded<Icmp> decode(Bytes data, const DecodeContext& context) {
  const auto info = read_at<ipt_icmp>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(ipt_icmp)));
  if (!finds_l4_header(context)) return no_l4_header();
  if ((info->invflags & ~IPT_ICMP_INV) != 0) return refuse(fmt::format("invflags {:#x}", info->invflags), "bits of 0x1");
  return Icmp{info->type, info->code[0], info->code[1], (info->invflags & IPT_ICMP_INV) != 0,
              family == Family::kIpv4 && info->type == 0xff};
}

void print(const Icmp& m, TextOut& out) {
  if (m.inverted) out.add(" !");
  if (m.any) {
    out.add(" --icmp-type any");
    return;
  }
  out.add(fmt::format(" {} {}", out.family() == Family::kIpv4 ? "--icmp-type" : "--icmpv6-type", m.type));
  if (m.code_low != 0 || m.code_high != 0xff) out.add(fmt::format("/{}", m.code_low));
}

Answer evaluate(const Icmp& m, const MatchContext& context) {
  if (context.fragment_offset != 0) return Answer::kNo;
  const uint8_t* header = context.bytes(context.l4_offset, kHeaderBytes);
  if (header == nullptr) return Answer::kHotdrop;
  const bool fits = m.any || (header[0] == m.type && header[1] >= m.code_low && header[1] <= m.code_high);
  return answer(fits != (m.inverted != 0));
}

// Adds low..high of the code byte as aligned blocks, so that type and code stay one masked test of one word.
void add_codes(uint32_t type, unsigned low, unsigned high, Lowered& result) {
  while (low <= high) {
    unsigned size = 1;
    while ((low & (size * 2 - 1)) == 0 && low + size * 2 - 1 <= high) size *= 2;
    const uint32_t mask = 0xff << kMetaL4HighShift | (0xff & ~(size - 1)) << kMetaL4LowShift;
    result.boxes.push_back(
        {WordTest{Dimension::kMeta, WordTest::Op::kMaskedEqual, type << kMetaL4HighShift | low << kMetaL4LowShift, mask}});
    low += size;
  }
}

Lowered lower(const Icmp& m, Family) {
  if (m.any) return m.inverted ? never() : first_fragment();
  Lowered result = never();
  if (!m.inverted) {
    add_codes(m.type, m.code_low, m.code_high, result);
  } else {
    const uint32_t type = static_cast<uint32_t>(m.type) << kMetaL4HighShift;
    if (m.code_low > m.code_high) return first_fragment();
    result = masked(Dimension::kMeta, type, 0xff << kMetaL4HighShift, true);
    if (m.code_low > 0) add_codes(m.type, 0, m.code_low - 1U, result);
    add_codes(m.type, m.code_high + 1U, 0xff, result);
  }
  if (result.boxes.size() > kMaxBoxes) result = evaluated();
  return both(first_fragment(), result);
}

}  // namespace

constexpr MatchType kIcmpMatch = match_type<Icmp, decode<Family::kIpv4>, print, evaluate, lower>(
    {"icmp", 0, kIpv4Only, sizeof(ipt_icmp), {.protocol = kIcmpProtocol}});
constexpr MatchType kIcmp6Match = match_type<Icmp, decode<Family::kIpv6>, print, evaluate, lower>(
    {"icmp6", 0, kIpv6Only, sizeof(ip6t_icmp), {.protocol = kIcmp6Protocol}});

}  // namespace hookline::xt
