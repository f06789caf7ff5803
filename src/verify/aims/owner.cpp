// verify/aims/owner.cpp: rules about the sender, a raw socket of user 0 and group 0, or none.
#include <fmt/core.h>

#include "verify/aims/aims.h"
#include "verify/aims/telling_apart.h"

namespace hookline {
namespace {

std::string write(Family, Random& random) {
  std::string text = some_port(random);
  text += " -m owner";
  const uint64_t asked = 1 + below(random, 7);
  const bool holds = chance(random, 90);
  const auto ids = [&](std::string_view option) -> std::string {
    const bool inverted = chance(random, 40), wanted = holds || chance(random, 50);
    // Group and user 0 are in the range, or not.
    const uint64_t first = wanted != inverted ? 0 : 1 + below(random, 5), last = below(random, 3);
    std::string range = fmt::format("{} {} {}", inverted ? " !" : "", option, first);
    return last == 0 ? range : range + fmt::format("-{}", first + last);
  };
  if ((asked & 1) != 0) text += ids("--uid-owner");
  if ((asked & 2) != 0) text += ids("--gid-owner") + (chance(random, 20) ? " --suppl-groups" : "");
  if ((asked & 4) != 0) text += !holds && chance(random, 50) ? " ! --socket-exists" : " --socket-exists";
  return text;
}

}  // namespace

constexpr MatchAim kOwnerAim = {.name = "owner", .write = write};

}  // namespace hookline
