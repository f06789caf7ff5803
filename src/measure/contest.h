// measure/contest.h: several engines timed on the same packets, in turn, so that noise falls on all of them alike.
//
// A round gives every contestant one slice, in an order that rotates. A fast one plays its whole trace, several times over
// where that is short; a slow one plays as many packets as fit in a slice, further on in the trace at each round. Times are
// the thread's CPU time; a result is the median of the rounds, and ratios are medians of the rounds' own ratios.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace hookline::measure {

struct Contestant {
  std::function<void(size_t begin, size_t end)> play;  // packets [begin, end) of the trace
  size_t packets = 0;                                  // of the trace that it plays, from the first; not 0
  size_t step = 1;                                     // slices begin at multiples of this
};

struct ContestOptions {
  unsigned rounds = 21;
  double slice_ms = 10;  // a slice takes about this long; an engine's slice holds at least `step` packets
  std::function<void(unsigned round, unsigned rounds)> on_round;
};

struct Timing {
  std::vector<double> ns_per_packet;  // one value a round
  size_t packets = 0;                 // distinct packets that were timed
  [[nodiscard]] double median() const;
  [[nodiscard]] double lowest() const;
};

// Each contestant plays part of the trace once before the first round, to warm up and to learn how many packets fit a slice.
std::vector<Timing> contest(std::span<const Contestant> contestants, const ContestOptions& options);

double median_of(std::vector<double> values);  // not empty
// Median over the rounds of slow/fast: how many times faster `fast` is.
double median_ratio(const Timing& slow, const Timing& fast);

}  // namespace hookline::measure
