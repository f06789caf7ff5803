// tests/xt/key.h: the words that the index sees of a packet, built slowly, and lowered predicates asked of them.
#pragma once

#include <array>
#include <optional>

#include "packet/packet.h"
#include "table/extension.h"

namespace hookline::test {

struct Key {
  std::array<uint32_t, kDimensionCount> words{};
  uint32_t l4_offset = 0, fragment_offset = 0;
};

// Nothing where the packet's shape is not indexable. Interfaces stay 0.
std::optional<Key> key_of(const Packet& packet);

// Whether the key lies in one of the boxes.
bool lies_in(const Lowered& lowered, const Key& key);

// What a lowered predicate and the answer of evaluate() must have in common; a sentence where they do not.
std::optional<std::string> contradiction(const Lowered& lowered, const Key& key, Answer answer);

}  // namespace hookline::test
