// tests/xt/shared_test.cpp: what rules share by name, at times that no test can wait for: ages in `recent`, credit, windows
// and sweeps in `hashlimit`, the averages of `rateest`.
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <linux/netfilter/xt_RATEEST.h>
#include <linux/netfilter/xt_hashlimit.h>
#include <linux/netfilter/xt_rateest.h>
#include <linux/netfilter/xt_recent.h>

#include <chrono>
#include <cstring>
#include <vector>

#include "support/packets.h"
#include "world/world.h"
#include "xt/registry.h"

namespace hookline::test {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::nanoseconds kStart = 1'700'000'000s;
constexpr std::chrono::nanoseconds kJiffy = 4ms;

// One match or target of one rule in a World of several.
template <typename Type>
class Asked {
 public:
  template <typename Info>
  Asked(World& world, const Type* type, const Info& info) : type_(type) {
    std::vector<uint8_t> bytes((sizeof info + 7) / 8 * 8);
    std::memcpy(bytes.data(), &info, sizeof info);
    info_.resize((type_->decoded_size + 7U) / 8);
    const auto decoded = type_->decode(bytes, DecodeContext{Family::kIpv4, "filter", 0, false, true}, info_.data());
    EXPECT_TRUE(decoded) << decoded.error().text();
    state_.resize((type_->state_size + 7U) / 8);
    type_->start(info_.data(), world, state_.data());
  }
  bool operator()(std::chrono::nanoseconds since_start) {
    Packet packet = as_packet(bytes_);
    packet.time_ns = static_cast<uint64_t>((kStart + since_start).count());
    const MatchContext context{packet, Hook::kInput, 20, 0, state_.data()};
    if constexpr (std::is_same_v<Type, MatchType>) {
      return type_->evaluate(info_.data(), context) == Answer::kYes;
    } else {
      TargetContext target(context, packet);
      return type_->evaluate(info_.data(), target).continues;
    }
  }

 private:
  const Type* type_;
  std::vector<uint64_t> info_, state_;
  std::vector<uint8_t> bytes_ = ipv4({});
};
using AskedMatch = Asked<MatchType>;
using AskedTarget = Asked<TargetType>;

AskedMatch recent(World& world, uint8_t what, uint32_t seconds = 0, uint32_t hits = 0) {
  xt_recent_mtinfo info{};
  info.check_set = what;
  info.seconds = seconds;
  info.hit_count = hits;
  std::strcpy(info.name, "list");
  return {world, xt::find_match("recent", 0, Family::kIpv4), info};
}

TEST(Shared, RecentForgetsByTheJiffy) {
  World world;
  AskedMatch set = recent(world, XT_RECENT_SET), check = recent(world, XT_RECENT_CHECK, 2);
  EXPECT_FALSE(check(0s));
  EXPECT_TRUE(set(1s));
  EXPECT_TRUE(check(3s));
  EXPECT_FALSE(check(3s + kJiffy));
  World other;
  EXPECT_FALSE(recent(other, XT_RECENT_CHECK)(1s));
}

TEST(Shared, RecentReapsTheOldestAndKeepsWhatItUpdates) {
  World world;
  AskedMatch set = recent(world, XT_RECENT_SET), any = recent(world, XT_RECENT_CHECK);
  AskedMatch reap = recent(world, XT_RECENT_CHECK | XT_RECENT_REAP, 5);
  set(0s);
  EXPECT_TRUE(reap(5s));
  EXPECT_TRUE(any(5s));
  EXPECT_FALSE(reap(6s));  // too old, and so gone
  EXPECT_FALSE(any(6s));
}

TEST(Shared, RecentCountsHitsWithinARing) {
  World world;
  AskedMatch set = recent(world, XT_RECENT_SET), check = recent(world, XT_RECENT_CHECK, 10, 3);
  for (int i = 0; i < 100; ++i) set(1s * i);
  EXPECT_TRUE(check(107s));  // 97, 98, 99
  EXPECT_FALSE(check(107s + kJiffy));
}

xt_hashlimit_mtinfo3 one_in_ten_seconds() {
  xt_hashlimit_mtinfo3 info{};
  std::strcpy(info.name, "table");
  info.cfg.avg = 10 * XT_HASHLIMIT_SCALE_v2;
  info.cfg.burst = 1;
  info.cfg.mode = XT_HASHLIMIT_HASH_SIP;
  info.cfg.gc_interval = 1000;
  info.cfg.expire = 60000;
  info.cfg.srcmask = info.cfg.dstmask = 32;
  return info;
}
const MatchType* hashlimit() { return xt::find_match("hashlimit", 3, Family::kIpv4); }

TEST(Shared, HashlimitFillsAndIsSweptWhenNobodyAsks) {
  World world;
  AskedMatch ask(world, hashlimit(), one_in_ten_seconds());
  EXPECT_TRUE(ask(0s));
  EXPECT_FALSE(ask(9s));
  EXPECT_TRUE(ask(10s));
  World other;
  xt_hashlimit_mtinfo3 forgetful = one_in_ten_seconds();
  forgetful.cfg.expire = 1500;
  AskedMatch again(other, hashlimit(), forgetful);
  EXPECT_TRUE(again(0s));
  EXPECT_FALSE(again(1s));
  EXPECT_FALSE(again(2600ms));  // expired since 2.5 s, but swept at 3
  EXPECT_TRUE(again(5s));       // expired at 4.1, swept at 5
}

TEST(Shared, HashlimitTakesTheFirstRulesRate) {
  World world;
  AskedMatch first(world, hashlimit(), one_in_ten_seconds());
  xt_hashlimit_mtinfo3 info = one_in_ten_seconds();
  info.cfg.burst = 1000;
  info.cfg.mode |= XT_HASHLIMIT_INVERT;
  AskedMatch second(world, hashlimit(), info);
  EXPECT_FALSE(second(0s));
  EXPECT_FALSE(first(0s));
  EXPECT_TRUE(second(0s));
}

TEST(Shared, HashlimitComparesTheRateOfTheWindowBefore) {
  World world;
  xt_hashlimit_mtinfo3 info = one_in_ten_seconds();
  info.cfg.avg = XT_HASHLIMIT_SCALE_v2 / 4;  // 4 a second
  info.cfg.burst = 6;
  info.cfg.interval = 2;
  info.cfg.mode |= XT_HASHLIMIT_RATE_MATCH;
  AskedMatch ask(world, hashlimit(), info);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(ask(0s)) << i;  // burst and rate
  EXPECT_FALSE(ask(1s));
  EXPECT_FALSE(ask(2s));  // eleven in two seconds were more than eight
  EXPECT_TRUE(ask(4s));
}

xt_rateest_match_info packets_are(uint32_t rate) {
  xt_rateest_match_info info{};
  std::strcpy(info.name1, "est");
  info.flags = XT_RATEEST_MATCH_ABS | XT_RATEEST_MATCH_PPS;
  info.mode = XT_RATEEST_MATCH_EQ;
  info.pps2 = rate;
  return info;
}

TEST(Shared, RateestMovesEveryInterval) {
  World world;
  xt_rateest_target_info info{};
  std::strcpy(info.name, "est");
  info.interval = -2;  // 62 jiffies
  info.ewma_log = 1;
  AskedTarget count(world, xt::find_target("RATEEST", 0, Family::kIpv4), info);
  const auto rate_is = [&](uint32_t rate, std::chrono::nanoseconds when) {
    return AskedMatch(world, xt::find_match("rateest", 0, Family::kIpv4), packets_are(rate))(when);
  };
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(count(0s));
  EXPECT_TRUE(rate_is(0, kJiffy * 61));
  EXPECT_TRUE(rate_is(20, kJiffy * 62));  // 40 a second, of which half is taken
  EXPECT_TRUE(rate_is(20, kJiffy * 123));
  EXPECT_TRUE(rate_is(10, kJiffy * 124));
  EXPECT_TRUE(rate_is(2, kJiffy * 62 * 4));
  EXPECT_TRUE(rate_is(0, 24h * 365));
}

}  // namespace
}  // namespace hookline::test
