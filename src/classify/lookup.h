// classify/lookup.h: the indexed look-up's entry points, one an instruction set.
#pragma once

#include "classify/classify.h"
#include "classify/isa.h"

namespace hookline {

using Lookup = void (*)(const LoadedProgram& program, Hook hook, std::span<Packet* const> packets, Scratch& scratch,
                        std::span<Outcome> outcomes, HeaderCache* headers);

// The look-up compiled for `isa`; null where this build holds none.
Lookup lookup_for(Isa isa);

}  // namespace hookline
