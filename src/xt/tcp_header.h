// xt/tcp_header.h: what `TCPMSS` and `TCPOPTSTRIP` have in common: the TCP header that a target works on, and its options.
#pragma once

#include <cstdint>
#include <optional>

#include "table/extension.h"
#include "xt/ipv6_headers.h"

namespace hookline::xt {

inline constexpr uint32_t kTcpHeaderBytes = 20;
inline constexpr uint8_t kTcpOptionNop = 1;

// Where the TCP header begins, as these targets look for it. IPv6: nothing where the chain of headers is cut off or says
// that nothing follows. Kernel: ip_hdrlen(), ipv6_skip_exthdr().
std::optional<uint32_t> tcp_header_offset(const TargetContext& context);

// How far the next option lies: a length of 0 is not followed for ever. `at` and the byte behind it can be read. Kernel:
// optlen() of both targets.
inline uint32_t tcp_option_bytes(const uint8_t* header, uint32_t at) {
  return header[at] <= kTcpOptionNop || header[at + 1] == 0 ? 1 : header[at + 1];
}

}  // namespace hookline::xt
