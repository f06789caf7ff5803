// bench/compile_bench.cpp: what it takes to turn kernel bytes into a table, and a table into a Program.
#include <algorithm>
#include <map>

#include "check.h"
#include "compile/compile.h"
#include "load/decode.h"
#include "measure/classbench.h"
#include "measure/filter_table.h"
#include "measure/table_bench.h"

namespace hookline::bench {
namespace {

const measure::FilterTable& set_of(int64_t size) {
  static std::map<int64_t, measure::FilterTable> sets;
  auto found = sets.find(size);
  if (found == sets.end())
    found =
        sets.emplace(size, value_of(measure::table_of(measure::make_filters(static_cast<size_t>(size), 1), "made"), "table"))
            .first;
  return found->second;
}

// The Program of each size answers like the truth; a verified region is what both benchmarks below make.
void check() {
  for (const int64_t size : {1, 100, 1000}) {
    const auto filters = measure::make_filters(static_cast<size_t>(size), 1);
    const auto headers = measure::aim_headers(filters, 2000, 3);
    const auto truth = measure::first_matches(filters, headers);
    const measure::FilterTable& set = set_of(size);
    const Table table = value_of(decode_table(set.raw), "decode");
    require(table.rules.size() == set.filter_of_rule.size(), "number of rules");
    const auto compiled = value_of(measure::compile_table(table), "compile");
    measure::HeaderPackets packets(headers);
    const auto entrant = measure::compiled_entrant(*compiled.program, Hook::kForward, packets.packets());
    for (size_t at = 0; at < headers.size(); at += entrant->batch())
      entrant->show(at, std::min(at + entrant->batch(), headers.size()), [&](size_t i, const Outcome& outcome) {
        require(outcome.bumps.size() == 1 && set.filter_of_rule[index_of(outcome.bumps[0].rule)] == truth[i],
                "first match of a header");
      });
  }
}

void decode(benchmark::State& state) {
  const measure::FilterTable& set = set_of(state.range(0));
  for (auto unused : state) benchmark::DoNotOptimize(decode_table(set.raw));
}
BENCHMARK(decode)->RangeMultiplier(10)->Range(1, 10000)->Unit(benchmark::kMillisecond);

void compile_program(benchmark::State& state) {
  const Table table = value_of(decode_table(set_of(state.range(0)).raw), "decode");
  size_t bytes = 0;
  for (auto unused : state) {
    const auto compiled = compile(table);
    require(compiled.has_value(), "a table that compiled before");
    bytes = compiled->program.bytes().size();
  }
  state.counters["bytes_per_rule"] = static_cast<double>(bytes) / static_cast<double>(state.range(0));
}
BENCHMARK(compile_program)->RangeMultiplier(10)->Range(1, 10000)->Unit(benchmark::kMillisecond);

void verify(benchmark::State& state) {
  const Table table = value_of(decode_table(set_of(state.range(0)).raw), "decode");
  const auto compiled = value_of(compile(table), "compile");
  for (auto unused : state) require(verify_program(compiled.program.bytes()).has_value(), "a Program that was just made");
}
BENCHMARK(verify)->RangeMultiplier(10)->Range(1, 10000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace hookline::bench

int main(int argc, char** argv) { return hookline::bench::run(argc, argv, &hookline::bench::check); }
