// xt/physdev.cpp: match `physdev`, both families, revision 0.
//
// The bridge port that a bridged packet came in by or goes out by. A packet that is routed, or made or taken here, is none:
// the match holds where everything asked for is inverted. No packet of this project is bridged.
// Source: kernel xt_physdev.c, physdev_mt(), physdev_mt_check(); UAPI linux/netfilter/xt_physdev.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_physdev.h>

#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Physdev {
  xt_physdev_info info;
  [[nodiscard]] bool asks(uint8_t what) const { return (info.bitmask & what) != 0; }
  [[nodiscard]] bool inverts(uint8_t what) const { return (info.invert & what) != 0; }
};

Decoded<Physdev> decode(Bytes data, const DecodeContext& context) {
  const auto info = read_at<xt_physdev_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_physdev_info)));
  const Physdev m{*info};
  if (info->bitmask == 0 || (info->bitmask & ~XT_PHYSDEV_OP_MASK) != 0)
    return refuse(fmt::format("bitmask {:#x}", info->bitmask), "bits of 0x1f");
  const bool bridged = m.asks(XT_PHYSDEV_OP_BRIDGED) && !m.inverts(XT_PHYSDEV_OP_BRIDGED);
  if (m.asks(XT_PHYSDEV_OP_OUT | XT_PHYSDEV_OP_ISOUT) && !bridged && (context.hooks & hook_bit(Hook::kOutput)) != 0)
    return refuse("the port to go out by, reached from OUTPUT", "--physdev-is-bridged, or FORWARD and POSTROUTING alone");
  return m;
}

void print(const Physdev& m, TextOut& out) {
  const auto option = [&](uint8_t what, std::string_view text, const char* name = nullptr) {
    if (!m.asks(what)) return;
    out.add(fmt::format("{} {}", m.inverts(what) ? " !" : "", text));
    if (name != nullptr) out.add(" " + std::string(name, strnlen(name, IFNAMSIZ)));
  };
  option(XT_PHYSDEV_OP_ISIN, "--physdev-is-in");
  option(XT_PHYSDEV_OP_IN, "--physdev-in", m.info.physindev);
  option(XT_PHYSDEV_OP_ISOUT, "--physdev-is-out");
  option(XT_PHYSDEV_OP_OUT, "--physdev-out", m.info.physoutdev);
  option(XT_PHYSDEV_OP_BRIDGED, "--physdev-is-bridged");
}

bool all_inverted(const Physdev& m) { return (m.info.bitmask & ~m.info.invert & XT_PHYSDEV_OP_MASK) == 0; }

Answer evaluate(const Physdev& m, const MatchContext&) { return answer(all_inverted(m)); }

Lowered lower(const Physdev& m, Family) { return all_inverted(m) ? always() : never(); }

}  // namespace

constexpr MatchType kPhysdevMatch =
    match_type<Physdev, decode, print, evaluate, lower>({"physdev", 0, kBothFamilies, sizeof(xt_physdev_info)});

}  // namespace hookline::xt
