// cli/main.cpp: the program `hookline`: finds the verb, runs it, turns what happened into an exit code.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "classify/isa.h"
#include "cli/verb.h"

int main(int argc, char** argv) {
  using namespace hookline::cli;
  CLI::App app{"Exact userspace evaluation of legacy iptables rule sets", "hookline"};
  app.require_subcommand(1);
  app.set_help_all_flag("--help-all", "Print the help of every command");

  app.set_version_flag("--version", "hookline " HOOKLINE_VERSION);
  app.footer(
      "Exit codes: 0 done, 1 a difference or a failed check, 2 wrong usage, 3 the input is refused, 4 the system refuses.\n"
      "HOOKLINE_ISA=scalar|avx2|avx512 forces the instruction set of the compiled engine.");

  Run run;
  add_fetch(app, run);
  add_push(app, run);
  add_show(app, run);
  add_info(app, run);
  add_check(app, run);
  add_compile(app, run);
  add_eval(app, run);
  add_explain(app, run);
  add_verify(app, run);
  add_bench(app, run);
  add_run(app, run);
  add_extensions(app, run);
  add_isas(app, run);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  if (const auto isa = hookline::force_isa_from_environment(); !isa) return report(isa.error());
  try {
    return run();
  } catch (const std::exception& error) {  // out of memory, a full disk: nothing that a verb could mend
    std::fprintf(stderr, "hookline: %s\n", error.what());
    return static_cast<int>(hookline::ProblemKind::kSystem);
  }
}
