#include "packet/describe.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <array>

#include "base/bytes.h"

namespace hookline {
namespace {

std::string address_text(const uint8_t* address, int family) {
  char text[INET6_ADDRSTRLEN] = "";
  inet_ntop(family, address, text, sizeof text);
  return text;
}

bool has_ports(uint8_t protocol) {
  return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_UDPLITE || protocol == IPPROTO_SCTP ||
         protocol == IPPROTO_DCCP;
}

// Follows IPv6 extension headers; stops where they are cut off or in a later fragment.
void find_ipv6_upper(const Packet& packet, PacketFields& fields, uint32_t& at) {
  for (;;) {
    const bool fragment = fields.protocol == IPPROTO_FRAGMENT;
    const bool other = fields.protocol == IPPROTO_HOPOPTS || fields.protocol == IPPROTO_ROUTING ||
                       fields.protocol == IPPROTO_DSTOPTS || fields.protocol == IPPROTO_AH;
    if ((!fragment && !other) || at + 8 > packet.length) return;
    const uint8_t* header = packet.data + at;
    at += fragment ? 8 : fields.protocol == IPPROTO_AH ? (header[1] + 2U) * 4 : (header[1] + 1U) * 8;
    if (fragment) {
      fields.fragment_offset = load_be16(header + 2) & ~7U;
      fields.more_fragments = (header[3] & 1) != 0;
    }
    fields.protocol = header[0];
    if (fields.fragment_offset != 0) return;
  }
}

}  // namespace

PacketFields fields_of(const Packet& packet) {
  PacketFields fields;
  const uint8_t* p = packet.data;
  uint32_t at = 0;
  if (packet.family == Family::kIpv4) {
    if (packet.length < 20) return fields;
    fields.source = address_text(p + 12, AF_INET);
    fields.destination = address_text(p + 16, AF_INET);
    fields.protocol = p[9];
    fields.ttl = p[8];
    fields.tos = p[1];
    fields.fragment_offset = (load_be16(p + 6) & 0x1fffU) * 8;
    fields.more_fragments = (p[6] & 0x20) != 0;
    fields.dont_fragment = (p[6] & 0x40) != 0;
    at = (p[0] & 0xfU) * 4;
  } else {
    if (packet.length < 40) return fields;
    fields.source = address_text(p + 8, AF_INET6);
    fields.destination = address_text(p + 24, AF_INET6);
    fields.protocol = p[6];
    fields.ttl = p[7];
    fields.tos = static_cast<uint8_t>(load_be16(p) >> 4);
    at = 40;
    find_ipv6_upper(packet, fields, at);
  }
  fields.valid = true;
  if (fields.fragment_offset != 0 || at >= packet.length) return fields;
  fields.upper = p + at;
  fields.upper_length = packet.length - at;
  if (has_ports(fields.protocol) && fields.upper_length >= 4) {
    fields.has_ports = true;
    fields.source_port = load_be16(fields.upper);
    fields.destination_port = load_be16(fields.upper + 2);
  }
  return fields;
}

std::string protocol_text(uint8_t protocol) {
  switch (protocol) {
    case IPPROTO_ICMP:
      return "icmp";
    case IPPROTO_TCP:
      return "tcp";
    case IPPROTO_UDP:
      return "udp";
    case IPPROTO_DCCP:
      return "dccp";
    case IPPROTO_GRE:
      return "gre";
    case IPPROTO_ESP:
      return "esp";
    case IPPROTO_AH:
      return "ah";
    case IPPROTO_ICMPV6:
      return "icmp6";
    case IPPROTO_SCTP:
      return "sctp";
    case IPPROTO_UDPLITE:
      return "udplite";
    default:
      return std::to_string(protocol);
  }
}

std::string tcp_flags_text(uint8_t flags) {
  static constexpr std::array kNames = {"fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr"};
  std::string text;
  for (size_t i = 0; i < kNames.size(); ++i) {
    if ((flags >> i & 1) != 0) text += (text.empty() ? "" : ",") + std::string(kNames[i]);
  }
  return text.empty() ? "none" : text;
}

std::string describe(const Packet& packet) {
  const bool ipv4 = packet.family == Family::kIpv4;
  const char* version = ipv4 ? "IPv4" : "IPv6";
  const PacketFields fields = fields_of(packet);
  if (!fields.valid) return fmt::format("{} bytes, too few for {}", packet.length, version);
  std::string text = std::string(version) + " ";
  if (fields.has_ports) {
    const char* form = ipv4 ? "{}:{} > {}:{} {}" : "[{}]:{} > [{}]:{} {}";
    text += fmt::format(fmt::runtime(form), fields.source, fields.source_port, fields.destination, fields.destination_port,
                        protocol_text(fields.protocol));
  } else {
    text += fmt::format("{} > {} {}", fields.source, fields.destination, protocol_text(fields.protocol));
  }
  if (fields.protocol == IPPROTO_TCP && fields.upper_length >= 14) text += " " + tcp_flags_text(fields.upper[13]);
  const bool icmp = fields.protocol == (ipv4 ? uint8_t{IPPROTO_ICMP} : uint8_t{IPPROTO_ICMPV6});
  if (icmp && fields.upper_length >= 2) text += fmt::format(" type {} code {}", fields.upper[0], fields.upper[1]);
  text += fmt::format(", {} bytes, {} {}", packet.length, ipv4 ? "ttl" : "hop limit", fields.ttl);
  if (fields.tos != 0) text += fmt::format(", tos {:#04x}", fields.tos);
  if (ipv4) text += fmt::format(", id {}", load_be16(packet.data + 4));
  if (fields.dont_fragment) text += ", DF";
  if (fields.fragment_offset != 0 || fields.more_fragments) {
    text += fmt::format(", fragment at {}{}", fields.fragment_offset, fields.more_fragments ? ", more" : ", last");
  }
  if (packet.mark != 0) text += fmt::format(", mark {:#x}", packet.mark);
  return text;
}

}  // namespace hookline
