// verify/aims/hashlimit.cpp: rules of `hashlimit`: few names, so that rules share tables; buckets that some packets fill,
// tables that some keys fill. Buckets expire after the run, as the kernel sweeps at its leisure. The packets come from few
// hosts and ports.
#include <fmt/core.h>

#include <algorithm>

#include "verify/aims/aims.h"
#include "verify/aims/telling_apart.h"

namespace hookline {
namespace {

constexpr uint64_t kHosts = 4, kPorts = 3;

// Neighbours, which a mask may or may not tell apart.
void fulfil(const Match&, Family family, Random& random, Fields& f) {
  const size_t last = family == Family::kIpv4 ? 3 : 15;
  if (chance(random, 60)) {
    f.source[last] = static_cast<uint8_t>(1 + below(random, kHosts));
    f.destination[last] = static_cast<uint8_t>(1 + below(random, kHosts));
  }
  if (chance(random, 60)) {
    f.source_port = static_cast<uint16_t>(1000 + below(random, kPorts));
    f.destination_port = static_cast<uint16_t>(1000 + below(random, kPorts));
  }
  if (chance(random, 40)) f.payload = static_cast<uint32_t>(below(random, 1000));
}

std::string write(Family family, Random& random) {
  static constexpr std::array<std::string_view, 10> kRates = {"1000000/sec", "10000/sec", "1000/sec", "250/sec", "249/sec",
                                                              "70/sec",      "7/sec",     "90/min",   "50/hour", "2/day"};
  static constexpr std::array<std::string_view, 6> kByteRates = {"16b/s", "100b/s", "1kb/s", "20kb/s", "10mb/s", "500mb/s"};
  static constexpr std::array<std::string_view, 4> kModes = {"srcip", "dstip", "srcport", "dstport"};
  const unsigned bits = family == Family::kIpv4 ? 32 : 128;
  const bool compares = chance(random, 25);
  std::string text =
      fmt::format("{} -m hashlimit --hashlimit-{} ", some_protocol(random), chance(random, 45) ? "above" : "upto");
  if (chance(random, 35)) {
    const size_t rate = below(random, kByteRates.size());
    text += kByteRates[rate];
    if (chance(random, 50)) text += fmt::format(" --hashlimit-burst {}", rate < 5 ? "20mb" : "600mb");
  } else {
    const size_t rate = below(random, kRates.size());
    // The slower the rate, the fewer packets fit into the kernel's 64 bits.
    const uint64_t most = rate + 1 == kRates.size() ? 3 : 1000;
    const uint64_t burst = 1 + below(random, chance(random, 70) ? std::min<uint64_t>(most, 5) : most);
    text += fmt::format("{} --hashlimit-burst {}", kRates[rate], burst);
  }
  if (chance(random, 75)) {
    std::string modes;
    for (const std::string_view mode : kModes)
      if (chance(random, 45)) modes += (modes.empty() ? "" : ",") + std::string(mode);
    if (!modes.empty()) text += " --hashlimit-mode " + modes;
  }
  // Both kinds of a table cannot share a name.
  text += fmt::format(" --hashlimit-name {}{}", compares ? "rate" : "hash", below(random, 6));
  if (chance(random, 40))
    text += fmt::format(" --hashlimit-srcmask {}", chance(random, 50) ? bits - below(random, 4) : below(random, bits + 1));
  if (chance(random, 40))
    text += fmt::format(" --hashlimit-dstmask {}", chance(random, 50) ? bits - below(random, 4) : below(random, bits + 1));
  if (chance(random, 20)) text += fmt::format(" --hashlimit-htable-size {}", 1 + below(random, 50));
  if (chance(random, 10)) text += fmt::format(" --hashlimit-htable-max {}", 20 + below(random, 50));
  text += " --hashlimit-htable-expire 3600000";
  if (compares) text += " --hashlimit-rate-match";
  if (compares && chance(random, 40)) text += fmt::format(" --hashlimit-rate-interval {}", 1 + below(random, 3));
  return text;
}

}  // namespace

constexpr MatchAim kHashlimitAim = {.name = "hashlimit", .fulfil = fulfil, .miss = fulfil, .write = write};

}  // namespace hookline
