// verify/aims/tcpmss.cpp: MSS options of every value, alone and among others, and options that end elsewhere than they
// should.
#include <fmt/core.h>
#include <linux/netfilter/xt_tcpmss.h>

#include "verify/aims/aims.h"
#include "verify/aims/ranges.h"

namespace hookline {
namespace {

void put_mss(uint32_t mss, Random& random, Fields& f) {
  static const std::vector<std::vector<uint8_t>> kBefore = {
      {},           {},           {1, 1, 1, 1}, {3, 3, 7, 1}, {4, 2, 1, 0}, {8, 10, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1},
      {5, 0, 1, 1}, {2, 3, 9, 1}, {0, 0, 0, 0}};
  f.tcp_options = any_of(random, kBefore);
  f.tcp_options.insert(f.tcp_options.end(), {2, 4, static_cast<uint8_t>(mss >> 8), static_cast<uint8_t>(mss)});
  if (chance(random, 20)) f.tcp_options.insert(f.tcp_options.end(), {2, 4, static_cast<uint8_t>(random()), 0});
  f.data_offset.reset();
}

void fulfil(const Match& match, Family, Random& random, Fields& f) {
  const auto info = read_at<xt_tcpmss_match_info>(match.raw, 0);
  if (!info) return;
  if (info->invert != 0 && chance(random, 30))
    f.tcp_options.clear();
  else
    put_mss(fitting({info->mss_min, info->mss_max, info->invert != 0}, 0xffff, random), random, f);
}

void miss(const Match& match, Family family, Random& random, Fields& f) {
  const auto info = read_at<xt_tcpmss_match_info>(match.raw, 0);
  if (!info) return;
  static const std::vector<std::vector<uint8_t>> kBroken = {{2, 4, 5, 0xb4}, {1, 2, 4, 5}, {1, 1, 2, 4}, {1, 1, 1, 2},
                                                            {2, 5, 5, 0xb4}, {2, 0, 2, 4}, {3, 4, 2, 4}, {3, 99, 2, 4}};
  switch (below(random, 4)) {
    case 0:
      put_mss(around({info->mss_min, info->mss_max}, random), random, f);
      break;
    case 1:
      f.tcp_options = any_of(random, kBroken);
      break;
    case 2:
      f.data_offset = static_cast<uint8_t>(below(random, 16));
      break;
    default:  // a later fragment, whose payload is read as a header
      f.fragment_offset = static_cast<uint16_t>(2 + below(random, 100));
      if (family == Family::kIpv6) f.extensions.push_back({kIpv6Fragment, {}});
      break;
  }
}

std::string write(Family, Random& random) {
  static constexpr unsigned kEdges[] = {0, 1, 536, 1400, 1460, 65535};
  unsigned low = kEdges[below(random, std::size(kEdges))], high = kEdges[below(random, std::size(kEdges))];
  if (low > high) std::swap(low, high);
  std::string text = " -p tcp";
  if (chance(random, 20)) text += " -m tcp --tcp-flags SYN,RST SYN";
  text += fmt::format(" -m tcpmss{} --mss {}", chance(random, 35) ? " !" : "", low);
  return low == high ? text : text + fmt::format(":{}", high);
}

}  // namespace

constexpr MatchAim kTcpmssAim = {.name = "tcpmss", .fulfil = fulfil, .miss = miss, .write = write};

}  // namespace hookline
