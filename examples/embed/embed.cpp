// examples/embed/embed.cpp RULES PCAP: a DPDK program of somebody else that asks Hookline what to forward.
//
//   c++ -std=c++20 embed.cpp -o embed $(pkg-config --cflags --libs hookline libdpdk)
//   ./embed gateway.rules traffic.pcap        plays the capture from eth1 to eth0 and prints what the rules counted
#include <hookline/hookline.h>
#include <rte_eal.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>

#include <cstdio>
#include <string>

int main(int argc, char** argv) try {
  if (argc != 3) return std::fprintf(stderr, "usage: embed RULES PCAP\n"), 2;
  const auto rules = hookline::v1::load(argv[1]);
  hookline::v1::Filter filter(rules, 1);

  // What any DPDK program has: EAL, a pool, a port that is polled.
  std::string vdev = std::string("--vdev=net_pcap0,rx_pcap=") + argv[2];
  const char* eal[] = {"embed",          "--no-huge",         "-m",        "128", "--no-shconf", "--no-pci", "-l", "0",
                       "--no-telemetry", "--log-level=error", vdev.c_str()};
  if (rte_eal_init(std::size(eal), const_cast<char**>(eal)) < 0) return 4;
  uint16_t port = 0;
  if (rte_eth_dev_get_port_by_name("net_pcap0", &port) != 0) return 4;
  rte_mempool* pool = rte_pktmbuf_pool_create("frames", 4095, 250, 0, RTE_MBUF_DEFAULT_BUF_SIZE, 0);
  const rte_eth_conf conf{};
  if (pool == nullptr || rte_eth_dev_configure(port, 1, 1, &conf) != 0 ||
      rte_eth_rx_queue_setup(port, 0, 512, 0, nullptr, pool) != 0 || rte_eth_tx_queue_setup(port, 0, 512, 0, nullptr) != 0 ||
      rte_eth_dev_start(port) != 0) {
    return 4;
  }

  // The loop. Frames that are not IP are none of the rules' business; this program lets them pass.
  rte_mbuf* frames[32];
  hookline::v1::Packet packets[32];
  hookline::v1::Decision decisions[32];
  size_t passed = 0, stopped = 0, other = 0;
  while (const uint16_t n = rte_eth_rx_burst(port, 0, frames, 32)) {
    size_t count = 0;
    for (uint16_t i = 0; i < n; ++i) {
      auto* frame = rte_pktmbuf_mtod(frames[i], uint8_t*);
      const uint16_t type = static_cast<uint16_t>(frame[12] << 8 | frame[13]);
      if (type != 0x0800 && type != 0x86dd) {
        ++other;
        continue;
      }
      packets[count++] = {frame + 14, frames[i]->pkt_len - 14, "eth1", "eth0", 0, (frame[0] & 1) != 0};
    }
    filter.forward(0, packets, count, decisions);
    for (size_t i = 0; i < count; ++i) ++(decisions[i].verdict == hookline::v1::Verdict::kAccept ? passed : stopped);
    rte_pktmbuf_free_bulk(frames, n);
  }

  std::printf("%zu passed, %zu stopped, %zu not IP\n", passed, stopped, other);
  const auto counters = filter.counters();
  for (hookline::v1::Rule rule = 0; rule < rules.rule_count(); ++rule) {
    if (counters[rule].packets != 0) {
      std::printf("%8llu %10llu  %s\n", static_cast<unsigned long long>(counters[rule].packets),
                  static_cast<unsigned long long>(counters[rule].bytes), std::string(rules.rule_name(rule)).c_str());
    }
  }
  rte_eth_dev_stop(port);
  rte_eth_dev_close(port);
  return rte_eal_cleanup();
} catch (const hookline::v1::Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return static_cast<int>(error.kind());
}
