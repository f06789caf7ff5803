// xt/log.cpp: target `LOG`, revision 0, both families.
//
// Says what it sees in a line of the kernel's log and goes on. Source: kernel net/netfilter/xt_LOG.c, log_tg(),
// log_tg_check(); UAPI linux/netfilter/xt_LOG.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_LOG.h>

#include <algorithm>

#include "packet/effects.h"
#include "xt/extension.h"
#include "xt/log_line.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint8_t kWarning = 4;  // the level that goes without saying

struct Log {
  uint8_t level, flags;
  std::array<char, sizeof(xt_log_info::prefix)> prefix;

  [[nodiscard]] std::string_view text() const { return {prefix.data(), strnlen(prefix.data(), prefix.size())}; }
};

Decoded<Log> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<xt_log_info>(data, 0);
  if (!info) return refuse(fmt::format("{} bytes of data", data.size()), std::to_string(sizeof(xt_log_info)));
  if (info->level > 7) return refuse(fmt::format("level {}", info->level), "0 to 7");
  Log log{info->level, info->logflags, {}};
  std::copy(std::begin(info->prefix), std::end(info->prefix), log.prefix.begin());
  if (log.prefix.back() != 0) return refuse("a prefix without end", "at most 29 bytes");
  return log;
}

void print(const Log& log, TextOut& out) {
  if (!log.text().empty()) {
    out.add(" --log-prefix");
    out.add_quoted(log.text());
  }
  if (log.level != kWarning) out.add(fmt::format(" --log-level {}", log.level));
  if ((log.flags & XT_LOG_TCPSEQ) != 0) out.add(" --log-tcp-sequence");
  if ((log.flags & XT_LOG_TCPOPT) != 0) out.add(" --log-tcp-options");
  if ((log.flags & XT_LOG_IPOPT) != 0) out.add(" --log-ip-options");
  if ((log.flags & XT_LOG_UID) != 0) out.add(" --log-uid");
  if ((log.flags & XT_LOG_MACDECODE) != 0) out.add(" --log-macdecode");
}

TargetAction evaluate(const Log& log, TargetContext& context) {
  if (Effects* effects = context.packet.effects) effects->log.push_back(log_line(context.packet, log.flags, log.text()));
  return kContinue;
}

}  // namespace

constexpr TargetType kLogTarget = target_type<Log, decode, print, evaluate>({"LOG", 0, kBothFamilies, sizeof(xt_log_info)});

}  // namespace hookline::xt
