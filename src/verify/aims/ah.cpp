// verify/aims/ah.cpp: the authentication header: the L4 header of an IPv4 packet, an extension header of an IPv6 one.
#include <linux/netfilter_ipv4/ipt_ah.h>
#include <linux/netfilter_ipv6/ip6t_ah.h>

#include "base/bytes.h"
#include "verify/aims/aims.h"
#include "verify/aims/ranges.h"

namespace hookline {
namespace {

void put_ipv4_header(uint32_t spi, Fields& f) {
  std::vector<uint8_t> header = {kTcp, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  store_be32(header.data() + 4, spi);
  f.l4_patterns.emplace_back(0, std::move(header));
}

// The header without its first byte, `length` bytes with it, where a header can have that length.
void put_ipv6_header(uint32_t spi, uint32_t length, uint16_t reserved, Fields& f) {
  const uint32_t words = std::min<uint32_t>(length / 4, 257);
  std::vector<uint8_t> body(std::max<uint32_t>(words * 4, 12) - 1);
  body[0] = static_cast<uint8_t>(words < 2 ? 0 : words - 2);
  store_be16(body.data() + 1, reserved);
  store_be32(body.data() + 3, spi);
  std::erase_if(f.extensions, [](const Extension& extension) { return extension.kind == kAh; });
  f.extensions.insert(f.extensions.begin(), {kAh, std::move(body)});
}

void fulfil_ipv4(const Match& match, Random& random, Fields& f) {
  if (const auto info = read_at<ipt_ah>(match.raw, 0))
    put_ipv4_header(fitting({info->spis[0], info->spis[1], info->invflags != 0}, UINT32_MAX, random), f);
}

void miss_ipv4(const Match& match, Random& random, Fields& f) {
  const auto info = read_at<ipt_ah>(match.raw, 0);
  if (!info) return;
  if (chance(random, 70))
    put_ipv4_header(around({info->spis[0], info->spis[1]}, random), f);
  else
    f.length = 20U + static_cast<uint32_t>(below(random, 14));
}

std::string write_ipv4(Random& random) {
  return " -p ah -m ah" + (chance(random, 90) ? range_option("--ahspi", UINT32_MAX, random) : "");
}

void fulfil_ipv6(const Match& match, Random& random, Fields& f) {
  const auto info = read_at<ip6t_ah>(match.raw, 0);
  if (!info) return;
  const uint32_t spi = fitting({info->spis[0], info->spis[1], (info->invflags & IP6T_AH_INV_SPI) != 0}, UINT32_MAX, random);
  const uint32_t other = 12U + 4U * static_cast<uint32_t>(below(random, 4));
  const bool any_length = info->hdrlen == 0 || (info->invflags & IP6T_AH_INV_LEN) != 0;
  const uint16_t reserved = info->hdrres == 0 && chance(random, 20) ? 1 : 0;
  put_ipv6_header(spi, any_length ? other : info->hdrlen, reserved, f);
}

void miss_ipv6(const Match& match, Random& random, Fields& f) {
  const auto info = read_at<ip6t_ah>(match.raw, 0);
  if (!info) return;
  const uint32_t length = info->hdrlen != 0 && info->hdrlen < 1000 ? info->hdrlen : 16;
  switch (below(random, 5)) {
    case 0:
      put_ipv6_header(around({info->spis[0], info->spis[1]}, random), length, 0, f);
      break;
    case 1:
      put_ipv6_header(info->spis[0], length + 4, 0, f);
      break;
    case 2:
      put_ipv6_header(info->spis[0], length, 0x100, f);
      break;
    case 3:  // behind a later fragment's header, or before it
      f.fragment_offset = static_cast<uint16_t>(below(random, 3));
      f.extensions.insert(chance(random, 50) ? f.extensions.begin() : f.extensions.end(), {kIpv6Fragment, {}});
      break;
    default:
      f.length = 40U + static_cast<uint32_t>(below(random, 26));
      break;
  }
}

std::string write_ipv6(Random& random) {
  std::string text = " -m ah";
  if (chance(random, 75)) text += range_option("--ahspi", UINT32_MAX, random);
  static constexpr unsigned kLengths[] = {8, 12, 16, 24, 1028};
  if (chance(random, 40))
    text += fmt::format("{} --ahlen {}", chance(random, 30) ? " !" : "", kLengths[below(random, std::size(kLengths))]);
  if (chance(random, 25)) text += " --ahres";
  return text;
}

void fulfil(const Match& match, Family family, Random& random, Fields& f) {
  family == Family::kIpv4 ? fulfil_ipv4(match, random, f) : fulfil_ipv6(match, random, f);
}

void miss(const Match& match, Family family, Random& random, Fields& f) {
  family == Family::kIpv4 ? miss_ipv4(match, random, f) : miss_ipv6(match, random, f);
}

std::string write(Family family, Random& random) {
  return family == Family::kIpv4 ? write_ipv4(random) : write_ipv6(random);
}

}  // namespace

constexpr MatchAim kAhAim = {.name = "ah", .fulfil = fulfil, .miss = miss, .write = write};

}  // namespace hookline
