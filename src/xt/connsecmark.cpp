// xt/connsecmark.cpp: target `CONNSECMARK`, both families, revision 0.
//
// Copies the security label of the packet to its connection, or back.
// Source: kernel xt_CONNSECMARK.c, connsecmark_tg_check(); UAPI linux/netfilter/xt_CONNSECMARK.h; iptables 1.8.9,
// libxt_CONNSECMARK.c, print_connsecmark().
#include <linux/netfilter/xt_CONNSECMARK.h>

#include "xt/connection.h"
#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Connsecmark {
  static constexpr std::string_view kRefused = kNeedsTracking;
  uint8_t mode;
};

Decoded<Connsecmark> decode(Bytes data, const DecodeContext& context) {
  const auto info = read_info<xt_connsecmark_target_info>(data);
  if (!info) return tl::make_unexpected(info.error());
  if (context.table != "mangle" && context.table != "security")
    return refuse("table " + std::string(context.table), "mangle or security");
  if (info->mode != CONNSECMARK_SAVE && info->mode != CONNSECMARK_RESTORE)
    return refuse("mode " + std::to_string(info->mode), "1 (save) or 2 (restore)");
  return Connsecmark{info->mode};
}

void print(const Connsecmark& target, TextOut& out) { out.add(target.mode == CONNSECMARK_SAVE ? " --save" : " --restore"); }

}  // namespace

constexpr TargetType kConnsecmarkTarget =
    refused_target<Connsecmark, decode, print>({"CONNSECMARK", 0, kBothFamilies, sizeof(xt_connsecmark_target_info)});

}  // namespace hookline::xt
