// xt/realm.cpp: match `realm`, IPv4, revision 0.
//
// The realm of the route that the packet takes, masked. A snapshot holds no routes: what depends on the realm is refused by
// name, which leaves a number with bits outside the mask, never equal, and the empty mask.
// Source: kernel xt_realm.c, realm_mt(); UAPI linux/netfilter/xt_realm.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_realm.h>

#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Realm {
  uint32_t id, mask;
  uint8_t invert;  // the kernel xors this byte into the answer: above 1 the match is true either way
  [[nodiscard]] std::string refused() const {
    return mask != 0 && (id & ~mask) == 0 ? "the realms of the host's routes are not known" : std::string();
  }
};

Decoded<Realm> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<xt_realm_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_realm_info)));
  return Realm{info->id, info->mask, info->invert};
}

// iptables reads names from iproute2's rt_realms, which comes with one.
void print(const Realm& m, TextOut& out) {
  out.add(m.invert != 0 ? " ! --realm" : " --realm");
  if (m.mask != UINT32_MAX)
    out.add(fmt::format(" {:#x}/{:#x}", m.id, m.mask));
  else
    out.add(m.id == 0 ? " cosmos" : fmt::format(" {:#x}", m.id));
}

bool equal(const Realm& m) { return m.id == 0 && m.mask == 0; }

Answer evaluate(const Realm& m, const MatchContext&) { return answer((static_cast<uint8_t>(equal(m)) ^ m.invert) != 0); }

Lowered lower(const Realm& m, Family) { return (static_cast<uint8_t>(equal(m)) ^ m.invert) != 0 ? always() : never(); }

}  // namespace

constexpr uint32_t kHooks =
    hook_bit(Hook::kInput) | hook_bit(Hook::kForward) | hook_bit(Hook::kOutput) | hook_bit(Hook::kPostrouting);
constexpr MatchType kRealmMatch =
    match_type<Realm, decode, print, evaluate, lower>({"realm", 0, kIpv4Only, sizeof(xt_realm_info), {.hooks = kHooks}});

}  // namespace hookline::xt
