// config/run_config.h: the TOML file of `hookline run`, read strictly: every key is known, of the right type and in range,
// or the file is refused with all its problems at once. docs/run.md lists the keys; the examples are in configs/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "packet/hooks.h"

namespace hookline {

struct PortConfig {
  std::string name;
  std::string device;     // DPDK devargs; paths in rx_pcap= and tx_pcap= already resolved
  std::string interface;  // what rules see; the port's name where the file says nothing
  std::string peer;
  std::string fill;  // capture file, resolved; empty: none
  uint16_t queues = 1;
  uint32_t mtu = 0;  // 0: the device's own
};

struct RunConfig {
  // Exactly one source of rules: files, a namespace, or none at all.
  std::vector<std::string> rules;    // resolved paths
  std::optional<std::string> netns;  // "": the namespace that hookline runs in
  bool no_rules = false;

  Family family = Family::kIpv4;  // of rules text that does not say
  bool wire = false;              // mode = "wire"
  bool pass_neighbour_discovery = true;
  bool flow_cache = true;
  unsigned workers = 1;
  std::vector<unsigned> cores;
  uint16_t burst = 32;
  uint16_t descriptors = 1024;
  unsigned buffers = 8192;
  unsigned frame_bytes = 2048;
  uint32_t idle_sleep_us = 0;
  uint32_t drain_ms = 20;

  // Whichever is reached first ends the run; 0: no such limit.
  uint64_t limit_frames = 0;
  double limit_seconds = 0;
  uint32_t limit_idle_ms = 0;

  unsigned memory_mb = 256;
  bool huge_pages = false;
  std::vector<std::string> eal_options;

  bool json = false;
  bool zero_rules = false;  // the report lists rules that counted nothing as well
  uint32_t status_ms = 1000;

  std::vector<PortConfig> ports;
};

// Relative paths in the file are relative to the file's own folder.
Result<RunConfig> read_run_config(const std::string& path);
// The same for text in memory: `place` stands for the file in messages, `folder` is what relative paths start from.
Result<RunConfig> parse_run_config(const std::string& text, const std::string& place, const std::string& folder);

}  // namespace hookline
