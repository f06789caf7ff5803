// Named faults in each engine: a differential run must find every one within 20,000 packets.
//
// This program is linked against the engines built with HOOKLINE_FAULTS. Rule sets are the random ones of a fixed seed, and
// one whose rules depend on what single faults break. Faults of the reference are found because the other engines then
// differ from it.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <string_view>

#include "base/fault.h"
#include "verify/differential.h"
#include "verify/random_rules.h"
#include "verify/shrink.h"

namespace hookline {
namespace {

std::string& chosen() {
  static std::string name;
  return name;
}

constexpr uint64_t kBudget = 20000;           // packets a fault
constexpr uint64_t kPacketsOfCorners = 4000;  // a path
constexpr uint64_t kPacketsOfSet = 200;       // a path of each random rule set

constexpr std::string_view kCorners = R"(*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A PREROUTING -f -s 10.0.0.0/8
-A PREROUTING ! -f -p tcp -m tcp --dport 80
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:inner - [0:0]
:other - [0:0]
-A INPUT -s 172.16.0.0/12
-A INPUT -i e+
-A FORWARD -m string --string "abcd" --algo kmp -j inner
-A FORWARD -p tcp -m tcp --tcp-option 2 --dport 25
-A FORWARD -i eth0 -p udp -m udp --dport 53:60 -g other
-A FORWARD ! -s 10.1.0.0/16 -m ttl --ttl-eq 63 -j QUEUE
-A FORWARD -p icmp -m icmp --icmp-type 3/4 -j RETURN
-A FORWARD -o eth1 -d 10.2.0.0/255.255.0.255 -j ACCEPT
-A FORWARD -p tcp -m tcp --sport 1024:2048 --dport 22 --tcp-flags SYN,ACK SYN -j other
-A inner -p udp -j RETURN
-A inner -s 10.0.0.0/8
-A other -p tcp -j RETURN
-A other -j inner
-A other -m length --length 100:200 -j DROP
COMMIT
)";

Result<RuleSet> rule_set_of(const std::string& text) {
  auto snapshot = load_rules_text(text, "rules", Family::kIpv4);
  if (!snapshot) return fail(snapshot.error());
  return decode_snapshot(std::move(*snapshot));
}

uint64_t packets_until_found(std::string_view fault, const std::vector<RuleSet>& sets) {
  set_fault(fault);
  uint64_t played = 0;
  for (uint64_t round = 0; played < kBudget; ++round) {
    for (const RuleSet& set : sets) {
      DifferentialOptions options;
      options.packets = &set == &sets.front() ? kPacketsOfCorners : kPacketsOfSet;
      options.seed = 17 + round;
      auto result = run_differential(set, options);
      if (!result) {
        ADD_FAILURE() << result.error().front().text();
        return kBudget;
      }
      played += result->packets;
      if (result->difference_count != 0) return played;
      if (played >= kBudget) break;
    }
  }
  return kBudget + 1;
}

TEST(Faults, EachIsFound) {
  std::vector<RuleSet> sets;
  std::vector<std::string> texts = {std::string(kCorners)};
  for (uint64_t seed = 1; seed <= 12; ++seed) texts.push_back(random_rules(Family::kIpv4, seed));
  for (const std::string& text : texts) {
    auto set = rule_set_of(text);
    ASSERT_TRUE(set) << set.error().front().text();
    sets.push_back(std::move(*set));
  }
  constexpr std::array kFaults = {"reference:interface_first_byte",
                                  "reference:mask_ignored",
                                  "reference:source_inversion_lost",
                                  "reference:out_ignored",
                                  "reference:protocol_ignored",
                                  "reference:fragment_ignored",
                                  "reference:counted_before_matches",
                                  "reference:hotdrop_counted",
                                  "reference:hotdrop_is_no",
                                  "reference:policy_not_counted",
                                  "reference:return_not_counted",
                                  "reference:bytes_without_header",
                                  "reference:return_lost",
                                  "reference:goto_as_jump",
                                  "linear:mask_ignored",
                                  "linear:source_inversion_lost",
                                  "linear:in_ignored",
                                  "linear:protocol_ignored",
                                  "linear:fragment_ignored",
                                  "linear:first_match_skipped",
                                  "linear:hotdrop_counted",
                                  "linear:hotdrop_is_no",
                                  "linear:policy_not_counted",
                                  "linear:bytes_without_header",
                                  "linear:return_to_policy",
                                  "linear:jump_as_goto",
                                  "linear:queue_accepts",
                                  "linear:goto_goes_on",
                                  "compiled:range_end_lost",
                                  "compiled:inequality_ignored",
                                  "compiled:residual_skipped",
                                  "compiled:failed_jump_enters_body",
                                  "compiled:hotdrop_is_match",
                                  "compiled:return_not_counted",
                                  "compiled:bytes_without_header",
                                  "compiled:return_lost",
                                  "compiled:tcp_flags_lost",
                                  "compiled:icmp_code_ignored",
                                  "compiled:source_port_twice",
                                  "compiled:later_fragment_looks_whole",
                                  "compiled:ttl_off_by_one",
                                  "compiled:offset_one_passes"};
  for (const char* fault : kFaults) {
    const uint64_t packets = packets_until_found(fault, sets);
    EXPECT_LE(packets, kBudget) << fault;
    if (packets <= kBudget) fmt::print("{:<38} found after {} packets\n", fault, packets);
    std::fflush(stdout);
  }
}

// A difference is told by what causes it alone: here one rule of nineteen, and one of its two conditions at most.
TEST(Shrink, LeavesTheRuleThatIsWrong) {
  set_fault("linear:queue_accepts");
  const auto set = rule_set_of(std::string(kCorners));
  ASSERT_TRUE(set) << set.error().front().text();
  DifferentialOptions options;
  options.packets = 5000;
  options.paths = {PathKind::kForward};
  auto result = run_differential(*set, options);
  ASSERT_TRUE(result);
  ASSERT_EQ(result->differences.size(), 1U);
  std::string text;
  const Difference small = shrink(*set, Family::kIpv4, result->differences.front(), false, {}, text);
  set_fault("");
  EXPECT_EQ(text, "*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A FORWARD -j QUEUE\nCOMMIT\n");
  EXPECT_EQ(small.engine, "linear");
  ASSERT_EQ(small.probes.size(), 1U);
  EXPECT_EQ(small.probes.front().packet.size(), 20U);
}

TEST(Shrink, TakesOneConditionAtATime) {
  const std::vector<std::string> expected = {
      "-A c -p tcp -m tcp ! --dport 80 -m string --string \"a \\\" b\" --algo bm -j REJECT --reject-with tcp-reset",
      "-A c ! -s 10.0.0.0/8 -m tcp ! --dport 80 -m string --string \"a \\\" b\" --algo bm -j REJECT --reject-with tcp-reset",
      "-A c ! -s 10.0.0.0/8 -p tcp -m string --string \"a \\\" b\" --algo bm -j REJECT --reject-with tcp-reset",
      "-A c ! -s 10.0.0.0/8 -p tcp -m tcp -m string --string \"a \\\" b\" --algo bm -j REJECT --reject-with tcp-reset",
      "-A c ! -s 10.0.0.0/8 -p tcp -m tcp ! --dport 80 -j REJECT --reject-with tcp-reset",
      "-A c ! -s 10.0.0.0/8 -p tcp -m tcp ! --dport 80 -m string --algo bm -j REJECT --reject-with tcp-reset",
      "-A c ! -s 10.0.0.0/8 -p tcp -m tcp ! --dport 80 -m string --string \"a \\\" b\" -j REJECT --reject-with tcp-reset",
      "-A c ! -s 10.0.0.0/8 -p tcp -m tcp ! --dport 80 -m string --string \"a \\\" b\" --algo bm",
      "-A c ! -s 10.0.0.0/8 -p tcp -m tcp ! --dport 80 -m string --string \"a \\\" b\" --algo bm -j REJECT"};
  EXPECT_EQ(
      without_one_condition("-A c ! -s 10.0.0.0/8 -p tcp -m tcp ! --dport 80 -m string --string \"a \\\" b\" --algo bm "
                            "-j REJECT --reject-with tcp-reset"),
      expected);
}

TEST(Faults, NoneIsFoundWhereNoneIs) {
  set_fault("");
  const auto set = rule_set_of(std::string(kCorners));
  ASSERT_TRUE(set) << set.error().front().text();
  DifferentialOptions options;
  options.packets = 3000;
  auto result = run_differential(*set, options);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->difference_count, 0U);
}

}  // namespace

bool fault_active(std::string_view name) { return chosen() == name; }
void set_fault(std::string_view name) { chosen() = name; }

}  // namespace hookline
