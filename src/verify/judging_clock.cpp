#include "verify/judging_clock.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/clock.h"

namespace hookline {
namespace {

constexpr uint64_t kSecondNs = 1'000'000'000;
constexpr uint64_t kMarginOfJiffyNs = 600'000;      // longer than a packet and its answer take, most of the time
constexpr uint64_t kMarginOfSecondNs = 40'000'000;  // the kernel's second lags behind the wall clock by some jiffies

}  // namespace

Result<JudgingClock> JudgingClock::open() {
  auto reader = JiffiesReader::open();
  if (!reader) return tl::make_unexpected(reader.error());
  const uint32_t hz = kernel_hz();
  if (hz == 0) return fail(ProblemKind::kSystem, "jiffies", "clocks whose resolution makes no sense", "CONFIG_HZ");
  JudgingClock clock(std::move(*reader), hz);
  const auto first = clock.next_jiffy();
  if (!first) return tl::make_unexpected(first.error());
  clock.edge_ns_ = now_ns<std::chrono::steady_clock>();
  clock.first_ = *first;
  const uint64_t wall = now_ns<std::chrono::system_clock>();
  clock.first_number_ = wall / kSecondNs * hz + wall % kSecondNs * hz / kSecondNs;
  return clock;
}

// Spins until the jiffies move.
Result<uint32_t> JudgingClock::next_jiffy() {
  const auto before = reader_.now();
  auto after = before;
  while (after && *after == *before) after = reader_.now();
  return after;
}

// The first nanosecond of the jiffy, so that dividing it gives the jiffies again.
uint64_t JudgingClock::time_of(uint32_t jiffies) const {
  const uint64_t number = first_number_ + static_cast<uint32_t>(jiffies - first_);
  return number / hz_ * kSecondNs + (number % hz_ * kSecondNs + hz_ - 1) / hz_;
}

Result<uint64_t> JudgingClock::settle() {
  const uint64_t jiffy_ns = kSecondNs / hz_;
  for (;;) {
    const uint64_t into = (now_ns<std::chrono::steady_clock>() - edge_ns_) % jiffy_ns;
    const auto jiffies = into + std::min(kMarginOfJiffyNs, jiffy_ns / 2) > jiffy_ns ? next_jiffy() : reader_.now();
    if (!jiffies) return tl::make_unexpected(jiffies.error());
    const uint64_t time = time_of(*jiffies);
    const uint64_t into_second = time % kSecondNs;
    if (into_second > kMarginOfSecondNs && into_second < kSecondNs - kMarginOfSecondNs) {
      settled_ = *jiffies;
      return time;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

Result<bool> JudgingClock::stands() {
  const auto now = reader_.now();
  if (!now) return tl::make_unexpected(now.error());
  return *now == settled_;
}

}  // namespace hookline
