// cli/explain.cpp: `hookline explain`: the walk of one packet, rule by rule: what matched, and for every rule that did not,
// the first condition that failed and what the packet has instead.
//
// The packets before it are played in silence first, because fragments that wait are part of the answer. The walk is the
// reference engine's.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/narrate.h"
#include "cli/packet_stream.h"
#include "cli/verb.h"
#include "packet/describe.h"

namespace hookline::cli {
namespace {

struct Options {
  StreamOptions stream;
  uint64_t packet = 1;
};

Result<void> explain(const Options& options) {
  auto scene = set_scene(options.stream);
  if (!scene) return fail(std::move(scene.error()));
  const std::vector<Table>& tables = scene->rules.tables;
  const Style style;
  bool audible = false;
  const std::vector<std::unique_ptr<TableEngine>> engines = narrated_engines(scene->rules, style, audible);
  auto stream = PacketStream::open(options.stream.capture, scene->path.path);
  if (!stream) return fail(std::move(stream.error()));

  scene->path.listens = true;
  PathWalker walker(tables, engines, scene->path);
  PathResult result;
  for (;;) {
    auto packet = stream->next();
    if (!packet) return fail(std::move(packet.error()));
    if (!*packet) {
      return fail(ProblemKind::kUsage, "--packet", std::to_string(options.packet),
                  "the number of a packet in the capture, from 1");
    }
    audible = (*packet)->number == options.packet;
    const Arrival& arrival = (*packet)->arrival;
    if (!(*packet)->is_ip) {
      if (!audible) continue;
      fmt::print("packet {}: not IP, so no rule sees it\n\nverdict: accept\n", options.packet);
      return {};
    }
    if (!audible) {
      walker.play(arrival, result);
      continue;
    }
    std::vector<uint8_t> bytes(arrival.bytes.begin(), arrival.bytes.end());
    Packet view;
    view.data = bytes.data();
    view.length = static_cast<uint32_t>(bytes.size());
    view.family = arrival.family.value_or(!bytes.empty() && bytes[0] >> 4 == 6 ? Family::kIpv6 : Family::kIpv4);
    fmt::print("packet {}: {}\n", options.packet, describe(view));
    fmt::print("path {}{}\n", path_name(scene->path.path), devices_text(scene->path));
    walker.play(arrival, result);
    print_end(result, view.family, style);
    return {};
  }
}

}  // namespace

void add_explain(CLI::App& app, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("explain", "The walk of one packet, rule by rule, and why");
  add_stream_options(*verb, options->stream);
  verb->add_option("--packet", options->packet, "Which packet of the capture, from 1")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  verb->callback([options, &run] {
    run = [options] {
      const Result<void> done = explain(*options);
      return done ? kDone : report(done.error());
    };
  });
}

}  // namespace hookline::cli
