// compile/index.h: the occurrences of a section -> trees of bit-extracting nodes over leaves of blocks.
//
// An *entry* is one box of one occurrence. A node takes some bits of at most two key words and sends an entry to every child
// that agrees with it; an entry that leaves a chosen bit open is copied. Bits are chosen greedily, one at a time, to
// minimise the expected work of a packet that hits a random entry: the sum over cells of weight(cell) * (entries beyond one
// block, plus a little for each entry), where an entry's weight halves whenever it is copied. When copies exceed the budget
// what is left becomes a long leaf, scanned a block at a time: slower, never exponential.
//
// Where one tree does badly, entries that pin much of an address and those that do not get trees of their own, each with the
// bits that suit it.
#pragma once

#include <cstdint>
#include <vector>

#include "compile/boxes.h"
#include "compile/flatten.h"
#include "compile/options.h"

namespace hookline::compiler {

struct SectionIndex {
  std::vector<uint32_t> roots;   // children; node and leaf places are relative, see emit.cpp
  std::vector<uint64_t> nodes;   // the nodes' words; children: kLeafBit | word in `leaves`, or word in `nodes` + 1
  std::vector<uint64_t> leaves;  // the leaves' words, blocks 64-byte aligned relative to the first
  uint32_t entries = 0;          // copies included
  uint32_t depth = 0;
  uint32_t largest_leaf = 0;
};

SectionIndex build_index(const FlatSection& section, const CompileOptions& options);

}  // namespace hookline::compiler
