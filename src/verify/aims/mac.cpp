// verify/aims/mac.cpp: the Ethernet source address that `mac` compares.
#include <fmt/core.h>
#include <linux/netfilter/xt_mac.h>

#include <algorithm>

#include "base/bytes.h"
#include "verify/aims/aims.h"
#include "verify/aims/telling_apart.h"

namespace hookline {
namespace {

void change(Random& random, Fields& f) {
  f.frame.source[below(random, kMacBytes)] ^= static_cast<uint8_t>(1U << below(random, 8));
}

void fulfil(const Match& match, Family, Random& random, Fields& f) {
  const auto wanted = read_at<xt_mac_info>(match.raw, 0);
  if (!wanted) return;
  if (wanted->invert == 0 || chance(random, 50)) std::copy_n(wanted->srcaddr, kMacBytes, f.frame.source.begin());
  if (wanted->invert != 0) change(random, f);
}

void miss(const Match&, Family, Random& random, Fields& f) { change(random, f); }

std::string write(Family, Random& random) {
  static constexpr std::string_view kAddresses[] = {"00:11:22:33:44:55", "02:00:00:00:00:02", "ff:ff:ff:ff:ff:ff",
                                                    "00:00:00:00:00:00"};
  return fmt::format("{} -m mac{} --mac-source {}", some_protocol(random), chance(random, 35) ? " !" : "",
                     kAddresses[below(random, std::size(kAddresses))]);
}

}  // namespace

constexpr MatchAim kMacAim = {.name = "mac", .fulfil = fulfil, .miss = miss, .write = write, .of_frames = true};

}  // namespace hookline
