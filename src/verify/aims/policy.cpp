// verify/aims/policy.cpp: rules about IPsec transforms, of packets that have met none.
#include <fmt/core.h>

#include "verify/aims/aims.h"

namespace hookline {
namespace {

std::string write(Family, Random& random) {
  if (chance(random, 75)) return " -m policy --dir in --pol none";
  std::string text = " -m policy --dir in --pol ipsec";
  if (chance(random, 50)) text += chance(random, 50) ? " --reqid 1" : " ! --proto esp";
  return text;
}

}  // namespace

constexpr MatchAim kPolicyAim = {.name = "policy",
                                 .write = write,
                                 .hooks = hook_bit(Hook::kPrerouting) | hook_bit(Hook::kInput) | hook_bit(Hook::kForward)};

}  // namespace hookline
