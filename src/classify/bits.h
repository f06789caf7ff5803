// classify/bits.h: bit extraction without the instruction, and reads of the region.
#pragma once

#include <bit>
#include <cstdint>

namespace hookline {

// The bits of `value` under `mask`, packed to the right: the PEXT instruction.
inline uint32_t extract_bits(uint32_t value, uint32_t mask) {
  uint32_t result = 0;
  for (unsigned i = 0; mask != 0; ++i) {
    const uint32_t lowest = mask & (0U - mask);
    result |= static_cast<uint32_t>((value & lowest) != 0) << i;
    mask ^= lowest;
  }
  return result;
}

// The opposite: the low bits of `packed` spread over the bits of `mask`: the PDEP instruction.
inline uint32_t deposit_bits(uint32_t packed, uint32_t mask) {
  uint32_t result = 0;
  for (; mask != 0; packed >>= 1) {
    const uint32_t lowest = mask & (0U - mask);
    if ((packed & 1) != 0) result |= lowest;
    mask ^= lowest;
  }
  return result;
}

}  // namespace hookline
