// verify/aims/ipv6_options.cpp: the options that `hbh` and `dst` ask for, in order, and the length of their header.
#include <fmt/core.h>
#include <linux/netfilter_ipv6/ip6t_opts.h>

#include "base/bytes.h"
#include "verify/aims/aims.h"
#include "verify/aims/ipv6_headers.h"

namespace hookline {
namespace {

constexpr uint8_t kPad1 = 0, kPadN = 1;
constexpr uint8_t kSkipped = 0x1e;  // an option that the stack does not know and skips
constexpr uint8_t kAnyLength = 0xff;

// Options from `rest` on that fill the header up to `bytes`.
void fill_up(std::vector<uint8_t>& rest, size_t bytes) {
  while (rest.size() + 2 < bytes) {
    const size_t left = bytes - rest.size() - 2;
    if (left == 1) {
      rest.push_back(kPad1);
      return;
    }
    const size_t data = std::min<size_t>(left - 2, 255);
    rest.push_back(left <= 7 ? kPadN : kSkipped);
    rest.push_back(static_cast<uint8_t>(data));
    rest.resize(rest.size() + data);
  }
}

void fulfil_header(const Match& match, uint8_t kind, Random& random, Fields& f) {
  const auto wanted = read_at<ip6t_opts>(match.raw, 0);
  if (!wanted) return;
  Extension& header = header_of(f, kind, random);
  std::vector<uint8_t> rest;
  if ((wanted->flags & IP6T_OPTS_OPTS) != 0) {
    for (unsigned i = 0; i < wanted->optsnr; ++i) {
      rest.push_back(static_cast<uint8_t>(wanted->opts[i] >> 8));
      if (rest.back() == kPad1) continue;
      const auto length = static_cast<uint8_t>(wanted->opts[i]);
      rest.push_back(length != kAnyLength ? length : static_cast<uint8_t>(below(random, 5)));
      rest.resize(rest.size() + rest.back());
    }
  }
  size_t bytes = (rest.size() + 2 + 7) / 8 * 8 + (chance(random, 30) ? 8 : 0);
  if ((wanted->flags & IP6T_OPTS_LEN) != 0) {
    if ((wanted->invflags & IP6T_OPTS_INV_LEN) == 0)
      bytes = std::min<size_t>(wanted->hdrlen, 2048);
    else if (bytes == wanted->hdrlen)
      bytes += 8;
  }
  if (rest.size() + 2 > bytes && bytes >= 8) rest.resize(bytes - 2);  // the last option may go on behind the header
  fill_up(rest, bytes);
  header.body = header_body(std::move(rest), bytes);
}

std::string write_options(std::string_view name, Random& random) {
  static constexpr std::string_view kLists[] = {
      "1:4",         "1",
      "0,0,1:2",     "5:2",
      "5:2,1:0",     "30:2,30",
      "30",          "201:16",
      "0",           "62:0,0,30:3",
      "1:4,1:6",     "149:92,12:12",
      "0,1,2,3:1,4", "30:0,30:0,30:0,30:0,30:0,30:0,30:0,30:0,30:0,30:0,30:0,30:0,30:0,30:0,30:0,30"};
  static constexpr unsigned kLengths[] = {8, 8, 16, 16, 24, 32, 40, 2048, 0, 12};
  std::string text = fmt::format(" -m {}", name);
  const bool list = chance(random, 65);
  if (chance(random, list ? 20 : 70))
    text +=
        fmt::format("{} --{}-len {}", chance(random, 35) ? " !" : "", name, kLengths[below(random, std::size(kLengths))]);
  if (list) text += fmt::format(" --{}-opts {}", name, kLists[below(random, std::size(kLists))]);
  return text;
}

template <uint8_t kind>
void fulfil(const Match& match, Family, Random& random, Fields& f) {
  fulfil_header(match, kind, random, f);
}
template <uint8_t kind>
void miss(const Match&, Family, Random& random, Fields& f) {
  miss_header(f, kind, random);
}
template <uint8_t kind>
std::string write(Family, Random& random) {
  return write_options(kind == kHopByHop ? "hbh" : "dst", random);
}

}  // namespace

constexpr MatchAim kDstAim = {.name = "dst",
                              .families = kIpv6Only,
                              .fulfil = fulfil<kIpv6Options>,
                              .miss = miss<kIpv6Options>,
                              .write = write<kIpv6Options>};
constexpr MatchAim kHbhAim = {
    .name = "hbh", .families = kIpv6Only, .fulfil = fulfil<kHopByHop>, .miss = miss<kHopByHop>, .write = write<kHopByHop>};

}  // namespace hookline
