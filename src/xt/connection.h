// xt/connection.h: what the matches and targets on connections share: why they are refused, and masks as names.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace hookline::xt {

inline constexpr std::string_view kNeedsTracking = "it needs connection tracking";

struct BitName {
  uint32_t bit;
  std::string_view name;
};

// The names of the bits set in `mask`, in the order of the list, with commas between them.
inline std::string bit_names(uint32_t mask, std::span<const BitName> names) {
  std::string text;
  for (const BitName& name : names)
    if ((mask & name.bit) != 0) text += (text.empty() ? "" : ",") + std::string(name.name);
  return text;
}

}  // namespace hookline::xt
