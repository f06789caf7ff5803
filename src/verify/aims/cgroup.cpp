// verify/aims/cgroup.cpp: rules about the network class of the sender, which is 0, or of nobody.
#include <fmt/core.h>

#include "verify/aims/aims.h"

namespace hookline {
namespace {

std::string write(Family, Random& random) {
  // Most rules ask for a port as well: one that takes every packet of the sender hides all rules behind it.
  std::string text;
  if (chance(random, 85))
    text = fmt::format(" -p {} --dport {}", chance(random, 50) ? "tcp" : "udp", 1000 + below(random, 50));
  const bool holds = chance(random, 90), inverted = chance(random, 50);
  return text +
         fmt::format(" -m cgroup{} --cgroup {}", inverted ? " !" : "", holds != inverted ? 0 : 1 + below(random, 100));
}

}  // namespace

// The send side alone: what arrives has no socket, so no packet hits such a rule there.
constexpr MatchAim kCgroupAim = {
    .name = "cgroup", .write = write, .hooks = hook_bit(Hook::kOutput) | hook_bit(Hook::kPostrouting)};

}  // namespace hookline
