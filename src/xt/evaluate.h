// xt/evaluate.h: calls a match or target by its number: the part of the registry that packet evaluation needs.
//
// A Program stores numbers instead of pointers. They are indices of xt/registry.cpp's arrays, so a Program is only valid
// for the registry that it was compiled with: `registry_fingerprint` stands in its header.
#pragma once

#include <cstdint>

#include "table/extension.h"

namespace hookline::xt {

uint16_t match_number(const MatchType& type);
uint16_t target_number(const TargetType& type);

// A hash over name, revision, family and decoded size of every type, in array order.
uint64_t registry_fingerprint();

// Null where `number` is out of range.
const MatchType* match_by_number(uint16_t number);
const TargetType* target_by_number(uint16_t number);

}  // namespace hookline::xt
