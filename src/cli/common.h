// cli/common.h: what several verbs share: the family option, writing a file.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"
#include "packet/hooks.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace hookline::cli {

// `--family ipv4|ipv6`, checked by the parser; `help` says what it means for the verb.
CLI::Option* add_family_option(CLI::App& verb, std::string& value, const std::string& help);
Family family_from(const std::string& value);  // "" and "ipv4" are IPv4

// Writes `bytes` to `path` completely or not at all (a new file that replaces the old one; devices are written in place).
Result<void> write_file(const std::string& path, const void* bytes, size_t size);

}  // namespace hookline::cli
