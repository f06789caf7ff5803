// verify/kernel_listener.h: hears what the kernel says and sends about packets: its log, nflog's groups, packets of its own.
//
// LOG's lines go to the kernel's ring buffer, for other namespaces than the first only while net.netfilter.nf_log_all_netns
// is 1: a listener sets it as long as it lives. The buffer is everybody's, so one process listens at a time, and others wait
// in open(). NFLOG's messages come by netlink, and so do packets that the host itself sends: a rule of nftables in front of
// all tables at OUTPUT hands them to group kSentGroup.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "packet/effects.h"

namespace hookline {

inline constexpr uint16_t kSentGroup = 64999;

struct Heard {
  std::vector<std::string> log;  // lines, those of TRACE left out
  std::vector<NflogMessage> nflog;
  std::vector<std::vector<uint8_t>> sent;  // IP packets of kSentGroup
};

// The ring buffer, and the right to be the only one that lets namespaces log into it. One for the process.
class KernelLog {
 public:
  // Called in the first network namespace. Waits for other processes.
  static Result<std::shared_ptr<KernelLog>> share();
  KernelLog(const KernelLog&) = delete;
  KernelLog& operator=(const KernelLog&) = delete;
  ~KernelLog();
  // Appends what rules have logged since the last call.
  void read(std::vector<std::string>& lines);

 private:
  KernelLog() = default;
  int fd_ = -1;
  int before_ = 0;  // of the sysctl
  bool set_ = false;
};

class KernelListener {
 public:
  // Called inside the namespace whose packets are meant. `log`: null where nobody wants lines.
  static Result<std::unique_ptr<KernelListener>> open(std::span<const uint16_t> groups, std::shared_ptr<KernelLog> log);
  ~KernelListener();

  // What came since the last call.
  Result<void> hear(Heard& heard);

 private:
  struct State;
  explicit KernelListener(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace hookline
