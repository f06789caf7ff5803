// ipset/sets.h: ip sets at run time: a packet asked for, an element added or taken away, as the kernel does it.
//
// A Sets object holds every set of one snapshot and answers in a look-up or, for nets, in one a prefix length that is there.
// What it answers is the kernel's: longest prefix first, `nomatch`, expired elements absent, counters that move on a hit.
// Sets that nothing changes are built once and shared by all Sets objects of a Contents (SharedSets), so that a worker
// more costs no second million of elements; the others each have their own copy.
// Nothing is allocated after the start: what SET may add has its room reserved.
// Source: kernel net/netfilter/ipset/ip_set_core.c, ip_set_hash_gen.h, ip_set_bitmap_gen.h, ip_set_list_set.c.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ipset/contents.h"
#include "packet/packet.h"

namespace hookline::ipset {

// Elements that SET can add to one set at most; a set that takes more is refused where a rule adds to it.
inline constexpr uint32_t kMostAdded = 1U << 20;

struct CounterTest {
  uint64_t value = 0;
  uint8_t op = 0;  // IPSET_COUNTER_*
  [[nodiscard]] bool holds(uint64_t counter) const;
};

struct Skbinfo {
  uint32_t mark = 0, mask = 0, priority = 0;
  uint16_t queue = 0;
};

// What a rule asks of a set for a packet. Kernel: struct ip_set_adt_opt.
struct Ask {
  const Packet& packet;
  uint8_t dimensions;             // options src and dst of the rule
  uint8_t sources;                // bit n: option n, from 1, is src
  uint32_t flags = 0;             // IPSET_FLAG_* of enum ipset_cmd_flags
  uint64_t now = 0;               // from Sets::now()
  uint32_t timeout = UINT32_MAX;  // seconds, of an element that is added; UINT32_MAX: the set's own
  CounterTest packets = {}, bytes = {};
  Skbinfo skbinfo = {};  // of the element that matched

  [[nodiscard]] bool source(unsigned dimension) const { return (sources >> dimension & 1) != 0; }
};

class Set {
 public:
  explicit Set(const Header& header) : header_(header) {}
  Set(const Set&) = delete;
  Set& operator=(const Set&) = delete;
  virtual ~Set() = default;

  // Kernel: ip_set_test(), ip_set_add(), ip_set_del(). The last two say whether it was done.
  bool test(Ask& ask);
  bool add(Ask& ask);
  bool remove(Ask& ask);

  [[nodiscard]] const Header& header() const { return header_; }

 protected:
  enum class Hit : uint8_t {
    kNone,
    kYes,
    kNomatch,   // the element that decides is a `nomatch` one
    kComplete,  // an element that takes the rest of it, a MAC address, from the packet
  };
  virtual Hit do_test(Ask& ask) = 0;
  virtual bool do_add(Ask& ask) = 0;
  virtual bool do_remove(Ask& ask) = 0;

 private:
  [[nodiscard]] bool takes(const Ask& ask) const;
  const Header header_;
};

// Why a set cannot be asked as the kernel would.
enum class Refusal : uint8_t {
  kNone,
  kType,     // a type that is not evaluated
  kDamaged,  // attributes or elements that no kernel makes
  kForceadd,
  kTooMany,
};
std::string_view refusal_text(Refusal refusal);

// How the rules of a snapshot use one set.
struct Uses {
  bool changes = false;  // SET adds to it, takes from it, or a list:set that holds it
  bool compares_counters = false;
};

// The sets of one snapshot, decoded; and those that nothing changes, ready to be asked.
class SharedSets {
 public:
  // `uses` stands beside `sets`.
  SharedSets(const std::vector<RawSet>& sets, std::vector<Uses> uses, uint32_t hz);
  ~SharedSets();

  // The set that a rule names by a number; empty: there is none.
  [[nodiscard]] std::string_view name_of(uint16_t index) const;
  [[nodiscard]] Refusal refusal(std::string_view name) const;
  // Whether asking the set leaves no trace and its answer depends on the packet alone.
  [[nodiscard]] bool constant(std::string_view name) const;
  // Whether it depends on the time.
  [[nodiscard]] bool timed(std::string_view name) const;

 private:
  friend class Sets;
  struct Entry;
  [[nodiscard]] const Entry* find(std::string_view name) const;
  void prepare(Entry& entry, const RawSet& raw, const Uses& uses);
  std::vector<Entry> entries_;
  uint32_t hz_;
};

class Sets {
 public:
  // Null: no sets at all.
  explicit Sets(std::shared_ptr<const SharedSets> shared);
  Sets(Sets&&) noexcept = default;
  Sets& operator=(Sets&&) noexcept = default;
  ~Sets();

  // Null: there is none of that name, or none that can be asked; with `changes`, or none that may be changed.
  [[nodiscard]] Set* find(std::string_view name, bool changes) const;
  // The jiffies that sets count in, at a packet's time. They begin with the first packet that is asked for: elements are
  // then as old as they were stored.
  uint64_t now(const Packet& packet);

 private:
  struct Named {
    std::string name;
    Set* set;
    bool changes;
  };
  std::shared_ptr<const SharedSets> shared_;
  std::vector<std::unique_ptr<Set>> own_;
  std::vector<Named> named_;
  uint64_t first_ = 0;
  bool begun_ = false;
};

}  // namespace hookline::ipset
