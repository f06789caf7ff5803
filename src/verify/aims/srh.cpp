// verify/aims/srh.cpp: the segment routing header that `srh` looks at, with the segments at the three places.
#include <fmt/core.h>
#include <linux/netfilter_ipv6/ip6t_srh.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/bytes.h"
#include "verify/aims/aims.h"
#include "verify/aims/ipv6_headers.h"

namespace hookline {
namespace {

constexpr uint8_t kSegmentRouting = 4;
constexpr size_t kSegmentsAt = 6;  // behind the first two bytes

bool asks(const ip6t_srh1& wanted, unsigned what) { return (wanted.mt_flags & what) != 0; }
bool inverts(const ip6t_srh1& wanted, unsigned what) { return (wanted.mt_invflags & what) != 0; }

// A number for which the three comparisons hold, found by trial; small ones are preferred.
uint8_t chosen(const ip6t_srh1& wanted, unsigned equal, unsigned greater, unsigned less, uint8_t value, Random& random) {
  for (int trial = 0; trial < 40; ++trial) {
    const std::array<uint8_t, 6> candidates = {value,
                                               static_cast<uint8_t>(value + 1),
                                               static_cast<uint8_t>(value - 1),
                                               static_cast<uint8_t>(below(random, 4)),
                                               static_cast<uint8_t>(below(random, 8)),
                                               static_cast<uint8_t>(below(random, 256))};
    const uint8_t candidate = candidates[below(random, trial < 20 ? 5 : 6)];
    const auto holds = [&](unsigned what, bool fits) { return !asks(wanted, what) || fits != inverts(wanted, what); };
    if (holds(equal, candidate == value) && holds(greater, candidate > value) && holds(less, candidate < value))
      return candidate;
  }
  return value;
}

void put_segment(const ip6t_srh1& wanted, unsigned what, const in6_addr& address, const in6_addr& mask, size_t entry,
                 Random& random, std::vector<uint8_t>& rest) {
  if (!asks(wanted, what)) return;
  const size_t at = kSegmentsAt + entry * 16;
  if (at + 16 > rest.size()) return;
  std::array<uint8_t, 16> value{}, bits{};
  std::memcpy(value.data(), &address, value.size());
  std::memcpy(bits.data(), &mask, bits.size());
  for (size_t i = 0; i < 16; ++i) rest[at + i] = static_cast<uint8_t>((value[i] & bits[i]) | (rest[at + i] & ~bits[i]));
  if (inverts(wanted, what)) rest[at + below(random, 16)] ^= static_cast<uint8_t>(1U << below(random, 8));
}

void fulfil(const Match& match, Family, Random& random, Fields& f) {
  ip6t_srh1 wanted{};
  if (const auto info = read_at<ip6t_srh1>(match.raw, 0); info) wanted = *info;
  const uint8_t length = chosen(wanted, IP6T_SRH_LEN_EQ, IP6T_SRH_LEN_GT, IP6T_SRH_LEN_LT, wanted.hdr_len, random);
  uint8_t left = 0, last = 0;
  for (int trial = 0; trial < 20; ++trial) {
    left = chosen(wanted, IP6T_SRH_SEGS_EQ, IP6T_SRH_SEGS_GT, IP6T_SRH_SEGS_LT, wanted.segs_left, random);
    last = chosen(wanted, IP6T_SRH_LAST_EQ, IP6T_SRH_LAST_GT, IP6T_SRH_LAST_LT, wanted.last_entry, random);
    if (left <= last && (!asks(wanted, IP6T_SRH_PSID) || left < last) && (!asks(wanted, IP6T_SRH_NSID) || left > 0)) break;
  }
  Extension& header = header_of(f, kIpv6Route, random);
  std::vector<uint8_t> rest = {kSegmentRouting, left, last, static_cast<uint8_t>(below(random, 2)), 0, 0};
  auto tag = asks(wanted, IP6T_SRH_TAG) ? wanted.tag : static_cast<uint16_t>(below(random, 3));
  if (asks(wanted, IP6T_SRH_TAG) && inverts(wanted, IP6T_SRH_TAG)) ++tag;
  std::memcpy(rest.data() + 4, &tag, sizeof tag);
  const bool fixed_length = asks(wanted, IP6T_SRH_LEN_EQ | IP6T_SRH_LEN_GT | IP6T_SRH_LEN_LT);
  size_t bytes = fixed_length ? (length + 1U) * 8 : 8 + std::min<size_t>(16 * (last + 1U), 2032);
  while (rest.size() + 2 < bytes) rest.push_back(static_cast<uint8_t>(below(random, 4)));
  put_segment(wanted, IP6T_SRH_PSID, wanted.psid_addr, wanted.psid_msk, left + 1U, random, rest);
  if (left > 0) put_segment(wanted, IP6T_SRH_NSID, wanted.nsid_addr, wanted.nsid_msk, left - 1U, random, rest);
  put_segment(wanted, IP6T_SRH_LSID, wanted.lsid_addr, wanted.lsid_msk, 0, random, rest);
  header.body = header_body(std::move(rest), bytes);
  if (!asks(wanted, IP6T_SRH_NEXTHDR) || &header != &f.extensions.back()) return;
  if (!inverts(wanted, IP6T_SRH_NEXTHDR))
    f.protocol = wanted.next_hdr;
  else if (f.protocol == wanted.next_hdr)
    f.protocol = f.protocol == kUdp ? kTcp : kUdp;
}

void miss(const Match&, Family, Random& random, Fields& f) {
  const auto header = std::ranges::find(f.extensions, kIpv6Route, &Extension::kind);
  if (header == f.extensions.end() || header->body.size() < 8 || chance(random, 50)) {
    miss_header(f, kIpv6Route, random);
    return;
  }
  std::vector<uint8_t>& body = header->body;
  switch (below(random, 4)) {
    case 0:  // segments left, against the last entry
      body[2] = static_cast<uint8_t>(body[3] + (chance(random, 50) ? 1 : 0));
      break;
    case 1:
      std::swap(body[5], body[6]);  // the tag
      break;
    case 2:
      body[1] = static_cast<uint8_t>(below(random, 6));
      break;
    default:
      body[7 + below(random, body.size() - 7)] ^= static_cast<uint8_t>(1U << below(random, 8));  // a segment
      break;
  }
}

std::string write(Family, Random& random) {
  const auto inverted = [&] { return chance(random, 30) ? " !" : ""; };
  std::string text = " -m srh";
  static constexpr unsigned kNext[] = {6, 17, 59, 58};
  if (chance(random, 20)) text += fmt::format("{} --srh-next-hdr {}", inverted(), kNext[below(random, std::size(kNext))]);
  // Of each field one comparison, now and then two: they share one number.
  const auto field = [&](std::string_view name, unsigned percent, uint64_t bound) {
    if (!chance(random, percent)) return;
    static constexpr std::string_view kHow[] = {"eq", "gt", "lt"};
    const uint64_t number = chance(random, 95) ? below(random, bound) : 255;
    text += fmt::format("{} --srh-{}-{} {}", inverted(), name, kHow[below(random, 3)], number);
  };
  field("hdr-len", 30, 8);
  field("segs-left", 35, 4);
  field("last-entry", 35, 5);
  if (chance(random, 20)) text += fmt::format("{} --srh-tag {}", inverted(), chance(random, 50) ? below(random, 3) : 258);
  const auto segment = [&](std::string_view name) {
    if (!chance(random, 20)) return;
    static constexpr std::string_view kAddresses[] = {"2001:db8::1/128", "2001:db8::/64", "::/0", "::1/127", "101::/8"};
    text += fmt::format("{} --srh-{} {}", inverted(), name, kAddresses[below(random, std::size(kAddresses))]);
  };
  segment("psid");
  segment("nsid");
  segment("lsid");
  return text;
}

}  // namespace

constexpr MatchAim kSrhAim = {.name = "srh", .families = kIpv6Only, .fulfil = fulfil, .miss = miss, .write = write};

}  // namespace hookline
