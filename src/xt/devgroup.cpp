// xt/devgroup.cpp: match `devgroup`, both families, revision 0.
//
// The group of the device that the packet came in by, or goes out by, masked. A device that the host does not know is of
// the default group, 0.
// Source: kernel xt_devgroup.c, devgroup_mt(), devgroup_mt_checkentry(); UAPI linux/netfilter/xt_devgroup.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_devgroup.h>

#include "xt/on_host.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Devgroup {
  xt_devgroup_info info;
  HostKnowledge host;
  [[nodiscard]] bool has(uint32_t flag) const { return (info.flags & flag) != 0; }
  // Whatever the groups are.
  [[nodiscard]] bool constant() const {
    return !(has(XT_DEVGROUP_MATCH_SRC) && info.src_mask != 0) && !(has(XT_DEVGROUP_MATCH_DST) && info.dst_mask != 0);
  }
  [[nodiscard]] bool reads_only() const { return true; }
  [[nodiscard]] std::string refused() const { return constant() ? std::string() : host_refusal(host); }
};

Decoded<Devgroup> decode(Bytes data, const DecodeContext& context) {
  constexpr uint32_t kWithIn = hook_bit(Hook::kPrerouting) | hook_bit(Hook::kInput) | hook_bit(Hook::kForward);
  constexpr uint32_t kWithOut = hook_bit(Hook::kForward) | hook_bit(Hook::kOutput) | hook_bit(Hook::kPostrouting);
  const auto info = read_at<xt_devgroup_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_devgroup_info)));
  const Devgroup m{*info, knowledge_of(context)};
  if ((info->flags & ~0xfU) != 0) return refuse(fmt::format("flags {:#x}", info->flags), "bits of 0xf");
  if (m.has(XT_DEVGROUP_MATCH_SRC) && (context.hooks & ~kWithIn) != 0)
    return refuse("the group of the in device, reached from OUTPUT or POSTROUTING", "PREROUTING, INPUT and FORWARD alone");
  if (m.has(XT_DEVGROUP_MATCH_DST) && (context.hooks & ~kWithOut) != 0)
    return refuse("the group of the out device, reached from PREROUTING or INPUT", "FORWARD, OUTPUT and POSTROUTING alone");
  return m;
}

// iptables reads names from iproute2's list of groups, which comes with one.
void print(const Devgroup& m, TextOut& out) {
  const auto option = [&](uint32_t asked, uint32_t inverted, std::string_view text, uint32_t group, uint32_t mask) {
    if (!m.has(asked)) return;
    out.add(fmt::format("{} {}", m.has(inverted) ? " !" : "", text));
    if (mask != UINT32_MAX)
      out.add(fmt::format(" {:#x}/{:#x}", group, mask));
    else
      out.add(group == 0 ? " default" : fmt::format(" {:#x}", group));
  };
  option(XT_DEVGROUP_MATCH_SRC, XT_DEVGROUP_INVERT_SRC, "--src-group", m.info.src_group, m.info.src_mask);
  option(XT_DEVGROUP_MATCH_DST, XT_DEVGROUP_INVERT_DST, "--dst-group", m.info.dst_group, m.info.dst_mask);
}

bool holds(const Devgroup& m, uint32_t in_group, uint32_t out_group) {
  const bool in_equal = ((m.info.src_group ^ in_group) & m.info.src_mask) == 0;
  const bool out_equal = ((m.info.dst_group ^ out_group) & m.info.dst_mask) == 0;
  return (!m.has(XT_DEVGROUP_MATCH_SRC) || in_equal != m.has(XT_DEVGROUP_INVERT_SRC)) &&
         (!m.has(XT_DEVGROUP_MATCH_DST) || out_equal != m.has(XT_DEVGROUP_INVERT_DST));
}

uint32_t group_of(const HostView& host, const InterfaceName& name) {
  const HostInterface* device = host.interface(name);
  return device != nullptr ? device->group : 0;
}

Answer evaluate(const Devgroup& m, OnHost& on, const MatchContext& context) {
  return answer(holds(m, group_of(*on.host, *context.packet.in), group_of(*on.host, *context.packet.out)));
}

Lowered lower(const Devgroup& m, Family) {
  if (!m.constant()) return evaluated();
  return holds(m, 0, 0) ? always() : never();
}

}  // namespace

constexpr MatchType kDevgroupMatch =
    stateful_match_type<Devgroup, OnHost, decode, print, on_host<Devgroup>, evaluate, lower>(
        {"devgroup", 0, kBothFamilies, sizeof(xt_devgroup_info)});

}  // namespace hookline::xt
