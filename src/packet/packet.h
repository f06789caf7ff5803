// packet/packet.h: one packet as a hook sees it: what the kernel keeps in an sk_buff and an nf_hook_state.
//
// The bytes start at the IP header and are contiguous; `length` is skb->len (padding already trimmed). Engines read these
// bytes themselves: nothing parsed is kept here, so that two engines share no parser. Metadata that no header carries
// (interfaces, mark, packet type, link address) stands beside the bytes.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "packet/hooks.h"

namespace hookline {

struct Effects;  // packet/effects.h

// A device name as the kernel compares it: 16 bytes, zero-padded. All zero: no device at this hook.
struct InterfaceName {
  alignas(8) std::array<char, 16> bytes{};

  // Names longer than 15 bytes are cut, as the kernel's own fields would.
  static InterfaceName from(std::string_view name) {
    InterfaceName result;
    const size_t n = name.size() < 15 ? name.size() : 15;
    if (n != 0) std::memcpy(result.bytes.data(), name.data(), n);
    return result;
  }
  [[nodiscard]] std::string_view view() const { return {bytes.data(), strnlen(bytes.data(), bytes.size())}; }
  [[nodiscard]] bool absent() const { return bytes[0] == 0; }
  // Two words; std::array's own comparison is a call.
  bool operator==(const InterfaceName& other) const {
    uint64_t a[2], b[2];
    std::memcpy(a, bytes.data(), sizeof a);
    std::memcpy(b, other.bytes.data(), sizeof b);
    return ((a[0] ^ b[0]) | (a[1] ^ b[1])) == 0;
  }
};

inline constexpr InterfaceName kNoInterface{};

// skb->pkt_type, PACKET_* of linux/if_packet.h.
enum class PacketType : uint8_t { kHost = 0, kBroadcast = 1, kMulticast = 2, kOtherHost = 3, kOutgoing = 4, kLoopback = 5 };

inline constexpr uint32_t kMacBytes = 6;

// The socket of this host that a packet was sent by: a raw one, of a process without supplementary groups and network class.
struct Sender {
  uint32_t uid = 0, gid = 0;
};

struct Packet {
  uint8_t* data = nullptr;  // IP header; `length` readable and writeable bytes
  uint32_t length = 0;      // skb->len in bytes: what a rule's byte counter adds
  Family family = Family::kIpv4;
  PacketType type = PacketType::kHost;
  const InterfaceName* in = &kNoInterface;   // never null
  const InterfaceName* out = &kNoInterface;  // never null
  uint32_t mark = 0;                         // skb->mark
  // The source address of the Ethernet frame that it came in, 6 bytes; null: it came in by another kind of device, or was
  // made here. Kernel: eth_hdr(skb)->h_source where skb->dev is an Ethernet device and its header is still there.
  const uint8_t* source_mac = nullptr;
  // The destination address of that frame, likewise; null also where the capture does not keep it (Linux cooked).
  const uint8_t* destination_mac = nullptr;
  const Sender* sender = nullptr;  // null: no socket of this host is known to have to do with it
  // The wall clock when its hooks are asked, in nanoseconds since 1970; never earlier than that of the packet before.
  uint64_t time_ns = 0;
  // The least MTU of the routes to its destination and back to its source: what a TCP connection can use. Where there is no
  // route yet, nothing asks for it. Kernel: dst_mtu(), tcpmss_reverse_mtu().
  uint32_t mtu = 0xffff;
  uint32_t room = 0;  // bytes behind `length` that may be used: a target may make the packet longer. Kernel: skb_tailroom()
  Effects* effects = nullptr;  // where targets put what they say and send; null: nobody listens
};

}  // namespace hookline
