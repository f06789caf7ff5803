// xt/ecn.cpp: match `ecn`, both families, revision 0.
//
// The two low bits of the TOS byte (IPv6: traffic class), and the TCP flags ECE and CWR, each with its own inversion. The
// TCP header is read wherever the L4 header would be: in a later fragment of IPv4 that is its payload, in one of IPv6, where
// the offset of the L4 header is 0, the IPv6 header itself. A header that is not there is a plain "no".
// Source: kernel xt_ecn.c, ecn_mt4(), ecn_mt6(), match_tcp(); UAPI linux/netfilter/xt_ecn.h.
#include <linux/netfilter/xt_ecn.h>

#include "xt/ports.h"
#include "xt/traffic_class.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint32_t kHeaderBytes = 20;
constexpr uint16_t kTcp = 6;
constexpr uint8_t kEceFlag = 0x40, kCwrFlag = 0x80;
constexpr uint8_t kAskTcp = XT_ECN_OP_MATCH_ECE | XT_ECN_OP_MATCH_CWR;

struct Ecn {
  uint8_t operation, invert;  // XT_ECN_OP_MATCH_*
  uint8_t field;              // above 3 it equals no packet's
  [[nodiscard]] bool asks(uint8_t what) const { return (operation & what) != 0; }
  [[nodiscard]] bool inverts(uint8_t what) const { return (invert & what) != 0; }
  [[nodiscard]] uint8_t flag_mask() const {
    return static_cast<uint8_t>((asks(XT_ECN_OP_MATCH_ECE) ? kEceFlag : 0) | (asks(XT_ECN_OP_MATCH_CWR) ? kCwrFlag : 0));
  }
  [[nodiscard]] uint8_t flag_value() const {
    return static_cast<uint8_t>(
        flag_mask() & ~((inverts(XT_ECN_OP_MATCH_ECE) ? kEceFlag : 0) | (inverts(XT_ECN_OP_MATCH_CWR) ? kCwrFlag : 0)));
  }
};

Decoded<Ecn> decode(Bytes data, const DecodeContext& context) {
  const auto info = read_at<xt_ecn_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_ecn_info)));
  if ((info->operation & XT_ECN_OP_MATCH_MASK) != 0)
    return refuse(fmt::format("operation {:#x}", info->operation), "bits of 0x31");
  if ((info->invert & XT_ECN_OP_MATCH_MASK) != 0) return refuse(fmt::format("invert {:#x}", info->invert), "bits of 0x31");
  if ((info->operation & kAskTcp) != 0) {
    if (context.protocol != kTcp || context.protocol_inverted)
      return refuse(fmt::format("protocol {}{}", context.protocol_inverted ? "! " : "", context.protocol),
                    "TCP, not inverted");
    if (!finds_l4_header(context)) return no_l4_header();
  }
  return Ecn{info->operation, info->invert, info->ip_ect};
}

void print(const Ecn& m, TextOut& out) {
  const auto option = [&](uint8_t what, std::string_view text) {
    if (!m.asks(what)) return false;
    out.add(m.inverts(what) ? " !" : "");
    out.add(text);
    return true;
  };
  option(XT_ECN_OP_MATCH_ECE, " --ecn-tcp-ece");
  option(XT_ECN_OP_MATCH_CWR, " --ecn-tcp-cwr");
  if (option(XT_ECN_OP_MATCH_IP, " --ecn-ip-ect ")) out.add(std::to_string(m.field));
}

Answer evaluate(const Ecn& m, const MatchContext& context) {
  if (m.asks(XT_ECN_OP_MATCH_IP) &&
      ((traffic_class(context.packet) & XT_ECN_IP_MASK) == m.field) == m.inverts(XT_ECN_OP_MATCH_IP))
    return Answer::kNo;
  if (!m.asks(kAskTcp)) return Answer::kYes;
  const uint8_t* header = context.bytes(context.l4_offset, kHeaderBytes);
  return answer(header != nullptr && (header[13] & m.flag_mask()) == m.flag_value());
}

Lowered lower(const Ecn& m, Family) {
  if (m.operation == 0) return always();
  if (!m.asks(kAskTcp)) return evaluated();
  // A whole header's flags stand in the Key; of a later fragment it knows none.
  constexpr uint32_t kLater = kShapeLaterFragment << kMetaShapeShift;
  Lowered result = masked(Dimension::kMeta, static_cast<uint32_t>(m.flag_value()) << kMetaL4LowShift,
                          static_cast<uint32_t>(m.flag_mask()) << kMetaL4LowShift | kLater);
  result.boxes.push_back(masked(Dimension::kMeta, kLater, kLater).boxes.front());
  result.exact = false;
  return result;
}

}  // namespace

constexpr MatchType kEcnMatch =
    match_type<Ecn, decode, print, evaluate, lower>({"ecn", 0, kBothFamilies, sizeof(xt_ecn_info)});

}  // namespace hookline::xt
