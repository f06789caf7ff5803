// xt/time.cpp: match `time`, both families, revision 0.
//
// Compares the second of the packet's time with an interval of dates, a time of day, days of the week and of the month, in
// UTC or, with LOCAL_TZ, in the kernel's own time zone: a fixed distance, as somebody has set it at boot. A time of day
// whose begin is not before its end leaves out what lies strictly between the two; with CONTIGUOUS the part after midnight
// belongs to the day before.
// Source: kernel xt_time.c, time_mt(); UAPI linux/netfilter/xt_time.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_time.h>

#include <chrono>
#include <climits>

#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint64_t kSecondNs = 1'000'000'000;
constexpr uint32_t kDay = 24 * 60 * 60;

struct Time {
  uint32_t date_start, date_stop;  // seconds since 1970, both included
  uint32_t day_start, day_stop;    // seconds since midnight, both included
  uint32_t month_days;             // bit 1: the first
  uint8_t week_days;               // bit 1: Monday
  uint8_t local, contiguous;
  int32_t minutes_west;  // of UTC: the zone to reckon in
};

Decoded<Time> decode(Bytes data, const DecodeContext& context) {
  const auto info = read_at<xt_time_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_time_info)));
  if (info->daytime_start > XT_TIME_MAX_DAYTIME || info->daytime_stop > XT_TIME_MAX_DAYTIME)
    return refuse(fmt::format("times of day {} and {}", info->daytime_start, info->daytime_stop), "at most 86399 seconds");
  if ((info->flags & ~XT_TIME_ALL_FLAGS) != 0) return refuse(fmt::format("flags {:#x}", info->flags), "bits of 0x3");
  const bool contiguous = (info->flags & XT_TIME_CONTIGUOUS) != 0;
  if (contiguous && info->daytime_start < info->daytime_stop)
    return refuse(fmt::format("contiguous times of day {} and {}", info->daytime_start, info->daytime_stop),
                  "an interval over midnight");
  const bool local = (info->flags & XT_TIME_LOCAL_TZ) != 0;
  return Time{info->date_start,
              info->date_stop,
              info->daytime_start,
              info->daytime_stop,
              info->monthdays_match,
              info->weekdays_match,
              local,
              contiguous,
              local ? context.timekeeping.minutes_west : 0};
}

void print_time(std::string_view option, uint32_t second, TextOut& out) {
  out.add(fmt::format(" {} {:02}:{:02}:{:02}", option, second / 3600, second / 60 % 60, second % 60));
}

std::chrono::year_month_day date_of(int64_t second) {
  return std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds(std::chrono::seconds(second)));
}

void print_date(std::string_view option, uint32_t second, TextOut& out) {
  if (second == 0) return;
  const std::chrono::year_month_day date = date_of(second);
  const uint32_t time = second % kDay;
  out.add(fmt::format(" {} {:04}-{:02}-{:02}T{:02}:{:02}:{:02}", option, static_cast<int>(date.year()),
                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time / 3600, time / 60 % 60,
                      time % 60));
}

void print(const Time& m, TextOut& out) {
  static constexpr std::array<std::string_view, 7> kWeekDays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  if (m.day_start != XT_TIME_MIN_DAYTIME || m.day_stop != XT_TIME_MAX_DAYTIME) {
    print_time("--timestart", m.day_start, out);
    print_time("--timestop", m.day_stop, out);
  }
  if (m.month_days != XT_TIME_ALL_MONTHDAYS) {
    out.add(" --monthdays ");
    std::string_view before;
    for (unsigned day = 1; day <= 31; ++day) {
      if ((m.month_days >> day & 1) == 0) continue;
      out.add(fmt::format("{}{}", before, day));
      before = ",";
    }
  }
  if (m.week_days != XT_TIME_ALL_WEEKDAYS) {
    out.add(" --weekdays ");
    std::string_view before;
    for (unsigned day = 1; day <= 7; ++day) {
      if ((m.week_days >> day & 1) == 0) continue;
      out.add(fmt::format("{}{}", before, kWeekDays[day - 1]));
      before = ",";
    }
  }
  print_date("--datestart", m.date_start, out);
  print_date("--datestop", m.date_stop, out);
  if (m.local != 0) out.add(" --kerneltz");
  if (m.contiguous != 0) out.add(" --contiguous");
}

Answer evaluate(const Time& m, const MatchContext& context) {
  int64_t second = static_cast<int64_t>(context.packet.time_ns / kSecondNs) - int64_t{m.minutes_west} * 60;
  if (second < m.date_start || second > m.date_stop) return Answer::kNo;
  const auto of_day = static_cast<uint32_t>(second % kDay);
  if (m.day_start < m.day_stop) {
    if (of_day < m.day_start || of_day > m.day_stop) return Answer::kNo;
  } else {
    if (of_day < m.day_start && of_day > m.day_stop) return Answer::kNo;
    if (m.contiguous != 0 && of_day <= m.day_stop) second -= kDay;
  }
  const std::chrono::year_month_day date = date_of(second);
  const std::chrono::weekday week_day = std::chrono::sys_days(date);
  if ((m.week_days >> week_day.iso_encoding() & 1) == 0) return Answer::kNo;
  if (m.month_days == XT_TIME_ALL_MONTHDAYS) return Answer::kYes;
  return answer((m.month_days >> static_cast<unsigned>(date.day()) & 1) != 0);
}

Lowered lower(const Time&, Family) { return evaluated(); }

}  // namespace

constexpr MatchType kTimeMatch =
    timed(match_type<Time, decode, print, evaluate, lower>({"time", 0, kBothFamilies, sizeof(xt_time_info)}));

}  // namespace hookline::xt
