#include "verify/packet_fields.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/checksum.h"

namespace hookline {
namespace {

void append_l4(const Fields& f, std::vector<uint8_t>& bytes) {
  const size_t at = bytes.size();
  const auto grow = [&](size_t size) {
    bytes.resize(at + size);
    return bytes.data() + at;
  };
  if (has_ports(f.protocol)) {
    const size_t size = f.protocol == kTcp ? 20 : f.protocol == kSctp || f.protocol == kDccp ? 12 : 8;
    uint8_t* p = grow(size);
    store_be16(p, f.source_port);
    store_be16(p + 2, f.destination_port);
    if (f.protocol == kTcp) {
      store_be32(p + 4, 0x01020304);
      p[12] = static_cast<uint8_t>(f.data_offset.value_or(static_cast<uint8_t>((20 + f.tcp_options.size()) / 4)) << 4);
      p[13] = f.tcp_flags;
      store_be16(p + 14, 0x2000);
      bytes.insert(bytes.end(), f.tcp_options.begin(), f.tcp_options.end());
    }
  } else if (f.protocol == kIcmp || f.protocol == kIcmp6) {
    uint8_t* p = grow(8);
    p[0] = f.icmp_type;
    p[1] = f.icmp_code;
  }
}

// Sets the total length by payload bytes, and puts the patterns in. The L4 header begins at `l4`.
void finish(const Fields& f, size_t l4, std::vector<uint8_t>& bytes, Random& random) {
  for (const auto& [offset, pattern] : f.l4_patterns) {
    bytes.resize(std::max(bytes.size(), l4 + offset + pattern.size()));
    std::copy(pattern.begin(), pattern.end(), bytes.begin() + static_cast<std::ptrdiff_t>(l4 + offset));
  }
  const size_t wanted = f.length ? *f.length : bytes.size() + f.payload;
  size_t size = std::max(wanted, bytes.size());
  for (const auto& [offset, pattern] : f.patterns) size = std::max(size, offset + pattern.size());
  size = std::min<size_t>(size, 65535);
  const size_t headers = bytes.size();
  bytes.resize(size);
  for (size_t i = headers; i < size; ++i) bytes[i] = static_cast<uint8_t>('a' + below(random, 26));
  if (f.length && *f.length < headers) bytes.resize(std::max<size_t>(*f.length, 20));
  for (const auto& [offset, pattern] : f.patterns)
    if (offset + pattern.size() <= bytes.size()) std::copy(pattern.begin(), pattern.end(), bytes.begin() + offset);
}

// Writes what makes the whole sum 0 where the protocol has its checksum; others get it into their second word.
void seal_upper(const Fields& f, bool v4, size_t l4, std::vector<uint8_t>& bytes) {
  const size_t at = l4 + (f.protocol == kTcp ? 16 : f.protocol == kUdp ? 6 : 2);
  if (at + 2 > bytes.size()) return;
  store_be16(bytes.data() + at, 0);
  const size_t size = bytes.size() - l4;
  uint32_t sum = 0;
  if (!v4 || f.protocol == kTcp || f.protocol == kUdp) {
    sum = static_cast<uint16_t>(~internet_checksum({bytes.data() + (v4 ? 12 : 8), v4 ? size_t{8} : size_t{32}}));
    sum += f.protocol + static_cast<uint32_t>(size);
  }
  sum += static_cast<uint16_t>(~internet_checksum({bytes.data() + l4, size}));
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  const auto checksum = static_cast<uint16_t>(~sum);
  store_be16(bytes.data() + at, checksum == 0 && f.protocol == kUdp ? uint16_t{0xffff} : checksum);
}

}  // namespace

void seal_ipv4(std::vector<uint8_t>& bytes) {
  const size_t header = std::min<size_t>((bytes[0] & 0xfU) * 4U, bytes.size());
  store_be16(bytes.data() + 10, 0);
  store_be16(bytes.data() + 10, internet_checksum({bytes.data(), header}));
}

std::vector<uint8_t> ipv4_bytes(const Fields& f, Random& random) {
  std::vector<uint8_t> bytes(20);
  for (const uint8_t option : f.ip_options) bytes.push_back(option);
  bytes[0] = static_cast<uint8_t>(0x40 | bytes.size() / 4);
  bytes[1] = f.tos;
  store_be16(bytes.data() + 4, f.id);
  store_be16(bytes.data() + 6, static_cast<uint16_t>((f.dont_fragment ? 0x4000 : 0) | (f.more_fragments ? 0x2000 : 0) |
                                                     (f.reserved_flag ? 0x8000 : 0) | f.fragment_offset));
  bytes[8] = f.ttl;
  bytes[9] = f.protocol;
  std::copy_n(f.source.begin(), 4, bytes.begin() + 12);
  std::copy_n(f.destination.begin(), 4, bytes.begin() + 16);
  const size_t l4 = bytes.size();
  append_l4(f, bytes);
  finish(f, l4, bytes, random);
  store_be16(bytes.data() + 2, static_cast<uint16_t>(bytes.size()));
  if (f.right_checksum) seal_upper(f, true, l4, bytes);
  seal_ipv4(bytes);
  return bytes;
}

std::vector<uint8_t> ipv6_bytes(const Fields& f, Random& random) {
  std::vector<uint8_t> bytes(40);
  bytes[0] = static_cast<uint8_t>(0x60 | f.tos >> 4);
  bytes[1] = static_cast<uint8_t>(f.tos << 4);
  bytes[7] = f.ttl;
  std::copy(f.source.begin(), f.source.end(), bytes.begin() + 8);
  std::copy(f.destination.begin(), f.destination.end(), bytes.begin() + 24);
  size_t next_header_at = 6;
  for (const auto& [kind, body] : f.extensions) {
    const size_t at = bytes.size();
    bytes[next_header_at] = kind;
    bytes.resize(at + (!body.empty() ? 1 + body.size() : kind == kAh ? 12 : 8));
    uint8_t* p = bytes.data() + at;
    if (!body.empty()) {
      std::copy(body.begin(), body.end(), p + 1);
    } else if (kind == kIpv6Fragment) {
      store_be16(p + 2, static_cast<uint16_t>(f.fragment_offset << 3 | (f.more_fragments ? 1 : 0)));
      store_be32(p + 4, f.id);
    } else if (kind == kAh) {
      p[1] = 1;  // (1 + 2) * 4 bytes
    } else if (kind == kIpv6Options || kind == kHopByHop) {
      p[2] = 1;  // PadN
      p[3] = 4;
    } else if (kind == kIpv6Route) {
      p[2] = 4;  // an unknown type with no segments left
    }
    next_header_at = at;
  }
  bytes[next_header_at] = f.protocol;
  const size_t l4 = bytes.size();
  append_l4(f, bytes);
  finish(f, l4, bytes, random);
  if (bytes.size() < 40) bytes.resize(40);
  store_be16(bytes.data() + 4, static_cast<uint16_t>(bytes.size() - 40));
  if (f.right_checksum) seal_upper(f, false, l4, bytes);
  return bytes;
}

}  // namespace hookline
