#include "xt/log_line.h"

#include <fmt/core.h>
#include <linux/netfilter/xt_LOG.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>

#include <array>

#include "base/bytes.h"

namespace hookline::xt {
namespace {

// One packet, being put into words. Offsets count from the outer IP header and may lie anywhere: inner headers are whatever
// a stranger sent. Lengths are 32-bit and wrap around, as in the kernel.
class Line {
 public:
  Line(const Packet& packet, uint8_t flags) : packet_(packet), flags_(flags) {}

  void add(std::string_view text) { text_ += text; }
  template <typename... Values>
  void add(fmt::format_string<Values...> format, const Values&... values) {
    text_ += fmt::vformat(format, fmt::make_format_args(values...));
  }
  [[nodiscard]] bool has(uint8_t flag) const { return (flags_ & flag) != 0; }
  [[nodiscard]] const uint8_t* bytes(uint32_t offset, uint32_t count) const {
    return offset <= packet_.length && packet_.length - offset >= count ? packet_.data + offset : nullptr;
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

  void devices(std::string_view prefix) {
    add("{}IN={} OUT={} ", prefix, packet_.in->view(), packet_.out->view());
    if (!packet_.in->absent()) link_header();
  }
  void ipv4(uint32_t at);
  void ipv6(uint32_t at);

 private:
  void incomplete(uint32_t at) { add("INCOMPLETE [{} bytes] ", packet_.length - at); }
  void hex(const uint8_t* from, uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) add("{:02X}", from[i]);
  }
  void mac(const uint8_t* address) {
    for (uint32_t i = 0; i < kMacBytes; ++i) add("{}{:02x}", i == 0 ? "" : ":", address[i]);
  }
  void link_header();
  bool tcp(uint32_t at, bool later_fragment);
  bool udp(uint32_t at, bool later_fragment, uint8_t protocol);
  void icmp(uint32_t at, bool inner);
  bool icmp6(uint32_t at, bool inner);
  bool extension_header(uint8_t kind, uint32_t at, bool& later_fragment, uint32_t& size);
  void owner_and_mark() {
    if (has(XT_LOG_UID) && packet_.sender != nullptr) add("UID={} GID={} ", packet_.sender->uid, packet_.sender->gid);
    if (packet_.mark != 0) add("MARK={:#x} ", packet_.mark);
  }

  const Packet& packet_;
  uint8_t flags_;
  std::string text_;
};

void Line::link_header() {
  static constexpr std::array<uint8_t, kMacBytes> kZeros = {};
  const uint8_t *source = packet_.source_mac, *destination = packet_.destination_mac;
  const uint16_t type = packet_.family == Family::kIpv4 ? 0x0800 : 0x86dd;
  if (has(XT_LOG_MACDECODE) && source != nullptr && destination != nullptr) {
    add("MACSRC=");
    mac(source);
    add(" MACDST=");
    mac(destination);
    add(" MACPROTO={:04x} ", type);
    return;
  }
  // The loopback device makes its header of zeros, and is no Ethernet one.
  if (packet_.in->view() == "lo") source = destination = kZeros.data();
  add("MAC=");
  if (source != nullptr && destination != nullptr) {
    mac(destination);
    add(":");
    mac(source);
    add(":{:02x}:{:02x}", type >> 8, type & 0xff);
  }
  add(" ");
}

// True: the line ends here, without owner and mark.
bool Line::tcp(uint32_t at, bool later_fragment) {
  add("PROTO=TCP ");
  if (later_fragment) return false;
  const uint8_t* header = bytes(at, 20);
  if (header == nullptr) {
    incomplete(at);
    return true;
  }
  add("SPT={} DPT={} ", load_be16(header), load_be16(header + 2));
  if (has(XT_LOG_TCPSEQ)) add("SEQ={} ACK={} ", load_be32(header + 4), load_be32(header + 8));
  add("WINDOW={} RES=0x{:02x} ", load_be16(header + 14), (header[12] & 0x0eU) << 2);
  if ((header[12] & 1) != 0) add("AE ");
  static constexpr std::array<std::string_view, 8> kFlags = {"CWR ", "ECE ", "URG ", "ACK ", "PSH ", "RST ", "SYN ", "FIN "};
  for (unsigned i = 0; i < kFlags.size(); ++i)
    if ((header[13] & 0x80 >> i) != 0) add(kFlags[i]);
  add("URGP={} ", load_be16(header + 18));
  const uint32_t size = (header[12] >> 4) * 4U;
  if (has(XT_LOG_TCPOPT) && size > 20) {
    const uint8_t* options = bytes(at + 20, size - 20);
    if (options == nullptr) {
      add("OPT (TRUNCATED)");
      return true;
    }
    add("OPT (");
    hex(options, size - 20);
    add(") ");
  }
  return false;
}

bool Line::udp(uint32_t at, bool later_fragment, uint8_t protocol) {
  add(protocol == IPPROTO_UDP ? "PROTO=UDP " : "PROTO=UDPLITE ");
  if (later_fragment) return false;
  const uint8_t* header = bytes(at, 8);
  if (header == nullptr) {
    incomplete(at);
    return true;
  }
  add("SPT={} DPT={} LEN={} ", load_be16(header), load_be16(header + 2), load_be16(header + 4));
  return false;
}

std::string dotted(const uint8_t* address) {
  return fmt::format("{}.{}.{}.{}", address[0], address[1], address[2], address[3]);
}

// Eight groups of four digits, none left out.
std::string grouped(const uint8_t* address) {
  std::string text;
  for (unsigned i = 0; i < 16; i += 2) text += fmt::format("{}{:04x}", i == 0 ? "" : ":", load_be16(address + i));
  return text;
}

// The bytes that a message of this type has at least; 0: no one asks.
uint32_t least_icmp(uint8_t type) {
  switch (type) {
    case ICMP_ECHO:
    case ICMP_ECHOREPLY:
      return 4;
    case ICMP_DEST_UNREACH:
    case ICMP_SOURCE_QUENCH:
    case ICMP_REDIRECT:
    case ICMP_TIME_EXCEEDED:
    case ICMP_PARAMETERPROB:
      return 28;
    case ICMP_TIMESTAMP:
    case ICMP_TIMESTAMPREPLY:
      return 20;
    case ICMP_ADDRESS:
    case ICMP_ADDRESSREPLY:
      return 12;
    default:
      return 0;
  }
}

void Line::icmp(uint32_t at, bool inner) {
  const uint8_t* header = bytes(at, 8);
  if (header == nullptr) return incomplete(at);
  const uint8_t type = header[0], code = header[1];
  add("TYPE={} CODE={} ", type, code);
  if (packet_.length - at < least_icmp(type)) return incomplete(at);
  switch (type) {
    case ICMP_ECHO:
    case ICMP_ECHOREPLY:
      return add("ID={} SEQ={} ", load_be16(header + 4), load_be16(header + 6));
    case ICMP_PARAMETERPROB:
      return add("PARAMETER={} ", header[4]);
    case ICMP_REDIRECT:
      add("GATEWAY={} ", dotted(header + 4));
      break;
    case ICMP_DEST_UNREACH:
    case ICMP_SOURCE_QUENCH:
    case ICMP_TIME_EXCEEDED:
      break;
    default:
      return;
  }
  if (!inner) {
    add("[");
    ipv4(at + 8);
    add("] ");
  }
  if (type == ICMP_DEST_UNREACH && code == ICMP_FRAG_NEEDED) add("MTU={} ", load_be16(header + 6));
}

void Line::ipv4(uint32_t at) {
  const bool inner = at != 0;
  const uint8_t* header = bytes(at, 20);
  if (header == nullptr) return add("TRUNCATED");
  add("SRC={} DST={} ", dotted(header + 12), dotted(header + 16));
  add("LEN={} TOS=0x{:02X} PREC=0x{:02X} TTL={} ID={} ", load_be16(header + 2), header[1] & 0x1e, header[1] & 0xe0,
      header[8], load_be16(header + 4));
  const uint32_t field = load_be16(header + 6), fragment_offset = field & 0x1fff;
  if ((field & 0x8000) != 0) add("CE ");
  if ((field & 0x4000) != 0) add("DF ");
  if ((field & 0x2000) != 0) add("MF ");
  if (fragment_offset != 0) add("FRAG:{} ", fragment_offset);
  const uint32_t size = (header[0] & 0xfU) * 4;
  if (has(XT_LOG_IPOPT) && size > 20) {
    const uint8_t* options = bytes(at + 20, size - 20);
    if (options == nullptr) return add("TRUNCATED");
    add("OPT (");
    hex(options, size - 20);
    add(") ");
  }
  const uint8_t protocol = header[9];
  const bool later_fragment = fragment_offset != 0;
  const uint32_t upper = at + size;
  switch (protocol) {
    case IPPROTO_TCP:
      if (tcp(upper, later_fragment)) return;
      break;
    case IPPROTO_UDP:
    case IPPROTO_UDPLITE:
      if (udp(upper, later_fragment, protocol)) return;
      break;
    case IPPROTO_ICMP:
      add("PROTO=ICMP ");
      if (!later_fragment) icmp(upper, inner);
      break;
    case IPPROTO_AH:
    case IPPROTO_ESP: {
      const bool is_ah = protocol == IPPROTO_AH;
      if (is_ah && later_fragment) break;  // not even its name
      add(is_ah ? "PROTO=AH " : "PROTO=ESP ");
      if (later_fragment) break;
      const uint8_t* security = bytes(upper, is_ah ? 12 : 8);
      if (security == nullptr)
        incomplete(upper);
      else
        add("SPI={:#x} ", load_be32(security + (is_ah ? 4 : 0)));
      break;
    }
    default:
      add("PROTO={} ", protocol);
  }
  if (!inner) owner_and_mark();
}

// True: the line ends here, without owner and mark.
bool Line::icmp6(uint32_t at, bool inner) {
  const uint8_t* header = bytes(at, 8);
  if (header == nullptr) {
    incomplete(at);
    return true;
  }
  const uint8_t type = header[0];
  add("TYPE={} CODE={} ", type, header[1]);
  switch (type) {
    case ICMP6_ECHO_REQUEST:
    case ICMP6_ECHO_REPLY:
      add("ID={} SEQ={} ", load_be16(header + 4), load_be16(header + 6));
      return false;
    case ICMP6_PARAM_PROB:
      add("POINTER={:08x} ", load_be32(header + 4));
      break;
    case ICMP6_DST_UNREACH:
    case ICMP6_PACKET_TOO_BIG:
    case ICMP6_TIME_EXCEEDED:
      break;
    default:
      return false;
  }
  if (!inner) {
    add("[");
    ipv6(at + 8);
    add("] ");
  }
  if (type == ICMP6_PACKET_TOO_BIG) add("MTU={} ", load_be32(header + 4));
  return false;
}

// Of the headers between IPv6 and the upper one; false: the line ends here. The kernel closes the parenthesis on its way.
bool Line::extension_header(uint8_t kind, uint32_t at, bool& later_fragment, uint32_t& size) {
  const uint8_t* header = bytes(at, 2);
  if (header == nullptr) {
    add("TRUNCATED");
    return false;
  }
  const bool options = has(XT_LOG_IPOPT);
  if (options) add("OPT ( ");
  switch (kind) {
    case IPPROTO_FRAGMENT: {
      add("FRAG:");
      const uint8_t* fragment = bytes(at, 8);
      if (fragment == nullptr) {
        add("TRUNCATED ");
        return false;
      }
      const uint32_t field = load_be16(fragment + 2);
      add("{} ", field & 0xfff8);
      if ((field & 1) != 0) add("INCOMPLETE ");
      add("ID:{:08x} ", load_be32(fragment + 4));
      later_fragment = later_fragment || (field & 0xfff8) != 0;
      size = 8;
      break;
    }
    case IPPROTO_AH:
    case IPPROTO_ESP: {
      const bool is_ah = kind == IPPROTO_AH;
      if (options) {
        add(is_ah ? "AH " : "ESP ");
        if (later_fragment) {
          add(")");
          return false;
        }
        const uint8_t* security = bytes(at, is_ah ? 12 : 8);
        if (security == nullptr) {
          incomplete(at);
          add(")");
          return false;
        }
        add("SPI={:#x} ", load_be32(security + (is_ah ? 4 : 0)));
        if (!is_ah) add(")");
      }
      if (!is_ah) return false;
      size = (header[1] + 2U) * 4;
      break;
    }
    default:
      if (later_fragment) {
        if (options) add(")");
        return false;
      }
      size = (header[1] + 1U) * 8;
  }
  if (options) add(") ");
  return true;
}

bool is_extension_header(uint8_t kind) {
  return kind == IPPROTO_HOPOPTS || kind == IPPROTO_ROUTING || kind == IPPROTO_FRAGMENT || kind == IPPROTO_ESP ||
         kind == IPPROTO_AH || kind == IPPROTO_DSTOPTS;
}

void Line::ipv6(uint32_t at) {
  const bool inner = at != 0;
  const uint8_t* header = bytes(at, 40);
  if (header == nullptr) return add("TRUNCATED");
  add("SRC={} DST={} ", grouped(header + 8), grouped(header + 24));
  const uint32_t first = load_be32(header);
  add("LEN={} TC={} HOPLIMIT={} FLOWLBL={} ", load_be16(header + 4) + 40U, first >> 20 & 0xff, header[7], first & 0xfffff);
  uint8_t kind = header[6];
  uint32_t upper = at + 40;
  bool later_fragment = false;
  while (is_extension_header(kind)) {
    uint32_t size = 0;
    if (!extension_header(kind, upper, later_fragment, size)) return;
    kind = packet_.data[upper];
    upper += size;
  }
  switch (kind) {
    case IPPROTO_TCP:
      if (tcp(upper, later_fragment)) return;
      break;
    case IPPROTO_UDP:
    case IPPROTO_UDPLITE:
      if (udp(upper, later_fragment, kind)) return;
      break;
    case IPPROTO_ICMPV6:
      add("PROTO=ICMPv6 ");
      if (!later_fragment && icmp6(upper, inner)) return;
      break;
    default:
      add("PROTO={} ", kind);
  }
  if (!inner) owner_and_mark();
}

}  // namespace

std::string log_line(const Packet& packet, uint8_t flags, std::string_view prefix) {
  Line line(packet, flags);
  line.devices(prefix);
  if (packet.family == Family::kIpv4)
    line.ipv4(0);
  else
    line.ipv6(0);
  return line.take();
}

}  // namespace hookline::xt
