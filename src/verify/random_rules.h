// verify/random_rules.h: random rule sets that the kernel loads, as iptables-save text.
//
// Values come from small pools, so that rules overlap, cover each other and leave gaps; every match, target and kind of jump
// that this build evaluates takes part, in all tables but nat. Jumps go to later chains only, so there are no loops.
#pragma once

#include <cstdint>
#include <string>

#include "packet/hooks.h"
#include "verify/aims/aims.h"

namespace hookline {

// The same seed gives the same text. Up to `max_rules` rules a table.
std::string random_rules(Family family, uint64_t seed, unsigned max_rules = 24);

// A set whose rules are mostly of one match, in every chain where the kernel takes it (MatchType::limits).
std::string random_rules_of(const MatchAim& aim, Family family, uint64_t seed);
// The same for a target, among rules that look at what it writes, in its own table and those behind it.
std::string random_rules_of(const TargetAim& aim, Family family, uint64_t seed);

}  // namespace hookline
