// xt/tee.cpp: target `TEE`, revision 1, IPv4 and IPv6.
//
// Sends a copy of the packet to a gateway and goes on. The copy loses one from its TTL or hop limit where the packet has not
// been forwarded yet, gets DF (IPv4), and walks OUTPUT and POSTROUTING as a packet of this host's; like the walk of a
// REJECT's answer that is not the packet's own. A route to the gateway is assumed. Source: kernel net/netfilter/xt_TEE.c,
// tee_tg4(), tee_tg_check(); net/ipv4/netfilter/nf_dup_ipv4.c, net/ipv6/netfilter/nf_dup_ipv6.c; UAPI
// linux/netfilter/xt_TEE.h.
#include <arpa/inet.h>
#include <fmt/core.h>
#include <linux/netfilter/xt_TEE.h>

#include <algorithm>

#include "base/checksum.h"
#include "packet/effects.h"
#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Tee {
  std::array<uint8_t, 16> gateway;
  InterfaceName out;
};

Decoded<Tee> decode(Bytes data, const DecodeContext&) {
  if (data.size() < sizeof(xt_tee_tginfo))
    return refuse(fmt::format("{} bytes of data", data.size()), std::to_string(sizeof(xt_tee_tginfo)));
  Tee tee{};
  std::copy_n(data.begin(), tee.gateway.size(), tee.gateway.begin());
  std::copy_n(data.begin() + offsetof(xt_tee_tginfo, oif), tee.out.bytes.size(), tee.out.bytes.begin());
  if (std::all_of(tee.gateway.begin(), tee.gateway.end(), [](uint8_t byte) { return byte == 0; }))
    return refuse("no gateway", "an address");
  if (tee.out.bytes[0] != 0 && tee.out.bytes.back() != 0) return refuse("a device name without end", "at most 15 bytes");
  return tee;
}

void print(const Tee& tee, TextOut& out) {
  char text[INET6_ADDRSTRLEN] = "";
  inet_ntop(out.family() == Family::kIpv4 ? AF_INET : AF_INET6, tee.gateway.data(), text, sizeof text);
  out.add(fmt::format(" --gateway {}", text));
  if (!tee.out.absent()) out.add(fmt::format(" --oif {}", tee.out.view()));
}

TargetAction evaluate(const Tee&, TargetContext& context) {
  const Packet& packet = context.packet;
  if (packet.effects == nullptr) return kContinue;
  const bool before_forwarding = context.hook == Hook::kPrerouting || context.hook == Hook::kInput;
  std::vector<uint8_t> copy(packet.data, packet.data + packet.length);
  if (packet.family == Family::kIpv4) {
    if (before_forwarding) --copy[8];
    store_be16(copy.data() + 2, static_cast<uint16_t>(copy.size()));
    copy[6] |= 0x40;
    const uint32_t size = (copy[0] & 0xfU) * 4;
    store_be16(copy.data() + 10, 0);
    store_be16(copy.data() + 10, internet_checksum({copy.data(), std::min(size, packet.length)}));
  } else {
    if (before_forwarding) --copy[7];
    const uint32_t payload = packet.length - 40;
    store_be16(copy.data() + 4, static_cast<uint16_t>(payload > UINT16_MAX ? 0 : payload));
  }
  packet.effects->copies.push_back(std::move(copy));
  return kContinue;
}

}  // namespace

constexpr TargetType kTeeTarget =
    target_type<Tee, decode, print, evaluate>({"TEE", 1, kBothFamilies, sizeof(xt_tee_tginfo)});

}  // namespace hookline::xt
