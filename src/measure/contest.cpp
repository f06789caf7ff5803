#include "measure/contest.h"

#include <algorithm>

#include "measure/cpu_clock.h"

namespace hookline::measure {
namespace {

// How one contestant's slice is cut: `passes` times all its packets, or `size` of them.
struct Slice {
  size_t size = 0;
  size_t passes = 1;
  size_t next = 0;     // first packet of the next slice
  size_t covered = 0;  // highest end of a slice
};

double play_for(const Contestant& contestant, size_t begin, size_t end) {
  const double start = thread_ns();
  contestant.play(begin, end);
  return thread_ns() - start;
}

Slice plan_slice(const Contestant& contestant, double slice_ns) {
  const size_t packets = contestant.packets;
  // Doubles a prefix of the trace until it takes a fifth of a slice; the first run of each packet pays for cold memory.
  size_t n = std::min(contestant.step, packets);
  double spent = play_for(contestant, 0, n);
  while (n < packets && spent < slice_ns / 5) {
    n = std::min(n * 2, packets);
    spent = play_for(contestant, 0, n);
  }
  Slice slice;
  const double per_packet = std::max(spent / static_cast<double>(n), 0.01);
  const double fits = slice_ns / per_packet;
  if (fits >= static_cast<double>(packets)) {
    slice.size = packets;
    slice.passes = std::max<size_t>(1, static_cast<size_t>(fits / static_cast<double>(packets)));
  } else {
    const size_t steps = std::max<size_t>(1, static_cast<size_t>(fits) / contestant.step);
    slice.size = std::min(packets, steps * contestant.step);
  }
  return slice;
}

double play_slice(const Contestant& contestant, Slice& slice) {
  const size_t packets = contestant.packets;
  if (slice.size == packets) {
    slice.covered = packets;
    double spent = 0;
    for (size_t pass = 0; pass < slice.passes; ++pass) spent += play_for(contestant, 0, packets);
    return spent / static_cast<double>(packets * slice.passes);
  }
  if (packets - slice.next < slice.size) slice.next = 0;
  const size_t begin = slice.next;
  const size_t end = begin + slice.size;
  const double spent = play_for(contestant, begin, end);
  slice.covered = std::max(slice.covered, end);
  slice.next = end;
  return spent / static_cast<double>(slice.size);
}

}  // namespace

double median_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double Timing::median() const { return median_of(ns_per_packet); }
double Timing::lowest() const { return *std::min_element(ns_per_packet.begin(), ns_per_packet.end()); }

double median_ratio(const Timing& slow, const Timing& fast) {
  std::vector<double> ratios;
  for (size_t i = 0; i < slow.ns_per_packet.size() && i < fast.ns_per_packet.size(); ++i)
    ratios.push_back(slow.ns_per_packet[i] / fast.ns_per_packet[i]);
  return median_of(std::move(ratios));
}

std::vector<Timing> contest(std::span<const Contestant> contestants, const ContestOptions& options) {
  std::vector<Slice> slices;
  for (const Contestant& contestant : contestants) slices.push_back(plan_slice(contestant, options.slice_ms * 1e6));
  std::vector<Timing> timings(contestants.size());
  for (unsigned round = 0; round < options.rounds; ++round) {
    if (options.on_round) options.on_round(round, options.rounds);
    for (size_t turn = 0; turn < contestants.size(); ++turn) {
      const size_t who = (turn + round) % contestants.size();
      timings[who].ns_per_packet.push_back(play_slice(contestants[who], slices[who]));
    }
  }
  for (size_t i = 0; i < contestants.size(); ++i) timings[i].packets = slices[i].covered;
  return timings;
}

}  // namespace hookline::measure
