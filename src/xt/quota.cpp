// xt/quota.cpp: match `quota`, both families, revision 0.
//
// Takes each packet's length from a rest and matches as long as that lasts. The first packet that is too large uses up the
// rest, and none matches from then on. A dump holds the quota as the rule was made with, never the rest.
// Source: kernel xt_quota.c, quota_mt(); UAPI linux/netfilter/xt_quota.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_quota.h>

#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Quota {
  uint64_t bytes;
  uint8_t invert;
};

struct Rest {
  uint64_t bytes;
};

Decoded<Quota> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<xt_quota_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_quota_info)));
  if ((info->flags & ~uint32_t{XT_QUOTA_MASK}) != 0) return refuse(fmt::format("flags {:#x}", info->flags), "bits of 0x1");
  return Quota{info->quota, (info->flags & XT_QUOTA_INVERT) != 0};
}

void print(const Quota& m, TextOut& out) { out.add(fmt::format("{} --quota {}", m.invert != 0 ? " !" : "", m.bytes)); }

Rest start(const Quota& m) { return {m.bytes}; }

Answer evaluate(const Quota& m, Rest& rest, const MatchContext& context) {
  const bool lasts = rest.bytes >= context.packet.length;
  rest.bytes = lasts ? rest.bytes - context.packet.length : 0;
  return answer(lasts != (m.invert != 0));
}

Lowered lower(const Quota&, Family) { return evaluated(); }

}  // namespace

constexpr MatchType kQuotaMatch = stateful_match_type<Quota, Rest, decode, print, start, evaluate, lower>(
    {"quota", 0, kBothFamilies, sizeof(xt_quota_info)});

}  // namespace hookline::xt
