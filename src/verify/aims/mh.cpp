// verify/aims/mh.cpp: the Mobility Header that `mh` looks at.
#include <fmt/core.h>
#include <linux/netfilter_ipv6/ip6t_mh.h>

#include "base/bytes.h"
#include "verify/aims/aims.h"

namespace hookline {
namespace {

constexpr size_t kTypeAt = 2;

void fulfil(const Match& match, Family, Random& random, Fields& f) {
  const auto wanted = read_at<ip6t_mh>(match.raw, 0);
  if (!wanted) return;
  const uint8_t low = wanted->types[0], high = wanted->types[1];
  auto type = static_cast<uint8_t>(low <= high ? edge_in(random, low, high) : low);
  if ((wanted->invflags & IP6T_MH_INV_TYPE) != 0) type = static_cast<uint8_t>(chance(random, 50) ? low - 1 : high + 1);
  f.protocol = kMobility;
  f.l4_patterns = {{0, {kNoNextHeader, 0, type, 0, 0, 0}}};
}

void miss(const Match&, Family, Random& random, Fields& f) {
  if (f.l4_patterns.empty() || f.l4_patterns.front().second.size() <= kTypeAt) return;
  std::vector<uint8_t>& header = f.l4_patterns.front().second;
  switch (below(random, 4)) {
    case 0:  // another header is said to follow
      header[0] = static_cast<uint8_t>(chance(random, 50) ? kUdp : kNoNextHeader + 1);
      break;
    case 1:  // fewer bytes than are looked at, or as many
      header.resize(below(random, 7));
      f.payload = 0;
      f.length.reset();
      break;
    default:
      header[kTypeAt] = static_cast<uint8_t>(header[kTypeAt] + (chance(random, 50) ? 1 : 0xff));
      break;
  }
}

std::string write(Family, Random& random) {
  static constexpr std::string_view kTypes[] = {"0", "5", "0:7", "4:123", "255", "1:254", "128:255", "brr"};
  std::string text = " -p mh -m mh";
  if (chance(random, 90))
    text += fmt::format("{} --mh-type {}", chance(random, 30) ? " !" : "", kTypes[below(random, std::size(kTypes))]);
  return text;
}

}  // namespace

constexpr MatchAim kMhAim = {.name = "mh", .families = kIpv6Only, .fulfil = fulfil, .miss = miss, .write = write};

}  // namespace hookline
