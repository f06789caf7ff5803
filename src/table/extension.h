// table/extension.h: what a match or a target must offer to take part: decode, print, evaluate, lower.
//
// An extension is one file under xt/ that fills one MatchType or TargetType for each revision. `evaluate` is the kernel's
// function, slow and obvious, and decides every engine's answer in the end; `lower` tells the compiler which part of the
// answer is a pure function of indexable packet fields, so that most packets never reach `evaluate`.
// The decoded struct is trivially copyable: the compiler copies it into the Program byte for byte.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "packet/hooks.h"
#include "packet/outcome.h"
#include "packet/packet.h"

namespace hookline {

class HostView;  // world/host_view.h
class World;     // world/world.h

inline constexpr uint8_t kIpv4Only = 1, kIpv6Only = 2, kBothFamilies = 3;
inline constexpr uint8_t family_bit(Family family) { return family == Family::kIpv4 ? kIpv4Only : kIpv6Only; }

// What the traversal knows when it calls a match. Kernel: struct xt_action_param.
struct MatchContext {
  const Packet& packet;
  Hook hook;
  uint32_t l4_offset;        // par->thoff: bytes from the IP header; IPv6 without `-p`: 0
  uint32_t fragment_offset;  // par->fragoff: IPv4 in units of 8 bytes, IPv6 in bytes; 0 for a whole packet or first fragment
  void* state = nullptr;     // of this match or target of this rule: state_size bytes of its type; null for a type without

  // The `count` bytes at `offset` from the IP header, or null where the packet is too short. Kernel: skb_header_pointer().
  [[nodiscard]] const uint8_t* bytes(uint32_t offset, uint32_t count) const {
    return offset <= packet.length && packet.length - offset >= count ? packet.data + offset : nullptr;
  }
};

enum class Answer : uint8_t {
  kNo,
  kYes,
  kHotdrop,  // the packet is dropped on the spot; the rule is not counted
  // The match holds, but the packet is doomed: if the rule's other matches hold as well, the rule is counted and its target
  // called before the packet is dropped; if one does not, it is dropped uncounted.
  kYesHotdrop,
};
inline constexpr Answer answer(bool yes) { return yes ? Answer::kYes : Answer::kNo; }

// What the traversal knows when it calls a target, and may change: bytes and metadata of the packet. The length may change
// within the packet's `room`.
struct TargetContext : MatchContext {
  Packet& writable;  // the same packet

  TargetContext(const MatchContext& context, Packet& changeable) : MatchContext(context), writable(changeable) {}
};

// What an extension target does with the packet.
struct TargetAction {
  bool continues = false;  // the walk goes on with the next rule (XT_CONTINUE)
  Verdict verdict = Verdict::kDrop;
  uint8_t reject_with = kNoReject;
  uint16_t queue = 0;
  bool wrote = false;  // bytes of the packet, or its length, are not what they were
};
inline constexpr TargetAction kContinue{.continues = true};
inline constexpr TargetAction kContinueChanged{.continues = true, .wrote = true};

// ---- lowering ------------------------------------------------------------------------------------------------------
//
// The index sees a packet as a Key: an array of 32-bit words, one a Dimension, in host order so that ranges are numeric.
// A lowered predicate is a list of boxes (alternatives; at most kMaxBoxes); a box is a conjunction of tests on words.
// All of it is only used for packets of an indexable shape: whole packets or first fragments whose L4 header is complete,
// and (IPv4) later fragments, for which kShape says so and every L4 match answers "no". A later fragment of TCP at offset 1
// is none of them: `tcp` drops it.

enum class Dimension : uint8_t {
  kSource0,
  kSource1,
  kSource2,
  kSource3,  // source address, word 0 first; IPv4 uses word 0
  kDestination0,
  kDestination1,
  kDestination2,
  kDestination3,     // likewise
  kSourcePort,       // TCP, UDP, UDP-Lite, SCTP, DCCP; 0 elsewhere
  kDestinationPort,  // likewise
  kMeta,             // protocol | l4_low << 8 | l4_high << 16 | shape << 24; see the constants below
  kInterfaces,       // id of the in device's exact name | id of the out device's << 16; 0: a name that no rule spells out
  kInterfaceBits,    // one bit for each wildcard pattern of the Program that the in device (0..15), out device (16..31) fits
  kLength,           // IPv4 tot_len as the header says; IPv6: skb->len
  kTtl,              // TTL or hop limit
  kMark,             // skb->mark
  kCount
};
inline constexpr unsigned kDimensionCount = static_cast<unsigned>(Dimension::kCount);

// Fields of the kMeta word. TCP: low = flags (byte 13), high = 0. ICMP, ICMPv6: low = code, high = type. Others: 0.
inline constexpr uint32_t kMetaProtocolShift = 0, kMetaL4LowShift = 8, kMetaL4HighShift = 16, kMetaShapeShift = 24;
inline constexpr uint32_t kShapeLaterFragment = 1;  // shape bit 0: fragment offset != 0 (IPv4)

// One test of one word: masked equality, its negation, or an inclusive range.
struct WordTest {
  enum class Op : uint8_t { kMaskedEqual, kMaskedNotEqual, kRange };
  Dimension dimension{};
  Op op = Op::kMaskedEqual;
  uint32_t a = 0;  // value, or low end
  uint32_t b = 0;  // mask, or high end (inclusive)
  bool operator==(const WordTest&) const = default;
};
using Box = std::vector<WordTest>;  // conjunction; empty: always true

// Bits of a word that a target may change. The index of a table whose targets write says nothing of these bits: whoever
// tests them is asked where the walk has come to it, and sees what was written.
struct WrittenBits {
  Dimension dimension{};
  uint32_t bits = 0;
};

inline constexpr size_t kMaxBoxes = 16;

// What the compiler may know about a match without calling it.
struct Lowered {
  std::vector<Box> boxes = {Box{}};  // alternatives; no box at all: the match is never true
  // False: `boxes` only bounds the answer (every packet that does not get kNo lies in a box), so `evaluate` has the last
  // word.
  bool exact = true;
  // True: for packets of an indexable shape evaluate() may still answer kHotdrop or kYesHotdrop; then nothing to the right
  // of this match may enter the index, since a rule skipped early would hide the drop. (Hotdrops that only odd shapes can
  // cause do not count.)
  bool may_hotdrop = false;
};
inline Lowered always() { return {}; }
inline Lowered never() { return Lowered{.boxes = {}}; }
inline Lowered evaluated() { return Lowered{.boxes = {Box{}}, .exact = false}; }
Lowered masked(Dimension dimension, uint32_t value, uint32_t mask, bool inverted = false);
Lowered in_range(Dimension dimension, uint32_t low, uint32_t high, bool inverted = false);
Lowered both(const Lowered& left, const Lowered& right);  // conjunction; past kMaxBoxes the result is inexact bounds

// ---- printing ------------------------------------------------------------------------------------------------------

// Collects the options of one rule as iptables-save prints them: each option preceded by one space.
class TextOut {
 public:
  explicit TextOut(Family family) : family_(family) {}
  void add(std::string_view text) { text_ += text; }
  [[nodiscard]] Family family() const { return family_; }
  [[nodiscard]] const std::string& text() const { return text_; }
  // A string quoted as iptables' xtables_save_string() does, with the leading space.
  void add_quoted(std::string_view value);

 private:
  Family family_;
  std::string text_;
};

// ---- the types -----------------------------------------------------------------------------------------------------

// Where the kernel lets an extension be loaded. Kernel: struct xt_match / xt_target, fields table, hooks, proto.
struct LoadLimits {
  std::string_view table = {};        // only in this table; empty: any
  std::string_view other_table = {};  // or in this one
  uint32_t hooks = 0;                 // only reached from these hooks (bits); 0: any
  uint16_t protocol = 0;              // only with this protocol, not inverted; 0: any
};

// How the kernel whose rules these are keeps time.
struct Timekeeping {
  uint32_t hz = 250;         // CONFIG_HZ: jiffies a second
  int32_t minutes_west = 0;  // its own time zone (sys_tz), which knows no summer time
};

struct Rule;  // table/table.h

// What decode() may look at besides its own bytes: the rule around it. Kernel: xt_mtchk_param, xt_tgchk_param.
struct DecodeContext {
  Family family;
  std::string_view table;
  uint16_t protocol;  // of the rule's header
  bool protocol_inverted;
  bool protocol_flag;  // IPv6: flag PROTO set; IPv4: true
  uint32_t hooks = 0;  // bit 1 << h for each hook that reaches the rule, its own or by jumps
  Timekeeping timekeeping = {};
  const HostView* host = nullptr;  // null: nothing is known of the host
  const Rule* rule = nullptr;      // its matches in order, each with its bytes; null where there is none around
};

// The error of a decode: found and expected only; the caller adds the place. Kernel: the extension's checkentry().
using DecodeError = Problem;

// A type with a `state_size` remembers something from packet to packet: tokens, a rest, a position in a round. That state
// belongs to one match of one rule, is as old as the rule set's being put to work (the kernel's begins anew with each
// replaced table), and stands outside the read-only Program: each engine object, and so each worker, has its own, in an
// array of 8-byte words that it starts with `start`. Who evaluates asks such a match exactly when the kernel would, in the
// order of the packets: nothing to the right of it enters the index, a packet of any shape keeps its place in a burst, and
// where one match can be asked at two hooks packets are walked one by one. `timed`: the answer depends on Packet::time_ns as
// well; the kernel's jiffies are then time_ns in units of 1/hz seconds.
//
// What rules name instead of owning it (a recent list, the buckets of a hashlimit table) stands in the World of the engines
// that walk together: `start` finds or makes it and leaves a pointer in the state. The rules of a rule set are started
// in the order in which a load checks them: table after table from the last of the snapshot, which the kernel registered
// first, within one by RuleId, matches from left to right, then the target. `shared` then names the object, the same for all
// who share it: where two tables or hooks, or both families, ask one object, packets are walked one by one as well. A use
// that changes nothing, and whose object nothing changes, only takes its handle from `start`: where `reads_only` says so,
// none of what is said above about order holds.
//
// `valid` says whether evaluate() stays in bounds on a decoded struct of unknown origin (a Program is not trusted); null:
// it does on any bytes. `refused` says why this build cannot decide this use of the type as the kernel does (it is decoded
// and printed all the same); null, or an empty text: it can. A type that is refused in every use has no evaluate and no
// lower: no engine and no Program ever holds it.
//
// `printed_name` is the name under which iptables-save prints this use, where that is not `name`.
struct MatchType {
  std::string_view name;
  uint8_t revision = 0;
  uint8_t families = kBothFamilies;
  uint16_t abi_size = 0;      // sizeof the kernel's struct; the blob's data block has XT_ALIGN of it
  uint16_t decoded_size = 0;  // sizeof the decoded struct
  LoadLimits limits;
  tl::expected<void, DecodeError> (*decode)(Bytes data, const DecodeContext& context, void* out) = nullptr;
  void (*print)(const void* info, TextOut& out) = nullptr;
  Answer (*evaluate)(const void* info, const MatchContext& context) = nullptr;
  Lowered (*lower)(const void* info, Family family) = nullptr;
  bool (*valid)(const void* info) = nullptr;
  std::string (*refused)(const void* info) = nullptr;
  std::string_view (*printed_name)(const void* info) = nullptr;
  uint16_t state_size = 0;  // 0: the answer is a function of packet and time
  // Never null with a state_size; `state` is 8-byte aligned.
  void (*start)(const void* info, World& world, void* state) = nullptr;
  std::string (*shared)(const void* info) = nullptr;  // null, or an empty name: the state is this rule's own
  bool (*reads_only)(const void* info) = nullptr;     // null: never
  bool timed = false;

  // Who asks it, when and how often shows.
  [[nodiscard]] bool remembers(const void* info) const {
    return state_size != 0 && (reads_only == nullptr || !reads_only(info));
  }
};

struct TargetType {
  std::string_view name;
  uint8_t revision = 0;
  uint8_t families = kBothFamilies;
  uint16_t abi_size = 0;
  uint16_t decoded_size = 0;
  LoadLimits limits;
  tl::expected<void, DecodeError> (*decode)(Bytes data, const DecodeContext& context, void* out) = nullptr;
  void (*print)(const void* info, TextOut& out) = nullptr;
  TargetAction (*evaluate)(const void* info, TargetContext& context) = nullptr;
  bool (*valid)(const void* info) = nullptr;
  std::string (*refused)(const void* info) = nullptr;
  std::string_view (*printed_name)(const void* info) = nullptr;
  // What evaluate() may change of the words that the index sees. It keeps the packet's shape: a packet that has a Key still
  // has one afterwards.
  std::span<const WrittenBits> writes = {};
  // As of a match.
  uint16_t state_size = 0;
  void (*start)(const void* info, World& world, void* state) = nullptr;
  std::string (*shared)(const void* info) = nullptr;
  bool timed = false;
};

}  // namespace hookline
