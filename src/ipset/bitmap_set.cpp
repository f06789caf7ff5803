// ipset/bitmap_set.cpp: bitmap:ip, bitmap:ip,mac, bitmap:port: one place for each number of a range.
//
// An element of bitmap:ip,mac may lack its MAC address; the first packet that asks for it fills in its own, and only then
// does the element's time begin to run. Kernel: ip_set_bitmap_gen.h, ip_set_bitmap_ip.c and its siblings.
#include <linux/netfilter/ipset/ip_set.h>
#include <netinet/in.h>

#include <algorithm>
#include <vector>

#include "ipset/extensions.h"
#include "ipset/kinds.h"
#include "ipset/packet_part.h"

namespace hookline::ipset {
namespace {

class BitmapSet : public Set {
 public:
  BitmapSet(const Header& header, const BuildOptions& options)
      : Set(header), kind_(header.facts->kind), extensions_(header, options.keep_counters, options.hz) {
    shift_ = 32U - header.netmask;
    const size_t size = (uint64_t{header.last - header.first} >> shift_) + 1;
    places_.resize(size);
    extensions_.resize(size);
    if (with_mac()) {
      macs_.resize(size);
      stored_.resize(size);
    }
  }

  bool load(const RawSet& set) {
    ElementReader reader(set);
    for (Element element; reader.next(element);) {
      const uint32_t number = kind_ == Kind::kBitmapPort ? element.port : load_be32(element.ip.data());
      if (number < header().first || number > header().last) return false;
      const size_t at = place(number);
      if (places_[at] != Place::kEmpty) return false;
      places_[at] = with_mac() && !element.has_mac ? Place::kWithoutMac : Place::kFull;
      extensions_.load(at, element);
      if (!with_mac()) continue;
      macs_[at] = element.mac;
      stored_[at] = element.timeout;
    }
    return !reader.failed();
  }

 protected:
  Hit do_test(Ask& ask) override {
    size_t at = 0;
    Mac mac{};
    if (!find(ask, at, mac) || places_[at] == Place::kEmpty) return Hit::kNone;
    if (places_[at] == Place::kWithoutMac) return Hit::kComplete;
    if (with_mac() && macs_[at] != mac) return Hit::kNone;
    return extensions_.hit(at, ask, ask.flags) ? Hit::kYes : Hit::kNone;
  }

  bool do_add(Ask& ask) override {
    size_t at = 0;
    Mac mac{};
    if (!find(ask, at, mac)) return false;
    if (places_[at] == Place::kWithoutMac) {
      // The time that was given with it begins to run, unless the rule names another than the set's own.
      const uint32_t seconds = extensions_.seconds(ask);
      extensions_.start(at, ask);
      if (extensions_.with_timeout())
        extensions_.set_deadline(at, seconds == extensions_.own_timeout() ? stored_[at] : seconds, ask.now);
      macs_[at] = mac;
      places_[at] = Place::kFull;
      return true;
    }
    if (places_[at] == Place::kFull) {
      const bool exist = (ask.flags & IPSET_FLAG_EXIST) != 0;
      if (with_mac() && exist) macs_[at] = mac;
      if (!exist && !extensions_.expired(at, ask.now)) return false;
    } else if (with_mac()) {
      macs_[at] = mac;
    }
    places_[at] = Place::kFull;
    extensions_.start(at, ask);
    return true;
  }

  bool do_remove(Ask& ask) override {
    size_t at = 0;
    Mac mac{};
    if (!find(ask, at, mac) || places_[at] == Place::kEmpty) return false;
    const bool expired = places_[at] == Place::kFull && extensions_.expired(at, ask.now);
    places_[at] = Place::kEmpty;
    return !expired;
  }

 private:
  enum class Place : uint8_t { kEmpty, kFull, kWithoutMac };

  [[nodiscard]] bool with_mac() const { return kind_ == Kind::kBitmapIpMac; }
  [[nodiscard]] size_t place(uint32_t number) const {
    return ((uint64_t{number} >> shift_ << shift_) - header().first) >> shift_;
  }

  // The packet's place, and its MAC address where that is asked for. False: it has none.
  bool find(const Ask& ask, size_t& at, Mac& mac) const {
    uint32_t number = 0;
    if (kind_ == Kind::kBitmapPort) {
      PacketPort port;
      if (!port_of(ask.packet, ask.source(1), port)) return false;
      if (port.protocol != IPPROTO_TCP && port.protocol != IPPROTO_UDP) return false;
      number = port.port;
    } else {
      number = load_be32(address_of(ask.packet, ask.source(1)));
    }
    if (number < header().first || number > header().last) return false;
    at = place(number);
    if (!with_mac()) return true;
    const uint8_t* const frame = ask.source(2) ? ask.packet.source_mac : ask.packet.destination_mac;
    if (frame == nullptr) return false;
    std::copy_n(frame, mac.size(), mac.begin());
    return mac != Mac{};
  }

  const Kind kind_;
  Extensions extensions_;
  unsigned shift_ = 0;
  std::vector<Place> places_;
  std::vector<Mac> macs_;         // bitmap:ip,mac
  std::vector<uint32_t> stored_;  // likewise: seconds of an element that waits for its MAC address
};

}  // namespace

std::unique_ptr<Set> make_bitmap_set(const RawSet& set, const Header& header, const BuildOptions& options) {
  auto made = std::make_unique<BitmapSet>(header, options);
  if (!made->load(set)) return nullptr;
  return made;
}

}  // namespace hookline::ipset
