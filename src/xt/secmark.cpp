// xt/secmark.cpp: target `SECMARK`, both families, revisions 0 and 1.
//
// Gives the packet a security label. The kernel asks its security module for the label's number when it loads the rule;
// without a module that knows it nothing loads. The revisions differ in where that number stands.
// Source: kernel xt_SECMARK.c, secmark_tg_check(); UAPI linux/netfilter/xt_SECMARK.h; iptables 1.8.9, libxt_SECMARK.c,
// print_secmark().
#include <linux/netfilter/xt_SECMARK.h>

#include <algorithm>
#include <array>

#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Secmark {
  static constexpr std::string_view kRefused = "only the security module of the kernel knows its labels";
  std::array<char, SECMARK_SECCTX_MAX> label;  // the kernel ends it at its last byte
};

template <typename Abi>
Decoded<Secmark> decode(Bytes data, const DecodeContext& context) {
  const auto info = read_info<Abi>(data);
  if (!info) return tl::make_unexpected(info.error());
  if (context.table != "mangle" && context.table != "security")
    return refuse("table " + std::string(context.table), "mangle or security");
  if (info->mode != SECMARK_MODE_SEL) return refuse("mode " + std::to_string(info->mode), "1 (SELinux)");
  Secmark target{};
  std::copy_n(info->secctx, target.label.size() - 1, target.label.begin());
  return target;
}

void print(const Secmark& target, TextOut& out) {
  out.add(" --selctx ");
  out.add({target.label.begin(), std::find(target.label.begin(), target.label.end(), '\0')});
}

template <uint8_t revision, typename Abi>
constexpr TargetType type() {
  return refused_target<Secmark, decode<Abi>, print>({"SECMARK", revision, kBothFamilies, sizeof(Abi)});
}

}  // namespace

constexpr TargetType kSecmark0Target = type<0, xt_secmark_target_info>();
constexpr TargetType kSecmark1Target = type<1, xt_secmark_target_info_v1>();

}  // namespace hookline::xt
