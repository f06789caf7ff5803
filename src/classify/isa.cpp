// classify/isa.cpp: which instruction sets are here, and which one is in use.
#include "classify/isa.h"

#include <atomic>
#include <cstdlib>
#include <string>

#include "classify/lookup.h"
#include "hwy/targets.h"

namespace hookline {
namespace {

constexpr Isa kAllIsas[] = {Isa::kScalar, Isa::kAvx2, Isa::kAvx512};

bool cpu_can_run(Isa isa) {
  switch (isa) {
    case Isa::kScalar:
      return true;
    case Isa::kAvx2:
      return (hwy::SupportedTargets() & HWY_AVX2) != 0;
    case Isa::kAvx512:
      return (hwy::SupportedTargets() & HWY_AVX3) != 0;
  }
  return false;
}

constexpr int kUndecided = -1;
std::atomic<int> forced{kUndecided};

std::string runnable_names() {
  std::string names;
  for (const Isa isa : runnable_isas()) names += (names.empty() ? "" : ", ") + std::string(isa_name(isa));
  return names;
}

}  // namespace

std::string_view isa_name(Isa isa) {
  switch (isa) {
    case Isa::kScalar:
      return "scalar";
    case Isa::kAvx2:
      return "avx2";
    case Isa::kAvx512:
      return "avx512";
  }
  return "?";
}

std::vector<Isa> compiled_isas() {
  std::vector<Isa> result;
  for (const Isa isa : kAllIsas)
    if (lookup_for(isa) != nullptr) result.push_back(isa);
  return result;
}

std::vector<Isa> runnable_isas() {
  std::vector<Isa> result;
  for (const Isa isa : compiled_isas())
    if (cpu_can_run(isa)) result.push_back(isa);
  return result;
}

Result<void> force_isa(std::string_view name) {
  for (const Isa isa : kAllIsas) {
    if (isa_name(isa) != name) continue;
    if (lookup_for(isa) == nullptr || !cpu_can_run(isa)) break;
    forced.store(static_cast<int>(isa), std::memory_order_relaxed);
    return {};
  }
  return fail(ProblemKind::kUsage, "HOOKLINE_ISA", "'" + std::string(name) + "' cannot run here",
              "one of " + runnable_names());
}

Result<void> force_isa_from_environment() {
  const char* name = std::getenv("HOOKLINE_ISA");
  return name == nullptr || *name == 0 ? Result<void>{} : force_isa(name);
}

Isa active_isa() {
  int isa = forced.load(std::memory_order_relaxed);
  if (isa == kUndecided) {
    // A bad name in the environment is reported by force_isa_from_environment(), which the command line calls first.
    if (!force_isa_from_environment() || forced.load(std::memory_order_relaxed) == kUndecided)
      forced.store(static_cast<int>(runnable_isas().back()), std::memory_order_relaxed);
    isa = forced.load(std::memory_order_relaxed);
  }
  return static_cast<Isa>(isa);
}

}  // namespace hookline
