// xt/socket.cpp: match `socket`, revisions 0 (IPv4) to 3.
//
// Whether a socket of this host would take the packet. No socket of the host is known here, so it is never true; but from
// revision 1 on a rule with this match makes the kernel reassemble fragments ahead of all tables, which this build does not
// do: those are refused by name.
// Source: kernel xt_socket.c, socket_mt4_v0(), socket_mt4_v1_v2_v3(), socket_mt_v1_check() and its twins; UAPI
// linux/netfilter/xt_socket.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_socket.h>

#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint32_t kHooks = hook_bit(Hook::kPrerouting) | hook_bit(Hook::kInput);

struct Socket {
  uint8_t flags;  // XT_SOCKET_*
  [[nodiscard]] std::string refused() const { return "it turns on the reassembly of fragments ahead of all tables"; }
};
struct PlainSocket {
  uint8_t nothing;
};

Decoded<PlainSocket> decode_plain(Bytes, const DecodeContext&) { return PlainSocket{}; }

template <uint8_t known>
Decoded<Socket> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<xt_socket_mtinfo1>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_socket_mtinfo1)));
  if ((info->flags & ~known) != 0)
    return refuse(fmt::format("flags {:#x}", info->flags), fmt::format("bits of {:#x}", known));
  return Socket{info->flags};
}

void print_plain(const PlainSocket&, TextOut&) {}

void print(const Socket& m, TextOut& out) {
  if ((m.flags & XT_SOCKET_TRANSPARENT) != 0) out.add(" --transparent");
  if ((m.flags & XT_SOCKET_NOWILDCARD) != 0) out.add(" --nowildcard");
  if ((m.flags & XT_SOCKET_RESTORESKMARK) != 0) out.add(" --restore-skmark");
}

template <typename Info>
Answer evaluate(const Info&, const MatchContext&) {
  return Answer::kNo;
}

template <typename Info>
Lowered lower(const Info&, Family) {
  return never();
}

template <uint8_t revision, uint8_t known>
constexpr MatchType type() {
  return match_type<Socket, decode<known>, print, evaluate<Socket>, lower<Socket>>(
      {"socket", revision, kBothFamilies, sizeof(xt_socket_mtinfo1), {.hooks = kHooks}});
}

}  // namespace

constexpr MatchType kSocket0Match =
    match_type<PlainSocket, decode_plain, print_plain, evaluate<PlainSocket>, lower<PlainSocket>>(
        {"socket", 0, kIpv4Only, 0, {.hooks = kHooks}});
constexpr MatchType kSocket1Match = type<1, XT_SOCKET_FLAGS_V1>();
constexpr MatchType kSocket2Match = type<2, XT_SOCKET_FLAGS_V2>();
constexpr MatchType kSocket3Match = type<3, XT_SOCKET_FLAGS_V3>();

}  // namespace hookline::xt
