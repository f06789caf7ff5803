// verify/aims/rpfilter.cpp: rules about the way back to a source, on the host of verify/random_host.h.
#include <fmt/core.h>

#include "verify/aims/aims.h"
#include "verify/aims/telling_apart.h"

namespace hookline {
namespace {

std::string write(Family, Random& random) {
  std::string text = fmt::format("{} -m rpfilter", some_protocol(random));
  for (const std::string_view option : {" --loose", " --validmark", " --accept-local", " --invert"})
    if (chance(random, 35)) text += option;
  return text;
}

}  // namespace

constexpr MatchAim kRpfilterAim = {.name = "rpfilter", .write = write, .of_host = true};

}  // namespace hookline
