// xt/proc_name.h: the names of objects that the kernel shows as files under /proc/net. Kernel: xt_check_proc_name().
#pragma once

#include <cstring>
#include <optional>
#include <string_view>

namespace hookline::xt {

// The text in a field of a fixed size, which may lack the NUL.
inline std::string_view text_in(const char* field, size_t size) { return {field, strnlen(field, size)}; }

inline bool is_proc_name(const char* field, size_t size) {
  const std::string_view name = text_in(field, size);
  return !name.empty() && name.size() < size && name != "." && name != ".." && name.find('/') == std::string_view::npos;
}

}  // namespace hookline::xt
