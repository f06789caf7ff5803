// verify/aims/frag.cpp: the fragment header that `frag` looks at.
#include <fmt/core.h>
#include <linux/netfilter_ipv6/ip6t_frag.h>

#include "base/bytes.h"
#include "verify/aims/aims.h"
#include "verify/aims/ipv6_headers.h"

namespace hookline {
namespace {

constexpr uint16_t kMore = 1, kReserved = 6;

uint32_t chosen_id(const ip6t_frag& wanted, Random& random) {
  const uint32_t low = wanted.ids[0], high = wanted.ids[1];
  if ((wanted.invflags & IP6T_FRAG_INV_IDS) != 0) return chance(random, 50) ? low - 1 : high + 1;
  return low <= high ? edge_in(random, low, high) : low;
}

void fulfil(const Match& match, Family, Random& random, Fields& f) {
  const auto wanted = read_at<ip6t_frag>(match.raw, 0);
  if (!wanted) return;
  Extension& header = header_of(f, kIpv6Fragment, random);
  const bool kept = !header.body.empty();
  std::vector<uint8_t> body = kept ? header.body : std::vector<uint8_t>(7);
  body.resize(7);
  auto field = static_cast<uint16_t>(kept ? load_be16(body.data() + 1) : below(random, 65536));
  if (!kept && chance(random, 50)) field &= kMore;
  if ((wanted->flags & IP6T_FRAG_RES) != 0) {
    body[0] = 0;
    field = static_cast<uint16_t>(field & ~kReserved);
  }
  if ((wanted->flags & IP6T_FRAG_FST) != 0) field &= kMore | kReserved;
  if ((wanted->flags & IP6T_FRAG_MF) != 0) field |= kMore;
  if ((wanted->flags & IP6T_FRAG_NMF) != 0) field = static_cast<uint16_t>(field & ~kMore);
  store_be16(body.data() + 1, field);
  store_be32(body.data() + 3, chosen_id(*wanted, random));
  header.body = std::move(body);
}

void miss(const Match&, Family, Random& random, Fields& f) { miss_header(f, kIpv6Fragment, random); }

std::string write(Family, Random& random) {
  static constexpr std::string_view kIds[] = {"0", "5", "1:42", "4294967295", "100:65536", "1:4294967294"};
  std::string text = " -m frag";
  if (chance(random, 60)) text += fmt::format("{} --fragid {}", chance(random, 30) ? " !" : "", kIds[below(random, 6)]);
  if (chance(random, 15)) text += fmt::format("{} --fraglen {}", chance(random, 30) ? " !" : "", below(random, 64));
  if (chance(random, 30)) text += " --fragres";
  if (chance(random, 30)) text += " --fragfirst";
  if (chance(random, 50)) text += chance(random, 50) ? " --fragmore" : " --fraglast";
  return text;
}

}  // namespace

constexpr MatchAim kFragAim = {.name = "frag", .families = kIpv6Only, .fulfil = fulfil, .miss = miss, .write = write};

}  // namespace hookline
