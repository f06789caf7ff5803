// load/interfaces.h: the devices of the calling thread's network namespace, asked of rtnetlink.
#pragma once

#include <vector>

#include "base/result.h"
#include "load/snapshot.h"

namespace hookline {

// Index, name and MTU of every device, by index.
Result<std::vector<InterfaceInfo>> list_interfaces();

}  // namespace hookline
