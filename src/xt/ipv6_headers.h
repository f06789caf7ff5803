// xt/ipv6_headers.h: the search for one IPv6 extension header, as the matches do that look for theirs themselves.
#pragma once

#include "table/extension.h"

namespace hookline::xt {

struct FoundHeader {
  Answer answer;        // kYes: found; kNo: not in the chain; kHotdrop: the chain is cut off
  uint32_t offset = 0;  // of the first header of the kind, from the IPv6 header
};

// Walks the chain from the fixed header on until the first header of the kind. Nothing lies behind a later fragment's
// fragment header; that header itself can be found. Kernel: ipv6_find_hdr() with a target, without flags.
FoundHeader find_ipv6_header(const MatchContext& context, uint8_t kind);

}  // namespace hookline::xt
