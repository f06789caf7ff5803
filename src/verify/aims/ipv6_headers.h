// verify/aims/ipv6_headers.h: IPv6 extension headers for the matches that look at one: put in, found again, and spoiled.
#pragma once

#include <cstdint>
#include <vector>

#include "verify/packet_fields.h"
#include "verify/random.h"

namespace hookline {

// The first extension header of the kind, made where there is none. Hop-by-hop options are made in front, where the stack
// reads them, or behind another header, where it does not: there any options get by.
Extension& header_of(Fields& fields, uint8_t kind, Random& random);

// The body (verify/packet_fields.h) of a header of 8-byte units: the length in front, `rest` filled up to `bytes` in all,
// which is raised to what it needs.
std::vector<uint8_t> header_body(std::vector<uint8_t> rest, size_t bytes);

// Spoils what a match on a header of this kind looks at: a bit of it, the end of the packet, the place in the chain, or what
// stands before and behind it.
void miss_header(Fields& fields, uint8_t kind, Random& random);

}  // namespace hookline
