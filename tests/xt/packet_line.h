// tests/xt/packet_line.h: one packet as a golden file writes it.
//
// Words, in any order; everything has a default:
//   path=output|input|forward|prerouting   how it meets the rule (default output)
//   src= dst=                   addresses
//   ttl= tos= id= mark=         numbers; ttl is the hop limit in IPv6
//   frag=N mf                   fragment offset in 8-byte units, more fragments (IPv6: a fragment header)
//   hop=N dst-opts=N routing=N ah=N   IPv6 extension header of N bytes, in the order written, before a fragment header
//   header=KIND:HEX             likewise, with all its bytes but the first, which is the next header's kind
//   after=dst-opts=N            an extension header behind the fragment header
//   proto=N                     with no header of its own; or one of
//   tcp udp udplite sctp dccp icmp icmp6   with sport= dport= flags=SYN,ACK doff=N opts=HEX type= code= chunks=HEX
//                               (dccp: type, doff in words, the X bit as code=1; sctp: one SACK chunk without chunks=)
//   ether=HEX                   input and forward: in an Ethernet frame from this address, on another device
//   to=host|broadcast|multicast|other   to whom the frame is sent
//   data=TEXT hex=HEX           payload behind the header
//   len=N                       total length: cut off, or filled up with zero bytes; the length fields follow it
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "packet/packet.h"

namespace hookline::test {

struct LinePacket {
  Family family = Family::kIpv4;
  Hook hook = Hook::kOutput;
  std::vector<uint8_t> bytes;
  uint32_t mark = 0;
  // The Ethernet header, where it comes in a frame: six bytes each.
  std::vector<uint8_t> frame_source, frame_destination;
  [[nodiscard]] bool in_frame() const { return !frame_source.empty(); }
  [[nodiscard]] PacketType type() const;
};

// Devices and addresses of the scratch namespace: packets arrive on kInDevice and leave by kOutDevice.
inline constexpr const char* kInDevice = "hl0";
inline constexpr const char* kOutDevice = "hl1";
inline constexpr const char* kEthernetDevice = "hl2";               // for packets in frames, in place of kInDevice
inline constexpr uint8_t kEthernetAddress[6] = {2, 0, 0, 0, 0, 1};  // of it
inline constexpr const char* kLocalIpv4 = "10.0.0.254";
inline constexpr const char* kLocalIpv6 = "2001:db8::fe";

Result<LinePacket> read_packet_line(const std::string& text, Family family);

}  // namespace hookline::test
