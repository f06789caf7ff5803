// verify/aims/esp.cpp: the SPI at the start of the ESP header.
#include <linux/netfilter/xt_esp.h>

#include "base/bytes.h"
#include "verify/aims/aims.h"
#include "verify/aims/ranges.h"

namespace hookline {
namespace {

void put_spi(uint32_t spi, Fields& f) {
  std::vector<uint8_t> header(8);
  store_be32(header.data(), spi);
  f.l4_patterns.emplace_back(0, std::move(header));
}

void fulfil(const Match& match, Family, Random& random, Fields& f) {
  if (const auto info = read_at<xt_esp>(match.raw, 0))
    put_spi(fitting({info->spis[0], info->spis[1], info->invflags != 0}, UINT32_MAX, random), f);
}

void miss(const Match& match, Family family, Random& random, Fields& f) {
  const auto info = read_at<xt_esp>(match.raw, 0);
  if (!info) return;
  if (chance(random, 70))
    put_spi(around({info->spis[0], info->spis[1]}, random), f);
  else
    f.length = (family == Family::kIpv4 ? 20U : 40U) + static_cast<uint32_t>(below(random, 10));
}

std::string write(Family, Random& random) {
  return " -p esp -m esp" + (chance(random, 90) ? range_option("--espspi", UINT32_MAX, random) : "");
}

}  // namespace

constexpr MatchAim kEspAim = {.name = "esp", .fulfil = fulfil, .miss = miss, .write = write};

}  // namespace hookline
