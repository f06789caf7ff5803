// verify/aims/time.cpp: rules of `time` whose edges lie around the moment at which they are written, since no packet can
// choose its time. The same seed gives other rules at another time.
#include <fmt/core.h>

#include <chrono>

#include "verify/aims/aims.h"
#include "verify/aims/telling_apart.h"

namespace hookline {
namespace {

using Seconds = std::chrono::sys_seconds;

std::string date_text(Seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date = day;
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

// Seconds from now: few, so that the clock passes it during the run, or many.
std::chrono::seconds distance(Random& random) {
  static constexpr std::array<int64_t, 5> kFar = {60, 3600, 7200, 30000, 43199};  // two of them are less than a day
  return std::chrono::seconds(chance(random, 30) ? 1 + static_cast<int64_t>(below(random, 3))
                                                 : kFar[below(random, kFar.size())]);
}

std::string write(Family, Random& random) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto today = std::chrono::floor<std::chrono::days>(now);
  std::string text = fmt::format("{} -m time", some_protocol(random));
  const auto of_day = [&](Seconds time) {
    const std::chrono::hh_mm_ss clock(time - std::chrono::floor<std::chrono::days>(time));
    return fmt::format("{:02}:{:02}:{:02}", clock.hours().count(), clock.minutes().count(), clock.seconds().count());
  };
  const bool around = chance(random, 90);  // now lies between the edges
  if (chance(random, 50)) {
    const Seconds start = around ? now - distance(random) : now + distance(random);
    const Seconds stop = around ? now + distance(random) : start + distance(random);
    const std::string from = of_day(start), to = of_day(stop);
    text += fmt::format(" --timestart {} --timestop {}", from, to);
    if (from > to && chance(random, 50)) text += " --contiguous";
  }
  if (chance(random, text.ends_with("contiguous") ? 10 : 30)) {
    const unsigned day = std::chrono::weekday(today).iso_encoding();
    const unsigned other = 1 + static_cast<unsigned>(below(random, 7));
    const bool inverted = other != day && chance(random, 40);
    text += fmt::format("{} --weekdays {}", inverted ? " !" : "",
                        inverted ? fmt::format("{}", other) : fmt::format("{},{}", day, other));
  }
  if (chance(random, 30)) {
    const auto day = static_cast<unsigned>(std::chrono::year_month_day(today).day());
    text += fmt::format(" --monthdays {},{}", chance(random, 94) ? day : day % 31 + 1, 1 + below(random, 31));
  }
  if (chance(random, 30))
    text += " --datestart " + date_text(chance(random, 94) ? now - distance(random) : now + distance(random));
  if (chance(random, 30))
    text += " --datestop " + date_text(chance(random, 94) ? now + distance(random) : now - distance(random));
  if (chance(random, 10)) text += " --kerneltz";  // as good as UTC where nobody set a zone
  return text;
}

}  // namespace

constexpr MatchAim kTimeAim = {.name = "time", .write = write};

}  // namespace hookline
