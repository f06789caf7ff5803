// xt/address_text.cpp: see the header. Source: iptables 1.8.9, xtables_ipmask_to_numeric(), xtables_ip6mask_to_numeric().
#include "xt/address_text.h"

#include <arpa/inet.h>

#include <cstdint>

namespace hookline::xt {

std::string address_text(Family family, const void* address) {
  char text[INET6_ADDRSTRLEN] = "";
  return ::inet_ntop(family == Family::kIpv4 ? AF_INET : AF_INET6, address, text, sizeof text);
}

int prefix_length(Family family, const void* mask) {
  const auto* bytes = static_cast<const uint8_t*>(mask);
  const int count = family == Family::kIpv4 ? 32 : 128;
  const auto bit = [bytes](int i) { return (bytes[i / 8] >> (7 - i % 8) & 1) != 0; };
  int length = 0;
  while (length < count && bit(length)) ++length;
  for (int i = length; i < count; ++i)
    if (bit(i)) return -1;
  return length;
}

std::string network_text(Family family, const void* address, const void* mask) {
  const int length = prefix_length(family, mask);
  const std::string text = address_text(family, address);
  if (length < 0) return text + "/" + address_text(family, mask);
  return length == (family == Family::kIpv4 ? 32 : 128) ? text : text + "/" + std::to_string(length);
}

}  // namespace hookline::xt
