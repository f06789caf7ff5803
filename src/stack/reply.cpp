#include "stack/reply.h"

#include <linux/netfilter_ipv4/ipt_REJECT.h>
#include <linux/netfilter_ipv6/ip6t_REJECT.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "base/checksum.h"
#include "stack/discard.h"

namespace hookline {
namespace {

constexpr uint8_t kHopLimit = 64;  // net.ipv4.ip_default_ttl, net.ipv6.conf.all.hop_limit
constexpr uint8_t kGroupTtl = 1;   // of what a socket sends to a multicast address
constexpr uint32_t kIpv4Header = 20, kIpv6Header = 40, kIcmpHeader = 8, kTcpHeader = 20;
constexpr uint32_t kMostIpv4Answer = 576;   // an ICMP error, its headers included (RFC 1812)
constexpr uint32_t kMostIpv6Answer = 1280;  // likewise (RFC 4443)

const uint8_t* bytes_at(const Packet& packet, uint32_t offset, uint32_t count) {
  return offset <= packet.length && packet.length - offset >= count ? packet.data + offset : nullptr;
}

uint32_t ipv4_header_length(const uint8_t* header) { return (header[0] & 0xfU) * 4; }

// The one's complement sum of the pseudo-header, ready to be added to that of the data. Addresses lie side by side.
uint32_t pseudo_header(const uint8_t* addresses, uint32_t address_bytes, uint8_t protocol, uint32_t length) {
  const uint16_t of_addresses = static_cast<uint16_t>(~internet_checksum({addresses, address_bytes}));
  return of_addresses + protocol + (length >> 16) + (length & 0xffff);
}

// True where data and `more` sum to 0, as they do with a right checksum among them.
bool sums_to_zero(Bytes data, uint32_t more) {
  uint32_t sum = static_cast<uint16_t>(~internet_checksum(data)) + more;
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return sum == 0xffff;  // 0 is the sum of nothing but zeros, and no header is that
}

uint16_t checksum_with(Bytes data, uint32_t more) {
  uint32_t sum = static_cast<uint16_t>(~internet_checksum(data)) + more;
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<uint16_t>(~sum);
}

// Whether a datagram of this protocol has a checksum over all of it; every protocol that is not known not to counts as one,
// DCCP too since the kernel knows it no more. Kernel: nf_reject_verify_csum().
bool is_summed(const Packet& packet, uint32_t l4_offset, uint8_t protocol) {
  switch (protocol) {
    case IPPROTO_UDP: {
      const uint8_t* udp = bytes_at(packet, l4_offset, 8);
      return udp == nullptr || load_be16(udp + 6) != 0;
    }
    case IPPROTO_GRE:
    case IPPROTO_AH:
    case IPPROTO_ESP:
    case IPPROTO_SCTP:
    case IPPROTO_UDPLITE:
      return false;
    default:
      return true;
  }
}

// ---- IPv4 ----------------------------------------------------------------------------------------------------------

// The kernel sums the whole packet, IP header included, since that of a right header is 0. Behind options that changed on
// the way it is not, until the packet leaves.
bool ipv4_checksum_right(const Packet& packet, uint8_t protocol) {
  const uint32_t header = ipv4_header_length(packet.data);
  const bool pseudo = protocol == IPPROTO_TCP || protocol == IPPROTO_UDP;
  return sums_to_zero({packet.data, packet.length},
                      pseudo ? pseudo_header(packet.data + 12, 8, protocol, packet.length - header) : 0);
}

// Whether the packet goes to many, as far as its address tells.
bool to_many(const uint8_t* ipv4_destination) {
  return ipv4_destination[0] >> 4 == 0xe || load_be32(ipv4_destination) == 0xffffffff;
}

// Types that report an error, and all that no one knows.
bool is_icmp_error(uint8_t type) {
  static constexpr std::array<uint8_t, 8> kQuestionsAndAnswers = {ICMP_ECHOREPLY,      ICMP_ECHO,         ICMP_TIMESTAMP,
                                                                  ICMP_TIMESTAMPREPLY, ICMP_INFO_REQUEST, ICMP_INFO_REPLY,
                                                                  ICMP_ADDRESS,        ICMP_ADDRESSREPLY};
  return std::find(kQuestionsAndAnswers.begin(), kQuestionsAndAnswers.end(), type) == kQuestionsAndAnswers.end();
}

void write_ipv4_header(std::vector<uint8_t>& reply, uint8_t tos, bool dont_fragment, uint8_t hop_limit, uint8_t protocol) {
  uint8_t* ip = reply.data();
  ip[1] = tos;
  store_be16(ip + 2, static_cast<uint16_t>(reply.size()));
  ip[6] = dont_fragment ? 0x40 : 0;
  ip[8] = hop_limit;
  ip[9] = protocol;
  write_ipv4_checksum(ip);
}

// What a host sends back of the options: the recorded route, then the time stamps, each with an entry of its own where
// there is room. `source` is the answer's. False: the kernel finds an option malformed and sends nothing.
bool echo_options(const Packet& packet, const uint8_t* source, std::vector<uint8_t>& options) {
  const uint8_t* route = nullptr;
  const uint8_t* stamps = nullptr;
  const uint8_t* option = packet.data + kIpv4Header;
  const uint8_t* const end = packet.data + ipv4_header_length(packet.data);
  while (option < end && *option != IPOPT_EOL) {
    if (*option == IPOPT_NOP) {
      ++option;
      continue;
    }
    // The stack has parsed them before INPUT and FORWARD.
    if (end - option < 2 || option[1] < 2 || option[1] > end - option) return false;
    if (*option == IPOPT_RR) route = option;
    if (*option == IPOPT_TS) stamps = option;
    option += option[1];
  }
  if (route != nullptr && route[1] >= 3) {
    const size_t at = options.size();
    options.insert(options.end(), route, route + route[1]);
    const uint32_t size = route[1], next = route[2];
    // The pointer moved on as the packet came in; a full list was left as it was.
    if (next >= 8 && next <= size) {
      if (next + 3 > size) return false;
      options[at + 2] = static_cast<uint8_t>(next + 4);
      std::copy_n(source, 4, options.begin() + static_cast<ptrdiff_t>(at + next - 1));
    }
  }
  if (stamps != nullptr && stamps[1] >= 4) {
    const size_t at = options.size();
    options.insert(options.end(), stamps, stamps + stamps[1]);
    const uint32_t size = stamps[1], kind = stamps[3] & 0xfU;
    uint32_t next = stamps[2];
    if (next <= size && kind != IPOPT_TS_PRESPEC) {
      const auto milliseconds_of_day = static_cast<uint32_t>(packet.time_ns / 1'000'000 % 86'400'000);
      if (kind == IPOPT_TS_TSANDADDR) {
        if (next + 3 > size) return false;
        std::copy_n(source, 4, options.begin() + static_cast<ptrdiff_t>(at + next - 1));
        next += 4;
      }
      if (next + 3 > size) return false;
      store_be32(options.data() + at + next - 1, milliseconds_of_day);
      options[at + 2] = static_cast<uint8_t>(next + 4);
    }
  }
  options.resize((options.size() + 3) / 4 * 4, IPOPT_EOL);
  return true;
}

void ipv4_unreachable(const Packet& packet, Hook hook, uint8_t code, const ReplyFacts& facts, std::vector<uint8_t>& reply) {
  const uint8_t* ip = packet.data;
  const uint32_t header = ipv4_header_length(ip);
  const uint8_t protocol = ip[9];
  if ((load_be16(ip + 6) & 0x1fff) != 0) return;
  if (!facts.checksum_verified && is_summed(packet, header, protocol) && !ipv4_checksum_right(packet, protocol)) return;
  if (packet.type != PacketType::kHost || to_many(ip + 16) || facts.to_broadcast) return;
  if (protocol == IPPROTO_ICMP) {
    const uint8_t* type = bytes_at(packet, header, 1);
    if (type == nullptr || is_icmp_error(*type)) return;
  }
  if (!facts.source) return;

  std::vector<uint8_t> options;
  // A packet of this host's own carries options that nobody has parsed.
  if (hook != Hook::kOutput && !echo_options(packet, facts.source->data(), options)) return;
  const auto headers = static_cast<uint32_t>(kIpv4Header + options.size() + kIcmpHeader);
  const uint32_t most = std::min(facts.mtu, kMostIpv4Answer);
  if (most <= headers + kIpv4Header) return;
  const uint32_t quote = std::min(packet.length, most - headers);

  reply.assign(headers + quote, 0);
  reply[0] = static_cast<uint8_t>(0x40 | (kIpv4Header + options.size()) / 4);
  std::copy_n(facts.source->begin(), 4, reply.begin() + 12);
  std::copy_n(ip + 12, 4, reply.begin() + 16);
  std::copy(options.begin(), options.end(), reply.begin() + kIpv4Header);
  uint8_t* icmp = reply.data() + headers - kIcmpHeader;
  icmp[0] = ICMP_DEST_UNREACH;
  icmp[1] = code;
  std::copy_n(ip, quote, icmp + kIcmpHeader);
  store_be16(icmp + 2, internet_checksum({icmp, kIcmpHeader + quote}));
  write_ipv4_header(reply, static_cast<uint8_t>((ip[1] & 0x1e) | 0xc0), false, ip[12] >> 4 == 0xe ? kGroupTtl : kHopLimit,
                    IPPROTO_ICMP);
}

// ---- TCP resets ----------------------------------------------------------------------------------------------------

// `size`: of the segment as its IP packet has it.
void write_reset(const uint8_t* segment, uint32_t size, uint8_t* reset) {
  std::copy_n(segment + 2, 2, reset);
  std::copy_n(segment, 2, reset + 2);
  reset[12] = kTcpHeader / 4 << 4;
  const uint8_t flags = segment[13];
  if ((flags & TH_ACK) != 0) {
    std::copy_n(segment + 8, 4, reset + 4);
    reset[13] = TH_RST;
    return;
  }
  const uint32_t counted = ((flags & TH_SYN) != 0 ? 1U : 0U) + ((flags & TH_FIN) != 0 ? 1U : 0U);
  // A lying data offset wraps around, in the kernel too.
  store_be32(reset + 8, load_be32(segment + 4) + counted + size - (segment[12] >> 4) * 4U);
  reset[13] = TH_RST | TH_ACK;
}

void ipv4_reset(const Packet& packet, const ReplyFacts& facts, std::vector<uint8_t>& reply) {
  const uint8_t* ip = packet.data;
  const uint32_t header = ipv4_header_length(ip);
  if ((load_be16(ip + 6) & 0x1fff) != 0 || ip[9] != IPPROTO_TCP) return;
  const uint8_t* segment = bytes_at(packet, header, kTcpHeader);
  if (segment == nullptr || (segment[13] & TH_RST) != 0) return;
  if (!facts.checksum_verified && !ipv4_checksum_right(packet, IPPROTO_TCP)) return;
  if (to_many(ip + 16) || facts.to_broadcast) return;

  reply.assign(kIpv4Header + kTcpHeader, 0);
  reply[0] = 0x45;
  std::copy_n(ip + 16, 4, reply.begin() + 12);
  std::copy_n(ip + 12, 4, reply.begin() + 16);
  uint8_t* reset = reply.data() + kIpv4Header;
  write_reset(segment, packet.length - header, reset);
  store_be16(reset + 16, checksum_with({reset, kTcpHeader}, pseudo_header(reply.data() + 12, 8, IPPROTO_TCP, kTcpHeader)));
  write_ipv4_header(reply, 0, true, kHopLimit, IPPROTO_TCP);
}

// ---- IPv6 ----------------------------------------------------------------------------------------------------------

// Where the extension headers end. Kernel: ipv6_skip_exthdr().
struct UpperHeader {
  bool malformed = false;
  uint8_t protocol = 0;  // of a later fragment: the fragment header itself
  uint32_t offset = 0;
  uint16_t fragment = 0;  // the fragment header's field: offset, reserved bits, more fragments
};

UpperHeader skip_extension_headers(const Packet& packet) {
  UpperHeader upper{.protocol = packet.data[6], .offset = kIpv6Header};
  for (;;) {
    switch (upper.protocol) {
      case IPPROTO_HOPOPTS:
      case IPPROTO_ROUTING:
      case IPPROTO_FRAGMENT:
      case IPPROTO_AH:
      case IPPROTO_DSTOPTS:
        break;
      case IPPROTO_NONE:
        upper.malformed = true;
        return upper;
      default:
        return upper;
    }
    const uint8_t* header = bytes_at(packet, upper.offset, 2);
    uint32_t size = 8;
    if (header != nullptr && upper.protocol == IPPROTO_FRAGMENT) {
      header = bytes_at(packet, upper.offset, 4);
      if (header != nullptr) upper.fragment = load_be16(header + 2);
      if ((upper.fragment & ~7U) != 0) return upper;
    } else if (header != nullptr) {
      size = upper.protocol == IPPROTO_AH ? (header[1] + 2U) * 4 : (header[1] + 1U) * 8;
    }
    if (header == nullptr) {
      upper.malformed = true;
      return upper;
    }
    upper.protocol = header[0];
    upper.offset += size;
  }
}

bool ipv6_checksum_right(const Packet& packet, const UpperHeader& upper) {
  const uint32_t size = packet.length - upper.offset;
  return sums_to_zero({packet.data + upper.offset, size}, pseudo_header(packet.data + 8, 32, upper.protocol, size));
}

bool is_multicast6(const uint8_t* address) { return address[0] == 0xff; }
bool is_unspecified6(const uint8_t* address) {
  return std::all_of(address, address + 16, [](uint8_t byte) { return byte == 0; });
}
// IPv6_ADDR_UNICAST: neither many, nor none, nor an IPv4 address in IPv6's clothes.
bool is_unicast6(const uint8_t* address) {
  static constexpr std::array<uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  return !is_multicast6(address) && !is_unspecified6(address) && !std::equal(kMapped.begin(), kMapped.end(), address);
}

void write_ipv6_header(std::vector<uint8_t>& reply, const uint8_t* source, const uint8_t* destination, uint8_t protocol) {
  uint8_t* ip = reply.data();
  ip[0] = 0x60;
  store_be16(ip + 4, static_cast<uint16_t>(reply.size() - kIpv6Header));
  ip[6] = protocol;
  ip[7] = kHopLimit;
  std::copy_n(source, 16, ip + 8);
  std::copy_n(destination, 16, ip + 24);
}

// Kernel: is_ineligible().
bool is_icmp6_error(const Packet& packet, const UpperHeader& upper) {
  if (upper.malformed || upper.protocol != IPPROTO_ICMPV6) return false;
  const uint8_t* type = bytes_at(packet, upper.offset, 1);
  if (type == nullptr) return upper.fragment == 0;
  return (*type & ICMP6_INFOMSG_MASK) == 0;
}

void ipv6_unreachable(const Packet& packet, uint8_t code, const ReplyFacts& facts, std::vector<uint8_t>& reply) {
  const uint8_t* ip = packet.data;
  const UpperHeader upper = skip_extension_headers(packet);
  if (!facts.checksum_verified) {
    if (upper.malformed || upper.offset >= packet.length || (upper.fragment & ~7U) != 0) return;
    if (is_summed(packet, upper.offset, upper.protocol) && !ipv6_checksum_right(packet, upper)) return;
  }
  if (is_multicast6(ip + 24) || packet.type != PacketType::kHost) return;
  if (is_unspecified6(ip + 8) || is_multicast6(ip + 8) || is_icmp6_error(packet, upper)) return;
  if (!facts.source) return;

  const uint32_t quote = std::min(packet.length, kMostIpv6Answer - kIpv6Header - kIcmpHeader);
  reply.assign(kIpv6Header + kIcmpHeader + quote, 0);
  write_ipv6_header(reply, facts.source->data(), ip + 8, IPPROTO_ICMPV6);
  uint8_t* icmp = reply.data() + kIpv6Header;
  icmp[0] = ICMP6_DST_UNREACH;
  icmp[1] = code;
  std::copy_n(ip, quote, icmp + kIcmpHeader);
  const uint32_t size = kIcmpHeader + quote;
  store_be16(icmp + 2, checksum_with({icmp, size}, pseudo_header(reply.data() + 8, 32, IPPROTO_ICMPV6, size)));
}

void ipv6_reset(const Packet& packet, const ReplyFacts& facts, std::vector<uint8_t>& reply) {
  const uint8_t* ip = packet.data;
  if (!is_unicast6(ip + 8) || !is_unicast6(ip + 24)) return;
  const UpperHeader upper = skip_extension_headers(packet);
  if (upper.malformed || upper.protocol != IPPROTO_TCP) return;
  const uint8_t* segment = bytes_at(packet, upper.offset, kTcpHeader);
  if (segment == nullptr || (segment[13] & TH_RST) != 0) return;
  if (!facts.checksum_verified && !ipv6_checksum_right(packet, upper)) return;

  reply.assign(kIpv6Header + kTcpHeader, 0);
  write_ipv6_header(reply, ip + 24, ip + 8, IPPROTO_TCP);
  uint8_t* reset = reply.data() + kIpv6Header;
  write_reset(segment, packet.length - upper.offset, reset);
  store_be16(reset + 16, checksum_with({reset, kTcpHeader}, pseudo_header(reply.data() + 8, 32, IPPROTO_TCP, kTcpHeader)));
}

}  // namespace

void reject_reply(const Packet& packet, Hook hook, uint8_t reject_with, const ReplyFacts& facts,
                  std::vector<uint8_t>& reply) {
  reply.clear();
  if (packet.length < (packet.family == Family::kIpv4 ? kIpv4Header : kIpv6Header)) return;
  if (packet.family == Family::kIpv4) {
    if (ipv4_header_length(packet.data) > packet.length) return;
    switch (reject_with) {
      case IPT_ICMP_NET_UNREACHABLE:
        return ipv4_unreachable(packet, hook, ICMP_NET_UNREACH, facts, reply);
      case IPT_ICMP_HOST_UNREACHABLE:
        return ipv4_unreachable(packet, hook, ICMP_HOST_UNREACH, facts, reply);
      case IPT_ICMP_PROT_UNREACHABLE:
        return ipv4_unreachable(packet, hook, ICMP_PROT_UNREACH, facts, reply);
      case IPT_ICMP_PORT_UNREACHABLE:
        return ipv4_unreachable(packet, hook, ICMP_PORT_UNREACH, facts, reply);
      case IPT_ICMP_NET_PROHIBITED:
        return ipv4_unreachable(packet, hook, ICMP_NET_ANO, facts, reply);
      case IPT_ICMP_HOST_PROHIBITED:
        return ipv4_unreachable(packet, hook, ICMP_HOST_ANO, facts, reply);
      case IPT_ICMP_ADMIN_PROHIBITED:
        return ipv4_unreachable(packet, hook, ICMP_PKT_FILTERED, facts, reply);
      case IPT_TCP_RESET:
        return ipv4_reset(packet, facts, reply);
      default:
        return;
    }
  }
  switch (reject_with) {
    case IP6T_ICMP6_NO_ROUTE:
      return ipv6_unreachable(packet, ICMP6_DST_UNREACH_NOROUTE, facts, reply);
    case IP6T_ICMP6_ADM_PROHIBITED:
      return ipv6_unreachable(packet, ICMP6_DST_UNREACH_ADMIN, facts, reply);
    case IP6T_ICMP6_NOT_NEIGHBOUR:
      return ipv6_unreachable(packet, ICMP6_DST_UNREACH_BEYONDSCOPE, facts, reply);
    case IP6T_ICMP6_ADDR_UNREACH:
      return ipv6_unreachable(packet, ICMP6_DST_UNREACH_ADDR, facts, reply);
    case IP6T_ICMP6_PORT_UNREACH:
      return ipv6_unreachable(packet, ICMP6_DST_UNREACH_NOPORT, facts, reply);
    case IP6T_ICMP6_POLICY_FAIL:
      return ipv6_unreachable(packet, 5, facts, reply);
    case IP6T_ICMP6_REJECT_ROUTE:
      return ipv6_unreachable(packet, 6, facts, reply);
    case IP6T_TCP_RESET:
      return ipv6_reset(packet, facts, reply);
    default:
      return;
  }
}

}  // namespace hookline
