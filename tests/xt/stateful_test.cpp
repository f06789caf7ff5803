// tests/xt/stateful_test.cpp: matches that ask for the time, at times that no test can wait for: every edge of `time`, and
// what `limit` makes of jiffies on kernels of another CONFIG_HZ.
#include <gtest/gtest.h>
#include <linux/netfilter/xt_limit.h>
#include <linux/netfilter/xt_time.h>

#include <chrono>
#include <cstring>
#include <vector>

#include "support/packets.h"
#include "world/world.h"
#include "xt/registry.h"

namespace hookline::test {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

// One rule's match, asked at chosen times.
class Asked {
 public:
  template <typename Info>
  Asked(std::string_view name, const Info& info, const Timekeeping& timekeeping = {})
      : type_(xt::find_match(name, 0, Family::kIpv4)) {
    std::vector<uint8_t> bytes((sizeof info + 7) / 8 * 8);
    std::memcpy(bytes.data(), &info, sizeof info);
    info_.resize((type_->decoded_size + 7U) / 8);
    DecodeContext context{Family::kIpv4, "filter", 0, false, true};
    context.timekeeping = timekeeping;
    const auto decoded = type_->decode(bytes, context, info_.data());
    EXPECT_TRUE(decoded) << decoded.error().text();
    state_.resize((type_->state_size + 7U) / 8);
    if (!state_.empty()) type_->start(info_.data(), world_, state_.data());
  }
  bool operator()(std::chrono::nanoseconds since_1970) {
    Packet packet = as_packet(bytes_);
    packet.time_ns = static_cast<uint64_t>(since_1970.count());
    return type_->evaluate(info_.data(), {packet, Hook::kInput, 20, 0, state_.data()}) == Answer::kYes;
  }
  bool operator()(sys_seconds time) { return (*this)(std::chrono::nanoseconds(time.time_since_epoch())); }

 private:
  World world_;
  const MatchType* type_;
  std::vector<uint64_t> info_, state_;
  std::vector<uint8_t> bytes_ = ipv4({});
};

xt_time_info always_time() {
  xt_time_info info{};
  info.date_stop = UINT32_MAX;
  info.daytime_stop = XT_TIME_MAX_DAYTIME;
  info.monthdays_match = XT_TIME_ALL_MONTHDAYS;
  info.weekdays_match = XT_TIME_ALL_WEEKDAYS;
  return info;
}

constexpr sys_days kTuesday = 2026y / 11 / 24;

TEST(Time, DatesIncludeBothEnds) {
  xt_time_info info = always_time();
  const sys_seconds start = kTuesday + 9h, stop = kTuesday + 17h;
  info.date_start = static_cast<uint32_t>(start.time_since_epoch().count());
  info.date_stop = static_cast<uint32_t>(stop.time_since_epoch().count());
  Asked asked("time", info);
  EXPECT_FALSE(asked(start - 1s));
  EXPECT_TRUE(asked(start));
  EXPECT_TRUE(asked(stop));
  EXPECT_TRUE(asked(stop.time_since_epoch() + 999'999'999ns)) << "the second counts, not what is left of it";
  EXPECT_FALSE(asked(stop + 1s));
}

TEST(Time, TimesOfDayIncludeBothEnds) {
  xt_time_info info = always_time();
  info.daytime_start = 9 * 3600;
  info.daytime_stop = 17 * 3600;
  Asked asked("time", info);
  EXPECT_FALSE(asked(kTuesday + 9h - 1s));
  EXPECT_TRUE(asked(kTuesday + 9h));
  EXPECT_TRUE(asked(kTuesday + 17h));
  EXPECT_FALSE(asked(kTuesday + 17h + 1s));
}

TEST(Time, OverMidnightOnlyWhatLiesStrictlyBetweenIsOut) {
  xt_time_info info = always_time();
  info.daytime_start = 22 * 3600;
  info.daytime_stop = 6 * 3600;
  info.weekdays_match = 1 << 2;  // Tuesday
  Asked plain("time", info);
  EXPECT_TRUE(plain(kTuesday + 22h));
  EXPECT_FALSE(plain(kTuesday + 22h - 1s));
  EXPECT_TRUE(plain(kTuesday + 6h));
  EXPECT_FALSE(plain(kTuesday + 6h + 1s));
  EXPECT_FALSE(plain(kTuesday + 24h)) << "Wednesday";
  info.flags = XT_TIME_CONTIGUOUS;
  Asked contiguous("time", info);
  EXPECT_TRUE(contiguous(kTuesday + 22h));
  EXPECT_TRUE(contiguous(kTuesday + 24h)) << "Tuesday's night goes on";
  EXPECT_TRUE(contiguous(kTuesday + 30h));
  EXPECT_FALSE(contiguous(kTuesday + 30h + 1s));
  EXPECT_FALSE(contiguous(kTuesday + 6h)) << "Monday's night";
}

TEST(Time, TheKernelsZoneIsAFixedDistance) {
  xt_time_info info = always_time();
  info.daytime_start = 9 * 3600;
  info.daytime_stop = 17 * 3600;
  info.flags = XT_TIME_LOCAL_TZ;
  Asked east("time", info, {.minutes_west = -330}), west("time", info, {.minutes_west = 300});
  EXPECT_FALSE(east(kTuesday + 3h + 30min - 1s));
  EXPECT_TRUE(east(kTuesday + 3h + 30min));
  EXPECT_FALSE(west(kTuesday + 14h - 1s));
  EXPECT_TRUE(west(kTuesday + 14h));
  info.flags = 0;
  Asked utc("time", info, {.minutes_west = 300});
  EXPECT_TRUE(utc(kTuesday + 9h));
}

TEST(Time, EveryDayOfTheWeekAndOfTheMonth) {
  for (unsigned day = 0; day < 800; ++day) {
    const sys_days date = sys_days(2023y / 12 / 1) + std::chrono::days(day);
    const std::chrono::year_month_day parts = date;
    xt_time_info info = always_time();
    info.weekdays_match = static_cast<uint8_t>(1U << std::chrono::weekday(date).iso_encoding());
    info.monthdays_match = 1U << static_cast<unsigned>(parts.day());
    Asked asked("time", info);
    EXPECT_TRUE(asked(date));
    EXPECT_TRUE(asked(date + 24h - 1s));
    EXPECT_FALSE(asked(date - 1s));
    EXPECT_FALSE(asked(date + 24h));
  }
}

// How many packets pass that come in every jiffy for a while, after the bucket is empty.
unsigned passing(const xt_rateinfo& info, uint32_t hz, uint32_t seconds) {
  Asked asked("limit", info, {.hz = hz});
  constexpr uint64_t kStart = 1'790'000'000;
  unsigned passed = 0, before = 0;
  for (uint64_t jiffy = 0; jiffy < uint64_t{hz} * seconds; ++jiffy) {
    const std::chrono::nanoseconds time(kStart * 1'000'000'000 + (jiffy * 1'000'000'000 + hz - 1) / hz);
    if (jiffy == 0)
      while (asked(time)) ++before;
    else
      passed += asked(time) ? 1 : 0;
  }
  EXPECT_EQ(before, info.burst);
  return passed;
}

TEST(Limit, FillsByJiffiesOfTheKernelsHz) {
  xt_rateinfo info{};
  info.burst = 5;
  info.avg = 10000 / 7;  // 1428: a cost of 4569 credits of 32000 a second; what 249.. jiffies fill is never more
  EXPECT_EQ(passing(info, 250, 100), (100U * 250 - 1) * 128 / 4569);
  EXPECT_EQ(passing(info, 1000, 100), (100U * 1000 - 1) * 32 / 4569);
  // 256 credits a jiffy: 25600 a second, a cost of 3655.
  EXPECT_EQ(passing(info, 100, 100), (100U * 100 - 1) * 256 / 3655);
  info.avg = 40;  // one a jiffy at 250, exactly
  EXPECT_EQ(passing(info, 250, 4), 999U);
}

TEST(Limit, TheCapHoldsNoMoreThanTheBurst) {
  xt_rateinfo info{};
  info.burst = 3;
  info.avg = 10000;  // one a second
  Asked asked("limit", info);
  const auto count = [&](std::chrono::nanoseconds time) {
    unsigned passed = 0;
    while (asked(time)) ++passed;
    return passed;
  };
  EXPECT_EQ(count(1000s), 3U);
  EXPECT_EQ(count(1001s - 4ms), 0U);
  EXPECT_EQ(count(1001s), 1U);
  EXPECT_EQ(count(1001s + 3996ms), 3U);
  EXPECT_EQ(count(9000s), 3U);
  // 2^32 credits, which is 0 of them.
  EXPECT_EQ(count(9000s + 33554432 * 4ms), 0U);
}

}  // namespace
}  // namespace hookline::test
