// cli/run.h: `hookline run`: the DPDK pipeline, from the config to the final report.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace hookline::cli {

// What the command line may change of the config.
struct RunArguments {
  std::string config;
  std::vector<std::string> rules;  // instead of the config's; relative to the working directory; "none" as there
  std::optional<uint64_t> frames;
  std::optional<double> seconds;
  bool json = false;
  bool check = false;  // read the config and compile the rules, and stop before any port is opened
};

// Runs until a limit, SIGINT or SIGTERM. Success is exit code 0 of the program. Uses EAL, so at most once a process.
Result<void> run_pipeline(const RunArguments& arguments);

}  // namespace hookline::cli
