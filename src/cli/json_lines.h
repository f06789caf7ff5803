// cli/json_lines.h: the lines of `eval --json`, written by hand into one buffer: millions of them a second, without
// allocation. The names of all rules are rendered, quoted, before the first packet.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "packet/hooks.h"
#include "stack/path.h"
#include "table/table.h"

namespace hookline::cli {

class JsonLines {
 public:
  JsonLines(const std::vector<Table>& tables, bool with_bytes);
  void skipped(uint64_t number);
  void packet(uint64_t number, Family family, const PathResult& result);
  [[nodiscard]] std::string_view text() const { return text_; }
  void clear() { text_.clear(); }

 private:
  void number(uint64_t value);
  void hex(const std::vector<uint8_t>& bytes);
  void string(const std::string& value);
  template <typename Values, typename Each>
  void list(const char* name, const Values& values, Each each);
  void effects(const PathResult& result);
  std::vector<std::vector<std::string>> names_;  // by table, by RuleId
  bool with_bytes_;
  std::string text_;
};

}  // namespace hookline::cli
