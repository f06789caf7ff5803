// xt/ipv6_headers.h: walks over the chain of IPv6 extension headers, as the matches do that look for a header themselves.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "table/extension.h"

namespace hookline::xt {

struct FoundHeader {
  Answer answer;        // kYes: found; kNo: not in the chain; kHotdrop: the chain is cut off
  uint32_t offset = 0;  // of the first header of the kind, from the IPv6 header
};

// Walks the chain from the fixed header on until the first header of the kind. Nothing lies behind a later fragment's
// fragment header; that header itself can be found. Kernel: ipv6_find_hdr() with a target, without flags.
FoundHeader find_ipv6_header(const MatchContext& context, uint8_t kind);

struct UpperHeader {
  bool found = false;  // false: the chain is cut off, or leads on behind a later fragment's header
  uint8_t protocol = 0;
  uint32_t offset = 0;           // from the IPv6 header; 0 in a later fragment
  uint32_t fragment_offset = 0;  // in bytes
};

// The header at the end of the chain. Kernel: ipv6_find_hdr() with target -1.
UpperHeader find_upper_header(const MatchContext& context);

struct SkippedTo {
  uint8_t protocol;  // of a later fragment: the fragment header itself
  uint32_t offset;   // from the IPv6 header
};

// The header behind all extension headers. Nothing: the chain is cut off, or says that nothing follows. Kernel:
// ipv6_skip_exthdr().
std::optional<SkippedTo> skip_ipv6_headers(const MatchContext& context);

// Bytes of a hop-by-hop, routing or destination options header, by its second byte.
inline uint32_t ipv6_header_bytes(const uint8_t* header) { return (header[1] + 1U) * 8; }
// Whether some header of that form has this length.
inline bool is_ipv6_header_length(uint32_t length) { return length % 8 == 0 && length >= 8 && length <= 2048; }

using Ipv6Address = std::array<uint8_t, 16>;
std::string ipv6_text(const Ipv6Address& address);

}  // namespace hookline::xt
