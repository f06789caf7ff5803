// xt/length.cpp: match `length`, both families, revision 0.
//
// An inclusive range of packet lengths: IPv4 takes the header's total length, IPv6 the length of the buffer (40 bytes and
// the payload). Fragments are looked at, each with its own length.
// Source: kernel xt_length.c, length_mt(), length_mt6(); UAPI linux/netfilter/xt_length.h.
#include <linux/netfilter/xt_length.h>

#include "xt/ports.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Length {
  uint16_t min, max;
  uint8_t invert;  // the kernel xors this byte into the answer: above 1 the match is true either way
};

Decoded<Length> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<xt_length_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_length_info)));
  return Length{info->min, info->max, info->invert};
}

void print(const Length& m, TextOut& out) {
  out.add(fmt::format("{} --length {}", m.invert != 0 ? " !" : "", m.min));
  if (m.min != m.max) out.add(fmt::format(":{}", m.max));
}

Answer evaluate(const Length& m, const MatchContext& context) {
  const Packet& packet = context.packet;
  const uint32_t length = packet.family == Family::kIpv4 ? load_be16(packet.data + 2) : packet.length;
  return answer((static_cast<uint8_t>(length >= m.min && length <= m.max) ^ m.invert) != 0);
}

Lowered lower(const Length& m, Family family) {
  if (m.invert > 1) return always();
  return in_domain(Dimension::kLength, family == Family::kIpv4 ? 0xffff : UINT32_MAX, m.min, m.max, m.invert != 0);
}

}  // namespace

constexpr MatchType kLengthMatch =
    match_type<Length, decode, print, evaluate, lower>({"length", 0, kBothFamilies, sizeof(xt_length_info)});

}  // namespace hookline::xt
