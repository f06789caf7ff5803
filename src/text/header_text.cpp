// text/header_text.cpp: see the header.
//
// iptables-save does not print every condition that the kernel tests, and prints some oddly; both are kept, since the text
// is compared line for line: an IPv6 address with an empty mask is left out, an interface mask is read up to its first
// zero byte, and a protocol has the name that iptables' own short list gives it, else that of the system's list.
// Source: iptables 1.8.9, xshared.c (save_ipv4_addr, save_ipv6_addr, save_iface, save_rule_details).
#include "text/header_text.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netdb.h>

#include <array>
#include <bit>
#include <optional>
#include <string_view>

namespace hookline {
namespace {

constexpr uint8_t kIpv6TosFlag = 0x02, kInvertTosFlag = 0x04;  // IP6T_F_TOS, IP6T_INV_TOS

std::string address_text(const Address& address, Family family) {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  return ::inet_ntop(family == Family::kIpv4 ? AF_INET : AF_INET6, address.data(), buffer.data(), buffer.size());
}

// The length of a prefix mask, or nothing where ones and zeros are mixed.
std::optional<unsigned> prefix_length(const Address& mask, Family family) {
  const size_t size = family == Family::kIpv4 ? 4 : 16;
  unsigned length = 0;
  size_t byte = 0;
  while (byte < size && mask[byte] == 0xff) {
    length += 8;
    ++byte;
  }
  if (byte < size) {
    const auto ones = static_cast<unsigned>(std::countl_one(mask[byte]));
    if (static_cast<uint8_t>(mask[byte] << ones) != 0) return std::nullopt;
    length += ones;
    while (++byte < size)
      if (mask[byte] != 0) return std::nullopt;
  }
  return length;
}

void add_address(char option, const Address& address, const Address& mask, bool inverted, Family family, std::string& text) {
  const std::optional<unsigned> length = prefix_length(mask, family);
  const bool no_address = family == Family::kIpv6 || address == Address{};
  if (length == 0U && no_address && !inverted) return;
  text += fmt::format("{} -{} {}/", inverted ? " !" : "", option, address_text(address, family));
  text += length ? std::to_string(*length) : address_text(mask, family);
}

void add_interface(char option, const InterfaceName& name, const InterfaceName& mask, bool inverted, std::string& text) {
  if (mask.bytes[0] == 0) return;
  text += fmt::format("{} -{} ", inverted ? " !" : "", option);
  for (size_t i = 0; i < name.bytes.size(); ++i) {
    if (mask.bytes[i] == 0) {
      // The mask of a whole name covers its closing zero byte; a mask that ends earlier stands for a prefix.
      if (name.bytes[i - 1] != 0) text += '+';
      return;
    }
    if (name.bytes[i] != 0) text += name.bytes[i];
  }
}

std::string protocol_text(uint16_t protocol) {
  struct Known {
    uint16_t number;
    std::string_view name;
  };
  static constexpr std::array<Known, 9> kKnown = {{{6, "tcp"},
                                                   {132, "sctp"},
                                                   {17, "udp"},
                                                   {136, "udplite"},
                                                   {1, "icmp"},
                                                   {58, "ipv6-icmp"},
                                                   {50, "esp"},
                                                   {51, "ah"},
                                                   {135, "mobility-header"}}};
  for (const Known& known : kKnown)
    if (known.number == protocol) return std::string(known.name);
  protoent entry{}, *found = nullptr;
  std::array<char, 1024> buffer{};
  if (::getprotobynumber_r(protocol, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr)
    return found->p_name;
  return std::to_string(protocol);
}

}  // namespace

std::string header_text(const HeaderMatch& header, Family family) {
  std::string text;
  add_address('s', header.source, header.source_mask, header.invert_source, family, text);
  add_address('d', header.destination, header.destination_mask, header.invert_destination, family, text);
  add_interface('i', header.in, header.in_mask, header.invert_in, text);
  add_interface('o', header.out, header.out_mask, header.invert_out, text);
  if (header.protocol != 0)
    text += fmt::format("{} -p {}", header.invert_protocol ? " !" : "", protocol_text(header.protocol));
  if (family == Family::kIpv4 && header.fragment) text += header.invert_fragment ? " ! -f" : " -f";
  if (family == Family::kIpv6 && (header.raw_flags & kIpv6TosFlag) != 0)
    text += fmt::format("{} -? {}", (header.raw_invert_flags & kInvertTosFlag) != 0 ? " !" : "", header.tos);
  return text;
}

}  // namespace hookline
