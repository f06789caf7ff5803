// load/host_dump.h: devices, addresses, routes and policy rules of the calling thread's network namespace, asked of
// rtnetlink.
#pragma once

#include "base/result.h"
#include "world/host_records.h"

namespace hookline {

// Both families. Each list is one dump of the kernel's; one that changes while it is read is read again.
Result<HostRecords> dump_host();

}  // namespace hookline
