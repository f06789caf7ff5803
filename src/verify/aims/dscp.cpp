// verify/aims/dscp.cpp: the upper six bits of the TOS byte.
#include <fmt/core.h>
#include <linux/netfilter/xt_dscp.h>

#include "verify/aims/aims.h"

namespace hookline {
namespace {

void fulfil(const Match& match, Family, Random& random, Fields& f) {
  const auto info = read_at<xt_dscp_info>(match.raw, 0);
  if (!info) return;
  if (info->invert == 0) {
    f.tos = static_cast<uint8_t>((f.tos & ~XT_DSCP_MASK) | info->dscp << XT_DSCP_SHIFT);
  } else if (f.tos >> XT_DSCP_SHIFT == info->dscp) {
    f.tos ^= static_cast<uint8_t>((1U + below(random, 63)) << XT_DSCP_SHIFT);
  }
}

void miss(const Match&, Family, Random& random, Fields& f) { f.tos ^= static_cast<uint8_t>(1U << below(random, 8)); }

std::string write(Family, Random& random) {
  static constexpr unsigned kValues[] = {0, 1, 8, 10, 46, 56, 62, 63};
  return fmt::format(" -m dscp{} --dscp {:#04x}", chance(random, 25) ? " !" : "",
                     kValues[below(random, std::size(kValues))]);
}

}  // namespace

constexpr MatchAim kDscpAim = {.name = "dscp", .fulfil = fulfil, .miss = miss, .write = write};

}  // namespace hookline
