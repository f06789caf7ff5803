// xt/conntrack.cpp: match `conntrack`, both families, revisions 1 to 3.
//
// State, status, addresses, ports, direction and rest of life of the packet's connection. The revisions differ in the width
// of the masks (8 bits in 1) and in the ports: network order in 1 and 2, host order and ranges in 3. iptables-save prints
// what came in as `-m state` under that name.
// Source: kernel xt_conntrack.c, conntrack_mt_check(); UAPI linux/netfilter/xt_conntrack.h; iptables 1.8.9,
// libxt_conntrack.c, conntrack_dump().
#include <fmt/core.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/xt_conntrack.h>

#include <array>
#include <bit>

#include "xt/address_text.h"
#include "xt/connection.h"
#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Conntrack {
  static constexpr std::string_view kRefused = kNeedsTracking;
  xt_conntrack_mtinfo3 info;  // every port in host order, a port without a range with high end 0
  [[nodiscard]] bool asks(unsigned what) const { return (info.match_flags & what) != 0; }
  [[nodiscard]] std::string_view printed_name() const {
    return asks(XT_CONNTRACK_STATE_ALIAS) ? std::string_view("state") : std::string_view("conntrack");
  }
};

template <typename Abi>
Decoded<Conntrack> decode(Bytes data, const DecodeContext&) {
  const auto read = read_info<Abi>(data);
  if (!read) return tl::make_unexpected(read.error());
  const Abi& from = *read;
  Conntrack m{};
  xt_conntrack_mtinfo3& to = m.info;
  to.origsrc_addr = from.origsrc_addr, to.origsrc_mask = from.origsrc_mask;
  to.origdst_addr = from.origdst_addr, to.origdst_mask = from.origdst_mask;
  to.replsrc_addr = from.replsrc_addr, to.replsrc_mask = from.replsrc_mask;
  to.repldst_addr = from.repldst_addr, to.repldst_mask = from.repldst_mask;
  to.expires_min = from.expires_min, to.expires_max = from.expires_max;
  to.l4proto = from.l4proto;
  to.match_flags = from.match_flags, to.invert_flags = from.invert_flags;
  to.state_mask = from.state_mask, to.status_mask = from.status_mask;
  if constexpr (requires { from.origsrc_port_high; }) {
    to.origsrc_port = from.origsrc_port, to.origsrc_port_high = from.origsrc_port_high;
    to.origdst_port = from.origdst_port, to.origdst_port_high = from.origdst_port_high;
    to.replsrc_port = from.replsrc_port, to.replsrc_port_high = from.replsrc_port_high;
    to.repldst_port = from.repldst_port, to.repldst_port_high = from.repldst_port_high;
  } else {
    to.origsrc_port = load_be16(reinterpret_cast<const uint8_t*>(&from.origsrc_port));
    to.origdst_port = load_be16(reinterpret_cast<const uint8_t*>(&from.origdst_port));
    to.replsrc_port = load_be16(reinterpret_cast<const uint8_t*>(&from.replsrc_port));
    to.repldst_port = load_be16(reinterpret_cast<const uint8_t*>(&from.repldst_port));
  }
  return m;
}

std::string state_names(uint32_t mask) {
  static constexpr std::array<BitName, 7> kStates = {{{XT_CONNTRACK_STATE_INVALID, "INVALID"},
                                                      {XT_CONNTRACK_STATE_BIT(IP_CT_NEW), "NEW"},
                                                      {XT_CONNTRACK_STATE_BIT(IP_CT_RELATED), "RELATED"},
                                                      {XT_CONNTRACK_STATE_BIT(IP_CT_ESTABLISHED), "ESTABLISHED"},
                                                      {XT_CONNTRACK_STATE_UNTRACKED, "UNTRACKED"},
                                                      {XT_CONNTRACK_STATE_SNAT, "SNAT"},
                                                      {XT_CONNTRACK_STATE_DNAT, "DNAT"}}};
  return bit_names(mask, kStates);
}

std::string status_names(uint32_t mask) {
  static constexpr std::array<BitName, 4> kStatus = {
      {{IPS_EXPECTED, "EXPECTED"}, {IPS_SEEN_REPLY, "SEEN_REPLY"}, {IPS_ASSURED, "ASSURED"}, {IPS_CONFIRMED, "CONFIRMED"}}};
  return mask == 0 ? "NONE" : bit_names(mask, kStatus);
}

void print(const Conntrack& m, TextOut& out) {
  const xt_conntrack_mtinfo3& info = m.info;
  const auto option = [&](unsigned what, std::string_view name, const std::string& value) {
    if (!m.asks(what)) return;
    out.add(fmt::format("{} --{}", (info.invert_flags & what) != 0 ? " !" : "", name));
    if (!value.empty()) out.add(" " + value);  // bits without a name print as nothing
  };
  const auto network = [&](const nf_inet_addr& address, const nf_inet_addr& mask) {
    return network_text(out.family(), &address, &mask);
  };
  const auto ports = [](unsigned low, unsigned high) {
    return high == 0 || low == high ? fmt::format("{}", low) : fmt::format("{}:{}", low, high);
  };
  option(XT_CONNTRACK_STATE, m.asks(XT_CONNTRACK_STATE_ALIAS) ? "state" : "ctstate", state_names(info.state_mask));
  option(XT_CONNTRACK_PROTO, "ctproto", std::to_string(info.l4proto));
  option(XT_CONNTRACK_ORIGSRC, "ctorigsrc", network(info.origsrc_addr, info.origsrc_mask));
  option(XT_CONNTRACK_ORIGDST, "ctorigdst", network(info.origdst_addr, info.origdst_mask));
  option(XT_CONNTRACK_REPLSRC, "ctreplsrc", network(info.replsrc_addr, info.replsrc_mask));
  option(XT_CONNTRACK_REPLDST, "ctrepldst", network(info.repldst_addr, info.repldst_mask));
  option(XT_CONNTRACK_ORIGSRC_PORT, "ctorigsrcport", ports(info.origsrc_port, info.origsrc_port_high));
  option(XT_CONNTRACK_ORIGDST_PORT, "ctorigdstport", ports(info.origdst_port, info.origdst_port_high));
  option(XT_CONNTRACK_REPLSRC_PORT, "ctreplsrcport", ports(info.replsrc_port, info.replsrc_port_high));
  option(XT_CONNTRACK_REPLDST_PORT, "ctrepldstport", ports(info.repldst_port, info.repldst_port_high));
  option(XT_CONNTRACK_STATUS, "ctstatus", status_names(info.status_mask));
  option(XT_CONNTRACK_EXPIRES, "ctexpire",
         info.expires_min == info.expires_max ? fmt::format("{}", info.expires_min)
                                              : fmt::format("{}:{}", info.expires_min, info.expires_max));
  if (m.asks(XT_CONNTRACK_DIRECTION))
    out.add((info.invert_flags & XT_CONNTRACK_DIRECTION) != 0 ? " --ctdir REPLY" : " --ctdir ORIGINAL");
}

template <uint8_t revision, typename Abi>
constexpr MatchType type() {
  return refused_match<Conntrack, decode<Abi>, print>({"conntrack", revision, kBothFamilies, sizeof(Abi)});
}

}  // namespace

constexpr MatchType kConntrack1Match = type<1, xt_conntrack_mtinfo1>();
constexpr MatchType kConntrack2Match = type<2, xt_conntrack_mtinfo2>();
constexpr MatchType kConntrack3Match = type<3, xt_conntrack_mtinfo3>();

}  // namespace hookline::xt
