#include "xt/tcp_header.h"

namespace hookline::xt {

std::optional<uint32_t> tcp_header_offset(const TargetContext& context) {
  if (context.packet.family == Family::kIpv4) return (context.packet.data[0] & 0xfU) * 4;
  const auto upper = skip_ipv6_headers(context);
  return upper ? std::optional(upper->offset) : std::nullopt;
}

}  // namespace hookline::xt
