// cli/isas.cpp: `hookline isas`: which instruction sets this build holds, which of them this CPU runs, which is in use.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>

#include "classify/isa.h"
#include "cli/verb.h"

namespace hookline::cli {
namespace {

int run() {
  if (auto forced = force_isa_from_environment(); !forced) return report(forced.error());
  const auto runnable = runnable_isas();
  for (const Isa isa : compiled_isas()) {
    const bool runs = std::find(runnable.begin(), runnable.end(), isa) != runnable.end();
    const std::string_view state = isa == active_isa() ? "in use" : runs ? "runs here" : "not on this CPU";
    fmt::print("{:<7} {}\n", isa_name(isa), state);
  }
  return kDone;
}

}  // namespace

void add_isas(CLI::App& app, Run& run_verb) {
  CLI::App* verb = app.add_subcommand("isas", "List the instruction sets of the compiled engine and which run here");
  verb->callback([&run_verb] { run_verb = [] { return run(); }; });
}

}  // namespace hookline::cli
