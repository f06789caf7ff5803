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

void JsonLines::string(const std::string& value) {
  text_ += nlohmann::json(value).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

template <typename Values, typename Each>
void JsonLines::list(const char* name, const Values& values, Each each) {
  if (values.empty()) return;
  text_ += ",\"";
  text_ += name;
  text_ += "\":[";
  bool first = true;
  for (const auto& value : values) {
    if (!first) text_ += ',';
    first = false;
    each(value);
  }
  text_ += ']';
}

void JsonLines::effects(const PathResult& result) {
  const Effects& effects = result.effects;
  list("log", effects.log, [&](const std::string& line) { string(line); });
  list("nflog", effects.nflog, [&](const NflogMessage& message) {
    text_ += "{\"group\":";
    number(message.group);
    text_ += ",\"prefix\":";
    string(message.prefix);
    text_ += ",\"bytes\":";
    number(message.packet.size());
    text_ += '}';
  });
  if (!with_bytes_) return;
  list("copies", effects.copies, [&](const std::vector<uint8_t>& copy) {
    text_ += '"';
    hex(copy);
    text_ += '"';
  });
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
  if (result.verdict == Verdict::kQueue) {
    text_ += ",\"queue\":";
    number(result.queue);
    if (const uint16_t last = result.effects.queues.second; last > result.queue) {
      text_ += ",\"last_queue\":";
      number(last);
    }
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
  if (with_bytes_ && !result.reply.empty()) {
    text_ += ",\"reply\":\"";
    hex(result.reply);
    text_ += '"';
  }
  effects(result);
  text_ += "}\n";
}

}  // namespace hookline::cli
