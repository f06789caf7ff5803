// verify/packets.h: packets that aim at the rules' own boundaries.
//
// For a rule that is to be hit the generator picks a way of jumps from a hook to it and makes the conditions of all rules on
// that way true, each by one of its lowered boxes with a preference for the edges; the fields that no condition asks for are
// drawn from the values that stand in the rules. A trial walk of the one table tells whether the rule was hit; if not, it
// draws again. Half of the packets then get one field changed to a neighbouring value, so that the "no" side of every edge
// is met as well, and some are bent: short headers, lying lengths, fragments, odd extension headers. All of it follows from
// the seed: the same seed, rules and interfaces give the same packets.
#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "reference/reference.h"
#include "stack/path.h"
#include "table/table.h"
#include "verify/probe.h"

namespace hookline {

using Random = std::mt19937_64;

// The device names that the rules' interface conditions ask for, at most `limit`, and two that no rule names.
std::vector<std::string> interesting_interfaces(std::span<const Table> tables, Family family, size_t limit);

class PacketGenerator {
 public:
  // The tables must outlive the generator, and every rule of the family be one that this build evaluates.
  PacketGenerator(std::span<const Table> tables, Family family, std::vector<std::string> interfaces, uint64_t seed);
  ~PacketGenerator();

  // The next packet of a path.
  Probe next(PathKind path);

  // Tells the generator which rules the last packet hit, so that it turns to the others.
  void learn(std::span<const PathBump> bumps);

  // Rules that some packet of these paths may hit: reached by jumps from one of the paths' hooks through tables that let
  // something pass, not behind an unconditional verdict or an earlier rule with the same or weaker conditions, and with
  // conditions, those of the jumps included, that do not contradict each other or such a packet (none carries a mark, none
  // has an out device at INPUT). A rule whose 48 drawn ways all contradict themselves counts as not reachable.
  [[nodiscard]] size_t reachable() const;
  [[nodiscard]] size_t hit() const;
  // Names of the reachable rules that no packet hit.
  [[nodiscard]] std::vector<std::string> missed() const;
  void set_paths(std::span<const PathKind> paths);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hookline
