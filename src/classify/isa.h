// classify/isa.h: which instruction set the SIMD look-up uses. HOOKLINE_ISA=scalar|avx2|avx512 forces one by name.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"

namespace hookline {

enum class Isa : uint8_t { kScalar, kAvx2, kAvx512 };

std::string_view isa_name(Isa isa);
// Every ISA that this build holds, and those of them that this CPU can run.
std::vector<Isa> compiled_isas();
std::vector<Isa> runnable_isas();
// The one in use. The first call obeys HOOKLINE_ISA; a name that is unknown or cannot run here is a kUsage problem of
// force_isa(), which the command line calls first.
Isa active_isa();
Result<void> force_isa(std::string_view name);
Result<void> force_isa_from_environment();

}  // namespace hookline
