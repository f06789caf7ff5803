// A match that may drop the packet on the spot hides nothing and is hidden by nothing: what stands to its right, or behind a
// jump that it conditions, must not keep it from being asked.
#include <gtest/gtest.h>
#include <linux/netfilter/xt_dccp.h>

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

RuleSpec tcp_rule(StandardVerdict verdict, const std::string& jump = {}) {
  RuleSpec spec = test::with_target(TargetKind::kVerdict, verdict);
  spec.jump = jump;
  spec.header.protocol = 6;
  spec.header.protocol_flag = true;
  return spec;
}

void add_option_match(Table& table, uint32_t id) {
  const xt_tcp tcp{.spts = {0, 0xffff}, .dpts = {0, 0xffff}, .option = 5, .flg_mask = 0, .flg_cmp = 0, .invflags = 0};
  table.rules[id].matches.push_back(test::make_match("tcp", 0, &tcp, sizeof tcp, table.family, table.rules[id].header));
}
void add_length_match(Table& table, uint32_t id, uint16_t low, uint16_t high) {
  const xt_length_info length{.min = low, .max = high, .invert = 0};
  table.rules[id].matches.push_back(
      test::make_match("length", 0, &length, sizeof length, table.family, table.rules[id].header));
}

// A TCP packet of 40 bytes whose data offset is `words`.
std::vector<uint8_t> tcp_packet(uint8_t words) {
  std::vector<uint8_t> bytes(40, 0);
  bytes[0] = 0x45;
  bytes[3] = 40;
  bytes[8] = 64;
  bytes[9] = 6;
  bytes[32] = static_cast<uint8_t>(words << 4);
  return bytes;
}

Outcome expect_same(const Table& table, std::vector<uint8_t> bytes) {
  Packet packet = test::as_packet(bytes);
  Packet* pointer = &packet;
  ReferenceEngine reference(table);
  const Outcome expected = reference.walk(Hook::kForward, packet);
  auto compiled = compile(table);
  EXPECT_TRUE(compiled);
  const auto program = *LoadedProgram::load(std::move(compiled->program));
  Scratch scratch(*program);
  for (auto* engine : {&classify, &classify_linear}) {
    Outcome outcome;
    engine(*program, Hook::kForward, {&pointer, 1}, scratch, {&outcome, 1});
    EXPECT_FALSE(outcome.by_linear);
    EXPECT_EQ(outcome.verdict, expected.verdict);
    EXPECT_EQ(outcome.hotdrop, expected.hotdrop);
    EXPECT_EQ(outcome.reject_with, expected.reject_with);
    EXPECT_TRUE(std::equal(outcome.bumps.begin(), outcome.bumps.end(), expected.bumps.begin(), expected.bumps.end()));
  }
  Outcome summary = expected;
  summary.bumps = {};
  return summary;
}

size_t counted_rules(const Table& table, std::vector<uint8_t> bytes) {
  Packet packet = test::as_packet(bytes);
  ReferenceEngine reference(table);
  return reference.walk(Hook::kForward, packet).bumps.size();
}

TEST(Hotdrop, WhatStandsToItsRightDoesNotHideIt) {
  Table table = TableBuilder(Family::kIpv4, "filter")
                    .hook(Hook::kForward, StandardVerdict::kAccept, {tcp_rule(StandardVerdict::kAccept)})
                    .build();
  add_option_match(table, 0);
  add_length_match(table, 0, 100, 200);
  EXPECT_TRUE(expect_same(table, tcp_packet(4)).hotdrop);
  EXPECT_FALSE(expect_same(table, tcp_packet(5)).hotdrop);
}

TEST(Hotdrop, WhatStandsToItsLeftHidesIt) {
  Table table = TableBuilder(Family::kIpv4, "filter")
                    .hook(Hook::kForward, StandardVerdict::kAccept, {tcp_rule(StandardVerdict::kAccept)})
                    .build();
  add_length_match(table, 0, 100, 200);
  add_option_match(table, 0);
  EXPECT_FALSE(expect_same(table, tcp_packet(4)).hotdrop);
}

TEST(Hotdrop, OnAJump) {
  Table table = TableBuilder(Family::kIpv4, "filter")
                    .hook(Hook::kForward, StandardVerdict::kAccept, {tcp_rule(StandardVerdict::kAccept, "more")})
                    .chain("more", {tcp_rule(StandardVerdict::kDrop)})
                    .build();
  add_option_match(table, 0);
  add_length_match(table, 3, 100, 200);
  EXPECT_TRUE(expect_same(table, tcp_packet(4)).hotdrop);
  EXPECT_FALSE(expect_same(table, tcp_packet(5)).hotdrop);
}

// The inverted condition on a DCCP option holds where the search for it drops the packet.
TEST(Hotdrop, AMatchThatHoldsAndDropsIsCountedWhereTheOthersHold) {
  for (const bool jumps : {false, true}) {
    Table table = TableBuilder(Family::kIpv4, "filter")
                      .hook(Hook::kForward, StandardVerdict::kAccept,
                            {tcp_rule(StandardVerdict::kAccept, jumps ? "more" : ""), tcp_rule(StandardVerdict::kAccept)})
                      .chain("more", {tcp_rule(StandardVerdict::kAccept)})
                      .build();
    table.rules[0].header.protocol = 33;
    xt_dccp_info dccp{};
    dccp.flags = dccp.invflags = XT_DCCP_OPTION;
    dccp.option = 7;
    table.rules[0].matches.push_back(test::make_match("dccp", 0, &dccp, sizeof dccp, table.family, table.rules[0].header));
    std::vector<uint8_t> packet = tcp_packet(0);
    packet[9] = 33;
    packet[24] = 2;  // a data offset within the header
    const Outcome counted = expect_same(table, packet);
    EXPECT_TRUE(counted.hotdrop);
    EXPECT_EQ(counted_rules(table, packet), 1U);
    packet[28] = 2 << 1;  // DATA, without options
    packet[24] = 3;
    EXPECT_FALSE(expect_same(table, packet).hotdrop);
    packet[24] = 2;
    add_length_match(table, 0, 100, 200);
    EXPECT_TRUE(expect_same(table, packet).hotdrop);
    EXPECT_EQ(counted_rules(table, packet), 0U);
  }
}

TEST(Hotdrop, BehindATerminalRuleItIsNotAsked) {
  Table table = TableBuilder(Family::kIpv4, "filter")
                    .hook(Hook::kForward, StandardVerdict::kDrop,
                          {tcp_rule(StandardVerdict::kAccept), tcp_rule(StandardVerdict::kAccept)})
                    .build();
  add_option_match(table, 1);
  const Outcome outcome = expect_same(table, tcp_packet(4));
  EXPECT_FALSE(outcome.hotdrop);
  EXPECT_EQ(outcome.verdict, Verdict::kAccept);
}

}  // namespace
}  // namespace hookline
