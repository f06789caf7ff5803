// reference/reference.h: the kernel's traversal of one table, short and never optimised: the judge of all fast engines.
//
// Kernel: ipt_do_table(), ip6t_do_table(). Works on the Table and the extensions' evaluate(), step by step as the kernel
// does; it shares no parser and no layout with compile/ and classify/.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "packet/outcome.h"
#include "packet/packet.h"
#include "table/table.h"
#include "world/world.h"

namespace hookline {

// What explain shows: called for each rule that the walk looks at.
class WalkObserver {
 public:
  virtual ~WalkObserver() = default;
  enum class Step : uint8_t {
    kMatched,        // all conditions hold; the counter was bumped
    kHeaderFailed,   // a header condition failed; `condition` names it: "source", "in", "protocol" …
    kMatchFailed,    // match number `match` said no
    kMatchHotdrop,   // match number `match` dropped the packet
    kHeaderHotdrop,  // IPv6: the extension headers are malformed
  };
  virtual void on_rule(RuleId rule, Step step, size_t match, const char* condition) = 0;
};

class ReferenceEngine {
 public:
  // The table must outlive the engine and hold no rule that refusals() names. Engines of several tables that packets pass
  // one after the other share a World.
  explicit ReferenceEngine(const Table& table, std::shared_ptr<World> world = std::make_shared<World>());
  // The hook must be one of the table's. The outcome's bumps stay valid until the next call.
  Outcome walk(Hook hook, Packet& packet, WalkObserver* observer = nullptr);

 private:
  const Table& table_;
  std::vector<Bump> bumps_;
  std::vector<RuleId> stack_;
  std::shared_ptr<World> world_;
  std::unordered_map<const void*, std::vector<uint64_t>> states_;  // by the Match or Target that has one
};

}  // namespace hookline
