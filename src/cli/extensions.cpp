// cli/extensions.cpp: `hookline extensions`: every match and target that this build knows, read from the registry: where it
// loads, and why it is refused where it is refused in every use.
//
// README.md shows this list; a test compares the two, so the page cannot promise what the program does not do.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cli/verb.h"
#include "packet/hooks.h"
#include "xt/registry.h"

namespace hookline::cli {
namespace {

struct Row {
  std::string_view kind;
  std::string name, revisions, families, limits;
};

std::string families_text(uint8_t families) {
  if (families == kBothFamilies) return "ipv4, ipv6";
  return std::string(family_name((families & family_bit(Family::kIpv4)) != 0 ? Family::kIpv4 : Family::kIpv6));
}

std::string protocol_text(uint16_t protocol) {
  switch (protocol) {
    case 1:
      return "icmp";
    case 6:
      return "tcp";
    case 17:
      return "udp";
    case 58:
      return "icmpv6";
    case 136:
      return "udplite";
    default:
      return std::to_string(protocol);
  }
}

std::string limits_text(const LoadLimits& limits) {
  std::string text;
  const auto add = [&text](std::string_view part) {
    if (!text.empty()) text += "; ";
    text += part;
  };
  if (!limits.table.empty())
    add(fmt::format("table {}{}{}", limits.table, limits.other_table.empty() ? "" : " or ", limits.other_table));
  if (limits.hooks != 0) {
    std::string hooks;
    for (unsigned h = 0; h < kHookCount; ++h)
      if ((limits.hooks & hook_bit(static_cast<Hook>(h))) != 0)
        hooks += (hooks.empty() ? "" : ", ") + std::string(hook_name(static_cast<Hook>(h)));
    add(hooks);
  }
  if (limits.protocol != 0) add(fmt::format("-p {}", protocol_text(limits.protocol)));
  return text.empty() ? "anywhere" : text;
}

template <typename Type>
std::string loads_text(const Type& type) {
  std::string text = limits_text(type.limits);
  if (type.evaluate != nullptr) return text;
  const std::vector<uint64_t> nothing((type.decoded_size + 7U) / 8);  // the reason is the same for every use
  return text + "; refused: " + type.refused(nothing.data());
}

// One row a name, family set and limits; the revisions of it in one cell.
template <typename Type>
void add_rows(std::string_view kind, std::span<const Type* const> types, std::vector<Row>& rows) {
  const size_t first = rows.size();
  for (const Type* type : types) {
    Row row{kind, std::string(type->name), std::to_string(type->revision), families_text(type->families), loads_text(*type)};
    const auto same = std::find_if(rows.begin() + static_cast<std::ptrdiff_t>(first), rows.end(), [&row](const Row& other) {
      return other.name == row.name && other.families == row.families && other.limits == row.limits;
    });
    if (same == rows.end())
      rows.push_back(std::move(row));
    else
      same->revisions += ", " + row.revisions;
  }
  std::stable_sort(rows.begin() + static_cast<std::ptrdiff_t>(first), rows.end(),
                   [](const Row& a, const Row& b) { return a.name < b.name; });
}

int run(bool markdown) {
  std::vector<Row> rows;
  add_rows("match", xt::match_types(), rows);
  add_rows("target", xt::target_types(), rows);
  if (markdown) {
    fmt::print("| kind | name | revisions | families | loads in |\n|---|---|---|---|---|\n");
    for (const Row& row : rows)
      fmt::print("| {} | `{}` | {} | {} | {} |\n", row.kind, row.name, row.revisions, row.families, row.limits);
    return kDone;
  }
  fmt::print("{:<7} {:<11} {:<10} {:<11} {}\n", "KIND", "NAME", "REVISIONS", "FAMILIES", "LOADS IN");
  for (const Row& row : rows)
    fmt::print("{:<7} {:<11} {:<10} {:<11} {}\n", row.kind, row.name, row.revisions, row.families, row.limits);
  return kDone;
}

}  // namespace

void add_extensions(CLI::App& app, Run& run_verb) {
  auto markdown = std::make_shared<bool>(false);
  CLI::App* verb = app.add_subcommand("extensions", "List the matches and targets that this build knows");
  verb->add_flag("--markdown", *markdown, "As the table that README.md shows");
  verb->callback([markdown, &run_verb] { run_verb = [markdown] { return run(*markdown); }; });
}

}  // namespace hookline::cli
