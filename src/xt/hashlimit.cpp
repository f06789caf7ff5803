// xt/hashlimit.cpp: match `hashlimit`, revisions 1 to 3: one bucket for each source, destination, port or what of them is
// said.
//
// A table of buckets belongs to its name and family: rules of all tables that say the same name share it, and the rule that
// is loaded first decides everything but the inversion, the unit (packets or bytes) and whether rates are compared. Credit
// is 64-bit arithmetic on jiffies that wraps as the kernel's does; revision 1 counts in other units, also in a table that a
// rule of another revision has made. A bucket's fields are a union of the two ways of counting, as in the kernel.
//
// Buckets are swept when nobody has asked for them for some time. The kernel sweeps in a work item of its own, at its
// leisure; here it is at every multiple of the interval since the first packet.
// Source: kernel xt_hashlimit.c, hashlimit_mt_common(), hashlimit_mt_check_common(); UAPI linux/netfilter/xt_hashlimit.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_hashlimit.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <optional>
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

constexpr uint32_t kModes = XT_HASHLIMIT_HASH_DIP | XT_HASHLIMIT_HASH_DPT | XT_HASHLIMIT_HASH_SIP | XT_HASHLIMIT_HASH_SPT |
                            XT_HASHLIMIT_INVERT | XT_HASHLIMIT_BYTES | XT_HASHLIMIT_RATE_MATCH;
constexpr uint32_t kMostBuckets = 1048576;  // HASHLIMIT_MAX_SIZE
constexpr uint32_t kUsualBuckets = 8192;    // of a kernel with more than 1 GB of memory
constexpr uint32_t kUsualSweepMs = 1000;
constexpr uint32_t kByteExpireMs = 15000, kByteBurstExpireMs = 60000;  // what iptables takes

struct Hashlimit {
  uint64_t average, burst;
  uint32_t mode, buckets, most, sweep_ms, expire_ms, interval;
  uint32_t hz;
  uint8_t source_mask, destination_mask;
  uint8_t revision;
  uint8_t ipv6;
  char name[NAME_MAX + 1];

  [[nodiscard]] bool valid() const {
    const unsigned bits = ipv6 != 0 ? 128 : 32;
    return hz != 0 && is_proc_name(name, sizeof name) && source_mask <= bits && destination_mask <= bits && sweep_ms != 0 &&
           buckets <= kMostBuckets && most <= kMostBuckets;
  }
  [[nodiscard]] bool has(uint32_t bit) const { return (mode & bit) != 0; }
  [[nodiscard]] std::string object() const {
    return std::string(ipv6 != 0 ? "hashlimit6 " : "hashlimit ") + std::string(text_in(name, sizeof name));
  }
  [[nodiscard]] std::string refused() const {
    if (has(XT_HASHLIMIT_RATE_MATCH) && revision < 3)
      return "comparing rates is new in revision 3: of older ones the kernel compares what memory held";
    return "";
  }
};

// ---- the kernel's units --------------------------------------------------------------------------------------------

struct Units {
  uint64_t second;     // jiffies
  uint64_t per_jiffy;  // credits, packets
  uint64_t scale;      // rates are this over packets a second
};

Units units_of(uint8_t revision, uint32_t hz) {
  constexpr uint64_t kDay = 60 * 60 * 24;
  if (revision == 1) return {hz, std::bit_floor(uint64_t{UINT32_MAX} / (hz * kDay)), XT_HASHLIMIT_SCALE};
  return {hz, std::bit_floor(UINT64_MAX / (hz * kDay)), XT_HASHLIMIT_SCALE_v2};
}

uint64_t credits_of(uint64_t time, const Units& units) {
  const uint64_t second = units.second * units.per_jiffy;
  return units.scale >= second ? time / (units.scale / second) : time * (second / units.scale);
}

uint64_t byte_credits_per_jiffy(uint32_t hz) { return std::bit_floor(UINT32_MAX / hz); }
uint64_t byte_credits_per_second(uint32_t hz) { return byte_credits_per_jiffy(hz) * hz; }
uint32_t byte_cost_of(uint64_t average, uint32_t hz) {
  return static_cast<uint32_t>((average & UINT32_MAX) * byte_credits_per_second(hz) >> 32);
}
uint64_t bytes_of_rate(uint32_t average) {
  const uint64_t chunks = average != 0 ? UINT32_MAX / average : UINT32_MAX;
  return (chunks - 1) << XT_HASHLIMIT_BYTE_SHIFT;
}

// ---- buckets -------------------------------------------------------------------------------------------------------

struct Key {
  std::array<uint32_t, 4> source, destination;  // as on the wire; IPv4: word 0
  uint16_t source_port, destination_port;       // likewise
  bool operator==(const Key&) const = default;
};

struct Bucket {
  Key key;
  uint32_t next;            // in its chain
  uint32_t older, newer;    // asked before and after this one
  uint64_t expires, asked;  // jiffies
  // Counting credit, or comparing rates.
  uint64_t credit_or_window;  // window: seconds, and in the high half whether the last one was over the rate
  uint64_t cap_or_current;
  uint64_t cost_or_rate;
  uint64_t burst;

  [[nodiscard]] uint32_t window() const { return static_cast<uint32_t>(credit_or_window); }
  [[nodiscard]] bool was_over() const { return credit_or_window >> 32 != 0; }
};

class Buckets {
 public:
  explicit Buckets(const Hashlimit& m) : config_(m) {
    const uint32_t size = m.buckets != 0 ? m.buckets : kUsualBuckets;
    most_ = m.most == 0 ? 8 * size : std::max(m.most, size);
    chains_ = Reserved<uint32_t>(std::bit_ceil(std::min(most_, kMostBuckets)));
    buckets_ = Reserved<Bucket>(most_);
  }

  [[nodiscard]] const Hashlimit& config() const { return config_; }

  // The bucket of a key, found or made, and brought up to date. Null: there are too many.
  Bucket* ask(const Key& key, uint8_t revision, uint64_t now) {
    sweep(now);
    uint32_t& chain = chains_[hash_of(key) & (chains_.size() - 1)];
    uint32_t number = chain;
    while (number != 0 && buckets_[number - 1].key != key) number = buckets_[number - 1].next;
    const bool found = number != 0;
    if (!found) {
      if (count_ >= most_) return nullptr;
      if (free_ != 0) {
        number = free_;
        free_ = buckets_[number - 1].next;
      } else {
        number = ++used_;
      }
      ++count_;
      Bucket& made = buckets_[number - 1];
      made = Bucket{};
      made.key = key;
      made.next = chain;
      chain = number;
      fill(made, revision, now);
    }
    Bucket& bucket = buckets_[number - 1];
    if (found) {
      forget_age(bucket);
      recalculate(bucket, revision, now);
    }
    bucket.expires = now + jiffies_of_ms(config_.expire_ms, config_.hz);
    bucket.older = newest_;
    bucket.newer = 0;
    (newest_ != 0 ? buckets_[newest_ - 1].newer : oldest_) = number;
    newest_ = number;
    return &bucket;
  }

 private:
  static uint64_t hash_of(const Key& key) {
    uint64_t hash = key.source_port | static_cast<uint32_t>(key.destination_port) << 16;
    for (unsigned i = 0; i < 4; ++i)
      hash = std::rotl((hash ^ key.source[i] ^ uint64_t{key.destination[i]} << 32) * 0x9e3779b185ebca87, 29);
    return hash ^ hash >> 32;
  }

  void forget_age(const Bucket& bucket) {
    (bucket.older != 0 ? buckets_[bucket.older - 1].newer : oldest_) = bucket.newer;
    (bucket.newer != 0 ? buckets_[bucket.newer - 1].older : newest_) = bucket.older;
  }

  // All wait equally long, so the one that was asked first expires first.
  void sweep(uint64_t now) {
    if (next_sweep_ == 0) next_sweep_ = now + jiffies_of_ms(config_.sweep_ms, config_.hz);
    if (now < next_sweep_) return;
    const uint64_t interval = jiffies_of_ms(config_.sweep_ms, config_.hz);
    const uint64_t last = now - (now - next_sweep_) % interval;
    next_sweep_ = last + interval;
    while (oldest_ != 0 && buckets_[oldest_ - 1].expires <= last) remove(oldest_);
  }

  void remove(uint32_t number) {
    Bucket& bucket = buckets_[number - 1];
    uint32_t* link = &chains_[hash_of(bucket.key) & (chains_.size() - 1)];
    while (*link != number) link = &buckets_[*link - 1].next;
    *link = bucket.next;
    forget_age(bucket);
    bucket.next = free_;
    free_ = number;
    --count_;
  }

  // Kernel: rateinfo_init().
  void fill(Bucket& bucket, uint8_t revision, uint64_t now) const {
    bucket.asked = now;
    if (revision >= 3 && config_.has(XT_HASHLIMIT_RATE_MATCH)) {
      if (config_.has(XT_HASHLIMIT_BYTES)) {
        bucket.cost_or_rate = bytes_of_rate(static_cast<uint32_t>(config_.average));
        bucket.burst = config_.burst != 0 ? config_.burst * bucket.cost_or_rate : bucket.cost_or_rate;
      } else {
        bucket.cost_or_rate = config_.average != 0 ? XT_HASHLIMIT_SCALE_v2 / config_.average : 0;
        bucket.burst = config_.burst + bucket.cost_or_rate;
      }
      bucket.credit_or_window = config_.interval;
    } else if (config_.has(XT_HASHLIMIT_BYTES)) {
      bucket.credit_or_window = byte_credits_per_second(config_.hz);
      bucket.cost_or_rate = byte_cost_of(config_.average, config_.hz);
      bucket.cap_or_current = config_.burst;
    } else {
      const Units units = units_of(revision, config_.hz);
      bucket.credit_or_window = credits_of(config_.average * config_.burst, units);
      bucket.cost_or_rate = credits_of(config_.average, units);
      bucket.cap_or_current = bucket.credit_or_window;
    }
  }

  // Kernel: rateinfo_recalc().
  void recalculate(Bucket& bucket, uint8_t revision, uint64_t now) const {
    const uint64_t passed = now - bucket.asked;
    if (passed == 0) return;
    if (revision >= 3 && config_.has(XT_HASHLIMIT_RATE_MATCH)) {
      const uint64_t window = bucket.window() * config_.hz;
      if (passed < window) return;
      bucket.asked = now;
      const bool over = bucket.cap_or_current * window > passed * bucket.cost_or_rate;
      bucket.credit_or_window = bucket.window() | static_cast<uint64_t>(over) << 32;
      bucket.cap_or_current = 0;
      return;
    }
    bucket.asked = now;
    uint64_t cap = bucket.cap_or_current;
    if (config_.has(XT_HASHLIMIT_BYTES)) {
      cap = byte_credits_per_second(config_.hz);
      const uint64_t before = bucket.credit_or_window;
      bucket.credit_or_window += byte_credits_per_jiffy(config_.hz) * passed;
      if (before >= bucket.credit_or_window) bucket.credit_or_window = cap;  // more than the type holds
    } else {
      bucket.credit_or_window += passed * units_of(revision, config_.hz).per_jiffy;
    }
    bucket.credit_or_window = std::min(bucket.credit_or_window, cap);
  }

  Hashlimit config_;  // of the rule that was loaded first
  uint32_t most_;
  uint32_t count_ = 0, used_ = 0;
  uint32_t oldest_ = 0, newest_ = 0, free_ = 0;  // numbers from 1
  uint64_t next_sweep_ = 0;                      // 0: no packet yet
  Reserved<uint32_t> chains_;                    // numbers from 1
  Reserved<Bucket> buckets_;
};

struct Handle {
  Buckets* buckets;
};

// ---- the key of a packet -------------------------------------------------------------------------------------------

// Where a protocol has its ports, or what stands in their place. Kernel: proto_ports_offset().
std::optional<uint32_t> ports_at(uint8_t protocol) {
  switch (protocol) {
    case IPPROTO_TCP:
    case IPPROTO_UDP:
    case IPPROTO_DCCP:
    case IPPROTO_ESP:
    case IPPROTO_SCTP:
    case IPPROTO_UDPLITE:
      return 0;
    case IPPROTO_AH:
      return 4;
    default:
      return std::nullopt;
  }
}

void copy_masked(const uint8_t* address, size_t words, unsigned bits, std::array<uint32_t, 4>& out) {
  std::array<uint8_t, 16> masked{};
  for (size_t i = 0; i < words * 4; ++i) {
    const unsigned kept = std::min(bits, 8U);
    masked[i] = static_cast<uint8_t>(address[i] & (0xff00U >> kept));
    bits -= kept;
  }
  std::memcpy(out.data(), masked.data(), sizeof out);
}

// Nothing: the ports do not lie within the packet. Kernel: hashlimit_init_dst().
std::optional<Key> key_of(const Hashlimit& table, const MatchContext& context) {
  const bool ipv4 = context.packet.family == Family::kIpv4;
  const uint8_t* header = context.bytes(0, ipv4 ? 20 : 40);
  if (header == nullptr) return std::nullopt;
  const size_t words = ipv4 ? 1 : 4;
  const uint8_t* source = header + (ipv4 ? 12 : 8);
  Key key{};
  if (table.has(XT_HASHLIMIT_HASH_SIP)) copy_masked(source, words, table.source_mask, key.source);
  if (table.has(XT_HASHLIMIT_HASH_DIP)) copy_masked(source + words * 4, words, table.destination_mask, key.destination);
  if (!table.has(XT_HASHLIMIT_HASH_SPT | XT_HASHLIMIT_HASH_DPT)) return key;
  SkippedTo upper{header[ipv4 ? 9 : 6], context.l4_offset};
  if (!ipv4) {
    const auto found = skip_ipv6_headers(context);
    if (!found) return std::nullopt;
    upper = *found;
  }
  const auto at = ports_at(upper.protocol);
  if (!at) return key;
  const uint8_t* ports = context.bytes(upper.offset + *at, 4);
  if (ports == nullptr) return std::nullopt;
  if (table.has(XT_HASHLIMIT_HASH_SPT)) std::memcpy(&key.source_port, ports, 2);
  if (table.has(XT_HASHLIMIT_HASH_DPT)) std::memcpy(&key.destination_port, ports + 2, 2);
  return key;
}

// ---- the match -----------------------------------------------------------------------------------------------------

template <typename Info, uint8_t revision>
Decoded<Hashlimit> decode(Bytes data, const DecodeContext& context) {
  const auto info = read_at<Info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(Info)));
  Hashlimit m{};
  m.average = info->cfg.avg;
  m.burst = info->cfg.burst;
  m.mode = info->cfg.mode;
  m.buckets = info->cfg.size;
  m.most = info->cfg.max;
  m.sweep_ms = info->cfg.gc_interval;
  m.expire_ms = info->cfg.expire;
  if constexpr (requires { info->cfg.interval; }) m.interval = info->cfg.interval;
  m.hz = context.timekeeping.hz;
  m.source_mask = info->cfg.srcmask;
  m.destination_mask = info->cfg.dstmask;
  m.revision = revision;
  m.ipv6 = context.family == Family::kIpv6 ? 1 : 0;
  if (!is_proc_name(info->name, sizeof info->name)) return refuse("a table name", "a file name that ends within its field");
  std::memcpy(m.name, info->name, sizeof info->name);

  if (m.sweep_ms == 0 || m.expire_ms == 0) return refuse("a time of 0", "gc interval and expiry above 0");
  const unsigned bits = m.ipv6 != 0 ? 128 : 32;
  if (m.source_mask > bits || m.destination_mask > bits)
    return refuse(fmt::format("masks {} and {}", m.source_mask, m.destination_mask), fmt::format("at most {}", bits));
  if ((m.mode & ~kModes) != 0) return refuse(fmt::format("mode {:#x}", m.mode), fmt::format("bits of {:#x}", kModes));
  m.buckets = std::min(m.buckets, kMostBuckets);
  m.most = std::min(m.most, kMostBuckets);
  if (revision >= 3 && m.has(XT_HASHLIMIT_RATE_MATCH)) {
    if (m.average == 0 || m.average > UINT32_MAX) return refuse(fmt::format("rate {}", m.average), "1 to 4294967295");
    if (m.interval == 0) return refuse("interval 0", "above 0");
  } else if (m.has(XT_HASHLIMIT_BYTES)) {
    if (byte_cost_of(m.average, m.hz) == 0) return refuse(fmt::format("rate {}", m.average), "one that costs something");
  } else {
    const Units units = units_of(revision, m.hz);
    if (m.burst == 0 || credits_of(m.average * m.burst, units) < credits_of(m.average, units))
      return refuse(fmt::format("time {} and burst {}", m.average, m.burst), "a burst above 0 whose credits fit");
  }
  return m;
}

// What iptables takes for the expiry, in ms.
uint64_t print_packet_rate(const Hashlimit& m, TextOut& out) {
  struct Unit {
    std::string_view name;
    uint64_t seconds;
  };
  static constexpr std::array<Unit, 4> kUnits = {{{"day", 24 * 60 * 60}, {"hour", 60 * 60}, {"min", 60}, {"sec", 1}}};
  const uint64_t scale = m.revision == 1 ? XT_HASHLIMIT_SCALE : XT_HASHLIMIT_SCALE_v2;
  if (m.average == 0) {
    out.add(" inf");
    return 0;
  }
  size_t next = 1;
  while (next < kUnits.size() && m.average <= kUnits[next].seconds * scale &&
         kUnits[next].seconds * scale / m.average >= kUnits[next].seconds * scale % m.average)
    ++next;
  const Unit& unit = kUnits[next - 1];
  out.add(fmt::format(" {}/{}", unit.seconds * scale / m.average, unit.name));
  return unit.seconds * 1000;
}

uint64_t print_byte_rate(const Hashlimit& m, TextOut& out) {
  struct Unit {
    std::string_view name;
    uint64_t bytes;
  };
  static constexpr std::array<Unit, 3> kUnits = {{{"m", 1024 * 1024}, {"k", 1024}, {"", 1}}};
  const auto cost_of = [](uint64_t bytes) {
    const auto chunks = static_cast<uint32_t>(bytes >> XT_HASHLIMIT_BYTE_SHIFT);
    return chunks != UINT32_MAX ? uint64_t{UINT32_MAX / (chunks + 1)} : 0;
  };
  const uint64_t chunks = m.average != 0 ? UINT32_MAX / m.average : UINT32_MAX;
  uint64_t bytes = (chunks - 1) << XT_HASHLIMIT_BYTE_SHIFT;
  size_t i = 0;
  while (i + 1 < kUnits.size() && !(bytes >= kUnits[i].bytes && cost_of(bytes & ~(kUnits[i].bytes - 1)) == m.average)) ++i;
  out.add(fmt::format(" {}{}b/s", bytes / kUnits[i].bytes, kUnits[i].name));
  if (m.burst == 0) return kByteExpireMs;
  bytes *= m.burst;
  i = 0;
  while (i + 1 < kUnits.size() && bytes < kUnits[i].bytes) ++i;
  out.add(fmt::format(" --hashlimit-burst {}{}b", bytes / kUnits[i].bytes, kUnits[i].name));
  return kByteBurstExpireMs;
}

void print(const Hashlimit& m, TextOut& out) {
  out.add(m.has(XT_HASHLIMIT_INVERT) ? " --hashlimit-above" : " --hashlimit-upto");
  uint64_t usual_expiry;
  if (m.has(XT_HASHLIMIT_BYTES)) {
    usual_expiry = print_byte_rate(m, out);
  } else {
    usual_expiry = print_packet_rate(m, out);
    out.add(fmt::format(" --hashlimit-burst {}", m.burst));
  }
  std::string modes;
  const auto mode = [&](uint32_t bit, std::string_view name) {
    if (m.has(bit)) modes += (modes.empty() ? " --hashlimit-mode " : ",") + std::string(name);
  };
  mode(XT_HASHLIMIT_HASH_SIP, "srcip");
  mode(XT_HASHLIMIT_HASH_SPT, "srcport");
  mode(XT_HASHLIMIT_HASH_DIP, "dstip");
  mode(XT_HASHLIMIT_HASH_DPT, "dstport");
  out.add(modes);
  out.add(fmt::format(" --hashlimit-name {}", text_in(m.name, sizeof m.name)));
  if (m.buckets != 0) out.add(fmt::format(" --hashlimit-htable-size {}", m.buckets));
  if (m.most != 0) out.add(fmt::format(" --hashlimit-htable-max {}", m.most));
  if (m.sweep_ms != kUsualSweepMs) out.add(fmt::format(" --hashlimit-htable-gcinterval {}", m.sweep_ms));
  if (m.expire_ms != usual_expiry) out.add(fmt::format(" --hashlimit-htable-expire {}", m.expire_ms));
  const unsigned bits = out.family() == Family::kIpv4 ? 32 : 128;
  if (m.source_mask != bits) out.add(fmt::format(" --hashlimit-srcmask {}", m.source_mask));
  if (m.destination_mask != bits) out.add(fmt::format(" --hashlimit-dstmask {}", m.destination_mask));
  if (m.revision == 3 && m.has(XT_HASHLIMIT_RATE_MATCH)) {
    out.add(" --hashlimit-rate-match");
    if (m.interval != 1) out.add(fmt::format(" --hashlimit-rate-interval {}", m.interval));
  }
}

Handle start(const Hashlimit& m, World& world) {
  return {&world.object<Buckets>(m.ipv6 != 0 ? "hashlimit6" : "hashlimit", text_in(m.name, sizeof m.name),
                                 [&] { return Buckets(m); })};
}

Answer evaluate(const Hashlimit& m, Handle& handle, const MatchContext& context) {
  Buckets& buckets = *handle.buckets;
  const auto key = key_of(buckets.config(), context);
  if (!key) return Answer::kHotdrop;
  Bucket* const bucket = buckets.ask(*key, m.revision, jiffies_at(context.packet.time_ns, buckets.config().hz));
  if (bucket == nullptr) return Answer::kHotdrop;
  const bool bytes = m.has(XT_HASHLIMIT_BYTES);
  bool within;
  if (m.has(XT_HASHLIMIT_RATE_MATCH)) {
    bucket->cap_or_current += bytes ? context.packet.length : 1;
    within = !bucket->was_over() && bucket->cap_or_current <= bucket->burst;
  } else {
    uint64_t cost = bucket->cost_or_rate;
    if (bytes) {
      const uint64_t most = byte_credits_per_second(buckets.config().hz);
      cost = std::min(((context.packet.length >> XT_HASHLIMIT_BYTE_SHIFT) + 1) * bucket->cost_or_rate, most);
      if (bucket->credit_or_window < cost && bucket->cap_or_current != 0) {
        --bucket->cap_or_current;
        bucket->credit_or_window = most;
      }
    }
    within = bucket->credit_or_window >= cost;
    if (within) bucket->credit_or_window -= cost;
  }
  return answer(within != m.has(XT_HASHLIMIT_INVERT));
}

Lowered lower(const Hashlimit&, Family) {
  Lowered lowered = evaluated();
  lowered.may_hotdrop = true;  // a full table, ports that are cut off
  return lowered;
}

template <typename Info, uint8_t revision>
constexpr MatchType hashlimit_type() {
  return timed(stateful_match_type<Hashlimit, Handle, decode<Info, revision>, print, start, evaluate, lower>(
      {"hashlimit", revision, kBothFamilies, sizeof(Info)}));
}

}  // namespace

constexpr MatchType kHashlimit1Match = hashlimit_type<xt_hashlimit_mtinfo1, 1>();
constexpr MatchType kHashlimit2Match = hashlimit_type<xt_hashlimit_mtinfo2, 2>();
constexpr MatchType kHashlimit3Match = hashlimit_type<xt_hashlimit_mtinfo3, 3>();

}  // namespace hookline::xt
