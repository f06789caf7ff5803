// xt/reject.cpp: target `REJECT`, IPv4 and IPv6, revision 0.
//
// Drops the packet and names the answer that the kernel would send. Source: kernel ipt_REJECT.c, ip6t_REJECT.c, reject_tg(),
// reject_tg_check(); UAPI linux/netfilter_ipv4/ipt_REJECT.h, linux/netfilter_ipv6/ip6t_REJECT.h.
#include <linux/netfilter_ipv4/ipt_REJECT.h>
#include <linux/netfilter_ipv6/ip6t_REJECT.h>

#include "xt/extension.h"
#include "xt/reject.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint16_t kTcp = 6;
constexpr uint32_t kHooks = hook_bit(Hook::kInput) | hook_bit(Hook::kForward) | hook_bit(Hook::kOutput);

// By the value of `with`; empty: the kernel has a number but refuses it, or no number.
constexpr std::array<std::string_view, 9> kIpv4Names = {
    "icmp-net-unreachable",
    "icmp-host-unreachable",
    "icmp-proto-unreachable",
    "icmp-port-unreachable",
    "",
    "icmp-net-prohibited",
    "icmp-host-prohibited",
    "tcp-reset",
    "icmp-admin-prohibited",
};
// 2 (not a neighbour) loads, and no text can say it.
constexpr std::array<std::string_view, 9> kIpv6Names = {
    "icmp6-no-route", "icmp6-adm-prohibited", "icmp6-not-neighbour", "icmp6-addr-unreachable", "icmp6-port-unreachable", "",
    "tcp-reset",      "icmp6-policy-fail",    "icmp6-reject-route",
};

struct Reject {
  uint8_t with;
};

template <Family family>
Decoded<Reject> decode(Bytes data, const DecodeContext& context) {
  const auto with = read_at<uint32_t>(data, 0);
  if (!with) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(ipt_reject_info)));
  if (*with > UINT8_MAX || reject_name(family, static_cast<uint8_t>(*with)).empty())
    return refuse("answer " + std::to_string(*with), "a type that --reject-with names");
  const uint32_t reset =
      family == Family::kIpv4 ? static_cast<uint32_t>(IPT_TCP_RESET) : static_cast<uint32_t>(IP6T_TCP_RESET);
  if (*with == reset && (context.protocol != kTcp || context.protocol_inverted || !context.protocol_flag))
    return refuse("tcp-reset without -p tcp", "-p tcp, not inverted");
  return Reject{static_cast<uint8_t>(*with)};
}

void print(const Reject& target, TextOut& out) {
  out.add(" --reject-with ");
  out.add(reject_name(out.family(), target.with));
}

TargetAction evaluate(const Reject& target, const TargetContext&) {
  return {.continues = false, .verdict = Verdict::kDrop, .reject_with = target.with};
}

}  // namespace

std::string_view reject_name(Family family, uint8_t with) {
  const auto& names = family == Family::kIpv4 ? kIpv4Names : kIpv6Names;
  return with < names.size() ? names[with] : std::string_view{};
}

constexpr TargetType kRejectTarget = target_type<Reject, decode<Family::kIpv4>, print, evaluate>(
    {"REJECT", 0, kIpv4Only, sizeof(ipt_reject_info), {.table = "filter", .hooks = kHooks}});
constexpr TargetType kReject6Target = target_type<Reject, decode<Family::kIpv6>, print, evaluate>(
    {"REJECT", 0, kIpv6Only, sizeof(ip6t_reject_info), {.table = "filter", .hooks = kHooks}});

}  // namespace hookline::xt
