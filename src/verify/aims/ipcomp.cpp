// verify/aims/ipcomp.cpp: the CPI in the IPComp header.
#include <linux/netfilter/xt_ipcomp.h>

#include "base/bytes.h"
#include "verify/aims/aims.h"
#include "verify/aims/ranges.h"

namespace hookline {
namespace {

void put_cpi(uint32_t cpi, Fields& f) {
  std::vector<uint8_t> header = {kTcp, 0, 0, 0};
  store_be16(header.data() + 2, static_cast<uint16_t>(cpi));
  f.l4_patterns.emplace_back(0, std::move(header));
}

void fulfil(const Match& match, Family, Random& random, Fields& f) {
  if (const auto info = read_at<xt_ipcomp>(match.raw, 0))
    put_cpi(fitting({info->spis[0], info->spis[1], info->invflags != 0}, 0xffff, random), f);
}

void miss(const Match& match, Family family, Random& random, Fields& f) {
  const auto info = read_at<xt_ipcomp>(match.raw, 0);
  if (!info) return;
  if (chance(random, 70))
    put_cpi(around({info->spis[0], info->spis[1]}, random), f);
  else
    f.length = (family == Family::kIpv4 ? 20U : 40U) + static_cast<uint32_t>(below(random, 6));
}

std::string write(Family, Random& random) {
  std::string text = " -p ipcomp -m ipcomp";
  if (chance(random, 90)) text += range_option("--ipcompspi", 0xffff, random);
  if (chance(random, 10)) text += " --compres";
  return text;
}

}  // namespace

constexpr MatchAim kIpcompAim = {.name = "ipcomp", .fulfil = fulfil, .miss = miss, .write = write};

}  // namespace hookline
