#include "measure/table_bench.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "measure/cpu_clock.h"

namespace hookline::measure {
namespace {

constexpr size_t kBatch = 32;

using Classify = void (*)(const LoadedProgram&, Hook, std::span<Packet* const>, Scratch&, std::span<Outcome>);

// classify() or classify_linear(), in bursts.
class BurstEntrant final : public Entrant {
 public:
  BurstEntrant(Classify classify, const LoadedProgram& program, Hook hook, std::span<Packet* const> packets,
               std::shared_ptr<const HostView> host)
      : classify_(classify),
        program_(program),
        hook_(hook),
        packets_(packets),
        scratch_(program, std::make_shared<World>(std::move(host))) {}

  void play(size_t begin, size_t end) override {
    for (size_t at = begin; at < end; at += kBatch) burst(at, std::min(kBatch, end - at));
  }
  void show(size_t begin, size_t end, const std::function<void(size_t, const Outcome&)>& look) override {
    burst(begin, end - begin);
    for (size_t i = begin; i < end; ++i) look(i, outcomes_[i - begin]);
  }
  [[nodiscard]] size_t batch() const override { return kBatch; }

 private:
  void burst(size_t at, size_t n) {
    classify_(program_, hook_, packets_.subspan(at, n), scratch_, std::span(outcomes_).first(n));
  }

  Classify classify_;
  const LoadedProgram& program_;
  Hook hook_;
  std::span<Packet* const> packets_;
  Scratch scratch_;
  std::array<Outcome, kBatch> outcomes_{};
};

class ReferenceEntrant final : public Entrant {
 public:
  ReferenceEntrant(const Table& table, Hook hook, std::span<Packet* const> packets, std::shared_ptr<const HostView> host)
      : engine_(table, std::make_shared<World>(std::move(host))), hook_(hook), packets_(packets) {}

  void play(size_t begin, size_t end) override {
    for (size_t i = begin; i < end; ++i) outcome_ = engine_.walk(hook_, *packets_[i]);
  }
  void show(size_t begin, size_t end, const std::function<void(size_t, const Outcome&)>& look) override {
    for (size_t i = begin; i < end; ++i) look(i, engine_.walk(hook_, *packets_[i]));
  }
  [[nodiscard]] size_t batch() const override { return 1; }

 private:
  ReferenceEngine engine_;
  Hook hook_;
  std::span<Packet* const> packets_;
  Outcome outcome_;  // the last one, so that no walk is without a reader
};

}  // namespace

Result<CompiledTable> compile_table(const Table& table, const CompileOptions& options) {
  const CpuStopwatch watch;
  auto compiled = compile(table, options);
  if (!compiled) return fail(compiled.error());
  auto loaded = LoadedProgram::load(std::move(compiled->program));
  if (!loaded) return fail(loaded.error());
  return CompiledTable{*loaded, std::move(compiled->hooks), watch.ms()};
}

std::unique_ptr<Entrant> compiled_entrant(const LoadedProgram& program, Hook hook, std::span<Packet* const> packets,
                                          std::shared_ptr<const HostView> host) {
  return std::make_unique<BurstEntrant>(&classify, program, hook, packets, std::move(host));
}
std::unique_ptr<Entrant> linear_entrant(const LoadedProgram& program, Hook hook, std::span<Packet* const> packets,
                                        std::shared_ptr<const HostView> host) {
  return std::make_unique<BurstEntrant>(&classify_linear, program, hook, packets, std::move(host));
}
std::unique_ptr<Entrant> reference_entrant(const Table& table, Hook hook, std::span<Packet* const> packets,
                                           std::shared_ptr<const HostView> host) {
  return std::make_unique<ReferenceEntrant>(table, hook, packets, std::move(host));
}

void check_answers(Entrant& entrant, size_t packets, double seconds, const IsRight& is_right, BenchRow& row) {
  const auto start = std::chrono::steady_clock::now();
  const size_t step = entrant.batch();
  size_t at = 0;
  while (at < packets) {
    const size_t end = std::min(at + step, packets);
    entrant.show(at, end, [&](size_t i, const Outcome& outcome) { row.wrong += is_right(i, outcome) ? 0 : 1; });
    at = end;
    if (std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() > seconds) break;
  }
  row.packets = at;
}

}  // namespace hookline::measure
