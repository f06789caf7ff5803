// xt/idletimer.cpp: target `IDLETIMER`, both families, revisions 0 and 1: starts a timer of the kernel again, which tells
// userspace when no packet came for some time. The packet goes on as it was.
// Source: kernel xt_IDLETIMER.c, idletimer_tg_helper(); UAPI linux/netfilter/xt_IDLETIMER.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_IDLETIMER.h>

#include <climits>
#include <cstring>
#include <string>

#include "xt/extension.h"
#include "xt/proc_name.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Idletimer {
  uint32_t timeout;
  char label[MAX_IDLETIMER_LABEL_SIZE];
  uint8_t alarm;
};

template <typename Info>
Decoded<Idletimer> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<Info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(Info)));
  Idletimer t{};
  t.timeout = info->timeout;
  std::memcpy(t.label, info->label, sizeof t.label);
  if constexpr (requires { info->timer_type; }) {
    if (info->send_nl_msg != 0) return refuse("netlink messages", "none");
    if (info->timer_type > XT_IDLETIMER_ALARM) return refuse(fmt::format("timer type {}", info->timer_type), "0 or 1");
    t.alarm = info->timer_type;
  }
  constexpr uint32_t kMost = INT_MAX / 1000;
  if (t.timeout == 0 || t.timeout >= kMost)
    return refuse(fmt::format("timeout {}", t.timeout), fmt::format("1 to {}", kMost - 1));
  const size_t size = text_in(t.label, sizeof t.label).size();
  if (size == 0 || size == sizeof t.label) return refuse("a label", "1 to 27 bytes");
  return t;
}

void print(const Idletimer& t, TextOut& out) {
  out.add(fmt::format(" --timeout {} --label {}{}", t.timeout, text_in(t.label, sizeof t.label),
                      t.alarm == XT_IDLETIMER_ALARM ? " --alarm" : ""));
}

TargetAction evaluate(const Idletimer&, TargetContext&) { return kContinue; }

}  // namespace

constexpr TargetType kIdletimer0Target = target_type<Idletimer, decode<idletimer_tg_info>, print, evaluate>(
    {"IDLETIMER", 0, kBothFamilies, sizeof(idletimer_tg_info)});
constexpr TargetType kIdletimer1Target = target_type<Idletimer, decode<idletimer_tg_info_v1>, print, evaluate>(
    {"IDLETIMER", 1, kBothFamilies, sizeof(idletimer_tg_info_v1)});

}  // namespace hookline::xt
