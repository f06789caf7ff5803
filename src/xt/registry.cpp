// xt/registry.cpp: the one list of matches and targets. A type's number is its index here.
//
// The lists are spelled out because a static constructor in a static library is dropped by the linker without a word.
// Adding or moving a type changes the fingerprint, so a Program compiled before is refused instead of misread.
#include "xt/registry.h"

#include "xt/evaluate.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr std::array kMatchTypes = {
    &kAddrtype0Match, &kAddrtype1Match,  &kAhMatch,       &kAh6Match,        &kBpfMatch,        &kBpf1Match,
    &kCgroup0Match,   &kCgroup1Match,    &kCgroup2Match,  &kClusterMatch,    &kCommentMatch,    &kConnbytesMatch,
    &kConnlabelMatch, &kConnlimitMatch,  &kConnmarkMatch, &kConntrack1Match, &kConntrack2Match, &kConntrack3Match,
    &kCpuMatch,       &kDccpMatch,       &kDevgroupMatch, &kDscpMatch,       &kDstMatch,        &kEcnMatch,
    &kEspMatch,       &kEui64Match,      &kFragMatch,     &kHashlimit1Match, &kHashlimit2Match, &kHashlimit3Match,
    &kHbhMatch,       &kHelperMatch,     &kHlMatch,       &kIcmpMatch,       &kIcmp6Match,      &kIpcompMatch,
    &kIprangeMatch,   &kIpv6headerMatch, &kIpvsMatch,     &kL2tpMatch,       &kLengthMatch,     &kLimitMatch,
    &kMacMatch,       &kMarkMatch,       &kMhMatch,       &kMultiportMatch,  &kNfacct0Match,    &kNfacct1Match,
    &kOsfMatch,       &kOwnerMatch,      &kPhysdevMatch,  &kPkttypeMatch,    &kPolicyMatch,     &kQuotaMatch,
    &kRateestMatch,   &kRealmMatch,      &kRecent0Match,  &kRecent1Match,    &kRpfilterMatch,   &kRtMatch,
    &kSctpMatch,      &kSet0Match,       &kSet1Match,     &kSet2Match,       &kSet3Match,       &kSet4Match,
    &kSocket0Match,   &kSocket1Match,    &kSocket2Match,  &kSocket3Match,    &kSrhMatch,        &kSrh1Match,
    &kStateMatch,     &kStatisticMatch,  &kStringMatch,   &kTcpMatch,        &kTcpmssMatch,     &kTimeMatch,
    &kTosMatch,       &kTtlMatch,        &kU32Match,      &kUdpMatch,        &kUdpliteMatch,
};
constexpr std::array kTargetTypes = {
    &kAuditTarget,       &kChecksumTarget,   &kClassifyTarget,    &kClusteripTarget, &kConnmark1Target, &kConnmark2Target,
    &kConnsecmarkTarget, &kCt0Target,        &kCt1Target,         &kCt2Target,       &kDnat0Target,     &kDnat1Target,
    &kDnat2Target,       &kDnptTarget,       &kDscpTarget,        &kEcnTarget,       &kHlTarget,        &kHmarkTarget,
    &kIdletimer0Target,  &kIdletimer1Target, &kLedTarget,         &kLogTarget,       &kMarkTarget,      &kMasqueradeTarget,
    &kMasquerade6Target, &kNetmapTarget,     &kNetmap6Target,     &kNflogTarget,     &kNfqueue0Target,  &kNfqueue1Target,
    &kNfqueue2Target,    &kNfqueue3Target,   &kNotrackTarget,     &kRateestTarget,   &kRedirectTarget,  &kRedirect6Target,
    &kRejectTarget,      &kReject6Target,    &kSecmark0Target,    &kSecmark1Target,  &kSet0Target,      &kSet1Target,
    &kSet2Target,        &kSet3Target,       &kSnat0Target,       &kSnat1Target,     &kSnat2Target,     &kSnptTarget,
    &kSynproxyTarget,    &kTcpmssTarget,     &kTcpoptstripTarget, &kTeeTarget,       &kTosTarget,       &kTproxy0Target,
    &kTproxy1Target,     &kTraceTarget,      &kTtlTarget,         &kUlogTarget,
};

template <typename Types>
auto find(const Types& types, std::string_view name, uint8_t revision, Family family) -> typename Types::value_type {
  for (const auto* type : types)
    if (type->revision == revision && (type->families & family_bit(family)) != 0 && type->name == name) return type;
  return nullptr;
}

// FNV-1a.
struct Hash {
  uint64_t value = 0xcbf29ce484222325;
  void add(uint8_t byte) { value = (value ^ byte) * 0x100000001b3; }
  template <typename Type>
  void add_type(const Type& type) {
    for (const char c : type.name) add(static_cast<uint8_t>(c));
    add(0);
    add(type.revision);
    add(type.families);
    add(static_cast<uint8_t>(type.decoded_size));
    add(static_cast<uint8_t>(type.decoded_size >> 8));
  }
};

}  // namespace

const MatchType* find_match(std::string_view name, uint8_t revision, Family family) {
  return find(kMatchTypes, name, revision, family);
}
const TargetType* find_target(std::string_view name, uint8_t revision, Family family) {
  return find(kTargetTypes, name, revision, family);
}

std::span<const MatchType* const> match_types() { return kMatchTypes; }
std::span<const TargetType* const> target_types() { return kTargetTypes; }

uint16_t match_number(const MatchType& type) {
  uint16_t number = 0;
  while (number < kMatchTypes.size() && kMatchTypes[number] != &type) ++number;
  return number;
}
uint16_t target_number(const TargetType& type) {
  uint16_t number = 0;
  while (number < kTargetTypes.size() && kTargetTypes[number] != &type) ++number;
  return number;
}

const MatchType* match_by_number(uint16_t number) { return number < kMatchTypes.size() ? kMatchTypes[number] : nullptr; }
const TargetType* target_by_number(uint16_t number) { return number < kTargetTypes.size() ? kTargetTypes[number] : nullptr; }

uint64_t registry_fingerprint() {
  Hash hash;
  for (const MatchType* type : kMatchTypes) hash.add_type(*type);
  hash.add(0xff);
  for (const TargetType* type : kTargetTypes) hash.add_type(*type);
  return hash.value;
}

}  // namespace hookline::xt
