// xt/srh.cpp: match `srh`, IPv6, revisions 0 and 1.
//
// Looks at the first routing header, which must be a segment routing header that the packet holds whole and whose segments
// left do not exceed its last entry; then at its fields, each with an inversion of its own, and in revision 1 at three
// addresses of the list: that of the segment before the active one, of the next one, and the last. One that is not there
// is no match. The list counts backwards: entry 0 is the last segment. Never hotdrops, not even for a chain that ends in the
// middle.
// The tag is compared as it stands in memory: the rule's in host order with the packet's in network order.
// Source: kernel ip6t_srh.c, srh_mt6(), srh1_mt6(); UAPI linux/netfilter_ipv6/ip6t_srh.h.
#include <arpa/inet.h>
#include <fmt/core.h>
#include <linux/netfilter_ipv6/ip6t_srh.h>

#include <cstring>
#include <type_traits>

#include "xt/extension.h"
#include "xt/ipv6_headers.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint8_t kSegmentRouting = 4;  // routing type
constexpr uint32_t kSegmentsAt = 8, kSegmentBytes = 16;
constexpr uint16_t kSegmentFlags = IP6T_SRH_PSID | IP6T_SRH_NSID | IP6T_SRH_LSID;

struct Segment {
  Ipv6Address address, mask;
};

struct Srh {
  Segment previous, next, last;  // as the packet travels; revision 0: not asked for
  uint16_t flags;                // IP6T_SRH_*
  uint16_t inverted;             // the same bits
  uint16_t tag;
  uint8_t next_header, length, left, last_entry;
  [[nodiscard]] bool asks(unsigned what) const { return (flags & what) != 0; }
  [[nodiscard]] bool inverts(unsigned what) const { return (inverted & what) != 0; }
};

template <typename Info>
Decoded<Srh> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<Info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(Info)));
  if ((info->mt_flags & ~IP6T_SRH_MASK) != 0) return refuse(fmt::format("flags {:#x}", info->mt_flags), "bits of 0x3fff");
  if ((info->mt_invflags & ~IP6T_SRH_INV_MASK) != 0)
    return refuse(fmt::format("invflags {:#x}", info->mt_invflags), "bits of 0x3fff");
  Srh m{};
  m.flags = info->mt_flags;
  m.inverted = info->mt_invflags;
  m.tag = info->tag;
  m.next_header = info->next_hdr;
  m.length = info->hdr_len;
  m.left = info->segs_left;
  m.last_entry = info->last_entry;
  if constexpr (std::is_same_v<Info, ip6t_srh1>) {
    const auto segment = [](const in6_addr& address, const in6_addr& mask) {
      Segment result;
      std::memcpy(result.address.data(), &address, sizeof result.address);
      std::memcpy(result.mask.data(), &mask, sizeof result.mask);
      return result;
    };
    m.previous = segment(info->psid_addr, info->psid_msk);
    m.next = segment(info->nsid_addr, info->nsid_msk);
    m.last = segment(info->lsid_addr, info->lsid_msk);
  } else {
    m.flags = static_cast<uint16_t>(m.flags & ~kSegmentFlags);  // loaded, and neither looked at nor printed
  }
  return m;
}

// What iptables prints of a mask that is no prefix is its -1 as an unsigned number.
uint32_t prefix_length(const Ipv6Address& mask) {
  uint32_t bits = 0;
  while (bits < 128 && (mask[bits / 8] >> (7 - bits % 8) & 1) != 0) ++bits;
  for (uint32_t bit = bits; bit < 128; ++bit)
    if ((mask[bit / 8] >> (7 - bit % 8) & 1) != 0) return UINT32_MAX;
  return bits;
}

void print(const Srh& m, TextOut& out) {
  const auto number = [&](unsigned flag, std::string_view option, unsigned value) {
    if (m.asks(flag)) out.add(fmt::format("{} --srh-{} {}", m.inverts(flag) ? " !" : "", option, value));
  };
  const auto segment = [&](unsigned flag, std::string_view option, const Segment& value) {
    if (m.asks(flag))
      out.add(fmt::format("{} --srh-{} {}/{}", m.inverts(flag) ? " !" : "", option, ipv6_text(value.address),
                          prefix_length(value.mask)));
  };
  number(IP6T_SRH_NEXTHDR, "next-hdr", m.next_header);
  number(IP6T_SRH_LEN_EQ, "hdr-len-eq", m.length);
  number(IP6T_SRH_LEN_GT, "hdr-len-gt", m.length);
  number(IP6T_SRH_LEN_LT, "hdr-len-lt", m.length);
  number(IP6T_SRH_SEGS_EQ, "segs-left-eq", m.left);
  number(IP6T_SRH_SEGS_GT, "segs-left-gt", m.left);
  number(IP6T_SRH_SEGS_LT, "segs-left-lt", m.left);
  number(IP6T_SRH_LAST_EQ, "last-entry-eq", m.last_entry);
  number(IP6T_SRH_LAST_GT, "last-entry-gt", m.last_entry);
  number(IP6T_SRH_LAST_LT, "last-entry-lt", m.last_entry);
  number(IP6T_SRH_TAG, "tag", m.tag);
  segment(IP6T_SRH_PSID, "psid", m.previous);
  segment(IP6T_SRH_NSID, "nsid", m.next);
  segment(IP6T_SRH_LSID, "lsid", m.last);
}

bool equal(const Segment& wanted, const uint8_t* address) {
  for (unsigned i = 0; i < kSegmentBytes; ++i)
    if (((address[i] ^ wanted.address[i]) & wanted.mask[i]) != 0) return false;
  return true;
}

Answer evaluate(const Srh& m, const MatchContext& context) {
  const FoundHeader found = find_ipv6_header(context, IPPROTO_ROUTING);
  if (found.answer != Answer::kYes) return Answer::kNo;
  const uint32_t length = ipv6_header_bytes(context.packet.data + found.offset);
  const uint8_t* header = context.bytes(found.offset, length);
  if (header == nullptr || header[2] != kSegmentRouting) return Answer::kNo;
  const uint8_t left = header[3], last_entry = header[4];
  if (left > last_entry) return Answer::kNo;
  uint16_t tag = 0;
  std::memcpy(&tag, header + 6, sizeof tag);

  const auto holds = [&](unsigned flag, bool fits) { return !m.asks(flag) || fits != m.inverts(flag); };
  // Entry `entry` of the list may lie behind the header: the packet's length counts, not the header's.
  const auto segment_holds = [&](unsigned flag, const Segment& wanted, bool there, uint32_t entry) {
    if (!m.asks(flag)) return true;
    const uint8_t* address =
        there ? context.bytes(found.offset + kSegmentsAt + entry * kSegmentBytes, kSegmentBytes) : nullptr;
    return address != nullptr && equal(wanted, address) != m.inverts(flag);
  };
  return answer(holds(IP6T_SRH_NEXTHDR, header[0] == m.next_header) && holds(IP6T_SRH_LEN_EQ, header[1] == m.length) &&
                holds(IP6T_SRH_LEN_GT, header[1] > m.length) && holds(IP6T_SRH_LEN_LT, header[1] < m.length) &&
                holds(IP6T_SRH_SEGS_EQ, left == m.left) && holds(IP6T_SRH_SEGS_GT, left > m.left) &&
                holds(IP6T_SRH_SEGS_LT, left < m.left) && holds(IP6T_SRH_LAST_EQ, last_entry == m.last_entry) &&
                holds(IP6T_SRH_LAST_GT, last_entry > m.last_entry) && holds(IP6T_SRH_LAST_LT, last_entry < m.last_entry) &&
                holds(IP6T_SRH_TAG, tag == m.tag) &&
                segment_holds(IP6T_SRH_PSID, m.previous, left != last_entry, left + 1U) &&
                segment_holds(IP6T_SRH_NSID, m.next, left != 0, left - 1U) && segment_holds(IP6T_SRH_LSID, m.last, true, 0));
}

Lowered lower(const Srh& m, Family) {
  // Above 255 or below 0.
  const auto impossible = [&](unsigned greater, unsigned less, uint8_t value) {
    return (m.asks(greater) && !m.inverts(greater) && value == 0xff) || (m.asks(less) && !m.inverts(less) && value == 0);
  };
  return impossible(IP6T_SRH_LEN_GT, IP6T_SRH_LEN_LT, m.length) || impossible(IP6T_SRH_SEGS_GT, IP6T_SRH_SEGS_LT, m.left) ||
                 impossible(IP6T_SRH_LAST_GT, IP6T_SRH_LAST_LT, m.last_entry)
             ? never()
             : evaluated();
}

}  // namespace

constexpr MatchType kSrhMatch =
    match_type<Srh, decode<ip6t_srh>, print, evaluate, lower>({"srh", 0, kIpv6Only, sizeof(ip6t_srh)});
constexpr MatchType kSrh1Match =
    match_type<Srh, decode<ip6t_srh1>, print, evaluate, lower>({"srh", 1, kIpv6Only, sizeof(ip6t_srh1)});

}  // namespace hookline::xt
