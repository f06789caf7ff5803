// cli/run_report.h: what `hookline run` tells while it runs and when it ends.
#pragma once

#include <string>
#include <vector>

#include "face/build.h"
#include "io/wires.h"
#include "pipeline/publish.h"

namespace hookline::cli {

struct RunReport {
  double seconds = 0;  // from the start to the last frame
  Totals totals;
  std::vector<GenerationCounts> generations;   // oldest first
  std::vector<std::vector<BuiltTable>> built;  // parallel to `generations`
  bool zero_rules = false;                     // list rules that counted nothing
};

// The final report for people: ports, verdicts, rules, rate.
std::string report_text(const RunReport& report);
// The same as one line of JSON.
std::string report_json(const RunReport& report);

// One line about the time since `before`, for a terminal; no newline.
std::string status_line(double now_seconds, double interval_seconds, const Totals& before, const Totals& now,
                        uint64_t generation);

}  // namespace hookline::cli
