// io/frames.h: whole link-layer frames of a capture file, to fill a device with that makes none of its own.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace hookline {

// Every record of an Ethernet capture, in order. At least one.
Result<std::vector<std::vector<uint8_t>>> read_frames(const std::string& path);

}  // namespace hookline
