// verify/aims/devgroup.cpp: rules whose masks leave no group to compare: all that can be decided.
#include <fmt/core.h>

#include "verify/aims/aims.h"

namespace hookline {
namespace {

std::string write(Family, Random& random) {
  const uint64_t asked = 1 + below(random, 3);
  const auto option = [&](std::string_view name) {
    return fmt::format("{} {} {:#x}/0x0", chance(random, 20) ? " !" : "", name, below(random, 5));
  };
  std::string text = " -m devgroup";
  if ((asked & 1) != 0) text += option("--src-group");
  if ((asked & 2) != 0) text += option("--dst-group");
  return text;
}

}  // namespace

constexpr MatchAim kDevgroupAim = {.name = "devgroup", .write = write, .hooks = hook_bit(Hook::kForward)};

}  // namespace hookline
