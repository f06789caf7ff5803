// cli/verb.h: the command line is one file a verb; each adds its subcommand here, and says what to run when it is chosen.
#pragma once

#include <functional>

#include "base/result.h"

namespace CLI {
class App;
}

namespace hookline::cli {

// What the chosen verb does; its result is the exit code.
using Run = std::function<int()>;

// Exit codes beyond those of ProblemKind.
inline constexpr int kDone = 0, kDifference = 1, kUsage = 2;

// Prints every problem on standard error, one a line, and returns the exit code of the first.
int report(const Problems& problems);

void add_check(CLI::App& app, Run& run);
void add_bench(CLI::App& app, Run& run);
void add_compile(CLI::App& app, Run& run);
void add_eval(CLI::App& app, Run& run);
void add_explain(CLI::App& app, Run& run);
void add_extensions(CLI::App& app, Run& run);
void add_fetch(CLI::App& app, Run& run);
void add_info(CLI::App& app, Run& run);
void add_isas(CLI::App& app, Run& run);
void add_push(CLI::App& app, Run& run);
void add_run(CLI::App& app, Run& run);
void add_show(CLI::App& app, Run& run);
void add_verify(CLI::App& app, Run& run);

}  // namespace hookline::cli
