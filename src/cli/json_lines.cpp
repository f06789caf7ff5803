#include "cli/json_lines.h"

#include <charconv>
#include <nlohmann/json.hpp>

#include "cli/packet_stream.h"
#include "xt/reject.h"

namespace hookline::cli {

JsonLines::JsonLines(const std::vector<Table>& tables, bool with_bytes) : with_bytes_(with_bytes) {
  for (const Table& table : tables) {
    std::vector<std::string>& names = names_.emplace_back();
    for (uint32_t i = 0; i < table.rules.size(); ++i) {
      // A chain's name may hold any byte.
      names.push_back(
          nlohmann::json(table.rule_name(RuleId{i})).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace));
    }
  }
}

void JsonLines::number(uint64_t value) {
  char digits[20];
  text_.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

void JsonLines::hex(const std::vector<uint8_t>& bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  const size_t at = text_.size();
  text_.resize(at + bytes.size() * 2);
  char* out = text_.data() + at;
  for (const uint8_t byte : bytes) {
    *out++ = kDigits[byte >> 4];
    *out++ = kDigits[byte & 15];
  }
}

void JsonLines::skipped(uint64_t n) {
  text_ += "{\"n\":";
  number(n);
  text_ += ",\"verdict\":\"accept\",\"rules\":[],\"lens\":[],\"skipped\":\"not IP\"}\n";
}

void JsonLines::packet(uint64_t n, Family family, const PathResult& result) {
  text_ += "{\"n\":";
  number(n);
  text_ += ",\"verdict\":\"";
  text_ += verdict_name(result.verdict);
  text_ += "\",\"rules\":[";
  bool first = true;
  for (const PathBump& bump : result.bumps) {
    if (!first) text_ += ',';
    first = false;
    text_ += names_[bump.table][index_of(bump.rule)];
  }
  text_ += "],\"lens\":[";
  first = true;
  for (const PathBump& bump : result.bumps) {
    if (!first) text_ += ',';
    first = false;
    number(bump.bytes);
  }
  text_ += ']';
  if (result.reject_with != kNoReject) {
    text_ += ",\"reject\":\"";
    text_ += xt::reject_name(family, result.reject_with);
    text_ += '"';
  }
  if (result.discard != Discard::kNone) {
    text_ += ",\"discard\":\"";
    text_ += discard_text(result.discard);
    text_ += '"';
  }
  if (with_bytes_ && !result.out.empty()) {
    text_ += ",\"out\":\"";
    hex(result.out);
    text_ += '"';
  }
  text_ += "}\n";
}

}  // namespace hookline::cli
