// base/bytes.h: reads from untrusted bytes and from packets.
//
// `read_at` is the bounds-checked read for input that may lie (snapshots, blobs). `load_be16` and friends read where the
// caller has checked the bounds already; they never assume alignment.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <type_traits>

namespace hookline {

using Bytes = std::span<const uint8_t>;

// A copy of the T at `offset`, or nothing where it does not lie wholly inside `bytes`.
template <typename T>
requires std::is_trivially_copyable_v<T>
[[nodiscard]] std::optional<T> read_at(Bytes bytes, size_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

static_assert(std::endian::native == std::endian::little, "snapshots and Programs are little-endian; so is the host");

// Loads in network byte order, result in host order.
inline uint16_t load_be16(const uint8_t* p) {
  uint16_t value;
  std::memcpy(&value, p, sizeof value);
  return __builtin_bswap16(value);
}
inline uint32_t load_be32(const uint8_t* p) {
  uint32_t value;
  std::memcpy(&value, p, sizeof value);
  return __builtin_bswap32(value);
}
inline void store_be16(uint8_t* p, uint16_t value) {
  value = __builtin_bswap16(value);
  std::memcpy(p, &value, sizeof value);
}
inline void store_be32(uint8_t* p, uint32_t value) {
  value = __builtin_bswap32(value);
  std::memcpy(p, &value, sizeof value);
}

}  // namespace hookline
