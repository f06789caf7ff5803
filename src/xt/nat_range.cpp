// xt/nat_range.cpp: see the header.
//
// Source: kernel xt_nat.c, xt_MASQUERADE.c, xt_REDIRECT.c, xt_NETMAP.c, their checkentry functions; iptables 1.8.9,
// libxt_NAT.c, sprint_range().
#include "xt/nat_range.h"

#include <fmt/core.h>

#include <cstring>

#include "xt/address_text.h"

namespace hookline::xt {
namespace {

uint16_t port_of(const nf_conntrack_man_proto& from) { return load_be16(reinterpret_cast<const uint8_t*>(&from)); }

Decoded<NatRange> range_of(const nf_nat_ipv4_multi_range_compat& info) {
  if (info.rangesize != 1) return refuse(fmt::format("{} ranges", info.rangesize), "1");
  const nf_nat_ipv4_range& from = info.range[0];
  NatRange range{};
  range.flags = from.flags;
  range.low.ip = from.min_ip, range.high.ip = from.max_ip;
  range.low_port = port_of(from.min), range.high_port = port_of(from.max);
  return range;
}

template <typename Abi>
Decoded<NatRange> range_of(const Abi& from) {
  NatRange range{};
  range.flags = from.flags;
  range.low = from.min_addr, range.high = from.max_addr;
  range.low_port = port_of(from.min_proto), range.high_port = port_of(from.max_proto);
  if constexpr (requires { from.base_proto; }) range.base_port = port_of(from.base_proto);
  return range;
}

}  // namespace

template <typename Abi>
Decoded<NatRange> decode_nat_range(Bytes data, MapsAddresses maps) {
  const auto info = read_info<Abi>(data);
  if (!info) return tl::make_unexpected(info.error());
  const Decoded<NatRange> range = range_of(*info);
  if (!range) return range;
  const bool mapped = (range->flags & NF_NAT_RANGE_MAP_IPS) != 0;
  if (mapped && maps == MapsAddresses::kNever) return refuse("an address to map to", "none");
  if (!mapped && maps == MapsAddresses::kAlways) return refuse("no address to map to", "one");
  return range;
}
template Decoded<NatRange> decode_nat_range<nf_nat_ipv4_multi_range_compat>(Bytes, MapsAddresses);
template Decoded<NatRange> decode_nat_range<nf_nat_range>(Bytes, MapsAddresses);
template Decoded<NatRange> decode_nat_range<nf_nat_range2>(Bytes, MapsAddresses);

std::string nat_range_text(const NatRange& range, Family family) {
  const bool ports = (range.flags & NF_NAT_RANGE_PROTO_SPECIFIED) != 0;
  std::string text;
  if ((range.flags & NF_NAT_RANGE_MAP_IPS) != 0) {
    text = address_text(family, &range.low);
    // All 16 bytes count, also of an IPv4 address.
    if (std::memcmp(&range.low, &range.high, sizeof range.low) != 0) text += "-" + address_text(family, &range.high);
    if (family == Family::kIpv6 && ports) text = "[" + text + "]";
  }
  if (ports) {
    text += fmt::format(":{}", range.low_port);
    if (range.high_port != range.low_port) text += fmt::format("-{}", range.high_port);
    if ((range.flags & NF_NAT_RANGE_PROTO_OFFSET) != 0) text += fmt::format("/{}", range.base_port);
  }
  return text;
}

void print_nat_flags(const NatRange& range, TextOut& out) {
  if ((range.flags & NF_NAT_RANGE_PROTO_RANDOM) != 0) out.add(" --random");
  if ((range.flags & NF_NAT_RANGE_PROTO_RANDOM_FULLY) != 0) out.add(" --random-fully");
  if ((range.flags & NF_NAT_RANGE_PERSISTENT) != 0) out.add(" --persistent");
}

}  // namespace hookline::xt
