#include "ipset/sets.h"

#include <linux/netfilter/ipset/ip_set.h>
#include <sys/socket.h>

#include <algorithm>
#include <random>
#include <utility>

#include "ipset/extensions.h"
#include "ipset/kinds.h"

namespace hookline::ipset {
namespace {

uint64_t random_seed() {
  std::random_device device;
  return uint64_t{device()} << 32 | device();
}

// Whether some element takes its MAC address from the first packet that asks for it.
bool has_incomplete_element(const RawSet& set) {
  ElementReader reader(set);
  for (Element element; reader.next(element);)
    if (!element.has_mac) return true;
  return false;
}

std::unique_ptr<Set> build(const RawSet& set, const Header& header, const BuildOptions& options,
                           std::span<Set* const> members) {
  switch (header.facts->kind) {
    case Kind::kBitmapIp:
    case Kind::kBitmapIpMac:
    case Kind::kBitmapPort:
      return make_bitmap_set(set, header, options);
    case Kind::kHashNetIface:
      return make_net_iface_set(set, header, options);
    case Kind::kListSet:
      return make_list_set(set, header, options, members);
    default:
      return make_hash_set(set, header, options);
  }
}

}  // namespace

std::string_view refusal_text(Refusal refusal) {
  switch (refusal) {
    case Refusal::kNone:
      return "";
    case Refusal::kType:
      return "is of a type that is not evaluated";
    case Refusal::kDamaged:
      return "has attributes or elements that no kernel makes";
    case Refusal::kForceadd:
      return "has forceadd, where the kernel's own hash decides which element an added one replaces";
    case Refusal::kTooMany:
      return "may have more elements added to it than room is kept for";
  }
  return "";
}

bool CounterTest::holds(uint64_t counter) const {
  switch (op) {
    case IPSET_COUNTER_NONE:
      return true;
    case IPSET_COUNTER_EQ:
      return counter == value;
    case IPSET_COUNTER_NE:
      return counter != value;
    case IPSET_COUNTER_LT:
      return counter < value;
    case IPSET_COUNTER_GT:
      return counter > value;
    default:
      return false;
  }
}

bool Set::takes(const Ask& ask) const {
  if (ask.dimensions < header_.facts->dimensions) return false;
  return header_.family == AF_UNSPEC || header_.family == (ask.packet.family == Family::kIpv4 ? AF_INET : AF_INET6);
}

bool Set::test(Ask& ask) {
  if (!takes(ask)) return false;
  const Hit hit = do_test(ask);
  if (hit == Hit::kComplete) {
    do_add(ask);
    return true;
  }
  // Nothing branches on whether there was a hit: the next packet's look-up need not wait for this one's memory.
  const bool nomatch_counts = header_.facts->nets && (ask.flags & IPSET_FLAG_RETURN_NOMATCH) != 0;
  return hit == (nomatch_counts ? Hit::kNomatch : Hit::kYes);
}

bool Set::add(Ask& ask) { return takes(ask) && do_add(ask); }
bool Set::remove(Ask& ask) { return takes(ask) && do_remove(ask); }

struct SharedSets::Entry {
  uint16_t index = 0;
  std::string name;
  Refusal refusal = Refusal::kNone;
  std::optional<Header> header;
  BuildOptions options;
  bool constant = false, timed = false;
  std::vector<size_t> members;    // list:set: places in entries_
  RawSet raw;                     // of a set that is not constant
  std::shared_ptr<Set> prepared;  // of one that is
};

SharedSets::SharedSets(const std::vector<RawSet>& sets, std::vector<Uses> uses, uint32_t hz)
    : entries_(sets.size()), hz_(hz) {
  // Lists last: they are made of the others.
  std::vector<size_t> order;
  for (const bool lists : {false, true})
    for (size_t i = 0; i < sets.size(); ++i)
      if ((sets[i].type == "list:set") == lists) order.push_back(i);
  for (size_t i = 0; i < sets.size(); ++i) {
    Entry& entry = entries_[i];
    entry.index = sets[i].index;
    entry.name = sets[i].name;
    entry.header = decode_header(sets[i]);
    if (!entry.header) entry.refusal = kind_facts(sets[i].type) == nullptr ? Refusal::kType : Refusal::kDamaged;
    for (const std::string& member : members_of(sets[i])) {
      const auto found = std::ranges::find(sets, member, &RawSet::name);
      if (found == sets.end() || found->type == "list:set") {
        entry.refusal = Refusal::kDamaged;
        continue;
      }
      entry.members.push_back(static_cast<size_t>(found - sets.begin()));
      uses[entry.members.back()].changes |= uses[i].changes;
    }
  }
  for (const size_t i : order) prepare(entries_[i], sets[i], uses[i]);
}

SharedSets::~SharedSets() = default;

// What a list is made of has been prepared before.
void SharedSets::prepare(Entry& entry, const RawSet& raw, const Uses& uses) {
  if (entry.refusal != Refusal::kNone) return;
  const Header& header = *entry.header;
  const bool list = header.facts->kind == Kind::kListSet;
  entry.options = {uses.changes, uses.compares_counters, hz_, random_seed()};
  if (uses.changes && header.forceadd) entry.refusal = Refusal::kForceadd;
  if (uses.changes && header.max_elements > kMostAdded) entry.refusal = Refusal::kTooMany;
  entry.timed = header.with_timeout;
  entry.constant = !header.with_timeout && !(header.with_counters && uses.compares_counters) && (list || !uses.changes) &&
                   !(header.facts->kind == Kind::kBitmapIpMac && has_incomplete_element(raw));
  std::vector<Set*> members;
  for (const size_t member : entry.members) {
    const Entry& other = entries_[member];
    if (other.refusal != Refusal::kNone) entry.refusal = other.refusal;
    entry.constant = entry.constant && other.constant;
    entry.timed = entry.timed || other.timed;
    members.push_back(other.prepared.get());
  }
  if (entry.refusal != Refusal::kNone) return;
  entry.prepared = build(raw, header, entry.options, members);
  if (!entry.prepared) entry.refusal = Refusal::kDamaged;
  if (entry.constant) return;
  entry.prepared.reset();  // every Sets has its own
  entry.raw = raw;
}

const SharedSets::Entry* SharedSets::find(std::string_view name) const {
  const auto found = std::ranges::find(entries_, name, &Entry::name);
  return found == entries_.end() ? nullptr : &*found;
}

std::string_view SharedSets::name_of(uint16_t index) const {
  const auto found = std::ranges::find(entries_, index, &Entry::index);
  return found == entries_.end() ? std::string_view{} : std::string_view(found->name);
}
Refusal SharedSets::refusal(std::string_view name) const {
  const Entry* entry = find(name);
  return entry == nullptr ? Refusal::kDamaged : entry->refusal;
}
bool SharedSets::constant(std::string_view name) const {
  const Entry* entry = find(name);
  return entry != nullptr && entry->constant;
}
bool SharedSets::timed(std::string_view name) const {
  const Entry* entry = find(name);
  return entry != nullptr && entry->timed;
}

Sets::Sets(std::shared_ptr<const SharedSets> shared) : shared_(std::move(shared)) {
  if (shared_ == nullptr) return;
  std::vector<Set*> made(shared_->entries_.size());
  for (const bool lists : {false, true})
    for (size_t i = 0; i < made.size(); ++i) {
      const SharedSets::Entry& entry = shared_->entries_[i];
      if (entry.refusal != Refusal::kNone || (entry.header->facts->kind == Kind::kListSet) != lists) continue;
      if (entry.constant) {
        made[i] = entry.prepared.get();
        continue;
      }
      std::vector<Set*> members;
      for (const size_t member : entry.members) members.push_back(made[member]);
      own_.push_back(build(entry.raw, *entry.header, entry.options, members));
      made[i] = own_.back().get();
    }
  for (size_t i = 0; i < made.size(); ++i) {
    const SharedSets::Entry& entry = shared_->entries_[i];
    if (made[i] != nullptr) named_.push_back({entry.name, made[i], entry.options.changes});
  }
}

Sets::~Sets() = default;

Set* Sets::find(std::string_view name, bool changes) const {
  const auto found = std::ranges::find(named_, name, &Named::name);
  return found == named_.end() || (changes && !found->changes) ? nullptr : found->set;
}

uint64_t Sets::now(const Packet& packet) {
  if (shared_ == nullptr) return kStart;
  constexpr uint64_t kSecondNs = 1'000'000'000;
  const uint64_t hz = shared_->hz_;
  const uint64_t jiffies = packet.time_ns / kSecondNs * hz + packet.time_ns % kSecondNs * hz / kSecondNs;
  if (!begun_) {
    begun_ = true;
    first_ = jiffies;
  }
  return kStart + (jiffies - first_);
}

}  // namespace hookline::ipset
