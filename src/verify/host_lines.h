// verify/host_lines.h: what a snapshot's host has, said again to a scratch namespace.
#pragma once

#include <span>
#include <string>

#include "packet/hooks.h"
#include "world/host_records.h"

namespace hookline {

// Lines for `ip -force -batch`: groups, addresses, routes and policy rules of one family, as far as they are about these
// devices or lo. Left out is what would decide, in place of a probe, which way it takes: refusals and routes to nowhere in
// the table `local`, local delivery by another table, realms. Policy rules keep their order but come behind the runner's
// own.
std::string host_lines(const HostRecords& records, Family family, std::span<const std::string> devices);

}  // namespace hookline
