// verify/aims/tcp_targets.cpp: rules of the targets that write TCP's header: ECN, TCPMSS, TCPOPTSTRIP.
#include <fmt/core.h>

#include "verify/aims/aims.h"

namespace hookline {
namespace {

std::string write_ecn(Family, Random& random) {
  switch (below(random, 5)) {
    case 0:
      return " -p tcp -j ECN --ecn-tcp-remove";
    case 1:
      return fmt::format(" -p tcp -j ECN --ecn-tcp-ece {}", below(random, 2));
    case 2:
      return fmt::format(" -p tcp -j ECN --ecn-tcp-cwr {} --ecn-ip-ect {}", below(random, 2), below(random, 4));
    default:
      return fmt::format(" -j ECN --ecn-ip-ect {}", below(random, 4));
  }
}
std::string ask_ecn(Family, Random& random) {
  switch (below(random, 3)) {
    case 0:
      return fmt::format(" -m ecn{} --ecn-ip-ect {}", chance(random, 30) ? " !" : "", below(random, 4));
    case 1:
      return fmt::format(" -p tcp -m ecn{} --ecn-tcp-{}", chance(random, 30) ? " !" : "",
                         chance(random, 50) ? "ece" : "cwr");
    default:  // as one of the flags that `tcp` compares
      return fmt::format(" -p tcp -m tcp{} --tcp-flags ALL {}", chance(random, 50) ? " !" : "",
                         chance(random, 50) ? "SYN" : "ACK");
  }
}

std::string write_tcpmss(Family, Random& random) {
  static constexpr unsigned kValues[] = {0, 1, 535, 536, 537, 1219, 1220, 1221, 1400, 1460, 65495};
  static constexpr std::string_view kSyn[] = {"SYN,RST SYN", "FIN,SYN,RST,ACK SYN", "SYN SYN", "SYN,ACK SYN,ACK"};
  return fmt::format(" -p tcp -m tcp --tcp-flags {} -j TCPMSS --set-mss {}", kSyn[below(random, std::size(kSyn))],
                     kValues[below(random, std::size(kValues))]);
}
std::string write_clamp(Family, Random& random) {
  return fmt::format(" -p tcp -m tcp --tcp-flags SYN,RST {}-j TCPMSS --clamp-mss-to-pmtu",
                     chance(random, 80) ? "SYN " : "SYN,RST ");
}
std::string ask_tcpmss(Family, Random& random) {
  if (chance(random, 30))
    return fmt::format(" -m length{} --length {}", chance(random, 30) ? " !" : "", 40 + below(random, 60));
  static constexpr unsigned kValues[] = {0, 1, 535, 536, 1219, 1220, 1240, 1260, 1400, 1460};
  return fmt::format(" -p tcp -m tcpmss{} --mss {}", chance(random, 30) ? " !" : "",
                     kValues[below(random, std::size(kValues))]);
}

std::string write_strip(Family, Random& random) {
  static constexpr std::string_view kOptions[] = {"2", "3", "4,5", "8", "2,3,4,5,8,19", "255", "7,34"};
  return fmt::format(" -p tcp -j TCPOPTSTRIP --strip-options {}", kOptions[below(random, std::size(kOptions))]);
}
std::string ask_strip(Family, Random& random) {
  return fmt::format(" -p tcp -m tcp{} --tcp-option {}", chance(random, 30) ? " !" : "", 2 + below(random, 7));
}

// Options of every kind, whole and broken, with data behind the header and without, and later fragments.
void vary_options(Family family, Random& random, Fields& f) {
  static const std::vector<std::vector<uint8_t>> kOptions = {
      {},
      {},
      {1, 1, 1, 1},
      {2, 4, 5, 0xb4},
      {2, 4, 0, 10},
      {2, 4, 0xff, 0xff},
      {1, 2, 4, 5, 0xb4, 1, 1, 0},
      {3, 3, 7, 2, 4, 4, 0xc4, 1},
      {4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2},
      {2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7},
      {5, 10, 0, 0, 0, 1, 0, 0, 0, 2, 255, 2},
      {2, 0, 2, 4, 5, 0xb4, 1, 1},
      {1, 1, 1, 2},
      {8, 30, 1, 1},
      {2, 5, 5, 0xb4, 1, 1, 1, 1},
      {0, 2, 4, 5, 0xb4, 1, 1, 1},
      {7, 6, 1, 2, 3, 4, 34, 2},
  };
  f.tcp_options = any_of(random, kOptions);
  if (chance(random, 5)) f.tcp_options.resize(40, 1);
  f.payload = chance(random, 60) ? 0 : static_cast<uint32_t>(below(random, 40));
  f.data_offset.reset();
  if (chance(random, 6)) f.data_offset = static_cast<uint8_t>(below(random, 16));
  f.tcp_flags = static_cast<uint8_t>(f.tcp_flags | (chance(random, 30) ? random() & 0xc0 : 0));
  f.tos = static_cast<uint8_t>(random());
  if (!chance(random, 5)) return;
  f.fragment_offset = static_cast<uint16_t>(2 + below(random, 100));
  if (family == Family::kIpv6) f.extensions.push_back({kIpv6Fragment, {}});
}

}  // namespace

constexpr TargetAim kEcnTargetAim = {
    .name = "ECN", .families = kIpv4Only, .write = write_ecn, .ask = ask_ecn, .vary = vary_options};
constexpr TargetAim kTcpmssTargetAim = {.name = "TCPMSS", .write = write_tcpmss, .ask = ask_tcpmss, .vary = vary_options};
constexpr TargetAim kTcpmssClampTargetAim = {
    .name = "TCPMSS",
    .write = write_clamp,
    .ask = ask_tcpmss,
    .vary = vary_options,
    .hooks = hook_bit(Hook::kForward) | hook_bit(Hook::kOutput) | hook_bit(Hook::kPostrouting)};
constexpr TargetAim kTcpoptstripTargetAim = {
    .name = "TCPOPTSTRIP", .write = write_strip, .ask = ask_strip, .vary = vary_options};

}  // namespace hookline
