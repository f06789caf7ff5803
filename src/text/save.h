// text/save.h: Table -> the text of iptables-legacy-save / ip6tables-legacy-save, comment lines aside.
#pragma once

#include <string>

#include "base/result.h"
#include "table/table.h"

namespace hookline {

struct SaveOptions {
  bool counters = false;  // as `iptables-save -c`
};

// The whole table: `*filter`, chains, rules, `COMMIT`. Problems name every rule that this build cannot print.
Result<std::string> save_text(const Table& table, const SaveOptions& options = {});

// One rule as `-A CHAIN …`, without counters; for policies and implicit returns a short description. Never fails: what
// cannot be printed appears as `[match NAME rev R]`.
std::string rule_text(const Table& table, RuleId rule);

}  // namespace hookline
