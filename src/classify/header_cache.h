// classify/header_cache.h: the headers of a burst, parsed once for all the tables and hooks that its packets meet.
//
// A table looks at addresses, ports and the like through a Key (classify/key.h), and most of a Key is the same for every
// table. Whoever takes a burst through several tables keeps one cache for it; what mostly changes between two tables, TTL or
// hop limit and the mark, is read afresh each time. A change of any other header field needs forget().
#pragma once

#include <cstddef>
#include <cstdint>

#include "classify/classify.h"
#include "classify/key.h"

namespace hookline {

class HeaderCache {
 public:
  // From now on packets are those of the array that begins at `first`, at most kMaxBurst of them; nothing is known of them.
  void start(const Packet* first) {
    first_ = first;
    parsed_ = 0;
  }

  void forget(const Packet& packet) { parsed_ &= ~(uint64_t{1} << static_cast<size_t>(&packet - first_)); }

  // The key of a packet of the array, and its offsets; null where its shape is not indexable. kInterfaces and kInterfaceBits
  // are the caller's to fill: they hold what another table left.
  Key* take(const Packet& packet, const Offsets*& offsets) {
    const auto slot = static_cast<size_t>(&packet - first_);
    const uint64_t bit = uint64_t{1} << slot;
    if ((parsed_ & bit) == 0) {
      parsed_ |= bit;
      indexable_ = parse_key(packet, keys_[slot], offsets_[slot]) ? indexable_ | bit : indexable_ & ~bit;
    }
    if ((indexable_ & bit) == 0) return nullptr;
    offsets = &offsets_[slot];
    Key& key = keys_[slot];
    key.word[static_cast<unsigned>(Dimension::kTtl)] = packet.data[packet.family == Family::kIpv4 ? 8 : 7];
    key.word[static_cast<unsigned>(Dimension::kMark)] = packet.mark;
    return &key;
  }

 private:
  const Packet* first_ = nullptr;
  uint64_t parsed_ = 0, indexable_ = 0;  // bit s: slot s
  Key keys_[kMaxBurst];
  Offsets offsets_[kMaxBurst];
};
static_assert(kMaxBurst <= 64);

}  // namespace hookline
