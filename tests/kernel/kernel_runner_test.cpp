// The kernel runner sees what it says it sees: every path's counters, what leaves, what arrives, and nothing of the kernel's
// own making.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "load/decode.h"
#include "verify/kernel_runner.h"

namespace hookline {
namespace {

constexpr std::string_view kRules = R"(*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -p tcp -j REJECT --reject-with tcp-reset
-A INPUT -p udp -j QUEUE
-A INPUT -p sctp -j DROP
-A INPUT -d 224.0.0.251 -j ACCEPT
-A FORWARD -p tcp -j REJECT --reject-with tcp-reset
-A FORWARD -i eth1
-A OUTPUT -p udp -j DROP
COMMIT
)";

class KernelRunnerTest : public testing::Test {
 protected:
  void SetUp() override {
    auto snapshot = load_rules_text(std::string(kRules), "rules", Family::kIpv4);
    ASSERT_TRUE(snapshot) << snapshot.error().front().text();
    auto set = decode_snapshot(std::move(*snapshot));
    ASSERT_TRUE(set) << set.error().front().text();
    set_ = std::move(*set);
    KernelRunner::Config config;
    config.interfaces = {"eth0", "eth1"};
    auto runner = KernelRunner::open(set_.snapshot, set_.tables, config);
    ASSERT_TRUE(runner) << runner.error().front().text();
    runner_ = std::move(*runner);
  }

  static Probe probe(PathKind path, std::string_view in, std::string_view out, uint8_t protocol,
                     std::array<uint8_t, 4> destination = {10, 0, 0, 2}) {
    Probe probe;
    probe.path = path;
    probe.in = InterfaceName::from(in);
    probe.out = InterfaceName::from(out);
    probe.packet.assign(40, 0);
    std::vector<uint8_t>& p = probe.packet;
    p[0] = 0x45;
    p[3] = 40;
    p[5] = 1;
    p[8] = 64;
    p[9] = protocol;
    p[12] = 10;
    p[15] = 1;
    std::copy(destination.begin(), destination.end(), p.begin() + 16);
    p[32] = 0x50;
    p[33] = 0x02;
    uint32_t sum = 0;
    for (size_t i = 0; i < 20; i += 2) sum += load_be16(&p[i]);
    while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
    store_be16(&p[10], static_cast<uint16_t>(~sum));
    return probe;
  }

  // "filter/INPUT/1 40, …"
  std::string moves(const Probe& probe) {
    EXPECT_TRUE(runner_->can_play(probe));
    auto played = runner_->play(probe, seen_);
    EXPECT_TRUE(played) << played.error().front().text();
    std::string text;
    for (const CounterMove& move : seen_.moves) {
      EXPECT_EQ(move.packets, 1U);
      text += (text.empty() ? "" : ", ") + set_.tables[move.table].rule_name(move.rule) + " " + std::to_string(move.bytes);
    }
    return text;
  }

  RuleSet set_;
  std::unique_ptr<KernelRunner> runner_;
  Observation seen_;
};

TEST_F(KernelRunnerTest, InputTellsAcceptedFromDropped) {
  EXPECT_EQ(moves(probe(PathKind::kInput, "eth0", "", 1)), "filter/INPUT/policy 40, raw/PREROUTING/policy 40");
  EXPECT_TRUE(seen_.arrived);
  EXPECT_EQ(moves(probe(PathKind::kInput, "eth0", "", 17)), "filter/INPUT/2 40, raw/PREROUTING/policy 40");
  EXPECT_FALSE(seen_.arrived);
  EXPECT_EQ(moves(probe(PathKind::kInput, "eth1", "", 132)), "filter/INPUT/3 40, raw/PREROUTING/policy 40");
  EXPECT_FALSE(seen_.arrived);
}

// The reset would count in raw/OUTPUT and filter/OUTPUT.
TEST_F(KernelRunnerTest, AnswersOfTheKernelDoNotCount) {
  EXPECT_EQ(moves(probe(PathKind::kInput, "eth0", "", 6)), "filter/INPUT/1 40, raw/PREROUTING/policy 40");
  EXPECT_FALSE(seen_.arrived);
  EXPECT_EQ(moves(probe(PathKind::kForward, "eth0", "eth1", 6)), "filter/FORWARD/1 40, raw/PREROUTING/policy 40");
  EXPECT_TRUE(seen_.out.empty());
  EXPECT_EQ(moves(probe(PathKind::kInput, "eth0", "", 1)), "filter/INPUT/policy 40, raw/PREROUTING/policy 40");
}

TEST_F(KernelRunnerTest, InputOnLoopbackAndOfMulticast) {
  EXPECT_EQ(moves(probe(PathKind::kInput, "lo", "", 1, {127, 0, 0, 1})), "filter/INPUT/policy 40, raw/PREROUTING/policy 40");
  EXPECT_TRUE(seen_.arrived);
  EXPECT_EQ(moves(probe(PathKind::kInput, "eth1", "", 1, {224, 0, 0, 251})), "filter/INPUT/4 40, raw/PREROUTING/policy 40");
  EXPECT_TRUE(seen_.arrived);
  EXPECT_EQ(moves(probe(PathKind::kInput, "eth0", "", 1, {255, 255, 255, 255})),
            "filter/INPUT/policy 40, raw/PREROUTING/policy 40");
  EXPECT_TRUE(seen_.arrived);
}

TEST_F(KernelRunnerTest, ForwardLeavesWithALowerTtl) {
  const Probe sent = probe(PathKind::kForward, "eth1", "eth0", 1);
  EXPECT_EQ(moves(sent), "filter/FORWARD/2 40, filter/FORWARD/policy 40, raw/PREROUTING/policy 40");
  ASSERT_EQ(seen_.out.size(), 1U);
  EXPECT_EQ(seen_.out[0].size(), 40U);
  EXPECT_EQ(seen_.out[0][8], 63);
  // In and out by the same device.
  EXPECT_EQ(moves(probe(PathKind::kForward, "eth0", "eth0", 1)), "filter/FORWARD/policy 40, raw/PREROUTING/policy 40");
  EXPECT_EQ(seen_.out.size(), 1U);
}

TEST_F(KernelRunnerTest, OutputLeavesAsItIs) {
  for (const std::string_view device : {"eth1", "lo"}) {
    const Probe sent = probe(PathKind::kOutput, "", device, 1);
    EXPECT_EQ(moves(sent), "filter/OUTPUT/policy 40, raw/OUTPUT/policy 40") << device;
    ASSERT_EQ(seen_.out.size(), 1U) << device;
    EXPECT_EQ(seen_.out[0], sent.packet) << device;
    EXPECT_EQ(moves(probe(PathKind::kOutput, "", device, 17)), "filter/OUTPUT/1 40, raw/OUTPUT/policy 40");
    EXPECT_TRUE(seen_.out.empty());
  }
}

TEST_F(KernelRunnerTest, SaysWhatTheKernelCannotBeGiven) {
  EXPECT_FALSE(runner_->can_play(probe(PathKind::kForward, "eth0", "eth1", 1, {224, 0, 0, 251})));
  EXPECT_FALSE(runner_->can_play(probe(PathKind::kForward, "eth0", "eth7", 1)));
  EXPECT_FALSE(runner_->can_play(probe(PathKind::kOutput, "", "eth1", 1, {127, 0, 0, 1})));
  Probe lying = probe(PathKind::kOutput, "", "eth1", 1);
  lying.packet[3] = 39;
  EXPECT_FALSE(runner_->can_play(lying));
}

}  // namespace
}  // namespace hookline
