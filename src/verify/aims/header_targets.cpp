// verify/aims/header_targets.cpp: rules of the targets that write a field of the IP header or of the packet's metadata, and
// of those that only count.
#include <fmt/core.h>

#include "verify/aims/aims.h"

namespace hookline {
namespace {

constexpr unsigned kBytes[] = {0, 1, 2, 0x3f, 0x40, 63, 64, 0x80, 0xfe, 0xff};

unsigned some_byte(Random& random) {
  return chance(random, 90) ? kBytes[below(random, std::size(kBytes))] : static_cast<unsigned>(below(random, 256));
}

// Few, so that what one rule writes another asks for.
uint32_t some_mark(Random& random) {
  static constexpr uint32_t kMarks[] = {1, 2, 3, 0x80000001};
  return chance(random, 10) ? 0 : kMarks[below(random, std::size(kMarks))];
}
uint32_t some_mask(Random& random) {
  static constexpr uint32_t kMasks[] = {0xffffffff, 0xffffffff, 0xffffffff, 3, 1, 0x80000000, 0};
  return kMasks[below(random, std::size(kMasks))];
}

std::string write_mark(Family, Random& random) {
  return fmt::format(" -j MARK --set-xmark {:#x}/{:#x}", some_mark(random), some_mask(random));
}
std::string ask_mark(Family, Random& random) {
  const uint32_t mask = some_mask(random);
  return fmt::format(" -m mark{} --mark {:#x}/{:#x}", chance(random, 40) ? " !" : "", some_mark(random) & mask, mask);
}

std::string write_tos(Family, Random& random) {
  return fmt::format(" -j TOS --set-tos {:#04x}/{:#04x}", some_byte(random), some_byte(random));
}
std::string ask_tos(Family, Random& random) {
  const unsigned mask = some_byte(random);
  return fmt::format(" -m tos{} --tos {:#04x}/{:#04x}", chance(random, 30) ? " !" : "", some_byte(random) & mask, mask);
}

std::string write_dscp(Family, Random& random) {
  return fmt::format(" -j DSCP --set-dscp {:#04x}", some_byte(random) & 0x3f);
}
std::string ask_dscp(Family, Random& random) {
  return fmt::format(" -m dscp{} --dscp {:#04x}", chance(random, 30) ? " !" : "", some_byte(random) & 0x3f);
}

std::string write_hop_limit(std::string_view target, std::string_view option, Random& random) {
  switch (below(random, 3)) {
    case 0:
      return fmt::format(" -j {} --{}-set {}", target, option, some_byte(random));
    case 1:
      return fmt::format(" -j {} --{}-inc {}", target, option, 1 + below(random, 255));
    default:
      return fmt::format(" -j {} --{}-dec {}", target, option, 1 + below(random, chance(random, 70) ? 64 : 255));
  }
}
std::string write_ttl(Family, Random& random) { return write_hop_limit("TTL", "ttl", random); }
std::string write_hl(Family, Random& random) { return write_hop_limit("HL", "hl", random); }

std::string ask_hop_limit(std::string_view match, Random& random) {
  static constexpr std::string_view kModes[] = {"eq", "gt", "lt"};
  const std::string_view mode = kModes[below(random, std::size(kModes))];
  const bool inverted = mode == "eq" && chance(random, 30);
  return fmt::format(" -m {}{} --{}-{} {}", match, inverted ? " !" : "", match, mode, some_byte(random));
}
std::string ask_ttl(Family, Random& random) { return ask_hop_limit("ttl", random); }
std::string ask_hl(Family, Random& random) { return ask_hop_limit("hl", random); }

std::string write_classify(Family, Random& random) {
  return fmt::format(" -j CLASSIFY --set-class {:x}:{:x}", below(random, 0x10000), below(random, 0x10000));
}

std::string write_checksum(Family, Random&) { return " -j CHECKSUM --checksum-fill"; }

// Few marks come of it, so that a later rule can name one.
std::string write_hmark(Family family, Random& random) {
  static constexpr std::string_view kPorts[] = {"", " --hmark-sport-mask 0xffff --hmark-dport-mask 0xffff",
                                                " --hmark-sport-mask 0x00ff --hmark-dport 0x0010",
                                                " --hmark-spi-mask 0xffffffff", " --hmark-proto-mask 0xff"};
  const unsigned bits = family == Family::kIpv4 ? 32 : 128;
  std::string text = fmt::format(" -j HMARK --hmark-src-prefix {}", bits - below(random, 2) * 8);
  if (chance(random, 70)) text += fmt::format(" --hmark-dst-prefix {}", bits - below(random, 3) * 12);
  text += kPorts[below(random, std::size(kPorts))];
  if (chance(random, 10)) text += " --hmark-tuple ct";
  text += fmt::format(" --hmark-rnd {} --hmark-mod {}", random() & 0xffffffff, 1 + below(random, 4));
  return chance(random, 40) ? text + " --hmark-offset 1" : text;
}
std::string ask_few_marks(Family, Random& random) {
  return fmt::format(" -m mark{} --mark {:#x}", chance(random, 30) ? " !" : "", below(random, 5));
}

// ICMP errors that quote a packet, whole, cut off or with something else in its place.
void vary_errors(Family family, Random& random, Fields& f) {
  if (!chance(random, 40)) return;
  const bool v4 = family == Family::kIpv4;
  f.protocol = v4 ? kIcmp : kIcmp6;
  static constexpr uint8_t kTypes4[] = {3, 4, 5, 11, 12, 8, 0}, kTypes6[] = {1, 2, 3, 4, 128, 0, 127};
  f.icmp_type = v4 ? kTypes4[below(random, std::size(kTypes4))] : kTypes6[below(random, std::size(kTypes6))];
  Fields inner;
  inner.protocol = chance(random, 80) ? kTcp : static_cast<uint8_t>(below(random, 256));
  for (Address* address : {&inner.source, &inner.destination}) {
    for (uint8_t& byte : *address) byte = static_cast<uint8_t>(random());
    // A prefix that rules translate.
    if (chance(random, 60)) (*address)[0] = 0xfd, std::fill_n(address->begin() + 1, 7, uint8_t{0});
  }
  inner.payload = static_cast<uint32_t>(below(random, 20));
  if (!v4 && chance(random, 20)) inner.extensions.push_back({chance(random, 50) ? kIpv6Fragment : kAh, {}});
  std::vector<uint8_t> quote = v4 ? ipv4_bytes(inner, random) : ipv6_bytes(inner, random);
  if (chance(random, 20)) quote.resize(below(random, quote.size()));
  if (!quote.empty()) f.l4_patterns.push_back({8, std::move(quote)});
}

std::string write_npt(std::string_view target, Random& random) {
  static constexpr std::string_view kPairs[][2] = {{"fd00::/48", "2001:db8:1::/48"},
                                                   {"fd00::/64", "2001:db8:1::/64"},
                                                   {"fd00::/8", "2001:db8:1:2::/64"},
                                                   {"2000::/3", "2001:db8::/32"},
                                                   {"fd00::/49", "2001:db8:8000::/49"}};
  const auto& pair = kPairs[below(random, std::size(kPairs))];
  const std::string_view side = target == "SNPT" ? "-s" : "-d";
  return fmt::format("{} -j {} --src-pfx {} --dst-pfx {}", chance(random, 30) ? fmt::format(" {} {}", side, pair[0]) : "",
                     target, pair[0], pair[1]);
}
std::string write_snpt(Family, Random& random) { return write_npt("SNPT", random); }
std::string write_dnpt(Family, Random& random) { return write_npt("DNPT", random); }
std::string ask_prefix(std::string_view side, Random& random) {
  static constexpr std::string_view kPrefixes[] = {"2001:db8:1::/48", "2001:db8::/32", "fd00::/8", "2001:db8:1:2::/64"};
  return fmt::format("{} {} {}", chance(random, 30) ? " !" : "", side, kPrefixes[below(random, std::size(kPrefixes))]);
}
std::string ask_source(Family, Random& random) { return ask_prefix("-s", random); }
std::string ask_destination(Family, Random& random) { return ask_prefix("-d", random); }

}  // namespace

constexpr TargetAim kChecksumTargetAim = {.name = "CHECKSUM", .write = write_checksum};
constexpr TargetAim kClassifyTargetAim = {.name = "CLASSIFY", .write = write_classify};
constexpr TargetAim kDscpTargetAim = {.name = "DSCP", .write = write_dscp, .ask = ask_dscp};
constexpr TargetAim kDnptTargetAim = {
    .name = "DNPT", .families = kIpv6Only, .write = write_dnpt, .ask = ask_destination, .vary = vary_errors};
constexpr TargetAim kHmarkTargetAim = {.name = "HMARK", .write = write_hmark, .ask = ask_few_marks, .vary = vary_errors};
constexpr TargetAim kSnptTargetAim = {
    .name = "SNPT", .families = kIpv6Only, .write = write_snpt, .ask = ask_source, .vary = vary_errors};
constexpr TargetAim kHlTargetAim = {.name = "HL", .families = kIpv6Only, .write = write_hl, .ask = ask_hl};
constexpr TargetAim kMarkTargetAim = {.name = "MARK", .write = write_mark, .ask = ask_mark};
constexpr TargetAim kTosTargetAim = {.name = "TOS", .write = write_tos, .ask = ask_tos};
constexpr TargetAim kTtlTargetAim = {.name = "TTL", .families = kIpv4Only, .write = write_ttl, .ask = ask_ttl};

}  // namespace hookline
