#include "xt/ipv6_headers.h"

#include <arpa/inet.h>

namespace hookline::xt {

FoundHeader find_ipv6_header(const MatchContext& context, uint8_t kind) {
  uint8_t next = context.packet.data[6];
  uint32_t offset = 40;
  for (;;) {
    const bool leads_on = next == IPPROTO_HOPOPTS || next == IPPROTO_ROUTING || next == IPPROTO_FRAGMENT ||
                          next == IPPROTO_AH || next == IPPROTO_DSTOPTS;
    if (!leads_on) return next == kind ? FoundHeader{Answer::kYes, offset} : FoundHeader{Answer::kNo};
    const uint8_t* header = context.bytes(offset, next == IPPROTO_ROUTING || next == IPPROTO_FRAGMENT ? 4 : 2);
    if (header == nullptr) return {Answer::kHotdrop};
    if (next == kind) return {Answer::kYes, offset};
    if (next == IPPROTO_FRAGMENT) {
      if ((load_be16(header + 2) & ~7U) != 0) return {Answer::kNo};
      offset += 8;
    } else {
      offset += next == IPPROTO_AH ? (header[1] + 2U) * 4 : (header[1] + 1U) * 8;
    }
    next = header[0];
  }
}

std::string ipv6_text(const Ipv6Address& address) {
  char text[INET6_ADDRSTRLEN] = "";
  ::inet_ntop(AF_INET6, address.data(), text, sizeof text);
  return text;
}

}  // namespace hookline::xt
