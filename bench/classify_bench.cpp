// bench/classify_bench.cpp: nanoseconds a packet of each engine on made access lists of 1 to 10,000 filters.
//
// Raw packets in, outcomes out; 100,000 headers in shuffled order, so that no branch predictor learns the trace. One
// iteration is one pass over the trace; `items_per_second` counts packets. Filter with
// `--benchmark_filter=compiled/10000`.
#include <algorithm>
#include <map>
#include <memory>

#include "check.h"
#include "load/decode.h"
#include "measure/classbench.h"
#include "measure/filter_table.h"
#include "measure/table_bench.h"

namespace hookline::bench {
namespace {

constexpr size_t kHeaders = 100'000;
constexpr int64_t kSizes[] = {1, 10, 100, 1000, 10000};

struct Scene {
  Table table;
  std::vector<uint32_t> filter_of_rule, truth;
  std::unique_ptr<measure::HeaderPackets> packets;
  measure::CompiledTable compiled;
};

Scene make_scene(size_t filters_wanted) {
  const auto filters = measure::make_filters(filters_wanted, 1);
  const auto headers = measure::aim_headers(filters, kHeaders, 2);
  auto filter_table = value_of(measure::table_of(filters, "made"), "table");
  Scene scene;
  scene.table = value_of(decode_table(filter_table.raw), "decode");
  scene.filter_of_rule = std::move(filter_table.filter_of_rule);
  scene.truth = measure::first_matches(filters, headers);
  scene.packets = std::make_unique<measure::HeaderPackets>(headers);
  scene.compiled = value_of(measure::compile_table(scene.table), "compile");
  return scene;
}

Scene& scene_of(int64_t size) {
  static std::map<int64_t, Scene> scenes;
  auto found = scenes.find(size);
  if (found == scenes.end()) found = scenes.emplace(size, make_scene(static_cast<size_t>(size))).first;
  return found->second;
}

enum class Which { kCompiled, kLinear, kReference };

std::unique_ptr<measure::Entrant> entrant_of(Which which, Scene& scene) {
  switch (which) {
    case Which::kCompiled:
      return measure::compiled_entrant(*scene.compiled.program, Hook::kForward, scene.packets->packets());
    case Which::kLinear:
      return measure::linear_entrant(*scene.compiled.program, Hook::kForward, scene.packets->packets());
    case Which::kReference:
      break;
  }
  return measure::reference_entrant(scene.table, Hook::kForward, scene.packets->packets());
}

// A walk over many rules is slow: it plays a part of the trace.
size_t packets_of(Which which, int64_t size) {
  return which == Which::kCompiled ? kHeaders : std::min<size_t>(kHeaders, 20'000'000 / static_cast<size_t>(size + 100));
}

void check() {
  for (const int64_t size : kSizes)
    for (const Which which : {Which::kCompiled, Which::kLinear, Which::kReference}) {
      Scene& scene = scene_of(size);
      const auto entrant = entrant_of(which, scene);
      const size_t packets = packets_of(which, size);
      for (size_t at = 0; at < packets; at += entrant->batch())
        entrant->show(at, std::min(at + entrant->batch(), packets), [&](size_t i, const Outcome& outcome) {
          require(outcome.bumps.size() == 1 && scene.filter_of_rule[index_of(outcome.bumps[0].rule)] == scene.truth[i],
                  "first match of a header");
        });
    }
}

void play(benchmark::State& state, Which which) {
  Scene& scene = scene_of(state.range(0));
  const auto entrant = entrant_of(which, scene);
  const size_t packets = packets_of(which, state.range(0));
  for (auto unused : state) entrant->play(0, packets);
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(packets));
  state.counters["bytes_per_rule"] =
      static_cast<double>(scene.compiled.program->bytes().size()) / static_cast<double>(state.range(0));
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  for (const int64_t size : kSizes) benchmark->Arg(size);
}

BENCHMARK_CAPTURE(play, compiled, Which::kCompiled)->Apply(sizes);
BENCHMARK_CAPTURE(play, linear, Which::kLinear)->Apply(sizes);
BENCHMARK_CAPTURE(play, reference, Which::kReference)->Apply(sizes);

}  // namespace
}  // namespace hookline::bench

int main(int argc, char** argv) { return hookline::bench::run(argc, argv, &hookline::bench::check); }
