#include "verify/aims/aims.h"

#include <algorithm>
#include <array>

namespace hookline {
namespace {

constexpr std::array kAims = {
    &kAddrtypeAim,
    &kAddrtypeInAim,
    &kAddrtypeOutAim,
    &kAhAim,
    &kAuditTargetAim,
    &kBpfAim,
    &kCgroupAim,
    &kChecksumTargetAim,
    &kClassifyTargetAim,
    &kCpuAim,
    &kDccpAim,
    &kDevgroupAim,
    &kDevgroupInAim,
    &kDevgroupOutAim,
    &kDnptTargetAim,
    &kDscpAim,
    &kDscpTargetAim,
    &kDstAim,
    &kEcnAim,
    &kEcnTargetAim,
    &kEspAim,
    &kEui64Aim,
    &kFragAim,
    &kHashlimitAim,
    &kHbhAim,
    &kHlTargetAim,
    &kHmarkTargetAim,
    &kIpcompAim,
    &kIpv6headerAim,
    &kLimitAim,
    &kLogTargetAim,
    &kMacAim,
    &kMarkTargetAim,
    &kMhAim,
    &kNflogTargetAim,
    &kNfqueueTargetAim,
    &kOwnerAim,
    &kPhysdevAim,
    &kPkttypeAim,
    &kPolicyAim,
    &kQuotaAim,
    &kRealmAim,
    &kRecentAim,
    &kRejectTargetAim,
    &kRpfilterAim,
    &kRtAim,
    &kSctpAim,
    &kSetAim,
    &kSnptTargetAim,
    &kSrhAim,
    &kStatisticAim,
    &kStringAim,
    &kTcpAim,
    &kTcpmssAim,
    &kTcpmssClampTargetAim,
    &kTcpmssTargetAim,
    &kTcpoptstripTargetAim,
    &kTeeTargetAim,
    &kTimeAim,
    &kTosAim,
    &kTosTargetAim,
    &kTraceTargetAim,
    &kTtlTargetAim,
    &kU32Aim,
};

}  // namespace

std::span<const TargetAim* const> target_aims() { return kTargetAims; }

const TargetAim* find_target_aim(std::string_view name) {
  const auto* const found = std::ranges::find(kTargetAims, name, &TargetAim::name);
  return found == kTargetAims.end() ? nullptr : *found;
}

std::span<const MatchAim* const> match_aims() { return kAims; }

const MatchAim* find_aim(std::string_view name) {
  const auto* const found = std::ranges::find(kAims, name, &MatchAim::name);
  return found == kAims.end() ? nullptr : *found;
}

}  // namespace hookline
