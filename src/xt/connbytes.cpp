// xt/connbytes.cpp: match `connbytes`, both families, revision 0.
//
// Packets, bytes, or bytes a packet of the connection so far, in a range; a range with its ends swapped is the inverted one.
// Source: kernel xt_connbytes.c, connbytes_mt_check(); UAPI linux/netfilter/xt_connbytes.h; iptables 1.8.9,
// libxt_connbytes.c, connbytes_save().
#include <fmt/core.h>
#include <linux/netfilter/xt_connbytes.h>

#include <algorithm>
#include <array>

#include "xt/connection.h"
#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr std::array<std::string_view, 3> kModes = {"packets", "bytes", "avgpkt"};
constexpr std::array<std::string_view, 3> kDirections = {"original", "reply", "both"};

struct Connbytes {
  static constexpr std::string_view kRefused = kNeedsTracking;
  uint64_t from, to;
  uint8_t what, direction;
};

Decoded<Connbytes> decode(Bytes data, const DecodeContext&) {
  const auto info = read_info<xt_connbytes_info>(data);
  if (!info) return tl::make_unexpected(info.error());
  if (info->what >= kModes.size()) return refuse(fmt::format("mode {}", info->what), "0 to 2");
  if (info->direction >= kDirections.size()) return refuse(fmt::format("direction {}", info->direction), "0 to 2");
  return Connbytes{info->count.from, info->count.to, info->what, info->direction};
}

void print(const Connbytes& m, TextOut& out) {
  const auto [low, high] = std::minmax(m.from, m.to);
  out.add(fmt::format("{} --connbytes {}", m.from > m.to ? " !" : "", low));
  if (high != 0 && high != UINT64_MAX) out.add(fmt::format(":{}", high));
  out.add(fmt::format(" --connbytes-mode {} --connbytes-dir {}", kModes[m.what], kDirections[m.direction]));
}

}  // namespace

constexpr MatchType kConnbytesMatch =
    refused_match<Connbytes, decode, print>({"connbytes", 0, kBothFamilies, sizeof(xt_connbytes_info)});

}  // namespace hookline::xt
