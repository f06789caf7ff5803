#include "cli/narrate.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <unistd.h>

#include <cstdlib>

#include "cli/packet_stream.h"
#include "packet/describe.h"
#include "reference/reference.h"
#include "table/extension.h"
#include "text/save.h"
#include "xt/reject.h"

namespace hookline::cli {
namespace {

std::string interface_text(const InterfaceName& name) { return name.absent() ? "none" : std::string(name.view()); }

// What the packet has where a condition of the rule's header failed.
std::string header_value(const Packet& packet, const std::string& condition) {
  const PacketFields fields = fields_of(packet);
  if (condition == "source") return "source is " + fields.source;
  if (condition == "destination") return "destination is " + fields.destination;
  if (condition == "in") return "in device is " + interface_text(*packet.in);
  if (condition == "out") return "out device is " + interface_text(*packet.out);
  if (condition == "protocol") return "protocol is " + protocol_text(fields.protocol);
  if (condition == "fragment") {
    return fields.fragment_offset == 0 ? "no later fragment" : fmt::format("fragment at offset {}", fields.fragment_offset);
  }
  return condition;
}

// What the packet has where a match said no.
std::string match_value(const Packet& packet, const Match& match) {
  const PacketFields fields = fields_of(packet);
  const auto upper = [&](const std::string& text) -> std::string {
    if (fields.fragment_offset != 0) return "a later fragment has no upper header";
    return text.empty() ? "the upper header is cut off" : text;
  };
  const std::string ports =
      fields.has_ports ? fmt::format("ports {} > {}", fields.source_port, fields.destination_port) : std::string();
  if (match.name == "tcp") {
    const bool flags = fields.upper_length >= 14;
    return upper(flags ? fmt::format("{}, flags {}", ports, tcp_flags_text(fields.upper[13])) : ports);
  }
  if (match.name == "udp" || match.name == "udplite" || match.name == "multiport") return upper(ports);
  if (match.name == "icmp" || match.name == "icmp6") {
    return upper(fields.upper_length >= 2 ? fmt::format("type {} code {}", fields.upper[0], fields.upper[1]) : "");
  }
  if (match.name == "iprange") return fmt::format("{} > {}", fields.source, fields.destination);
  if (match.name == "length") return fmt::format("length is {}", packet.length);
  if (match.name == "ttl") return fmt::format("ttl is {}", fields.ttl);
  if (match.name == "hl") return fmt::format("hop limit is {}", fields.ttl);
  if (match.name == "mark") return fmt::format("mark is {:#x}", packet.mark);
  if (match.name == "string") return fmt::format("searched {} bytes", packet.length);
  return "not so";
}

// "-m udp --dport 53"
std::string match_text(const Match& match, const Table& table) {
  TextOut out(table.family);
  match.type->print(match.info.get(), out);
  return "-m " + match.name + out.text();
}

// Prints one walk of one table.
class Narrator : public WalkObserver {
 public:
  Narrator(const Table& table, const Style& style) : table_(table), style_(style) {}

  void begin(const Packet& packet) {
    packet_ = &packet;
    chain_ = ~0U;
  }

  void on_rule(RuleId id, Step step, size_t match, const char* condition) override {
    const Rule& rule = table_.rule(id);
    if (rule.chain != chain_) {
      chain_ = rule.chain;
      fmt::print("    {}\n", style_.bold(table_.chains[chain_].name));
    }
    const std::string name = rule.role == RuleRole::kRule ? std::to_string(rule.number) : std::string();
    const std::string text = fmt::format("{:>5}  {}", name, rule_words(id));
    if (step == Step::kMatched) {
      fmt::print("  {}{}\n", style_.matched("=>"), style_.matched(text));
      return;
    }
    std::string why;
    switch (step) {
      case Step::kHeaderFailed:
        why = header_value(*packet_, condition);
        break;
      case Step::kHeaderHotdrop:
        why = "dropped on the spot: the extension headers are malformed";
        break;
      case Step::kMatchFailed:
        why = match_text(rule.matches[match], table_) + ": " + match_value(*packet_, rule.matches[match]);
        break;
      case Step::kMatchHotdrop:
        why = "dropped on the spot by " + match_text(rule.matches[match], table_) + ": " +
              match_value(*packet_, rule.matches[match]);
        break;
      case Step::kMatched:
        break;
    }
    const bool hotdrop = step == Step::kHeaderHotdrop || step == Step::kMatchHotdrop;
    fmt::print("  {}{}  {}\n", hotdrop ? style_.dropped("XX") : "  ", style_.quiet(fmt::format("{:<52}", text)),
               hotdrop ? style_.dropped("<- " + why) : style_.quiet("<- ") + why);
  }

 private:
  [[nodiscard]] std::string rule_words(RuleId id) const {
    const Rule& rule = table_.rule(id);
    if (rule.role == RuleRole::kPolicy) {
      return rule.target.verdict == StandardVerdict::kAccept ? "policy ACCEPT" : "policy DROP";
    }
    if (rule.role == RuleRole::kImplicitReturn) return "end of chain: RETURN";
    std::string text = rule_text(table_, id);
    const std::string append = "-A " + table_.chains[rule.chain].name + " ";
    if (text.starts_with(append)) text.erase(0, append.size());
    return text;
  }

  const Table& table_;
  const Style& style_;
  const Packet* packet_ = nullptr;
  uint32_t chain_ = ~0U;
};

class NarratedEngine final : public TableEngine {
 public:
  NarratedEngine(const Table& table, std::shared_ptr<World> world, const Style& style, const bool& audible)
      : table_(table), style_(style), audible_(audible), engine_(table, std::move(world)), narrator_(table, style) {}

  Outcome walk(Hook hook, Packet& packet) override {
    if (!audible_) return engine_.walk(hook, packet);
    fmt::print("\n{}\n", style_.bold(fmt::format("{} {}", table_.name, hook_name(hook))));
    fmt::print("    {}\n", style_.quiet(describe(packet)));
    narrator_.begin(packet);
    return engine_.walk(hook, packet, &narrator_);
  }

 private:
  const Table& table_;
  const Style& style_;
  const bool& audible_;
  ReferenceEngine engine_;
  Narrator narrator_;
};

std::string packet_text(const std::vector<uint8_t>& bytes, Family family) {
  std::vector<uint8_t> copy = bytes;
  Packet view;
  view.data = copy.data();
  view.length = static_cast<uint32_t>(copy.size());
  view.family = family;
  return describe(view);
}

}  // namespace

Style::Style() : on_(isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr) {}

std::string Style::wrap(const char* code, const std::string& text) const {
  return on_ ? fmt::format("\033[{}m{}\033[0m", code, text) : text;
}

std::vector<std::unique_ptr<TableEngine>> narrated_engines(const RuleSet& rules, const Style& style, const bool& audible) {
  const auto world = std::make_shared<World>(rules.host);
  std::vector<std::unique_ptr<TableEngine>> engines(rules.tables.size());
  for (size_t i = engines.size(); i-- > 0;)  // as a load starts them
    engines[i] = std::make_unique<NarratedEngine>(rules.tables[i], world, style, audible);
  return engines;
}

std::string devices_text(const PathOptions& path) {
  std::string text;
  if (path.path != PathKind::kOutput) text += ", in " + interface_text(path.in);
  if (path.path != PathKind::kInput) text += ", out " + interface_text(path.out);
  return text;
}

void print_end(const PathResult& result, Family family, const Style& style) {
  std::string text = std::string(verdict_name(result.verdict));
  if (result.reject_with != kNoReject) text += ", answered with " + std::string(xt::reject_name(family, result.reject_with));
  if (result.discard != Discard::kNone) text += ", by the stack: " + std::string(discard_text(result.discard));
  if (result.verdict == Verdict::kQueue) text += fmt::format(" {}", result.queue);
  if (result.verdict == Verdict::kStolen) text += ": the fragment waits for the rest of its datagram";
  for (const std::string& line : result.effects.log) fmt::print("\nlog: {}\n", line);
  for (const NflogMessage& message : result.effects.nflog)
    fmt::print("\nnflog: group {}, prefix \"{}\", {} bytes\n", message.group, message.prefix, message.packet.size());
  for (const std::vector<uint8_t>& copy : result.effects.copies) fmt::print("\ncopy: {}\n", packet_text(copy, family));
  if (!result.reply.empty()) fmt::print("\nreply: {}\n", packet_text(result.reply, family));
  const bool good = result.verdict == Verdict::kAccept || result.verdict == Verdict::kStolen;
  fmt::print("\nverdict: {}\n", good ? style.matched(text) : style.dropped(text));
}

}  // namespace hookline::cli
