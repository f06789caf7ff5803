// table/table.h: the model that every stage shares: one table of one family, decoded from the kernel's bytes.
//
// A Table is immutable once decoded and owns everything in it. Rules stand in blob order, so a RuleId is an index here and
// the same number in every engine, counter array and message. Chain heads (ERROR entries), policies and the implicit
// RETURN of a user chain are rules too: the kernel counts them, so they have ids and names.
// Source: struct ipt_entry, ip6t_entry, xt_entry_match, xt_entry_target (linux/netfilter/x_tables.h).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "packet/hooks.h"
#include "packet/outcome.h"
#include "packet/packet.h"

namespace hookline {

struct MatchType;   // table/extension.h
struct TargetType;  // table/extension.h

using Address = std::array<uint8_t, 16>;  // as on the wire; IPv4 uses bytes 0..3, the rest is zero

// ipt_ip / ip6t_ip6 without the interpretation: the kernel's own fields, both families in one shape.
struct HeaderMatch {
  Address source{}, source_mask{};
  Address destination{}, destination_mask{};
  InterfaceName in, in_mask;  // mask bytes 0xff where the name counts; "eth+" has three
  InterfaceName out, out_mask;
  uint16_t protocol = 0;       // host order; 0: any
  bool protocol_flag = false;  // IPv6 only: IP6T_F_PROTO, the extension headers are walked. IPv4: always true
  bool fragment = false;       // IPv4 only: IPT_F_FRAG
  bool goto_flag = false;
  uint8_t tos = 0;        // IPv6 only: stored and never evaluated by the kernel
  uint8_t raw_flags = 0;  // ip.flags as in the blob
  // IPT_INV_*
  bool invert_in = false, invert_out = false, invert_source = false, invert_destination = false;
  bool invert_fragment = false, invert_protocol = false;
  uint8_t raw_invert_flags = 0;  // ip.invflags as in the blob
};

// The decoded form of a match or target: a trivially copyable struct of the extension's own, at 8-byte alignment.
// It is a function of the kernel's bytes alone. `size` bytes at `data`.
struct DecodedInfo {
  std::shared_ptr<const std::byte[]> data;
  uint32_t size = 0;
  [[nodiscard]] const void* get() const { return data.get(); }
};

struct Match {
  std::string name;  // as in the blob, without name padding
  uint8_t revision = 0;
  std::vector<uint8_t> raw;         // the data block as the kernel gave it, padding included
  const MatchType* type = nullptr;  // null: this build has no such match; the rule is refused, never skipped
  DecodedInfo info;                 // empty where type is null
};

enum class TargetKind : uint8_t {
  kVerdict,      // a standard target with a verdict < 0
  kJump,         // to another chain; goto_flag in the header says which kind
  kFallThrough,  // a standard target whose jump leads to the next entry: counts and continues (a rule without -j)
  kError,        // an ERROR entry: a chain head or the end of the blob; reaching it drops
  kExtension,    // LOG, REJECT …
};

enum class StandardVerdict : int8_t { kDrop = -1, kAccept = -2, kQueue = -4, kReturn = -5 };

struct Target {
  TargetKind kind = TargetKind::kVerdict;
  StandardVerdict verdict = StandardVerdict::kAccept;  // kVerdict
  RuleId jump_to{};                                    // kJump, kFallThrough: the rule at the jump offset
  std::string name;                                    // kExtension: as in the blob; kError: the error name
  uint8_t revision = 0;
  std::vector<uint8_t> raw;          // kExtension: the data block, padding included
  const TargetType* type = nullptr;  // kExtension: null when this build has no such target
  DecodedInfo info;
};

struct Counters {
  uint64_t packets = 0;
  uint64_t bytes = 0;
  bool operator==(const Counters&) const = default;
};

// What a rule is within its chain: decides its name.
enum class RuleRole : uint8_t {
  kRule,            // numbered, as in iptables -L --line-numbers
  kPolicy,          // of a built-in chain: TABLE/CHAIN/policy
  kImplicitReturn,  // at the end of a user chain: TABLE/CHAIN/return
  kChainHead,       // the ERROR entry that names a user chain
  kBlobEnd,         // the last ERROR entry
};

struct Rule {
  HeaderMatch header;
  std::vector<Match> matches;
  Target target;
  Counters counters;
  uint32_t offset = 0;       // of the entry in the blob
  uint32_t next_offset = 0;  // size of the entry
  uint32_t comefrom = 0;     // 1 << h for each hook that reaches the rule, as the kernel's walk of the jumps finds it
  uint32_t nfcache = 0;
  RuleRole role = RuleRole::kRule;
  uint32_t chain = 0;   // index in Table::chains
  uint32_t number = 0;  // from 1; 0 where the role has no number
};

struct Chain {
  std::string name;
  std::optional<Hook> hook;  // set for a built-in chain
  RuleId first{};            // first rule in walk order (for a user chain: the one after the head)
  RuleId last{};             // policy or implicit return; where a hand-made blob has none, the last rule
};

struct Table {
  Family family = Family::kIpv4;
  std::string name;
  uint32_t valid_hooks = 0;
  std::array<RuleId, kHookCount> hook_entry{};  // meaningful only for valid hooks
  std::array<RuleId, kHookCount> underflow{};   // the policy rule of each valid hook
  std::vector<Rule> rules;                      // blob order; never empty
  std::vector<Chain> chains;                    // built-in chains in hook order, then user chains in blob order

  [[nodiscard]] bool has_hook(Hook hook) const { return (valid_hooks & hook_bit(hook)) != 0; }
  [[nodiscard]] const Rule& rule(RuleId id) const { return rules[index_of(id)]; }
  // "filter/FORWARD/3", "filter/FORWARD/policy", "filter/web/return", "filter/web/head".
  [[nodiscard]] std::string rule_name(RuleId id) const;
  // rule_name plus the offset, as error messages give it: "filter/FORWARD/3 (offset 2416)".
  [[nodiscard]] std::string rule_place(RuleId id) const;
};

// What this build cannot evaluate: one problem a rule and extension, `match NAME rev R` or `target NAME rev R`, and the
// reason where the type is known and only this use of it is not.
Problems refusals(const Table& table);

}  // namespace hookline
