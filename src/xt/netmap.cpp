// xt/netmap.cpp: target `NETMAP`, both families, revision 0.
//
// The network part of an address is replaced and its host part kept: of the destination in PREROUTING and OUTPUT, of the
// source in POSTROUTING and INPUT. The mask is what the two ends of the range have in common.
// Source: kernel xt_NETMAP.c, netmap_tg4_check(), netmap_tg6_checkentry(); UAPI linux/netfilter/nf_nat.h; iptables 1.8.9,
// libipt_NETMAP.c, libip6t_NETMAP.c.
#include <array>
#include <cstring>

#include "xt/address_text.h"
#include "xt/nat_range.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr LoadLimits kLimits = {
    .table = "nat",
    .hooks = hook_bit(Hook::kPrerouting) | hook_bit(Hook::kInput) | hook_bit(Hook::kOutput) | hook_bit(Hook::kPostrouting)};

void print(const NatRange& target, TextOut& out) {
  std::array<uint8_t, sizeof target.low> low{}, mask{};
  std::memcpy(low.data(), &target.low, low.size());
  std::memcpy(mask.data(), &target.high, mask.size());
  for (size_t i = 0; i < mask.size(); ++i) mask[i] = static_cast<uint8_t>(~(low[i] ^ mask[i]));
  const int length = prefix_length(out.family(), mask.data());
  out.add(" --to " + address_text(out.family(), low.data()) + "/");
  out.add(length < 0 ? address_text(out.family(), mask.data()) : std::to_string(length));
}

}  // namespace

constexpr TargetType kNetmapTarget =
    refused_target<NatRange, decode_nat<nf_nat_ipv4_multi_range_compat, MapsAddresses::kAlways>, print>(
        {"NETMAP", 0, kIpv4Only, sizeof(nf_nat_ipv4_multi_range_compat), kLimits});
constexpr TargetType kNetmap6Target = refused_target<NatRange, decode_nat<nf_nat_range, MapsAddresses::kAlways>, print>(
    {"NETMAP", 0, kIpv6Only, sizeof(nf_nat_range), kLimits});

}  // namespace hookline::xt
