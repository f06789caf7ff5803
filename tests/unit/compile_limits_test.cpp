// Tables that would explode if chains were copied or boxes split without a limit, and what compile() refuses.
#include <gtest/gtest.h>

#include "classify/classify.h"
#include "compile/compile.h"
#include "reference/reference.h"
#include "support/packets.h"
#include "support/random_table.h"
#include "support/table_builder.h"

namespace hookline {
namespace {

using test::RuleSpec;
using test::TableBuilder;

RuleSpec jump_to(const std::string& chain) {
  RuleSpec rule;
  rule.jump = chain;
  return rule;
}

// Each chain calls the next one twice.
Table doubling(unsigned levels) {
  TableBuilder builder(Family::kIpv4, "filter");
  builder.hook(Hook::kForward, StandardVerdict::kAccept, {jump_to("c0")});
  for (unsigned level = 0; level < levels; ++level) {
    const std::string next = "c" + std::to_string(level + 1);
    builder.chain("c" + std::to_string(level), {jump_to(next), jump_to(next)});
  }
  builder.chain("c" + std::to_string(levels), {test::with_target(TargetKind::kFallThrough)});
  return builder.build();
}

void same_as_reference(const Table& table, const CompileOptions& options = {}) {
  auto compiled = compile(table, options);
  ASSERT_TRUE(compiled) << compiled.error().front().text();
  const auto program = *LoadedProgram::load(std::move(compiled->program));
  Scratch scratch(*program);
  ReferenceEngine reference(table);
  test::PacketBytes bytes = test::ipv4({});
  Packet packet = test::as_packet(bytes);
  Packet* pointer = &packet;
  Outcome outcome;
  const Outcome expected = reference.walk(Hook::kForward, packet);
  classify(*program, Hook::kForward, {&pointer, 1}, scratch, {&outcome, 1});
  EXPECT_FALSE(outcome.by_linear);
  EXPECT_EQ(outcome.verdict, expected.verdict);
  ASSERT_EQ(outcome.bumps.size(), expected.bumps.size());
  for (size_t i = 0; i < outcome.bumps.size(); ++i) ASSERT_EQ(outcome.bumps[i], expected.bumps[i]);
}

TEST(CompileLimits, DoublingChainsStaySmall) {
  const Table table = doubling(14);
  auto compiled = compile(table);
  ASSERT_TRUE(compiled);
  EXPECT_LT(compiled->program.bytes().size(), 300'000U);
  same_as_reference(table);
}

TEST(CompileLimits, WalksBeyondCountingAreRefused) {
  const auto compiled = compile(doubling(40));
  ASSERT_FALSE(compiled);
  EXPECT_EQ(compiled.error().front().text(),
            "filter/FORWARD: one packet may be counted by more rules than can be followed, expected at most 1048576");
  EXPECT_EQ(too_large(doubling(40)).size(), 1U);
  EXPECT_TRUE(too_large(doubling(14)).empty());
}

TEST(CompileLimits, DeepNesting) {
  TableBuilder builder(Family::kIpv4, "filter");
  builder.hook(Hook::kForward, StandardVerdict::kDrop, {jump_to("c0"), test::with_target(TargetKind::kFallThrough)});
  constexpr unsigned kDepth = 2000;
  for (unsigned level = 0; level < kDepth; ++level)
    builder.chain("c" + std::to_string(level),
                  {jump_to("c" + std::to_string(level + 1)), test::with_target(TargetKind::kFallThrough)});
  builder.chain("c" + std::to_string(kDepth), {test::with_target(TargetKind::kFallThrough)});
  const Table table = builder.build();
  same_as_reference(table);
  CompileOptions subroutines;
  subroutines.flatten = false;
  same_as_reference(table, subroutines);
}

// Every rule jumps into the middle of one long chain, each somewhere else.
TEST(CompileLimits, ManyEntriesIntoOneChain) {
  constexpr unsigned kRules = 800;
  TableBuilder builder(Family::kIpv4, "filter");
  builder.hook(Hook::kForward, StandardVerdict::kDrop, std::vector<RuleSpec>(kRules, jump_to("long")));
  std::vector<RuleSpec> rules(kRules, test::with_target(TargetKind::kFallThrough));
  builder.chain("long", rules);
  Table table = builder.build();
  const uint32_t first = index_of(table.chains[1].first);
  for (uint32_t i = 0; i < kRules; ++i) table.rules[i].target.jump_to = RuleId{first + (i * 7) % kRules};
  auto compiled = compile(table);
  ASSERT_TRUE(compiled);
  EXPECT_LT(compiled->program.bytes().size(), 2'000'000U);
  same_as_reference(table);
}

// A loop that no hook reaches is legal, as in the kernel; one that a hook reaches is refused.
TEST(CompileLimits, Loops) {
  TableBuilder builder(Family::kIpv4, "filter");
  builder.hook(Hook::kForward, StandardVerdict::kDrop, {test::with_target(TargetKind::kFallThrough)});
  builder.chain("a", {jump_to("b")});
  builder.chain("b", {jump_to("a")});
  Table table = builder.build();
  same_as_reference(table);
  table.rules[0].target.kind = TargetKind::kJump;
  table.rules[0].target.jump_to = table.chains[1].first;
  const auto refused = compile(table);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().front().text(), "filter/FORWARD: the rules form a loop or run off the end of the table");
}

TEST(CompileLimits, TableWithoutRules) {
  TableBuilder builder(Family::kIpv4, "filter");
  builder.hook(Hook::kForward, StandardVerdict::kDrop, {});
  same_as_reference(builder.build());
}

}  // namespace
}  // namespace hookline
