// verify/aims/frames.h: what the aims at Ethernet frames, at time and at what rules remember have in common.
#pragma once

#include <array>
#include <string_view>

#include "verify/random.h"

namespace hookline {

// A condition that tells apart rules which nearly every packet of a run fulfils: else the first would hide the others.
inline std::string_view some_protocol(Random& random) {
  static constexpr std::array<std::string_view, 7> kOptions = {"",       " -p tcp", " -p udp", " -p sctp",
                                                               " -p 47", " -p 50",  " -p 99"};
  return kOptions[below(random, kOptions.size())];
}

}  // namespace hookline
