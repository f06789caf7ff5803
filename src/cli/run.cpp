// cli/run.cpp: `hookline run`: loads and compiles the rules, opens the ports, watches over the workers, reports.
//
// The main thread is the control thread: it waits for signals and limits, prints the status line, and on SIGHUP loads the
// rules again and publishes them while the workers go on. What goes wrong with a reload is reported, and the rules in
// service stay.
#include "cli/run.h"

#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <deque>
#include <memory>
#include <utility>

#include "cli/run_report.h"
#include "cli/verb.h"
#include "config/run_config.h"
#include "face/build.h"
#include "io/eal.h"
#include "io/frames.h"
#include "io/wires.h"
#include "load/decode.h"
#include "load/fetch.h"
#include "load/netns.h"
#include "pipeline/publish.h"

namespace hookline::cli {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

Result<BuiltRules> load_rules(const RunConfig& config) {
  std::vector<RuleSet> sets;
  if (config.netns) {
    auto netns = config.netns->empty() ? Netns::current() : Netns::open(*config.netns);
    if (!netns) return fail(netns.error());
    auto snapshot = fetch(*netns);
    if (!snapshot) return fail(snapshot.error());
    auto set = decode_snapshot(std::move(*snapshot));
    if (!set) return fail(set.error());
    sets.push_back(std::move(*set));
  }
  for (const std::string& file : config.rules) {
    auto set = load_rule_set(file, config.family);
    if (!set) return fail(set.error());
    sets.push_back(std::move(*set));
  }
  return build_rules(sets);
}

std::string source_text(const RunConfig& config) {
  if (config.no_rules) return "none";
  if (config.netns) return config.netns->empty() ? "this namespace" : "namespace " + *config.netns;
  std::string text;
  for (const std::string& file : config.rules) text += (text.empty() ? "" : ", ") + file;
  return text;
}

void print_rules(FILE* out, const RunConfig& config, const BuiltRules& built, uint64_t generation) {
  fmt::print(out, "rules {}: {}\n", generation, source_text(config));
  for (const BuiltTable& table : built.tables) {
    fmt::print(out, "  {} {}: {} rules, compiled in {:.2f} ms to {} bytes{}\n", family_name(table.family), table.table,
               table.rules, table.build_ms, table.bytes,
               table.table == "nat" ? "; not consulted: no rule turns connection tracking on" : "");
  }
  std::fflush(out);
}

void print_problems(const Problems& problems) {
  for (const Problem& problem : problems) fmt::print(stderr, "{}\n", problem.text());
  std::fflush(stderr);
}

Result<WireOptions> wire_options(const RunConfig& config) {
  WireOptions options;
  options.workers = config.workers;
  options.burst = config.burst;
  options.descriptors = config.descriptors;
  options.buffers = config.buffers;
  options.frame_bytes = config.frame_bytes;
  options.idle_sleep_us = config.idle_sleep_us;
  options.drain_ms = config.drain_ms;
  options.mode = config.wire ? WireMode::kWire : WireMode::kRouter;
  options.flow_cache = config.flow_cache;
  options.pass_neighbour_discovery = config.pass_neighbour_discovery;
  for (const PortConfig& port : config.ports) {
    PortOptions& to = options.ports.emplace_back();
    to.name = port.name;
    to.device = port.device;
    to.interface = port.interface;
    to.peer = port.peer;
    to.queues = port.queues;
    to.mtu = port.mtu;
    if (!port.fill.empty()) {
      auto frames = read_frames(port.fill);
      if (!frames) return fail(frames.error());
      to.fill = std::move(*frames);
    }
  }
  if (Problems problems = check_wires(options); !problems.empty()) {
    for (Problem& problem : problems) problem.place.insert(0, "config: ");
    return fail(std::move(problems));
  }
  return options;
}

EalOptions eal_options(const RunConfig& config) {
  EalOptions options;
  options.workers = config.workers;
  options.cores = config.cores;
  options.huge_pages = config.huge_pages;
  options.memory_mb = config.memory_mb;
  options.more = config.eal_options;
  for (const PortConfig& port : config.ports) {
    if (is_pci_address(port.device)) options.pci.push_back(port.device);
  }
  return options;
}

// SIGINT, SIGTERM and SIGHUP are taken by the main thread when it asks for them, and never interrupt a worker.
class Signals {
 public:
  Signals() {
    sigemptyset(&set_);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set_, number);
    pthread_sigmask(SIG_BLOCK, &set_, &before_);
  }
  // One that is pending before the mask goes back would end the program: it has been obeyed already.
  ~Signals() {
    while (next(0) > 0) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  // The signal that arrived, or 0 after `milliseconds` without one.
  [[nodiscard]] int next(int milliseconds) const {
    const timespec wait{milliseconds / 1000, milliseconds % 1000 * 1000000L};
    const int number = sigtimedwait(&set_, nullptr, &wait);
    return number > 0 ? number : 0;
  }

 private:
  sigset_t set_{}, before_{};
};

class RunningPipeline {
 public:
  RunningPipeline(const RunConfig& config, bool to_terminal, FILE* out)
      : config_(config), terminal_(to_terminal), out_(out) {}

  Result<void> go(BuiltRules built, const WireOptions& options) {
    const Signals signals;
    if (auto started = start_eal(eal_options(config_)); !started) return fail(started.error());
    auto done = with_eal(std::move(built), options, signals);
    stop_eal();
    return done;
  }

 private:
  Result<void> with_eal(BuiltRules built, const WireOptions& options, const Signals& signals) {
    auto wires = Wires::open(options);
    if (!wires) return fail(wires.error());
    for (const std::string& name : (*wires)->links_down()) {
      fmt::print(stderr, "port {}: the link is down; going on\n", name);
    }
    Publication publication(ProgramSet(std::move(built.programs), built.host), config_.workers);
    built_.push_back(std::move(built.tables));
    if (auto started = (*wires)->start(publication, config_.limit_frames); !started) return fail(started.error());
    fmt::print(out_, "READY: {} ports, {} worker{}\n", options.ports.size(), config_.workers,
               config_.workers == 1 ? "" : "s");
    std::fflush(out_);

    watch(**wires, publication, signals);

    RunReport report;
    report.seconds = (*wires)->stop();
    report.totals = (*wires)->totals();
    report.generations = publication.counts();
    report.built.assign(built_.begin(), built_.end());
    report.zero_rules = config_.zero_rules;
    if (terminal_) fmt::print(stderr, "\r\033[K");
    if (config_.json) {
      fmt::print("{}\n", report_json(report));
    } else {
      fmt::print("\n{}", report_text(report));
    }
    std::fflush(stdout);
    return {};
  }

  // Returns when the run is to end.
  void watch(const Wires& wires, Publication& publication, const Signals& signals) {
    const Clock::time_point start = Clock::now();
    uint64_t last_received = 0;
    double last_change = 0, last_status = 0;
    Totals status_totals = wires.totals();
    for (;;) {
      switch (signals.next(kTickMs)) {
        case SIGINT:
        case SIGTERM:
          return;
        case SIGHUP:
          reload(publication);
          break;
        default:
          break;
      }
      const double now = seconds_since(start);
      const uint64_t received = wires.received();
      if (received != last_received) {
        last_received = received;
        last_change = now;
      }
      if (config_.limit_frames != 0 && received >= config_.limit_frames) return;
      if (config_.limit_seconds > 0 && now >= config_.limit_seconds) return;
      if (config_.limit_idle_ms != 0 && (now - last_change) * 1000 >= config_.limit_idle_ms) return;
      if (terminal_ && config_.status_ms != 0 && (now - last_status) * 1000 >= config_.status_ms) {
        Totals totals = wires.totals();
        fmt::print(stderr, "\r{}\033[K",
                   status_line(now, now - last_status, status_totals, totals, publication.generation()));
        std::fflush(stderr);
        status_totals = std::move(totals);
        last_status = now;
      }
    }
  }

  void reload(Publication& publication) {
    if (terminal_) fmt::print(stderr, "\r\033[K");
    auto built = load_rules(config_);
    if (!built) {
      print_problems(built.error());
      fmt::print(stderr, "rules {} stay in service\n", publication.generation());
      std::fflush(stderr);
      return;
    }
    print_rules(out_, config_, *built, publication.generation() + 1);
    publication.publish(ProgramSet(std::move(built->programs), built->host));
    built_.push_back(std::move(built->tables));
    if (built_.size() > Publication::kKeptGenerations + 1) built_.pop_front();
    fmt::print(out_, "PUBLISHED: rules {}\n", publication.generation());
    std::fflush(out_);
  }

  static constexpr int kTickMs = 5;

  const RunConfig& config_;
  bool terminal_;
  FILE* out_;
  std::deque<std::vector<BuiltTable>> built_;  // of the generations that Publication::counts() tells of
};

}  // namespace

Result<void> run_pipeline(const RunArguments& arguments) {
  auto config = read_run_config(arguments.config);
  if (!config) return fail(config.error());
  if (!arguments.rules.empty()) {
    config->netns.reset();
    config->no_rules = arguments.rules.size() == 1 && arguments.rules[0] == "none";
    config->rules = config->no_rules ? std::vector<std::string>() : arguments.rules;
  }
  if (arguments.frames) config->limit_frames = *arguments.frames;
  if (arguments.seconds) config->limit_seconds = *arguments.seconds;
  config->json |= arguments.json;

  const auto options = wire_options(*config);
  if (!options) return fail(options.error());
  auto built = load_rules(*config);
  if (!built) return fail(built.error());
  FILE* out = config->json ? stderr : stdout;
  print_rules(out, *config, *built, 1);
  for (const PortConfig& port : config->ports) {
    fmt::print(out, "port {}: {}, interface {}{}\n", port.name, port.device, port.interface,
               port.peer.empty() ? std::string(", only sent to") : ", frames leave by " + port.peer);
  }
  if (arguments.check) return {};
  return RunningPipeline(*config, isatty(STDERR_FILENO) == 1, out).go(std::move(*built), *options);
}

void add_run(CLI::App& app, Run& run) {
  auto arguments = std::make_shared<RunArguments>();
  CLI::App* verb =
      app.add_subcommand("run", "Run the DPDK pipeline that CONFIG describes, until a limit, SIGINT or SIGTERM");
  verb->add_option("CONFIG", arguments->config, "TOML file; the keys are in docs/run.md")->required();
  verb->add_option("--rules", arguments->rules, "Rules or snapshot files instead of the config's; `none`: no rules");
  verb->add_option("--frames", arguments->frames, "End after this many received frames")->check(CLI::NonNegativeNumber);
  verb->add_option("--seconds", arguments->seconds, "End after this time")->check(CLI::NonNegativeNumber);
  verb->add_flag("--json", arguments->json, "Print the final report as one line of JSON, everything else on standard error");
  verb->add_flag("--check", arguments->check, "Read the config, compile the rules, and stop there");
  verb->footer("SIGHUP loads the rules again and puts them into service without stopping the traffic.");
  verb->callback([arguments, &run] {
    run = [arguments] {
      const auto done = run_pipeline(*arguments);
      return done ? kDone : report(done.error());
    };
  });
}

}  // namespace hookline::cli
