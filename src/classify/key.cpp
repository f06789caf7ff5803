// classify/key.cpp: packet bytes -> Key.
//
// The shape test is strict on purpose: whatever could make the kernel hotdrop, or make two rules see different headers in
// one packet, is refused here, and refused packets cost only time.
// Kernel: ip_packet_match(), ipv6_find_hdr(), and the header checks of xt_tcpudp, xt_multiport, ip(6)t_icmp, xt_sctp,
// xt_dccp.
#include "classify/key.h"

#include <netinet/in.h>

#include <array>

#include "base/bytes.h"
#include "base/fault.h"

namespace hookline {
namespace {

uint32_t& at(Key& key, Dimension dimension) { return key.word[static_cast<unsigned>(dimension)]; }

// What the key takes from an upper header. Tables instead of branches: which protocol comes next is what a branch
// predictor cannot know.
struct UpperKind {
  uint8_t need = 0;  // bytes that must be there
  uint8_t low_offset = 0;
  uint8_t low_mask = 0;
  uint8_t high_mask = 0;  // of byte 0
  uint16_t port_mask = 0;
};
constexpr std::array<UpperKind, 256> kUpperKinds = [] {
  std::array<UpperKind, 256> kinds;
  kinds[IPPROTO_TCP] = {.need = 20, .low_offset = 13, .low_mask = 0xff, .port_mask = 0xffff};
  for (const unsigned protocol : {IPPROTO_UDP, IPPROTO_UDPLITE}) kinds[protocol] = {.need = 8, .port_mask = 0xffff};
  for (const unsigned protocol : {IPPROTO_SCTP, IPPROTO_DCCP}) kinds[protocol] = {.need = 12, .port_mask = 0xffff};
  for (const unsigned protocol : std::array<unsigned, 2>{IPPROTO_ICMP, IPPROTO_ICMPV6})
    kinds[protocol] = {.need = 8, .low_offset = 1, .low_mask = 0xff, .high_mask = 0xff};
  return kinds;
}();
constexpr uint8_t kNoHeader[4] = {};  // read where nothing is needed

// Fills ports and kMeta from the upper header at `l4`. False: it is not complete.
[[gnu::always_inline]] inline bool parse_upper(const Packet& packet, uint32_t protocol, uint32_t l4, Key& key) {
  const UpperKind& kind = kUpperKinds[protocol];
  const uint32_t left = packet.length - l4;  // l4 <= length
  if (left < kind.need) return false;
  const uint8_t* header = kind.need != 0 ? packet.data + l4 : kNoHeader;
  uint32_t low = header[kind.low_offset] & kind.low_mask;
  if (HOOKLINE_FAULT("compiled:tcp_flags_lost") && protocol == IPPROTO_TCP) low = 0;
  if (HOOKLINE_FAULT("compiled:icmp_code_ignored") && protocol == IPPROTO_ICMP) low = 0;
  const uint32_t high = header[0] & kind.high_mask;
  at(key, Dimension::kSourcePort) = load_be16(header) & kind.port_mask;
  at(key, Dimension::kDestinationPort) =
      load_be16(header + (HOOKLINE_FAULT("compiled:source_port_twice") ? 0 : 2)) & kind.port_mask;
  at(key, Dimension::kMeta) = protocol << kMetaProtocolShift | low << kMetaL4LowShift | high << kMetaL4HighShift;
  return true;
}

bool parse_ipv4(const Packet& packet, Key& key, Offsets& offsets) {
  if (packet.length < 20) return false;
  const uint8_t* ip = packet.data;
  const uint32_t header_length = (ip[0] & 0xfU) * 4;
  if (header_length < 20 || header_length > packet.length) return false;
  for (unsigned i = 1; i < 4; ++i) {
    key.word[static_cast<unsigned>(Dimension::kSource0) + i] = 0;
    key.word[static_cast<unsigned>(Dimension::kDestination0) + i] = 0;
  }
  at(key, Dimension::kSource0) = load_be32(ip + 12);
  at(key, Dimension::kDestination0) = load_be32(ip + 16);
  at(key, Dimension::kLength) = load_be16(ip + 2);
  at(key, Dimension::kTtl) = ip[8] + (HOOKLINE_FAULT("compiled:ttl_off_by_one") ? 1U : 0U);
  const uint32_t protocol = ip[9];
  offsets.l4 = header_length;
  offsets.fragment = load_be16(ip + 6) & 0x1fffU;
  if (offsets.fragment != 0) {
    // tcp_mt() takes an offset of 1 for an attack on the flags and hotdrops.
    if (offsets.fragment == 1 && protocol == IPPROTO_TCP && !HOOKLINE_FAULT("compiled:offset_one_passes")) return false;
    at(key, Dimension::kSourcePort) = 0;
    at(key, Dimension::kDestinationPort) = 0;
    at(key, Dimension::kMeta) =
        protocol << kMetaProtocolShift |
        (HOOKLINE_FAULT("compiled:later_fragment_looks_whole") ? 0 : kShapeLaterFragment << kMetaShapeShift);
    return true;
  }
  return parse_upper(packet, protocol, header_length, key);
}

bool parse_ipv6(const Packet& packet, Key& key, Offsets& offsets) {
  if (packet.length < 40) return false;
  const uint8_t* ip = packet.data;
  for (unsigned i = 0; i < 4; ++i) {
    key.word[static_cast<unsigned>(Dimension::kSource0) + i] = load_be32(ip + 8 + 4 * i);
    key.word[static_cast<unsigned>(Dimension::kDestination0) + i] = load_be32(ip + 24 + 4 * i);
  }
  at(key, Dimension::kLength) = packet.length;
  at(key, Dimension::kTtl) = ip[7];
  uint32_t next = ip[6];
  uint32_t l4 = 40;
  for (;;) {
    uint32_t length = 0;
    if (next == IPPROTO_HOPOPTS || next == IPPROTO_DSTOPTS || next == IPPROTO_ROUTING || next == IPPROTO_AH ||
        next == IPPROTO_FRAGMENT) {
      if (packet.length - l4 < 4) return false;
      const uint8_t* header = packet.data + l4;
      length = (header[1] + 1U) * 8;
      if (next == IPPROTO_AH) length = (header[1] + 2U) * 4;
      if (next == IPPROTO_FRAGMENT) {
        if ((load_be16(header + 2) & ~7U) != 0) return false;
        length = 8;
      }
      if (packet.length - l4 < length) return false;
      next = header[0];
      l4 += length;
      continue;
    }
    break;
  }
  offsets.l4 = l4;
  offsets.fragment = 0;
  return parse_upper(packet, next, l4, key);
}

}  // namespace

bool parse_key(const Packet& packet, Key& key, Offsets& offsets) {
  at(key, Dimension::kMark) = packet.mark;
  return packet.family == Family::kIpv4 ? parse_ipv4(packet, key, offsets) : parse_ipv6(packet, key, offsets);
}

}  // namespace hookline
