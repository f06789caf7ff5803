// config/run_config.cpp: toml++ below, a strict reader above it.
//
// A section is read key by key; each key that was asked for is struck from the list of those that the file has, and what is
// left over at the end is unknown. The known keys are then at hand for "did you mean".
#include "config/run_config.h"

#include <toml++/toml.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string_view>
#include <utility>

namespace hookline {
namespace {

// Levenshtein distance, for the nearest key.
size_t distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row[b.size()];
}

std::string_view type_name(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "an integer";
    case toml::node_type::floating_point:
      return "a float";
    case toml::node_type::boolean:
      return "a boolean";
    case toml::node_type::array:
      return "an array";
    case toml::node_type::table:
      return "a table";
    default:
      return "a date or time";
  }
}

class Section {
 public:
  Section(const toml::table& table, std::string file, std::string prefix, Problems& problems)
      : table_(table), file_(std::move(file)), prefix_(std::move(prefix)), problems_(problems) {}

  [[nodiscard]] bool has(std::string_view key) const { return table_.contains(key); }

  const toml::node* find(std::string_view key) {
    known_.insert(std::string(key));
    return table_.get(key);
  }

  bool text(std::string_view key, std::string& value) {
    const toml::node* node = find(key);
    if (node == nullptr) return false;
    if (!node->is_string()) return wrong_type(key, *node, "a string");
    value = **node->as_string();
    return true;
  }
  // A string that must not be empty.
  bool word(std::string_view key, std::string& value) {
    if (!text(key, value)) return false;
    if (value.empty()) problem(key, *table_.get(key), "an empty string", "a name");
    return !value.empty();
  }
  bool boolean(std::string_view key, bool& value) {
    const toml::node* node = find(key);
    if (node == nullptr) return false;
    if (!node->is_boolean()) return wrong_type(key, *node, "true or false");
    value = **node->as_boolean();
    return true;
  }
  template <typename T>
  bool integer(std::string_view key, T& value, int64_t low, int64_t high) {
    const toml::node* node = find(key);
    if (node == nullptr) return false;
    const std::string range = "an integer from " + std::to_string(low) + " to " + std::to_string(high);
    if (!node->is_integer()) return wrong_type(key, *node, range);
    const int64_t number = **node->as_integer();
    if (number < low || number > high) return problem(key, *node, std::to_string(number), range);
    value = static_cast<T>(number);
    return true;
  }
  bool seconds(std::string_view key, double& value) {
    const toml::node* node = find(key);
    if (node == nullptr) return false;
    double number = 0;
    if (node->is_integer()) {
      number = static_cast<double>(**node->as_integer());
    } else if (node->is_floating_point()) {
      number = **node->as_floating_point();
    } else {
      return wrong_type(key, *node, "a number of seconds");
    }
    if (!std::isfinite(number) || number < 0 || number > 1e9) {
      return problem(key, *node, std::to_string(number), "a number of seconds, 0 for no limit");
    }
    value = number;
    return true;
  }
  bool choice(std::string_view key, std::string& value, std::initializer_list<std::string_view> choices) {
    const toml::node* node = find(key);
    if (node == nullptr) return false;
    std::string expected;
    for (const std::string_view c : choices) expected += (expected.empty() ? "\"" : " or \"") + std::string(c) + "\"";
    if (!node->is_string()) return wrong_type(key, *node, expected);
    const std::string& found = **node->as_string();
    if (std::find(choices.begin(), choices.end(), found) == choices.end()) {
      return problem(key, *node, "\"" + found + "\"", expected);
    }
    value = found;
    return true;
  }
  // A string, or an array of strings.
  bool texts(std::string_view key, std::vector<std::string>& values) {
    const toml::node* node = find(key);
    if (node == nullptr) return false;
    if (node->is_string()) {
      values = {**node->as_string()};
      return true;
    }
    if (!node->is_array()) return wrong_type(key, *node, "a string or an array of strings");
    for (const toml::node& element : *node->as_array()) {
      if (!element.is_string()) return wrong_type(key, element, "strings in the array");
      values.push_back(**element.as_string());
    }
    return true;
  }
  bool integers(std::string_view key, std::vector<unsigned>& values, int64_t high) {
    const toml::node* node = find(key);
    if (node == nullptr) return false;
    if (!node->is_array()) return wrong_type(key, *node, "an array of integers");
    for (const toml::node& element : *node->as_array()) {
      if (!element.is_integer()) return wrong_type(key, element, "integers in the array");
      const int64_t number = **element.as_integer();
      if (number < 0 || number > high) {
        return problem(key, element, std::to_string(number), "integers from 0 to " + std::to_string(high));
      }
      values.push_back(static_cast<unsigned>(number));
    }
    return true;
  }
  const toml::table* table(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) return nullptr;
    if (!node->is_table()) wrong_type(key, *node, "a table: [" + std::string(key) + "]");
    return node->as_table();
  }

  bool problem(std::string_view key, const toml::node& node, std::string found, std::string expected) {
    problems_.push_back(
        {ProblemKind::kInput, place(node) + ": " + prefix_ + std::string(key), std::move(found), std::move(expected)});
    return false;
  }
  bool wrong_type(std::string_view key, const toml::node& node, std::string expected) {
    return problem(key, node, std::string(type_name(node)), std::move(expected));
  }
  void missing(std::string_view key, std::string expected) {
    problems_.push_back(
        {ProblemKind::kInput, place(table_) + ": " + prefix_ + std::string(key), "not there", std::move(expected)});
  }

  // Call last: every key that nobody asked for is a problem.
  void refuse_unknown() {
    for (const auto& [key, node] : table_) {
      const std::string name(key.str());
      if (known_.count(name) != 0) continue;
      std::string nearest;
      size_t best = SIZE_MAX;
      for (const std::string& candidate : known_) {
        if (const size_t d = distance(name, candidate); d < best) {
          best = d;
          nearest = candidate;
        }
      }
      problems_.push_back({ProblemKind::kInput,
                           file_ + ":" + std::to_string(key.source().begin.line) + ": " + prefix_ + name, "an unknown key",
                           nearest.empty() ? std::string("none") : "`" + nearest + "` perhaps"});
    }
  }

 private:
  [[nodiscard]] std::string place(const toml::node& node) const {
    const auto line = node.source().begin.line;
    return line == 0 ? file_ : file_ + ":" + std::to_string(line);
  }

  const toml::table& table_;
  std::string file_, prefix_;
  Problems& problems_;
  std::set<std::string> known_;
};

std::string resolved(const std::string& path, const std::string& folder) {
  const std::filesystem::path p(path);
  if (p.is_absolute() || folder.empty()) return path;
  return (std::filesystem::path(folder) / p).lexically_normal().string();
}

// Devargs with the files of net_pcap made independent of the working directory.
std::string resolved_devargs(const std::string& devargs, const std::string& folder) {
  std::string result;
  for (size_t begin = 0; begin <= devargs.size();) {
    const size_t end = std::min(devargs.find(',', begin), devargs.size());
    std::string item = devargs.substr(begin, end - begin);
    for (const std::string_view key : {"rx_pcap=", "tx_pcap="}) {
      if (item.rfind(key, 0) == 0) item = std::string(key) + resolved(item.substr(key.size()), folder);
    }
    if (begin != 0) result += ',';
    result += item;
    begin = end + 1;
  }
  return result;
}

void read_rules(Section& top, RunConfig& config, const std::string& folder) {
  std::vector<std::string> rules;
  const bool has_rules = top.has("rules"), has_netns = top.has("netns");
  std::string netns;
  if (top.texts("rules", rules)) {
    config.no_rules = rules.size() == 1 && rules[0] == "none";
    if (!config.no_rules) {
      for (const std::string& file : rules) config.rules.push_back(resolved(file, folder));
      if (rules.empty() || std::find(rules.begin(), rules.end(), "") != rules.end()) {
        top.problem("rules", *top.find("rules"), "no file", "a snapshot or rules file, several of them, or \"none\"");
      }
    }
  }
  if (top.text("netns", netns)) config.netns = netns;
  if (has_rules && has_netns) {
    top.problem("netns", *top.find("netns"), "both `rules` and `netns`", "one of them");
  } else if (!has_rules && !has_netns) {
    top.missing("rules", "a rules or snapshot file, \"none\", or `netns` with the namespace whose rules are fetched");
  }
}

void read_port(const toml::node& node, const std::string& file, const std::string& folder, RunConfig& config,
               Problems& problems) {
  const toml::table* table = node.as_table();
  if (table == nullptr) {
    problems.push_back({ProblemKind::kInput, file + ": port", std::string(type_name(node)), "[[port]] tables"});
    return;
  }
  PortConfig port;
  std::string prefix = "port.";
  if (const auto name = (*table)["name"].value<std::string>()) prefix = "port \"" + *name + "\", ";
  Section section(*table, file, prefix, problems);
  if (!section.word("name", port.name) && !section.has("name")) section.missing("name", "a name for the port");
  if (!section.word("device", port.device) && !section.has("device")) {
    section.missing("device", "DPDK device arguments such as \"net_pcap0,rx_pcap=in.pcap\"");
  }
  port.device = resolved_devargs(port.device, folder);
  port.interface = port.name;
  if (section.word("interface", port.interface) && port.interface.size() > 15) {
    section.problem("interface", *section.find("interface"), std::to_string(port.interface.size()) + " bytes",
                    "at most 15, as for a Linux interface");
  } else if (!section.has("interface") && port.name.size() > 15) {
    section.problem("name", *section.find("name"), std::to_string(port.name.size()) + " bytes",
                    "at most 15 unless `interface` gives the name that rules see");
  }
  section.word("peer", port.peer);
  if (section.word("fill", port.fill)) port.fill = resolved(port.fill, folder);
  section.integer("queues", port.queues, 1, 64);
  section.integer("mtu", port.mtu, 68, 65535);
  section.refuse_unknown();
  config.ports.push_back(std::move(port));
}

}  // namespace

Result<RunConfig> parse_run_config(const std::string& text, const std::string& place, const std::string& folder) {
  toml::table root;
  try {
    root = toml::parse(text, place);
  } catch (const toml::parse_error& error) {
    return fail(ProblemKind::kInput, place + ":" + std::to_string(error.source().begin.line),
                std::string(error.description()), "TOML");
  }
  RunConfig config;
  Problems problems;
  Section top(root, place, "", problems);
  read_rules(top, config, folder);

  std::string family, path, mode, discovery;
  if (top.choice("family", family, {"ipv4", "ipv6"}) && family == "ipv6") config.family = Family::kIpv6;
  // Other paths are known by name, so that the message can say that they are not built yet.
  if (top.text("path", path) && path != "forward") {
    top.problem("path", *top.find("path"), "\"" + path + "\"", "\"forward\": this build runs no other path");
  }
  if (top.choice("mode", mode, {"router", "wire"})) config.wire = mode == "wire";
  if (top.choice("neighbour_discovery", discovery, {"pass", "filter"})) {
    config.pass_neighbour_discovery = discovery == "pass";
  }
  top.boolean("flow_cache", config.flow_cache);
  top.integer("workers", config.workers, 1, 1024);
  top.integers("cores", config.cores, 1023);
  top.integer("burst", config.burst, 1, 64);
  top.integer("descriptors", config.descriptors, 32, 32768);
  top.integer("buffers", config.buffers, 256, 1 << 24);
  top.integer("frame_bytes", config.frame_bytes, 256, 65000);
  top.integer("idle_sleep_us", config.idle_sleep_us, 0, 1000000);
  top.integer("drain_ms", config.drain_ms, 0, 60000);

  if (const toml::table* table = top.table("limits")) {
    Section section(*table, place, "limits.", problems);
    section.integer("frames", config.limit_frames, 0, INT64_MAX);
    section.seconds("seconds", config.limit_seconds);
    section.integer("idle_ms", config.limit_idle_ms, 0, 86400000);
    section.refuse_unknown();
  }
  if (const toml::table* table = top.table("eal")) {
    Section section(*table, place, "eal.", problems);
    section.integer("memory_mb", config.memory_mb, 16, 1 << 20);
    section.boolean("huge_pages", config.huge_pages);
    section.texts("options", config.eal_options);
    section.refuse_unknown();
  }
  if (const toml::table* table = top.table("report")) {
    Section section(*table, place, "report.", problems);
    section.boolean("json", config.json);
    section.boolean("zero_rules", config.zero_rules);
    section.integer("status_ms", config.status_ms, 0, 3600000);
    section.refuse_unknown();
  }
  if (const toml::node* node = top.find("port")) {
    if (node->is_array()) {
      for (const toml::node& element : *node->as_array()) read_port(element, place, folder, config, problems);
    } else {
      top.wrong_type("port", *node, "[[port]] tables");
    }
  } else {
    top.missing("port", "a [[port]] table for every port");
  }
  top.refuse_unknown();
  if (!problems.empty()) return fail(std::move(problems));
  return config;
}

Result<RunConfig> read_run_config(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return fail(ProblemKind::kSystem, path, std::string("cannot be opened: ") + std::strerror(errno), "a config file");
  if (std::filesystem::is_directory(path)) return fail(ProblemKind::kSystem, path, "a folder", "a config file");
  std::ostringstream text;
  text << file.rdbuf();
  if (file.bad()) return fail(ProblemKind::kSystem, path, "cannot be read", "a config file");
  return parse_run_config(text.str(), path, std::filesystem::path(path).parent_path().string());
}

}  // namespace hookline
