// cli/report.cpp: how a verb tells its problems.
#include <cstdio>

#include "cli/verb.h"

namespace hookline::cli {
namespace {

// Names in hostile input may hold bytes that break a line or steer a terminal.
std::string printable(const std::string& line) {
  std::string text;
  for (const char c : line) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) {
      text += c;
    } else {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\x%02x", byte);
      text += escaped;
    }
  }
  return text;
}

}  // namespace

int report(const Problems& problems) {
  for (const Problem& problem : problems) std::fprintf(stderr, "%s\n", printable(problem.text()).c_str());
  return problems.empty() ? kDone : static_cast<int>(problems.front().kind);
}

}  // namespace hookline::cli
