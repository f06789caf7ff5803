// cli/main.cpp: the program `hookline`: finds the verb, runs it, turns what happened into an exit code.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "cli/verb.h"

int main(int argc, char** argv) {
  using namespace hookline::cli;
  CLI::App app{"Exact userspace evaluation of legacy iptables rule sets", "hookline"};
  app.require_subcommand(1);
  app.set_help_all_flag("--help-all", "Print the help of every command");

  Run run;
#ifdef HOOKLINE_HAVE_EVAL
  add_eval(app, run);
  add_explain(app, run);
#endif
#ifdef HOOKLINE_HAVE_RUN
  add_run(app, run);
#endif

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  try {
    return run();
  } catch (const std::exception& error) {  // out of memory, a full disk: nothing that a verb could mend
    std::fprintf(stderr, "hookline: %s\n", error.what());
    return static_cast<int>(hookline::ProblemKind::kSystem);
  }
}
