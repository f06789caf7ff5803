#include <cstdio>

#include "cli/verb.h"

namespace hookline::cli {

int report(const Problems& problems) {
  for (const Problem& problem : problems) std::fprintf(stderr, "%s\n", problem.text().c_str());
  return problems.empty() ? kDone : static_cast<int>(problems.front().kind);
}

}  // namespace hookline::cli
