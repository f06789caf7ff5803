// xt/connmark_target.cpp: target `CONNMARK`, both families, revisions 1 and 2.
//
// Sets the mark of the packet's connection, or copies it from or to the packet's. Revision 2 can shift what it writes.
// Source: kernel xt_connmark.c, connmark_tg_check(), connmark_tg_check_v2(); UAPI linux/netfilter/xt_connmark.h; iptables
// 1.8.9, libxt_CONNMARK.c, connmark_tg_save(), connmark_tg_save_v2().
#include <fmt/core.h>
#include <linux/netfilter/xt_connmark.h>

#include "xt/connection.h"
#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Connmark {
  static constexpr std::string_view kRefused = kNeedsTracking;
  uint32_t connection_mark, connection_mask, packet_mask;
  uint8_t mode;  // XT_CONNMARK_*
  uint8_t shift_right, shift;
};

Decoded<Connmark> decode1(Bytes data, const DecodeContext&) {
  return read_info<xt_connmark_tginfo1>(data).map(
      [](const xt_connmark_tginfo1& info) { return Connmark{info.ctmark, info.ctmask, info.nfmask, info.mode, 0, 0}; });
}

Decoded<Connmark> decode2(Bytes data, const DecodeContext&) {
  const auto info = read_info<xt_connmark_tginfo2>(data);
  if (!info) return tl::make_unexpected(info.error());
  if (info->shift_bits >= 32) return refuse(fmt::format("a shift by {} bits", info->shift_bits), "less than 32");
  if (info->shift_dir > D_SHIFT_RIGHT) return refuse(fmt::format("shift direction {}", info->shift_dir), "0 or 1");
  return Connmark{info->ctmark, info->ctmask, info->nfmask, info->mode, info->shift_dir, info->shift_bits};
}

void print(const Connmark& target, TextOut& out) {
  switch (target.mode) {
    case XT_CONNMARK_SET:
      out.add(fmt::format(" --set-xmark {:#x}/{:#x}", target.connection_mark, target.connection_mask));
      break;
    case XT_CONNMARK_SAVE:
    case XT_CONNMARK_RESTORE:
      out.add(fmt::format(" --{}-mark --nfmask {:#x} --ctmask {:#x}", target.mode == XT_CONNMARK_SAVE ? "save" : "restore",
                          target.packet_mask, target.connection_mask));
      break;
    default:
      out.add(" ERROR: UNKNOWN CONNMARK MODE");
      return;
  }
  if (target.shift != 0)
    out.add(fmt::format(" --{}-shift-mark {}", target.shift_right != 0 ? "right" : "left", target.shift));
}

}  // namespace

constexpr TargetType kConnmark1Target =
    refused_target<Connmark, decode1, print>({"CONNMARK", 1, kBothFamilies, sizeof(xt_connmark_tginfo1)});
constexpr TargetType kConnmark2Target =
    refused_target<Connmark, decode2, print>({"CONNMARK", 2, kBothFamilies, sizeof(xt_connmark_tginfo2)});

}  // namespace hookline::xt
