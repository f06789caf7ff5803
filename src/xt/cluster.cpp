// xt/cluster.cpp: match `cluster`, both families, revision 0.
//
// Whether the hash of the connection's original source address falls to one of the nodes in a mask.
// Source: kernel xt_cluster.c, xt_cluster_mt_checkentry(); UAPI linux/netfilter/xt_cluster.h; iptables 1.8.9,
// libxt_cluster.c, cluster_save().
#include <fmt/core.h>
#include <linux/netfilter/xt_cluster.h>

#include "xt/connection.h"
#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Cluster {
  static constexpr std::string_view kRefused = kNeedsTracking;
  xt_cluster_match_info info;
};

Decoded<Cluster> decode(Bytes data, const DecodeContext&) {
  const auto info = read_info<xt_cluster_match_info>(data);
  if (!info) return tl::make_unexpected(info.error());
  if (info->total_nodes > XT_CLUSTER_NODES_MAX)
    return refuse(fmt::format("{} nodes", info->total_nodes), fmt::format("at most {}", XT_CLUSTER_NODES_MAX));
  if (info->node_mask >= uint64_t{1} << info->total_nodes)
    return refuse(fmt::format("node mask {:#x} of {} nodes", info->node_mask, info->total_nodes), "a bit for each node");
  return Cluster{*info};
}

void print(const Cluster& m, TextOut& out) {
  out.add(fmt::format("{} --cluster-local-nodemask {:#010x} --cluster-total-nodes {} --cluster-hash-seed {:#010x}",
                      (m.info.flags & XT_CLUSTER_F_INV) != 0 ? " !" : "", m.info.node_mask, m.info.total_nodes,
                      m.info.hash_seed));
}

}  // namespace

constexpr MatchType kClusterMatch =
    refused_match<Cluster, decode, print>({"cluster", 0, kBothFamilies, sizeof(xt_cluster_match_info)});

}  // namespace hookline::xt
