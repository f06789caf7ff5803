// xt/log_line.h: the line that the kernel logs for a packet: target LOG's, and that of each rule that a traced packet meets.
//
// Everything is read from the packet as it stands; a header that is cut off is said to be. Source: kernel
// net/netfilter/nf_log_syslog.c, nf_log_ip_packet(), dump_ipv4_packet(), dump_ipv6_packet(), dump_mac_header().
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "packet/packet.h"

namespace hookline::xt {

// `flags`: XT_LOG_* of linux/netfilter/xt_LOG.h. The line has no level and no newline; it ends with a space where the kernel
// prints one.
std::string log_line(const Packet& packet, uint8_t flags, std::string_view prefix);

}  // namespace hookline::xt
