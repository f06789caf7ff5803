// xt/dccp.cpp: match `dccp`, both families, revision 0.
//
// Ports, packet types, and the presence of an option. A later fragment fails before any inversion; a header of fewer than 12
// bytes drops the packet. Options begin behind a header whose length follows from the type and the X bit; a data offset
// below that, or options that are not there, drop the packet; where the condition on the option is inverted, that drop makes
// it true, so the rule is counted all the same.
// Source: kernel xt_dccp.c, dccp_mt(), dccp_find_option(); UAPI linux/netfilter/xt_dccp.h, linux/dccp.h.
#include <linux/dccp.h>
#include <linux/netfilter/xt_dccp.h>

#include "xt/ports.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint32_t kHeaderBytes = 12;
constexpr uint16_t kProtocol = 33;

struct Dccp {
  PortRange source, destination;
  uint16_t types;  // bit n: packet type n
  uint8_t option;
  uint8_t asked, inverted;
  [[nodiscard]] bool asks(uint8_t what) const { return (asked & what) != 0; }
  [[nodiscard]] bool inverts(uint8_t what) const { return (inverted & what) != 0; }
};

Decoded<Dccp> decode(Bytes data, const DecodeContext& context) {
  const auto info = read_at<xt_dccp_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_dccp_info)));
  if (!finds_l4_header(context)) return no_l4_header();
  if ((info->flags & ~XT_DCCP_VALID_FLAGS) != 0) return refuse(fmt::format("flags {:#x}", info->flags), "bits of 0xf");
  if ((info->invflags & ~info->flags) != 0)
    return refuse(fmt::format("invflags {:#x}", info->invflags), fmt::format("bits of the flags, {:#x}", info->flags));
  return Dccp{{info->spts[0], info->spts[1]},    {info->dpts[0], info->dpts[1]},      info->typemask, info->option,
              static_cast<uint8_t>(info->flags), static_cast<uint8_t>(info->invflags)};
}

// iptables sets the bits of all types above SYNCACK for INVALID, and looks at the lowest of them to print it.
void print_types(uint16_t types, TextOut& out) {
  static constexpr std::array<std::string_view, 11> kNames = {
      "REQUEST", "RESPONSE", "DATA", "ACK", "DATAACK", "CLOSEREQ", "CLOSE", "RESET", "SYNC", "SYNCACK", "INVALID"};
  out.add(" ");  // also where no type follows
  bool first = true;
  for (unsigned type = 0; type < kNames.size(); ++type) {
    if ((types >> type & 1) == 0) continue;
    if (!first) out.add(",");
    out.add(kNames[type]);
    first = false;
  }
}

void print(const Dccp& m, TextOut& out) {
  const auto ports = [&](uint8_t what, std::string_view option, PortRange range) {
    if (!m.asks(what)) return;
    out.add(fmt::format("{} {} {}", m.inverts(what) ? " !" : "", option, range.low));
    if (range.low != range.high) out.add(fmt::format(":{}", range.high));
  };
  ports(XT_DCCP_SRC_PORTS, "--sport", m.source);
  ports(XT_DCCP_DEST_PORTS, "--dport", m.destination);
  if (m.asks(XT_DCCP_TYPE)) {
    out.add(m.inverts(XT_DCCP_TYPE) ? " ! --dccp-types" : " --dccp-types");
    print_types(m.types, out);
  }
  if (m.asks(XT_DCCP_OPTION)) out.add(fmt::format("{} --dccp-option {}", m.inverts(XT_DCCP_OPTION) ? " !" : "", m.option));
}

uint8_t type_of(const uint8_t* header) { return header[8] >> 1 & 0xf; }

// Bytes before the options. Kernel: __dccp_hdr_len(); types that do not exist are taken for RESET.
uint32_t fixed_bytes(const uint8_t* header) {
  const uint32_t basic = kHeaderBytes + ((header[8] & 1) != 0 ? sizeof(dccp_hdr_ext) : 0);
  switch (type_of(header)) {
    case DCCP_PKT_DATA:
      return basic;
    case DCCP_PKT_REQUEST:
      return basic + sizeof(dccp_hdr_request);
    case DCCP_PKT_DATAACK:
    case DCCP_PKT_ACK:
    case DCCP_PKT_SYNC:
    case DCCP_PKT_SYNCACK:
    case DCCP_PKT_CLOSE:
    case DCCP_PKT_CLOSEREQ:
      return basic + sizeof(dccp_hdr_ack_bits);
    case DCCP_PKT_RESPONSE:
      return basic + sizeof(dccp_hdr_response);
    default:
      return basic + sizeof(dccp_hdr_reset);
  }
}

// Kernel: dccp_find_option().
Answer find_option(const Dccp& m, const MatchContext& context, const uint8_t* header) {
  const uint32_t begin = fixed_bytes(header), end = header[4] * 4U;
  if (end < begin) return Answer::kHotdrop;
  if (end == begin) return Answer::kNo;
  const uint8_t* options = context.bytes(context.l4_offset + begin, end - begin);
  if (options == nullptr) return Answer::kHotdrop;
  for (uint32_t i = 0; i < end - begin;) {
    if (options[i] == m.option) return Answer::kYes;
    // Padding and the like are one byte; a length of 0 counts as 1.
    const uint32_t length = options[i] < 2 || i + 1 == end - begin ? 1 : options[i + 1];
    i += length != 0 ? length : 1;
  }
  return Answer::kNo;
}

Answer evaluate(const Dccp& m, const MatchContext& context) {
  if (context.fragment_offset != 0) return Answer::kNo;
  const uint8_t* header = context.bytes(context.l4_offset, kHeaderBytes);
  if (header == nullptr) return Answer::kHotdrop;
  if (m.asks(XT_DCCP_SRC_PORTS) && m.source.holds(load_be16(header)) == m.inverts(XT_DCCP_SRC_PORTS)) return Answer::kNo;
  if (m.asks(XT_DCCP_DEST_PORTS) && m.destination.holds(load_be16(header + 2)) == m.inverts(XT_DCCP_DEST_PORTS))
    return Answer::kNo;
  if (m.asks(XT_DCCP_TYPE) && ((m.types >> type_of(header) & 1) != 0) == m.inverts(XT_DCCP_TYPE)) return Answer::kNo;
  if (!m.asks(XT_DCCP_OPTION)) return Answer::kYes;
  const bool inverted = m.inverts(XT_DCCP_OPTION);
  const Answer found = find_option(m, context, header);
  if (found == Answer::kHotdrop) return inverted ? Answer::kYesHotdrop : Answer::kHotdrop;
  return answer((found == Answer::kYes) != inverted);
}

Lowered lower(const Dccp& m, Family) {
  Lowered result = first_fragment();
  if (m.asks(XT_DCCP_SRC_PORTS))
    result = both(result, ports_in(Dimension::kSourcePort, m.source, m.inverts(XT_DCCP_SRC_PORTS)));
  if (m.asks(XT_DCCP_DEST_PORTS))
    result = both(result, ports_in(Dimension::kDestinationPort, m.destination, m.inverts(XT_DCCP_DEST_PORTS)));
  if (m.asks(XT_DCCP_TYPE) || m.asks(XT_DCCP_OPTION)) result.exact = false;
  result.may_hotdrop = m.asks(XT_DCCP_OPTION);
  return result;
}

}  // namespace

constexpr MatchType kDccpMatch = match_type<Dccp, decode, print, evaluate, lower>(
    {"dccp", 0, kBothFamilies, sizeof(xt_dccp_info), {.protocol = kProtocol}});

}  // namespace hookline::xt
