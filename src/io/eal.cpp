// io/eal.cpp: the arguments of rte_eal_init(), its log, and the lcores.
#include "io/eal.h"

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_launch.h>
#include <rte_lcore.h>
#include <rte_log.h>
#include <sched.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>

namespace hookline {
namespace {

// What EAL logged: a memory stream that is cut whenever it is read.
struct EalLog {
  char* text = nullptr;
  size_t size = 0;
  FILE* stream = nullptr;
};
EalLog eal_log;

std::map<unsigned, std::function<void()>> worker_functions;  // stable addresses until the workers are joined

int call_worker(void* function) {
  (*static_cast<std::function<void()>*>(function))();
  return 0;
}

std::string joined(const std::vector<unsigned>& numbers) {
  std::string text;
  for (const unsigned n : numbers) text += (text.empty() ? "" : ",") + std::to_string(n);
  return text;
}

Result<std::vector<unsigned>> cores_for(const EalOptions& options) {
  const std::vector<unsigned> usable = usable_cores();
  if (options.workers > usable.size()) {
    return fail(ProblemKind::kSystem, "workers", std::to_string(options.workers),
                "at most " + std::to_string(usable.size()) + ": this process may use the cores " + joined(usable));
  }
  std::vector<unsigned> cores = options.cores;
  if (cores.empty()) cores.assign(usable.begin(), usable.begin() + options.workers);
  if (cores.size() != options.workers) {
    return fail(ProblemKind::kInput, "cores", std::to_string(cores.size()) + " cores",
                std::to_string(options.workers) + ", one a worker");
  }
  for (size_t i = 0; i < cores.size(); ++i) {
    if (std::find(usable.begin(), usable.end(), cores[i]) == usable.end()) {
      return fail(ProblemKind::kSystem, "cores", "core " + std::to_string(cores[i]),
                  "one of those that this process may use: " + joined(usable));
    }
    if (std::find(cores.begin(), cores.begin() + static_cast<ptrdiff_t>(i), cores[i]) !=
        cores.begin() + static_cast<ptrdiff_t>(i)) {
      return fail(ProblemKind::kInput, "cores", "core " + std::to_string(cores[i]) + " twice", "one core a worker");
    }
  }
  return cores;
}

}  // namespace

std::vector<unsigned> usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<unsigned> result;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return result;
  for (unsigned core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(core, &set)) result.push_back(core);
  }
  return result;
}

Result<void> start_eal(const EalOptions& options) {
  const auto cores = cores_for(options);
  if (!cores) return fail(cores.error());

  // lcore 0 is the main one, lcore w + 1 is worker w.
  std::string lcores = "0@(" + joined(usable_cores()) + ")";
  for (size_t w = 0; w < cores->size(); ++w) lcores += "," + std::to_string(w + 1) + "@" + std::to_string((*cores)[w]);
  std::vector<std::string> args = {
      "hookline", "--main-lcore", "0", "--lcores", lcores, "-m", std::to_string(options.memory_mb), "--no-telemetry"};
  if (options.huge_pages) {
    args.emplace_back("--in-memory");
  } else {
    args.emplace_back("--no-huge");
    args.emplace_back("--no-shconf");
  }
  if (options.pci.empty()) args.emplace_back("--no-pci");
  for (const std::string& address : options.pci) {
    args.emplace_back("-a");
    args.push_back(address);
  }
  args.insert(args.end(), options.more.begin(), options.more.end());

  eal_log.stream = open_memstream(&eal_log.text, &eal_log.size);
  if (eal_log.stream != nullptr) rte_openlog_stream(eal_log.stream);
  std::vector<char*> argv;
  for (std::string& arg : args) argv.push_back(arg.data());
  argv.push_back(nullptr);
  if (rte_eal_init(static_cast<int>(args.size()), argv.data()) < 0) {
    const int error = rte_errno;
    std::string found = std::string("EAL does not start: ") + rte_strerror(error);
    if (const std::string log = recent_eal_log(); !log.empty()) found += " (" + log + ")";
    return fail(ProblemKind::kSystem, "DPDK", found,
                options.huge_pages ? "free hugepages (sysctl -w vm.nr_hugepages=256) or huge_pages = false"
                                   : "enough memory for memory_mb, and valid EAL options");
  }
  return {};
}

void stop_eal() {
  rte_eal_cleanup();
  rte_openlog_stream(nullptr);
  if (eal_log.stream != nullptr) {
    std::fclose(eal_log.stream);
    std::free(eal_log.text);
    eal_log = {};
  }
}

std::string recent_eal_log() {
  if (eal_log.stream == nullptr) return {};
  std::fflush(eal_log.stream);
  const std::string text(eal_log.text, eal_log.size);
  std::rewind(eal_log.stream);
  // The last three lines that are not mere notices of success.
  std::vector<std::string> lines;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    std::string line = text.substr(begin, end - begin);
    if (!line.empty() && line.find("Detected") == std::string::npos && line.find("Selected IOVA") == std::string::npos &&
        line.find("No legacy callbacks") == std::string::npos) {
      lines.push_back(std::move(line));
    }
    begin = end + 1;
  }
  std::string result;
  for (size_t i = lines.size() > 3 ? lines.size() - 3 : 0; i < lines.size(); ++i) {
    result += (result.empty() ? "" : "; ") + lines[i];
  }
  return result;
}

Result<void> launch_worker(unsigned worker, std::function<void()> work) {
  auto& slot = worker_functions[worker] = std::move(work);
  if (const int error = rte_eal_remote_launch(call_worker, &slot, worker + 1); error != 0) {
    return fail(ProblemKind::kSystem, "worker " + std::to_string(worker),
                std::string("lcore does not start: ") + rte_strerror(-error));
  }
  return {};
}

void join_workers() {
  rte_eal_mp_wait_lcore();
  worker_functions.clear();
}

}  // namespace hookline
