// verify/probe.h: one packet of a differential run, with the way that it takes.
#pragma once

#include <cstdint>
#include <vector>

#include "packet/packet.h"
#include "stack/path.h"

namespace hookline {

struct Probe {
  PathKind path = PathKind::kForward;
  InterfaceName in, out;        // the device that it comes in by (forward, input) and goes out by (forward, output)
  std::vector<uint8_t> packet;  // from the IP header
};

}  // namespace hookline
