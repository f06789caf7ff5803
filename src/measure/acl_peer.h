// measure/acl_peer.h: DPDK's rte_acl as a peer: the same filters, the same headers, its own best options.
//
// rte_acl gets what suits it: 5-tuples that are parsed already, sixteen bytes each in network order, in the order in which
// they are asked for. Starting it starts the EAL of this process, without huge pages, devices or files.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "measure/classbench.h"

namespace hookline::measure {

class AclPeer {
 public:
  // One of rte_acl's look-up algorithms that this CPU can run.
  struct Algorithm {
    std::string name;  // "scalar", "sse", "avx2", "avx512x16", "avx512x32"
    int number = 0;    // enum rte_acl_classify_alg
  };

  // Fails where the EAL does not start or the build needs more memory than the machine has left; the process goes on.
  static Result<std::unique_ptr<AclPeer>> build(std::span<const Filter> filters, std::span<const Header> headers);
  ~AclPeer();
  AclPeer(const AclPeer&) = delete;
  AclPeer& operator=(const AclPeer&) = delete;

  [[nodiscard]] const std::vector<Algorithm>& algorithms() const { return algorithms_; }
  // Looks headers [begin, end) up in calls of `batch`; answers()[i] is then the 1-based filter of header i, 0 for none.
  void classify(const Algorithm& algorithm, size_t batch, size_t begin, size_t end);
  [[nodiscard]] std::span<const uint32_t> answers() const { return answers_; }
  void forget_answers();  // so that an answer that is not given cannot pass for an earlier one

  [[nodiscard]] double build_ms() const { return build_ms_; }
  [[nodiscard]] uint64_t bytes() const { return bytes_; }  // of its run-time tables

 private:
  AclPeer() = default;

  struct Context;
  std::unique_ptr<Context> context_;
  std::vector<Algorithm> algorithms_;
  std::vector<uint8_t> keys_;
  std::vector<const uint8_t*> pointers_;
  std::vector<uint32_t> answers_;
  double build_ms_ = 0;
  uint64_t bytes_ = 0;
};

}  // namespace hookline::measure
