// ipset/key_table.h: what identifies an element, in as few words as its set needs, and an open-addressing table of it.
//
// Word 0, IPv4:  address (32, host order) · port (16) · protocol (8) · prefix length + 1 (6) · physdev (1) · nomatch (1)
// Word 0, IPv6:  prefix length + 1 (8) · 0 (24) · port (16) · protocol (8) · 0 (6) · physdev (1) · nomatch (1)
// IPv4 with a second address has it in word 1; IPv6 has its addresses in words 1, 2 and 3, 4, host order. Types without a
// prefix length have 0 there, so that word 0 of an element is never 0, which means an empty slot. `nomatch` is no part of
// what is compared. The address that is a net is the last one.
#pragma once

#include <sys/mman.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <vector>

#include "base/bytes.h"
#include "ipset/contents.h"

namespace hookline::ipset {

template <size_t kWords>
using Key = std::array<uint64_t, kWords>;

inline constexpr uint64_t kNomatchBit = uint64_t{1} << 63, kPhysdevBit = uint64_t{1} << 62;

template <size_t kWords>
inline constexpr bool kKeyOfIpv4 = kWords <= 2;

inline uint64_t load_be64(const uint8_t* p) { return uint64_t{load_be32(p)} << 32 | load_be32(p + 4); }

template <size_t kWords>
void put_address(Key<kWords>& key, bool second, const uint8_t* address) {
  if constexpr (kWords == 1) {
    key[0] |= load_be32(address);
  } else if constexpr (kWords == 2) {
    key[second ? 1 : 0] |= load_be32(address);
  } else {
    const size_t at = second ? kWords - 2 : 1;
    key[at] = load_be64(address);
    key[at + 1] = load_be64(address + 8);
  }
}

template <size_t kWords>
void put_port(Key<kWords>& key, uint8_t protocol, uint16_t port) {
  key[0] |= uint64_t{port} << 32 | uint64_t{protocol} << 48;
}

template <size_t kWords>
inline constexpr unsigned kPrefixShift = kKeyOfIpv4<kWords> ? 56 : 0;
template <size_t kWords>
inline constexpr unsigned kHostPrefix = kKeyOfIpv4<kWords> ? 32 : 128;

inline uint64_t high_bits(unsigned count) { return count == 0 ? 0 : ~uint64_t{0} << (64 - count); }

// Cuts the last address to a prefix length, from 0, and enters it.
template <size_t kWords>
void put_prefix(Key<kWords>& key, unsigned prefix) {
  if constexpr (kWords == 1) {
    key[0] &= ~uint64_t{UINT32_MAX} | high_bits(prefix) >> 32;
  } else if constexpr (kWords == 2) {
    key[1] &= high_bits(prefix) >> 32;
  } else {
    key[kWords - 2] &= high_bits(prefix < 64 ? prefix : 64);
    key[kWords - 1] &= high_bits(prefix < 64 ? 0 : prefix - 64);
  }
  constexpr uint64_t kField = (kKeyOfIpv4<kWords> ? uint64_t{0x3f} : uint64_t{0xff}) << kPrefixShift<kWords>;
  key[0] = (key[0] & ~kField) | static_cast<uint64_t>(prefix + 1) << kPrefixShift<kWords>;
}

// Memory in whole cache lines, and in huge pages where there is much of it: a look-up is to cost one miss, not one of the
// page table as well.
template <typename T>
struct LineAllocator {
  using value_type = T;
  LineAllocator() = default;
  template <typename U>
  LineAllocator(const LineAllocator<U>&) {}
  T* allocate(size_t count) {
    constexpr size_t kLine = 64, kHugePage = size_t{1} << 21;
    const size_t size = count * sizeof(T), unit = size >= kHugePage ? kHugePage : kLine;
    const size_t whole = (size + unit - 1) / unit * unit;
    void* const memory = std::aligned_alloc(unit, whole);
    if (memory == nullptr) throw std::bad_alloc();
    if (unit == kHugePage) ::madvise(memory, whole, MADV_HUGEPAGE);
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, size_t) { std::free(memory); }
  template <typename U>
  bool operator==(const LineAllocator<U>&) const {
    return true;
  }
};

// Linear probing over a power of two of slots, at most half of them full. Keys begin at the first slot of a cache line, so
// that nearly always one line says all, and it is compared without a branch on what is found.
template <size_t kWords>
class KeyTable {
 public:
  static constexpr size_t kAbsent = ~size_t{0};

  // Room for `elements`; `seed` keeps whoever chooses addresses from choosing slots.
  void reserve(size_t elements, uint64_t seed) {
    size_t capacity = 8;
    while (capacity < 2 * elements) capacity *= 2;
    slots_.assign(capacity, {});
    mask_ = capacity - 1;
    seed_ = seed;
  }
  [[nodiscard]] size_t capacity() const { return slots_.size(); }
  [[nodiscard]] bool used(size_t at) const { return slots_[at][0] != 0; }
  [[nodiscard]] const Key<kWords>& key(size_t at) const { return slots_[at]; }
  [[nodiscard]] bool nomatch(size_t at) const { return (slots_[at][0] & kNomatchBit) != 0; }
  void set_nomatch(size_t at, bool nomatch) { slots_[at][0] = (slots_[at][0] & ~kNomatchBit) | (nomatch ? kNomatchBit : 0); }

  [[nodiscard]] size_t find(const Key<kWords>& key) const {
    for (size_t line = place(key);; line = (line + kLineSlots) & mask_) {
      size_t found = kAbsent;
      bool full = true;
#pragma GCC unroll 8
      for (size_t i = 0; i < kLineSlots; ++i) {
        const Key<kWords>& slot = slots_[line + i];
        found = same(slot, key) ? line + i : found;
        full &= slot[0] != 0;
      }
      if (found != kAbsent || !full) return found;
    }
  }

  // A key that is not there yet; the caller keeps the number below what was reserved.
  size_t insert(const Key<kWords>& key) {
    size_t at = place(key);
    while (slots_[at][0] != 0) at = (at + 1) & mask_;
    slots_[at] = key;
    return at;
  }

  // Closes the gap: moved(from, to) is told what else has to move.
  template <typename Moved>
  void erase(size_t gap, Moved moved) {
    for (size_t at = (gap + 1) & mask_; slots_[at][0] != 0; at = (at + 1) & mask_) {
      const size_t home = place(slots_[at]);
      if (((at - home) & mask_) < ((at - gap) & mask_)) continue;  // its home lies behind the gap
      slots_[gap] = slots_[at];
      moved(at, gap);
      gap = at;
    }
    slots_[gap] = {};
  }

 private:
  static constexpr size_t kLineSlots = kWords == 1 ? 8 : kWords == 2 ? 4 : 1;

  static bool same(const Key<kWords>& slot, const Key<kWords>& key) {
    uint64_t difference = (slot[0] ^ key[0]) & ~kNomatchBit;
    for (unsigned i = 1; i < kWords; ++i) difference |= slot[i] ^ key[i];
    return difference == 0;
  }
  [[nodiscard]] size_t place(const Key<kWords>& key) const {
    uint64_t hash = seed_ ^ (key[0] & ~kNomatchBit);
    for (unsigned i = 0;;) {
      hash *= 0x9e3779b97f4a7c15;
      hash ^= hash >> 32;
      if (++i == kWords) break;
      hash ^= key[i];
    }
    return (hash * 0xd6e8feb86659fd93 >> 32) & mask_ & ~(kLineSlots - 1);
  }

  std::vector<Key<kWords>, LineAllocator<Key<kWords>>> slots_;
  size_t mask_ = 0;
  uint64_t seed_ = 0;
};

// The prefix lengths that a set's nets have, from the longest.
class Prefixes {
 public:
  void add(unsigned prefix) {
    if (counts_[prefix]++ != 0) return;
    unsigned at = size_++;
    for (; at != 0 && lengths_[at - 1] < prefix; --at) lengths_[at] = lengths_[at - 1];
    lengths_[at] = static_cast<uint8_t>(prefix);
  }
  void remove(unsigned prefix) {
    if (--counts_[prefix] != 0) return;
    unsigned at = 0;
    while (lengths_[at] != prefix) ++at;
    for (--size_; at < size_; ++at) lengths_[at] = lengths_[at + 1];
  }
  [[nodiscard]] unsigned size() const { return size_; }
  [[nodiscard]] unsigned operator[](unsigned at) const { return lengths_[at]; }
  // What an element that a packet adds or removes is cut to.
  [[nodiscard]] unsigned longest_or(unsigned host) const { return size_ == 0 ? host : lengths_[0]; }

 private:
  std::array<uint8_t, 129> lengths_{};
  std::array<uint32_t, 129> counts_{};
  unsigned size_ = 0;
};

}  // namespace hookline::ipset
