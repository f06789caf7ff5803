// text/save.cpp: see the header.
//
// Built-in chains come first in hook order, then user chains sorted by name, as libiptc lists them. Only what was decoded is
// printed: a rule with a type that this build lacks is a problem here and a bracketed name in rule_text().
// Source: iptables 1.8.9, iptables-save.c, print_rule4() and print_rule6(); libiptc.c.
#include "text/save.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>

#include "table/extension.h"
#include "text/header_text.h"

namespace hookline {
namespace {

std::string_view verdict_name(StandardVerdict verdict) {
  switch (verdict) {
    case StandardVerdict::kDrop:
      return "DROP";
    case StandardVerdict::kAccept:
      return "ACCEPT";
    case StandardVerdict::kQueue:
      return "QUEUE";
    case StandardVerdict::kReturn:
      return "RETURN";
  }
  return "?";
}

// The chain that a jump leads to: the one whose first rule it names, else (hand-made tables) the one it lands in.
std::string_view jump_name(const Table& table, RuleId to) {
  const Rule& rule = table.rule(to);
  return rule.chain < table.chains.size() ? std::string_view(table.chains[rule.chain].name) : std::string_view("?");
}

// The name that iptables-save prints for a Match or an extension target.
template <typename Used>
std::string_view printed_name(const Used& used) {
  return used.type->printed_name != nullptr ? used.type->printed_name(used.info.get()) : std::string_view(used.name);
}

void add_matches(const Table& table, const Rule& rule, std::string& text) {
  for (const Match& match : rule.matches) {
    if (match.type == nullptr) {
      text += fmt::format(" [match {} rev {}]", match.name, match.revision);
      continue;
    }
    text += " -m ";
    text += printed_name(match);
    TextOut out(table.family);
    match.type->print(match.info.get(), out);
    text += out.text();
  }
}

void add_target(const Table& table, const Rule& rule, std::string& text) {
  const Target& target = rule.target;
  switch (target.kind) {
    case TargetKind::kVerdict:
      // libiptc knows the goto flag of no verdict, but the text program looks at the flag alone.
      text += fmt::format(" -{} {}", rule.header.goto_flag ? 'g' : 'j', verdict_name(target.verdict));
      return;
    case TargetKind::kJump:
      text += fmt::format(" -{} {}", rule.header.goto_flag ? 'g' : 'j', jump_name(table, target.jump_to));
      return;
    case TargetKind::kFallThrough:
      return;
    case TargetKind::kError:
      text += " -j ERROR";
      return;
    case TargetKind::kExtension:
      if (target.type == nullptr) {
        text += fmt::format(" [target {} rev {}]", target.name, target.revision);
        return;
      }
      text += " -j ";
      text += printed_name(target);
      TextOut out(table.family);
      target.type->print(target.info.get(), out);
      text += out.text();
      return;
  }
}

// What save_text cannot print of a rule.
void name_unprintable(const Table& table, RuleId id, Problems& problems) {
  const Rule& rule = table.rule(id);
  const auto refuse = [&](std::string_view what, const std::string& name, uint8_t revision) {
    problems.push_back({ProblemKind::kInput, table.rule_place(id), fmt::format("{} {} rev {}", what, name, revision),
                        "one that this build can print"});
  };
  for (const Match& match : rule.matches)
    if (match.type == nullptr) refuse("match", match.name, match.revision);
  if (rule.target.kind == TargetKind::kExtension && rule.target.type == nullptr)
    refuse("target", rule.target.name, rule.target.revision);
}

std::vector<uint32_t> chains_in_save_order(const Table& table) {
  std::vector<uint32_t> order(table.chains.size());
  for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto user = std::find_if(order.begin(), order.end(), [&](uint32_t i) { return !table.chains[i].hook; });
  std::stable_sort(user, order.end(), [&](uint32_t a, uint32_t b) { return table.chains[a].name < table.chains[b].name; });
  return order;
}

std::string append_line(const Table& table, const Rule& rule) {
  std::string text = "-A " + table.chains[rule.chain].name;
  text += header_text(rule.header, table.family);
  add_matches(table, rule, text);
  add_target(table, rule, text);
  return text;
}

}  // namespace

Result<std::string> save_text(const Table& table, const SaveOptions& options) {
  Problems problems;
  // Rules of a chain, in blob order, found once: chains of a hand-made table need not be contiguous.
  std::vector<std::vector<RuleId>> rules_of(table.chains.size());
  for (uint32_t i = 0; i < table.rules.size(); ++i) {
    if (table.rules[i].role != RuleRole::kRule) continue;
    rules_of[table.rules[i].chain].push_back(RuleId{i});
    name_unprintable(table, RuleId{i}, problems);
  }
  if (!problems.empty()) return fail(std::move(problems));

  std::string text = "*" + table.name + "\n";
  const std::vector<uint32_t> order = chains_in_save_order(table);
  for (const uint32_t c : order) {
    const Chain& chain = table.chains[c];
    if (!chain.hook) {
      text += fmt::format(":{} - [0:0]\n", chain.name);
      continue;
    }
    const Rule& policy = table.rule(chain.last);
    text += fmt::format(":{} {} [{}:{}]\n", chain.name, verdict_name(policy.target.verdict), policy.counters.packets,
                        policy.counters.bytes);
  }
  for (const uint32_t c : order)
    for (const RuleId id : rules_of[c]) {
      const Rule& rule = table.rule(id);
      if (options.counters) text += fmt::format("[{}:{}] ", rule.counters.packets, rule.counters.bytes);
      text += append_line(table, rule);
      text += '\n';
    }
  text += "COMMIT\n";
  return text;
}

std::string rule_text(const Table& table, RuleId id) {
  const Rule& rule = table.rule(id);
  switch (rule.role) {
    case RuleRole::kRule:
      return append_line(table, rule);
    case RuleRole::kPolicy:
      return fmt::format("policy {} of {}", verdict_name(rule.target.verdict), table.chains[rule.chain].name);
    case RuleRole::kImplicitReturn:
      return fmt::format("end of {}: RETURN", table.chains[rule.chain].name);
    case RuleRole::kChainHead:
      return fmt::format("head of {}", table.chains[rule.chain].name);
    case RuleRole::kBlobEnd:
      return "end of the table";
  }
  return {};
}

}  // namespace hookline
