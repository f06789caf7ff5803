// cli/bench.cpp: `hookline bench`: the speed of a rule set or of a ClassBench filter set on this machine, every engine side
// by side, answers checked first.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>

#include "classify/isa.h"
#include "cli/common.h"
#include "cli/verb.h"
#include "measure/bench.h"
#include "measure/classbench.h"

namespace hookline::cli {
namespace {

constexpr size_t kMadeHeaders = 100'000;

struct Options {
  std::string rules;
  std::string family;
  std::string filters, trace, answers;
  size_t made = 0;
  bool json = false, check_only = false;
  uint64_t seed = 1;
  unsigned rounds = 21;
};

// One line on a terminal that tells what is going on, and is gone when there is something to print.
class ProgressLine {
 public:
  ProgressLine() : on_(isatty(STDERR_FILENO) == 1) {}
  ~ProgressLine() { tell(""); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  void tell(std::string_view what) const {
    if (!on_) return;
    std::fprintf(stderr, "\r\033[K%.*s", static_cast<int>(what.size()), what.data());
    std::fflush(stderr);
  }

 private:
  bool on_;
};

Result<void> write_answers(const std::string& path, const std::vector<uint32_t>& answers) {
  std::string text;
  for (const uint32_t answer : answers) text += fmt::format("{}\n", answer);
  return write_file(path, text.data(), text.size());
}

struct FilterSet {
  std::string name;
  std::vector<measure::Filter> filters;
  std::vector<measure::Header> headers;
};

Result<FilterSet> read_filter_set(const Options& options) {
  FilterSet set;
  if (options.made != 0) {
    set.name = "made";
    set.filters = measure::make_filters(options.made, options.seed);
  } else {
    set.name = options.filters;
    const auto text = measure::read_text_file(options.filters);
    if (!text) return fail(text.error());
    auto filters = measure::parse_filters(*text, options.filters);
    if (!filters) return fail(std::move(filters.error()));
    set.filters = std::move(*filters);
  }
  if (options.trace.empty()) {
    set.headers = measure::aim_headers(set.filters, kMadeHeaders, options.seed);
    return set;
  }
  const auto text = measure::read_text_file(options.trace);
  if (!text) return fail(text.error());
  auto headers = measure::parse_trace(*text, options.trace);
  if (!headers) return fail(std::move(headers.error()));
  set.headers = std::move(*headers);
  return set;
}

Result<std::vector<measure::BenchRow>> bench_filter_set(const Options& options, const measure::BenchOptions& how) {
  const auto set = read_filter_set(options);
  if (!set) return fail(set.error());
  auto result = measure::bench_classbench(set->filters, set->headers, set->name, how);
  if (!result) return fail(std::move(result.error()));
  if (!options.answers.empty()) {
    if (result->answers.empty())
      return fail(ProblemKind::kInput, set->name, "no answers: " + result->rows.front().error, "a set that compiles");
    if (auto written = write_answers(options.answers, result->answers); !written) return fail(std::move(written.error()));
  }
  if (!options.json)
    fmt::print("{}: {} filters; {} headers {}, shuffled with seed {}\n", set->name, set->filters.size(), set->headers.size(),
               options.trace.empty() ? "aimed at them" : "of " + options.trace, options.seed);
  return std::move(result->rows);
}

Result<std::vector<measure::BenchRow>> bench_file(const Options& options, const measure::BenchOptions& how) {
  how.progress("loading " + options.rules);
  const auto rules = load_rule_set(options.rules, family_from(options.family));
  if (!rules) return fail(rules.error());
  return measure::bench_rule_set(*rules, how);
}

int bench(const Options& options) {
  const bool filter_set = !options.filters.empty() || options.made != 0;
  if (!options.filters.empty() && options.made != 0)
    return report({{ProblemKind::kUsage, "bench", "both --classbench and --made", "one of them"}});
  if (filter_set == !options.rules.empty())
    return report({{ProblemKind::kUsage, "bench", filter_set ? "FILE and a filter set" : "nothing to measure",
                    "FILE, or --classbench RULES"}});
  if (!options.trace.empty() && !filter_set)
    return report({{ProblemKind::kUsage, "--trace", "no filter set", "--classbench RULES"}});
  if (!options.answers.empty() && options.trace.empty())
    return report({{ProblemKind::kUsage, "--answers", "no trace", "--trace TRACE, whose headers are answered"}});
  if (const auto isa = force_isa_from_environment(); !isa) return report(isa.error());

  measure::BenchOptions how;
  how.seed = options.seed;
  how.rounds = options.rounds;
  how.timed = !options.check_only;
  Result<std::vector<measure::BenchRow>> rows;
  {
    const ProgressLine line;
    how.progress = [&line](std::string_view what) { line.tell(what); };
    rows = filter_set ? bench_filter_set(options, how) : bench_file(options, how);
  }
  if (!rows) return report(rows.error());
  if (options.json) {
    for (const measure::BenchRow& row : *rows) fmt::print("{}\n", measure::json_line(row));
  } else {
    fmt::print("{}", measure::text_table(*rows));
  }
  const bool wrong = std::any_of(rows->begin(), rows->end(), [](const measure::BenchRow& row) { return row.wrong != 0; });
  return wrong ? kDifference : kDone;
}

}  // namespace

void add_bench(CLI::App& app, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand(
      "bench",
      "The speed of a rule set on this machine, every engine side by side, on packets aimed at its rules; or of a "
      "ClassBench filter set, with rte_acl beside them. Answers are checked before anything is timed.");
  verb->add_option("FILE", options->rules, "A snapshot, or iptables-save text");
  add_family_option(*verb, options->family, "What iptables-save text is for");
  verb->add_option("--classbench", options->filters, "A ClassBench filter set (may be xz); its flags column is not used");
  verb->add_option("--trace", options->trace, "Its trace (may be xz); without one, headers are aimed at the filters");
  verb->add_option(
      "--answers", options->answers,
      "Write here, for each header of the trace, the 1-based number of the first filter that matches, 0 for none");
  verb->add_option("--made", options->made, "Instead of a file: a made access list of this many filters")
      ->check(CLI::Range(size_t{1}, size_t{1} << 20));
  verb->add_option("--seed", options->seed, "Of everything random")->capture_default_str();
  verb->add_option("--rounds", options->rounds, "Rounds of the contest; figures are medians")
      ->check(CLI::Range(1U, 10000U))
      ->capture_default_str();
  verb->add_flag("--check-only", options->check_only, "Check the answers, time nothing");
  verb->add_flag("--json", options->json, "One line an engine");
  verb->callback([options, &run] { run = [options] { return bench(*options); }; });
}

}  // namespace hookline::cli
