// xt/statistic.cpp: match `statistic`, both families, revision 0.
//
// Mode nth counts the packets that it is asked about in rounds of `every + 1` and matches one of each; the count begins
// where the rule says. Mode random draws a number: two answers are certain, probability 0 and 1, and every other one is
// refused, since no two runs agree.
// Source: kernel xt_statistic.c, statistic_mt(); UAPI linux/netfilter/xt_statistic.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_statistic.h>

#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint32_t kCertain = 0x80000000;  // a probability of 1; the kernel draws 31 bits

struct Statistic {
  uint32_t probability;           // mode random, in units of 2^-31
  uint32_t every, packet, count;  // mode nth: the last place in a round, the matching one as it is printed, the first
  uint16_t mode;                  // XT_STATISTIC_MODE_*
  uint8_t invert;
  [[nodiscard]] bool is_nth() const { return mode == XT_STATISTIC_MODE_NTH; }
  [[nodiscard]] std::string refused() const {
    return is_nth() || probability == 0 || probability >= kCertain ? "" : "mode random draws a number for each packet";
  }
};

struct Round {
  uint32_t place;
};

Decoded<Statistic> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<xt_statistic_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_statistic_info)));
  if (info->mode > XT_STATISTIC_MODE_MAX) return refuse(fmt::format("mode {}", info->mode), "random (0) or nth (1)");
  if ((info->flags & ~XT_STATISTIC_MASK) != 0) return refuse(fmt::format("flags {:#x}", info->flags), "bits of 0x1");
  Statistic m{};
  m.mode = info->mode;
  m.invert = (info->flags & XT_STATISTIC_INVERT) != 0;
  if (m.is_nth()) {
    m.every = info->u.nth.every;
    m.packet = info->u.nth.packet;
    m.count = info->u.nth.count;
  } else {
    m.probability = info->u.random.probability;
  }
  return m;
}

void print(const Statistic& m, TextOut& out) {
  const std::string_view inverted = m.invert != 0 ? " !" : "";
  if (m.is_nth()) {
    out.add(fmt::format(" --mode nth{} --every {} --packet {}", inverted, m.every + 1, m.packet));
  } else {
    out.add(fmt::format(" --mode random{} --probability {:.11f}", inverted, m.probability / double{kCertain}));
  }
}

Round start(const Statistic& m) { return {m.count}; }

Answer evaluate(const Statistic& m, Round& round, const MatchContext&) {
  bool chosen = m.probability >= kCertain;
  if (m.is_nth()) {
    round.place = round.place == m.every ? 0 : round.place + 1;
    chosen = round.place == 0;
  }
  return answer(chosen != (m.invert != 0));
}

Lowered lower(const Statistic& m, Family) {
  if (m.is_nth()) return evaluated();
  return (m.probability >= kCertain) != (m.invert != 0) ? always() : never();
}

}  // namespace

constexpr MatchType kStatisticMatch = stateful_match_type<Statistic, Round, decode, print, start, evaluate, lower>(
    {"statistic", 0, kBothFamilies, sizeof(xt_statistic_info)});

}  // namespace hookline::xt
