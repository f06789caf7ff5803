// cli/packet_stream.h: what `eval` and `explain` share: the options that say which packets meet which rules, and the packets
// of a capture as the stack gets them, in order.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "capture/pcap_reader.h"
#include "load/decode.h"
#include "stack/path.h"

namespace CLI {
class App;
}

namespace hookline::cli {

struct StreamOptions {
  std::string rules;    // FILE or RULES
  std::string capture;  // PCAP
  std::string path, in_interface, out_interface;
  std::string family = "ipv4";
  uint32_t uid = 0, gid = 0;    // of the sender on the output path
  bool checksums_good = false;  // L4 checksums count as verified
  bool queue_bypass = false;
};

void add_stream_options(CLI::App& verb, StreamOptions& options);

// The rules, decoded, and nothing in them that this build does not evaluate.
struct Scene {
  RuleSet rules;
  std::unique_ptr<HostView> host;  // that `path` tells of
  PathOptions path;
};
Result<Scene> set_scene(const StreamOptions& options);

// A packet of the capture; what `arrival` points at is valid until the next one is read.
struct StreamPacket {
  uint64_t number = 0;  // from 1
  bool is_ip = true;    // false: skipped
  Arrival arrival;
};

class PacketStream {
 public:
  static Result<PacketStream> open(const std::string& capture, PathKind path);
  // Nothing at the end of the file. Times never run backwards.
  Result<std::optional<StreamPacket>> next();

 private:
  PacketStream(PcapReader reader, PathKind path) : reader_(std::move(reader)), path_(path) {}
  PcapReader reader_;
  PathKind path_;
  uint64_t time_ns_ = 0;
};

std::string_view verdict_name(Verdict verdict);

}  // namespace hookline::cli
