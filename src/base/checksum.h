// base/checksum.h: the Internet checksum (RFC 1071).
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace hookline {

// Of `bytes`, in host order, ready to be stored in network order. A header whose own checksum is right sums to 0.
inline uint16_t internet_checksum(Bytes bytes) {
  uint64_t sum = 0;
  size_t i = 0;
  // A word of 32 bits is worth its two halves, since 2^16 is 1 modulo 2^16 - 1.
  for (; i + 3 < bytes.size(); i += 4) sum += load_be32(bytes.data() + i);
  for (; i + 1 < bytes.size(); i += 2) sum += load_be16(bytes.data() + i);
  if (i < bytes.size()) sum += static_cast<uint64_t>(bytes[i]) << 8;
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<uint16_t>(~sum);
}

}  // namespace hookline
