// verify/aims/talking_targets.cpp: targets that say, send or hand on: LOG, NFLOG, NFQUEUE, REJECT, AUDIT, TRACE, TEE.
#include <fmt/core.h>

#include "base/bytes.h"
#include "verify/aims/aims.h"

namespace hookline {
namespace {

using Texts = std::vector<std::string_view>;

std::string write_audit(Family, Random& random) {
  static const Texts kTypes = {"accept", "drop", "reject"};
  return fmt::format(" -j AUDIT --type {}", any_of(random, kTypes));
}

std::string write_trace(Family, Random&) { return " -j TRACE"; }

std::string write_queue(Family, Random& random) {
  // Behind one that takes every packet no rule would be met.
  std::string text = chance(random, 90) ? fmt::format(" -p {0} -m {0} --dport {1}:{2}", chance(random, 50) ? "tcp" : "udp",
                                                      1 + below(random, 9), 10 + below(random, 9))
                                        : "";
  text += " -j NFQUEUE";
  const bool balanced = chance(random, 40);
  const uint64_t first = below(random, 70) == 0 ? 65000 : below(random, 20);
  if (balanced)
    text += fmt::format(" --queue-balance {}:{}", first, first + 1 + below(random, 9));
  else if (chance(random, 80))
    text += fmt::format(" --queue-num {}", first);
  if (chance(random, 50)) text += " --queue-bypass";
  if (balanced && chance(random, 40)) text += " --queue-cpu-fanout";
  return text;
}

std::string write_tee(Family family, Random& random) {
  static const Texts kIpv4 = {"10.1.2.3", "192.168.128.1", "203.0.113.65"};
  static const Texts kIpv6 = {"2001:db8::5", "fd00::1"};
  std::string text =
      fmt::format(" -j TEE --gateway {}", family == Family::kIpv4 ? any_of(random, kIpv4) : any_of(random, kIpv6));
  if (chance(random, 30)) text += chance(random, 50) ? " --oif eth0" : " --oif eth1";
  return text;
}

std::string write_log(Family, Random& random) {
  static const Texts kPrefixes = {"x: ", "01234567890123456789012345678", "with 'quotes' ", "IN=eth9 OUT= ", "%s%n "};
  std::string text = " -j LOG";
  if (chance(random, 50)) text += fmt::format(" --log-prefix \"{}\"", any_of(random, kPrefixes));
  // The kernel writes what is worse than a warning to its console as well.
  if (chance(random, 30)) text += fmt::format(" --log-level {}", 4 + below(random, 4));
  static const Texts kFlags = {" --log-tcp-sequence", " --log-tcp-options", " --log-ip-options", " --log-uid",
                               " --log-macdecode"};
  for (const std::string_view flag : kFlags)
    if (chance(random, 50)) text += flag;
  return text;
}

std::string write_nflog(Family, Random& random) {
  std::string text = " -j NFLOG";
  if (chance(random, 50)) text += fmt::format(" --nflog-prefix \"p{} \"", below(random, 10));
  if (chance(random, 70)) text += fmt::format(" --nflog-group {}", chance(random, 20) ? 65535 : below(random, 8));
  static constexpr uint32_t kSizes[] = {0, 1, 20, 28, 64, 4294967295};
  if (chance(random, 50))
    text += fmt::format(" --nflog-{} {}", chance(random, 60) ? "size" : "range", kSizes[below(random, std::size(kSizes))]);
  if (chance(random, 30)) text += fmt::format(" --nflog-threshold {}", 1 + below(random, 100));
  return text;
}

std::string write_reject(Family family, Random& random) {
  if (chance(random, 35)) return " -p tcp -j REJECT --reject-with tcp-reset";
  static const Texts kIpv4 = {"icmp-net-unreachable",  "icmp-host-unreachable", "icmp-proto-unreachable",
                              "icmp-port-unreachable", "icmp-net-prohibited",   "icmp-host-prohibited",
                              "icmp-admin-prohibited"};
  static const Texts kIpv6 = {"icmp6-no-route",         "icmp6-adm-prohibited", "icmp6-addr-unreachable",
                              "icmp6-port-unreachable", "icmp6-policy-fail",    "icmp6-reject-route"};
  static const Texts kProtocols = {"", "", " -p udp", " -p tcp", " ! -p tcp"};
  return fmt::format("{} -j REJECT --reject-with {}", any_of(random, kProtocols),
                     family == Family::kIpv4 ? any_of(random, kIpv4) : any_of(random, kIpv6));
}

std::vector<uint8_t> drawn(size_t size, Random& random) {
  std::vector<uint8_t> bytes(size);
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
  return bytes;
}

// The beginning of a packet, as an ICMP error quotes it.
std::vector<uint8_t> quoted(Family family, Random& random) {
  const bool v4 = family == Family::kIpv4;
  std::vector<uint8_t> inner = drawn((v4 ? 20U : 40U) + below(random, 40), random);
  static const std::vector<uint8_t> kProtocols = {kTcp, kUdp, kUdplite, kIcmp, kIcmp6, kAh, kEsp, kIpv6Fragment, 47};
  inner[v4 ? 9 : 6] = any_of(random, kProtocols);
  if (v4) {
    if (chance(random, 80)) inner[0] = 0x45;
    if (chance(random, 70)) inner[6] = inner[7] = 0;
  }
  if (chance(random, 15)) inner.resize(below(random, inner.size()));
  return inner;
}

// Some form of every header that a line tells of, whole and cut off.
void vary_logged(Family family, Random& random, Fields& f) {
  const bool v4 = family == Family::kIpv4;
  switch (below(random, 8)) {
    case 0:
    case 1:  // ICMP, often with a packet inside
      f.protocol = v4 ? kIcmp : kIcmp6;
      f.icmp_type = static_cast<uint8_t>(v4                   ? below(random, 20)
                                         : chance(random, 70) ? 1 + below(random, 4)
                                                              : 126 + below(random, 14));
      f.icmp_code = static_cast<uint8_t>(below(random, 6));
      f.l4_patterns.emplace_back(4, drawn(4, random));
      if (chance(random, 70)) f.l4_patterns.emplace_back(8, quoted(family, random));
      f.payload = static_cast<uint32_t>(below(random, 24));
      break;
    case 2:
      f.protocol = chance(random, 50) ? kAh : kEsp;
      f.l4_patterns.emplace_back(0, drawn(below(random, 16), random));
      f.payload = static_cast<uint32_t>(below(random, 8));
      break;
    case 3:  // TCP with everything
      f.protocol = kTcp;
      f.tcp_flags = static_cast<uint8_t>(random());
      f.tcp_options = drawn(4 * below(random, 11), random);
      f.l4_patterns.emplace_back(4, drawn(8, random));
      f.l4_patterns.emplace_back(14, drawn(6, random));
      if (chance(random, 30)) f.data_offset = static_cast<uint8_t>(below(random, 16));
      if (chance(random, 30)) f.l4_patterns.emplace_back(12, drawn(1, random));
      break;
    case 4:
      if (v4) {
        f.ip_options = {1, 1, 1, 1};
        f.reserved_flag = chance(random, 30);
      } else {
        static const std::vector<uint8_t> kKinds = {kHopByHop, kIpv6Options, kIpv6Route, kIpv6Fragment, kAh, kEsp};
        const size_t count = 1 + below(random, 3);
        for (size_t i = 0; i < count; ++i) {
          const uint8_t kind = any_of(random, kKinds);
          if (kind == kHopByHop && i != 0) continue;
          f.extensions.push_back({kind, {}});
        }
      }
      break;
    case 5:
      f.fragment_offset = static_cast<uint16_t>(below(random, 3) * 20);
      f.more_fragments = chance(random, 50);
      if (!v4) f.extensions.push_back({kIpv6Fragment, {}});
      break;
    case 6:  // cut off
      f.length = static_cast<uint32_t>((v4 ? 20 : 40) + below(random, 24));
      break;
    default:
      break;
  }
  f.tos = static_cast<uint8_t>(random());
}

// What the kernel answers: right checksums, of many protocols and lengths; and just not.
void vary_rejected(Family family, Random& random, Fields& f) {
  const bool v4 = family == Family::kIpv4;
  f.right_checksum = !chance(random, 8);
  if (chance(random, 20)) f.protocol = v4 ? kIcmp : kIcmp6;
  if (chance(random, 10)) f.protocol = static_cast<uint8_t>(random());
  if (chance(random, 25)) f.payload = static_cast<uint32_t>(below(random, 1500));
  if (chance(random, 4)) f.payload = 0;
  if (chance(random, 20)) f.tcp_options = drawn(4 * below(random, 11), random);
  if (chance(random, 30)) f.l4_patterns.emplace_back(4, drawn(4, random));
  if (chance(random, 4)) f.l4_patterns.emplace_back(6, std::vector<uint8_t>{0, 0});  // UDP without a checksum
  if (chance(random, 50)) f.tos = static_cast<uint8_t>(random());
  if (chance(random, 6)) f.data_offset = static_cast<uint8_t>(below(random, 16));
  if (chance(random, 5)) {
    f.fragment_offset = static_cast<uint16_t>(below(random, 2) * 8);
    f.more_fragments = true;
    if (!v4) f.extensions.push_back({kIpv6Fragment, {}});
  }
}

}  // namespace

constexpr TargetAim kAuditTargetAim = {.name = "AUDIT", .write = write_audit};
constexpr TargetAim kLogTargetAim = {.name = "LOG", .write = write_log, .vary = vary_logged};
constexpr TargetAim kNflogTargetAim = {.name = "NFLOG", .write = write_nflog};
constexpr TargetAim kNfqueueTargetAim = {.name = "NFQUEUE", .write = write_queue};
constexpr TargetAim kRejectTargetAim = {.name = "REJECT", .write = write_reject, .vary = vary_rejected};
constexpr TargetAim kTeeTargetAim = {.name = "TEE", .write = write_tee};
constexpr TargetAim kTraceTargetAim = {.name = "TRACE", .write = write_trace};

}  // namespace hookline
