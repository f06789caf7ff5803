// xt/connlabel.cpp: match `connlabel`, both families, revision 0.
//
// A label of the packet's connection, one of 128, which the rule may also set. iptables prints a label's name where
// /etc/xtables/connlabel.conf of the host that saves gives it one; here it is a number.
// Source: kernel xt_connlabel.c, connlabel_mt_check(); UAPI linux/netfilter/xt_connlabel.h; iptables 1.8.9,
// libxt_connlabel.c, connlabel_mt_save().
#include <fmt/core.h>
#include <linux/netfilter/xt_connlabel.h>

#include "xt/connection.h"
#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Connlabel {
  static constexpr std::string_view kRefused = kNeedsTracking;
  uint16_t bit, options;  // options: XT_CONNLABEL_OP_*
};

Decoded<Connlabel> decode(Bytes data, const DecodeContext&) {
  const auto info = read_info<xt_connlabel_mtinfo>(data);
  if (!info) return tl::make_unexpected(info.error());
  if ((info->options & ~(XT_CONNLABEL_OP_INVERT | XT_CONNLABEL_OP_SET)) != 0)
    return refuse(fmt::format("options {:#x}", info->options), "bits of 0x3");
  if (info->bit > XT_CONNLABEL_MAXBIT)
    return refuse(fmt::format("label {}", info->bit), fmt::format("at most {}", XT_CONNLABEL_MAXBIT));
  return Connlabel{info->bit, info->options};
}

void print(const Connlabel& m, TextOut& out) {
  out.add(fmt::format("{} --label \"{}\"{}", (m.options & XT_CONNLABEL_OP_INVERT) != 0 ? " !" : "", m.bit,
                      (m.options & XT_CONNLABEL_OP_SET) != 0 ? " --set" : ""));
}

}  // namespace

constexpr MatchType kConnlabelMatch =
    refused_match<Connlabel, decode, print>({"connlabel", 0, kBothFamilies, sizeof(xt_connlabel_mtinfo)});

}  // namespace hookline::xt
