// load/set_references.h: where a table's bytes name ip sets: by a number that means a set of the namespace they are from.
#pragma once

#include <cstdint>
#include <vector>

#include "load/snapshot.h"

namespace hookline {

enum class SetUse : uint8_t { kMatch, kAdd, kDelete, kMap };

struct SetReference {
  uint32_t entry;   // offset of the rule's entry in RawTable::entries
  uint32_t offset;  // of the number, a uint16_t
  uint16_t index;   // the number; ipset::kNoSet: none, as targets may say
  SetUse use;
  bool compares_counters = false;  // a match that asks for the element's packets or bytes
};

// Those of every match `set` and target `SET`. Entries are taken as far as they can be read: what is wrong with a table is
// the decoder's to say.
std::vector<SetReference> set_references(const RawTable& table);

}  // namespace hookline
