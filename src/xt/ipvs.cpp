// xt/ipvs.cpp: match `ipvs`, both families, revision 0.
//
// Properties of the virtual server's connection that a packet belongs to.
// Source: kernel xt_ipvs.c, ipvs_mt_check(); UAPI linux/netfilter/xt_ipvs.h, linux/ip_vs.h; iptables 1.8.9, libxt_ipvs.c,
// ipvs_mt_dump().
#include <fmt/core.h>
#include <linux/ip_vs.h>
#include <linux/netfilter.h>
#include <linux/netfilter/xt_ipvs.h>

#include "xt/address_text.h"
#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Ipvs {
  static constexpr std::string_view kRefused = "it asks for the connections of the host's virtual server (IPVS)";
  xt_ipvs_mtinfo info;
};

Decoded<Ipvs> decode(Bytes data, const DecodeContext&) {
  return read_info<xt_ipvs_mtinfo>(data).map([](const xt_ipvs_mtinfo& info) { return Ipvs{info}; });
}

std::string_view method_name(uint8_t method) {
  switch (method) {
    case IP_VS_CONN_F_DROUTE:
      return "GATE";
    case IP_VS_CONN_F_TUNNEL:
      return "IPIP";
    case IP_VS_CONN_F_MASQ:
      return "MASQ";
    default:
      return "UNKNOWN";
  }
}

void print(const Ipvs& m, TextOut& out) {
  const auto option = [&](unsigned what, const std::string& text) {
    if ((m.info.bitmask & what) != 0) out.add(((m.info.invert & what) != 0 ? " ! --" : " --") + text);
  };
  const auto port = [](const __be16& value) { return load_be16(reinterpret_cast<const uint8_t*>(&value)); };
  if (m.info.bitmask == XT_IPVS_IPVS_PROPERTY) option(XT_IPVS_IPVS_PROPERTY, "ipvs");  // the other options imply it
  option(XT_IPVS_PROTO, fmt::format("vproto {}", m.info.l4proto));
  option(XT_IPVS_VADDR, "vaddr " + network_text(out.family(), &m.info.vaddr, &m.info.vmask));
  option(XT_IPVS_VPORT, fmt::format("vport {}", port(m.info.vport)));
  if ((m.info.bitmask & XT_IPVS_DIR) != 0)
    out.add((m.info.invert & XT_IPVS_DIR) != 0 ? " --vdir REPLY" : " --vdir ORIGINAL");
  option(XT_IPVS_METHOD, fmt::format("vmethod {}", method_name(m.info.fwd_method)));
  option(XT_IPVS_VPORTCTL, fmt::format("vportctl {}", port(m.info.vportctl)));
}

}  // namespace

constexpr MatchType kIpvsMatch = refused_match<Ipvs, decode, print>({"ipvs", 0, kBothFamilies, sizeof(xt_ipvs_mtinfo)});

}  // namespace hookline::xt
