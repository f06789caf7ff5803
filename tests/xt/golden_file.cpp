#include "golden_file.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>

namespace hookline::test {
namespace {

std::string trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

// The parts between semicolons, without a comment; quoted text is left alone.
std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> parts(1);
  char quote = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote != 0) {
      if (c == '\\' && quote == '"' && i + 1 < line.size())
        parts.back() += line[i++];
      else if (c == quote)
        quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '\\' && i + 1 < line.size()) {
      parts.back() += line[i++];
    } else if (c == '#' && (i == 0 || line[i - 1] == ' ')) {
      break;
    } else if (c == ';') {
      parts.emplace_back();
      continue;
    }
    parts.back() += line[i];
  }
  for (std::string& part : parts) part = trimmed(part);
  return parts;
}

bool take_word(std::string& text, std::string_view word) {
  if (!text.starts_with(word) || (text.size() > word.size() && text[word.size()] != ' ')) return false;
  text = trimmed(std::string_view(text).substr(word.size()));
  return true;
}

std::vector<uint8_t> hex_bytes(std::istream& words) {
  std::vector<uint8_t> bytes;
  for (std::string word; words >> word;) {
    if (word.size() >= 2 && word.front() == '\'' && word.back() == '\'') {
      bytes.insert(bytes.end(), word.begin() + 1, word.end() - 1);
      continue;
    }
    size_t digits = 0;
    const auto byte = static_cast<uint8_t>(std::stoul(word, &digits, 16));
    const bool repeated = digits < word.size() && word[digits] == '*';
    bytes.insert(bytes.end(), repeated ? std::stoul(word.substr(digits + 1)) : 1, byte);
  }
  return bytes;
}

}  // namespace

Result<GoldenFile> read_golden_file(const std::string& path) {
  GoldenFile file;
  file.path = path;
  file.name = std::filesystem::path(path).stem();
  std::ifstream input(path);
  int number = 0;
  const auto wrong = [&](const std::string& found, const std::string& expected) {
    return fail(ProblemKind::kInput, path + ":" + std::to_string(number), found, expected);
  };
  for (std::string line; std::getline(input, line);) {
    ++number;
    std::vector<std::string> parts = split(line);
    if (parts.size() == 1 && parts[0].empty()) continue;
    if (line.starts_with(":")) {
      std::istringstream words(parts[0].substr(1));
      std::string chains, via, protocol;
      if (file.table.empty())
        words >> file.table >> chains >> via;
      else
        words >> via;
      std::istringstream names(chains);
      for (std::string name; std::getline(names, name, ',');) file.chains.push_back(name);
      if (via == "via" && words >> file.via >> protocol) file.via_protocol = static_cast<uint8_t>(std::stoi(protocol));
      continue;
    }
    if (line.starts_with(" ")) {
      if (parts.size() != 2) return wrong(line, "PACKET ; ANSWER");
      if (file.rules.empty()) return wrong(line, "a rule first");
      file.rules.back().packets.push_back({number, parts[0], parts[1]});
      continue;
    }
    if (parts.size() != 3) return wrong(line, "RULE ; PRINTED ; OK or FAIL");
    GoldenRule rule;
    rule.line = number;
    rule.via_protocol = file.via_protocol;
    if (take_word(parts[0], "6")) rule.family = Family::kIpv6;
    if (take_word(parts[0], "patch")) {
      std::istringstream words(parts[0]);
      rule.kind = GoldenRule::Kind::kPatch;
      words >> rule.offset;
      rule.bytes = hex_bytes(words);
    } else if (take_word(parts[0], "revision")) {
      std::istringstream words(parts[0]);
      unsigned revision = 0;
      rule.kind = GoldenRule::Kind::kRevision;
      words >> revision;
      rule.revision = static_cast<uint8_t>(revision);
      rule.bytes = hex_bytes(words);
    } else if (take_word(parts[0], "alone")) {
      std::istringstream words(parts[0]);
      unsigned revision = 0;
      rule.kind = GoldenRule::Kind::kAlone;
      words >> revision;
      rule.revision = static_cast<uint8_t>(revision);
      rule.bytes = hex_bytes(words);
    } else if (take_word(parts[0], "bytes")) {
      std::istringstream words(parts[0]);
      rule.kind = GoldenRule::Kind::kBytes;
      rule.bytes = hex_bytes(words);
    } else {
      if (take_word(parts[0], "host")) rule.kind = GoldenRule::Kind::kHost;
      rule.text = parts[0];
    }
    rule.printed = parts[1] == "=" ? parts[0] : parts[1];
    rule.reason = parts[2];
    if (take_word(rule.reason, "FAIL"))
      rule.expect = GoldenRule::Expect::kFails;
    else if (take_word(rule.reason, "REFUSED"))
      rule.expect = GoldenRule::Expect::kRefused;
    else if (!take_word(rule.reason, "OK"))
      return wrong(parts[2], "OK, FAIL or REFUSED");
    if (rule.expect != GoldenRule::Expect::kLoads && rule.reason.empty()) return wrong(parts[2], "a reason");
    file.rules.push_back(std::move(rule));
  }
  if (file.table.empty() || file.chains.empty()) return wrong("no line `: TABLE CHAINS`", "one");
  return file;
}

}  // namespace hookline::test
