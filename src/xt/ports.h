// xt/ports.h: what the transport matches have in common: port ranges, the word that tells a later fragment, and the
// kernel's condition that an L4 match stands in a rule whose header names its protocol.
#pragma once

#include <fmt/core.h>

#include <cstdint>
#include <string>

#include "table/extension.h"
#include "xt/extension.h"

namespace hookline::xt {

// An inclusive range of ports in host order. low > high holds no port. Kernel: port_match() of xt_tcpudp.c.
struct PortRange {
  uint16_t low = 0;
  uint16_t high = 0xffff;

  [[nodiscard]] bool holds(uint16_t port) const { return port >= low && port <= high; }
  [[nodiscard]] bool everything() const { return low == 0 && high == 0xffff; }
};

// ` --sport 1:2`, with ` !` before it where inverted; nothing for the full range, inverted or not, as iptables-save does.
void print_ports(std::string_view option, PortRange range, bool inverted, TextOut& out);

// The part of `low..high` (xor inverted) inside 0..max, so that no box of impossible values arises.
Lowered in_domain(Dimension dimension, uint32_t max, uint32_t low, uint32_t high, bool inverted = false);
inline Lowered ports_in(Dimension dimension, PortRange range, bool inverted = false) {
  return in_domain(dimension, 0xffff, range.low, range.high, inverted);
}

// Not a later fragment: what every L4 match demands before it looks at a header, and outside its inversion.
Lowered first_fragment();

// IPv6 only looks for the L4 header when the rule's header has the flag PROTO. Without it a loaded L4 match would read the
// IPv6 header itself; ip6tables never makes such a rule, and this build refuses it.
inline bool finds_l4_header(const DecodeContext& context) {
  return context.family == Family::kIpv4 || context.protocol_flag;
}
inline tl::unexpected<DecodeError> no_l4_header() {
  return refuse("protocol without the header flag PROTO", "flag PROTO, as ip6tables -p sets it");
}

}  // namespace hookline::xt
