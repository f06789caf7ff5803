#include "verify/aims/aims.h"

#include <algorithm>
#include <array>

namespace hookline {
namespace {

constexpr std::array kAims = {
    &kAddrtypeAim, &kAddrtypeInAim, &kAddrtypeOutAim, &kAhAim,          &kBpfAim,     &kCgroupAim,     &kCpuAim,
    &kDccpAim,     &kDevgroupAim,   &kDevgroupInAim,  &kDevgroupOutAim, &kDscpAim,    &kDstAim,        &kEcnAim,
    &kEspAim,      &kEui64Aim,      &kFragAim,        &kHbhAim,         &kIpcompAim,  &kIpv6headerAim, &kLimitAim,
    &kMacAim,      &kMhAim,         &kOwnerAim,       &kPhysdevAim,     &kPkttypeAim, &kPolicyAim,     &kQuotaAim,
    &kRealmAim,    &kRpfilterAim,   &kRtAim,          &kSctpAim,        &kSetAim,     &kSrhAim,        &kStatisticAim,
    &kStringAim,   &kTcpAim,        &kTcpmssAim,      &kTimeAim,        &kTosAim,     &kU32Aim,
};

}  // namespace

std::span<const MatchAim* const> match_aims() { return kAims; }

const MatchAim* find_aim(std::string_view name) {
  const auto* const found = std::ranges::find(kAims, name, &MatchAim::name);
  return found == kAims.end() ? nullptr : *found;
}

}  // namespace hookline
