// xt/registry.h: every match and target that this build evaluates, found by exact name, revision and family.
#pragma once

#include <span>
#include <string_view>

#include "table/extension.h"

namespace hookline::xt {

// Null where this build has no such type.
const MatchType* find_match(std::string_view name, uint8_t revision, Family family);
const TargetType* find_target(std::string_view name, uint8_t revision, Family family);

std::span<const MatchType* const> match_types();
std::span<const TargetType* const> target_types();

}  // namespace hookline::xt
