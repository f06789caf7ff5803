// ipset/net_iface_set.cpp: hash:net,iface: nets, each with the devices that it may come from or go to.
//
// The longest net that has any element decides, whether the packet's device is among its elements' or not; only where the
// device's element does not hold (it is expired, its counters do not compare) does the search go on. A device name that is
// the beginning of others counts where its element says so, and elements are tried in the kernel's order. Elements for
// bridge ports stand apart: no packet here comes by one. Kernel: ip_set_hash_netiface.c, ip_set_hash_gen.h with
// IP_SET_HASH_WITH_MULTI.
#include <linux/netfilter/ipset/ip_set.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "ipset/extensions.h"
#include "ipset/key_table.h"
#include "ipset/kinds.h"
#include "ipset/packet_part.h"

namespace hookline::ipset {
namespace {

constexpr uint32_t kEnd = UINT32_MAX;
constexpr uint32_t kMostOfNet = 64;  // elements of one net. Kernel: AHASH_MAX_TUNED

template <size_t kWords>
class NetIfaceSet : public Set {
 public:
  NetIfaceSet(const Header& header, const BuildOptions& options)
      : Set(header), extensions_(header, options.keep_counters, options.hz) {}

  bool load(const RawSet& set, const BuildOptions& options) {
    size_t count = 0;
    ElementReader counting(set);
    for (Element element; counting.next(element);) ++count;
    if (counting.failed()) return false;
    if (options.changes) count = std::max<size_t>(count, std::min(header().max_elements, kMostAdded));
    nets_.reserve(count, options.seed);
    heads_.assign(nets_.capacity(), kEnd);
    members_.resize(count);
    extensions_.resize(count);
    for (size_t i = count; i-- > 0;) release(static_cast<uint32_t>(i));
    ElementReader reader(set);
    for (Element element; reader.next(element);) {
      Key<kWords> key{};
      put_address(key, false, element.ip.data());
      if (element.prefix > kHostPrefix<kWords> || element.iface.absent()) return false;
      put_prefix(key, element.prefix);
      if (element.physdev) key[0] |= kPhysdevBit;
      const uint32_t at = append(key, element.prefix);
      members_[at].iface = element.iface;
      members_[at].wildcard = element.wildcard;
      members_[at].nomatch = element.nomatch;
      extensions_.load(at, element);
    }
    return true;
  }

 protected:
  Hit do_test(Ask& ask) override {
    Key<kWords> key{};
    const InterfaceName* const iface = iface_of(ask);
    if (iface == nullptr) return Hit::kNone;
    put_address(key, false, address_of(ask.packet, ask.source(1)));
    bool net_found = false;
    for (unsigned i = 0; i < prefixes_.size() && !net_found; ++i) {
      put_prefix(key, prefixes_[i]);
      const size_t net = nets_.find(key);
      if (net == nets_.kAbsent) continue;
      for (uint32_t at = heads_[net]; at != kEnd; at = members_[at].next) {
        net_found = true;
        if (!covers(members_[at], *iface)) continue;
        if (extensions_.hit(at, ask, ask.flags)) return members_[at].nomatch ? Hit::kNomatch : Hit::kYes;
        net_found = false;
      }
    }
    return Hit::kNone;
  }

  bool do_add(Ask& ask) override {
    Key<kWords> key{};
    const InterfaceName* const iface = iface_of(ask);
    if (iface == nullptr) return false;
    const unsigned prefix = prefixes_.longest_or(kHostPrefix<kWords>);
    put_address(key, false, address_of(ask.packet, ask.source(1)));
    put_prefix(key, prefix);
    if (elements_ >= header().max_elements && extensions_.with_timeout()) drop_expired(ask.now);
    uint32_t of_net = 0;
    uint32_t at = find(key, *iface, of_net);
    if (at != kEnd) {
      if ((ask.flags & IPSET_FLAG_EXIST) == 0 && !extensions_.expired(at, ask.now)) return false;
    } else {
      if (elements_ >= header().max_elements || free_ == kEnd || of_net >= kMostOfNet) return false;
      at = append(key, prefix);
      members_[at].iface = *iface;
      members_[at].wildcard = false;
    }
    members_[at].nomatch = (ask.flags >> 16 & IPSET_FLAG_NOMATCH) != 0;
    extensions_.start(at, ask);
    return true;
  }

  bool do_remove(Ask& ask) override {
    Key<kWords> key{};
    const InterfaceName* const iface = iface_of(ask);
    if (iface == nullptr) return false;
    put_address(key, false, address_of(ask.packet, ask.source(1)));
    put_prefix(key, prefixes_.longest_or(kHostPrefix<kWords>));
    uint32_t of_net = 0;
    const uint32_t at = find(key, *iface, of_net);
    if (at == kEnd || extensions_.expired(at, ask.now)) return false;
    remove(at);
    return true;
  }

 private:
  struct Member {
    Key<kWords> net{};
    InterfaceName iface;
    bool wildcard = false, nomatch = false;
    uint32_t next = kEnd;  // of the same net, or free
  };

  // Null: the packet has no such device.
  static const InterfaceName* iface_of(const Ask& ask) {
    if ((ask.flags & IPSET_FLAG_PHYSDEV) != 0) return nullptr;  // no packet here comes by a bridge
    const InterfaceName* const iface = ask.source(2) ? ask.packet.in : ask.packet.out;
    return iface->absent() ? nullptr : iface;
  }

  static bool covers(const Member& member, const InterfaceName& iface) {
    if (!member.wildcard) return member.iface == iface;
    return iface.view().starts_with(member.iface.view());
  }

  uint32_t find(const Key<kWords>& key, const InterfaceName& iface, uint32_t& of_net) const {
    const size_t net = nets_.find(key);
    if (net == nets_.kAbsent) return kEnd;
    for (uint32_t at = heads_[net]; at != kEnd; at = members_[at].next, ++of_net)
      if (covers(members_[at], iface)) return at;
    return kEnd;
  }

  uint32_t append(const Key<kWords>& key, unsigned prefix) {
    size_t net = nets_.find(key);
    if (net == nets_.kAbsent) {
      net = nets_.insert(key);
      heads_[net] = kEnd;
    }
    const uint32_t at = free_;
    free_ = members_[at].next;
    members_[at] = {key, {}, false, false, kEnd};
    uint32_t* link = &heads_[net];
    while (*link != kEnd) link = &members_[*link].next;
    *link = at;
    prefixes_.add(prefix);
    ++elements_;
    return at;
  }

  void release(uint32_t at) {
    members_[at] = {};
    members_[at].next = free_;
    free_ = at;
  }

  void remove(uint32_t at) {
    const Key<kWords> key = members_[at].net;
    const size_t net = nets_.find(key);
    uint32_t* link = &heads_[net];
    while (*link != at) link = &members_[*link].next;
    *link = members_[at].next;
    if (heads_[net] == kEnd) nets_.erase(net, [&](size_t from, size_t to) { heads_[to] = heads_[from]; });
    prefixes_.remove(static_cast<unsigned>(key[0] >> kPrefixShift<kWords> & (kKeyOfIpv4<kWords> ? 0x3f : 0xff)) - 1);
    release(at);
    --elements_;
  }

  void drop_expired(uint64_t now) {
    for (uint32_t at = 0; at < members_.size(); ++at)
      if (!members_[at].iface.absent() && extensions_.expired(at, now)) remove(at);
  }

  Extensions extensions_;
  KeyTable<kWords> nets_;
  std::vector<uint32_t> heads_;  // by slot of nets_: the first member
  std::vector<Member> members_;
  uint32_t free_ = kEnd;
  Prefixes prefixes_;
  uint32_t elements_ = 0;
};

template <size_t kWords>
std::unique_ptr<Set> make(const RawSet& set, const Header& header, const BuildOptions& options) {
  auto made = std::make_unique<NetIfaceSet<kWords>>(header, options);
  if (!made->load(set, options)) return nullptr;
  return made;
}

}  // namespace

std::unique_ptr<Set> make_net_iface_set(const RawSet& set, const Header& header, const BuildOptions& options) {
  return header.family == AF_INET ? make<1>(set, header, options) : make<3>(set, header, options);
}

}  // namespace hookline::ipset
