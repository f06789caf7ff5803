// xt/tcpmss_target.cpp: target `TCPMSS`, both families, revision 0.
//
// Lowers the first MSS option of a TCP header to a given value, or to what the path's MTU leaves; it never raises one. A
// header without the option gets one in front of its other options where no data follows it and there is room for four
// bytes: at most 536 (IPv6: 1220), what a peer assumes that was told nothing. Later fragments pass. A header that is cut
// off, and an MTU too small for any data, drop the packet.
// Source: kernel xt_TCPMSS.c, tcpmss_mangle_packet(), tcpmss_tg4(), tcpmss_tg6(), tcpmss_tg4_check(); UAPI
// linux/netfilter/xt_TCPMSS.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_TCPMSS.h>
#include <linux/netfilter/xt_tcpudp.h>

#include <algorithm>

#include "table/table.h"
#include "xt/extension.h"
#include "xt/rewrite.h"
#include "xt/tcp_header.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint16_t kTcp = 6;
constexpr uint8_t kSyn = 0x02;
constexpr uint8_t kMssOption = 2, kMssOptionBytes = 4;
constexpr uint32_t kLongestHeader = 60;
constexpr uint32_t kClampHooks = hook_bit(Hook::kForward) | hook_bit(Hook::kOutput) | hook_bit(Hook::kPostrouting);

struct SetMss {
  uint16_t mss;  // XT_TCPMSS_CLAMP_PMTU: by the MTU
};

// Some match says that the packet has SYN. Kernel: find_syn_match().
bool asks_for_syn(const Rule& rule) {
  return std::any_of(rule.matches.begin(), rule.matches.end(), [](const Match& match) {
    if (match.name != "tcp") return false;
    const auto info = read_at<xt_tcp>(match.raw, 0);
    return info && (info->flg_cmp & kSyn) != 0 && (info->invflags & XT_TCP_INV_FLAGS) == 0;
  });
}

Decoded<SetMss> decode(Bytes data, const DecodeContext& context) {
  const auto info = read_at<xt_tcpmss_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_tcpmss_info)));
  if (info->mss == XT_TCPMSS_CLAMP_PMTU && (context.hooks & ~kClampHooks) != 0)
    return refuse("the path's MTU at a hook without a route", "only FORWARD, OUTPUT and POSTROUTING");
  if (context.rule != nullptr && !asks_for_syn(*context.rule))
    return refuse("no match that asks for SYN", "-m tcp with SYN among its flags, not inverted");
  return SetMss{info->mss};
}

void print(const SetMss& target, TextOut& out) {
  out.add(target.mss == XT_TCPMSS_CLAMP_PMTU ? " --clamp-mss-to-pmtu" : fmt::format(" --set-mss {}", target.mss));
}

constexpr TargetAction kDropped{.continues = false, .verdict = Verdict::kDrop};

// The packet has become longer. Kernel: csum_replace2(), and IPv6's payload_len.
void write_length(Packet& packet) {
  uint8_t* ip = packet.data;
  if (packet.family == Family::kIpv6) {
    store_be16(ip + 4, static_cast<uint16_t>(load_be16(ip + 4) + kMssOptionBytes));
    return;
  }
  const uint16_t before = load_be16(ip + 2);
  const auto after = static_cast<uint16_t>(before + kMssOptionBytes);
  replace_in_header_checksum(ip + 10, before, after);
  store_be16(ip + 2, after);
}

TargetAction evaluate(const SetMss& target, TargetContext& context) {
  Packet& packet = context.writable;
  const bool v4 = packet.family == Family::kIpv4;
  const auto offset = tcp_header_offset(context);
  if (!offset) return kDropped;
  if (context.fragment_offset != 0) return kContinue;
  if (context.bytes(*offset, kTcpHeaderBytes) == nullptr) return kDropped;
  const uint32_t length = packet.length - *offset;
  uint8_t* tcp = packet.data + *offset;
  const uint32_t header_length = (tcp[12] >> 4) * 4U;
  if (length < header_length || header_length < kTcpHeaderBytes) return kDropped;
  uint16_t mss = target.mss;
  if (target.mss == XT_TCPMSS_CLAMP_PMTU) {
    const uint32_t headers = (v4 ? 20U : 40U) + kTcpHeaderBytes;
    if (packet.mtu <= headers) return kDropped;
    mss = static_cast<uint16_t>(packet.mtu - headers);
  }

  for (uint32_t i = kTcpHeaderBytes; i + kMssOptionBytes <= header_length; i += tcp_option_bytes(tcp, i)) {
    if (tcp[i] != kMssOption || tcp[i + 1] != kMssOptionBytes) continue;
    const uint16_t before = load_be16(tcp + i + 2);
    if (before <= mss) return kContinue;
    store_be16(tcp + i + 2, mss);
    replace_in_checksum(tcp + 16, before, mss);
    return kContinueChanged;
  }

  if (length > header_length || header_length >= kLongestHeader) return kContinue;
  if (packet.room < kMssOptionBytes) return kDropped;  // the kernel would find memory, or drop it as well
  packet.room -= kMssOptionBytes;
  packet.length += kMssOptionBytes;
  mss = std::min<uint16_t>(mss, v4 ? 536 : 1220);
  uint8_t* option = tcp + kTcpHeaderBytes;
  std::memmove(option + kMssOptionBytes, option, length - kTcpHeaderBytes);
  replace_in_checksum(tcp + 16, length, length + kMssOptionBytes);
  option[0] = kMssOption;
  option[1] = kMssOptionBytes;
  store_be16(option + 2, mss);
  replace_in_checksum(tcp + 16, 0, load_be32(option));
  const uint16_t before = load_be16(tcp + 12);
  tcp[12] = static_cast<uint8_t>(tcp[12] + (kMssOptionBytes / 4 << 4));
  replace_in_checksum(tcp + 16, before, load_be16(tcp + 12));
  write_length(packet);
  return kContinueChanged;
}

constexpr WrittenBits kWrites[] = {{Dimension::kLength, UINT32_MAX}};

}  // namespace

constexpr TargetType kTcpmssTarget = target_type<SetMss, decode, print, evaluate>(
    {"TCPMSS", 0, kBothFamilies, sizeof(xt_tcpmss_info), {.protocol = kTcp}}, kWrites);

}  // namespace hookline::xt
