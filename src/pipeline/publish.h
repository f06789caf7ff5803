// pipeline/publish.h: one rule set in use by all workers, replaced by another one while they run.
//
// A Generation is a rule set in service: the shared read-only Programs, and for every worker a Lane of its own with the
// scratch memory and the rule counters for just these Programs. Publishing is one release store of a pointer; a worker
// loads it once a burst and so never mixes two rule sets in one burst. The old generation is taken down when every worker
// has reported a quiescent point, that is, holds no reference into it any more: its counters are then complete, are added
// up and kept for reports, and its memory is freed. Counters start at 0 with each generation, as they do when the kernel
// replaces a table.
//
// Threads: current(), quiescent(), enter(), leave() belong to the workers, everything else to one control thread.
// Nothing on the workers' side allocates, locks or waits. Source: DPDK rte_rcu_qsbr (quiescent-state based reclamation).
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "classify/classify.h"
#include "classify/header_cache.h"
#include "pipeline/counters.h"
#include "pipeline/flow_cache.h"
#include "pipeline/program_set.h"

struct rte_rcu_qsbr;

namespace hookline {

// One worker's private part of a generation.
class alignas(kCacheLine) Lane {
 public:
  explicit Lane(const ProgramSet& programs);
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  [[nodiscard]] Scratch& scratch(size_t program) { return scratches_[program]; }
  [[nodiscard]] RuleTally* rules(size_t program) { return tallies_.get() + first_[program]; }
  [[nodiscard]] const RuleTally* rules(size_t program) const { return tallies_.get() + first_[program]; }

  // Every rule of every program by one number.
  [[nodiscard]] uint32_t number(size_t program, RuleId rule) const {
    return static_cast<uint32_t>(first_[program] + index_of(rule));
  }
  [[nodiscard]] RuleTally& rule(uint32_t number) { return tallies_[number]; }

  // Of the burst that is being walked.
  std::array<Outcome, kMaxBurst> outcomes;
  HeaderCache headers;
  FlowCache flows;
  uint64_t time_ns = 0;  // of the last burst, where rules ask for it: a clock that is set back stands still for them

 private:
  struct FreeAligned {
    void operator()(RuleTally* tallies) const;
  };
  std::vector<Scratch> scratches_;  // by index in ProgramSet::programs()
  std::vector<size_t> first_;       // where each program's rules begin in tallies_
  std::unique_ptr<RuleTally[], FreeAligned> tallies_;
};

struct Generation {
  uint64_t number = 0;  // from 1, one more with each publish
  ProgramSet programs;
  std::vector<std::unique_ptr<Lane>> lanes;  // by worker
};

// A rule's counters, added up over all workers.
struct RuleCount {
  std::string name;
  uint64_t packets = 0;
  uint64_t bytes = 0;
};

struct GenerationCounts {
  uint64_t number = 0;
  bool retired = false;
  struct OfTable {
    Family family = Family::kIpv4;
    std::string table;
    std::vector<RuleCount> rules;  // blob order
  };
  std::vector<OfTable> tables;
};

class Publication {
 public:
  // `workers` >= 1 and fixed; worker numbers are below it.
  Publication(ProgramSet first, unsigned workers);
  ~Publication();
  Publication(const Publication&) = delete;
  Publication& operator=(const Publication&) = delete;

  // ---- workers
  // From enter() to leave() publish() waits for this worker's quiescent points; outside it does not.
  void enter(unsigned worker);
  void leave(unsigned worker);
  // The generation to use until the next quiescent() or leave() of this worker.
  [[nodiscard]] Generation& current() { return *current_.load(std::memory_order_acquire); }
  // This worker holds no reference that current() gave it.
  void quiescent(unsigned worker);

  // ---- control thread
  // Puts `next` into service and returns when no worker uses the old rule set any more. Waits for every worker that has
  // entered, so these must keep running.
  void publish(ProgramSet next);
  // Counters of the newest retired generations (at most kKeptGenerations) and, last, of the one in service.
  [[nodiscard]] std::vector<GenerationCounts> counts() const;
  [[nodiscard]] uint64_t generation() const { return number_; }

  static constexpr size_t kKeptGenerations = 4;

 private:
  [[nodiscard]] std::unique_ptr<Generation> make(ProgramSet programs);
  static GenerationCounts add_up(const Generation& generation);
  struct FreeQsbr {
    void operator()(rte_rcu_qsbr* qsbr) const;
  };

  unsigned workers_;
  uint64_t number_ = 0;
  std::unique_ptr<rte_rcu_qsbr, FreeQsbr> qsbr_;
  std::unique_ptr<Generation> owned_;
  std::deque<GenerationCounts> retired_;
  alignas(kCacheLine) std::atomic<Generation*> current_{nullptr};
};

// enter() and leave() as a scope.
class WorkerScope {
 public:
  WorkerScope(Publication& publication, unsigned worker) : publication_(publication), worker_(worker) {
    publication_.enter(worker_);
  }
  ~WorkerScope() { publication_.leave(worker_); }
  WorkerScope(const WorkerScope&) = delete;
  WorkerScope& operator=(const WorkerScope&) = delete;

 private:
  Publication& publication_;
  unsigned worker_;
};

}  // namespace hookline
