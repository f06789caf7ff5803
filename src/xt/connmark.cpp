// xt/connmark.cpp: match `connmark`, both families, revision 1.
//
// The mark of the packet's connection under a mask. Source: kernel xt_connmark.c, connmark_mt_check(); UAPI
// linux/netfilter/xt_connmark.h; iptables 1.8.9, libxt_connmark.c, connmark_mt_save().
#include <fmt/core.h>
#include <linux/netfilter/xt_connmark.h>

#include "xt/connection.h"
#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Connmark {
  static constexpr std::string_view kRefused = kNeedsTracking;
  uint32_t mark, mask;
  uint8_t invert;
};

Decoded<Connmark> decode(Bytes data, const DecodeContext&) {
  return read_info<xt_connmark_mtinfo1>(data).map([](const xt_connmark_mtinfo1& info) {
    return Connmark{info.mark, info.mask, info.invert};
  });
}

void print(const Connmark& m, TextOut& out) {
  out.add(fmt::format("{} --mark {:#x}", m.invert != 0 ? " !" : "", m.mark));
  if (m.mask != UINT32_MAX) out.add(fmt::format("/{:#x}", m.mask));
}

}  // namespace

constexpr MatchType kConnmarkMatch =
    refused_match<Connmark, decode, print>({"connmark", 1, kBothFamilies, sizeof(xt_connmark_mtinfo1)});

}  // namespace hookline::xt
