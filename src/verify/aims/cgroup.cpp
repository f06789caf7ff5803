// verify/aims/cgroup.cpp: rules about the network class of the sender, which is 0, or of nobody.
#include <fmt/core.h>

#include "verify/aims/aims.h"
#include "verify/aims/telling_apart.h"

namespace hookline {
namespace {

std::string write(Family, Random& random) {
  std::string text = some_port(random);
  const bool holds = chance(random, 90), inverted = chance(random, 50);
  return text +
         fmt::format(" -m cgroup{} --cgroup {}", inverted ? " !" : "", holds != inverted ? 0 : 1 + below(random, 100));
}

}  // namespace

// The send side alone: what arrives has no socket, so no packet hits such a rule there.
constexpr MatchAim kCgroupAim = {
    .name = "cgroup", .write = write, .hooks = hook_bit(Hook::kOutput) | hook_bit(Hook::kPostrouting)};

}  // namespace hookline
