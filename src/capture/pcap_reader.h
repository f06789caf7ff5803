// capture/pcap_reader.h: packets out of a capture file: pcap (both byte orders, micro- and nanoseconds) and pcapng.
//
// libpcap parses the file; this reader adds what the stack knows of a received frame besides its IP bytes: which protocol
// the link header announced, the packet type, the capture time. Link types: Ethernet, raw IP (101, 228, 229), Linux cooked
// (113, 276).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "packet/hooks.h"
#include "packet/packet.h"

namespace hookline {

struct CapturedPacket {
  uint64_t number = 0;   // from 1, in file order
  uint64_t time_ns = 0;  // since the epoch, as captured: may run backwards
  Bytes ip;              // from the IP header to the end of the record, link padding included; valid until the next call
  enum class Kind : uint8_t {
    kIp,     // the link header announces IPv4 or IPv6, or the link type has no header
    kNotIp,  // another protocol, or a VLAN tag
    kRunt,   // too short for its link header
  };
  Kind kind = Kind::kIp;
  std::optional<Family> family;  // as the link header announces it; empty for raw IP (101): the version nibble decides
  PacketType type = PacketType::kHost;
  // Of the frame, from an Ethernet or a cooked header; null: the device was no Ethernet one, or the capture does not say.
  // Valid as long as `ip`.
  const uint8_t* source_mac = nullptr;
  const uint8_t* destination_mac = nullptr;  // likewise; a cooked header has none
  bool ethernet = false;                     // there was an Ethernet header, so a small frame may carry padding
};

class PcapReader {
 public:
  // kSystem where the file cannot be opened, kInput where it is no capture or its link type is unknown.
  static Result<PcapReader> open(const std::string& path);
  PcapReader(PcapReader&&) noexcept;
  PcapReader& operator=(PcapReader&&) noexcept;
  ~PcapReader();

  // The next packet, or nothing at the end of the file. A record that is cut, lies about its length or holds less than the
  // packet had on the wire is a kInput problem that names the packet.
  Result<std::optional<CapturedPacket>> next();

 private:
  struct State;
  explicit PcapReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace hookline
