// xt/recent.cpp: match `recent`, both families, revisions 0 and 1: lists of addresses with the times at which they were
// seen.
//
// A list belongs to its name: rules of all tables and of both families that say the same name share it. The rule that is
// loaded first decides the mask, the greatest hit count how many times an entry keeps, in a ring. A full list forgets the
// entry that was touched longest ago. How many entries fit is a parameter of the kernel's module, taken as its default.
// Source: kernel xt_recent.c, recent_mt(), recent_mt_check(); UAPI linux/netfilter/xt_recent.h.
#include <arpa/inet.h>
#include <fmt/core.h>
#include <linux/netfilter/xt_recent.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

#include "world/reserved.h"
#include "world/world.h"
#include "xt/extension.h"
#include "xt/ipv6_headers.h"
#include "xt/jiffies.h"
#include "xt/proc_name.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint32_t kMaxStamps = 65536;  // XT_RECENT_MAX_NSTAMPS
constexpr uint32_t kUsualStamps = 32;   // where the rule does not say how many
constexpr uint32_t kMostEntries = 100;  // ip_list_tot, where the module was loaded without parameters
constexpr uint8_t kWays = XT_RECENT_CHECK | XT_RECENT_SET | XT_RECENT_UPDATE | XT_RECENT_REMOVE;

using Words = std::array<uint32_t, 4>;  // an address as on the wire; IPv4: word 0

struct Recent {
  uint32_t seconds, hits, hz;
  uint8_t what, invert, destination;
  char name[XT_RECENT_NAME_LEN];
  Words mask;

  [[nodiscard]] bool valid() const {
    return hz != 0 && is_proc_name(name, sizeof name) && std::popcount(static_cast<uint8_t>(what & kWays)) == 1 &&
           hits < kMaxStamps;
  }
  [[nodiscard]] std::string object() const { return "recent " + std::string(text_in(name, sizeof name)); }
};

struct Entry {
  Words address;
  Family family;
  uint8_t ttl;
  uint16_t index;  // one behind the newest stamp
  uint16_t stamps;
  uint32_t older, newer;   // touched before and after this one
  uint32_t before, after;  // in its bucket, oldest first
};

class List {
 public:
  List(const Words& mask, uint32_t capacity)
      : mask_(mask), capacity_(capacity), buckets_(std::bit_ceil(capacity) * 2), entries_(capacity) {}

  // A greater ring empties the list, which rules do only before there are packets.
  void keep(uint32_t stamps) {
    if (stamps <= ring_) return;
    ring_ = stamps;
    stamps_ = Reserved<uint64_t>(size_t{capacity_} * ring_);
  }

  [[nodiscard]] Words masked(const Words& address) const {
    Words result;
    for (size_t i = 0; i < result.size(); ++i) result[i] = address[i] & mask_[i];
    return result;
  }

  // Null: not in the list. A TTL of 0 fits any, on both sides.
  Entry* find(const Words& address, Family family, uint8_t ttl) {
    for (uint32_t at = buckets_[bucket_of(address)].first; at != 0; at = entries_[at - 1].after) {
      Entry& entry = entries_[at - 1];
      if (entry.family == family && entry.address == address && (ttl == entry.ttl || ttl == 0 || entry.ttl == 0))
        return &entry;
    }
    return nullptr;
  }

  void add(const Words& address, Family family, uint8_t ttl, uint64_t now) {
    if (count_ >= capacity_) remove(entries_[oldest_ - 1]);
    uint32_t number = free_;
    if (number != 0) {
      free_ = entries_[number - 1].after;
    } else {
      number = ++used_;
    }
    Entry& entry = entries_[number - 1];
    entry = Entry{address, family, ttl, 1, 1, newest_, 0, 0, 0};
    stamp_of(number, 0) = now;
    (newest_ != 0 ? entries_[newest_ - 1].newer : oldest_) = number;
    newest_ = number;
    Bucket& bucket = buckets_[bucket_of(address)];
    entry.before = bucket.last;
    (bucket.last != 0 ? entries_[bucket.last - 1].after : bucket.first) = number;
    bucket.last = number;
    ++count_;
  }

  void remove(Entry& entry) {
    const uint32_t number = number_of(entry);
    Bucket& bucket = buckets_[bucket_of(entry.address)];
    (entry.before != 0 ? entries_[entry.before - 1].after : bucket.first) = entry.after;
    (entry.after != 0 ? entries_[entry.after - 1].before : bucket.last) = entry.before;
    forget_age(entry);
    entry.after = free_;
    free_ = number;
    --count_;
  }

  void touch(Entry& entry, uint8_t ttl, uint64_t now) {
    const uint32_t number = number_of(entry);
    entry.index = static_cast<uint16_t>(entry.index & (ring_ - 1));
    stamp_of(number, entry.index) = now;
    ++entry.index;
    entry.stamps = std::max(entry.stamps, entry.index);
    entry.ttl = ttl;
    if (newest_ == number) return;
    forget_age(entry);
    entry.older = newest_;
    entry.newer = 0;
    entries_[newest_ - 1].newer = number;
    newest_ = number;
  }

  [[nodiscard]] uint64_t& stamp(const Entry& entry, uint32_t i) { return stamp_of(number_of(entry), i); }

  // The entry that was touched longest ago.
  [[nodiscard]] Entry& oldest() { return entries_[oldest_ - 1]; }
  // Its stamp before the index is its newest one; a ring of 65536 has turned just now where the index is 0 again.
  [[nodiscard]] uint64_t newest_stamp(const Entry& entry) {
    return stamp_of(number_of(entry), static_cast<uint16_t>(entry.index - 1) & (ring_ - 1));
  }

 private:
  struct Bucket {
    uint32_t first, last;  // numbers from 1; 0: none
  };

  [[nodiscard]] uint32_t number_of(const Entry& entry) const { return static_cast<uint32_t>(&entry - &entries_[0]) + 1; }
  uint64_t& stamp_of(uint32_t number, uint32_t i) { return stamps_[size_t{number - 1} * ring_ + i]; }
  [[nodiscard]] size_t bucket_of(const Words& address) const {
    uint64_t hash = 0;
    for (const uint32_t word : address) hash = std::rotl((hash ^ word) * 0x9e3779b185ebca87, 29);
    return hash & (buckets_.size() - 1);
  }
  void forget_age(const Entry& entry) {
    (entry.older != 0 ? entries_[entry.older - 1].newer : oldest_) = entry.newer;
    (entry.newer != 0 ? entries_[entry.newer - 1].older : newest_) = entry.older;
  }

  Words mask_;
  uint32_t capacity_;
  uint32_t ring_ = 0;  // a power of 2
  uint32_t count_ = 0, used_ = 0;
  uint32_t oldest_ = 0, newest_ = 0, free_ = 0;  // numbers from 1
  Reserved<Bucket> buckets_;
  Reserved<Entry> entries_;
  Reserved<uint64_t> stamps_;
};

struct Handle {
  List* list;
};

template <typename Info>
Decoded<Recent> decode_as(Bytes data, const DecodeContext& context) {
  const auto info = read_at<Info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(Info)));
  Recent m{};
  m.seconds = info->seconds;
  m.hits = info->hit_count;
  m.hz = context.timekeeping.hz;
  m.what = info->check_set;
  m.invert = info->invert;
  m.destination = info->side;
  std::memcpy(m.name, info->name, sizeof m.name);
  if constexpr (requires { info->mask; }) {
    std::memcpy(m.mask.data(), &info->mask, sizeof m.mask);
  } else {
    m.mask.fill(0xffffffff);
  }
  if ((m.what & ~XT_RECENT_VALID_FLAGS) != 0 || std::popcount(static_cast<uint8_t>(m.what & kWays)) != 1)
    return refuse(fmt::format("operation bits {:#x}", m.what), "one of set, check, update, remove");
  const bool is_plain = m.seconds == 0 && m.hits == 0 && (m.what & XT_RECENT_MODIFIERS) == 0;
  if ((m.what & (XT_RECENT_SET | XT_RECENT_REMOVE)) != 0 && !is_plain)
    return refuse("set or remove with a condition", "none");
  if ((m.what & XT_RECENT_REAP) != 0 && m.seconds == 0) return refuse("reap without seconds", "seconds above 0");
  if (m.hits >= kMaxStamps) return refuse(fmt::format("hit count {}", m.hits), fmt::format("below {}", kMaxStamps));
  if (!is_proc_name(m.name, sizeof m.name)) return refuse("a list name", "1 to 199 bytes, without a slash");
  return m;
}

void print(const Recent& m, TextOut& out) {
  if (m.invert != 0) out.add(" !");
  if ((m.what & XT_RECENT_SET) != 0) out.add(" --set");
  if ((m.what & XT_RECENT_CHECK) != 0) out.add(" --rcheck");
  if ((m.what & XT_RECENT_UPDATE) != 0) out.add(" --update");
  if ((m.what & XT_RECENT_REMOVE) != 0) out.add(" --remove");
  if (m.seconds != 0) out.add(fmt::format(" --seconds {}", static_cast<int32_t>(m.seconds)));
  if ((m.what & XT_RECENT_REAP) != 0) out.add(" --reap");
  if (m.hits != 0) out.add(fmt::format(" --hitcount {}", m.hits));
  if ((m.what & XT_RECENT_TTL) != 0) out.add(" --rttl");
  out.add(fmt::format(" --name {}", text_in(m.name, sizeof m.name)));
  char mask[INET6_ADDRSTRLEN];
  ::inet_ntop(out.family() == Family::kIpv4 ? AF_INET : AF_INET6, m.mask.data(), mask, sizeof mask);
  out.add(fmt::format(" --mask {}", mask));
  if (m.destination == XT_RECENT_SOURCE) out.add(" --rsource");
  if (m.destination == XT_RECENT_DEST) out.add(" --rdest");
}

Handle start(const Recent& m, World& world) {
  List& list = world.object<List>("recent", text_in(m.name, sizeof m.name), [&] { return List(m.mask, kMostEntries); });
  list.keep(m.hits != 0 ? std::bit_ceil(m.hits) : kUsualStamps);
  return {&list};
}

Answer evaluate(const Recent& m, Handle& handle, const MatchContext& context) {
  const Packet& packet = context.packet;
  const bool ipv4 = packet.family == Family::kIpv4;
  const uint8_t* header = context.bytes(0, ipv4 ? 20 : 40);
  if (header == nullptr) return Answer::kNo;  // never the case: the walk has looked at it
  Words address{};
  const size_t size = ipv4 ? 4 : 16;
  const bool destination = m.destination == XT_RECENT_DEST;
  std::memcpy(address.data(), header + (ipv4 ? 12 : 8) + (destination ? size : 0), size);
  uint8_t ttl = header[ipv4 ? 8 : 7];
  // Of a packet on its way through: as it was before this host took one off.
  const bool leaves = context.hook != Hook::kPrerouting && context.hook != Hook::kInput;
  if (leaves && packet.sender == nullptr) ++ttl;

  List& list = *handle.list;
  const uint64_t now = jiffies_at(packet.time_ns, m.hz);
  address = list.masked(address);
  Entry* const entry = list.find(address, packet.family, (m.what & XT_RECENT_TTL) != 0 ? ttl : uint8_t{0});
  bool holds = m.invert != 0;
  if (entry == nullptr) {
    if ((m.what & XT_RECENT_SET) == 0) return answer(holds);
    list.add(address, packet.family, ttl, now);
    return answer(!holds);
  }
  if ((m.what & XT_RECENT_SET) != 0) {
    list.touch(*entry, ttl, now);
    return answer(!holds);
  }
  if ((m.what & XT_RECENT_REMOVE) != 0) {
    list.remove(*entry);
    return answer(!holds);
  }
  // The kernel's product is one of 32 bits, its comparison one of differences.
  const uint64_t since = now - m.seconds * m.hz;
  const auto is_before = [since](uint64_t stamp) { return static_cast<int64_t>(stamp - since) < 0; };
  uint32_t hits = 0;
  for (uint32_t i = 0; i < entry->stamps; ++i) {
    if (m.seconds != 0 && is_before(list.stamp(*entry, i))) continue;
    if (m.hits == 0 || ++hits >= m.hits) {
      holds = !holds;
      break;
    }
  }
  const bool updates = (m.what & XT_RECENT_UPDATE) != 0 && holds;
  if ((m.what & XT_RECENT_REAP) != 0) {
    Entry& oldest = list.oldest();
    if (!(&oldest == entry && updates) && is_before(list.newest_stamp(oldest))) list.remove(oldest);
  }
  if (updates) list.touch(*entry, ttl, now);
  return answer(holds);
}

Lowered lower(const Recent&, Family) { return evaluated(); }

template <typename Info>
constexpr MatchType recent_type(uint8_t revision) {
  return timed(stateful_match_type<Recent, Handle, decode_as<Info>, print, start, evaluate, lower>(
      {"recent", revision, kBothFamilies, sizeof(Info)}));
}

}  // namespace

constexpr MatchType kRecent0Match = recent_type<xt_recent_mtinfo>(0);
constexpr MatchType kRecent1Match = recent_type<xt_recent_mtinfo_v1>(1);

}  // namespace hookline::xt
