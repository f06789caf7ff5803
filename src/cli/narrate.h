// cli/narrate.h: a walk told to people, rule by rule: what matched, and for every rule that did not, the first condition
// that failed and what the packet has instead.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "load/decode.h"
#include "packet/packet.h"
#include "stack/path.h"
#include "stack/table_engine.h"

namespace hookline::cli {

// Escape sequences on a terminal, nothing elsewhere.
class Style {
 public:
  Style();
  [[nodiscard]] std::string bold(const std::string& text) const { return wrap("1", text); }
  [[nodiscard]] std::string matched(const std::string& text) const { return wrap("32", text); }
  [[nodiscard]] std::string dropped(const std::string& text) const { return wrap("31", text); }
  [[nodiscard]] std::string quiet(const std::string& text) const { return wrap("2", text); }

 private:
  [[nodiscard]] std::string wrap(const char* code, const std::string& text) const;
  bool on_;
};

// Reference engines, parallel to the tables, that print each walk while `audible` is true. The arguments must outlive them.
std::vector<std::unique_ptr<TableEngine>> narrated_engines(const RuleSet& rules, const Style& style, const bool& audible);

// ", in eth0, out eth1": the devices that the path has.
std::string devices_text(const PathOptions& path);

// The line that ends a narration: the verdict and why.
void print_end(const PathResult& result, Family family, const Style& style);

}  // namespace hookline::cli
