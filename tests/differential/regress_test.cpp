// Replays every recorded case (tests/regress/*.case) through all engines and, with "kernel" as the second argument, the
// kernel.
#include <fmt/core.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>

#include "verify/case_file.h"
#include "verify/differential.h"

using namespace hookline;

int main(int argc, char** argv) {
  if (argc < 2) return fmt::print("usage: regress_test DIRECTORY [kernel]\n"), 2;
  const bool kernel = argc > 2 && std::string_view(argv[2]) == "kernel";
  size_t count = 0, failed = 0;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
    if (entry.path().extension() != ".case") continue;
    ++count;
    std::ifstream file(entry.path());
    std::ostringstream text;
    text << file.rdbuf();
    const auto report = [&](const Problems& problems) {
      ++failed;
      for (const Problem& problem : problems) fmt::print("{}: {}\n", entry.path().filename().string(), problem.text());
    };
    auto content = parse_case(text.str(), entry.path().filename().string());
    if (!content) {
      report(content.error());
      continue;
    }
    auto snapshot = load_rules_text(content->rules, entry.path().filename().string(), content->family);
    if (!snapshot) {
      report(snapshot.error());
      continue;
    }
    auto set = decode_snapshot(std::move(*snapshot));
    if (!set) {
      report(set.error());
      continue;
    }
    auto difference = replay(*set, content->family, content->probes, kernel, {}, content->mtu);
    if (!difference) {
      report(difference.error());
    } else if (*difference) {
      ++failed;
      fmt::print("{}: {} against {}\n  expected {}\n  found    {}\n", entry.path().filename().string(),
                 (*difference)->engine, (*difference)->judge, (*difference)->expected, (*difference)->found);
    }
  }
  fmt::print("{} cases, {} failed\n", count, failed);
  return count != 0 && failed == 0 ? 0 : 1;
}
