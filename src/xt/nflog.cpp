// xt/nflog.cpp: target `NFLOG`, revision 0, both families.
//
// Hands the packet, or its beginning, to the listeners of a netlink group and goes on. `--nflog-range` is a relic that no
// kernel looks at; `--nflog-size` limits what a listener sees. Source: kernel net/netfilter/xt_NFLOG.c, nflog_tg(),
// nflog_tg_check(); net/netfilter/nfnetlink_log.c, nfulnl_log_packet(); UAPI linux/netfilter/xt_NFLOG.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_NFLOG.h>

#include <algorithm>

#include "packet/effects.h"
#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Nflog {
  uint32_t length;
  uint16_t group, threshold;
  uint8_t limits;  // `length` is the most that a listener sees
  std::array<char, sizeof(xt_nflog_info::prefix)> prefix;

  [[nodiscard]] std::string_view text() const { return {prefix.data(), strnlen(prefix.data(), prefix.size())}; }
};

Decoded<Nflog> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<xt_nflog_info>(data, 0);
  if (!info) return refuse(fmt::format("{} bytes of data", data.size()), std::to_string(sizeof(xt_nflog_info)));
  if ((info->flags & ~XT_NFLOG_MASK) != 0) return refuse(fmt::format("flags {:#x}", info->flags), "at most 0x1");
  Nflog nflog{info->len, info->group, info->threshold, static_cast<uint8_t>(info->flags & XT_NFLOG_F_COPY_LEN), {}};
  std::copy(std::begin(info->prefix), std::end(info->prefix), nflog.prefix.begin());
  if (nflog.prefix.back() != 0) return refuse("a prefix without end", "at most 63 bytes");
  return nflog;
}

void print(const Nflog& nflog, TextOut& out) {
  if (!nflog.text().empty()) {
    out.add(" --nflog-prefix");
    out.add_quoted(nflog.text());
  }
  if (nflog.group != 0) out.add(fmt::format(" --nflog-group {}", nflog.group));
  if (nflog.limits != 0)
    out.add(fmt::format(" --nflog-size {}", nflog.length));
  else if (nflog.length != 0)
    out.add(fmt::format(" --nflog-range {}", nflog.length));
  if (nflog.threshold != XT_NFLOG_DEFAULT_THRESHOLD) out.add(fmt::format(" --nflog-threshold {}", nflog.threshold));
}

TargetAction evaluate(const Nflog& nflog, TargetContext& context) {
  if (Effects* effects = context.packet.effects) {
    const Packet& packet = context.packet;
    const uint32_t length = nflog.limits != 0 ? std::min(nflog.length, packet.length) : packet.length;
    effects->nflog.push_back(
        {nflog.group, std::string(nflog.text()), std::vector<uint8_t>(packet.data, packet.data + length)});
  }
  return kContinue;
}

}  // namespace

constexpr TargetType kNflogTarget =
    target_type<Nflog, decode, print, evaluate>({"NFLOG", 0, kBothFamilies, sizeof(xt_nflog_info)});

}  // namespace hookline::xt
