// xt/owner.cpp: match `owner`, both families, revision 1.
//
// User and group of the socket that sent the packet, each in a range, and whether there is a socket. Without one (a packet
// that is forwarded, or that the kernel makes) the match holds where everything asked for is inverted. The sender that this
// project knows has no supplementary groups.
// Source: kernel xt_owner.c, owner_mt(), owner_check(); UAPI linux/netfilter/xt_owner.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_owner.h>

#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Owner {
  uint32_t uid_min, uid_max, gid_min, gid_max;
  uint8_t match, invert;  // XT_OWNER_*
  [[nodiscard]] bool asks(uint8_t what) const { return (match & what) != 0; }
  [[nodiscard]] bool inverts(uint8_t what) const { return (invert & what) != 0; }
};

// Kernel: make_kuid(), uid_valid() in a user namespace that maps every id.
bool is_range(uint32_t min, uint32_t max) { return min <= max && max != UINT32_MAX; }

Decoded<Owner> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<xt_owner_match_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_owner_match_info)));
  const Owner m{info->uid_min, info->uid_max, info->gid_min, info->gid_max, info->match, info->invert};
  if ((m.match & ~XT_OWNER_MASK) != 0) return refuse(fmt::format("match {:#x}", m.match), "bits of 0xf");
  if (m.asks(XT_OWNER_UID) && !is_range(m.uid_min, m.uid_max))
    return refuse(fmt::format("users {}-{}", m.uid_min, m.uid_max), "a range upwards, below 4294967295");
  if (m.asks(XT_OWNER_GID) && !is_range(m.gid_min, m.gid_max))
    return refuse(fmt::format("groups {}-{}", m.gid_min, m.gid_max), "a range upwards, below 4294967295");
  return m;
}

void print(const Owner& m, TextOut& out) {
  const auto option = [&](uint8_t what, std::string_view text) {
    if (m.asks(what)) out.add(fmt::format("{} {}", m.inverts(what) ? " !" : "", text));
    return m.asks(what);
  };
  const auto ids = [&](uint32_t min, uint32_t max) {
    out.add(min == max ? fmt::format(" {}", min) : fmt::format(" {}-{}", min, max));
  };
  option(XT_OWNER_SOCKET, "--socket-exists");
  if (option(XT_OWNER_UID, "--uid-owner")) ids(m.uid_min, m.uid_max);
  if (option(XT_OWNER_GID, "--gid-owner")) ids(m.gid_min, m.gid_max);
  option(XT_OWNER_SUPPL_GROUPS, "--suppl-groups");
}

Answer evaluate(const Owner& m, const MatchContext& context) {
  const Sender* sender = context.packet.sender;
  if (sender == nullptr) return answer(m.match == m.invert);
  if (m.asks(XT_OWNER_SOCKET) && m.inverts(XT_OWNER_SOCKET)) return Answer::kNo;
  if (m.asks(XT_OWNER_UID) && (sender->uid >= m.uid_min && sender->uid <= m.uid_max) == m.inverts(XT_OWNER_UID))
    return Answer::kNo;
  if (m.asks(XT_OWNER_GID) && (sender->gid >= m.gid_min && sender->gid <= m.gid_max) == m.inverts(XT_OWNER_GID))
    return Answer::kNo;
  return Answer::kYes;
}

Lowered lower(const Owner&, Family) { return evaluated(); }

}  // namespace

constexpr MatchType kOwnerMatch =
    match_type<Owner, decode, print, evaluate, lower>({"owner",
                                                       1,
                                                       kBothFamilies,
                                                       sizeof(xt_owner_match_info),
                                                       {.hooks = hook_bit(Hook::kOutput) | hook_bit(Hook::kPostrouting)}});

}  // namespace hookline::xt
