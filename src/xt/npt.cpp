// xt/npt.cpp: targets `SNPT` and `DNPT`, IPv6, revision 0: stateless prefix translation (RFC 6296).
//
// The first bits of the source (SNPT) or destination (DNPT) become another prefix, whatever they were, and 16 other bits of
// the address take the difference, so that no checksum has to change. An address that has no such bits left is dropped, and
// the kernel answers with a parameter problem. In an ICMPv6 error right behind the fixed header the quoted packet's opposite
// address is translated as well where it lies in the first prefix; its checksum stays as it is.
// Source: kernel ip6t_NPT.c, ip6t_npt_map_pfx(), ip6t_snpt_tg(), ip6t_dnpt_tg(), ip6t_npt_checkentry(); UAPI
// linux/netfilter_ipv6/ip6t_NPT.h.
#include <netinet/in.h>  // before linux/in.h, which then keeps quiet
//
#include <fmt/core.h>
#include <linux/netfilter_ipv6/ip6t_NPT.h>

#include <algorithm>

#include "xt/extension.h"
#include "xt/ipv6_headers.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr unsigned kLongestPrefix = 64;
constexpr uint32_t kSource = 8, kDestination = 24;  // from the IPv6 header

struct Npt {
  uint8_t source[16], destination[16];  // prefixes
  uint8_t source_bits, destination_bits;
  uint16_t adjustment;  // source minus destination, in ones' complement
};

uint16_t fold(uint32_t sum) {
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<uint16_t>(sum);
}

// The bits of `address` that lie within the prefix equal it, and (of a prefix itself) the others are 0.
bool has_prefix(const uint8_t* address, const uint8_t* prefix, unsigned bits) {
  for (unsigned i = 0; i < 16; ++i) {
    const unsigned here = bits <= 8 * i ? 0 : std::min(bits - 8 * i, 8U);
    if ((address[i] & static_cast<uint8_t>(0xff00U >> here)) != prefix[i]) return false;
  }
  return true;
}

Decoded<Npt> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<ip6t_npt_tginfo>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(ip6t_npt_tginfo)));
  if (info->src_pfx_len > kLongestPrefix || info->dst_pfx_len > kLongestPrefix)
    return refuse(fmt::format("prefixes of {} and {} bits", info->src_pfx_len, info->dst_pfx_len), "at most 64");
  Npt target{};
  std::memcpy(target.source, &info->src_pfx, sizeof target.source);
  std::memcpy(target.destination, &info->dst_pfx, sizeof target.destination);
  target.source_bits = info->src_pfx_len;
  target.destination_bits = info->dst_pfx_len;
  if (!has_prefix(target.source, target.source, target.source_bits) ||
      !has_prefix(target.destination, target.destination, target.destination_bits))
    return refuse("a prefix with bits behind its length", "zeros");
  uint32_t sum = 0;
  for (unsigned i = 0; i < 16; i += 2)
    sum += uint32_t{load_be16(target.source + i)} + (0xffffU ^ load_be16(target.destination + i));
  target.adjustment = fold(sum);
  return target;
}

void print(const Npt& target, TextOut& out) {
  const auto text = [](const uint8_t* prefix) {
    Ipv6Address address;
    std::copy_n(prefix, address.size(), address.begin());
    return ipv6_text(address);
  };
  out.add(fmt::format(" --src-pfx {}/{} --dst-pfx {}/{}", text(target.source), target.source_bits, text(target.destination),
                      target.destination_bits));
}

// False: no 16 bits can take the difference. Kernel: ip6t_npt_map_pfx().
bool translate(const Npt& target, uint8_t* address) {
  const unsigned bits = std::min<unsigned>(std::max(target.source_bits, target.destination_bits), kLongestPrefix);
  for (unsigned i = 0; i * 8 < bits; ++i) {
    const auto mask = static_cast<uint8_t>(0xff00U >> std::min(bits - 8 * i, 8U));
    address[i] = static_cast<uint8_t>((address[i] & ~mask) | (target.destination[i] & mask));
  }
  unsigned at = 6;
  if (bits > 48) {
    at = 8;
    while (at < 16 && load_be16(address + at) == 0xffff) at += 2;
    if (at == 16) return false;
  }
  const uint16_t sum = fold(uint32_t{load_be16(address + at)} + target.adjustment);
  store_be16(address + at, sum == 0xffff ? 0 : sum);
  return true;
}

// The packet that an ICMPv6 error quotes. The kernel finds the ICMPv6 header by the place of the transport header, which of
// a packet that a raw socket sends is the IPv6 header itself: no error is recognised there. Kernel: icmp6_bounced_ipv6hdr(),
// rawv6_send_hdrinc().
uint8_t* quoted(const TargetContext& context) {
  if (context.packet.sender != nullptr) return nullptr;
  constexpr uint32_t kIcmp = 40, kQuote = 48;
  if (context.packet.data[6] != IPPROTO_ICMPV6) return nullptr;
  const uint8_t* icmp = context.bytes(kIcmp, 8);
  const bool error = icmp != nullptr && icmp[0] >= 1 && icmp[0] <= 4;
  return error && context.bytes(kQuote, 40) != nullptr ? context.writable.data + kQuote : nullptr;
}

TargetAction rewrite(const Npt& target, TargetContext& context, uint32_t address, uint32_t quoted_address) {
  if (!translate(target, context.writable.data + address))
    return {.continues = false, .verdict = Verdict::kDrop, .wrote = true};
  if (uint8_t* inner = quoted(context);
      inner != nullptr && has_prefix(inner + quoted_address, target.source, target.source_bits))
    translate(target, inner + quoted_address);
  return kContinueChanged;
}

TargetAction snpt(const Npt& target, TargetContext& context) { return rewrite(target, context, kSource, kDestination); }
TargetAction dnpt(const Npt& target, TargetContext& context) { return rewrite(target, context, kDestination, kSource); }

constexpr WrittenBits kWritesSource[] = {{Dimension::kSource0, UINT32_MAX},
                                         {Dimension::kSource1, UINT32_MAX},
                                         {Dimension::kSource2, UINT32_MAX},
                                         {Dimension::kSource3, UINT32_MAX}};
constexpr WrittenBits kWritesDestination[] = {{Dimension::kDestination0, UINT32_MAX},
                                              {Dimension::kDestination1, UINT32_MAX},
                                              {Dimension::kDestination2, UINT32_MAX},
                                              {Dimension::kDestination3, UINT32_MAX}};

}  // namespace

constexpr TargetType kSnptTarget = target_type<Npt, decode, print, snpt>(
    {"SNPT",
     0,
     kIpv6Only,
     sizeof(ip6t_npt_tginfo),
     {.table = "mangle", .hooks = hook_bit(Hook::kInput) | hook_bit(Hook::kPostrouting)}},
    kWritesSource);
constexpr TargetType kDnptTarget = target_type<Npt, decode, print, dnpt>(
    {"DNPT",
     0,
     kIpv6Only,
     sizeof(ip6t_npt_tginfo),
     {.table = "mangle", .hooks = hook_bit(Hook::kPrerouting) | hook_bit(Hook::kOutput)}},
    kWritesDestination);

}  // namespace hookline::xt
