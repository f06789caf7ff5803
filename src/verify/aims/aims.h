// verify/aims/aims.h: what the packet generator must know of a match whose answer depends on more than the words of the Key
// (table/extension.h): one file here for each such match.
//
// The generator fulfils what `lower` says of a match by itself. An aim adds the bytes that no word stands for: options,
// chunks, extension headers, payload. Where a match needs nothing of the kind it has no aim, or one that only writes rules.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "table/extension.h"
#include "table/table.h"
#include "verify/packet_fields.h"
#include "verify/random.h"

namespace hookline {

struct MatchAim {
  std::string_view name;
  uint8_t families = kBothFamilies;
  // Changes the fields so that the match is likely to hold; conditions of other matches may have set fields before. The
  // kernel's struct stands in Match::raw, checked by the decoder. Null: there is nothing to add.
  void (*fulfil)(const Match& match, Family family, Random& random, Fields& fields) = nullptr;
  // Moves what the match looks at across one of its boundaries, or breaks the form of it. Null: likewise.
  void (*miss)(const Match& match, Family family, Random& random, Fields& fields) = nullptr;
  // Conditions of a random rule as iptables takes them, each with a space in front, `-p` included where the match demands
  // it: " -p sctp -m sctp --chunk-types any DATA". Every option, inversion and boundary that there is. Null: rules of this
  // match are written elsewhere (verify/random_rules.cpp).
  std::string (*write)(Family family, Random& random) = nullptr;
  // A target that changes what the match asks of, with a space in front; it stands in some of the rules of `write`. Null:
  // none.
  std::string (*act)(Family family, Random& random) = nullptr;
  // Lines `#ipset …` and the like that make what the rules of `write` name, each with its line end. Null: nothing is needed.
  std::string (*prepare)(Family family, Random& random) = nullptr;
  bool of_frames = false;  // it looks at the Ethernet frame, which packets of other devices lack
  // Rules of `write` stand only where these hooks alone reach them (bits); 0: wherever the match itself may.
  uint32_t hooks = 0;
  bool of_host = false;  // it asks for the host's addresses, routes or devices
};

// What random rules must know of a target.
struct TargetAim {
  std::string_view name;
  uint8_t families = kBothFamilies;
  // Conditions of the rule that the target demands, and the target with its options, each with a space in front:
  // " -p tcp -m tcp --syn -j TCPMSS --set-mss 1400". Every option and boundary that there is.
  std::string (*write)(Family family, Random& random) = nullptr;
  // Conditions that look at what it writes, for a later rule; `-p` included where they demand it. Null: no match sees it.
  std::string (*ask)(Family family, Random& random) = nullptr;
  // Makes of a packet that is to hit such a rule one that the target has something to do with. Null: any packet will do.
  void (*vary)(Family family, Random& random, Fields& fields) = nullptr;
  // Rules of `write` stand only where these hooks alone reach them (bits); 0: wherever the target itself may.
  uint32_t hooks = 0;
};

extern const MatchAim kAddrtypeAim;
extern const MatchAim kAddrtypeInAim;
extern const MatchAim kAddrtypeOutAim;
extern const MatchAim kAhAim;
extern const MatchAim kBpfAim;
extern const MatchAim kCgroupAim;
extern const MatchAim kCpuAim;
extern const MatchAim kDccpAim;
extern const MatchAim kDevgroupAim;
extern const MatchAim kDevgroupInAim;
extern const MatchAim kDevgroupOutAim;
extern const MatchAim kDscpAim;
extern const MatchAim kDstAim;
extern const MatchAim kEcnAim;
extern const MatchAim kEspAim;
extern const MatchAim kEui64Aim;
extern const MatchAim kFragAim;
extern const MatchAim kHashlimitAim;
extern const MatchAim kHbhAim;
extern const MatchAim kIpcompAim;
extern const MatchAim kIpv6headerAim;
extern const MatchAim kLimitAim;
extern const MatchAim kMacAim;
extern const MatchAim kMhAim;
extern const MatchAim kOwnerAim;
extern const MatchAim kPhysdevAim;
extern const MatchAim kPkttypeAim;
extern const MatchAim kPolicyAim;
extern const MatchAim kQuotaAim;
extern const MatchAim kRealmAim;
extern const MatchAim kRecentAim;
extern const MatchAim kRpfilterAim;
extern const MatchAim kRtAim;
extern const MatchAim kSctpAim;
extern const MatchAim kSetAim;
extern const MatchAim kSrhAim;
extern const MatchAim kStatisticAim;
extern const MatchAim kStringAim;
extern const MatchAim kTcpAim;
extern const MatchAim kTcpmssAim;
extern const MatchAim kTimeAim;
extern const MatchAim kTosAim;
extern const MatchAim kU32Aim;

extern const TargetAim kAuditTargetAim;
extern const TargetAim kChecksumTargetAim;
extern const TargetAim kClassifyTargetAim;
extern const TargetAim kDnptTargetAim;
extern const TargetAim kDscpTargetAim;
extern const TargetAim kEcnTargetAim;
extern const TargetAim kHlTargetAim;
extern const TargetAim kHmarkTargetAim;
extern const TargetAim kLogTargetAim;
extern const TargetAim kMarkTargetAim;
extern const TargetAim kNflogTargetAim;
extern const TargetAim kNfqueueTargetAim;
extern const TargetAim kRejectTargetAim;
extern const TargetAim kSnptTargetAim;
extern const TargetAim kTcpmssClampTargetAim;
extern const TargetAim kTcpmssTargetAim;
extern const TargetAim kTcpoptstripTargetAim;
extern const TargetAim kTeeTargetAim;
extern const TargetAim kTosTargetAim;
extern const TargetAim kTraceTargetAim;
extern const TargetAim kTtlTargetAim;

std::span<const TargetAim* const> target_aims();
const TargetAim* find_target_aim(std::string_view name);
std::span<const MatchAim* const> match_aims();
// The first of that name; null: none. A match has several where its rules stand in different hooks.
const MatchAim* find_aim(std::string_view name);

}  // namespace hookline
