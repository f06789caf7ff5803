// xt/types.h: every match and target of this build by its C++ name. Only registry.cpp and an extension's own file use it.
#pragma once

#include "table/extension.h"

namespace hookline::xt {

extern const MatchType kAhMatch;
extern const MatchType kAh6Match;
extern const MatchType kBpfMatch;
extern const MatchType kBpf1Match;
extern const MatchType kCgroup0Match;
extern const MatchType kCgroup1Match;
extern const MatchType kCgroup2Match;
extern const MatchType kCommentMatch;
extern const MatchType kCpuMatch;
extern const MatchType kDccpMatch;
extern const MatchType kDevgroupMatch;
extern const MatchType kDscpMatch;
extern const MatchType kDstMatch;
extern const MatchType kEcnMatch;
extern const MatchType kEspMatch;
extern const MatchType kEui64Match;
extern const MatchType kFragMatch;
extern const MatchType kHbhMatch;
extern const MatchType kHlMatch;
extern const MatchType kIcmpMatch;
extern const MatchType kIcmp6Match;
extern const MatchType kIpcompMatch;
extern const MatchType kIprangeMatch;
extern const MatchType kIpv6headerMatch;
extern const MatchType kL2tpMatch;
extern const MatchType kLengthMatch;
extern const MatchType kLimitMatch;
extern const MatchType kMacMatch;
extern const MatchType kMarkMatch;
extern const MatchType kMhMatch;
extern const MatchType kMultiportMatch;
extern const MatchType kOwnerMatch;
extern const MatchType kPhysdevMatch;
extern const MatchType kPkttypeMatch;
extern const MatchType kPolicyMatch;
extern const MatchType kQuotaMatch;
extern const MatchType kRealmMatch;
extern const MatchType kRtMatch;
extern const MatchType kSctpMatch;
extern const MatchType kSocket0Match;
extern const MatchType kSocket1Match;
extern const MatchType kSocket2Match;
extern const MatchType kSocket3Match;
extern const MatchType kSrhMatch;
extern const MatchType kSrh1Match;
extern const MatchType kStatisticMatch;
extern const MatchType kStringMatch;
extern const MatchType kTcpMatch;
extern const MatchType kTcpmssMatch;
extern const MatchType kTimeMatch;
extern const MatchType kTosMatch;
extern const MatchType kTtlMatch;
extern const MatchType kU32Match;
extern const MatchType kUdpMatch;
extern const MatchType kUdpliteMatch;

extern const TargetType kReject6Target;
extern const TargetType kRejectTarget;

}  // namespace hookline::xt
