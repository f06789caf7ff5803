// xt/hop_limit_target.cpp: targets `TTL` (IPv4) and `HL` (IPv6), revision 0.
//
// Sets TTL or hop limit, or counts it up or down; it stops at 0 and 255. A packet that has 0 afterwards goes on: whether it
// lives is for the stack to say. Both structs are of one form.
// Source: kernel xt_HL.c, ttl_tg(), hl_tg6(), ttl_tg_check(), hl_tg6_check(); UAPI linux/netfilter_ipv4/ipt_TTL.h,
// linux/netfilter_ipv6/ip6t_HL.h.
#include <linux/netfilter_ipv4/ipt_TTL.h>
#include <linux/netfilter_ipv6/ip6t_HL.h>

#include <algorithm>

#include "xt/extension.h"
#include "xt/rewrite.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct SetHopLimit {
  uint8_t mode, value;
};
static_assert(sizeof(ipt_TTL_info) == sizeof(ip6t_HL_info));
static_assert(IPT_TTL_SET == static_cast<int>(IP6T_HL_SET) && IPT_TTL_INC == static_cast<int>(IP6T_HL_INC) &&
              IPT_TTL_DEC == static_cast<int>(IP6T_HL_DEC));

Decoded<SetHopLimit> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<ipt_TTL_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(ipt_TTL_info)));
  if (info->mode > IPT_TTL_MAXMODE) return refuse("mode " + std::to_string(info->mode), "0, 1 or 2");
  if (info->mode != IPT_TTL_SET && info->ttl == 0) return refuse("a step of 0", "1 to 255");
  return SetHopLimit{info->mode, info->ttl};
}

void print(const SetHopLimit& target, TextOut& out) {
  static constexpr std::array<std::string_view, 3> kModes = {"-set ", "-inc ", "-dec "};
  out.add(out.family() == Family::kIpv4 ? " --ttl" : " --hl");
  out.add(kModes[std::min<size_t>(target.mode, kModes.size() - 1)]);
  out.add(std::to_string(target.value));
}

TargetAction evaluate(const SetHopLimit& target, TargetContext& context) {
  const Packet& packet = context.packet;
  const unsigned before = packet.data[packet.family == Family::kIpv4 ? 8 : 7];
  unsigned after = target.value;
  if (target.mode == IPT_TTL_INC) after = std::min(before + target.value, 255U);
  if (target.mode == IPT_TTL_DEC) after = before < target.value ? 0 : before - target.value;
  return set_hop_limit(context.writable, static_cast<uint8_t>(after)) ? kContinueChanged : kContinue;
}

constexpr WrittenBits kWrites[] = {{Dimension::kTtl, 0xff}};

}  // namespace

constexpr TargetType kTtlTarget = target_type<SetHopLimit, decode, print, evaluate>(
    {"TTL", 0, kIpv4Only, sizeof(ipt_TTL_info), {.table = "mangle"}}, kWrites);
constexpr TargetType kHlTarget = target_type<SetHopLimit, decode, print, evaluate>(
    {"HL", 0, kIpv6Only, sizeof(ip6t_HL_info), {.table = "mangle"}}, kWrites);

}  // namespace hookline::xt
