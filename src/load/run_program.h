// load/run_program.h: runs one of the system's own programs inside a network namespace, with text in and text out.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "load/netns.h"

namespace hookline {

struct ProgramOutput {
  int exit_code = 0;  // 128 + signal where a signal ended it
  std::string out, error;
};

// No shell is involved. A program that does not exist is a kSystem problem that names `package`.
Result<ProgramOutput> run_program(const Netns& netns, const std::vector<std::string>& arguments, const std::string& input,
                                  const std::string& package);

}  // namespace hookline
