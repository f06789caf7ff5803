// cli/run_report.cpp: tables and JSON from counters.
#include "cli/run_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace hookline::cli {
namespace {

struct Column {
  std::string title;
  bool right = true;
};

// Rows of text under titles, each column as wide as its widest cell.
std::string table_text(const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows) {
  std::vector<size_t> widths;
  for (const Column& column : columns) widths.push_back(column.title.size());
  for (const auto& row : rows) {
    for (size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], row[c].size());
  }
  std::string text;
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string out = "  ";
    for (size_t c = 0; c < cells.size(); ++c) {
      if (c != 0) out += "  ";
      out += columns[c].right ? fmt::format("{:>{}}", cells[c], widths[c]) : fmt::format("{:<{}}", cells[c], widths[c]);
    }
    out.erase(out.find_last_not_of(' ') + 1);
    text += out + "\n";
  };
  std::vector<std::string> titles;
  for (const Column& column : columns) titles.push_back(column.title);
  line(titles);
  for (const auto& row : rows) line(row);
  return text;
}

std::string number(uint64_t n) { return std::to_string(n); }

double rate_mpps(const RunReport& report) {
  return report.seconds > 0 ? static_cast<double>(report.totals.received) / report.seconds / 1e6 : 0;
}

bool listed(const RuleCount& rule, const std::string& text, bool zero_rules) {
  return rule.packets != 0 || (zero_rules && !text.empty());
}

// "drop" and its like: what rules, not the stack, did.
constexpr Fate kLastVerdict = Fate::kQueue;

}  // namespace

std::string report_text(const RunReport& report) {
  const Totals& totals = report.totals;
  std::string text = "ports\n";
  std::vector<std::vector<std::string>> rows;
  for (const PortTotals& port : totals.ports) {
    rows.push_back({port.name, port.driver, number(port.received), number(port.received_bytes), number(port.sent),
                    number(port.sent_bytes), number(port.full),
                    number(port.device_stats.missed + port.device_stats.errors + port.device_stats.no_buffer)});
  }
  text += table_text(
      {{"port", false}, {"driver", false}, {"received"}, {"bytes"}, {"sent"}, {"bytes"}, {"queue full"}, {"lost by device"}},
      rows);

  text += "\nverdicts\n";
  rows.clear();
  for (unsigned f = 0; f < kFateCount; ++f) {
    const bool always = f == static_cast<unsigned>(Fate::kAccept) || f == static_cast<unsigned>(Fate::kDrop);
    if (totals.fates[f] == 0 && !always) continue;
    const double share =
        totals.received == 0 ? 0 : 100.0 * static_cast<double>(totals.fates[f]) / static_cast<double>(totals.received);
    std::string name(kFateNames[f]);
    if (discarded(static_cast<Fate>(f))) name = "discarded: " + name;
    rows.push_back({name, number(totals.fates[f]), fmt::format("{:.1f} %", share)});
  }
  text += table_text({{"verdict", false}, {"frames"}, {""}}, rows);

  for (size_t g = 0; g < report.generations.size(); ++g) {
    const GenerationCounts& generation = report.generations[g];
    text += report.generations.size() == 1 && generation.number == 1
                ? std::string("\nrules\n")
                : fmt::format("\nrules of generation {}{}\n", generation.number,
                              generation.retired ? ", replaced by the next" : ", in service at the end");
    rows.clear();
    bool both = false;  // families
    for (const auto& table : generation.tables) both |= table.family != generation.tables.front().family;
    size_t silent = 0;
    for (size_t t = 0; t < generation.tables.size(); ++t) {
      const auto& table = generation.tables[t];
      for (size_t r = 0; r < table.rules.size(); ++r) {
        const std::string& rule_text = report.built[g][t].rule_texts[r];
        if (!listed(table.rules[r], rule_text, report.zero_rules)) {
          silent += rule_text.empty() ? 0 : 1;
          continue;
        }
        std::vector<std::string> row = {number(table.rules[r].packets), number(table.rules[r].bytes), table.rules[r].name,
                                        rule_text};
        if (both) row.insert(row.begin() + 2, std::string(family_name(table.family)));
        rows.push_back(std::move(row));
      }
    }
    std::vector<Column> columns = {{"packets"}, {"bytes"}, {"rule", false}, {"", false}};
    if (both) columns.insert(columns.begin() + 2, {"family", false});
    if (!rows.empty()) text += table_text(columns, rows);
    if (silent != 0) text += fmt::format("  {} more rules counted nothing\n", silent);
    if (generation.tables.empty()) text += "  none: every packet is accepted\n";
  }

  text += fmt::format("\n{} frames in {:.3f} s: {:.3f} Mpps", totals.received, report.seconds, rate_mpps(report));
  if (totals.walks != 0) {
    text += fmt::format("; {} table walks, {:.2f} % by the index", totals.walks,
                        100.0 * static_cast<double>(totals.walks - totals.by_linear) / static_cast<double>(totals.walks));
  }
  return text + "\n";
}

std::string report_json(const RunReport& report) {
  const Totals& totals = report.totals;
  nlohmann::ordered_json json;
  json["frames"] = totals.received;
  json["seconds"] = report.seconds;
  json["mpps"] = rate_mpps(report);
  for (const PortTotals& port : totals.ports) {
    json["ports"].push_back({{"name", port.name},
                             {"device", port.device},
                             {"driver", port.driver},
                             {"received", port.received},
                             {"received_bytes", port.received_bytes},
                             {"sent", port.sent},
                             {"sent_bytes", port.sent_bytes},
                             {"queue_full", port.full},
                             {"missed", port.device_stats.missed},
                             {"errors", port.device_stats.errors},
                             {"no_buffer", port.device_stats.no_buffer}});
  }
  nlohmann::ordered_json verdicts, discards;
  for (unsigned f = 0; f < kFateCount; ++f) {
    (f <= static_cast<unsigned>(kLastVerdict) ? verdicts : discards)[std::string(kFateNames[f])] = totals.fates[f];
  }
  json["verdicts"] = verdicts;
  json["discards"] = discards;
  json["walks"] = {{"index", totals.walks - totals.by_linear}, {"linear", totals.by_linear}};
  json["generations"] = nlohmann::ordered_json::array();
  for (size_t g = 0; g < report.generations.size(); ++g) {
    const GenerationCounts& generation = report.generations[g];
    nlohmann::ordered_json entry;
    entry["generation"] = generation.number;
    entry["in_service"] = !generation.retired;
    entry["rules"] = nlohmann::ordered_json::array();
    for (size_t t = 0; t < generation.tables.size(); ++t) {
      const auto& table = generation.tables[t];
      for (size_t r = 0; r < table.rules.size(); ++r) {
        if (!listed(table.rules[r], report.built[g][t].rule_texts[r], true)) continue;
        entry["rules"].push_back({{"family", family_name(table.family)},
                                  {"rule", table.rules[r].name},
                                  {"packets", table.rules[r].packets},
                                  {"bytes", table.rules[r].bytes}});
      }
    }
    json["generations"].push_back(std::move(entry));
  }
  return json.dump();
}

std::string status_line(double now_seconds, double interval_seconds, const Totals& before, const Totals& now,
                        uint64_t generation) {
  const uint64_t frames = now.received - before.received;
  const auto share = [&](uint64_t part) {
    return frames == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(frames);
  };
  uint64_t passed = 0, dropped = 0, thrown = 0, full = 0;
  for (unsigned f = 0; f < kFateCount; ++f) {
    const uint64_t n = now.fates[f] - before.fates[f];
    const Fate fate = static_cast<Fate>(f);
    (passes(fate) ? passed : discarded(fate) ? thrown : dropped) += n;
  }
  for (size_t i = 0; i < now.ports.size(); ++i) full += now.ports[i].full - before.ports[i].full;
  return fmt::format(
      "{:7.1f} s  {:8.3f} Mpps  passed {:5.1f} %  dropped {:5.1f} %  discarded {:5.1f} %  queue full {}  rules {}",
      now_seconds, interval_seconds > 0 ? static_cast<double>(frames) / interval_seconds / 1e6 : 0.0, share(passed),
      share(dropped), share(thrown), full, generation);
}

}  // namespace hookline::cli
