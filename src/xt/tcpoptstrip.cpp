// xt/tcpoptstrip.cpp: target `TCPOPTSTRIP`, both families, revision 0.
//
// Overwrites the TCP options of given kinds with NOPs. Later fragments pass; a TCP header that is cut off drops the packet.
// Source: kernel xt_TCPOPTSTRIP.c, tcpoptstrip_mangle_packet(); UAPI linux/netfilter/xt_TCPOPTSTRIP.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_TCPOPTSTRIP.h>

#include "xt/extension.h"
#include "xt/rewrite.h"
#include "xt/tcp_header.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint16_t kTcp = 6;
constexpr TargetAction kDropped{.continues = false, .verdict = Verdict::kDrop};

struct StripOptions {
  uint32_t kinds[8];  // bit k % 32 of word k / 32: kind k goes
  [[nodiscard]] bool has(unsigned kind) const { return (kinds[kind / 32] >> kind % 32 & 1) != 0; }
};

Decoded<StripOptions> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<xt_tcpoptstrip_target_info>(data, 0);
  if (!info)
    return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_tcpoptstrip_target_info)));
  StripOptions target{};
  std::memcpy(target.kinds, info->strip_bmap, sizeof target.kinds);
  return target;
}

void print(const StripOptions& target, TextOut& out) {
  std::string list;
  for (unsigned kind = 0; kind < 256; ++kind)
    if (target.has(kind)) list += fmt::format("{}{}", list.empty() ? "" : ",", kind);
  if (!list.empty()) out.add(" --strip-options " + list);
}

TargetAction evaluate(const StripOptions& target, TargetContext& context) {
  Packet& packet = context.writable;
  const auto offset = tcp_header_offset(context);
  if (!offset) return kDropped;
  if (context.fragment_offset != 0) return kContinue;
  if (context.bytes(*offset, kTcpHeaderBytes) == nullptr) return kDropped;
  uint8_t* tcp = packet.data + *offset;
  const uint32_t header_length = (tcp[12] >> 4) * 4U;
  if (header_length < kTcpHeaderBytes || packet.length - *offset < header_length) return kDropped;
  TargetAction action = kContinue;
  for (uint32_t i = kTcpHeaderBytes, length = 0; i + 1 < header_length; i += length) {
    length = tcp_option_bytes(tcp, i);
    if (i + length > header_length) break;
    if (!target.has(tcp[i])) continue;
    for (uint32_t at = i; at < i + length; ++at) {
      const unsigned shift = at % 2 == 0 ? 8 : 0;
      replace_in_checksum(tcp + 16, uint32_t{tcp[at]} << shift, uint32_t{kTcpOptionNop} << shift);
      tcp[at] = kTcpOptionNop;
    }
    action.wrote = true;
  }
  return action;
}

}  // namespace

constexpr TargetType kTcpoptstripTarget = target_type<StripOptions, decode, print, evaluate>(
    {"TCPOPTSTRIP", 0, kBothFamilies, sizeof(xt_tcpoptstrip_target_info), {.table = "mangle", .protocol = kTcp}});

}  // namespace hookline::xt
