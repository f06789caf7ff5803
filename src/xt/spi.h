// xt/spi.h: what the IPsec matches have in common: a range of SPIs, or of IPComp's 16-bit CPIs, and its inversion.
#pragma once

#include "xt/ports.h"

namespace hookline::xt {

// An inclusive range in host order. low > high holds none. Kernel: spi_match() of xt_esp.c, xt_ipcomp.c, ipt_ah.c.
struct SpiRange {
  uint32_t low, high;
  uint8_t inverted;

  [[nodiscard]] bool fits(uint32_t spi) const { return (spi >= low && spi <= high) != (inverted != 0); }
};

// ` ! --espspi 1:2`; nothing for the full range, inverted or not, as iptables-save does. `option` has a space at both ends.
inline void print_spis(std::string_view option, const SpiRange& range, TextOut& out) {
  if (range.low == 0 && range.high == UINT32_MAX) return;
  out.add(range.inverted != 0 ? " !" : "");
  out.add(option);
  out.add(std::to_string(range.low));
  if (range.low != range.high) out.add(":" + std::to_string(range.high));
}

// The answer of a match whose only condition is the SPI in an L4 header of `count` bytes, of which the Key holds nothing.
// A later fragment fails before the inversion; a header that is not there drops the packet.
template <uint32_t count, typename Read>
Answer spi_answer(const SpiRange& range, const MatchContext& context, Read spi_of) {
  if (context.fragment_offset != 0) return Answer::kNo;
  const uint8_t* header = context.bytes(context.l4_offset, count);
  return header == nullptr ? Answer::kHotdrop : answer(range.fits(spi_of(header)));
}

inline Lowered lower_spis(const SpiRange&, Family) {
  Lowered result = first_fragment();
  result.exact = false;
  result.may_hotdrop = true;
  return result;
}

}  // namespace hookline::xt
