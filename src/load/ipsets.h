// load/ipsets.h: ip sets of the running kernel: what rules name is read, and the same sets are made elsewhere.
//
// All calls work in the network namespace of the calling thread. Kernel: net/netfilter/ipset/ip_set_core.c, the commands of
// NFNL_SUBSYS_IPSET.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "ipset/contents.h"
#include "ipset/sets.h"
#include "load/snapshot.h"

namespace hookline {

// The sets that rules of these tables name, and those that such a set lists, by index. A set that is renamed, swapped or
// changed during the reading is read again.
Result<std::vector<ipset::RawSet>> fetch_sets(std::span<const RawTable> tables);

// What rules do with the sets of a snapshot, and the sets themselves, ready to be asked; null where it holds none.
std::shared_ptr<const ipset::SharedSets> shared_sets(const Snapshot& snapshot);

// Makes each set, with its elements; what the namespace has of these names already is an error.
Result<void> create_sets(std::span<const ipset::RawSet> sets);

// Index of each set that exists here, by name; a name without a set is left out.
Result<std::map<std::string, uint16_t>> set_indices(std::span<const ipset::RawSet> sets);

}  // namespace hookline
