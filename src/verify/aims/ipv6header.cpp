// verify/aims/ipv6header.cpp: chains that have the set of extension headers for which `ipv6header` asks.
#include <fmt/core.h>
#include <linux/netfilter_ipv6/ip6t_ipv6header.h>

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "verify/aims/aims.h"
#include "verify/aims/ipv6_headers.h"

namespace hookline {
namespace {

struct Kind {
  uint8_t bit, protocol;
  std::string_view name;
};
constexpr std::array<Kind, 5> kFollowed = {{{MASK_HOPOPTS, kHopByHop, "hop"},
                                            {MASK_DSTOPTS, kIpv6Options, "dst"},
                                            {MASK_ROUTING, kIpv6Route, "route"},
                                            {MASK_FRAGMENT, kIpv6Fragment, "frag"},
                                            {MASK_AH, kAh, "auth"}}};

// The chain gets exactly these headers, once each or, now and then, one twice.
void set_chain(uint8_t bits, Random& random, Fields& f) {
  f.extensions.clear();
  for (const Kind& kind : kFollowed)
    if ((bits & kind.bit) != 0)
      for (int copies = chance(random, 10) ? 2 : 1; copies > 0; --copies) f.extensions.push_back({kind.protocol, {}});
  if (chance(random, 60)) std::ranges::shuffle(f.extensions, random);
  if ((bits & MASK_NONE) != 0) f.protocol = kNoNextHeader;
  if ((bits & MASK_ESP) != 0) f.protocol = kEsp;
  if ((bits & MASK_ESP) != 0 && !f.length) f.payload = std::max(f.payload, 2U);
  if ((bits & MASK_PROTO) != 0 && (f.protocol == kNoNextHeader || f.protocol == kEsp)) f.protocol = kUdp;
}

void fulfil(const Match& match, Family, Random& random, Fields& f) {
  const auto info = read_at<ip6t_ipv6header_info>(match.raw, 0);
  if (!info) return;
  const auto others =
      static_cast<uint8_t>(random() & (MASK_HOPOPTS | MASK_DSTOPTS | MASK_ROUTING | MASK_FRAGMENT | MASK_AH));
  if (info->modeflag == 0) {
    set_chain(info->invflags == 0 ? info->matchflags : static_cast<uint8_t>(others | MASK_PROTO), random, f);
    return;
  }
  // Of the named ones those whose inversion bit is clear must be there.
  auto bits = static_cast<uint8_t>((info->matchflags & ~info->invflags) | (others & ~info->matchflags & random()));
  const auto ends = static_cast<uint8_t>(MASK_NONE | MASK_ESP | MASK_PROTO);
  const auto forbidden = static_cast<uint8_t>(info->matchflags & info->invflags);
  for (const int end : {MASK_PROTO, MASK_NONE, MASK_ESP})
    if ((bits & ends) == 0 && (forbidden & end) == 0) bits = static_cast<uint8_t>(bits | end);
  set_chain(bits, random, f);
}

void miss(const Match&, Family, Random& random, Fields& f) {
  const Kind& kind = kFollowed[below(random, kFollowed.size())];
  if (!f.extensions.empty() && chance(random, 50)) {
    miss_header(f, any_of(random, f.extensions).kind, random);
  } else if (chance(random, 60)) {
    header_of(f, kind.protocol, random);
  } else {
    f.protocol = chance(random, 50) ? kNoNextHeader : kEsp;
    f.payload = static_cast<uint32_t>(below(random, 4));
  }
}

std::string write(Family, Random& random) {
  const bool soft = chance(random, 50);
  const bool inverted = chance(random, 30);
  std::string list;
  const auto add = [&](std::string_view name) {
    list += list.empty() ? "" : ",";
    list += name;
  };
  for (const Kind& kind : kFollowed)
    if (chance(random, 30)) add(kind.name);
  // A hard set needs an end of the chain to be ever there.
  if (list.empty() || chance(random, soft ? 30 : 92)) {
    static constexpr std::string_view kEnds[] = {"prot", "prot", "prot", "none", "esp"};
    add(kEnds[below(random, std::size(kEnds))]);
  }
  return fmt::format(" -m ipv6header{} --header {}{}", inverted ? " !" : "", list, soft ? " --soft" : "");
}

}  // namespace

constexpr MatchAim kIpv6headerAim = {
    .name = "ipv6header", .families = kIpv6Only, .fulfil = fulfil, .miss = miss, .write = write};

}  // namespace hookline
