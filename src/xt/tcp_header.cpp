#include "xt/tcp_header.h"

#include <netinet/in.h>

#include "base/bytes.h"

namespace hookline::xt {

std::optional<uint32_t> tcp_header_offset(const TargetContext& context) {
  if (context.packet.family == Family::kIpv4) return (context.packet.data[0] & 0xfU) * 4;
  uint8_t next = context.packet.data[6];
  uint32_t at = 40;
  for (;;) {
    const bool leads_on = next == IPPROTO_HOPOPTS || next == IPPROTO_ROUTING || next == IPPROTO_FRAGMENT ||
                          next == IPPROTO_AH || next == IPPROTO_DSTOPTS;
    if (next == IPPROTO_NONE) return std::nullopt;
    if (!leads_on) return at;
    const uint8_t* header = context.bytes(at, 2);
    if (header == nullptr) return std::nullopt;
    uint32_t length = ipv6_header_bytes(header);
    if (next == IPPROTO_FRAGMENT) {
      const uint8_t* offset = context.bytes(at + 2, 2);
      if (offset == nullptr) return std::nullopt;
      if ((load_be16(offset) & ~7U) != 0) return at;
      length = 8;
    } else if (next == IPPROTO_AH) {
      length = (header[1] + 2U) * 4;
    }
    next = header[0];
    at += length;
  }
}

}  // namespace hookline::xt
