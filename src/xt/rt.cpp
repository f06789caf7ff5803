// xt/rt.cpp: match `rt`, IPv6, revision 0.
//
// Looks at the first routing header: type, segments left, length in bytes, and of type 0 the reserved word and the
// addresses: exactly these, or, not strict, these in this order with others between. No routing header: no match, whatever
// is inverted. A chain that ends in the middle, or a header that the packet does not hold whole, drops the packet.
// Source: kernel ip6t_rt.c, rt_mt6(); UAPI linux/netfilter_ipv6/ip6t_rt.h.
#include <arpa/inet.h>
#include <fmt/core.h>
#include <linux/netfilter_ipv6/ip6t_rt.h>

#include <cstring>

#include "xt/extension.h"
#include "xt/ipv6_headers.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint32_t kAddressesAt = 8, kAddressBytes = 16;

struct Rt {
  uint32_t type;
  uint32_t left_low, left_high;
  uint32_t length;
  std::array<Ipv6Address, IP6T_RT_HOPS> addresses;
  uint8_t flags;     // IP6T_RT_*
  uint8_t inverted;  // IP6T_RT_INV_*
  uint8_t count;     // of addresses
  [[nodiscard]] bool valid() const { return count <= IP6T_RT_HOPS; }
  [[nodiscard]] bool asks(uint8_t what) const { return (flags & what) != 0; }
  [[nodiscard]] bool inverts(uint8_t what) const { return (inverted & what) != 0; }
};

Decoded<Rt> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<ip6t_rt>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(ip6t_rt)));
  if ((info->invflags & ~IP6T_RT_INV_MASK) != 0) return refuse(fmt::format("invflags {:#x}", info->invflags), "bits of 0x7");
  if ((info->flags & (IP6T_RT_RES | IP6T_RT_FST_MASK)) != 0 &&
      ((info->flags & IP6T_RT_TYP) == 0 || info->rt_type != 0 || (info->invflags & IP6T_RT_INV_TYP) != 0))
    return refuse(fmt::format("flags {:#x} without type 0", info->flags), "type 0 for what only type 0 has");
  if (info->addrnr > IP6T_RT_HOPS) return refuse(fmt::format("{} addresses", info->addrnr), "at most 16");
  Rt m{info->rt_type, info->segsleft[0], info->segsleft[1], info->hdrlen, {}, info->flags, info->invflags, info->addrnr};
  std::memcpy(m.addresses.data(), info->addrs, sizeof m.addresses);
  return m;
}

void print(const Rt& m, TextOut& out) {
  if (m.asks(IP6T_RT_TYP)) out.add(fmt::format("{} --rt-type {}", m.inverts(IP6T_RT_INV_TYP) ? " !" : "", m.type));
  if (m.left_low != 0 || m.left_high != UINT32_MAX) {
    out.add(fmt::format("{} --rt-segsleft {}", m.inverts(IP6T_RT_INV_SGS) ? " !" : "", m.left_low));
    if (m.left_low != m.left_high) out.add(fmt::format(":{}", m.left_high));
  }
  if (m.asks(IP6T_RT_LEN)) out.add(fmt::format("{} --rt-len {}", m.inverts(IP6T_RT_INV_LEN) ? " !" : "", m.length));
  if (m.asks(IP6T_RT_RES)) out.add(" --rt-0-res");
  if (m.asks(IP6T_RT_FST)) out.add(" --rt-0-addrs");
  for (unsigned i = 0; i < m.count; ++i) out.add((i == 0 ? " " : ",") + ipv6_text(m.addresses[i]));
  if (m.asks(IP6T_RT_FST_NSTRICT)) out.add(" --rt-0-not-strict");
}

bool equal(const Ipv6Address& wanted, const uint8_t* address) {
  return std::memcmp(wanted.data(), address, kAddressBytes) == 0;
}

// The `present` addresses at `first` against the wanted ones.
bool addresses_fit(const Rt& m, const uint8_t* first, uint32_t present) {
  if (m.count > present) return false;
  if (!m.asks(IP6T_RT_FST_NSTRICT)) {
    for (unsigned i = 0; i < m.count; ++i)
      if (!equal(m.addresses[i], first + i * kAddressBytes)) return false;
    return m.count == present;
  }
  // The kernel compares before it asks whether all were found. With none wanted, a first address that equals the unused
  // entry puts its count past the goal for good.
  if (m.count == 0) return present == 0 || !equal(m.addresses[0], first);
  unsigned found = 0;
  for (uint32_t i = 0; i < present && found < m.count; ++i)
    if (equal(m.addresses[found], first + i * kAddressBytes)) ++found;
  return found == m.count;
}

Answer evaluate(const Rt& m, const MatchContext& context) {
  const FoundHeader found = find_ipv6_header(context, IPPROTO_ROUTING);
  if (found.answer != Answer::kYes) return found.answer;
  const uint32_t length = ipv6_header_bytes(context.packet.data + found.offset);
  const uint8_t* header = context.bytes(found.offset, length);
  if (header == nullptr) return Answer::kHotdrop;
  const uint8_t type = header[2], left = header[3];
  if ((left >= m.left_low && left <= m.left_high) == m.inverts(IP6T_RT_INV_SGS)) return Answer::kNo;
  if (m.asks(IP6T_RT_LEN) && (m.length == length) == m.inverts(IP6T_RT_INV_LEN)) return Answer::kNo;
  if (m.asks(IP6T_RT_TYP) && (m.type == type) == m.inverts(IP6T_RT_INV_TYP)) return Answer::kNo;
  if (m.asks(IP6T_RT_RES) && load_be32(header + 4) != 0) return Answer::kNo;
  // Not strict by itself asks for nothing.
  return answer(!m.asks(IP6T_RT_FST) || addresses_fit(m, header + kAddressesAt, (length - kAddressesAt) / kAddressBytes));
}

Lowered lower(const Rt& m, Family) {
  const bool no_left =
      m.inverts(IP6T_RT_INV_SGS) ? m.left_low == 0 && m.left_high >= 0xff : m.left_low > m.left_high || m.left_low > 0xff;
  const bool no_length = m.asks(IP6T_RT_LEN) && !m.inverts(IP6T_RT_INV_LEN) && !is_ipv6_header_length(m.length);
  const bool no_type = m.asks(IP6T_RT_TYP) && !m.inverts(IP6T_RT_INV_TYP) && m.type > 0xff;
  return no_left || no_length || no_type ? never() : evaluated();
}

}  // namespace

constexpr MatchType kRtMatch = match_type<Rt, decode, print, evaluate, lower>({"rt", 0, kIpv6Only, sizeof(ip6t_rt)});

}  // namespace hookline::xt
