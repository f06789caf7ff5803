// io/device.h: a DPDK port: made from devargs, configured, started, polled, closed. The only user of rte_ethdev.
//
// EAL reports a port that cannot be created only in its log, and the ports behind it get other numbers. So every virtual
// device is probed on its own and every port is looked up by name.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "pipeline/worker.h"

struct rte_device;
struct rte_mempool;

namespace hookline {

struct DeviceOptions {
  std::string name;     // for messages
  std::string devargs;  // "net_pcap0,rx_pcap=in.pcap", "0000:00:05.0"
  uint16_t rx_queues = 1, tx_queues = 1;
  uint16_t descriptors = 1024;             // a queue; brought into the driver's limits
  std::vector<std::vector<uint8_t>> fill;  // not empty: received frames get these contents, in turn
};

// True for devargs that begin with a PCI address.
bool is_pci_address(const std::string& devargs);

// Memory for frames, shared by all ports.
class FramePool {
 public:
  static Result<FramePool> create(unsigned buffers, unsigned frame_bytes);
  FramePool(FramePool&& other) noexcept : pool_(other.pool_) { other.pool_ = nullptr; }
  FramePool& operator=(FramePool&&) = delete;
  ~FramePool();
  [[nodiscard]] rte_mempool* get() const { return pool_; }

 private:
  explicit FramePool(rte_mempool* pool) : pool_(pool) {}
  rte_mempool* pool_;
};

struct DeviceStats {
  uint64_t missed = 0;     // the device had no free descriptor
  uint64_t errors = 0;     // broken when received
  uint64_t no_buffer = 0;  // the pool was empty
};

// An open, started port. Close before the pool.
class Device final : public PacketPort {
 public:
  static Result<std::unique_ptr<Device>> open(const DeviceOptions& options, const FramePool& pool);
  ~Device() override;

  uint16_t receive(uint16_t queue, rte_mbuf** frames, uint16_t count) override;
  uint16_t send(uint16_t queue, rte_mbuf** frames, uint16_t count) override;

  [[nodiscard]] uint32_t mtu() const { return mtu_; }
  [[nodiscard]] const std::string& driver() const { return driver_; }
  [[nodiscard]] bool link_up() const;
  [[nodiscard]] DeviceStats stats() const;

 private:
  Device() = default;
  Result<void> configure(const DeviceOptions& options, const FramePool& pool);

  uint16_t port_ = 0;
  bool found_ = false;
  rte_device* plugged_ = nullptr;  // a virtual device that open() made
  uint32_t mtu_ = 1500;
  std::string driver_;
  bool started_ = false;
  bool made_promiscuous_ = false;
  std::vector<std::vector<uint8_t>> fill_;
  struct alignas(kCacheLine) Cursor {
    size_t next = 0;
  };
  std::vector<Cursor> fill_cursors_;  // by queue
};

}  // namespace hookline
