// xt/mh.cpp: match `mh`, IPv6, revision 0.
//
// A range of Mobility Header types. A later fragment fails before the inversion. Fewer than 6 bytes of header, or one that
// says that another header follows it, which none may, drop the packet.
// Source: kernel ip6t_mh.c, mh_mt6(); UAPI linux/netfilter_ipv6/ip6t_mh.h.
#include <linux/netfilter_ipv6/ip6t_mh.h>
#include <netinet/in.h>

#include "xt/ports.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint32_t kHeaderBytes = 6;
constexpr uint16_t kMobility = 135;

struct Mh {
  uint8_t low, high;
  uint8_t inverted;
};

Decoded<Mh> decode(Bytes data, const DecodeContext& context) {
  const auto info = read_at<ip6t_mh>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(ip6t_mh)));
  if (!finds_l4_header(context)) return no_l4_header();
  if ((info->invflags & ~IP6T_MH_INV_MASK) != 0) return refuse(fmt::format("invflags {:#x}", info->invflags), "bits of 0x1");
  return Mh{info->types[0], info->types[1], info->invflags};
}

// The full range is not printed, inverted or not.
void print(const Mh& m, TextOut& out) {
  if (m.low == 0 && m.high == 0xff) return;
  out.add(fmt::format("{} --mh-type {}", m.inverted != 0 ? " !" : "", m.low));
  if (m.low != m.high) out.add(fmt::format(":{}", m.high));
}

Answer evaluate(const Mh& m, const MatchContext& context) {
  if (context.fragment_offset != 0) return Answer::kNo;
  const uint8_t* header = context.bytes(context.l4_offset, kHeaderBytes);
  if (header == nullptr || header[0] != IPPROTO_NONE) return Answer::kHotdrop;
  return answer((header[2] >= m.low && header[2] <= m.high) != (m.inverted != 0));
}

// The index knows nothing of this header, not even whether it is there.
Lowered lower(const Mh&, Family) {
  Lowered result = both(first_fragment(), evaluated());
  result.may_hotdrop = true;
  return result;
}

}  // namespace

constexpr MatchType kMhMatch =
    match_type<Mh, decode, print, evaluate, lower>({"mh", 0, kIpv6Only, sizeof(ip6t_mh), {.protocol = kMobility}});

}  // namespace hookline::xt
