// tests/unit/run_config_test.cpp: what a config of `hookline run` may say, and how each wrong one is refused.
#include "config/run_config.h"

#include <gtest/gtest.h>

#include <string>

namespace hookline {
namespace {

// A config that is right, so that each case below shows one fault only.
std::string with(const std::string& top, const std::string& port = {}) {
  return "rules = \"a.rules\"\n" + top + "\n[[port]]\nname = \"lan\"\ndevice = \"net_null0\"\npeer = \"wan\"\n" + port +
         "\n[[port]]\nname = \"wan\"\ndevice = \"net_null1\"\n";
}

TEST(RunConfig, DefaultsAndPaths) {
  const auto config = parse_run_config(
      "rules = [\"rules/a.rules\", \"/etc/b.rules\"]\n"
      "[[port]]\nname = \"lan\"\ndevice = \"net_pcap0,rx_pcap=in.pcap,tx_pcap=../out.pcap,infinite_rx=1\"\nfill = "
      "\"f.pcap\"\n",
      "x.toml", "/conf/d");
  ASSERT_TRUE(config) << config.error()[0].text();
  EXPECT_EQ(config->rules, (std::vector<std::string>{"/conf/d/rules/a.rules", "/etc/b.rules"}));
  ASSERT_EQ(config->ports.size(), 1U);
  EXPECT_EQ(config->ports[0].device, "net_pcap0,rx_pcap=/conf/d/in.pcap,tx_pcap=/conf/out.pcap,infinite_rx=1");
  EXPECT_EQ(config->ports[0].fill, "/conf/d/f.pcap");
  EXPECT_EQ(config->ports[0].interface, "lan");
  EXPECT_EQ(config->workers, 1U);
  EXPECT_EQ(config->burst, 32);
  EXPECT_FALSE(config->wire);
  EXPECT_TRUE(config->pass_neighbour_discovery);
}

TEST(RunConfig, EveryKeyIsRead) {
  const auto config = parse_run_config(
      R"(netns = "router"
family = "ipv6"
path = "forward"
mode = "wire"
neighbour_discovery = "filter"
workers = 2
cores = [3, 5]
burst = 16
descriptors = 512
buffers = 4096
frame_bytes = 9216
idle_sleep_us = 50
drain_ms = 7
[limits]
frames = 100
seconds = 1.5
idle_ms = 300
[eal]
memory_mb = 64
huge_pages = true
options = ["--log-level", "pmd:8"]
[report]
json = true
zero_rules = true
status_ms = 250
[[port]]
name = "a-name-of-more-than-15-bytes"
device = "0000:00:05.0"
interface = "eth0"
peer = "p"
queues = 2
mtu = 9000
[[port]]
name = "p"
device = "net_ring0"
)",
      "x.toml", "");
  ASSERT_TRUE(config) << config.error()[0].text();
  EXPECT_EQ(config->netns, "router");
  EXPECT_EQ(config->family, Family::kIpv6);
  EXPECT_TRUE(config->wire);
  EXPECT_FALSE(config->pass_neighbour_discovery);
  EXPECT_EQ(config->workers, 2U);
  EXPECT_EQ(config->cores, (std::vector<unsigned>{3, 5}));
  EXPECT_EQ(config->burst, 16);
  EXPECT_EQ(config->descriptors, 512);
  EXPECT_EQ(config->buffers, 4096U);
  EXPECT_EQ(config->frame_bytes, 9216U);
  EXPECT_EQ(config->idle_sleep_us, 50U);
  EXPECT_EQ(config->drain_ms, 7U);
  EXPECT_EQ(config->limit_frames, 100U);
  EXPECT_EQ(config->limit_seconds, 1.5);
  EXPECT_EQ(config->limit_idle_ms, 300U);
  EXPECT_EQ(config->memory_mb, 64U);
  EXPECT_TRUE(config->huge_pages);
  EXPECT_EQ(config->eal_options, (std::vector<std::string>{"--log-level", "pmd:8"}));
  EXPECT_TRUE(config->json);
  EXPECT_TRUE(config->zero_rules);
  EXPECT_EQ(config->status_ms, 250U);
  EXPECT_EQ(config->ports[0].interface, "eth0");
  EXPECT_EQ(config->ports[0].queues, 2);
  EXPECT_EQ(config->ports[0].mtu, 9000U);
}

TEST(RunConfig, Refusals) {
  struct Case {
    std::string text;
    std::vector<std::string> problems;  // whole lines, in order
  };
  const Case cases[] = {
      {"x = ", {"c.toml:1: "}},
      {"", {"c.toml:1: rules: not there, expected", "c.toml:1: port: not there, expected a [[port]] table for every port"}},
      {with("worker = 2"), {"c.toml:2: worker: an unknown key, expected `workers` perhaps"}},
      {with("workers = \"2\""), {"c.toml:2: workers: a string, expected an integer from 1 to 1024"}},
      {with("workers = 0"), {"c.toml:2: workers: 0, expected an integer from 1 to 1024"}},
      {with("burst = 65"), {"c.toml:2: burst: 65, expected an integer from 1 to 64"}},
      {with("burst = 3.5"), {"c.toml:2: burst: a float, expected an integer"}},
      {with("path = \"input\""), {"c.toml:2: path: \"input\", expected \"forward\": this build runs no other path"}},
      {with("mode = \"bridge\""), {"c.toml:2: mode: \"bridge\", expected \"router\" or \"wire\""}},
      {with("family = 4"), {"c.toml:2: family: an integer, expected \"ipv4\" or \"ipv6\""}},
      {with("netns = \"r\""), {"c.toml:2: netns: both `rules` and `netns`, expected one of them"}},
      {with("cores = [0, \"1\"]"), {"c.toml:2: cores: a string, expected integers in the array"}},
      {with("cores = [-1]"), {"c.toml:2: cores: -1, expected integers from 0 to 1023"}},
      {with("limits = 5"), {"c.toml:2: limits: an integer, expected a table: [limits]"}},
      {with("[limits]\nframe = 5"), {"c.toml:3: limits.frame: an unknown key, expected `frames` perhaps"}},
      {with("[limits]\nseconds = nan"), {"c.toml:3: limits.seconds: nan, expected a number of seconds"}},
      {with("[limits]\nseconds = -1"), {"c.toml:3: limits.seconds: -1.0"}},
      {with("[report]\njson = 1"), {"c.toml:3: report.json: an integer, expected true or false"}},
      {with("[eal]\noptions = [1]"), {"c.toml:3: eal.options: an integer, expected strings in the array"}},
      {with("", "pear = \"wan\""), {"c.toml:7: port \"lan\", pear: an unknown key, expected `peer` perhaps"}},
      {with("", "queues = 0"), {"c.toml:7: port \"lan\", queues: 0, expected an integer from 1 to 64"}},
      {with("", "interface = \"sixteen-bytes-xx\""), {"c.toml:7: port \"lan\", interface: 16 bytes, expected at most 15"}},
      {with("burst = true\nmtu = 3"), {"c.toml:2: burst: a boolean", "c.toml:3: mtu: an unknown key"}},
      {"rules = \"none\"\nport = 1", {"c.toml:2: port: an integer, expected [[port]] tables"}},
      {"rules = \"none\"\nport = [1]", {"c.toml: port: an integer, expected [[port]] tables"}},
      {"rules = []\n[[port]]\nname = \"a\"\ndevice = \"net_null0\"", {"c.toml:1: rules: no file"}},
      {"rules = \"none\"\n[[port]]\n", {"port.name: not there", "port.device: not there"}},
      {"rules = \"none\"\n[[port]]\nname = \"\"\ndevice = \"\"\n", {": an empty string", ": an empty string"}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.text);
    const auto config = parse_run_config(c.text, "c.toml", "");
    ASSERT_FALSE(config);
    ASSERT_EQ(config.error().size(), c.problems.size()) << config.error()[0].text();
    for (size_t i = 0; i < c.problems.size(); ++i) {
      EXPECT_NE(config.error()[i].text().find(c.problems[i]), std::string::npos) << config.error()[i].text();
      EXPECT_EQ(config.error()[i].kind, ProblemKind::kInput);
    }
  }
}

TEST(RunConfig, AFileThatIsNotThereIsTheSystemsRefusal) {
  const auto config = read_run_config("/nonexistent/hookline.toml");
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error()[0].kind, ProblemKind::kSystem);
  const auto folder = read_run_config("/");
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error()[0].kind, ProblemKind::kSystem);
}

}  // namespace
}  // namespace hookline
