// xt/dnat.cpp: target `DNAT`, IPv4 revisions 0 to 2, IPv6 1 and 2.
//
// The destination of a connection's first packet becomes one of a range; the rest of the connection follows.
// Source: kernel xt_nat.c, xt_nat_checkentry_v0(), xt_nat_checkentry(); UAPI linux/netfilter/nf_nat.h; iptables 1.8.9,
// libxt_NAT.c.
#include "xt/nat_range.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr LoadLimits kLimits = {.table = "nat", .hooks = hook_bit(Hook::kPrerouting) | hook_bit(Hook::kOutput)};

void print(const NatRange& target, TextOut& out) {
  const std::string range = nat_range_text(target, out.family());
  if (!range.empty()) out.add(" --to-destination " + range);
  print_nat_flags(target, out);
}

}  // namespace

constexpr TargetType kDnat0Target =
    refused_target<NatRange, decode_nat<nf_nat_ipv4_multi_range_compat, MapsAddresses::kEither>, print>(
        {"DNAT", 0, kIpv4Only, sizeof(nf_nat_ipv4_multi_range_compat), kLimits});
constexpr TargetType kDnat1Target = refused_target<NatRange, decode_nat<nf_nat_range, MapsAddresses::kEither>, print>(
    {"DNAT", 1, kBothFamilies, sizeof(nf_nat_range), kLimits});
constexpr TargetType kDnat2Target = refused_target<NatRange, decode_nat<nf_nat_range2, MapsAddresses::kEither>, print>(
    {"DNAT", 2, kBothFamilies, sizeof(nf_nat_range2), kLimits});

}  // namespace hookline::xt
