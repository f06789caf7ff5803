// classify/classify.cpp: hands a burst to the look-up of the active instruction set.
#include "classify/classify.h"

#include "classify/isa.h"
#include "classify/lookup.h"

namespace hookline {

void classify(const LoadedProgram& program, Hook hook, std::span<Packet* const> packets, Scratch& scratch,
              std::span<Outcome> outcomes) {
  lookup_for(active_isa())(program, hook, packets, scratch, outcomes, nullptr);
}

void classify_cached(const LoadedProgram& program, Hook hook, std::span<Packet* const> packets, Scratch& scratch,
                     std::span<Outcome> outcomes, HeaderCache& headers) {
  lookup_for(active_isa())(program, hook, packets, scratch, outcomes, &headers);
}

}  // namespace hookline
