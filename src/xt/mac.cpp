// xt/mac.cpp: match `mac`, both families, revision 0.
//
// The Ethernet source address. A packet that did not come in by an Ethernet device has none, and is no match, inverted or
// not. Fragments are looked at like whole packets.
// Source: kernel xt_mac.c, mac_mt(); UAPI linux/netfilter/xt_mac.h.
#include <fmt/format.h>
#include <linux/netfilter/xt_mac.h>

#include <algorithm>

#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint32_t kHooks = 1U << static_cast<unsigned>(Hook::kPrerouting) | 1U << static_cast<unsigned>(Hook::kInput) |
                            1U << static_cast<unsigned>(Hook::kForward);

struct Mac {
  std::array<uint8_t, kMacBytes> source;
  uint32_t invert;  // the kernel xors this number into the answer: above 1 the match is true either way
};

Decoded<Mac> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<xt_mac_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_mac_info)));
  Mac m{{}, static_cast<uint32_t>(info->invert)};
  std::copy_n(info->srcaddr, m.source.size(), m.source.begin());
  return m;
}

void print(const Mac& m, TextOut& out) {
  out.add(fmt::format("{} --mac-source {:02x}", m.invert != 0 ? " !" : "", fmt::join(m.source, ":")));
}

Answer evaluate(const Mac& m, const MatchContext& context) {
  if (context.packet.source_mac == nullptr) return Answer::kNo;
  const bool equal = std::equal(m.source.begin(), m.source.end(), context.packet.source_mac);
  return answer((static_cast<uint32_t>(equal) ^ m.invert) != 0);
}

Lowered lower(const Mac&, Family) { return evaluated(); }

}  // namespace

constexpr MatchType kMacMatch =
    match_type<Mac, decode, print, evaluate, lower>({"mac", 0, kBothFamilies, sizeof(xt_mac_info), {.hooks = kHooks}});

}  // namespace hookline::xt
