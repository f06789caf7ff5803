// xt/frag.cpp: match `frag`, IPv6, revision 0.
//
// Looks at the first fragment header: a range of identifications, reserved bits that must be zero, and whether it is the
// first, the last or another fragment. No fragment header: no match. A chain that ends in the middle, or fewer than 8 bytes
// of the header itself, drop the packet. The length that --fraglen gives is printed and never looked at.
// Source: kernel ip6t_frag.c, frag_mt6(); UAPI linux/netfilter_ipv6/ip6t_frag.h.
#include <arpa/inet.h>
#include <fmt/core.h>
#include <linux/netfilter_ipv6/ip6t_frag.h>

#include "xt/extension.h"
#include "xt/ipv6_headers.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint32_t kHeaderBytes = 8;
constexpr uint16_t kMoreFragments = 1, kReservedBits = 6, kOffsetBits = 0xfff8;

struct Frag {
  uint32_t id_low, id_high;
  uint32_t length;
  uint8_t flags;     // IP6T_FRAG_*
  uint8_t inverted;  // IP6T_FRAG_INV_*
  [[nodiscard]] bool asks(uint8_t what) const { return (flags & what) != 0; }
  [[nodiscard]] bool inverts(uint8_t what) const { return (inverted & what) != 0; }
  [[nodiscard]] bool any_id() const { return id_low == 0 && id_high == UINT32_MAX; }
};

Decoded<Frag> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<ip6t_frag>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(ip6t_frag)));
  if ((info->invflags & ~IP6T_FRAG_INV_MASK) != 0)
    return refuse(fmt::format("invflags {:#x}", info->invflags), "bits of 0x3");
  return Frag{info->ids[0], info->ids[1], info->hdrlen, info->flags, info->invflags};
}

void print(const Frag& m, TextOut& out) {
  if (!m.any_id()) {
    out.add(fmt::format("{} --fragid {}", m.inverts(IP6T_FRAG_INV_IDS) ? " !" : "", m.id_low));
    if (m.id_low != m.id_high) out.add(fmt::format(":{}", m.id_high));
  }
  if (m.asks(IP6T_FRAG_LEN)) out.add(fmt::format("{} --fraglen {}", m.inverts(IP6T_FRAG_INV_LEN) ? " !" : "", m.length));
  if (m.asks(IP6T_FRAG_RES)) out.add(" --fragres");
  if (m.asks(IP6T_FRAG_FST)) out.add(" --fragfirst");
  if (m.asks(IP6T_FRAG_MF)) out.add(" --fragmore");
  if (m.asks(IP6T_FRAG_NMF)) out.add(" --fraglast");
}

Answer evaluate(const Frag& m, const MatchContext& context) {
  const FoundHeader found = find_ipv6_header(context, IPPROTO_FRAGMENT);
  if (found.answer != Answer::kYes) return found.answer;
  const uint8_t* header = context.bytes(found.offset, kHeaderBytes);
  if (header == nullptr) return Answer::kHotdrop;
  const uint16_t field = load_be16(header + 2);
  const uint32_t id = load_be32(header + 4);
  if ((id >= m.id_low && id <= m.id_high) == m.inverts(IP6T_FRAG_INV_IDS)) return Answer::kNo;
  if (m.asks(IP6T_FRAG_RES) && (header[1] != 0 || (field & kReservedBits) != 0)) return Answer::kNo;
  if (m.asks(IP6T_FRAG_FST) && (field & kOffsetBits) != 0) return Answer::kNo;
  if (m.asks(IP6T_FRAG_MF) && (field & kMoreFragments) == 0) return Answer::kNo;
  if (m.asks(IP6T_FRAG_NMF) && (field & kMoreFragments) != 0) return Answer::kNo;
  return Answer::kYes;
}

Lowered lower(const Frag& m, Family) {
  const bool no_id = m.inverts(IP6T_FRAG_INV_IDS) ? m.any_id() : m.id_low > m.id_high;
  return no_id || (m.asks(IP6T_FRAG_MF) && m.asks(IP6T_FRAG_NMF)) ? never() : evaluated();
}

}  // namespace

constexpr MatchType kFragMatch = match_type<Frag, decode, print, evaluate, lower>({"frag", 0, kIpv6Only, sizeof(ip6t_frag)});

}  // namespace hookline::xt
