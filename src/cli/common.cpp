// cli/common.cpp: see the header.
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "cli/common.h"

namespace hookline::cli {

CLI::Option* add_family_option(CLI::App& verb, std::string& value, const std::string& help) {
  return verb.add_option("--family", value, help)->check(CLI::IsMember({"ipv4", "ipv6"}));
}

Family family_from(const std::string& value) { return value == "ipv6" ? Family::kIpv6 : Family::kIpv4; }

Result<void> write_file(const std::string& path, const void* bytes, size_t size) {
  const auto failed = [&](const char* step) {
    return fail(ProblemKind::kSystem, path, std::string(step) + ": " + std::strerror(errno), "a place to write to");
  };
  struct stat status {};
  const bool in_place = ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
  const std::string target = in_place ? path : path + ".new";
  std::FILE* file = std::fopen(target.c_str(), "wb");
  if (file == nullptr) return failed("cannot be written");
  const bool written = std::fwrite(bytes, 1, size, file) == size;
  if (std::fclose(file) != 0 || !written) {
    auto problem = failed("cannot be written");
    if (!in_place) ::unlink(target.c_str());
    return problem;
  }
  if (!in_place && std::rename(target.c_str(), path.c_str()) != 0) return failed("cannot be replaced");
  return {};
}

}  // namespace hookline::cli
