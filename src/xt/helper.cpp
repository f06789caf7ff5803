// xt/helper.cpp: match `helper`, both families, revision 0.
//
// Whether the packet's connection was expected by a connection that has a helper of this name, or any. The kernel ends the
// name at its last byte.
// Source: kernel xt_helper.c, helper_mt_check(); UAPI linux/netfilter/xt_helper.h; iptables 1.8.9, libxt_helper.c,
// helper_save().
#include <linux/netfilter/xt_helper.h>

#include <algorithm>
#include <array>

#include "xt/connection.h"
#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Helper {
  static constexpr std::string_view kRefused = kNeedsTracking;
  std::array<char, sizeof(xt_helper_info::name)> name;
  uint8_t invert;
};

Decoded<Helper> decode(Bytes data, const DecodeContext&) {
  const auto info = read_info<xt_helper_info>(data);
  if (!info) return tl::make_unexpected(info.error());
  Helper m{{}, static_cast<uint8_t>(info->invert != 0)};
  std::copy_n(info->name, m.name.size() - 1, m.name.begin());
  return m;
}

void print(const Helper& m, TextOut& out) {
  out.add(m.invert != 0 ? " ! --helper" : " --helper");
  out.add_quoted({m.name.begin(), std::find(m.name.begin(), m.name.end(), '\0')});
}

}  // namespace

constexpr MatchType kHelperMatch =
    refused_match<Helper, decode, print>({"helper", 0, kBothFamilies, sizeof(xt_helper_info)});

}  // namespace hookline::xt
