// classify/key.h: a packet as the index sees it: one 32-bit word a dimension, and whether the index may be asked at all.
//
// Only packets of a plain shape have a key: every header that a rule could look at is complete, so no match can hotdrop for
// want of bytes and a port is a port. What is not plain (short or lying headers, IPv6 fragments behind the first, IPv4's
// fragment offset 1 under TCP) is left to the linear walk. See Dimension in table/extension.h for the words.
#pragma once

#include <cstdint>

#include "packet/packet.h"
#include "table/extension.h"

namespace hookline {

struct alignas(64) Key {
  uint32_t word[kDimensionCount];
};
static_assert(sizeof(Key) == 64);

// What a match is told about where headers lie. Kernel: thoff and fragoff of xt_action_param.
struct Offsets {
  uint32_t l4 = 0;
  uint32_t fragment = 0;
};

// Fills every word but kInterfaces and kInterfaceBits. False: the packet's shape is not indexable, `key` is unspecified.
// offsets.l4 is where the upper header starts (an IPv6 rule without `-p` is told 0 instead).
bool parse_key(const Packet& packet, Key& key, Offsets& offsets);

}  // namespace hookline
