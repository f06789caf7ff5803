#include "measure/bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>
#include <random>

#include "classify/isa.h"
#include "measure/acl_peer.h"
#include "measure/cpu_clock.h"
#include "measure/filter_table.h"
#include "measure/hook_traffic.h"
#include "measure/table_bench.h"

namespace hookline::measure {
namespace {

constexpr double kNoLimit = std::numeric_limits<double>::infinity();
constexpr std::array<size_t, 3> kAclBatches = {16, 32, 256};
constexpr unsigned kAclTrialRounds = 5;
constexpr size_t kAclFinalists = 3;

std::string first_line(const Problems& problems) {
  const std::string more = problems.size() > 1 ? fmt::format(" (and {} more)", problems.size() - 1) : "";
  return problems.front().text() + more;
}

void tell(const BenchOptions& options, std::string_view what) {
  if (options.progress) options.progress(what);
}

// What the model itself takes, for the row of the engine that walks it.
uint64_t bytes_of(const Table& table) {
  uint64_t bytes = table.rules.size() * sizeof(Rule);
  for (const Rule& rule : table.rules) {
    for (const Match& match : rule.matches) bytes += sizeof(Match) + match.raw.size() + match.info.size;
    bytes += rule.target.raw.size() + rule.target.info.size;
  }
  return bytes;
}

// A row and how to play it; the rows keep their order, whatever is timed.
struct Lane {
  BenchRow row;
  std::unique_ptr<Entrant> entrant;
};

Contestant contestant_of(Entrant& entrant, size_t packets) {
  return {[&entrant](size_t begin, size_t end) { entrant.play(begin, end); }, packets, entrant.batch()};
}

// The three engines of this program at one hook, answers checked. `model` gives a row its names and rule count.
std::vector<Lane> product_lanes(const Table& table, const Result<CompiledTable>& compiled, Hook hook,
                                std::span<Packet* const> packets, const IsRight& is_right, const BenchRow& model,
                                const BenchOptions& options, const std::shared_ptr<const HostView>& host = nullptr) {
  std::vector<Lane> lanes;
  for (const char* engine : {"compiled", "linear", "reference"}) {
    Lane lane{model, nullptr};
    BenchRow& row = lane.row;
    row.engine = engine;
    const bool reference = row.engine == "reference";
    if (reference) {
      const CpuStopwatch watch;
      lane.entrant = reference_entrant(table, hook, packets, host);
      row.build_ms = watch.ms();
      row.bytes = bytes_of(table);
    } else if (!compiled) {
      row.error = first_line(compiled.error());
    } else {
      const bool index = row.engine == "compiled";
      if (index) row.isa = isa_name(active_isa());
      row.build_ms = compiled->build_ms;
      row.bytes = compiled->program->bytes().size();
      lane.entrant = index ? compiled_entrant(*compiled->program, hook, packets, host)
                           : linear_entrant(*compiled->program, hook, packets, host);
    }
    if (lane.entrant) {
      row.batch = static_cast<unsigned>(lane.entrant->batch());
      tell(options, fmt::format("{}: checking answers", row.engine));
      check_answers(*lane.entrant, packets.size(), row.engine == "compiled" ? kNoLimit : options.check_seconds, is_right,
                    row);
    }
    lanes.push_back(std::move(lane));
  }
  return lanes;
}

void set_figures(BenchRow& row, const Timing& timing, const Timing* reference) {
  row.ns_per_packet = timing.median();
  if (reference != nullptr) row.times_reference = median_ratio(*reference, timing);
}

ContestOptions contest_options(const BenchOptions& options, unsigned rounds, const std::string& what) {
  ContestOptions result;
  result.rounds = rounds;
  result.slice_ms = options.slice_ms;
  result.on_round = [&options, what](unsigned round, unsigned of) {
    tell(options, fmt::format("{}: round {} of {}", what, round + 1, of));
  };
  return result;
}

// Times the lanes that have an entrant, together with `extra`; returns the timings of `extra`.
std::vector<Timing> time_lanes(std::span<Lane> lanes, std::span<const Contestant> extra, const BenchOptions& options,
                               const std::string& what, Timing* reference_out = nullptr) {
  std::vector<Contestant> contestants;
  std::vector<size_t> lane_of;
  for (size_t i = 0; i < lanes.size(); ++i)
    if (lanes[i].entrant && lanes[i].row.packets > 0) {
      contestants.push_back(contestant_of(*lanes[i].entrant, lanes[i].row.packets));
      lane_of.push_back(i);
    }
  const size_t own = contestants.size();
  contestants.insert(contestants.end(), extra.begin(), extra.end());
  std::vector<Timing> timings = contest(contestants, contest_options(options, options.rounds, what));
  const Timing* reference = nullptr;
  for (size_t i = 0; i < own; ++i)
    if (lanes[lane_of[i]].row.engine == "reference") reference = &timings[i];
  for (size_t i = 0; i < own; ++i) set_figures(lanes[lane_of[i]].row, timings[i], reference);
  if (reference_out != nullptr && reference != nullptr) *reference_out = *reference;
  return {timings.begin() + static_cast<ptrdiff_t>(own), timings.end()};
}

// rte_acl under each of its algorithms and batch sizes: all answers are checked, the fastest few stay in the race.
struct AclVariant {
  AclPeer::Algorithm algorithm;
  size_t batch = 0;
};

std::vector<AclVariant> check_acl(AclPeer& peer, std::span<const uint32_t> truth, BenchRow& row,
                                  const BenchOptions& options) {
  std::vector<AclVariant> variants;
  for (const AclPeer::Algorithm& algorithm : peer.algorithms()) {
    tell(options, fmt::format("rte_acl: checking answers of {}", algorithm.name));
    for (const size_t batch : kAclBatches) {
      peer.forget_answers();
      peer.classify(algorithm, batch, 0, truth.size());
      uint64_t wrong = 0;
      for (size_t i = 0; i < truth.size(); ++i) wrong += peer.answers()[i] == truth[i] ? 0 : 1;
      row.wrong = std::max(row.wrong, wrong);
      variants.push_back({algorithm, batch});
    }
  }
  row.packets = truth.size();
  return variants;
}

std::vector<Contestant> acl_contestants(AclPeer& peer, std::span<const AclVariant> variants, size_t packets) {
  std::vector<Contestant> contestants;
  for (const AclVariant& v : variants)
    contestants.push_back(
        {[&peer, v](size_t begin, size_t end) { peer.classify(v.algorithm, v.batch, begin, end); }, packets, v.batch});
  return contestants;
}

void keep_fastest(std::vector<AclVariant>& variants, AclPeer& peer, size_t packets, const BenchOptions& options) {
  const auto contestants = acl_contestants(peer, variants, packets);
  const auto timings = contest(contestants, contest_options(options, kAclTrialRounds, "rte_acl: choosing its options"));
  std::vector<size_t> by_time(variants.size());
  std::iota(by_time.begin(), by_time.end(), size_t{0});
  std::sort(by_time.begin(), by_time.end(), [&](size_t a, size_t b) { return timings[a].median() < timings[b].median(); });
  std::vector<AclVariant> fastest;
  for (size_t i = 0; i < by_time.size() && i < kAclFinalists; ++i) fastest.push_back(variants[by_time[i]]);
  variants = std::move(fastest);
}

}  // namespace

Result<ClassBenchResult> bench_classbench(std::span<const Filter> filters, std::span<const Header> headers,
                                          const std::string& place, const BenchOptions& options) {
  tell(options, "building the table");
  auto filter_table = table_of(filters, place);
  if (!filter_table) return fail(filter_table.error());
  const std::vector<uint32_t> filter_of_rule = std::move(filter_table->filter_of_rule);
  auto table = decode_table(filter_table->raw);
  if (!table) return fail(table.error());
  if (Problems refused = refusals(*table); !refused.empty()) return fail(std::move(refused));
  filter_table->raw = {};

  // The packets lie in memory in the order of play, as a receive ring would hand them over.
  std::vector<uint32_t> order(headers.size());
  std::iota(order.begin(), order.end(), 0U);
  std::shuffle(order.begin(), order.end(), std::mt19937_64(options.seed));
  std::vector<Header> played;
  for (const uint32_t i : order) played.push_back(headers[i]);
  HeaderPackets packets(played);

  tell(options, "finding the first match of every header");
  const std::vector<uint32_t> truth = first_matches(filters, played);
  tell(options, "compiling");
  const Result<CompiledTable> compiled = compile_table(*table);

  const auto filter_found = [&filter_of_rule](const Outcome& outcome) {
    // One rule is bumped: a filter's, which accepts, or the policy, which drops.
    if (outcome.bumps.size() != 1 || outcome.hotdrop) return UINT32_MAX;
    const uint32_t filter = filter_of_rule[index_of(outcome.bumps.front().rule)];
    return (outcome.verdict == Verdict::kAccept) == (filter != 0) ? filter : UINT32_MAX;
  };
  BenchRow model;
  model.rules = static_cast<uint32_t>(filters.size());
  std::vector<Lane> lanes = product_lanes(
      *table, compiled, Hook::kForward, packets.packets(),
      [&](size_t i, const Outcome& outcome) { return filter_found(outcome) == truth[i]; }, model, options);

  ClassBenchResult result;
  if (compiled) {
    result.answers.resize(headers.size());
    const auto entrant = compiled_entrant(*compiled->program, Hook::kForward, packets.packets());
    for (size_t at = 0; at < order.size(); at += entrant->batch())
      entrant->show(at, std::min(at + entrant->batch(), order.size()),
                    [&](size_t i, const Outcome& outcome) { result.answers[order[i]] = filter_found(outcome); });
  }

  BenchRow acl_row = model;
  acl_row.engine = "rte_acl";
  std::vector<AclVariant> variants;
  tell(options, "rte_acl: building");
  const auto peer = AclPeer::build(filters, played);
  if (peer) {
    acl_row.build_ms = (*peer)->build_ms();
    acl_row.bytes = (*peer)->bytes();
    variants = check_acl(**peer, truth, acl_row, options);
  } else {
    acl_row.error = first_line(peer.error());
  }

  if (options.timed) {
    std::vector<Contestant> extra;
    if (peer) {
      keep_fastest(variants, **peer, played.size(), options);
      extra = acl_contestants(**peer, variants, played.size());
    }
    Timing reference;
    const std::vector<Timing> timings = time_lanes(lanes, extra, options, "timing", &reference);
    for (size_t i = 0; i < timings.size(); ++i)
      if (!acl_row.ns_per_packet || timings[i].median() < *acl_row.ns_per_packet) {
        acl_row.isa = variants[i].algorithm.name;
        acl_row.batch = static_cast<unsigned>(variants[i].batch);
        set_figures(acl_row, timings[i], reference.ns_per_packet.empty() ? nullptr : &reference);
      }
  }
  for (Lane& lane : lanes) result.rows.push_back(std::move(lane.row));
  result.rows.push_back(std::move(acl_row));
  return result;
}

Result<std::vector<BenchRow>> bench_rule_set(const RuleSet& rules, const BenchOptions& options) {
  Problems refused;
  for (const Table& table : rules.tables)
    for (Problem& problem : refusals(table)) refused.push_back(std::move(problem));
  if (!refused.empty()) return fail(std::move(refused));

  std::vector<BenchRow> rows;
  for (const Family family : {Family::kIpv4, Family::kIpv6}) {
    std::vector<Table> tables;
    for (const Table& table : rules.tables)
      if (table.family == family) tables.push_back(table);
    if (tables.empty()) continue;
    tell(options, "making packets that aim at the rules");
    const auto traffic = collect_traffic(
        tables, rules.host, family, {.packets = options.packets, .at_most = options.traffic_time, .seed = options.seed});
    for (size_t t = 0; t < tables.size(); ++t) {
      const Result<CompiledTable> compiled = compile_table(tables[t]);
      for (unsigned h = 0; h < kHookCount; ++h) {
        const auto hook = static_cast<Hook>(h);
        if (!tables[t].has_hook(hook)) continue;
        // A policy alone is nothing to measure.
        if (tables[t].hook_entry[h] == tables[t].underflow[h]) continue;
        BenchRow model;
        model.table = tables[t].name;
        model.family = family_name(family);
        model.hook = hook_name(hook);
        model.rules = static_cast<uint32_t>(tables[t].rules.size());
        if (compiled)
          for (const HookStats& stats : compiled->hooks)
            if (stats.hook == hook) model.rules = stats.rules;
        const HookTraffic& at_hook = *traffic[t][h];
        const auto is_right = [&at_hook](size_t i, const Outcome& outcome) { return at_hook.is_right(i, outcome); };
        auto lanes = product_lanes(tables[t], compiled, hook, at_hook.packets(), is_right, model, options, rules.host);
        if (at_hook.size() == 0)
          for (Lane& lane : lanes) lane.row.error = "no packet comes to this hook";
        else if (options.timed)
          time_lanes(lanes, {}, options, fmt::format("{}/{}", model.table, model.hook));
        for (Lane& lane : lanes) rows.push_back(std::move(lane.row));
      }
    }
  }
  return rows;
}

std::string json_line(const BenchRow& row) {
  nlohmann::ordered_json line;
  if (!row.hook.empty()) {
    line["family"] = row.family;
    line["table"] = row.table;
    line["hook"] = row.hook;
  }
  line["engine"] = row.engine;
  if (!row.isa.empty()) line["isa"] = row.isa;
  line["batch"] = row.batch;
  line["rules"] = row.rules;
  line["packets"] = row.packets;
  if (!row.error.empty()) {
    line["error"] = row.error;
    return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  }
  if (row.ns_per_packet) line["ns_per_packet"] = std::round(*row.ns_per_packet * 100) / 100;
  if (row.times_reference) line["times_reference"] = std::round(*row.times_reference * 100) / 100;
  line["build_ms"] = std::round(row.build_ms * 1000) / 1000;
  line["bytes"] = row.bytes;
  line["wrong"] = row.wrong;
  return line.dump();
}

std::string text_table(std::span<const BenchRow> rows) {
  std::string text;
  const BenchRow* previous = nullptr;
  for (const BenchRow& row : rows) {
    const bool new_hook =
        previous == nullptr || previous->hook != row.hook || previous->table != row.table || previous->family != row.family;
    if (new_hook) {
      if (previous != nullptr) text += '\n';
      if (!row.hook.empty()) text += fmt::format("{} {}/{}: {} rules\n", row.family, row.table, row.hook, row.rules);
      text += fmt::format("{:<10} {:<10} {:>5} {:>11} {:>8} {:>11} {:>10} {:>12} {:>8} {:>8} {:>6}\n", "engine", "isa",
                          "batch", "ns/packet", "Mpps", "x reference", "build ms", "bytes", "B/rule", "packets", "wrong");
    }
    previous = &row;
    if (!row.error.empty()) {
      text += fmt::format("{:<10} {}\n", row.engine, row.error);
      continue;
    }
    const auto figure = [](std::optional<double> value, int digits) {
      return value ? fmt::format("{:.{}f}", *value, digits) : std::string("-");
    };
    std::optional<double> mpps;
    if (row.ns_per_packet && *row.ns_per_packet > 0) mpps = 1000 / *row.ns_per_packet;
    // A hook's row gives the bytes of the whole table, which are not its rules' alone.
    std::optional<double> bytes_per_rule;
    if (row.hook.empty()) bytes_per_rule = static_cast<double>(row.bytes) / std::max(row.rules, 1U);
    text += fmt::format("{:<10} {:<10} {:>5} {:>11} {:>8} {:>11} {:>10} {:>12} {:>8} {:>8} {:>6}\n", row.engine,
                        row.isa.empty() ? "-" : row.isa, row.batch, figure(row.ns_per_packet, 1), figure(mpps, 2),
                        figure(row.times_reference, 1), figure(row.build_ms, 2), row.bytes, figure(bytes_per_rule, 0),
                        row.packets, row.wrong);
  }
  return text;
}

}  // namespace hookline::measure
