// xt/ipv6header.cpp: match `ipv6header`, IPv6, revision 0.
//
// Which extension headers a packet has, as a set of eight bits, one of which stands for an upper header that is none of
// them. Its walk is its own: it takes ESP for an extension header, goes on behind a later fragment's header as if the rest
// of the chain were there, and a chain that ends in the middle makes the answer no, outside the inversion, unless the last
// header's length goes beyond the packet: then what was found so far counts. Never hotdrops.
// Soft mode asks for the named headers only (inverted: for the absence of each), hard mode for exactly this set.
// Source: kernel ip6t_ipv6header.c, ipv6header_mt6(); UAPI linux/netfilter_ipv6/ip6t_ipv6header.h.
#include <arpa/inet.h>
#include <fmt/core.h>
#include <linux/netfilter_ipv6/ip6t_ipv6header.h>

#include <optional>

#include "xt/extension.h"
#include "xt/ipv6_headers.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct HeaderSet {
  uint8_t wanted;    // MASK_*
  uint8_t inverted;  // hard mode: 0 or 0xff
  uint8_t soft;
};

Decoded<HeaderSet> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<ip6t_ipv6header_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(ip6t_ipv6header_info)));
  if (info->modeflag == 0 && info->invflags != 0 && info->invflags != 0xff)
    return refuse(fmt::format("invflags {:#x} without --soft", info->invflags), "0 or 0xff");
  return HeaderSet{info->matchflags, info->invflags, info->modeflag};
}

// In the order in which iptables names them.
struct NamedBit {
  uint8_t bit;
  std::string_view name;
};
constexpr std::array<NamedBit, 8> kNames = {{{MASK_HOPOPTS, "hop-by-hop"},
                                             {MASK_DSTOPTS, "ipv6-opts"},
                                             {MASK_ROUTING, "ipv6-route"},
                                             {MASK_FRAGMENT, "ipv6-frag"},
                                             {MASK_AH, "ah"},
                                             {MASK_ESP, "esp"},
                                             {MASK_NONE, "ipv6-nonxt"},
                                             {MASK_PROTO, "protocol"}}};

void print(const HeaderSet& m, TextOut& out) {
  out.add(m.inverted != 0 ? " ! --header " : " --header ");
  std::string_view separator;
  for (const NamedBit& named : kNames) {
    if ((m.wanted & named.bit) == 0) continue;
    out.add(separator);
    out.add(named.name);
    separator = ",";
  }
  if (separator.empty()) out.add("NONE");
  if (m.soft != 0) out.add(" --soft");
}

// The headers of the packet; nothing where the chain ends in the middle of one.
std::optional<uint8_t> headers_of(const MatchContext& context) {
  const uint32_t packet_bytes = context.packet.length;
  uint8_t found = 0;
  const auto with = [&found](unsigned bit) { return static_cast<uint8_t>(found | bit); };
  uint8_t next = context.packet.data[6];
  uint32_t at = 40;
  for (;;) {
    if (next == IPPROTO_NONE) return with(MASK_NONE);
    uint8_t bit = 0;
    switch (next) {
      case IPPROTO_HOPOPTS:
        bit = MASK_HOPOPTS;
        break;
      case IPPROTO_ROUTING:
        bit = MASK_ROUTING;
        break;
      case IPPROTO_FRAGMENT:
        bit = MASK_FRAGMENT;
        break;
      case IPPROTO_AH:
        bit = MASK_AH;
        break;
      case IPPROTO_DSTOPTS:
        bit = MASK_DSTOPTS;
        break;
      case IPPROTO_ESP:
        bit = MASK_ESP;
        break;
      default:
        return with(MASK_PROTO);
    }
    const uint8_t* header = context.bytes(at, 2);
    if (header == nullptr) return std::nullopt;
    found = with(bit);
    if (next == IPPROTO_ESP) return found;
    at += next == IPPROTO_FRAGMENT ? 8U : next == IPPROTO_AH ? (header[1] + 2U) * 4 : ipv6_header_bytes(header);
    next = header[0];
    if (at > packet_bytes) return next == IPPROTO_NONE || next == IPPROTO_ESP ? found : with(MASK_PROTO);
  }
}

Answer evaluate(const HeaderSet& m, const MatchContext& context) {
  const auto found = headers_of(context);
  if (!found) return Answer::kNo;
  if (m.soft != 0) return answer(((*found ^ m.wanted ^ m.inverted) & m.wanted) == 0);
  return answer((*found == m.wanted) == (m.inverted == 0));
}

Lowered lower(const HeaderSet&, Family) { return evaluated(); }

}  // namespace

constexpr MatchType kIpv6headerMatch =
    match_type<HeaderSet, decode, print, evaluate, lower>({"ipv6header", 0, kIpv6Only, sizeof(ip6t_ipv6header_info)});

}  // namespace hookline::xt
