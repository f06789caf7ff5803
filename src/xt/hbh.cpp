// xt/hbh.cpp: match `hbh`, IPv6, revision 0: hop-by-hop options, wherever in the chain they stand.
//
// What it tests is said in xt/ipv6_options.h.
// Source: kernel ip6t_hbh.c; UAPI linux/netfilter_ipv6/ip6t_opts.h.
#include <netinet/in.h>

#include "xt/ipv6_options.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

void print(const Ipv6Options& m, TextOut& out) { print_ipv6_options(m, "hbh", out); }

Answer evaluate(const Ipv6Options& m, const MatchContext& context) {
  return evaluate_ipv6_options(m, IPPROTO_HOPOPTS, context);
}

}  // namespace

constexpr MatchType kHbhMatch = match_type<Ipv6Options, decode_ipv6_options, print, evaluate, lower_ipv6_options>(
    {"hbh", 0, kIpv6Only, sizeof(ip6t_opts)});

}  // namespace hookline::xt
