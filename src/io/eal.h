// io/eal.h: DPDK's environment: started once a process, quiet, without hugepages unless asked for.
//
// The main lcore floats over all cores of the process and mostly sleeps; each worker has a core of its own. EAL's log goes
// into memory and is shown only when something fails: its last lines are usually the reason.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"

namespace hookline {

struct EalOptions {
  unsigned workers = 1;
  std::vector<unsigned> cores;    // of the workers; empty: the first ones that this process may use
  bool huge_pages = false;        // false: --no-huge
  unsigned memory_mb = 256;       // heap, and without hugepages also its limit
  std::vector<std::string> pci;   // addresses to probe; empty: the PCI bus is left alone
  std::vector<std::string> more;  // further EAL arguments, as given
};

// The cores that this process may run on, ascending.
std::vector<unsigned> usable_cores();

// Checks the cores and starts EAL; once a process, from the thread that stays the main one. Problems are of kind kSystem.
Result<void> start_eal(const EalOptions& options);
// All ports and pools must be gone.
void stop_eal();

// The last lines that EAL and its drivers logged since the last call, as one line; empty where there are none.
std::string recent_eal_log();

// Runs `work` on worker lcore number `worker` (0 first). join_workers() waits until all have returned.
Result<void> launch_worker(unsigned worker, std::function<void()> work);
void join_workers();

}  // namespace hookline
