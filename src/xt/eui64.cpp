// xt/eui64.cpp: match `eui64`, IPv6, revision 0.
//
// Whether the last 64 bits of the source address are what stateless configuration makes of the Ethernet source address:
// ff:fe in the middle, the universal bit flipped. No match for a packet that did not come in by an Ethernet device. Takes
// no options; the number in its data is not looked at.
// Source: kernel ip6t_eui64.c, eui64_mt6(). It has no UAPI header: the data is one int.
#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint32_t kHooks = 1U << static_cast<unsigned>(Hook::kPrerouting) | 1U << static_cast<unsigned>(Hook::kInput) |
                            1U << static_cast<unsigned>(Hook::kForward);
constexpr uint32_t kInterfaceIdentifierAt = 8 + 8;  // of the source address
constexpr uint8_t kUniversalBit = 0x02;

struct Eui64 {
  uint8_t unused;
};

Decoded<Eui64> decode(Bytes data, const DecodeContext&) {
  if (data.size() < sizeof(int)) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(int)));
  return Eui64{};
}

void print(const Eui64&, TextOut&) {}

Answer evaluate(const Eui64&, const MatchContext& context) {
  const uint8_t* mac = context.packet.source_mac;
  if (mac == nullptr) return Answer::kNo;
  const uint8_t* id = context.packet.data + kInterfaceIdentifierAt;
  return answer(id[0] == (mac[0] ^ kUniversalBit) && id[1] == mac[1] && id[2] == mac[2] && id[3] == 0xff && id[4] == 0xfe &&
                id[5] == mac[3] && id[6] == mac[4] && id[7] == mac[5]);
}

// ff:fe stands across the two last words of the address.
Lowered lower(const Eui64&, Family) {
  Lowered result = both(masked(Dimension::kSource2, 0xff, 0xff), masked(Dimension::kSource3, 0xfe000000, 0xff000000));
  result.exact = false;
  return result;
}

}  // namespace

constexpr MatchType kEui64Match =
    match_type<Eui64, decode, print, evaluate, lower>({"eui64", 0, kIpv6Only, sizeof(int), {.hooks = kHooks}});

}  // namespace hookline::xt
