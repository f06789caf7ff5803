// xt/clusterip.cpp: target `CLUSTERIP`, IPv4, revision 0. Kernels up to 6.2 have it.
//
// Several hosts share one address and its multicast MAC; each takes the connections that a hash gives to its node.
// Source: kernel 6.2 ipt_CLUSTERIP.c, clusterip_tg_check(); UAPI linux/netfilter_ipv4/ipt_CLUSTERIP.h; iptables 1.8.9,
// libipt_CLUSTERIP.c, CLUSTERIP_save().
#include <fmt/core.h>
#include <linux/netfilter_ipv4/ipt_CLUSTERIP.h>

#include <array>

#include "xt/connection.h"
#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr std::array<std::string_view, 3> kHashModes = {"sourceip", "sourceip-sourceport", "sourceip-sourceport-destport"};

struct Clusterip {
  static constexpr std::string_view kRefused = kNeedsTracking;
  ipt_clusterip_tgt_info info;
};

Decoded<Clusterip> decode(Bytes data, const DecodeContext&) {
  const auto info = read_info<ipt_clusterip_tgt_info>(data);
  if (!info) return tl::make_unexpected(info.error());
  if (info->hash_mode >= kHashModes.size()) return refuse(fmt::format("hash mode {}", info->hash_mode), "0 to 2");
  if (info->num_local_nodes > CLUSTERIP_MAX_NODES)
    return refuse(fmt::format("{} nodes", info->num_local_nodes), fmt::format("at most {}", CLUSTERIP_MAX_NODES));
  return Clusterip{*info};
}

void print(const Clusterip& target, TextOut& out) {
  const ipt_clusterip_tgt_info& info = target.info;
  if ((info.flags & CLUSTERIP_FLAG_NEW) == 0) return;
  const __u8* mac = info.clustermac;
  out.add(fmt::format(" --new --hashmode {} --clustermac {:02X}:{:02X}:{:02X}:{:02X}:{:02X}:{:02X}",
                      kHashModes[info.hash_mode], mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]));
  out.add(fmt::format(" --total-nodes {} --local-node {} --hash-init {}", info.num_total_nodes, info.local_nodes[0],
                      info.hash_initval));
}

}  // namespace

constexpr TargetType kClusteripTarget =
    refused_target<Clusterip, decode, print>({"CLUSTERIP", 0, kIpv4Only, sizeof(ipt_clusterip_tgt_info)});

}  // namespace hookline::xt
