// io/device.cpp: ports through rte_ethdev.
#include "io/device.h"

#include <rte_dev.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_memcpy.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "io/eal.h"

namespace hookline {
namespace {

std::string device_name(const std::string& devargs) { return devargs.substr(0, devargs.find(',')); }

// The value of `key=` in devargs, or empty.
std::string devarg(const std::string& devargs, const std::string& key) {
  size_t at = devargs.find("," + key + "=");
  if (at == std::string::npos) return {};
  at += key.size() + 2;
  return devargs.substr(at, devargs.find(',', at) - at);
}

// Some drivers set the flag on a kernel interface and leave it there. Ours to take back only if it was not there before.
bool kernel_interface_is_promiscuous(const std::string& interface) {
  constexpr unsigned long kPromiscuousFlag = 0x100;  // IFF_PROMISC
  std::ifstream file("/sys/class/net/" + interface + "/flags");
  std::string flags;
  return (file >> flags) && (std::strtoul(flags.c_str(), nullptr, 16) & kPromiscuousFlag) != 0;
}

std::string reason(int error) {
  std::string text = rte_strerror(error < 0 ? -error : error);
  if (const std::string log = recent_eal_log(); !log.empty()) text += " (" + log + ")";
  return text;
}

}  // namespace

bool is_pci_address(const std::string& devargs) {
  unsigned domain, bus, device, function;
  int length = 0;
  const std::string name = device_name(devargs);
  if (std::sscanf(name.c_str(), "%x:%x:%x.%x%n", &domain, &bus, &device, &function, &length) == 4) {
    return static_cast<size_t>(length) == name.size();
  }
  return std::sscanf(name.c_str(), "%x:%x.%x%n", &bus, &device, &function, &length) == 3 &&
         static_cast<size_t>(length) == name.size();
}

Result<FramePool> FramePool::create(unsigned buffers, unsigned frame_bytes) {
  constexpr unsigned kCache = 250;
  const unsigned room = RTE_PKTMBUF_HEADROOM + (frame_bytes + 63) / 64 * 64;
  if (room > UINT16_MAX) {
    return fail(ProblemKind::kInput, "frame_bytes", std::to_string(frame_bytes), "at most 65000");
  }
  rte_mempool* pool = rte_pktmbuf_pool_create("hookline_frames", buffers, std::min(kCache, buffers * 2 / 3), 0,
                                              static_cast<uint16_t>(room), static_cast<int>(SOCKET_ID_ANY));
  if (pool == nullptr) {
    return fail(ProblemKind::kSystem, "buffers", std::to_string(buffers) + " frames do not fit: " + reason(rte_errno),
                "fewer buffers or more memory_mb");
  }
  return FramePool(pool);
}

FramePool::~FramePool() {
  if (pool_ != nullptr) rte_mempool_free(pool_);
}

Result<std::unique_ptr<Device>> Device::open(const DeviceOptions& options, const FramePool& pool) {
  std::unique_ptr<Device> device(new Device());
  const std::string place = "port " + options.name;
  recent_eal_log();
  if (!is_pci_address(options.devargs)) {
    if (const int error = rte_dev_probe(options.devargs.c_str()); error != 0) {
      return fail(ProblemKind::kSystem, place, "DPDK cannot make \"" + options.devargs + "\": " + reason(error),
                  "a device that this system has, with arguments that its driver knows");
    }
  }
  if (rte_eth_dev_get_port_by_name(device_name(options.devargs).c_str(), &device->port_) != 0) {
    return fail(ProblemKind::kSystem, place,
                "DPDK made no port \"" + device_name(options.devargs) + "\"" +
                    (is_pci_address(options.devargs) ? std::string() : ": " + reason(ENODEV)),
                is_pci_address(options.devargs) ? "a device that is bound to vfio-pci or uio_pci_generic"
                                                : "a driver that this system has");
  }
  device->found_ = true;
  if (auto done = device->configure(options, pool); !done) return fail(done.error());
  return device;
}

Result<void> Device::configure(const DeviceOptions& options, const FramePool& pool) {
  const std::string place = "port " + options.name;
  const auto refused = [&](const char* step, int error) {
    return fail(ProblemKind::kSystem, place, std::string(step) + ": " + reason(error));
  };
  rte_eth_dev_info info{};
  if (const int error = rte_eth_dev_info_get(port_, &info); error != 0) return refused("no information", error);
  if (!is_pci_address(options.devargs)) plugged_ = info.device;
  driver_ = info.driver_name == nullptr ? "" : info.driver_name;
  if (options.rx_queues > info.max_rx_queues) {
    return fail(ProblemKind::kInput, place, std::to_string(options.rx_queues) + " receive queues",
                "at most " + std::to_string(info.max_rx_queues) + ": " + driver_ + " has no more");
  }
  if (options.tx_queues > info.max_tx_queues) {
    return fail(ProblemKind::kInput, place, std::to_string(options.tx_queues) + " workers send to it",
                "at most " + std::to_string(info.max_tx_queues) + ": " + driver_ + " has no more transmit queues");
  }
  rte_eth_conf conf{};
  if (info.tx_offload_capa & RTE_ETH_TX_OFFLOAD_MBUF_FAST_FREE && options.tx_queues > 0) {
    conf.txmode.offloads |= RTE_ETH_TX_OFFLOAD_MBUF_FAST_FREE;  // one pool, no references held: true here
  }
  if (const int error = rte_eth_dev_configure(port_, options.rx_queues, options.tx_queues, &conf); error != 0) {
    return refused("configure", error);
  }
  uint16_t rx_descriptors = options.descriptors, tx_descriptors = options.descriptors;
  if (const int error = rte_eth_dev_adjust_nb_rx_tx_desc(port_, &rx_descriptors, &tx_descriptors); error != 0) {
    return refused("descriptors", error);
  }
  const auto socket = static_cast<unsigned>(std::max(rte_eth_dev_socket_id(port_), 0));
  for (uint16_t q = 0; q < options.rx_queues; ++q) {
    if (const int error = rte_eth_rx_queue_setup(port_, q, rx_descriptors, socket, nullptr, pool.get()); error != 0) {
      return refused("receive queue", error);
    }
  }
  for (uint16_t q = 0; q < options.tx_queues; ++q) {
    if (const int error = rte_eth_tx_queue_setup(port_, q, tx_descriptors, socket, nullptr); error != 0) {
      return refused("transmit queue", error);
    }
  }
  const std::string interface = devarg(options.devargs, "iface");
  const bool was_promiscuous = !interface.empty() && kernel_interface_is_promiscuous(interface);
  if (const int error = rte_eth_dev_start(port_); error != 0) return refused("start", error);
  started_ = true;
  // A wire carries frames for others. Drivers that have no such mode receive everything anyway.
  if (rte_eth_promiscuous_enable(port_) == 0) made_promiscuous_ = !was_promiscuous;
  uint16_t mtu = 0;
  if (rte_eth_dev_get_mtu(port_, &mtu) == 0 && mtu != 0) mtu_ = mtu;
  fill_ = options.fill;
  fill_cursors_.resize(options.rx_queues);
  return {};
}

Device::~Device() {
  if (!found_) return;
  if (made_promiscuous_) rte_eth_promiscuous_disable(port_);
  if (started_) rte_eth_dev_stop(port_);
  rte_eth_dev_close(port_);
  if (plugged_ != nullptr) rte_dev_remove(plugged_);  // the name is free again
}

uint16_t Device::receive(uint16_t queue, rte_mbuf** frames, uint16_t count) {
  const uint16_t received = rte_eth_rx_burst(port_, queue, frames, count);
  if (fill_.empty()) return received;
  size_t& next = fill_cursors_[queue].next;
  for (uint16_t i = 0; i < received; ++i) {
    const std::vector<uint8_t>& content = fill_[next];
    next = next + 1 == fill_.size() ? 0 : next + 1;
    rte_mbuf* frame = frames[i];
    const auto length =
        static_cast<uint16_t>(std::min<size_t>(content.size(), static_cast<size_t>(frame->buf_len - frame->data_off)));
    rte_memcpy(rte_pktmbuf_mtod(frame, uint8_t*), content.data(), length);
    frame->data_len = length;
    frame->pkt_len = length;
  }
  return received;
}

uint16_t Device::send(uint16_t queue, rte_mbuf** frames, uint16_t count) {
  return rte_eth_tx_burst(port_, queue, frames, count);
}

bool Device::link_up() const {
  rte_eth_link link{};
  return rte_eth_link_get_nowait(port_, &link) == 0 && link.link_status == RTE_ETH_LINK_UP;
}

DeviceStats Device::stats() const {
  rte_eth_stats stats{};
  if (rte_eth_stats_get(port_, &stats) != 0) return {};
  return {stats.imissed, stats.ierrors, stats.rx_nombuf};
}

}  // namespace hookline
