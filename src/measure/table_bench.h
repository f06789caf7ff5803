// measure/table_bench.h: the engines of this program on one hook of one table, with the packets to play.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "classify/classify.h"
#include "classify/program.h"
#include "compile/compile.h"
#include "measure/bench.h"
#include "measure/contest.h"
#include "packet/outcome.h"
#include "packet/packet.h"
#include "reference/reference.h"
#include "table/table.h"

namespace hookline::measure {

// True where `outcome` is the right one of packet number `i`.
using IsRight = std::function<bool(size_t i, const Outcome& outcome)>;

// One engine at one hook: plays a stretch of the packets and keeps nothing but the outcomes of the last call.
class Entrant {
 public:
  virtual ~Entrant() = default;
  virtual void play(size_t begin, size_t end) = 0;
  // Plays a stretch of at most batch() packets and shows each outcome.
  virtual void show(size_t begin, size_t end, const std::function<void(size_t, const Outcome&)>& look) = 0;
  [[nodiscard]] virtual size_t batch() const = 0;
};

// A table compiled once, for all of its hooks.
struct CompiledTable {
  std::shared_ptr<const LoadedProgram> program;
  std::vector<HookStats> hooks;
  double build_ms = 0;  // compile, verify and load; CPU time
};
Result<CompiledTable> compile_table(const Table& table, const CompileOptions& options = {});

// Each begins with a World of its own, of `host`.
std::unique_ptr<Entrant> compiled_entrant(const LoadedProgram& program, Hook hook, std::span<Packet* const> packets,
                                          std::shared_ptr<const HostView> host = nullptr);
std::unique_ptr<Entrant> linear_entrant(const LoadedProgram& program, Hook hook, std::span<Packet* const> packets,
                                        std::shared_ptr<const HostView> host = nullptr);
std::unique_ptr<Entrant> reference_entrant(const Table& table, Hook hook, std::span<Packet* const> packets,
                                           std::shared_ptr<const HostView> host = nullptr);

// Checks an engine's answers on the packets in order until all are checked or `seconds` have passed. Fills the row's
// `packets` and `wrong`.
void check_answers(Entrant& entrant, size_t packets, double seconds, const IsRight& is_right, BenchRow& row);

}  // namespace hookline::measure
