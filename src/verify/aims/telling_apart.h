// verify/aims/telling_apart.h: conditions that tell apart rules which nearly every packet of a run fulfils: on the frame,
// the sender, the time, or what rules remember. Without one the first rule would hide the others.
#pragma once

#include <fmt/core.h>

#include <array>
#include <string>
#include <string_view>

#include "verify/random.h"

namespace hookline {

inline std::string_view some_protocol(Random& random) {
  static constexpr std::array<std::string_view, 7> kOptions = {"",       " -p tcp", " -p udp", " -p sctp",
                                                               " -p 47", " -p 50",  " -p 99"};
  return kOptions[below(random, kOptions.size())];
}

// Most of the time, a port.
inline std::string some_port(Random& random) {
  if (!chance(random, 85)) return "";
  return fmt::format(" -p {} --dport {}", chance(random, 50) ? "tcp" : "udp", 1000 + below(random, 50));
}

}  // namespace hookline
