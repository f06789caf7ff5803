// verify/aims/eui64.cpp: a source address that is made of the Ethernet source address, as `eui64` asks for.
#include "verify/aims/aims.h"
#include "verify/aims/telling_apart.h"

namespace hookline {
namespace {

constexpr size_t kIdentifierAt = 8;

void fulfil(const Match&, Family, Random&, Fields& f) {
  const auto& mac = f.frame.source;
  const std::array<uint8_t, 8> id = {static_cast<uint8_t>(mac[0] ^ 2), mac[1], mac[2], 0xff, 0xfe, mac[3], mac[4], mac[5]};
  for (size_t i = 0; i < id.size(); ++i) f.source[kIdentifierAt + i] = id[i];
}

void miss(const Match&, Family, Random& random, Fields& f) {
  const auto bit = static_cast<uint8_t>(1U << below(random, 8));
  if (chance(random, 50))
    f.source[kIdentifierAt + below(random, 8)] ^= bit;
  else
    f.frame.source[below(random, kMacBytes)] ^= bit;
}

std::string write(Family, Random& random) { return std::string(some_protocol(random)) + " -m eui64"; }

}  // namespace

constexpr MatchAim kEui64Aim = {
    .name = "eui64", .families = kIpv6Only, .fulfil = fulfil, .miss = miss, .write = write, .of_frames = true};

}  // namespace hookline
