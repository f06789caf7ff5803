// packet/effects.h: what targets say and send about a packet besides its verdict: log lines, messages for nflog, copies.
//
// Nothing of it changes the walk. Who wants to know hangs an Effects on the packet (Packet::effects) and gets everything in
// the order in which rules acted; the packet path hangs none, and targets then render nothing.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace hookline {

// What NFLOG hands to the listeners of a group.
struct NflogMessage {
  uint16_t group = 0;
  std::string prefix;
  std::vector<uint8_t> packet;  // from its IP header, as far as the rule lets a listener see it
  bool operator==(const NflogMessage&) const = default;
};

struct Effects {
  std::vector<std::string> log;  // LOG's lines, without level and newline
  std::vector<NflogMessage> nflog;
  std::vector<std::vector<uint8_t>> copies;  // TEE's IP packets, as this host begins to send them
  // Of an NFQUEUE rule that ended the walk: the numbers of which the kernel chooses one, first and last.
  std::pair<uint16_t, uint16_t> queues = {0, 0};

  void clear() { *this = {}; }
  bool operator==(const Effects&) const = default;
};

}  // namespace hookline
