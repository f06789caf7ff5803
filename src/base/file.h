// base/file.h: whole files, with problems that name the file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace hookline {

// Far above any snapshot (the kernel takes less than 512 MiB a table) and below what would exhaust the memory.
inline constexpr uint64_t kMaxFileSize = uint64_t{4} << 30;

// The content of `path`, which may be a pipe. A directory, an unreadable file and one of more than kMaxFileSize bytes are
// kSystem problems.
Result<std::vector<uint8_t>> read_file(const std::string& path);

}  // namespace hookline
