// load/host_dump.h: devices, addresses, routes and policy rules of the calling thread's network namespace, asked of
// rtnetlink.
#pragma once

#include "base/result.h"
#include "world/host_records.h"

namespace hookline {

// Both families. Each list is one dump of the kernel's; one that changes while it is read is read again.
Result<HostRecords> dump_host();

// The same in a namespace that was just set up: the kernel puts IPv6 addresses to use in the background. Waits, for a moment
// at most, until those of running devices have their routes and two dumps are equal.
Result<HostRecords> dump_settled_host();

}  // namespace hookline
