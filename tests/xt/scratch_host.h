// tests/xt/scratch_host.h: a network namespace with two TUN devices and an Ethernet one (TAP), in which the kernel itself
// judges one packet at a time.
//
// A packet is written to an in device, or sent by a raw socket, and runs through the hooks before the call returns; what it
// bumped is read from the counters. Table mangle is registered with its policies alone: it tells whether a packet reached
// the hook at all, since a match that drops on the spot counts nowhere in the table under test.
#pragma once

#include <string>

#include "base/result.h"
#include "load/fetch.h"
#include "load/netns.h"
#include "load/snapshot.h"
#include "packet_line.h"
#include "table/table.h"

namespace hookline::test {

class ScratchHost {
 public:
  static Result<ScratchHost> make();
  ScratchHost(ScratchHost&& other) noexcept;
  ScratchHost& operator=(ScratchHost&&) = delete;
  ~ScratchHost();

  [[nodiscard]] const Netns& netns() const { return netns_; }

  // Runs a shell line inside; standard output, or the error with the program's own message.
  [[nodiscard]] Result<std::string> shell(const std::string& line) const;

  // Reads the table back from the kernel.
  [[nodiscard]] Result<RawTable> fetch_table(Family family, const std::string& name) const;

  // Forgets the table's counters that were open before: call it when the table was replaced.
  Result<void> watch(const Table& table);

  // What the kernel answers for the first rule of the hook's built-in chain, in the words of golden_file.h. A rule with a
  // target says "yes" for "counted-hotdrop".
  Result<std::string> answer(const LinePacket& packet);

 private:
  explicit ScratchHost(Netns netns) : netns_(std::move(netns)) {}
  Result<void> send(const LinePacket& packet) const;

  Netns netns_;
  int in_fd_ = -1, out_fd_ = -1, ethernet_fd_ = -1, raw4_fd_ = -1, raw6_fd_ = -1;
  const Table* table_ = nullptr;
  struct Watched {
    CounterReader reader;
    std::vector<CounterReader::Pair> last, now;
  };
  std::vector<Watched> watched_;                      // the table, then mangle
  std::array<uint32_t, kHookCount> mangle_policy_{};  // entry of each hook's policy
};

}  // namespace hookline::test
