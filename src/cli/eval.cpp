// cli/eval.cpp: `hookline eval`: plays a capture through every table of a rule set and says, packet by packet, which rules
// counted it and what became of it.
//
// Packets are read in batches, so that the clock of --timing sees evaluation alone.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <memory>

#include "classify/isa.h"
#include "cli/json_lines.h"
#include "cli/packet_stream.h"
#include "cli/verb.h"
#include "engines/engine.h"
#include "text/save.h"

namespace hookline::cli {
namespace {

constexpr size_t kBatch = 512;

struct Options {
  StreamOptions stream;
  std::string engine = "compiled";
  bool json = false, bytes = false, timing = false;
};

// The counters of every rule, as bumps add up.
class Totals {
 public:
  explicit Totals(const std::vector<Table>& tables) : tables_(tables) {
    for (const Table& table : tables) counters_.emplace_back(table.rules.size());
  }
  void add(const PathResult& result) {
    for (const PathBump& bump : result.bumps) {
      Counters& counters = counters_[bump.table][index_of(bump.rule)];
      ++counters.packets;
      counters.bytes += bump.bytes;
    }
  }
  void print() const {
    for (size_t t = 0; t < tables_.size(); ++t) print(tables_[t], counters_[t]);
  }

 private:
  static void print(const Table& table, const std::vector<Counters>& counters) {
    std::printf("Table %s (%s)\n", table.name.c_str(), std::string(family_name(table.family)).c_str());
    std::vector<uint32_t> references(table.chains.size());
    for (const Rule& rule : table.rules) {
      if (rule.target.kind == TargetKind::kJump) ++references[table.rule(rule.target.jump_to).chain];
    }
    for (uint32_t c = 0; c < table.chains.size(); ++c) {
      const Chain& chain = table.chains[c];
      const Counters& last = counters[index_of(chain.last)];
      const char* end = "return";
      if (chain.hook)
        end = table.rule(chain.last).target.verdict == StandardVerdict::kAccept ? "policy ACCEPT" : "policy DROP";
      std::printf("\nChain %s (%s %" PRIu64 " packets, %" PRIu64 " bytes", chain.name.c_str(), end, last.packets,
                  last.bytes);
      if (!chain.hook) std::printf("; %u references", references[c]);
      std::printf(")\n    pkts      bytes rule\n");
      const std::string append = "-A " + chain.name + " ";
      for (uint32_t i = 0; i < table.rules.size(); ++i) {
        const Rule& rule = table.rules[i];
        if (rule.chain != c || rule.role != RuleRole::kRule) continue;
        std::string text = rule_text(table, RuleId{i});
        if (text.starts_with(append)) text.erase(0, append.size());
        std::printf("%8" PRIu64 " %10" PRIu64 " %s\n", counters[i].packets, counters[i].bytes, text.c_str());
      }
    }
    std::printf("\n");
  }

  const std::vector<Table>& tables_;
  std::vector<std::vector<Counters>> counters_;
};

// A count of packets that a person waiting at a terminal sees move.
class Progress {
 public:
  Progress() : shown_(isatty(STDERR_FILENO) == 1) {}
  void at(uint64_t packets) {
    if (!shown_) return;
    const auto now = std::chrono::steady_clock::now();
    if (now - last_ < std::chrono::milliseconds(250)) return;
    last_ = now;
    std::fprintf(stderr, "\r%" PRIu64 " packets", packets);
    dirty_ = true;
  }
  ~Progress() {
    if (dirty_) std::fprintf(stderr, "\r\033[K");
  }

 private:
  bool shown_, dirty_ = false;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

Result<void> write_out(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size()) return {};
  return fail(ProblemKind::kSystem, "standard output", std::string("cannot be written: ") + std::strerror(errno));
}

// Reads up to kBatch packets; their bytes are copied, as a capture's live only until the next is read.
class Batch {
 public:
  // True: there may be more. The packets read before an error are there.
  Result<bool> read(PacketStream& stream) {
    packets_.clear();
    bytes_.clear();
    offsets_.clear();
    while (packets_.size() < kBatch) {
      auto packet = stream.next();
      if (!packet) {
        point_into_bytes();
        return fail(std::move(packet.error()));
      }
      if (!*packet) {
        point_into_bytes();
        return false;
      }
      offsets_.push_back(bytes_.size());
      bytes_.insert(bytes_.end(), (*packet)->arrival.bytes.begin(), (*packet)->arrival.bytes.end());
      packets_.push_back(**packet);
    }
    point_into_bytes();
    return true;
  }
  [[nodiscard]] const std::vector<StreamPacket>& packets() const { return packets_; }

 private:
  void point_into_bytes() {
    for (size_t i = 0; i < packets_.size(); ++i) {
      Bytes& bytes = packets_[i].arrival.bytes;
      bytes = Bytes(bytes_.data() + offsets_[i], bytes.size());
    }
  }
  std::vector<StreamPacket> packets_;
  std::vector<uint8_t> bytes_;
  std::vector<size_t> offsets_;
};

Result<void> evaluate(const Options& options) {
  auto scene = set_scene(options.stream);
  if (!scene) return fail(std::move(scene.error()));
  const std::vector<Table>& tables = scene->rules.tables;
  const auto kind = engine_from_name(options.engine);
  if (!kind) return fail(kind.error());
  auto engines = make_engines(*kind, tables, scene->rules.host);
  if (!engines) return fail(std::move(engines.error()));
  auto stream = PacketStream::open(options.stream.capture, scene->path.path);
  if (!stream) return fail(std::move(stream.error()));

  scene->path.listens = options.json;
  PathWalker walker(tables, *engines, scene->path);
  Totals totals(tables);
  JsonLines lines(tables, options.bytes);
  Progress progress;
  Batch batch;
  std::vector<PathResult> results(kBatch);
  uint64_t packets = 0, by_index = 0, by_linear = 0;
  std::chrono::nanoseconds spent{};
  Result<bool> more = true;
  while (more && *more) {
    more = batch.read(*stream);
    const std::vector<StreamPacket>& read = batch.packets();

    const auto start = std::chrono::steady_clock::now();
    for (size_t i = 0; i < read.size(); ++i) {
      if (read[i].is_ip) walker.play(read[i].arrival, results[i]);
    }
    spent += std::chrono::steady_clock::now() - start;

    for (size_t i = 0; i < read.size(); ++i) {
      if (!read[i].is_ip) {
        if (options.json) lines.skipped(read[i].number);
        continue;
      }
      ++packets;
      by_index += results[i].by_index;
      by_linear += results[i].by_linear;
      if (options.json) {
        const bool ipv6 = !read[i].arrival.bytes.empty() && read[i].arrival.bytes[0] >> 4 == 6;
        lines.packet(read[i].number, ipv6 ? Family::kIpv6 : Family::kIpv4, results[i]);
      } else {
        totals.add(results[i]);
      }
    }
    if (auto written = write_out(lines.text()); !written) return written;
    lines.clear();
    progress.at(packets);
  }
  if (!more) {
    std::fflush(stdout);
    return fail(std::move(more.error()));
  }

  if (!options.json) totals.print();
  if (std::fflush(stdout) != 0) return write_out("\n");
  if (options.timing) {
    if (*kind != EngineKind::kCompiled) std::swap(by_index, by_linear);  // only a Program's index is one
    const double each = packets == 0 ? 0 : static_cast<double>(spent.count()) / static_cast<double>(packets);
    std::fprintf(stderr,
                 "{\"engine\":\"%s\",\"isa\":\"%s\",\"packets\":%" PRIu64
                 ",\"ns_per_packet\":%.1f,\"by\":{\"index\":%" PRIu64 ",\"linear\":%" PRIu64 "}}\n",
                 std::string(engine_name(*kind)).c_str(), std::string(isa_name(active_isa())).c_str(), packets, each,
                 by_index, by_linear);
  }
  return {};
}

}  // namespace

void add_eval(CLI::App& app, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      app.add_subcommand("eval", "Play a capture through the tables: the rules that count each packet, its verdict");
  add_stream_options(*verb, options->stream);
  verb->add_option("--engine", options->engine, "compiled, reference or linear; all give the same answers")
      ->check(CLI::IsMember({"compiled", "reference", "linear"}))
      ->capture_default_str();
  CLI::Option* json = verb->add_flag("--json", options->json, "One line a packet: n, verdict, rules, lens …");
  verb->add_flag("--bytes", options->bytes, "With --json: the packet after the last hook, as hex")->needs(json);
  verb->add_flag("--timing", options->timing, "One JSON line on standard error: the time that evaluation took");
  verb->callback([options, &run] {
    run = [options] {
      const Result<void> done = evaluate(*options);
      return done ? kDone : report(done.error());
    };
  });
}

}  // namespace hookline::cli
