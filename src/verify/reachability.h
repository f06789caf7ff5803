// verify/reachability.h: which rules a packet of a path can hit, and what it takes to hit one.
//
// A rule is hit when its own conditions hold, those of the jumps that lead to it, and when every table before it lets the
// packet pass. The search walks that backwards, from the rule over its callers to the hook and on to an accepting rule of
// each earlier table whose policy drops, choosing one lowered box a match, and gives a way up as soon as two conditions on
// it contradict each other. What it finds nothing for is not reachable; where it finds nothing within its budget of steps
// the rule counts as reachable, so that the count of reachable rules is never too small for that reason.
// Of what some target writes nothing is known: a rule that tests it counts as reachable.
// Conditions are bounds (table/extension.h), so a rule that counts as reachable may still be one that no packet hits.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "compile/lower.h"
#include "stack/path.h"
#include "table/extension.h"
#include "table/table.h"
#include "verify/random.h"

namespace hookline {

// Whether the pattern of a rule accepts the device.
bool interface_fits(const std::string& device, const InterfaceName& name, const InterfaceName& mask);

// The device names that the rules' interface conditions ask for, at most `limit`, and two that no rule names.
std::vector<std::string> interesting_interfaces(std::span<const Table> tables, Family family, size_t limit);

// One rule that a packet is to hit.
struct Aim {
  uint16_t table;
  Hook hook;
  uint32_t rule;
};

// A rule on the way to an aim, with the box that was chosen for each of its matches. Tests of the TTL are of the TTL with
// which the packet arrives.
struct Step {
  uint16_t table;
  Hook hook;
  uint32_t rule;
  std::vector<Box> boxes;
};

class Reachability {
 public:
  // `tables` must outlive this; `devices` are the names that packets may come in and go out by, besides lo.
  Reachability(std::span<const Table> tables, Family family, std::vector<std::string> devices);

  // The tables that a packet of the path walks, in order.
  [[nodiscard]] std::vector<std::pair<Hook, uint16_t>> walk_of(PathKind path) const;
  // Every rule that a packet of the path may hit. Computed once.
  const std::vector<Aim>& aims(PathKind path);
  // One way to an aim of the path, drawn at random: earlier tables first, the aim last. Empty where none was found soon.
  std::vector<Step> draw_way(PathKind path, const Aim& aim, Random& random);

  // Devices to come in by (forward: without lo) and to go out by.
  [[nodiscard]] const std::vector<std::string>& devices(PathKind path) const {
    return path == PathKind::kForward ? devices_ : devices_and_lo_;
  }

 private:
  // How the rules of one table are reached from one hook.
  struct Reach {
    struct Place {
      std::vector<uint32_t> jumps;  // rules that jump here
      bool by_hook = false;         // the hook's entry
    };
    std::map<uint32_t, Place> chain_starts;  // first rule of a walked stretch -> how it is reached
    std::vector<uint32_t> start_of;          // rule -> first rule of its stretch, or kNone
  };
  // A table that only some rule lets packets through: its policy does not.
  struct Gate {
    uint16_t table;
    Hook hook;
    std::vector<uint32_t> accepting;
  };
  struct PathPlan {
    std::vector<Aim> aims;
    std::vector<Gate> gates;                                   // in walk order
    std::map<std::pair<Hook, uint16_t>, size_t> gates_before;  // of a table: how many of them lie before it
  };
  class Search;

  static Reach reach_of(const Table& table, Hook hook);
  const Reach& reach(uint16_t table, Hook hook);
  const std::vector<Lowered>& lowered(uint16_t table, uint32_t rule);
  bool usable(PathKind path, uint16_t table, Hook hook, uint32_t rule);
  bool satisfiable(PathKind path, uint16_t table, Hook hook, uint32_t rule);
  bool shadowed(uint16_t table, uint32_t first, uint32_t rule);
  bool same_or_weaker(uint16_t table, uint32_t weak, uint32_t strong);
  bool leaves_stretch(uint16_t table, uint32_t rule);
  bool can_return(uint16_t table, uint32_t first);

  std::span<const Table> tables_;
  Family family_;
  std::vector<std::string> devices_, devices_and_lo_;
  std::vector<uint16_t> members_;        // tables of the family, by priority
  compiler::WrittenWords written_ = {};  // by the targets of all of them
  std::map<PathKind, PathPlan> plans_;
  std::map<std::pair<uint16_t, Hook>, Reach> reaches_;
  std::map<std::pair<uint16_t, uint32_t>, std::vector<Lowered>> lowered_;
  std::map<std::tuple<PathKind, uint16_t, Hook, uint32_t>, bool> usable_;
  std::map<std::pair<uint16_t, uint32_t>, bool> can_return_;
};

}  // namespace hookline
