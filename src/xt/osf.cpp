// xt/osf.cpp: match `osf`, IPv4, revision 0: the system that a TCP SYN looks like it comes from.
// Source: kernel xt_osf.c, nfnetlink_osf.c; UAPI linux/netfilter/xt_osf.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_osf.h>
#include <netinet/in.h>

#include <cstring>
#include <string>

#include "xt/extension.h"
#include "xt/proc_name.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Osf {
  char genre[MAXGENRELEN];
  uint32_t flags, log_level, ttl;
  [[nodiscard]] std::string refused() const {
    return "the kernel compares with fingerprints that it was given and shows to nobody";
  }
};

Decoded<Osf> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<xt_osf_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_osf_info)));
  Osf m{};
  std::memcpy(m.genre, info->genre, sizeof m.genre);
  m.flags = info->flags;
  m.log_level = info->loglevel;
  m.ttl = info->ttl;
  return m;
}

void print(const Osf& m, TextOut& out) {
  out.add(fmt::format("{} --genre {}", (m.flags & XT_OSF_INVERT) != 0 ? " !" : "", text_in(m.genre, sizeof m.genre)));
  if ((m.flags & XT_OSF_TTL) != 0) out.add(fmt::format(" --ttl {}", m.ttl));
  if ((m.flags & XT_OSF_LOG) != 0) out.add(fmt::format(" --log {}", m.log_level));
}

constexpr uint32_t kHooks = hook_bit(Hook::kPrerouting) | hook_bit(Hook::kInput) | hook_bit(Hook::kForward);

}  // namespace

constexpr MatchType kOsfMatch = refused_match<Osf, decode, print>(
    {"osf", 0, kIpv4Only, sizeof(xt_osf_info), {.hooks = kHooks, .protocol = IPPROTO_TCP}});

}  // namespace hookline::xt
