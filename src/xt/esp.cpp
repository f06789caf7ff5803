// xt/esp.cpp: match `esp`, both families, revision 0.
//
// The SPI in a range. A later fragment fails before the inversion; a header that is not there drops the packet.
// Source: kernel xt_esp.c, esp_mt(); UAPI linux/netfilter/xt_esp.h.
#include <linux/netfilter/xt_esp.h>

#include "xt/spi.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint32_t kHeaderBytes = 8;
constexpr uint16_t kProtocol = 50;

Decoded<SpiRange> decode(Bytes data, const DecodeContext& context) {
  const auto info = read_at<xt_esp>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_esp)));
  if (!finds_l4_header(context)) return no_l4_header();
  if ((info->invflags & ~XT_ESP_INV_MASK) != 0) return refuse(fmt::format("invflags {:#x}", info->invflags), "bits of 0x1");
  return SpiRange{info->spis[0], info->spis[1], info->invflags};
}

void print(const SpiRange& m, TextOut& out) { print_spis(" --espspi ", m, out); }

Answer evaluate(const SpiRange& m, const MatchContext& context) {
  return spi_answer<kHeaderBytes>(m, context, [](const uint8_t* header) { return load_be32(header); });
}

}  // namespace

constexpr MatchType kEspMatch = match_type<SpiRange, decode, print, evaluate, lower_spis>(
    {"esp", 0, kBothFamilies, sizeof(xt_esp), {.protocol = kProtocol}});

}  // namespace hookline::xt
