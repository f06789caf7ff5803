// xt/ipv6_options.h: what `hbh` and `dst` have in common: the header's length, and the list that its options begin with.
//
// Each given option must be the next one in the header: its type, and its length where one is given. More may follow; a
// header that ends within the list is no match. A chain that ends in the middle, or a header that the packet does not hold
// whole, drops the packet.
// Source: kernel ip6t_hbh.c, hbh_mt6(), which serves both; UAPI linux/netfilter_ipv6/ip6t_opts.h.
#pragma once

#include <linux/netfilter_ipv6/ip6t_opts.h>

#include "xt/extension.h"

namespace hookline::xt {

struct Ipv6Options {
  uint32_t length;                                // of the header
  std::array<uint16_t, IP6T_OPTS_OPTSNR> wanted;  // type << 8 | length of its data; length 0xff: any
  uint8_t flags;                                  // IP6T_OPTS_*
  uint8_t inverted;                               // IP6T_OPTS_INV_*
  uint8_t count;
  [[nodiscard]] bool valid() const { return count <= IP6T_OPTS_OPTSNR; }
};

Decoded<Ipv6Options> decode_ipv6_options(Bytes data, const DecodeContext& context);
// `name`: hbh or dst.
void print_ipv6_options(const Ipv6Options& m, std::string_view name, TextOut& out);
// `kind`: of the header that is looked for.
Answer evaluate_ipv6_options(const Ipv6Options& m, uint8_t kind, const MatchContext& context);
Lowered lower_ipv6_options(const Ipv6Options& m, Family family);

}  // namespace hookline::xt
