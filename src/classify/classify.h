// classify/classify.h: the one small interface behind which look-up lives: a burst of packets in, their outcomes out.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "classify/program.h"
#include "packet/outcome.h"
#include "packet/packet.h"

namespace hookline {

inline constexpr size_t kMaxBurst = 64;

class HeaderCache;  // classify/header_cache.h

// Walks the table for each packet at `hook`, by the index where the packet's shape allows it and by classify_linear()
// elsewhere (Outcome::by_linear). packets.size() == outcomes.size() <= kMaxBurst; the program has the hook; the packets are
// of its family. The bumps of the outcomes stay valid until the scratch is used again. Never allocates, never fails.
// One scratch a thread. Kernel: ipt_do_table().
void classify(const LoadedProgram& program, Hook hook, std::span<Packet* const> packets, Scratch& scratch,
              std::span<Outcome> outcomes);

// The same for a burst that goes through several tables: `headers` was started for the array that the packets are in.
void classify_cached(const LoadedProgram& program, Hook hook, std::span<Packet* const> packets, Scratch& scratch,
                     std::span<Outcome> outcomes, HeaderCache& headers);

// The same answers by a rule-by-rule walk over the Program, for packets of any shape.
void classify_linear(const LoadedProgram& program, Hook hook, std::span<Packet* const> packets, Scratch& scratch,
                     std::span<Outcome> outcomes);

// The Program as text, for `compile --dump` and golden files.
std::string dump_program(const LoadedProgram& program);

}  // namespace hookline
