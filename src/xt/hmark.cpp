// xt/hmark.cpp: target `HMARK`, both families, revision 0.
//
// Sets the mark to an offset plus a hash, scaled to a modulus, over masked addresses, the protocol and the port pair (or
// SPI); the hash does not tell the two directions of a flow apart. An ICMP error counts as the packet that it quotes.
// Fragments have no ports. Where the rule wants the tuple of the connection there is none without connection tracking, and
// the mark stays.
// Source: kernel xt_HMARK.c, hmark_tg_v4(), hmark_tg_v6(), hmark_tg_check(); linux/jhash.h, jhash_3words() (Bob Jenkins,
// "lookup3", public domain); UAPI linux/netfilter/xt_HMARK.h.
#include <arpa/inet.h>
#include <fmt/core.h>
#include <linux/netfilter/xt_HMARK.h>
#include <netinet/in.h>

#include <bit>
#include <utility>

#include "xt/extension.h"
#include "xt/ipv6_headers.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint32_t flag(unsigned number) { return uint32_t{1} << number; }

struct Hmark {
  uint32_t source_mask[4], destination_mask[4];  // as they lie in the header
  uint32_t port_mask, port_set;                  // two ports in network order
  uint32_t flags;
  uint32_t proto_mask, seed, modulus, offset;
};

Decoded<Hmark> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<xt_hmark_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_hmark_info)));
  if (info->hmodulus == 0) return refuse("modulus 0", "at least 1");
  const auto has = [&](unsigned a, unsigned b, unsigned c) {
    return (info->flags & flag(a)) != 0 && (info->flags & (flag(b) | flag(c))) != 0;
  };
  if (info->proto_mask != 0 && (info->flags & flag(XT_HMARK_METHOD_L3)) != 0)
    return refuse("a mask of the protocol where only addresses are hashed", "one of them");
  if (has(XT_HMARK_SPI_MASK, XT_HMARK_SPORT_MASK, XT_HMARK_DPORT_MASK) || has(XT_HMARK_SPI, XT_HMARK_SPORT, XT_HMARK_DPORT))
    return refuse("an SPI and ports", "one of them");
  Hmark target{};
  std::memcpy(target.source_mask, &info->src_mask, sizeof target.source_mask);
  std::memcpy(target.destination_mask, &info->dst_mask, sizeof target.destination_mask);
  target.port_mask = info->port_mask.v32;
  target.port_set = info->port_set.v32;
  target.flags = info->flags;
  target.proto_mask = info->proto_mask;
  target.seed = info->hashrnd;
  target.modulus = info->hmodulus;
  target.offset = info->hoffset;
  return target;
}

// The prefix length of a mask of `words` words.
unsigned prefix_of(const uint32_t* mask, unsigned words) {
  unsigned bits = 0;
  for (unsigned i = 0; i < words; ++i) bits += static_cast<unsigned>(std::popcount(mask[i]));
  return bits;
}

void print(const Hmark& target, TextOut& out) {
  const unsigned words = out.family() == Family::kIpv4 ? 1 : 4;
  const uint32_t mask = ntohl(target.port_mask), set = ntohl(target.port_set);
  const auto option = [&](unsigned number, const std::string& text) {
    if ((target.flags & flag(number)) != 0) out.add(" --hmark-" + text);
  };
  option(XT_HMARK_SADDR_MASK, fmt::format("src-prefix {}", prefix_of(target.source_mask, words)));
  option(XT_HMARK_DADDR_MASK, fmt::format("dst-prefix {}", prefix_of(target.destination_mask, words)));
  option(XT_HMARK_SPORT_MASK, fmt::format("sport-mask {:#06x}", mask >> 16));
  option(XT_HMARK_DPORT_MASK, fmt::format("dport-mask {:#06x}", mask & 0xffff));
  option(XT_HMARK_SPI_MASK, fmt::format("spi-mask {:#010x}", mask));
  option(XT_HMARK_SPORT, fmt::format("sport {:#06x}", set >> 16));
  option(XT_HMARK_DPORT, fmt::format("dport {:#06x}", set & 0xffff));
  option(XT_HMARK_SPI, fmt::format("spi {:#010x}", set));
  option(XT_HMARK_PROTO_MASK, fmt::format("proto-mask {:#04x}", target.proto_mask));
  option(XT_HMARK_RND, fmt::format("rnd {:#010x}", target.seed));
  option(XT_HMARK_MODULUS, fmt::format("mod {}", target.modulus));
  option(XT_HMARK_OFFSET, fmt::format("offset {}", target.offset));
  option(XT_HMARK_CT, "tuple ct");
}

uint32_t jhash_3words(uint32_t a, uint32_t b, uint32_t c, uint32_t seed) {
  const uint32_t start = seed + 0xdeadbeef + (3 << 2);
  a += start, b += start, c += start;
  c = (c ^ b) - std::rotl(b, 14);
  a = (a ^ c) - std::rotl(c, 11);
  b = (b ^ a) - std::rotl(a, 25);
  c = (c ^ b) - std::rotl(b, 16);
  a = (a ^ c) - std::rotl(c, 4);
  b = (b ^ a) - std::rotl(a, 14);
  return (c ^ b) - std::rotl(b, 24);
}

// What is hashed, in host order.
struct Tuple {
  uint32_t source = 0, destination = 0;
  uint32_t ports = 0;  // the greater one above
  uint32_t protocol = 0;
};

uint32_t masked_address(const uint8_t* address, const uint32_t* mask, unsigned words) {
  uint32_t result = 0;
  for (unsigned i = 0; i < words; ++i) result ^= load_be32(address + size_t{4} * i) & ntohl(mask[i]);
  return result;
}

// Bytes from the L4 header to the ports, or to the SPI. Kernel: proto_ports_offset().
int ports_at(uint32_t protocol) {
  switch (protocol) {
    case IPPROTO_TCP:
    case IPPROTO_UDP:
    case IPPROTO_UDPLITE:
    case IPPROTO_SCTP:
    case IPPROTO_DCCP:
    case IPPROTO_ESP:
      return 0;
    case IPPROTO_AH:
      return 4;
    default:
      return -1;
  }
}

void take_ports(const Hmark& target, const TargetContext& context, uint32_t l4, Tuple& tuple) {
  const int at = ports_at(tuple.protocol);
  if (at < 0) return;
  const uint8_t* bytes = context.bytes(l4 + static_cast<uint32_t>(at), 4);
  if (bytes == nullptr) return;
  const uint32_t pair = (load_be32(bytes) & ntohl(target.port_mask)) | ntohl(target.port_set);
  const uint32_t source = pair >> 16, destination = pair & 0xffff;
  tuple.ports = std::max(source, destination) << 16 | std::min(source, destination);
}

bool addresses_alone(const Hmark& target) { return (target.flags & flag(XT_HMARK_METHOD_L3)) != 0; }

// False: the mark stays as it is.
bool read_ipv4(const Hmark& target, const TargetContext& context, Tuple& tuple) {
  const auto is_error = [](uint8_t type) { return type == 3 || type == 4 || type == 5 || type == 11 || type == 12; };
  const uint8_t* ip = context.packet.data;
  uint32_t at = 0;
  if (ip[9] == IPPROTO_ICMP) {
    const uint32_t header_length = (ip[0] & 0xfU) * 4;
    const uint8_t* icmp = context.bytes(header_length, 8);
    if (icmp != nullptr && is_error(icmp[0])) {
      at = header_length + 8;
      ip = context.bytes(at, 20);
      if (ip == nullptr) return false;
    }
  }
  tuple.source = masked_address(ip + 12, target.source_mask, 1);
  tuple.destination = masked_address(ip + 16, target.destination_mask, 1);
  if (addresses_alone(target)) return true;
  tuple.protocol = ip[9];
  const bool fragment = (load_be16(ip + 6) & 0x3fff) != 0;
  if (tuple.protocol != IPPROTO_ICMP && !fragment) take_ports(target, context, at + (ip[0] & 0xfU) * 4, tuple);
  return true;
}

// The header behind the extension headers of the IPv6 packet at `at`; an AH header is an end as well. Kernel:
// ipv6_find_hdr() with target -1 and IP6_FH_F_AUTH.
struct End {
  int protocol = -1;
  uint32_t offset = 0;
  bool fragment = false;  // there is a fragment header
};
End end_of_headers(const TargetContext& context, uint32_t at) {
  const auto leads_on = [](uint8_t next) {
    return next == IPPROTO_HOPOPTS || next == IPPROTO_ROUTING || next == IPPROTO_FRAGMENT || next == IPPROTO_AH ||
           next == IPPROTO_NONE || next == IPPROTO_DSTOPTS;
  };
  const uint8_t* ip = context.bytes(at, 40);
  if (ip == nullptr || (at != 0 && ip[0] >> 4 != 6)) return {};
  End end{.protocol = ip[6], .offset = at + 40};
  while (leads_on(static_cast<uint8_t>(end.protocol)) && end.protocol != IPPROTO_NONE && end.protocol != IPPROTO_AH) {
    const uint8_t* header = context.bytes(end.offset, 2);
    if (header == nullptr) return {};
    uint32_t length = ipv6_header_bytes(header);
    if (end.protocol == IPPROTO_ROUTING && context.bytes(end.offset, 4) == nullptr) return {};
    if (end.protocol == IPPROTO_FRAGMENT) {
      end.fragment = true;
      const uint8_t* offset = context.bytes(end.offset + 2, 2);
      if (offset == nullptr) return {};
      if ((load_be16(offset) & ~7U) != 0) {
        if (leads_on(header[0]) && header[0] != IPPROTO_NONE) return {};
        end.protocol = header[0];
        return end;
      }
      length = 8;
    }
    end.protocol = header[0];
    end.offset += length;
  }
  return end;
}

bool read_ipv6(const Hmark& target, const TargetContext& context, Tuple& tuple) {
  const uint8_t* ip = context.packet.data;
  End end = end_of_headers(context, 0);
  if (end.protocol < 0) return true;  // the hash of nothing
  if (!end.fragment && end.protocol == IPPROTO_ICMPV6) {
    const uint8_t* icmp = context.bytes(end.offset, 8);
    if (icmp != nullptr && icmp[0] != 0 && icmp[0] < 128) {
      const uint32_t inner = end.offset + 8;
      ip = context.bytes(inner, 40);
      if (ip == nullptr) return false;
      end = end_of_headers(context, inner);
      if (end.protocol < 0) return false;
    }
  }
  tuple.source = masked_address(ip + 8, target.source_mask, 4);
  tuple.destination = masked_address(ip + 24, target.destination_mask, 4);
  if (addresses_alone(target)) return true;
  tuple.protocol = static_cast<uint32_t>(end.protocol);
  if (tuple.protocol != IPPROTO_ICMPV6 && !end.fragment) take_ports(target, context, end.offset, tuple);
  return true;
}

TargetAction evaluate(const Hmark& target, TargetContext& context) {
  if ((target.flags & flag(XT_HMARK_CT)) != 0) return kContinue;
  Tuple tuple;
  const bool read =
      context.packet.family == Family::kIpv4 ? read_ipv4(target, context, tuple) : read_ipv6(target, context, tuple);
  if (!read) return kContinue;
  if (tuple.destination < tuple.source) std::swap(tuple.source, tuple.destination);
  const uint32_t hash =
      jhash_3words(tuple.source, tuple.destination, tuple.ports, target.seed) ^ (tuple.protocol & target.proto_mask);
  context.writable.mark = static_cast<uint32_t>(uint64_t{hash} * target.modulus >> 32) + target.offset;
  return kContinue;
}

constexpr WrittenBits kWrites[] = {{Dimension::kMark, UINT32_MAX}};

}  // namespace

constexpr TargetType kHmarkTarget =
    target_type<Hmark, decode, print, evaluate>({"HMARK", 0, kBothFamilies, sizeof(xt_hmark_info)}, kWrites);

}  // namespace hookline::xt
