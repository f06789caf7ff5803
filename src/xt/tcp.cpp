// xt/tcp.cpp: match `tcp`, both families, revision 0.
//
// Ports, flags and the presence of an option. A later fragment fails before any inversion; one at offset 1 (which would
// overwrite the flags of a short first fragment) drops the packet, and so does a header that is not there. In IPv6 the
// fragment offset is in bytes, so offset 1 cannot occur. The option walk stops at the first fault it can tell: a data
// offset below 5, or options that the packet does not hold, drop the packet.
// Source: kernel xt_tcpudp.c, tcp_mt(); UAPI linux/netfilter/xt_tcpudp.h.
#include <linux/netfilter/xt_tcpudp.h>

#include "xt/ports.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint32_t kHeaderBytes = 20;
constexpr uint8_t kProtocol = 6;

struct Tcp {
  PortRange source, destination;
  uint8_t option;  // 0: none asked for
  uint8_t flag_mask, flag_value;
  uint8_t inverted;  // XT_TCP_INV_*
  [[nodiscard]] bool inverts(uint8_t what) const { return (inverted & what) != 0; }
};

Decoded<Tcp> decode(Bytes data, const DecodeContext& context) {
  const auto info = read_at<xt_tcp>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_tcp)));
  if (!finds_l4_header(context)) return no_l4_header();
  if ((info->invflags & ~XT_TCP_INV_MASK) != 0) return refuse(fmt::format("invflags {:#x}", info->invflags), "bits of 0xf");
  return Tcp{{info->spts[0], info->spts[1]},
             {info->dpts[0], info->dpts[1]},
             info->option,
             info->flg_mask,
             info->flg_cmp,
             info->invflags};
}

// Bits above URG have no name in iptables, which cannot set them either.
void print_flags(uint8_t flags, TextOut& out) {
  static constexpr std::array<std::string_view, 6> kNames = {"FIN", "SYN", "RST", "PSH", "ACK", "URG"};
  bool first = true;
  for (unsigned bit = 0; bit < kNames.size(); ++bit) {
    if ((flags >> bit & 1) == 0) continue;
    out.add(first ? " " : ",");
    out.add(kNames[bit]);
    first = false;
  }
  if (first) out.add(" NONE");
}

void print(const Tcp& m, TextOut& out) {
  print_ports("--sport", m.source, m.inverts(XT_TCP_INV_SRCPT), out);
  print_ports("--dport", m.destination, m.inverts(XT_TCP_INV_DSTPT), out);
  if (m.option != 0 || m.inverts(XT_TCP_INV_OPTION))
    out.add(fmt::format("{} --tcp-option {}", m.inverts(XT_TCP_INV_OPTION) ? " !" : "", m.option));
  if (m.flag_mask != 0 || m.inverts(XT_TCP_INV_FLAGS)) {
    out.add(m.inverts(XT_TCP_INV_FLAGS) ? " ! --tcp-flags" : " --tcp-flags");
    print_flags(m.flag_mask, out);
    print_flags(m.flag_value, out);
  }
}

// Kernel: tcp_find_option(). `options`: the header's bytes behind the first 20.
bool has_option(uint8_t option, Bytes options) {
  for (size_t i = 0; i < options.size();) {
    if (options[i] == option) return true;
    if (options[i] < 2)  // end of list and padding are one byte; the kernel does not stop at the end of the list
      ++i;
    else
      i += i + 1 < options.size() && options[i + 1] != 0 ? options[i + 1] : 1;
  }
  return false;
}

Answer evaluate(const Tcp& m, const MatchContext& context) {
  if (context.fragment_offset != 0) return context.fragment_offset == 1 ? Answer::kHotdrop : Answer::kNo;
  const uint8_t* header = context.bytes(context.l4_offset, kHeaderBytes);
  if (header == nullptr) return Answer::kHotdrop;
  if (m.source.holds(load_be16(header)) == m.inverts(XT_TCP_INV_SRCPT)) return Answer::kNo;
  if (m.destination.holds(load_be16(header + 2)) == m.inverts(XT_TCP_INV_DSTPT)) return Answer::kNo;
  if (((header[13] & m.flag_mask) == m.flag_value) == m.inverts(XT_TCP_INV_FLAGS)) return Answer::kNo;
  if (m.option == 0) return Answer::kYes;  // whatever the inversion bit says
  const uint32_t header_length = (header[12] >> 4) * 4U;
  if (header_length < kHeaderBytes) return Answer::kHotdrop;
  const uint32_t option_bytes = header_length - kHeaderBytes;
  if (option_bytes == 0) return answer(m.inverts(XT_TCP_INV_OPTION));
  const uint8_t* options = context.bytes(context.l4_offset + kHeaderBytes, option_bytes);
  if (options == nullptr) return Answer::kHotdrop;
  return answer(has_option(m.option, {options, option_bytes}) != m.inverts(XT_TCP_INV_OPTION));
}

Lowered lower(const Tcp& m, Family) {
  Lowered result = both(first_fragment(), ports_in(Dimension::kSourcePort, m.source, m.inverts(XT_TCP_INV_SRCPT)));
  result = both(result, ports_in(Dimension::kDestinationPort, m.destination, m.inverts(XT_TCP_INV_DSTPT)));
  result = both(result, masked(Dimension::kMeta, static_cast<uint32_t>(m.flag_value) << kMetaL4LowShift,
                               static_cast<uint32_t>(m.flag_mask) << kMetaL4LowShift, m.inverts(XT_TCP_INV_FLAGS)));
  if (m.option != 0) {
    result.exact = false;
    result.may_hotdrop = true;
  }
  return result;
}

}  // namespace

constexpr MatchType kTcpMatch =
    match_type<Tcp, decode, print, evaluate, lower>({"tcp", 0, kBothFamilies, sizeof(xt_tcp), {.protocol = kProtocol}});

}  // namespace hookline::xt
