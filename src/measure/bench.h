// measure/bench.h: a table's speed on this machine, every engine side by side, answers checked before anything is timed.
//
// A row is one engine. The three engines of this program get raw packets (from the IP header) and their metadata, so that
// reading the headers is part of what is timed; rte_acl gets parsed 5-tuples. All rows of a run come from one process, the
// same packets in the same order, in interleaved slices (measure/contest.h).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "load/decode.h"
#include "measure/classbench.h"

namespace hookline::measure {

struct BenchOptions {
  uint64_t seed = 1;  // of made packets and of the order of a trace
  unsigned rounds = 21;
  double slice_ms = 10;
  size_t packets = 100'000;                        // made for each path of a rule set,
  std::chrono::duration<double> traffic_time{20};  // unless that takes longer than this
  double check_seconds = 3;  // a slow engine's answers are checked, and it is timed, on what it plays in this time
  bool timed = true;         // false: answers are checked, nothing is timed
  std::function<void(std::string_view)> progress;
};

struct BenchRow {
  std::string table, family, hook;  // empty for a filter set
  std::string engine;
  std::string isa;     // "scalar", "avx2" …; empty for an engine that has no choice
  unsigned batch = 1;  // packets a call
  uint32_t rules = 0;  // of the set, or that the hook can reach
  size_t packets = 0;  // distinct packets whose answers were checked and that were timed
  std::optional<double> ns_per_packet;
  std::optional<double> times_reference;  // how many times faster than the row `reference`
  double build_ms = 0;
  uint64_t bytes = 0;
  uint64_t wrong = 0;
  std::string error;  // why there is no figure
};

struct ClassBenchResult {
  std::vector<BenchRow> rows;
  std::vector<uint32_t> answers;  // by header, as `compiled` found them; empty where it has an error
};

// `place` names the filter set in errors. The headers are played in an order shuffled by the seed.
Result<ClassBenchResult> bench_classbench(std::span<const Filter> filters, std::span<const Header> headers,
                                          const std::string& place, const BenchOptions& options);

// Every hook that has rules, of every table. The truth is the reference engine's whole outcome. Refuses what refusals()
// names.
Result<std::vector<BenchRow>> bench_rule_set(const RuleSet& rules, const BenchOptions& options);

std::string json_line(const BenchRow& row);              // without a newline
std::string text_table(std::span<const BenchRow> rows);  // for people

}  // namespace hookline::measure
