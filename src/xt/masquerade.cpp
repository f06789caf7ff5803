// xt/masquerade.cpp: target `MASQUERADE`, both families, revision 0.
//
// The source of a connection's first packet becomes an address of the device that it leaves by.
// Source: kernel xt_MASQUERADE.c, masquerade_tg_check(), masquerade_tg6_checkentry(); UAPI linux/netfilter/nf_nat.h;
// iptables 1.8.9, libxt_NAT.c.
#include "xt/nat_range.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr LoadLimits kLimits = {.table = "nat", .hooks = hook_bit(Hook::kPostrouting)};

void print(const NatRange& target, TextOut& out) {
  const std::string range = nat_range_text(target, out.family());
  if (!range.empty()) out.add(" --to-ports " + range.substr(range[0] == ':' ? 1 : 0));
  print_nat_flags(target, out);
}

}  // namespace

constexpr TargetType kMasqueradeTarget =
    refused_target<NatRange, decode_nat<nf_nat_ipv4_multi_range_compat, MapsAddresses::kNever>, print>(
        {"MASQUERADE", 0, kIpv4Only, sizeof(nf_nat_ipv4_multi_range_compat), kLimits});
constexpr TargetType kMasquerade6Target = refused_target<NatRange, decode_nat<nf_nat_range, MapsAddresses::kNever>, print>(
    {"MASQUERADE", 0, kIpv6Only, sizeof(nf_nat_range), kLimits});

}  // namespace hookline::xt
