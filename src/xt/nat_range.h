// xt/nat_range.h: the range of addresses and ports that the targets of address translation map to.
//
// The kernel has three forms of it: nf_nat_ipv4_multi_range_compat (IPv4 alone), nf_nat_range, and nf_nat_range2 with the
// first port of a shifted range. UAPI: linux/netfilter/nf_nat.h.
#pragma once

#include <linux/netfilter.h>
#include <linux/netfilter/nf_nat.h>

#include "xt/extension.h"

namespace hookline::xt {

struct NatRange {
  static constexpr std::string_view kRefused = "it translates addresses, which needs connection tracking";
  uint32_t flags;                // NF_NAT_RANGE_*
  nf_inet_addr low, high;        // as on the wire
  uint16_t low_port, high_port;  // host order, like base_port
  uint16_t base_port;
};

// What the target demands of the flag NF_NAT_RANGE_MAP_IPS.
enum class MapsAddresses : uint8_t { kEither, kAlways, kNever };

// Abi: one of the three.
template <typename Abi>
Decoded<NatRange> decode_nat_range(Bytes data, MapsAddresses maps);
extern template Decoded<NatRange> decode_nat_range<nf_nat_ipv4_multi_range_compat>(Bytes, MapsAddresses);
extern template Decoded<NatRange> decode_nat_range<nf_nat_range>(Bytes, MapsAddresses);
extern template Decoded<NatRange> decode_nat_range<nf_nat_range2>(Bytes, MapsAddresses);

template <typename Abi, MapsAddresses maps>
Decoded<NatRange> decode_nat(Bytes data, const DecodeContext&) {
  return decode_nat_range<Abi>(data, maps);
}

// "10.0.0.1-10.0.0.9:1000-2000/1000", in IPv6 with brackets round the addresses where ports follow; empty: no range at all.
std::string nat_range_text(const NatRange& range, Family family);
// The options --random, --random-fully and --persistent.
void print_nat_flags(const NatRange& range, TextOut& out);

}  // namespace hookline::xt
