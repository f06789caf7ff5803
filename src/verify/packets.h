// verify/packets.h: packets that aim at the rules' own boundaries.
//
// For a rule that is to be hit the generator draws a way from the hook to it (verify/reachability.h) and makes the
// conditions of all rules on that way true, with a preference for the edges; the fields that no condition asks for are drawn
// from the values that stand in the rules. A trial walk tells whether the rule was hit; if not, it draws again. Half of the
// packets then get one field changed to a neighbouring value, so that the "no" side of every edge is met as well, and some
// are distorted or bent: odd options, extension headers and addresses, short headers, lying lengths, fragments. All of it
// follows from the seed: the same seed, rules and interfaces give the same packets.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "reference/reference.h"
#include "stack/path.h"
#include "table/table.h"
#include "verify/probe.h"
#include "verify/reachability.h"
#include "world/world.h"

namespace hookline {

class PacketGenerator {
 public:
  // The tables must outlive the generator, and every rule of the family be one that this build evaluates.
  PacketGenerator(std::span<const Table> tables, std::shared_ptr<const HostView> host, Family family,
                  std::vector<std::string> interfaces, uint64_t seed);
  ~PacketGenerator();

  // The next packet of a path.
  Probe next(PathKind path);

  // Tells the generator which rules the last packet hit, so that it turns to the others.
  void learn(std::span<const PathBump> bumps);

  // Rules that some packet of these paths may hit, as verify/reachability.h finds them, and those that one did.
  [[nodiscard]] size_t reachable() const;
  [[nodiscard]] size_t hit() const;
  // Names of the reachable rules that no packet hit.
  [[nodiscard]] std::vector<std::string> missed() const;
  void set_paths(std::span<const PathKind> paths);
  // Packets on both sides of this length are made now and then.
  void set_mtu(uint32_t mtu);
  // Whether the devices but lo are Ethernet ones: what comes in by one then has a frame.
  void set_ethernet(bool ethernet);
  // When the next packet will be judged, as far as one knows: Packet::time_ns of trial walks.
  void set_time(uint64_t time_ns);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hookline
