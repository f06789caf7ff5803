// xt/connlimit.cpp: match `connlimit`, both families, revision 1.
//
// The number of connections from, or to, the packet's address under a mask, against a limit. The mask is printed as the
// length of its prefix, counted up to its last bit that is missing.
// Source: kernel xt_connlimit.c, connlimit_mt_check(); UAPI linux/netfilter/xt_connlimit.h; iptables 1.8.9,
// libxt_connlimit.c, connlimit_save4(), connlimit_save6().
#include <fmt/core.h>
#include <linux/netfilter.h>
#include <linux/netfilter/xt_connlimit.h>

#include <algorithm>
#include <array>
#include <bit>

#include "xt/connection.h"
#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Connlimit {
  static constexpr std::string_view kRefused = kNeedsTracking;
  std::array<uint8_t, 16> mask;
  uint32_t limit, flags;  // flags: XT_CONNLIMIT_*
};

Decoded<Connlimit> decode(Bytes data, const DecodeContext&) {
  const auto info = read_info<xt_connlimit_info>(data);
  if (!info) return tl::make_unexpected(info.error());
  Connlimit m{{}, info->limit, info->flags};
  std::copy_n(data.begin(), m.mask.size(), m.mask.begin());
  return m;
}

void print(const Connlimit& m, TextOut& out) {
  // Of each word: the ones above its highest zero.
  unsigned length = 0;
  for (size_t at = 0; at < (out.family() == Family::kIpv4 ? 4U : 16U); at += 4)
    length += static_cast<unsigned>(std::countl_one(load_be32(m.mask.data() + at)));
  out.add(fmt::format(" --connlimit-{} {} --connlimit-mask {} --connlimit-{}addr",
                      (m.flags & XT_CONNLIMIT_INVERT) != 0 ? "upto" : "above", m.limit, length,
                      (m.flags & XT_CONNLIMIT_DADDR) != 0 ? "d" : "s"));
}

}  // namespace

constexpr MatchType kConnlimitMatch =
    refused_match<Connlimit, decode, print>({"connlimit", 1, kBothFamilies, sizeof(xt_connlimit_info)});

}  // namespace hookline::xt
