// packet/hooks.h: families, hooks and table names, as netfilter numbers them.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace hookline {

enum class Family : uint8_t { kIpv4 = 4, kIpv6 = 6 };

inline constexpr std::string_view family_name(Family family) { return family == Family::kIpv4 ? "ipv4" : "ipv6"; }

// NF_INET_*: the number is the index in hook_entry[] and underflow[].
enum class Hook : uint8_t { kPrerouting = 0, kInput = 1, kForward = 2, kOutput = 3, kPostrouting = 4 };
inline constexpr unsigned kHookCount = 5;

// The built-in chain's name, which is the hook's name as iptables prints it.
inline constexpr std::array<std::string_view, kHookCount> kHookNames = {"PREROUTING", "INPUT", "FORWARD", "OUTPUT",
                                                                        "POSTROUTING"};
inline constexpr std::string_view hook_name(Hook hook) { return kHookNames[static_cast<unsigned>(hook)]; }
inline constexpr uint32_t hook_bit(Hook hook) { return 1U << static_cast<unsigned>(hook); }

// The tables that x_tables can register. Kernel: NF_IP_PRI_*.
struct TableKind {
  std::string_view name;
  uint32_t valid_hooks;  // bit h set: the table is consulted at hook h
  int priority;          // at PREROUTING, INPUT, FORWARD, OUTPUT (nat: PREROUTING and OUTPUT)
  int late_priority;     // nat at INPUT and POSTROUTING; elsewhere equal to `priority`
};
inline constexpr std::array<TableKind, 5> kTableKinds = {{
    {"raw", 0x09, -300, -300},
    {"mangle", 0x1f, -150, -150},
    {"nat", 0x1b, -100, 100},
    {"filter", 0x0e, 0, 0},
    {"security", 0x0e, 50, 50},
}};

}  // namespace hookline
