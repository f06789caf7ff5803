// pipeline/publish.cpp: generations, and the wait for quiescent workers.
#include "pipeline/publish.h"

#include <rte_rcu_qsbr.h>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <utility>

namespace hookline {
namespace {

// Plain memory instead of rte_zmalloc: an embedder may classify without a running EAL.
void* aligned_memory(size_t bytes) {
  void* memory = std::aligned_alloc(kCacheLine, (bytes + kCacheLine - 1) / kCacheLine * kCacheLine);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void Lane::FreeAligned::operator()(RuleTally* tallies) const { std::free(tallies); }
void Publication::FreeQsbr::operator()(rte_rcu_qsbr* qsbr) const { std::free(qsbr); }

Lane::Lane(const ProgramSet& programs) : flows(programs) {
  size_t count = 0;
  const auto all = programs.programs();
  const auto world = std::make_shared<World>(programs.host());
  for (size_t p = all.size(); p-- > 0;) scratches_.emplace_back(*all[p].program, world);  // as a load starts them
  std::reverse(scratches_.begin(), scratches_.end());
  for (const NamedProgram& named : all) {
    first_.push_back(count);
    count += named.program->rule_count();
  }
  auto* tallies = static_cast<RuleTally*>(aligned_memory((count + 1) * sizeof(RuleTally)));
  for (size_t i = 0; i < count; ++i) new (tallies + i) RuleTally();
  tallies_.reset(tallies);
}

Publication::Publication(ProgramSet first, unsigned workers) : workers_(workers) {
  qsbr_.reset(static_cast<rte_rcu_qsbr*>(aligned_memory(rte_rcu_qsbr_get_memsize(workers))));
  rte_rcu_qsbr_init(qsbr_.get(), workers);
  for (unsigned w = 0; w < workers; ++w) rte_rcu_qsbr_thread_register(qsbr_.get(), w);
  owned_ = make(std::move(first));
  current_.store(owned_.get(), std::memory_order_release);
}

Publication::~Publication() = default;

std::unique_ptr<Generation> Publication::make(ProgramSet programs) {
  auto generation = std::make_unique<Generation>();
  generation->number = ++number_;
  generation->programs = std::move(programs);
  for (unsigned w = 0; w < workers_; ++w) generation->lanes.push_back(std::make_unique<Lane>(generation->programs));
  return generation;
}

void Publication::enter(unsigned worker) { rte_rcu_qsbr_thread_online(qsbr_.get(), worker); }
void Publication::leave(unsigned worker) { rte_rcu_qsbr_thread_offline(qsbr_.get(), worker); }
void Publication::quiescent(unsigned worker) { rte_rcu_qsbr_quiescent(qsbr_.get(), worker); }

void Publication::publish(ProgramSet next) {
  std::unique_ptr<Generation> old = make(std::move(next));
  std::swap(old, owned_);
  // Stronger than a release: a worker that enters just now either is seen to be in, or sees the new generation.
  current_.store(owned_.get(), std::memory_order_seq_cst);
  // Not rte_rcu_qsbr_synchronize(), which does the same inside librte_rcu, where ThreadSanitizer cannot see it.
  const uint64_t token = rte_rcu_qsbr_start(qsbr_.get());
  rte_rcu_qsbr_check(qsbr_.get(), token, true);
  GenerationCounts counts = add_up(*old);
  counts.retired = true;
  retired_.push_back(std::move(counts));
  if (retired_.size() > kKeptGenerations) retired_.pop_front();
}

GenerationCounts Publication::add_up(const Generation& generation) {
  GenerationCounts result;
  result.number = generation.number;
  const auto programs = generation.programs.programs();
  for (size_t p = 0; p < programs.size(); ++p) {
    GenerationCounts::OfTable& table = result.tables.emplace_back();
    table.family = programs[p].program->family();
    table.table = programs[p].program->table();
    for (size_t r = 0; r < programs[p].rule_names.size(); ++r) {
      RuleCount& count = table.rules.emplace_back();
      count.name = programs[p].rule_names[r];
      for (const auto& lane : generation.lanes) {
        count.packets += lane->rules(p)[r].packets.read();
        count.bytes += lane->rules(p)[r].bytes.read();
      }
    }
  }
  return result;
}

std::vector<GenerationCounts> Publication::counts() const {
  std::vector<GenerationCounts> result(retired_.begin(), retired_.end());
  result.push_back(add_up(*owned_));
  return result;
}

}  // namespace hookline
