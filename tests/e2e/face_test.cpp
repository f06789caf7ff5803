// tests/e2e/face_test.cpp: the public face, linked as a user links it: loading, decisions, publishing, counters, errors.
//
// Loads rules text, so it needs root and iptables-legacy-restore.
#include <gtest/gtest.h>
#include <hookline/hookline.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

namespace hookline::v1 {
namespace {

// A file with these rules, for as long as it lives.
class RulesFile {
 public:
  explicit RulesFile(const std::string& text) {
    char name[] = "/tmp/hookline-face-XXXXXX";
    const int fd = mkstemp(name);
    if (fd >= 0) close(fd);
    path_ = name;
    std::ofstream(path_) << text;
  }
  ~RulesFile() { std::remove(path_.c_str()); }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

Rules rules_of(const std::string& text) { return load(RulesFile(text).path()); }

struct Udp {
  uint8_t bytes[28] = {0x45, 0, 0, 28, 0, 1, 0, 0, 64, 17, 0, 0, 192, 168, 10, 9, 93, 1, 1, 1, 0x80, 0, 0, 53, 0, 8, 0, 0};
  explicit Udp(uint8_t port, uint8_t ttl = 64) {
    bytes[8] = ttl;
    bytes[23] = port;
    uint32_t sum = 0;
    for (int i = 0; i < 20; i += 2) sum += static_cast<uint32_t>(bytes[i] << 8 | bytes[i + 1]);
    sum = (sum & 0xffff) + (sum >> 16);
    bytes[10] = static_cast<uint8_t>(~sum >> 8);
    bytes[11] = static_cast<uint8_t>(~sum);
  }
  Packet packet() { return {bytes, sizeof bytes, "eth1", "eth0", 0, false}; }
};

const char* const kRules =
    "*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A PREROUTING -i eth1\nCOMMIT\n"
    "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n"
    "-A FORWARD -p udp -m udp --dport 53 -j ACCEPT\n"
    "-A FORWARD -p udp -m udp --dport 54 -j REJECT --reject-with icmp-host-prohibited\n"
    "-A FORWARD -o eth0 -p udp -m udp --dport 56 -j QUEUE\nCOMMIT\n";

std::string names(const Rules& rules, const Decision& decision) {
  std::string text;
  for (uint32_t i = 0; i < decision.rule_count; ++i) {
    text += (i == 0 ? "" : " ") + std::string(rules.rule_name(decision.rules[i]));
  }
  return text;
}

TEST(Face, DecisionsAndTheirRules) {
  const Rules rules = rules_of(kRules);
  Filter filter(rules, 1);
  Udp accepted(53), rejected(54), queued(56), dropped(57), used_up(53, 1);
  const Packet packets[] = {accepted.packet(), rejected.packet(), queued.packet(),
                            dropped.packet(),  used_up.packet(),  {accepted.bytes, 7, nullptr, nullptr, 0, false}};
  Decision decisions[6];
  filter.forward(0, packets, 6, decisions);
  EXPECT_EQ(decisions[0].verdict, Verdict::kAccept);
  EXPECT_EQ(names(rules, decisions[0]), "raw/PREROUTING/1 raw/PREROUTING/policy filter/FORWARD/1");
  EXPECT_EQ(accepted.bytes[8], 63);
  EXPECT_EQ(decisions[1].verdict, Verdict::kReject);
  EXPECT_STREQ(decisions[1].reject_with, "icmp-host-prohibited");
  EXPECT_EQ(decisions[2].verdict, Verdict::kQueue);
  EXPECT_EQ(decisions[2].queue, 0);
  EXPECT_EQ(names(rules, decisions[2]), "raw/PREROUTING/1 raw/PREROUTING/policy filter/FORWARD/3");
  EXPECT_EQ(decisions[3].verdict, Verdict::kDrop);
  EXPECT_EQ(names(rules, decisions[3]), "raw/PREROUTING/1 raw/PREROUTING/policy filter/FORWARD/policy");
  EXPECT_EQ(decisions[4].verdict, Verdict::kDiscard);
  EXPECT_STREQ(decisions[4].why, "TTL used up");
  EXPECT_EQ(names(rules, decisions[4]), "raw/PREROUTING/1 raw/PREROUTING/policy");
  EXPECT_EQ(decisions[5].verdict, Verdict::kDiscard);
  EXPECT_EQ(decisions[5].rule_count, 0U);

  const auto counters = filter.counters();
  ASSERT_EQ(counters.size(), rules.rule_count());
  for (Rule rule = 0; rule < rules.rule_count(); ++rule) {
    EXPECT_EQ(rules.rule_family(rule), 4);
    const std::string name(rules.rule_name(rule));
    if (name == "raw/PREROUTING/1") {
      EXPECT_EQ(counters[rule].packets, 5U);
      EXPECT_EQ(counters[rule].bytes, 5U * 28);
    }
  }
  EXPECT_EQ(rules.rule_name(static_cast<Rule>(rules.rule_count())), "");
}

TEST(Face, FramesAreWhatTheCallerSays) {
  const Rules rules = rules_of(
      "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n"
      "-A INPUT -m mac --mac-source 02:00:00:00:00:07 -j DROP\n-A INPUT -m pkttype --pkt-type multicast\n"
      "-A INPUT -m pkttype --pkt-type broadcast\nCOMMIT\n");
  Filter filter(rules, 1);
  const uint8_t known[] = {2, 0, 0, 0, 0, 7}, other[] = {2, 0, 0, 0, 0, 8};
  Udp from_known(53), from_other(53), without(53), to_group(53), to_all(53);
  Packet packets[] = {from_known.packet(), from_other.packet(), without.packet(), to_group.packet(), to_all.packet()};
  packets[0].source_mac = known;
  packets[1].source_mac = other;
  packets[3].group = true;
  packets[4].group = packets[4].broadcast = true;
  Decision decisions[5];
  filter.classify(0, Hook::kInput, packets, 5, decisions);
  EXPECT_EQ(names(rules, decisions[0]), "filter/INPUT/1");
  EXPECT_EQ(decisions[0].verdict, Verdict::kDrop);
  EXPECT_EQ(names(rules, decisions[1]), "filter/INPUT/policy");
  EXPECT_EQ(names(rules, decisions[2]), "filter/INPUT/policy");
  EXPECT_EQ(names(rules, decisions[3]), "filter/INPUT/2 filter/INPUT/policy");
  EXPECT_EQ(names(rules, decisions[4]), "filter/INPUT/3 filter/INPUT/policy");
}

TEST(Face, OneHookAloneChangesNothing) {
  const Rules rules = rules_of(kRules);
  Filter filter(rules, 1);
  Udp one(53, 1), other(57);
  const Packet packets[] = {{one.bytes, 12, "eth1", "eth0", 0, false}, one.packet(), other.packet()};
  Decision decisions[3];
  filter.classify(0, Hook::kForward, packets, 3, decisions);
  EXPECT_EQ(decisions[0].verdict, Verdict::kDiscard);
  EXPECT_EQ(decisions[1].verdict, Verdict::kAccept);
  EXPECT_EQ(names(rules, decisions[1]), "filter/FORWARD/1");
  EXPECT_EQ(one.bytes[8], 1);
  EXPECT_EQ(names(rules, decisions[2]), "filter/FORWARD/policy");
}

TEST(Face, PublishUnderWorkers) {
  const Rules accept = rules_of("*filter\n:FORWARD ACCEPT [0:0]\nCOMMIT\n");
  const Rules drop = rules_of("*filter\n:FORWARD DROP [0:0]\n-A FORWARD -p tcp -j ACCEPT\nCOMMIT\n");
  Filter filter(accept, 2);
  std::atomic<bool> stop{false};
  std::atomic<uint64_t> bursts{0}, mixed{0};
  std::thread worker([&] {
    while (!stop) {
      Udp a(53), b(53);
      const Packet packets[] = {a.packet(), b.packet()};
      Decision decisions[2];
      filter.forward(1, packets, 2, decisions);
      mixed += decisions[0].verdict != decisions[1].verdict ? 1 : 0;
      ++bursts;
    }
  });
  for (int n = 0; n < 20; ++n) {
    const uint64_t before = bursts;
    while (bursts == before) std::this_thread::yield();
    filter.publish(n % 2 == 0 ? drop : accept);
    EXPECT_EQ(filter.rules().rule_count(), (n % 2 == 0 ? drop : accept).rule_count());
    EXPECT_EQ(filter.counters().size(), filter.rules().rule_count());
  }
  stop = true;
  worker.join();
  EXPECT_EQ(mixed, 0U);
}

TEST(Face, NoRulesAcceptAll) {
  Filter filter(Rules(), 1);
  Udp packet(53);
  const Packet packets[] = {packet.packet()};
  Decision decision;
  filter.forward(0, packets, 1, &decision);
  EXPECT_EQ(decision.verdict, Verdict::kAccept);
  EXPECT_EQ(decision.rule_count, 0U);
  EXPECT_TRUE(filter.counters().empty());
}

Error::Kind kind_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()), "");
    return error.kind();
  }
  ADD_FAILURE() << "no Error";
  return Error::Kind::kUsage;
}

TEST(Face, ErrorsHaveAKindAndATextThatNamesTheRule) {
  EXPECT_EQ(kind_of([] { load("/nonexistent.rules"); }), Error::Kind::kSystem);
  EXPECT_EQ(kind_of([] { fetch("hookline-no-such-namespace"); }), Error::Kind::kSystem);
  EXPECT_EQ(kind_of([] { rules_of("*filter\n-A FORWARD -j NOWHERE\nCOMMIT\n"); }), Error::Kind::kInput);
  EXPECT_EQ(kind_of([] { Filter(Rules(), 0); }), Error::Kind::kUsage);
  const Rules rules = rules_of("*filter\n:FORWARD DROP [0:0]\nCOMMIT\n");
  EXPECT_EQ(kind_of([&] { Rules::merged(rules, rules); }), Error::Kind::kInput);
  EXPECT_EQ(Rules::merged(rules, Rules()).rule_count(), rules.rule_count());
  try {
    rules_of("*filter\n-A FORWARD -m conntrack --ctstate NEW -j DROP\nCOMMIT\n");
    ADD_FAILURE() << "no Error";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("filter/FORWARD/1"), std::string::npos) << error.what();
  }
}

TEST(Face, AnImageIsTheRules) {
  const Rules rules = rules_of(kRules);
  const auto image = rules.image();
  const Rules again = Rules::from_image(image.data(), image.size());
  ASSERT_EQ(again.rule_count(), rules.rule_count());
  for (Rule rule = 0; rule < rules.rule_count(); ++rule) EXPECT_EQ(again.rule_name(rule), rules.rule_name(rule));
  EXPECT_EQ(again.image(), image);
  for (size_t cut = 0; cut < image.size(); cut += 1 + cut / 7) {
    EXPECT_EQ(kind_of([&] { Rules::from_image(image.data(), cut); }), Error::Kind::kInput);
  }
}

}  // namespace
}  // namespace hookline::v1
