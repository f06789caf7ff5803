// verify/aims/tos.cpp: the TOS byte that `tos` compares.
#include <fmt/core.h>
#include <linux/netfilter/xt_dscp.h>

#include "verify/aims/aims.h"

namespace hookline {
namespace {

void fulfil(const Match& match, Family, Random& random, Fields& f) {
  const auto info = read_at<xt_tos_match_info>(match.raw, 0);
  if (!info) return;
  if (info->invert == 0) {
    f.tos = static_cast<uint8_t>((f.tos & ~info->tos_mask) | (info->tos_value & info->tos_mask));
  } else if ((f.tos & info->tos_mask) == info->tos_value) {
    f.tos ^= static_cast<uint8_t>(info->tos_mask & (1U + below(random, 255)));
  }
}

void miss(const Match&, Family, Random& random, Fields& f) { f.tos ^= static_cast<uint8_t>(1U << below(random, 8)); }

std::string write(Family, Random& random) {
  static constexpr unsigned kMasks[] = {0xff, 0x3f, 0xfc, 0x03, 0x10, 0x00};
  const auto value = static_cast<unsigned>(below(random, 256));
  const unsigned mask = kMasks[below(random, std::size(kMasks))];
  // A value outside the mask is never equal; iptables lets it pass.
  return fmt::format(" -m tos{} --tos {:#04x}/{:#04x}", chance(random, 25) ? " !" : "",
                     chance(random, 85) ? value & mask : value, mask);
}

}  // namespace

constexpr MatchAim kTosAim = {.name = "tos", .fulfil = fulfil, .miss = miss, .write = write};

}  // namespace hookline
