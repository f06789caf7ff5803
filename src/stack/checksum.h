// stack/checksum.h: the Internet checksum (RFC 1071) and its incremental update (RFC 1624).
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace hookline {

// Of `bytes`, in host order, ready to be stored in network order. A header whose own checksum is right sums to 0.
inline uint16_t internet_checksum(Bytes bytes) {
  uint64_t sum = 0;
  size_t i = 0;
  for (; i + 1 < bytes.size(); i += 2) sum += load_be16(bytes.data() + i);
  if (i < bytes.size()) sum += static_cast<uint64_t>(bytes[i]) << 8;
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<uint16_t>(~sum);
}

// The checksum after one 16-bit word of the summed bytes went from `before` to `after`: ~(~c + ~before + after).
inline uint16_t updated_checksum(uint16_t checksum, uint16_t before, uint16_t after) {
  uint32_t sum = static_cast<uint16_t>(~checksum);
  sum += static_cast<uint16_t>(~before);
  sum += after;
  sum = (sum & 0xffff) + (sum >> 16);
  sum += sum >> 16;
  return static_cast<uint16_t>(~sum);
}

}  // namespace hookline
