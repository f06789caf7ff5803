// xt/led.cpp: target `LED`, both families, revision 0.
//
// Makes a light of the host blink. iptables puts "netfilter-" before the name of the trigger and takes ten bytes off when it
// prints it, whatever they are.
// Source: kernel xt_LED.c, led_tg_check(); UAPI linux/netfilter/xt_LED.h; iptables 1.8.9, libxt_LED.c, LED_save().
#include <fmt/core.h>
#include <linux/netfilter/xt_LED.h>

#include <algorithm>
#include <array>

#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr size_t kPrefix = 10;

struct Led {
  static constexpr std::string_view kRefused = "it makes a light of the host blink";
  std::array<char, sizeof(xt_led_info::id) + 1> id;  // the last is 0
  uint8_t always_blink;
  uint32_t delay;
};

Decoded<Led> decode(Bytes data, const DecodeContext&) {
  const auto info = read_info<xt_led_info>(data);
  if (!info) return tl::make_unexpected(info.error());
  if (info->id[0] == '\0') return refuse("a trigger without a name", "a name");
  Led target{{}, info->always_blink, info->delay};
  std::copy_n(info->id, sizeof info->id, target.id.begin());
  return target;
}

void print(const Led& target, TextOut& out) {
  out.add(" --led-trigger-id \"");
  for (auto c = target.id.begin() + kPrefix; *c != '\0'; ++c)
    out.add(std::string(*c == '"' || *c == '\\' ? 1 : 0, '\\') + *c);
  out.add("\"");
  if (target.delay != 0) out.add(fmt::format(" --led-delay {}", static_cast<int32_t>(target.delay)));
  if (target.always_blink != 0) out.add(" --led-always-blink");
}

}  // namespace

constexpr TargetType kLedTarget = refused_target<Led, decode, print>({"LED", 0, kBothFamilies, sizeof(xt_led_info)});

}  // namespace hookline::xt
