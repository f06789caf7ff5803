// verify/differential.h: the same packets through every engine and, where asked for, the running kernel; on everything that
// an outcome has.
//
// The reference engine judges the fast ones on the ordered bumps, the verdict, the answer of REJECT and the bytes that
// leave. The kernel judges all of them on what it shows: how much each rule's counters moved, and what left by the out
// device.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "compile/options.h"
#include "load/decode.h"
#include "stack/path.h"
#include "verify/probe.h"

namespace hookline {

inline constexpr uint32_t kUnlimitedMtu = 65535;  // nothing is too big or fragmented

struct DifferentialOptions {
  Family family = Family::kIpv4;
  std::vector<PathKind> paths = {PathKind::kForward, PathKind::kInput, PathKind::kOutput};
  uint64_t packets = 10000;  // a path
  uint64_t seed = 1;
  bool kernel = false;
  uint32_t mtu = kUnlimitedMtu;                                 // of all devices but lo
  bool ethernet = false;                                        // all devices but lo are Ethernet ones
  uint64_t max_differences = 1;                                 // stops there
  CompileOptions compile;                                       // of the compiled engine
  std::function<void(uint64_t done, uint64_t total)> progress;  // may be empty
};

// One packet on which two judges differ, and what was sent before it that it may depend on (fragments of its datagram).
struct Difference {
  std::vector<Probe> probes;    // the last one differs
  std::string engine, judge;    // "compiled (avx2)", "kernel"
  std::string expected, found;  // what the judge and the engine say: rules with bytes, verdict, bytes that leave
};

struct DifferentialResult {
  uint64_t packets = 0;
  size_t reachable = 0, hit = 0;        // rules
  std::vector<std::string> missed;      // reachable rules that no packet hit
  std::vector<Difference> differences;  // at most max_differences
  uint64_t difference_count = 0;
};

// Whether a rule of the family looks at what only packets of Ethernet devices have.
bool asks_for_frames(const RuleSet& rules, Family family);

// The rule set must hold nothing that refusals() names (kInput otherwise).
Result<DifferentialResult> run_differential(const RuleSet& rules, const DifferentialOptions& options);

// Plays given probes in order; the difference on the last one, if any. For shrinking, and for recorded cases.
Result<std::optional<Difference>> replay(const RuleSet& rules, Family family, std::span<const Probe> probes, bool kernel,
                                         const CompileOptions& compile = {}, uint32_t mtu = kUnlimitedMtu);

}  // namespace hookline
