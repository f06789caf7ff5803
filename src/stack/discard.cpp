#include "stack/discard.h"

#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <netinet/ip.h>

#include <algorithm>
#include <cstring>

#include "base/bytes.h"
#include "base/checksum.h"
#include "world/host_view.h"

namespace hookline {
namespace {

const InterfaceName kLoopback = InterfaceName::from("lo");

bool on_loopback(const Packet& packet) { return *packet.in == kLoopback; }

uint32_t ipv4_header_length(const uint8_t* header) { return (header[0] & 0xfU) * 4; }

uint16_t ipv4_sum(const uint8_t* header) { return internet_checksum({header, ipv4_header_length(header)}); }

Discard receive_ipv4(Packet& packet) {
  const uint8_t* header = packet.data;
  if (packet.length < 20) return Discard::kHeader;
  if (header[0] >> 4 != 4 || (header[0] & 0xf) < 5) return Discard::kHeader;
  const uint32_t header_length = ipv4_header_length(header);
  if (packet.length < header_length) return Discard::kHeader;
  if (ipv4_sum(header) != 0) return Discard::kHeader;
  const uint32_t total = load_be16(header + 2);
  if (packet.length < total || total < header_length) return Discard::kHeader;
  packet.length = total;
  return Discard::kNone;
}

// ---- IPv6 addresses ---------------------------------------------------------------------------------------------------

bool all_zero(const uint8_t* p, size_t size) {
  return std::all_of(p, p + size, [](uint8_t byte) { return byte == 0; });
}
bool ipv6_unspecified(const uint8_t* address) { return all_zero(address, 16); }
bool ipv6_loopback(const uint8_t* address) { return all_zero(address, 15) && address[15] == 1; }
bool ipv6_multicast(const uint8_t* address) { return address[0] == 0xff; }
bool ipv6_link_local(const uint8_t* address) { return address[0] == 0xfe && (address[1] & 0xc0) == 0x80; }
unsigned multicast_scope(const uint8_t* address) { return address[1] & 0xfU; }

// The hop-by-hop options, whose header lies at byte 40; false: dropped. A jumbo payload sets packet.length.
bool parse_hop_by_hop(Packet& packet) {
  constexpr uint32_t kStart = 40;
  constexpr int kMaxOptions = 8;       // net.ipv6.max_hbh_number
  constexpr uint32_t kMaxPadding = 7;  // between two options
  if (packet.length < kStart + 8) return false;
  const uint8_t* p = packet.data;
  uint32_t left = (p[kStart + 1] + 1U) * 8;
  if (packet.length < kStart + left) return false;
  uint32_t at = kStart + 2;
  left -= 2;
  uint32_t padding = 0;
  int options = 0;
  while (left > 0) {
    const uint8_t type = p[at];
    if (type == 0) {  // PAD1
      if (++padding > kMaxPadding) return false;
      ++at;
      --left;
      continue;
    }
    if (left < 2) return false;
    const uint32_t data = p[at + 1], size = data + 2;
    if (size > left) return false;
    if (type == 1) {  // PADN
      padding += size;
      if (padding > kMaxPadding || !all_zero(p + at + 2, data)) return false;
    } else {
      if (++options > kMaxOptions) return false;
      switch (type) {
        case 0x05:  // router alert
          if (data != 2) return false;
          break;
        case 0x31:  // IOAM: ignored where it is not enabled, but it must be aligned
          if (at % 4 != 0) return false;
          break;
        case 0xc2: {  // jumbo payload
          if (data != 4 || at % 4 != 2) return false;
          const uint32_t payload = load_be32(p + at + 2);
          if (payload <= 0xffff || load_be16(p + 4) != 0 || payload > packet.length - kStart) return false;
          packet.length = kStart + payload;
          break;
        }
        case 0x07:  // CALIPSO: no label is defined
          return false;
        default:  // unknown: the two high bits say whether it may be skipped
          if ((type & 0xc0) != 0) return false;
      }
      padding = 0;
    }
    at += size;
    left -= size;
  }
  return true;
}

Discard receive_ipv6(Packet& packet) {
  const uint8_t* header = packet.data;
  if (packet.length < 40 || header[0] >> 4 != 6) return Discard::kHeader;
  const uint8_t *source = header + 8, *destination = header + 24;
  const bool loopback = on_loopback(packet);
  if (!loopback && (ipv6_loopback(source) || ipv6_loopback(destination))) return Discard::kHeader;
  if (ipv6_multicast(destination)) {
    const unsigned scope = multicast_scope(destination);
    if (scope == 0 || (scope == 1 && !loopback && packet.type != PacketType::kLoopback)) return Discard::kHeader;
  }
  if (ipv6_multicast(source)) return Discard::kHeader;
  const uint32_t payload = load_be16(header + 4);
  const bool hop_by_hop = header[6] == IPPROTO_HOPOPTS;
  if (payload != 0 || !hop_by_hop) {  // 0 in front of hop-by-hop options may be a jumbogram
    if (payload + 40 > packet.length) return Discard::kHeader;
    packet.length = payload + 40;
  }
  if (hop_by_hop && !parse_hop_by_hop(packet)) return Discard::kHeader;
  return Discard::kNone;
}

// ---- IPv4 behind PREROUTING ---------------------------------------------------------------------------------------------

Discard ipv4_martian(const uint8_t* header) {
  constexpr uint32_t kBroadcast = 0xffffffff, kHostLoopback = 0x7f000001;
  const uint32_t source = load_be32(header + 12), destination = load_be32(header + 16);
  const auto is_multicast = [](uint32_t address) { return address >> 28 == 0xe; };
  const auto is_loopback = [](uint32_t address) { return address >> 24 == 127; };
  if (is_multicast(source) || source == kBroadcast) return Discard::kMartian;
  if (is_multicast(destination)) {
    if (is_loopback(source)) return Discard::kMartian;
    const bool local_group = destination >> 8 == 0xe00000;
    return source == 0 && !local_group && header[9] != IPPROTO_IGMP ? Discard::kMartian : Discard::kNone;
  }
  if (destination == kBroadcast || (source == 0 && destination == 0)) {
    // The loopback device's own address is the one loopback source that the test for local sources finds.
    return source == kHostLoopback ? Discard::kMartian : Discard::kNone;
  }
  const bool martian = source == 0 || destination == 0 || is_loopback(destination) || is_loopback(source);
  return martian ? Discard::kMartian : Discard::kNone;
}

// CIPSO needs a label definition on the host, and source routes a sysctl: both are refused.
bool process_ipv4_options(uint8_t* header, uint64_t time_ns) {
  uint8_t* option = header + 20;
  uint32_t left = ipv4_header_length(header) - 20;
  bool record_route_seen = false, timestamp_seen = false;
  const auto milliseconds_of_day = static_cast<uint32_t>(time_ns / 1'000'000 % 86'400'000);
  while (left > 0) {
    if (option[0] == IPOPT_EOL) {
      std::memset(option, 0, left);
      return true;
    }
    if (option[0] == IPOPT_NOP) {
      ++option;
      --left;
      continue;
    }
    if (left < 2) return false;
    const uint32_t size = option[1];
    if (size < 2 || size > left) return false;
    switch (option[0]) {
      case IPOPT_SSRR:
      case IPOPT_LSRR:
      case 0x86:  // CIPSO
        return false;
      case IPOPT_RR:
        if (record_route_seen || size < 3 || option[2] < 4) return false;
        if (option[2] <= size) {
          if (option[2] + 3U > size) return false;
          option[2] = static_cast<uint8_t>(option[2] + 4);
        }
        record_route_seen = true;
        break;
      case IPOPT_TIMESTAMP: {
        if (timestamp_seen || size < 4 || option[2] < 5) return false;
        const unsigned kind = option[3] & 0xfU;
        if (option[2] <= size) {
          if (option[2] + 3U > size) return false;
          if (kind == IPOPT_TS_TSONLY) {
            store_be32(option + option[2] - 1, milliseconds_of_day);
            option[2] = static_cast<uint8_t>(option[2] + 4);
          } else if (kind == IPOPT_TS_TSANDADDR) {
            if (option[2] + 7U > size) return false;
            store_be32(option + option[2] + 3, milliseconds_of_day);
            option[2] = static_cast<uint8_t>(option[2] + 8);
          } else if (kind == IPOPT_TS_PRESPEC) {
            // An entry for another host is left alone; which addresses are this host's is not known here.
            if (option[2] + 7U > size) return false;
          }
        } else if (kind != IPOPT_TS_PRESPEC) {
          if (option[3] >> 4 == 15) return false;
          option[3] = static_cast<uint8_t>(option[3] + 0x10);
        }
        timestamp_seen = true;
        break;
      }
      case IPOPT_RA:
        if (size < 4) return false;
        break;
      default:
        break;
    }
    option += size;
    left -= size;
  }
  return true;
}

}  // namespace

std::string_view discard_text(Discard discard) {
  switch (discard) {
    case Discard::kNone:
      return "not discarded";
    case Discard::kPacketType:
      return "the frame was not for this host alone";
    case Discard::kHeader:
      return "malformed IP header, length or address";
    case Discard::kMartian:
      return "martian source or destination address";
    case Discard::kOptions:
      return "malformed or refused IP options";
    case Discard::kTtl:
      return "TTL or hop limit used up";
    case Discard::kTooBig:
      return "larger than the MTU and not to be fragmented";
    case Discard::kReassembly:
      return "a fragment that does not fit its datagram";
  }
  return {};
}

void write_ipv4_checksum(uint8_t* header) {
  store_be16(header + 10, 0);
  store_be16(header + 10, ipv4_sum(header));
}

Discard receive(Packet& packet) {
  if (packet.type == PacketType::kOtherHost) return Discard::kPacketType;
  const uint32_t with_padding = packet.length;
  const Discard why = packet.family == Family::kIpv4 ? receive_ipv4(packet) : receive_ipv6(packet);
  packet.room += with_padding - packet.length;
  return why;
}

Discard route(Packet& packet, uint64_t time_ns, const HostView* host, const InterfaceName& out) {
  if (packet.family == Family::kIpv6) return Discard::kNone;
  // A looped-back packet brings its route along, so nobody asks whether its addresses may come from a wire.
  if (!on_loopback(packet)) {
    if (const Discard martian = ipv4_martian(packet.data); martian != Discard::kNone) return martian;
    const uint8_t* header = packet.data;
    const uint8_t *source = header + 12, *destination = header + 16;
    if (host != nullptr && load_be32(source) != 0 &&
        host->ipv4_martian_source(
            source, destination[0] >> 4 == 0xe || host->ipv4_type(destination) == RTN_BROADCAST ? nullptr : destination,
            header[1], host->index_of_device(*packet.in), host->index_of_device(out)))
      return Discard::kMartian;
  }
  if ((packet.data[0] & 0xf) > 5 && !process_ipv4_options(packet.data, time_ns)) return Discard::kOptions;
  return Discard::kNone;
}

Discard forward(Packet& packet, uint32_t mtu) {
  uint8_t* header = packet.data;
  if (packet.family == Family::kIpv4) {
    // Multicast is forwarded by another way than ip_forward(), which insists on a frame for this host alone.
    if (packet.type != PacketType::kHost && header[16] >> 4 != 0xe) return Discard::kPacketType;
    if (header[8] <= 1) return Discard::kTtl;
    if (packet.length > mtu && (header[6] & 0x40) != 0) return Discard::kTooBig;
    --header[8];
    // RFC 1141: the TTL is the high byte of its checksum word.
    uint32_t sum = load_be16(header + 10) + 0x100U;
    sum += sum >= 0xffff ? 1 : 0;
    store_be16(header + 10, static_cast<uint16_t>(sum));
    return Discard::kNone;
  }
  const uint8_t *source = header + 8, *destination = header + 24;
  if (packet.type != PacketType::kHost && !ipv6_multicast(destination)) return Discard::kPacketType;
  if (header[7] <= 1) return Discard::kTtl;
  // A packet that goes back where it came from keeps its scope; any other may not carry these sources.
  const bool back = !packet.in->absent() && *packet.in == *packet.out;
  if (!back && (ipv6_unspecified(source) || ipv6_loopback(source) || ipv6_link_local(source))) return Discard::kMartian;
  if (packet.length > std::max(mtu, 1280U)) return Discard::kTooBig;
  --header[7];
  return Discard::kNone;
}

void forwarded(Packet& packet) {
  if (packet.family == Family::kIpv4 && (packet.data[0] & 0xf) > 5) write_ipv4_checksum(packet.data);
}

}  // namespace hookline
