// xt/tcpmss.cpp: match `tcpmss`, both families, revision 0.
//
// The value of the first MSS option in a range; without one the answer is the inversion. SYN is not asked for, and later
// fragments are not told apart: in IPv4 their payload is read as a TCP header, in IPv6, where the offset of the L4 header is
// 0, the IPv6 header itself. A header that is not there, a data offset below 5, and options that are not there drop the
// packet.
// Source: kernel xt_tcpmss.c, tcpmss_mt(); UAPI linux/netfilter/xt_tcpmss.h.
#include <linux/netfilter/xt_tcpmss.h>

#include "xt/ports.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint32_t kHeaderBytes = 20;
constexpr uint16_t kProtocol = 6;
constexpr uint8_t kMssOption = 2, kMssOptionBytes = 4;

struct Tcpmss {
  uint16_t min, max;
  uint8_t invert;  // the kernel xors this byte into the answer: above 1 it is true with any MSS option, and without
};

Decoded<Tcpmss> decode(Bytes data, const DecodeContext& context) {
  const auto info = read_at<xt_tcpmss_match_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_tcpmss_match_info)));
  if (!finds_l4_header(context)) return no_l4_header();
  return Tcpmss{info->mss_min, info->mss_max, info->invert};
}

void print(const Tcpmss& m, TextOut& out) {
  out.add(fmt::format("{} --mss {}", m.invert != 0 ? " !" : "", m.min));
  if (m.min != m.max) out.add(fmt::format(":{}", m.max));
}

Answer evaluate(const Tcpmss& m, const MatchContext& context) {
  const uint8_t* header = context.bytes(context.l4_offset, kHeaderBytes);
  if (header == nullptr) return Answer::kHotdrop;
  const uint32_t header_length = (header[12] >> 4) * 4U;
  if (header_length < kHeaderBytes) return Answer::kHotdrop;
  const uint32_t count = header_length - kHeaderBytes;
  if (count == 0) return answer(m.invert != 0);
  const uint8_t* options = context.bytes(context.l4_offset + kHeaderBytes, count);
  if (options == nullptr) return Answer::kHotdrop;
  for (uint32_t i = 0; i < count;) {
    if (options[i] == kMssOption && count - i >= kMssOptionBytes && options[i + 1] == kMssOptionBytes) {
      const uint16_t mss = load_be16(options + i + 2);
      return answer((static_cast<uint8_t>(mss >= m.min && mss <= m.max) ^ m.invert) != 0);
    }
    // End of list and padding are one byte, and the end does not end the search; a length of 0 counts as 1.
    const uint32_t length = options[i] < 2 || i + 1 == count ? 1 : options[i + 1];
    i += length != 0 ? length : 1;
  }
  return answer(m.invert != 0);
}

Lowered lower(const Tcpmss&, Family) {
  Lowered result = evaluated();
  result.may_hotdrop = true;
  return result;
}

}  // namespace

constexpr MatchType kTcpmssMatch = match_type<Tcpmss, decode, print, evaluate, lower>(
    {"tcpmss", 0, kBothFamilies, sizeof(xt_tcpmss_match_info), {.protocol = kProtocol}});

}  // namespace hookline::xt
