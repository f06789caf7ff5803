// xt/tproxy.cpp: target `TPROXY`, IPv4 revisions 0 and 1, IPv6 revision 1.
//
// Hands the packet to a transparent socket of this host, or drops it where there is none. A rule with this target makes the
// kernel reassemble fragments ahead of all tables.
// Source: kernel xt_TPROXY.c, tproxy_tg4_check(), tproxy_tg6_check(); UAPI linux/netfilter/xt_TPROXY.h; iptables 1.8.9,
// libxt_TPROXY.c.
#include <fmt/core.h>
#include <linux/netfilter.h>
#include <linux/netfilter/xt_TPROXY.h>

#include <cstring>

#include "xt/address_text.h"
#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint16_t kTcp = 6, kUdp = 17;

struct Tproxy {
  static constexpr std::string_view kRefused = "it asks for a socket of the host";
  uint32_t mark, mask;
  nf_inet_addr address;
  uint16_t port;
};

template <typename Abi>
Decoded<Tproxy> decode(Bytes data, const DecodeContext& context) {
  const auto info = read_info<Abi>(data);
  if (!info) return tl::make_unexpected(info.error());
  // In IPv6 without the flag PROTO as well: the header's number alone counts.
  if ((context.protocol != kTcp && context.protocol != kUdp) || context.protocol_inverted)
    return refuse("neither -p tcp nor -p udp", "one of them, not inverted");
  Tproxy target{info->mark_value, info->mark_mask, {}, load_be16(reinterpret_cast<const uint8_t*>(&info->lport))};
  std::memcpy(&target.address, &info->laddr, sizeof info->laddr);
  return target;
}

void print(const Tproxy& target, TextOut& out) {
  out.add(fmt::format(" --on-port {} --on-ip {} --tproxy-mark {:#x}/{:#x}", target.port,
                      address_text(out.family(), &target.address), target.mark, target.mask));
}

template <uint8_t revision, typename Abi>
constexpr TargetType type(uint8_t families) {
  return refused_target<Tproxy, decode<Abi>, print>(
      {"TPROXY", revision, families, sizeof(Abi), {.table = "mangle", .hooks = hook_bit(Hook::kPrerouting)}});
}

}  // namespace

constexpr TargetType kTproxy0Target = type<0, xt_tproxy_target_info>(kIpv4Only);
constexpr TargetType kTproxy1Target = type<1, xt_tproxy_target_info_v1>(kBothFamilies);

}  // namespace hookline::xt
