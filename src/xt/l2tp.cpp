// xt/l2tp.cpp: match `l2tp`, both families, revision 0.
//
// Version, kind of message (control or data), tunnel id and session id of an L2TP packet, version 2 or 3 over UDP, whatever
// the ports, or version 3 over IP. Which ids a packet has depends on version and kind; one that it does not have is not
// compared. What is too short to be L2TP, or of another version, is no match. A later fragment over UDP fails; over IP only
// IPv6 tells it apart. IPv6 looks for the L4 header by itself.
//
// iptables has no option for it; it is printed with the kernel's names of the fields.
// Source: kernel xt_l2tp.c, l2tp_mt4(), l2tp_mt6(), l2tp_mt_check(); UAPI linux/netfilter/xt_l2tp.h.
#include <linux/netfilter/xt_l2tp.h>
#include <netinet/in.h>

#include <optional>

#include "xt/ipv6_headers.h"
#include "xt/ports.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint32_t kUdpHeaderBytes = 8;
constexpr uint8_t kL2tpProtocol = 115;
constexpr uint16_t kControlBit = 0x8000, kLengthBit = 0x4000, kVersionMask = 0xf;

struct L2tp {
  uint32_t tunnel, session;
  uint8_t version, type, asked;
  [[nodiscard]] bool asks(uint8_t what) const { return (asked & what) != 0; }
};

Decoded<L2tp> decode(Bytes data, const DecodeContext& context) {
  const auto info = read_at<xt_l2tp_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_l2tp_info)));
  const L2tp m{info->tid, info->sid, info->version, info->type, info->flags};
  constexpr uint8_t kKnown = XT_L2TP_TID | XT_L2TP_SID | XT_L2TP_VERSION | XT_L2TP_TYPE;
  if ((m.asked & ~kKnown) != 0) return refuse(fmt::format("flags {:#x}", m.asked), "bits of 0xf");
  const bool control_asked = m.asks(XT_L2TP_TYPE) && m.type == XT_L2TP_TYPE_CONTROL;
  if (!m.asks(XT_L2TP_TID | XT_L2TP_SID) && !control_asked)
    return refuse("neither an id nor the type control", "one of them");
  if (m.asks(XT_L2TP_VERSION)) {
    if (m.version != 2 && m.version != 3) return refuse(fmt::format("version {}", m.version), "2 or 3");
    if (m.version == 2 && ((m.asks(XT_L2TP_TID) && m.tunnel > 0xffff) || (m.asks(XT_L2TP_SID) && m.session > 0xffff)))
      return refuse(fmt::format("version 2 with tunnel {}, session {}", m.tunnel, m.session), "ids up to 65535");
  }
  if (context.protocol != IPPROTO_UDP && context.protocol != kL2tpProtocol)
    return refuse(fmt::format("protocol {}", context.protocol), "UDP or L2TP");
  // The kernel looks at the version here whether it is asked for or not.
  if (context.protocol == kL2tpProtocol && m.version == 2) return refuse("protocol L2TP with version 2", "version 3");
  return m;
}

void print(const L2tp& m, TextOut& out) {
  if (m.asks(XT_L2TP_TID)) out.add(fmt::format(" --tid {}", m.tunnel));
  if (m.asks(XT_L2TP_SID)) out.add(fmt::format(" --sid {}", m.session));
  if (m.asks(XT_L2TP_VERSION)) out.add(fmt::format(" --version {}", m.version));
  if (m.asks(XT_L2TP_TYPE)) {
    out.add(m.type == XT_L2TP_TYPE_CONTROL ? " --type control"
            : m.type == XT_L2TP_TYPE_DATA  ? " --type data"
                                           : fmt::format(" --type {}", m.type));
  }
}

struct Message {
  uint8_t type = XT_L2TP_TYPE_DATA, version = 0;
  uint32_t tunnel = 0, session = 0;
};

std::optional<Message> read_over_udp(const MatchContext& context, uint32_t offset) {
  const uint8_t* start = context.bytes(offset, 2);
  if (start == nullptr) return std::nullopt;
  const uint16_t flags = load_be16(start);
  Message message;
  message.type = (flags & kControlBit) != 0 ? XT_L2TP_TYPE_CONTROL : XT_L2TP_TYPE_DATA;
  message.version = flags & kVersionMask;
  if (message.version == 3) {
    const uint8_t* id = context.bytes(offset + 4, 4);
    if (id == nullptr) return std::nullopt;
    (message.type == XT_L2TP_TYPE_CONTROL ? message.tunnel : message.session) = load_be32(id);
    return message;
  }
  if (message.version != 2) return std::nullopt;
  const uint8_t* ids = context.bytes(offset + ((flags & kLengthBit) != 0 ? 4 : 2), 4);
  if (ids == nullptr) return std::nullopt;
  message.tunnel = load_be16(ids);
  message.session = load_be16(ids + 2);
  return message;
}

std::optional<Message> read_over_ip(const MatchContext& context, uint32_t offset) {
  const uint8_t* session = context.bytes(offset, 4);
  if (session == nullptr) return std::nullopt;
  if (load_be32(session) != 0) return Message{.version = 3, .session = load_be32(session)};
  const uint8_t* tunnel = context.bytes(offset + 8, 4);
  if (tunnel == nullptr) return std::nullopt;
  return Message{.type = XT_L2TP_TYPE_CONTROL, .version = 3, .tunnel = load_be32(tunnel)};
}

// Kernel: l2tp_match().
bool fits(const L2tp& m, const Message& message) {
  const bool has_tunnel = message.type == XT_L2TP_TYPE_CONTROL || message.version == 2;
  const bool has_session = message.type == XT_L2TP_TYPE_DATA;
  return !(m.asks(XT_L2TP_TYPE) && m.type != message.type) && !(m.asks(XT_L2TP_VERSION) && m.version != message.version) &&
         !(m.asks(XT_L2TP_TID) && has_tunnel && m.tunnel != message.tunnel) &&
         !(m.asks(XT_L2TP_SID) && has_session && m.session != message.session);
}

Answer evaluate(const L2tp& m, const MatchContext& context) {
  uint8_t protocol = context.packet.data[9];
  uint32_t offset = context.l4_offset;
  if (context.packet.family == Family::kIpv6) {
    const UpperHeader upper = find_upper_header(context);
    if (!upper.found || upper.fragment_offset != 0) return Answer::kNo;
    protocol = upper.protocol;
    offset = upper.offset;
  }
  std::optional<Message> message;
  if (protocol == IPPROTO_UDP && context.fragment_offset == 0) message = read_over_udp(context, offset + kUdpHeaderBytes);
  if (protocol == kL2tpProtocol) message = read_over_ip(context, offset);
  return answer(message && fits(m, *message));
}

Lowered lower(const L2tp&, Family) { return evaluated(); }

}  // namespace

constexpr uint32_t kHooks =
    hook_bit(Hook::kPrerouting) | hook_bit(Hook::kInput) | hook_bit(Hook::kForward) | hook_bit(Hook::kOutput);
constexpr MatchType kL2tpMatch =
    match_type<L2tp, decode, print, evaluate, lower>({"l2tp", 0, kBothFamilies, sizeof(xt_l2tp_info), {.hooks = kHooks}});

}  // namespace hookline::xt
