// tests/xt/save_text_test.cpp: the text of tables that no iptables would make, and of rules that cannot be printed.
#include <gtest/gtest.h>

#include "support/table_builder.h"
#include "text/save.h"

namespace hookline::test {
namespace {

RuleSpec verdict(StandardVerdict verdict) { return with_target(TargetKind::kVerdict, verdict); }

TEST(SaveText, UserChainsAreSortedByNameWhateverTheirOrderInTheBlob) {
  RuleSpec jump;
  jump.jump = "zone";
  RuleSpec go;
  go.jump = "Alpha";
  go.header.goto_flag = true;
  Table table = TableBuilder(Family::kIpv4, "filter")
                    .hook(Hook::kInput, StandardVerdict::kDrop, {jump, go})
                    .hook(Hook::kForward, StandardVerdict::kAccept, {})
                    .hook(Hook::kOutput, StandardVerdict::kAccept, {with_target(TargetKind::kFallThrough)})
                    .chain("zone", {verdict(StandardVerdict::kReturn)})
                    .chain("alpha", {})
                    .chain("Alpha", {verdict(StandardVerdict::kQueue)})
                    .build();
  table.rules[0].counters = {7, 4200};
  const auto text = save_text(table);
  ASSERT_TRUE(text);
  EXPECT_EQ(*text,
            "*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:Alpha - [0:0]\n:alpha - [0:0]\n:zone "
            "- [0:0]\n"
            "-A INPUT -j zone\n-A INPUT -g Alpha\n-A OUTPUT\n-A Alpha -j QUEUE\n-A zone -j RETURN\nCOMMIT\n");
  const auto counted = save_text(table, {.counters = true});
  ASSERT_TRUE(counted);
  EXPECT_NE(counted->find("[7:4200] -A INPUT -j zone\n[0:0] -A INPUT -g Alpha\n"), std::string::npos) << *counted;
  EXPECT_EQ(rule_text(table, RuleId{2}), "policy DROP of INPUT");
}

TEST(SaveText, EveryRuleThatCannotBePrintedIsNamed) {
  RuleSpec rule = verdict(StandardVerdict::kAccept);
  rule.header.protocol = 6;
  RuleSpec target;
  target.target.kind = TargetKind::kExtension;
  target.target.name = "LOG";
  Table table = TableBuilder(Family::kIpv4, "filter")
                    .hook(Hook::kInput, StandardVerdict::kAccept, {verdict(StandardVerdict::kDrop), rule, target})
                    .build();
  Match match;
  match.name = "conntrack";
  match.revision = 3;
  table.rules[1].matches.push_back(match);
  const auto text = save_text(table);
  ASSERT_FALSE(text);
  ASSERT_EQ(text.error().size(), 2U);
  EXPECT_NE(text.error()[0].text().find("filter/INPUT/2"), std::string::npos) << text.error()[0].text();
  EXPECT_NE(text.error()[0].text().find("match conntrack rev 3"), std::string::npos) << text.error()[0].text();
  EXPECT_NE(text.error()[1].text().find("target LOG rev 0"), std::string::npos) << text.error()[1].text();
  EXPECT_EQ(rule_text(table, RuleId{1}), "-A INPUT -p tcp [match conntrack rev 3] -j ACCEPT");
  EXPECT_EQ(rule_text(table, RuleId{2}), "-A INPUT [target LOG rev 0]");
}

}  // namespace
}  // namespace hookline::test
