// stack/table_engine.h: the face of an engine, as the stack sees it: walks one table at one hook.
#pragma once

#include "packet/hooks.h"
#include "packet/outcome.h"
#include "packet/packet.h"

namespace hookline {

// Not thread-safe: one object a thread.
class TableEngine {
 public:
  virtual ~TableEngine() = default;
  // The hook is one of the table's; the packet is of its family. The bumps stay valid until the next call.
  virtual Outcome walk(Hook hook, Packet& packet) = 0;
};

}  // namespace hookline
