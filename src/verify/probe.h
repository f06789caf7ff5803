// verify/probe.h: one packet of a differential run, with the way that it takes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "packet/packet.h"
#include "stack/path.h"

namespace hookline {

// The addresses of an Ethernet frame.
struct FrameAddresses {
  std::array<uint8_t, kMacBytes> destination, source;
  bool operator==(const FrameAddresses&) const = default;
};

// Every Ethernet device of a run has this one.
inline constexpr std::array<uint8_t, kMacBytes> kDeviceAddress = {2, 0, 0, 0, 0, 1};

// As a device with kDeviceAddress takes it.
inline PacketType packet_type(const FrameAddresses& frame) {
  static constexpr std::array<uint8_t, kMacBytes> kBroadcast = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
  if (frame.destination == kDeviceAddress) return PacketType::kHost;
  if (frame.destination == kBroadcast) return PacketType::kBroadcast;
  return (frame.destination[0] & 1) != 0 ? PacketType::kMulticast : PacketType::kOtherHost;
}

struct Probe {
  PathKind path = PathKind::kForward;
  InterfaceName in, out;        // the device that it comes in by (forward, input) and goes out by (forward, output)
  std::vector<uint8_t> packet;  // from the IP header
  std::optional<FrameAddresses> frame = {};  // that it comes in, where its in device is an Ethernet one
};

// Valid as long as the probe.
inline Arrival arrival_of(const Probe& probe, Family family) {
  Arrival arrival;
  arrival.bytes = probe.packet;
  arrival.family = family;
  if (probe.frame) {
    arrival.type = packet_type(*probe.frame);
    arrival.source_mac = probe.frame->source.data();
    arrival.destination_mac = probe.frame->destination.data();
  }
  return arrival;
}

}  // namespace hookline
