// ipset/hash_set.cpp: hash:ip, hash:ip,port, hash:ip,port,ip, hash:ip,port,net, hash:net, hash:net,port.
//
// One table of keys; nets are looked for once for each prefix length that an element has, from the longest. An element that
// a packet adds has the longest of these lengths, as in the kernel. Kernel: ip_set_hash_gen.h, mtype_test(), mtype_add(),
// mtype_del(); the kadt() of ip_set_hash_ip.c and its siblings.
#include <linux/netfilter/ipset/ip_set.h>
#include <sys/socket.h>

#include <algorithm>

#include "ipset/extensions.h"
#include "ipset/key_table.h"
#include "ipset/kinds.h"
#include "ipset/packet_part.h"

namespace hookline::ipset {
namespace {

template <size_t kWords>
class HashSet : public Set {
 public:
  HashSet(const Header& header, const BuildOptions& options)
      : Set(header), facts_(*header.facts), extensions_(header, options.keep_counters, options.hz) {
    put_address(mask_, false, header.mask.data());
    masked_ = facts_.kind == Kind::kHashIp || facts_.kind == Kind::kHashIpPort;
  }

  bool load(const RawSet& set, const BuildOptions& options) {
    size_t count = 0;
    ElementReader counting(set);
    for (Element element; counting.next(element);) ++count;
    if (counting.failed()) return false;
    if (options.changes) count = std::max<size_t>(count, std::min(header().max_elements, kMostAdded));
    table_.reserve(count, options.seed);
    extensions_.resize(table_.capacity());
    ElementReader reader(set);
    for (Element element; reader.next(element);) {
      Key<kWords> key{};
      put_address(key, false, element.ip.data());
      if (facts_.second_ip) put_address(key, true, element.ip2.data());
      if (facts_.port) put_port(key, element.protocol, element.port);
      // A host stands without a length.
      const unsigned prefix = element.prefix == 0 ? kHostPrefix<kWords> : element.prefix;
      if (prefix > kHostPrefix<kWords>) return false;
      finish(key, prefix);
      if (table_.find(key) != table_.kAbsent) return false;
      const size_t at = table_.insert(key);
      if (facts_.nets) {
        prefixes_.add(prefix);
        table_.set_nomatch(at, element.nomatch);
      }
      extensions_.load(at, element);
      ++elements_;
    }
    return true;
  }

 protected:
  Hit do_test(Ask& ask) override {
    Key<kWords> key;
    if (!key_of(ask, key)) return Hit::kNone;
    if (!facts_.nets) {
      finish(key, 0);
      const size_t at = table_.find(key);
      if (!extensions_.any()) return at != table_.kAbsent ? Hit::kYes : Hit::kNone;
      return at != table_.kAbsent && extensions_.hit(at, ask, ask.flags) ? Hit::kYes : Hit::kNone;
    }
    for (unsigned i = 0; i < prefixes_.size(); ++i) {
      put_prefix(key, prefixes_[i]);
      const size_t at = table_.find(key);
      if (at == table_.kAbsent || !extensions_.hit(at, ask, ask.flags)) continue;
      return table_.nomatch(at) ? Hit::kNomatch : Hit::kYes;
    }
    return Hit::kNone;
  }

  bool do_add(Ask& ask) override {
    Key<kWords> key;
    if (!key_of(ask, key)) return false;
    const unsigned prefix = prefixes_.longest_or(kHostPrefix<kWords>);
    finish(key, prefix);
    if (elements_ >= header().max_elements && extensions_.with_timeout()) drop_expired(ask.now);
    size_t at = table_.find(key);
    if (at != table_.kAbsent) {
      if ((ask.flags & IPSET_FLAG_EXIST) == 0 && !extensions_.expired(at, ask.now)) return false;
    } else {
      if (elements_ >= header().max_elements || 2 * elements_ >= table_.capacity()) return false;
      at = table_.insert(key);
      if (facts_.nets) prefixes_.add(prefix);
      ++elements_;
    }
    if (facts_.nets) table_.set_nomatch(at, (ask.flags >> 16 & IPSET_FLAG_NOMATCH) != 0);
    extensions_.start(at, ask);
    return true;
  }

  bool do_remove(Ask& ask) override {
    Key<kWords> key;
    if (!key_of(ask, key)) return false;
    finish(key, prefixes_.longest_or(kHostPrefix<kWords>));
    const size_t at = table_.find(key);
    if (at == table_.kAbsent || extensions_.expired(at, ask.now)) return false;
    erase(at);
    return true;
  }

 private:
  // Everything but the prefix length. False: the packet has no such part.
  bool key_of(const Ask& ask, Key<kWords>& key) const {
    key = {};
    put_address(key, false, address_of(ask.packet, ask.source(1)));
    if (masked_) {
      bool any = false;
      if constexpr (kWords == 1) {
        key[0] &= mask_[0];
        any = key[0] != 0;
      } else {
        for (unsigned i = 1; i < kWords; ++i) any |= (key[i] &= mask_[i]) != 0;
      }
      if (!any) return false;  // the kernel keeps 0 out
    }
    if (facts_.port) {
      PacketPort port;
      if (!port_of(ask.packet, ask.source(2), port)) return false;
      put_port(key, port.protocol, port.port);
    }
    if (facts_.second_ip) put_address(key, true, address_of(ask.packet, ask.source(3)));
    return true;
  }

  void finish(Key<kWords>& key, unsigned prefix) const {
    if (facts_.nets) {
      put_prefix(key, prefix);
    } else {
      key[0] |= uint64_t{1} << kPrefixShift<kWords>;
    }
  }

  static unsigned prefix_of(const Key<kWords>& key) {
    return static_cast<unsigned>(key[0] >> kPrefixShift<kWords> & (kKeyOfIpv4<kWords> ? 0x3f : 0xff)) - 1;
  }

  void erase(size_t at) {
    if (facts_.nets) prefixes_.remove(prefix_of(table_.key(at)));
    table_.erase(at, [&](size_t from, size_t to) { extensions_.move(from, to); });
    --elements_;
  }

  // Kernel: mtype_gc_do(), which also runs now and then by itself, unseen but for the prefix lengths that it frees.
  void drop_expired(uint64_t now) {
    for (size_t at = 0; at < table_.capacity();) {
      if (table_.used(at) && extensions_.expired(at, now)) {
        erase(at);  // another may have moved here
      } else {
        ++at;
      }
    }
  }

  const KindFacts& facts_;
  Extensions extensions_;
  KeyTable<kWords> table_;
  Prefixes prefixes_;
  Key<kWords> mask_{};
  bool masked_ = false;
  uint32_t elements_ = 0;  // expired ones that nobody has dropped yet included
};

template <size_t kWords>
std::unique_ptr<Set> make(const RawSet& set, const Header& header, const BuildOptions& options) {
  auto made = std::make_unique<HashSet<kWords>>(header, options);
  if (!made->load(set, options)) return nullptr;
  return made;
}

}  // namespace

std::unique_ptr<Set> make_hash_set(const RawSet& set, const Header& header, const BuildOptions& options) {
  if (header.family == AF_INET)
    return header.facts->second_ip ? make<2>(set, header, options) : make<1>(set, header, options);
  return header.facts->second_ip ? make<5>(set, header, options) : make<3>(set, header, options);
}

}  // namespace hookline::ipset
