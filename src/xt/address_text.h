// xt/address_text.h: addresses and networks as iptables-save prints them in the options of an extension.
#pragma once

#include <string>

#include "packet/hooks.h"

namespace hookline::xt {

// `address`: 4 bytes (IPv4) or 16 as on the wire, such as a nf_inet_addr.
std::string address_text(Family family, const void* address);
// "10.0.0.0/8"; a full mask is not printed, one with holes is written out.
std::string network_text(Family family, const void* address, const void* mask);
// The length of the prefix that the mask is; below 0: it has holes.
int prefix_length(Family family, const void* mask);

}  // namespace hookline::xt
