// xt/types.h: every match and target of this build by its C++ name. Only registry.cpp and an extension's own file use it.
#pragma once

#include "table/extension.h"

namespace hookline::xt {

extern const MatchType kAh6Match;
extern const MatchType kAhMatch;
extern const MatchType kBpf1Match;
extern const MatchType kBpfMatch;
extern const MatchType kCommentMatch;
extern const MatchType kDccpMatch;
extern const MatchType kDscpMatch;
extern const MatchType kDstMatch;
extern const MatchType kEcnMatch;
extern const MatchType kEspMatch;
extern const MatchType kEui64Match;
extern const MatchType kFragMatch;
extern const MatchType kHbhMatch;
extern const MatchType kHlMatch;
extern const MatchType kIcmp6Match;
extern const MatchType kIcmpMatch;
extern const MatchType kIpcompMatch;
extern const MatchType kIprangeMatch;
extern const MatchType kIpv6headerMatch;
extern const MatchType kL2tpMatch;
extern const MatchType kLengthMatch;
extern const MatchType kMacMatch;
extern const MatchType kMarkMatch;
extern const MatchType kMhMatch;
extern const MatchType kMultiportMatch;
extern const MatchType kPkttypeMatch;
extern const MatchType kRtMatch;
extern const MatchType kSctpMatch;
extern const MatchType kSrh1Match;
extern const MatchType kSrhMatch;
extern const MatchType kStringMatch;
extern const MatchType kTcpMatch;
extern const MatchType kTcpmssMatch;
extern const MatchType kTosMatch;
extern const MatchType kTtlMatch;
extern const MatchType kU32Match;
extern const MatchType kUdpliteMatch;
extern const MatchType kUdpMatch;

extern const TargetType kReject6Target;
extern const TargetType kRejectTarget;

}  // namespace hookline::xt
