// verify/aims/ecn.cpp: the ECN bits of the IP header, and TCP headers that end before the flags.
#include <fmt/core.h>
#include <linux/netfilter/xt_ecn.h>

#include "verify/aims/aims.h"

namespace hookline {
namespace {

void fulfil(const Match& match, Family family, Random& random, Fields& f) {
  const auto info = read_at<xt_ecn_info>(match.raw, 0);
  if (!info) return;
  if ((info->operation & XT_ECN_OP_MATCH_IP) != 0) {
    const auto other = static_cast<uint8_t>(info->ip_ect + 1 + below(random, 3));
    const uint8_t field = (info->invert & XT_ECN_OP_MATCH_IP) != 0 ? other : info->ip_ect;
    f.tos = static_cast<uint8_t>((f.tos & XT_DSCP_MASK) | (field & 3));
  }
  // A later fragment's payload is read as a TCP header.
  if (family == Family::kIpv4 && f.fragment_offset != 0)
    f.l4_patterns.push_back({13, {chance(random, 50) ? static_cast<uint8_t>(random()) : f.tcp_flags}});
}

void miss(const Match& match, Family family, Random& random, Fields& f) {
  const auto info = read_at<xt_ecn_info>(match.raw, 0);
  if (!info) return;
  switch (below(random, 3)) {
    case 0:
      f.tos ^= static_cast<uint8_t>(1 + below(random, 3));
      break;
    case 1:
      f.tcp_flags ^= static_cast<uint8_t>(chance(random, 50) ? 0x40 : 0x80);
      break;
    default:  // a later fragment, whose payload holds a whole TCP header or not
      if (info->operation == XT_ECN_OP_MATCH_IP) return;
      f.fragment_offset = static_cast<uint16_t>(2 + below(random, 100));
      if (family == Family::kIpv6) f.extensions.push_back({kIpv6Fragment, {}});
      f.length = (family == Family::kIpv4 ? 20U : 48U) + 18 + static_cast<uint32_t>(below(random, 4));
      break;
  }
}

std::string write(Family, Random& random) {
  const auto inverted = [&] { return chance(random, 30) ? " !" : ""; };
  const uint64_t asked = 1 + below(random, 7);
  std::string text = (asked & 6) != 0 ? " -p tcp -m ecn" : " -m ecn";
  if ((asked & 2) != 0) text += fmt::format("{} --ecn-tcp-ece", inverted());
  if ((asked & 4) != 0) text += fmt::format("{} --ecn-tcp-cwr", inverted());
  if ((asked & 1) != 0) text += fmt::format("{} --ecn-ip-ect {}", inverted(), below(random, 4));
  return text;
}

}  // namespace

constexpr MatchAim kEcnAim = {.name = "ecn", .fulfil = fulfil, .miss = miss, .write = write};

}  // namespace hookline
