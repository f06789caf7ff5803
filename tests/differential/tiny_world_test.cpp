// Everything small, exhaustively: two chains of three rules over few conditions and targets, every packet of a small pool,
// every switch of the compiler, every instruction set that runs here; linear and compiled against the reference.
//
//   tiny_world_test [STRIDE]      only each STRIDE-th table under the switches other than the default (1: all; default 24)
#include <fmt/core.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include "classify/classify.h"
#include "classify/isa.h"
#include "compile/compile.h"
#include "reference/reference.h"
#include "support/packets.h"
#include "support/random_table.h"
#include "support/table_builder.h"

using namespace hookline;
using namespace hookline::test;

namespace {

enum class Condition { kNone, kSource, kPort };  // kPort: `-p tcp -m tcp --dport 80`, which drops a short header on the spot
enum class Action { kNothing, kAccept, kDrop, kReturn, kJump, kGoto };
struct Choice {
  Condition condition;
  Action action;
};

constexpr std::array kOuter = {Choice{Condition::kNone, Action::kNothing},  Choice{Condition::kNone, Action::kJump},
                               Choice{Condition::kNone, Action::kGoto},     Choice{Condition::kNone, Action::kReturn},
                               Choice{Condition::kSource, Action::kAccept}, Choice{Condition::kSource, Action::kJump},
                               Choice{Condition::kPort, Action::kGoto},     Choice{Condition::kSource, Action::kReturn}};
constexpr std::array kInner = {Choice{Condition::kNone, Action::kNothing}, Choice{Condition::kNone, Action::kReturn},
                               Choice{Condition::kSource, Action::kReturn}, Choice{Condition::kPort, Action::kDrop}};

RuleSpec rule_of(const Choice& choice) {
  RuleSpec rule;
  if (choice.condition == Condition::kSource) {
    rule.header.source = {10};
    rule.header.source_mask = {0xff};
  } else if (choice.condition == Condition::kPort) {
    rule.header.protocol = 6;
  }
  switch (choice.action) {
    case Action::kNothing:
      rule.target.kind = TargetKind::kFallThrough;
      break;
    case Action::kAccept:
      rule.target.verdict = StandardVerdict::kAccept;
      break;
    case Action::kDrop:
      rule.target.verdict = StandardVerdict::kDrop;
      break;
    case Action::kReturn:
      rule.target.verdict = StandardVerdict::kReturn;
      break;
    case Action::kGoto:
      rule.header.goto_flag = true;
      [[fallthrough]];
    case Action::kJump:
      rule.jump = "inner";
      break;
  }
  return rule;
}

void add_match(Rule& rule, const Choice& choice) {
  if (choice.condition != Condition::kPort) return;
  xt_tcp info{};
  info.spts[1] = 0xffff;
  info.dpts[0] = info.dpts[1] = 80;
  rule.matches.push_back(make_match("tcp", 0, &info, sizeof info, Family::kIpv4, rule.header));
}

Table table_of(const std::array<Choice, 3>& outer, const std::array<Choice, 3>& inner) {
  const auto rules = [](const std::array<Choice, 3>& choices) {
    std::vector<RuleSpec> specs;
    for (const Choice& choice : choices) specs.push_back(rule_of(choice));
    return specs;
  };
  Table table = TableBuilder(Family::kIpv4, "filter")
                    .hook(Hook::kForward, StandardVerdict::kDrop, rules(outer))
                    .chain("inner", rules(inner))
                    .build();
  for (size_t i = 0; i < 3; ++i) {
    add_match(table.rules[index_of(table.chains[0].first) + i], outer[i]);
    add_match(table.rules[index_of(table.chains[1].first) + i], inner[i]);
  }
  return table;
}

// 10/8 or not, port 80 or not; whole, short, a later fragment, one at offset 1, another protocol.
std::vector<std::vector<uint8_t>> packet_pool() {
  std::vector<std::vector<uint8_t>> pool;
  for (const uint8_t network : {uint8_t{10}, uint8_t{11}})
    for (const uint8_t port : {uint8_t{80}, uint8_t{81}})
      for (unsigned shape = 0; shape < 5; ++shape) {
        std::vector<uint8_t> p(shape == 1 ? 32 : 40);
        p[0] = 0x45;
        p[3] = static_cast<uint8_t>(p.size());
        p[7] = shape == 2 ? 9 : shape == 3 ? 1 : 0;
        p[8] = 64;
        p[9] = shape == 4 ? 17 : 6;
        p[12] = network;
        p[16] = 192;
        p[23] = port;
        p[32 < p.size() ? 32 : 0] = 32 < p.size() ? 0x50 : 0x45;
        pool.push_back(std::move(p));
      }
  return pool;
}

struct Configuration {
  const char* name;
  CompileOptions options;
};

std::vector<Configuration> configurations() {
  std::vector<Configuration> list(9, {"", {}});
  list[0] = {"default", {}};
  list[1].name = "no_flatten", list[1].options.flatten = false;
  list[2].name = "no_remove_unreachable", list[2].options.remove_unreachable = false;
  list[3].name = "no_prune_covered", list[3].options.prune_covered = false;
  list[4].name = "no_index", list[4].options.index = false;
  list[5].name = "no_split_boxes", list[5].options.split_boxes = false;
  list[6].name = "no_patterns", list[6].options.patterns = false;
  list[7].name = "budget_0", list[7].options.flatten_budget = list[7].options.copy_budget = 0;
  list[8].name = "leaf_1", list[8].options.leaf_size = 1;
  return list;
}

bool same(const Outcome& a, const Outcome& b) {
  return a.verdict == b.verdict && a.hotdrop == b.hotdrop &&
         std::equal(a.bumps.begin(), a.bumps.end(), b.bumps.begin(), b.bumps.end());
}

}  // namespace

int main(int argc, char** argv) {
  const size_t stride = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 24;
  const auto start = std::chrono::steady_clock::now();
  const std::vector<Isa> isas = runnable_isas();
  const std::vector<Configuration> configs = configurations();
  std::vector<std::vector<uint8_t>> pool = packet_pool();
  std::vector<Packet> packets(pool.size());
  for (size_t i = 0; i < pool.size(); ++i) {
    packets[i].data = pool[i].data();
    packets[i].length = static_cast<uint32_t>(pool[i].size());
  }
  uint64_t tables = 0, programs = 0, cases = 0, wrong = 0;
  for (size_t o = 0; o < kOuter.size() * kOuter.size() * kOuter.size(); ++o) {
    for (size_t n = 0; n < kInner.size() * kInner.size() * kInner.size(); ++n) {
      const std::array outer = {kOuter[o % 8], kOuter[o / 8 % 8], kOuter[o / 64]};
      const std::array inner = {kInner[n % 4], kInner[n / 4 % 4], kInner[n / 16]};
      const Table table = table_of(outer, inner);
      ++tables;
      ReferenceEngine reference(table);
      for (size_t c = 0; c < configs.size(); ++c) {
        if (c != 0 && (tables + c) % stride != 0) continue;
        auto compiled = compile(table, configs[c].options);
        if (!compiled) return fmt::print("does not compile: {}\n", compiled.error().front().text()), 1;
        auto program = LoadedProgram::load(std::move(compiled->program));
        if (!program) return fmt::print("does not load: {}\n", program.error().front().text()), 1;
        Scratch scratch(**program);
        ++programs;
        for (Packet& packet : packets) {
          Packet* pointer = &packet;
          const Outcome expected = reference.walk(Hook::kForward, packet);
          Outcome outcome;
          const auto judge = [&](std::string_view engine) {
            ++cases;
            if (same(outcome, expected)) return;
            if (++wrong <= 10)
              fmt::print("table {}/{}, {}, {}: packet {} differs\n", o, n, configs[c].name, engine,
                         &packet - packets.data());
          };
          classify_linear(**program, Hook::kForward, {&pointer, 1}, scratch, {&outcome, 1});
          judge("linear");
          for (const Isa isa : isas) {
            if (!force_isa(isa_name(isa))) return 1;
            classify(**program, Hook::kForward, {&pointer, 1}, scratch, {&outcome, 1});
            judge(isa_name(isa));
          }
        }
      }
    }
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  fmt::print("{} tables, {} Programs, {} instruction sets, {} cases, {} wrong, {:.1f} s\n", tables, programs, isas.size(),
             cases, wrong, seconds);
  return wrong == 0 && tables == 32768 ? 0 : 1;
}
