// xt/ecn_target.cpp: target `ECN`, IPv4, revision 0.
//
// Writes the two ECN bits of the TOS byte, TCP's ECE and CWR, or all of them. A TCP packet with less than a whole header
// behind the IP header is dropped where TCP's bits are to be written; later fragments are not told apart, so that bytes of
// their payload are taken for the header.
// Source: kernel ipt_ECN.c, ecn_tg(), ecn_tg_check(); UAPI linux/netfilter_ipv4/ipt_ECN.h.
#include <fmt/core.h>
#include <linux/netfilter_ipv4/ipt_ECN.h>

#include "xt/extension.h"
#include "xt/rewrite.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint8_t kTcp = 6;
constexpr uint32_t kTcpHeader = 20;
constexpr uint8_t kEce = 0x40, kCwr = 0x80;  // of TCP's byte 13
constexpr uint8_t kTcpOperations = IPT_ECN_OP_SET_ECE | IPT_ECN_OP_SET_CWR;

struct SetEcn {
  uint8_t operation, ect;
  uint8_t mask, bits;  // of TCP's byte 13
};

Decoded<SetEcn> decode(Bytes data, const DecodeContext& context) {
  const auto info = read_at<ipt_ECN_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(ipt_ECN_info)));
  if ((info->operation & IPT_ECN_OP_MASK) != 0)
    return refuse(fmt::format("operation {:#04x}", info->operation), "bits of 0x31");
  if ((info->ip_ect & ~IPT_ECN_IP_MASK) != 0) return refuse(fmt::format("ECT {:#04x}", info->ip_ect), "at most 3");
  if ((info->operation & kTcpOperations) != 0 && (context.protocol != kTcp || context.protocol_inverted))
    return refuse("bits of the TCP header without -p tcp", "-p tcp, not inverted");
  SetEcn target{info->operation, info->ip_ect, 0, 0};
  if ((info->operation & IPT_ECN_OP_SET_ECE) != 0) target.mask |= kEce;
  if ((info->operation & IPT_ECN_OP_SET_CWR) != 0) target.mask |= kCwr;
  if (info->proto.tcp.ece != 0) target.bits |= kEce;
  if (info->proto.tcp.cwr != 0) target.bits |= kCwr;
  return target;
}

void print(const SetEcn& target, TextOut& out) {
  const auto bit = [&](uint8_t which) { return (target.bits & which) != 0 ? 1 : 0; };
  if ((target.operation & kTcpOperations) == kTcpOperations && target.bits == 0) {
    out.add(" --ecn-tcp-remove");
  } else {
    if ((target.mask & kEce) != 0) out.add(fmt::format(" --ecn-tcp-ece {}", bit(kEce)));
    if ((target.mask & kCwr) != 0) out.add(fmt::format(" --ecn-tcp-cwr {}", bit(kCwr)));
  }
  if ((target.operation & IPT_ECN_OP_SET_IP) != 0) out.add(fmt::format(" --ecn-ip-ect {}", target.ect));
}

TargetAction evaluate(const SetEcn& target, TargetContext& context) {
  uint8_t* ip = context.writable.data;
  TargetAction action = kContinue;
  const uint8_t tos = ip[1];
  if ((target.operation & IPT_ECN_OP_SET_IP) != 0 && (tos & IPT_ECN_IP_MASK) != (target.ect & IPT_ECN_IP_MASK)) {
    ip[1] = static_cast<uint8_t>((tos & ~IPT_ECN_IP_MASK) | (target.ect & IPT_ECN_IP_MASK));
    replace_in_header_checksum(ip + 10, tos, ip[1]);
    action.wrote = true;
  }
  if (target.mask == 0 || ip[9] != kTcp) return action;
  const uint32_t header_length = (ip[0] & 0xfU) * 4;
  if (context.bytes(header_length, kTcpHeader) == nullptr)
    return {.continues = false, .verdict = Verdict::kDrop, .wrote = action.wrote};
  uint8_t* tcp = ip + header_length;
  const auto flags = static_cast<uint8_t>((tcp[13] & ~target.mask) | (target.bits & target.mask));
  if (flags == tcp[13]) return action;
  const uint16_t before = load_be16(tcp + 12);
  tcp[13] = flags;
  replace_in_checksum(tcp + 16, before, load_be16(tcp + 12));
  action.wrote = true;
  return action;
}

constexpr WrittenBits kWrites[] = {{Dimension::kMeta, uint32_t{kEce | kCwr} << kMetaL4LowShift}};

}  // namespace

constexpr TargetType kEcnTarget =
    target_type<SetEcn, decode, print, evaluate>({"ECN", 0, kIpv4Only, sizeof(ipt_ECN_info), {.table = "mangle"}}, kWrites);

}  // namespace hookline::xt
