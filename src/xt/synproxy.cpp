// xt/synproxy.cpp: target `SYNPROXY`, both families, revision 0.
//
// Answers a SYN in the server's name, with a cookie, and opens the connection to the server once the client has sent it
// back. Source: kernel ipt_SYNPROXY.c, ip6t_SYNPROXY.c, synproxy_tg4_check(), synproxy_tg6_check(); UAPI
// linux/netfilter/nf_synproxy.h; iptables 1.8.9, libxt_SYNPROXY.c, SYNPROXY_save().
#include <fmt/core.h>
#include <linux/netfilter/nf_synproxy.h>

#include "xt/connection.h"
#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint16_t kTcp = 6;

struct Synproxy {
  static constexpr std::string_view kRefused = kNeedsTracking;
  uint8_t options, window_scale;  // options: NF_SYNPROXY_OPT_*
  uint16_t mss;
};

Decoded<Synproxy> decode(Bytes data, const DecodeContext&) {
  return read_info<nf_synproxy_info>(data).map([](const nf_synproxy_info& info) {
    return Synproxy{info.options, info.wscale, info.mss};
  });
}

void print(const Synproxy& target, TextOut& out) {
  const auto option = [&](uint8_t what, const std::string& text) {
    if ((target.options & what) != 0) out.add(" --" + text);
  };
  option(NF_SYNPROXY_OPT_SACK_PERM, "sack-perm");
  option(NF_SYNPROXY_OPT_TIMESTAMP, "timestamp");
  option(NF_SYNPROXY_OPT_WSCALE, fmt::format("wscale {}", target.window_scale));
  option(NF_SYNPROXY_OPT_MSS, fmt::format("mss {}", target.mss));
  option(NF_SYNPROXY_OPT_ECN, "ecn");
}

}  // namespace

constexpr TargetType kSynproxyTarget = refused_target<Synproxy, decode, print>(
    {"SYNPROXY",
     0,
     kBothFamilies,
     sizeof(nf_synproxy_info),
     {.hooks = hook_bit(Hook::kInput) | hook_bit(Hook::kForward), .protocol = kTcp}});

}  // namespace hookline::xt
