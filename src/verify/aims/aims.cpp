#include "verify/aims/aims.h"

#include <algorithm>
#include <array>

namespace hookline {
namespace {

constexpr std::array kAims = {
    &kAddrtypeAim, &kAddrtypeInAim, &kAddrtypeOutAim, &kAhAim,     &kBpfAim,        &kCgroupAim, &kCpuAim,    &kDccpAim,
    &kDevgroupAim, &kDevgroupInAim, &kDevgroupOutAim, &kDscpAim,   &kDstAim,        &kEcnAim,    &kEspAim,    &kEui64Aim,
    &kFragAim,     &kHashlimitAim,  &kHbhAim,         &kIpcompAim, &kIpv6headerAim, &kLimitAim,  &kMacAim,    &kMhAim,
    &kOwnerAim,    &kPhysdevAim,    &kPkttypeAim,     &kPolicyAim, &kQuotaAim,      &kRealmAim,  &kRecentAim, &kRpfilterAim,
    &kRtAim,       &kSctpAim,       &kSetAim,         &kSrhAim,    &kStatisticAim,  &kStringAim, &kTcpAim,    &kTcpmssAim,
    &kTimeAim,     &kTosAim,        &kU32Aim,
};
constexpr std::array kTargetAims = {
    &kAuditTargetAim,  &kChecksumTargetAim,    &kClassifyTargetAim, &kDnptTargetAim, &kDscpTargetAim,
    &kEcnTargetAim,    &kHlTargetAim,          &kHmarkTargetAim,    &kLogTargetAim,  &kMarkTargetAim,
    &kNflogTargetAim,  &kNfqueueTargetAim,     &kRejectTargetAim,   &kSnptTargetAim, &kTcpmssClampTargetAim,
    &kTcpmssTargetAim, &kTcpoptstripTargetAim, &kTeeTargetAim,      &kTosTargetAim,  &kTraceTargetAim,
    &kTtlTargetAim,
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
