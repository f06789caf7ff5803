// xt/rateest.cpp: match `rateest` and target `RATEEST`, both families, revision 0: rates estimated from what a target
// counts.
//
// An estimator belongs to its name: the targets that say it must agree on its interval and weight, matches of any table may
// ask. Every interval it moves its average towards the rate of that interval, in fixed point arithmetic. The kernel's
// timer runs since the rule was loaded; here it runs since the estimator's first packet, so that a capture is played the
// same each time.
// Source: kernel xt_rateest.c, xt_RATEEST.c, net/core/gen_estimator.c, est_timer(); UAPI linux/netfilter/xt_rateest.h,
// xt_RATEEST.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_RATEEST.h>
#include <linux/netfilter/xt_rateest.h>

#include <cstring>
#include <string>

#include "world/world.h"
#include "xt/extension.h"
#include "xt/jiffies.h"
#include "xt/proc_name.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr std::string_view kKind = "rateest";
constexpr const char* kObject = "rateest";  // all of them: a match asks two
constexpr int kIntervalBias = 2;            // interval -2 is a quarter of a second
constexpr int kMostInterval = 3;
constexpr uint64_t kMostTicks = 1 << 22;  // that are played one by one; behind them nothing is left of an average

struct Estimator {
  uint32_t hz = 0;  // 0: no target has made it
  uint8_t interval_log = 0, weight_log = 0;
  bool begun = false;
  uint64_t next = 0;  // jiffies
  uint64_t bytes = 0, packets = 0;
  uint64_t last_bytes = 0, last_packets = 0;
  uint64_t average_bytes = 0, average_packets = 0;  // a second, in units of 1/256

  void advance(uint64_t time_ns) {
    if (hz == 0) return;
    const uint64_t now = jiffies_at(time_ns, hz);
    const uint64_t interval = uint64_t{hz / 4} << interval_log;
    if (!begun) {
      begun = true;
      next = now + interval;
    }
    if (now < next) return;
    uint64_t ticks = (now - next) / interval + 1;
    next += ticks * interval;
    for (ticks = ticks < kMostTicks ? ticks : kMostTicks; ticks > 0; --ticks) {
      const bool bytes_move = move(average_bytes, bytes, last_bytes);
      const bool packets_move = move(average_packets, packets, last_packets);
      if (!bytes_move && !packets_move) break;
    }
  }

 private:
  // False: it will not change any more, unless something new is counted.
  [[nodiscard]] bool move(uint64_t& average, uint64_t counted, uint64_t& last) const {
    const uint64_t before = average;
    const uint64_t rate = (counted - last) << (10 - interval_log);
    average += (rate >> weight_log) - (average >> weight_log);
    const bool counts = counted != last;
    last = counted;
    return counts || average != before;
  }
};

struct Handles {
  Estimator* first;
  Estimator* second;
};

std::string name_of(const char (&field)[IFNAMSIZ]) { return std::string(text_in(field, sizeof field)); }

// ---- the match -----------------------------------------------------------------------------------------------------

struct Rateest {
  char name1[IFNAMSIZ], name2[IFNAMSIZ];
  uint32_t bytes1, packets1, bytes2, packets2;
  uint16_t flags, mode;

  [[nodiscard]] bool has(uint16_t flag) const { return (flags & flag) != 0; }
  [[nodiscard]] std::string object() const { return kObject; }
};

Decoded<Rateest> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<xt_rateest_match_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_rateest_match_info)));
  Rateest m{};
  std::memcpy(m.name1, info->name1, sizeof m.name1);
  std::memcpy(m.name2, info->name2, sizeof m.name2);
  m.bytes1 = info->bps1;
  m.packets1 = info->pps1;
  m.bytes2 = info->bps2;
  m.packets2 = info->pps2;
  m.flags = info->flags;
  m.mode = info->mode;
  if (m.has(XT_RATEEST_MATCH_ABS) == m.has(XT_RATEEST_MATCH_REL))
    return refuse(fmt::format("flags {:#x}", m.flags), "one of absolute and relative");
  if (!m.has(XT_RATEEST_MATCH_BPS | XT_RATEEST_MATCH_PPS))
    return refuse(fmt::format("flags {:#x}", m.flags), "bytes or packets");
  if (m.mode != XT_RATEEST_MATCH_EQ && m.mode != XT_RATEEST_MATCH_LT && m.mode != XT_RATEEST_MATCH_GT)
    return refuse(fmt::format("mode {}", m.mode), "1 to 3");
  return m;
}

void print(const Rateest& m, TextOut& out) {
  const bool delta = m.has(XT_RATEEST_MATCH_DELTA), relative = m.has(XT_RATEEST_MATCH_REL);
  const auto side = [&](unsigned number, bool with_number, bool with_value) {
    const std::string suffix = with_number ? std::to_string(number) : "";
    if (m.has(XT_RATEEST_MATCH_BPS)) {
      out.add(" --rateest-bps" + suffix);
      const double bits = 8.0 * (number == 1 ? m.bytes1 : m.bytes2);
      if (with_value && bits >= 1e9)
        out.add(fmt::format(" {:.0f}Mbit", bits / 1e6));
      else if (with_value && bits >= 1e6)
        out.add(fmt::format(" {:.0f}Kbit", bits / 1e3));
      else if (with_value)
        out.add(fmt::format(" {:.0f}bit", bits));
    }
    if (m.has(XT_RATEEST_MATCH_PPS)) {
      out.add(" --rateest-pps" + suffix);
      if (with_value) out.add(fmt::format(" {}", number == 1 ? m.packets1 : m.packets2));
    }
  };
  const auto mode = [&] {
    if (m.has(XT_RATEEST_MATCH_INVERT)) out.add(" !");
    out.add(m.mode == XT_RATEEST_MATCH_EQ   ? " --rateest-eq"
            : m.mode == XT_RATEEST_MATCH_LT ? " --rateest-lt"
                                            : " --rateest-gt");
  };
  if (delta) out.add(" --rateest-delta");
  out.add((relative ? " --rateest1 " : " --rateest ") + name_of(m.name1));
  if (delta) side(1, true, true);
  mode();
  if (relative) {
    side(2, delta, delta);
    out.add(" --rateest2 " + name_of(m.name2));
  } else {
    side(2, delta, true);
  }
}

Handles start(const Rateest& m, World& world) {
  const auto find = [&](const char(&name)[IFNAMSIZ]) {
    return &world.object<Estimator>(kKind, text_in(name, sizeof name), [] { return Estimator(); });
  };
  return {find(m.name1), m.has(XT_RATEEST_MATCH_REL) ? find(m.name2) : nullptr};
}

Answer evaluate(const Rateest& m, Handles& handles, const MatchContext& context) {
  struct Rates {
    uint32_t bytes, packets;
  };
  const auto rates = [&](Estimator& estimator, uint32_t bytes, uint32_t packets) {
    estimator.advance(context.packet.time_ns);
    const Rates now{static_cast<uint32_t>(estimator.average_bytes >> 8),
                    static_cast<uint32_t>(estimator.average_packets >> 8)};
    if (!m.has(XT_RATEEST_MATCH_DELTA)) return now;
    return Rates{bytes >= now.bytes ? bytes - now.bytes : 0, packets >= now.packets ? packets - now.packets : 0};
  };
  const Rates left = rates(*handles.first, m.bytes1, m.packets1);
  const Rates right = handles.second != nullptr ? rates(*handles.second, m.bytes2, m.packets2) : Rates{m.bytes2, m.packets2};
  const auto holds = [&](uint32_t a, uint32_t b) {
    return m.mode == XT_RATEEST_MATCH_EQ ? a == b : m.mode == XT_RATEEST_MATCH_LT ? a < b : a > b;
  };
  const bool all = (!m.has(XT_RATEEST_MATCH_BPS) || holds(left.bytes, right.bytes)) &&
                   (!m.has(XT_RATEEST_MATCH_PPS) || holds(left.packets, right.packets));
  return answer(all != m.has(XT_RATEEST_MATCH_INVERT));
}

Lowered lower(const Rateest&, Family) { return evaluated(); }

// ---- the target ----------------------------------------------------------------------------------------------------

struct RateestTarget {
  char name[IFNAMSIZ];
  int8_t interval;
  uint8_t weight_log;
  uint32_t hz;

  [[nodiscard]] bool valid() const {
    return hz >= 4 && interval >= -kIntervalBias && interval <= kMostInterval && weight_log > 0 && weight_log < 31;
  }
  [[nodiscard]] std::string object() const { return kObject; }
};

Decoded<RateestTarget> decode_target(Bytes data, const DecodeContext& context) {
  const auto info = read_at<xt_rateest_target_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_rateest_target_info)));
  RateestTarget t{};
  std::memcpy(t.name, info->name, sizeof t.name);
  t.interval = info->interval;
  t.weight_log = info->ewma_log;
  t.hz = context.timekeeping.hz;
  if (text_in(t.name, sizeof t.name).size() == sizeof t.name) return refuse("a name without an end", "at most 15 bytes");
  if (!t.valid()) return refuse(fmt::format("interval {}, weight {}", t.interval, t.weight_log), "-2 to 3, 1 to 30");
  return t;
}

void print_target(const RateestTarget& t, TextOut& out) {
  const auto time = [&](uint32_t microseconds) {
    const double value = microseconds;
    if (microseconds >= 1000000) return fmt::format("{:.1f}s", value / 1000000);
    if (microseconds >= 1000) return fmt::format("{:.1f}ms", value / 1000);
    return fmt::format("{}us", microseconds);
  };
  const uint32_t interval = (1000000U << (t.interval + kIntervalBias)) / 4;
  out.add(fmt::format(" --rateest-name {} --rateest-interval {} --rateest-ewmalog {}", text_in(t.name, sizeof t.name),
                      time(interval), time(interval * (1U << t.weight_log))));
}

Handles start_target(const RateestTarget& t, World& world) {
  Estimator& estimator = world.object<Estimator>(kKind, text_in(t.name, sizeof t.name), [] { return Estimator(); });
  estimator.hz = t.hz;
  estimator.interval_log = static_cast<uint8_t>(t.interval + kIntervalBias);
  estimator.weight_log = t.weight_log;
  return {&estimator, nullptr};
}

TargetAction evaluate_target(const RateestTarget&, Handles& handles, TargetContext& context) {
  Estimator& estimator = *handles.first;
  estimator.advance(context.packet.time_ns);
  estimator.bytes += context.packet.length;
  ++estimator.packets;
  return kContinue;
}

}  // namespace

constexpr MatchType kRateestMatch = timed(stateful_match_type<Rateest, Handles, decode, print, start, evaluate, lower>(
    {"rateest", 0, kBothFamilies, sizeof(xt_rateest_match_info)}));

constexpr TargetType kRateestTarget =
    timed(stateful_target_type<RateestTarget, Handles, decode_target, print_target, start_target, evaluate_target>(
        {"RATEEST", 0, kBothFamilies, sizeof(xt_rateest_target_info)}));

}  // namespace hookline::xt
