// ipset/extensions.h: what elements carry beside their identity: timeout, counters, skbinfo; arrays beside the elements.
#pragma once

#include <linux/netfilter/ipset/ip_set.h>

#include <cstdint>
#include <vector>

#include "ipset/contents.h"
#include "ipset/sets.h"

namespace hookline::ipset {

// Where the clock of Sets begins: above 0, which stands for "for ever", however much is taken off it.
inline constexpr uint64_t kStart = uint64_t{1} << 40;

struct Counter {
  uint64_t packets = 0, bytes = 0;
};

class Extensions {
 public:
  // `keep_counters`: some rule reads them.
  Extensions(const Header& header, bool keep_counters, uint32_t hz)
      : timeout_(header.timeout),
        hz_(hz),
        with_timeout_(header.with_timeout),
        with_counters_(header.with_counters && keep_counters),
        with_skbinfo_(header.with_skbinfo) {}

  void resize(size_t size) {
    if (with_timeout_) expires_.resize(size);
    if (with_counters_) counters_.resize(size);
    if (with_skbinfo_) skbinfo_.resize(size);
  }

  // Of an element that the snapshot holds.
  void load(size_t at, const Element& element) {
    if (with_timeout_) expires_[at] = deadline(element.timeout, kStart);
    if (with_counters_) counters_[at] = {element.packets, element.bytes};
    if (with_skbinfo_) skbinfo_[at] = {element.skb_mark, element.skb_mask, element.skb_priority, element.skb_queue};
  }

  // Of one that a packet adds, or adds again. Kernel: IP_SET_INIT_KEXT and the ip_set_init_*().
  void start(size_t at, const Ask& ask) {
    if (with_counters_) counters_[at] = {1, ask.packet.length};
    if (with_skbinfo_) skbinfo_[at] = {};
    if (with_timeout_) expires_[at] = deadline(seconds(ask), ask.now);
  }

  [[nodiscard]] bool any() const { return with_timeout_ || with_counters_ || with_skbinfo_; }
  [[nodiscard]] bool with_timeout() const { return with_timeout_; }
  [[nodiscard]] bool expired(size_t at, uint64_t now) const {
    return with_timeout_ && expires_[at] != 0 && expires_[at] < now;
  }
  // Seconds that an added element lives.
  [[nodiscard]] uint32_t seconds(const Ask& ask) const { return ask.timeout == UINT32_MAX ? timeout_ : ask.timeout; }
  [[nodiscard]] uint32_t own_timeout() const { return timeout_; }
  void set_deadline(size_t at, uint32_t seconds_left, uint64_t now) { expires_[at] = deadline(seconds_left, now); }

  // A hit that this element takes part in. Kernel: ip_set_match_extensions().
  bool hit(size_t at, Ask& ask, uint32_t flags) {
    if (expired(at, ask.now)) return false;
    if (with_counters_) {
      Counter& counter = counters_[at];
      if ((flags & IPSET_FLAG_SKIP_COUNTER_UPDATE) == 0) {
        counter.bytes += ask.packet.length;
        counter.packets += 1;
      }
      if ((flags & IPSET_FLAG_MATCH_COUNTERS) != 0 &&
          !(ask.packets.holds(counter.packets) && ask.bytes.holds(counter.bytes)))
        return false;
    }
    if (with_skbinfo_) ask.skbinfo = skbinfo_[at];
    return true;
  }

  void move(size_t from, size_t to) {
    if (with_timeout_) expires_[to] = expires_[from];
    if (with_counters_) counters_[to] = counters_[from];
    if (with_skbinfo_) skbinfo_[to] = skbinfo_[from];
  }

 private:
  // Kernel: ip_set_timeout_set().
  [[nodiscard]] uint64_t deadline(uint32_t seconds_left, uint64_t now) const {
    return seconds_left == 0 ? 0 : now + uint64_t{seconds_left} * hz_;
  }

  std::vector<uint64_t> expires_;  // jiffies; 0: for ever
  std::vector<Counter> counters_;
  std::vector<Skbinfo> skbinfo_;
  uint32_t timeout_, hz_;
  bool with_timeout_, with_counters_, with_skbinfo_;
};

}  // namespace hookline::ipset
