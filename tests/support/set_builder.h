// tests/support/set_builder.h: ip sets as the kernel would dump them, made by hand.
#pragma once

#include <linux/netfilter/ipset/ip_set.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include <cstring>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ipset/contents.h"

namespace hookline::test {

class Attributes {
 public:
  void put(uint16_t type, const void* data, size_t size) {
    const nlattr head{static_cast<uint16_t>(sizeof(nlattr) + size), type};
    append(&head, sizeof head);
    append(data, size);
    bytes_.resize(NLA_ALIGN(bytes_.size()));
  }
  void number(uint16_t type, uint64_t value, size_t size) {
    uint8_t wire[8];
    for (size_t i = 0; i < size; ++i) wire[i] = static_cast<uint8_t>(value >> 8 * (size - 1 - i));
    put(static_cast<uint16_t>(type | NLA_F_NET_BYTEORDER), wire, size);
  }
  void byte(uint16_t type, uint8_t value) { put(type, &value, 1); }
  void text(uint16_t type, const std::string& value) { put(type, value.c_str(), value.size() + 1); }
  void address(uint16_t type, const ipset::Address& address, bool ipv4) {
    Attributes inner;
    inner.put(ipv4 ? IPSET_ATTR_IPADDR_IPV4 : IPSET_ATTR_IPADDR_IPV6, address.data(), ipv4 ? 4 : 16);
    nest(type, inner);
  }
  void nest(uint16_t type, const Attributes& inner) {
    put(static_cast<uint16_t>(type | NLA_F_NESTED), inner.bytes_.data(), inner.bytes_.size());
  }
  [[nodiscard]] const std::vector<uint8_t>& bytes() const { return bytes_; }

 private:
  void append(const void* data, size_t size) {
    const auto* first = static_cast<const uint8_t*>(data);
    bytes_.insert(bytes_.end(), first, first + size);
  }
  std::vector<uint8_t> bytes_;
};

// What a set is made with.
struct SetHeader {
  std::string name, type;
  uint8_t family = AF_INET;
  std::optional<uint32_t> timeout = {};
  uint32_t flags = 0;  // IPSET_FLAG_WITH_*
  uint32_t max_elements = 65536;
  uint8_t netmask = 0;
  uint32_t first = 0, last = 0;  // of a bitmap
};

inline ipset::Address ipv4_address(uint32_t host_order) {
  ipset::Address address{};
  store_be32(address.data(), host_order);
  return address;
}

inline ipset::RawSet make_raw_set(const SetHeader& header, const std::vector<ipset::Element>& elements, uint16_t index = 0) {
  ipset::RawSet set;
  set.index = index;
  set.name = header.name;
  set.type = header.type;
  set.family = header.family;
  Attributes head;
  if (header.type == "bitmap:port") {
    head.number(IPSET_ATTR_PORT_FROM, header.first, 2);
    head.number(IPSET_ATTR_PORT_TO, header.last, 2);
  } else if (header.type.starts_with("bitmap:")) {
    head.address(IPSET_ATTR_IP_FROM, ipv4_address(header.first), true);
    head.address(IPSET_ATTR_IP_TO, ipv4_address(header.last), true);
  }
  if (header.type.starts_with("hash:")) head.number(IPSET_ATTR_MAXELEM, header.max_elements, 4);
  if (header.netmask != 0) head.byte(IPSET_ATTR_NETMASK, header.netmask);
  if (header.timeout) head.number(IPSET_ATTR_TIMEOUT, *header.timeout, 4);
  if (header.flags != 0) head.number(IPSET_ATTR_CADT_FLAGS, header.flags, 4);
  set.header = head.bytes();

  const bool ipv4 = header.family == AF_INET, ports = header.type.find("port") != std::string::npos;
  for (const ipset::Element& element : elements) {
    Attributes one;
    if (header.type == "list:set") {
      one.text(IPSET_ATTR_NAME, std::string(element.member));
    } else {
      if (header.type != "bitmap:port") one.address(IPSET_ATTR_IP, element.ip, ipv4);
      if (header.type.starts_with("hash:ip,port,")) one.address(IPSET_ATTR_IP2, element.ip2, ipv4);
      if (header.type.find("net") != std::string::npos) one.byte(IPSET_ATTR_CIDR, element.prefix);
      if (ports) one.number(IPSET_ATTR_PORT, element.port, 2);
      if (ports && header.type != "bitmap:port") one.byte(IPSET_ATTR_PROTO, element.protocol);
      if (element.has_mac) one.put(IPSET_ATTR_ETHER, element.mac.data(), element.mac.size());
      if (!element.iface.absent()) one.text(IPSET_ATTR_IFACE, std::string(element.iface.view()));
    }
    uint32_t flags = 0;
    if (element.nomatch) flags |= IPSET_FLAG_NOMATCH;
    if (element.wildcard) flags |= IPSET_FLAG_IFACE_WILDCARD;
    if (element.physdev) flags |= IPSET_FLAG_PHYSDEV;
    if (flags != 0) one.number(IPSET_ATTR_CADT_FLAGS, flags, 4);
    if (header.timeout) one.number(IPSET_ATTR_TIMEOUT, element.timeout, 4);
    if ((header.flags & IPSET_FLAG_WITH_COUNTERS) != 0) {
      one.number(IPSET_ATTR_BYTES, element.bytes, 8);
      one.number(IPSET_ATTR_PACKETS, element.packets, 8);
    }
    if ((header.flags & IPSET_FLAG_WITH_SKBINFO) != 0) {
      one.number(IPSET_ATTR_SKBMARK, uint64_t{element.skb_mark} << 32 | element.skb_mask, 8);
      one.number(IPSET_ATTR_SKBPRIO, element.skb_priority, 4);
      one.number(IPSET_ATTR_SKBQUEUE, element.skb_queue, 2);
    }
    Attributes data;
    data.nest(IPSET_ATTR_DATA, one);
    set.elements.insert(set.elements.end(), data.bytes().begin(), data.bytes().end());
  }
  return set;
}

}  // namespace hookline::test
