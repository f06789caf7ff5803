// base/fault.h: named faults in the engines, which exist only in the build that checks that `verify` finds each of them.
//
// In every other build HOOKLINE_FAULT(name) is the constant false and leaves no code behind.
#pragma once

#ifdef HOOKLINE_FAULTS
#include <string_view>

namespace hookline {
// Whether `name` ("engine:fault") is the one that set_fault() chose.
bool fault_active(std::string_view name);
void set_fault(std::string_view name);
}  // namespace hookline
#define HOOKLINE_FAULT(name) ::hookline::fault_active(name)
#else
#define HOOKLINE_FAULT(name) false
#endif
