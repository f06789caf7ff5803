// tests/unit/odd_filters.h: ClassBench filters and headers over few values, so that overlaps and boundaries are frequent,
// and with what iptables has no words for: ports of any protocol, protocol 0, protocol masks.
#pragma once

#include <random>
#include <vector>

#include "measure/classbench.h"

namespace hookline::measure {

inline std::vector<Filter> odd_filters(size_t count, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Filter> filters(count);
  for (Filter& f : filters) {
    const auto mask = [&] { return static_cast<uint32_t>(-1) << (random() % 3); };
    f.source_mask = random() % 3 == 0 ? 0 : mask();
    f.source = static_cast<uint32_t>(random()) & 3 & f.source_mask;
    f.destination_mask = random() % 3 == 0 ? 0 : mask();
    f.destination = static_cast<uint32_t>(random()) & 3 & f.destination_mask;
    const auto range = [&](uint16_t& low, uint16_t& high) {
      switch (random() % 5) {
        case 0:
          low = high = static_cast<uint16_t>(random() % 4);
          break;
        case 1:
          high = static_cast<uint16_t>(random() % 5);
          break;
        case 2:
          low = 65533;
          break;
        case 3:
          low = 1;
          high = 65534;
          break;
        default:
          break;
      }
    };
    range(f.source_port_low, f.source_port_high);
    range(f.destination_port_low, f.destination_port_high);
    constexpr uint8_t kMasks[] = {0xff, 0xff, 0xff, 0x00, 0xf0, 0x01, 0xfe, 0x85};
    constexpr uint8_t kProtocols[] = {0, 0, 1, 6, 6, 17, 17, 33, 47, 50, 132, 136, 255};
    f.protocol_mask = kMasks[random() % std::size(kMasks)];
    f.protocol = kProtocols[random() % std::size(kProtocols)] & f.protocol_mask;
  }
  return filters;
}

inline std::vector<Header> odd_headers(size_t count, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Header> headers(count);
  for (Header& h : headers) {
    constexpr uint16_t kPorts[] = {0, 1, 2, 3, 4, 5, 1000, 65532, 65533, 65534, 65535};
    constexpr uint8_t kProtocols[] = {0, 1, 2, 6, 17, 33, 41, 47, 50, 51, 58, 132, 136, 254, 255};
    h.source = static_cast<uint32_t>(random() % 5);
    h.destination = static_cast<uint32_t>(random() % 5);
    h.source_port = kPorts[random() % std::size(kPorts)];
    h.destination_port = kPorts[random() % std::size(kPorts)];
    h.protocol = kProtocols[random() % std::size(kProtocols)];
  }
  return headers;
}

}  // namespace hookline::measure
