// verify/shrink.h: makes a difference small enough to read: fewer rules, fewer conditions, fewer and simpler packets.
//
// Every step takes something away, runs what is left again, and keeps the change if any engine still differs from any judge
// on the last packet. Rules are taken as text, so that the system's own restore decides each time whether they are rules at
// all.
#pragma once

#include <string>
#include <vector>

#include "verify/differential.h"

namespace hookline {

// The smallest case that was found in bounded time. `text` is set to the rules that are left, as iptables-save prints them.
Difference shrink(const RuleSet& rules, Family family, const Difference& difference, bool kernel,
                  const CompileOptions& compile, std::string& text, uint32_t mtu = kUnlimitedMtu);

// One line of rules text without one of its conditions: each shorter version, in the order in which they are to be tried.
// A match goes with all of its options, or loses one of them. Public for its test.
std::vector<std::string> without_one_condition(const std::string& line);

}  // namespace hookline
