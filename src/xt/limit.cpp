// xt/limit.cpp: match `limit`, both families, revision 0: a token bucket a rule.
//
// Credit grows with the jiffies since the packet before, up to a cap, and a packet that finds enough of it pays and matches.
// All of it is 32-bit arithmetic that wraps where the kernel's does, and depends on how many jiffies its second has. The
// bucket begins full.
// Source: kernel xt_limit.c, limit_mt(), limit_mt_check(); UAPI linux/netfilter/xt_limit.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_limit.h>

#include <algorithm>
#include <bit>

#include "xt/extension.h"
#include "xt/jiffies.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint32_t kUsualBurst = 5;  // what iptables takes where none is given

struct Limit {
  uint32_t average, burst;  // time between packets in units of 1/10000 s; packets
  uint32_t cost, cap;       // in credits
  uint32_t hz;
  uint32_t credits_per_jiffy;
  uint8_t has_own_cost;
  [[nodiscard]] bool valid() const { return hz != 0; }
  [[nodiscard]] std::string refused() const {
    return has_own_cost != 0 ? "with a cost in its data the kernel's bucket begins with whatever memory held" : "";
  }
};

struct Bucket {
  uint64_t jiffies;  // of the packet before
  uint32_t credit;
  uint32_t begun;  // 0: no packet yet
};

// As many as keep the credits of a day of jiffies within 32 bits.
uint32_t credits_per_jiffy(uint32_t hz) { return std::bit_floor(UINT32_MAX / (hz * 60 * 60 * 24)); }

uint32_t credits_of(uint32_t time, uint32_t per_second) {
  if (time > UINT32_MAX / per_second) return time / XT_LIMIT_SCALE * per_second;
  return time * per_second / XT_LIMIT_SCALE;
}

Decoded<Limit> decode(Bytes data, const DecodeContext& context) {
  const auto info = read_at<xt_rateinfo>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_rateinfo)));
  Limit m{};
  m.average = info->avg;
  m.burst = info->burst;
  m.hz = context.timekeeping.hz;
  m.credits_per_jiffy = credits_per_jiffy(m.hz);
  const uint32_t per_second = m.hz * m.credits_per_jiffy;
  m.cost = credits_of(info->avg, per_second);
  m.cap = credits_of(info->avg * info->burst, per_second);
  if (m.burst == 0 || m.cap < m.cost)
    return refuse(fmt::format("time {} and burst {}", m.average, m.burst), "a burst above 0 whose credits fit in 32 bits");
  m.has_own_cost = info->cost != 0;
  return m;
}

// The largest unit in which the rate comes out as a whole number well enough. iptables: print_rate().
void print(const Limit& m, TextOut& out) {
  struct Unit {
    std::string_view name;
    uint32_t time;
  };
  static constexpr std::array<Unit, 4> kUnits = {{{"day", XT_LIMIT_SCALE * 24 * 60 * 60},
                                                  {"hour", XT_LIMIT_SCALE * 60 * 60},
                                                  {"min", XT_LIMIT_SCALE * 60},
                                                  {"sec", XT_LIMIT_SCALE}}};
  if (m.average == 0) {
    out.add(" --limit inf");
  } else {
    size_t next = 1;
    while (next < kUnits.size() && m.average <= kUnits[next].time &&
           kUnits[next].time / m.average >= kUnits[next].time % m.average)
      ++next;
    out.add(fmt::format(" --limit {}/{}", kUnits[next - 1].time / m.average, kUnits[next - 1].name));
  }
  if (m.burst != kUsualBurst) out.add(fmt::format(" --limit-burst {}", m.burst));
}

Bucket start(const Limit& m) { return {0, m.cap, 0}; }

Answer evaluate(const Limit& m, Bucket& bucket, const MatchContext& context) {
  const uint64_t jiffies = jiffies_at(context.packet.time_ns, m.hz);
  // Nothing grows before the first packet: the bucket is full.
  const auto passed = static_cast<uint32_t>(bucket.begun != 0 ? jiffies - bucket.jiffies : 0);
  bucket.begun = 1;
  bucket.jiffies = jiffies;
  bucket.credit = std::min(bucket.credit + passed * m.credits_per_jiffy, m.cap);
  if (bucket.credit < m.cost) return Answer::kNo;
  bucket.credit -= m.cost;
  return Answer::kYes;
}

Lowered lower(const Limit&, Family) { return evaluated(); }

}  // namespace

constexpr MatchType kLimitMatch = timed(stateful_match_type<Limit, Bucket, decode, print, start, evaluate, lower>(
    {"limit", 0, kBothFamilies, sizeof(xt_rateinfo)}));

}  // namespace hookline::xt
