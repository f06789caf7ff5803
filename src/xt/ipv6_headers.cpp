#include "xt/ipv6_headers.h"

#include <arpa/inet.h>

namespace hookline::xt {
namespace {

bool leads_on(uint8_t kind) {
  return kind == IPPROTO_HOPOPTS || kind == IPPROTO_ROUTING || kind == IPPROTO_FRAGMENT || kind == IPPROTO_AH ||
         kind == IPPROTO_DSTOPTS;
}

// What of the header must be there for the walk to go on.
const uint8_t* start_of(const MatchContext& context, uint8_t kind, uint32_t offset) {
  return context.bytes(offset, kind == IPPROTO_ROUTING || kind == IPPROTO_FRAGMENT ? 4 : 2);
}

uint32_t length_of(uint8_t kind, const uint8_t* header) {
  return kind == IPPROTO_FRAGMENT ? 8 : kind == IPPROTO_AH ? (header[1] + 2U) * 4 : ipv6_header_bytes(header);
}

uint32_t fragment_offset_of(uint8_t kind, const uint8_t* header) {
  return kind == IPPROTO_FRAGMENT ? load_be16(header + 2) & ~7U : 0;
}

}  // namespace

FoundHeader find_ipv6_header(const MatchContext& context, uint8_t kind) {
  uint8_t next = context.packet.data[6];
  uint32_t offset = 40;
  for (;;) {
    if (!leads_on(next)) return next == kind ? FoundHeader{Answer::kYes, offset} : FoundHeader{Answer::kNo};
    const uint8_t* header = start_of(context, next, offset);
    if (header == nullptr) return {Answer::kHotdrop};
    if (next == kind) return {Answer::kYes, offset};
    if (fragment_offset_of(next, header) != 0) return {Answer::kNo};
    offset += length_of(next, header);
    next = header[0];
  }
}

UpperHeader find_upper_header(const MatchContext& context) {
  uint8_t next = context.packet.data[6];
  uint32_t offset = 40;
  while (leads_on(next)) {
    const uint8_t* header = start_of(context, next, offset);
    if (header == nullptr) return {};
    if (const uint32_t fragment_offset = fragment_offset_of(next, header); fragment_offset != 0)
      return leads_on(header[0]) ? UpperHeader{} : UpperHeader{true, header[0], 0, fragment_offset};
    offset += length_of(next, header);
    next = header[0];
  }
  return {true, next, offset, 0};
}

std::string ipv6_text(const Ipv6Address& address) {
  char text[INET6_ADDRSTRLEN] = "";
  ::inet_ntop(AF_INET6, address.data(), text, sizeof text);
  return text;
}

std::optional<SkippedTo> skip_ipv6_headers(const MatchContext& context) {
  uint8_t protocol = context.packet.data[6];
  uint32_t at = 40;
  for (;;) {
    switch (protocol) {
      case IPPROTO_HOPOPTS:
      case IPPROTO_ROUTING:
      case IPPROTO_FRAGMENT:
      case IPPROTO_AH:
      case IPPROTO_DSTOPTS:
        break;
      case IPPROTO_NONE:
        return std::nullopt;
      default:
        return SkippedTo{protocol, at};
    }
    const uint8_t* header = context.bytes(at, 2);
    if (header == nullptr) return std::nullopt;
    uint32_t length = ipv6_header_bytes(header);
    if (protocol == IPPROTO_FRAGMENT) {
      const uint8_t* offset = context.bytes(at + 2, 2);
      if (offset == nullptr) return std::nullopt;
      if ((load_be16(offset) & ~7U) != 0) return SkippedTo{protocol, at};
      length = 8;
    } else if (protocol == IPPROTO_AH) {
      length = (header[1] + 2U) * 4;
    }
    protocol = header[0];
    at += length;
  }
}

}  // namespace hookline::xt
