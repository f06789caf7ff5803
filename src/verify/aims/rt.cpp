// verify/aims/rt.cpp: the routing header that `rt` looks at, with its addresses.
#include <fmt/core.h>
#include <linux/netfilter_ipv6/ip6t_rt.h>

#include <algorithm>

#include "base/bytes.h"
#include "verify/aims/aims.h"
#include "verify/aims/ipv6_headers.h"

namespace hookline {
namespace {

constexpr size_t kMostHeaderBytes = 2048;

uint8_t chosen_left(const ip6t_rt& wanted, Random& random) {
  const uint32_t low = wanted.segsleft[0], high = std::min<uint32_t>(wanted.segsleft[1], 255);
  if ((wanted.invflags & IP6T_RT_INV_SGS) != 0) return static_cast<uint8_t>(chance(random, 50) ? low - 1 : high + 1);
  return static_cast<uint8_t>(low <= high ? edge_in(random, low, high) : low);
}

// The wanted addresses, with others between where they are not strict.
void add_addresses(const ip6t_rt& wanted, Random& random, std::vector<uint8_t>& rest) {
  const bool strict = (wanted.flags & IP6T_RT_FST_NSTRICT) == 0;
  const auto add_other = [&] {
    for (int i = 0; i < 16; ++i) rest.push_back(static_cast<uint8_t>(below(random, 4)));
  };
  for (unsigned i = 0; i < wanted.addrnr; ++i) {
    while (!strict && chance(random, 25)) add_other();
    const auto* address = reinterpret_cast<const uint8_t*>(&wanted.addrs[i]);
    rest.insert(rest.end(), address, address + 16);
  }
  while (!strict && chance(random, 25)) add_other();
}

void fulfil(const Match& match, Family, Random& random, Fields& f) {
  const auto wanted = read_at<ip6t_rt>(match.raw, 0);
  if (!wanted) return;
  Extension& header = header_of(f, kIpv6Route, random);
  auto type = static_cast<uint8_t>(below(random, 5));
  if ((wanted->flags & IP6T_RT_TYP) != 0) {
    const bool inverted = (wanted->invflags & IP6T_RT_INV_TYP) != 0;
    if (!inverted || type == wanted->rt_type) type = static_cast<uint8_t>(wanted->rt_type + (inverted ? 1 : 0));
  }
  std::vector<uint8_t> rest = {type, chosen_left(*wanted, random)};
  for (int i = 0; i < 4; ++i)
    rest.push_back((wanted->flags & IP6T_RT_RES) != 0 || chance(random, 70) ? 0 : static_cast<uint8_t>(random()));
  if ((wanted->flags & IP6T_RT_FST) != 0) add_addresses(*wanted, random, rest);
  size_t bytes = rest.size() + 2;
  if ((wanted->flags & IP6T_RT_FST) == 0) bytes += 8 * below(random, 5);
  if ((wanted->flags & IP6T_RT_LEN) != 0) {
    if ((wanted->invflags & IP6T_RT_INV_LEN) == 0) {
      bytes = std::clamp<size_t>(wanted->hdrlen, 8, kMostHeaderBytes);
      rest.resize(std::min(rest.size(), bytes - 2));
    } else if (bytes == wanted->hdrlen) {
      bytes += 8;
    }
  }
  header.body = header_body(std::move(rest), bytes);
}

void miss(const Match&, Family, Random& random, Fields& f) {
  const auto header = std::ranges::find(f.extensions, kIpv6Route, &Extension::kind);
  // A bit of some address, which miss_header() mostly leaves alone.
  if (header != f.extensions.end() && header->body.size() > 8 && chance(random, 25))
    header->body[7 + below(random, header->body.size() - 7)] ^= static_cast<uint8_t>(1U << below(random, 8));
  else
    miss_header(f, kIpv6Route, random);
}

std::string write(Family, Random& random) {
  const auto inverted = [&](unsigned percent) { return chance(random, percent) ? " !" : ""; };
  std::string text = " -m rt";
  const bool addresses = chance(random, 30);
  const bool reserved = chance(random, 20);
  if (addresses || reserved)
    text += " --rt-type 0";
  else if (chance(random, 60))
    text += fmt::format("{} --rt-type {}", inverted(30), chance(random, 95) ? below(random, 5) : 256);
  static constexpr std::string_view kLeft[] = {"0", "1", "1:23", "255", "0:254", "2:4294967295", "300"};
  if (chance(random, 50))
    text += fmt::format("{} --rt-segsleft {}", inverted(30), kLeft[below(random, chance(random, 90) ? 6 : 7)]);
  static constexpr unsigned kLengths[] = {8, 16, 24, 24, 40, 2048, 12};
  if (chance(random, addresses ? 10 : 40))
    text += fmt::format("{} --rt-len {}", inverted(addresses ? 80 : 30), kLengths[below(random, std::size(kLengths))]);
  if (reserved) text += " --rt-0-res";
  static constexpr std::string_view kLists[] = {"2001:db8::1", "2001:db8::1,2001:db8::2",
                                                "::,::", "2001:db8::1,2001:db8::1,2001:db8::2", "::1,::2,::3,::4,::5,::6"};
  if (addresses) text += fmt::format(" --rt-0-addrs {}", kLists[below(random, std::size(kLists))]);
  if (addresses && chance(random, 50)) text += " --rt-0-not-strict";
  return text;
}

}  // namespace

constexpr MatchAim kRtAim = {.name = "rt", .families = kIpv6Only, .fulfil = fulfil, .miss = miss, .write = write};

}  // namespace hookline
