// classify/format.h: the Program, bit by bit.
//
// A Program answers one question about a packet at one hook: which rules does the walk of the table bump, in order, and how
// does it end. It is one read-only region without pointers: a Ref counts 8-byte words from the region's first byte, so the
// region may be mapped anywhere, written to a file or shared by processes. Ref 0 is the header, hence "none".
//
// Two readers share the region. The *linear* walk reads rule records one after the other, as the kernel does. The *indexed*
// look-up reads sections. A section lays occurrences of rules out in walk order ("positions"): a chain that is copied in
// place of a jump stands right behind the jump, [jump + 1, skip of the jump). Each occurrence has entries in the section's
// trees: boxes over the words of a Key (classify/key.h), which hold its own predicate and that of every jump it stands
// behind. The walk of a packet is then: take the least position >= p whose box holds the packet's key, check what the index
// could not express (residual matches), bump the rule, and go on at position + 1 or at `skip`.
//
//   Header       256 bytes, below
//   rules        RuleRecord[rule_count]: one a RuleId, for the linear walk and for residual header checks
//   addresses    uint32_t[rule_count][4 * W], W = 1 (IPv4) or 4 (IPv6): source, its mask, destination, its mask; each W
//                words in host order, most significant word first
//   matches      MatchRecord[]: the matches of a rule are consecutive, left to right
//   info         decoded match and target structs, 8-byte aligned, equal ones stored once
//   names        DevicePattern[]: distinct interface conditions; exact names first, sorted by their 16 bytes
//   wildcards    uint16_t[2][16]: numbers of the patterns behind bit i of the kInterfaceBits word; in, then out device
//   residuals    uint32_t[]: numbers of MatchRecords, in the order in which an occurrence evaluates them
//   sections     Section[section_count]; a section calls only sections with greater numbers
//   occurrences  Occurrence[], section after section
//   then for each section its nodes and its leaves
//   patterns     PatternRecord[]: windows of the string patterns, by pattern number
//   database     the serialised Hyperscan database; it is deserialised at load and never scanned in place
//
//   Child (32 bits)   31   30                                 0
//                   +----+------------------------------------+
//                   |leaf| Ref                                |      0: nothing in this region can match
//                   +----+------------------------------------+
//
//   Node, 8-byte aligned: which bits of the key choose the child
//                    0: mask0:32   bits taken from word `word0`, packed to the right (PEXT)
//                    4: mask1:32   bits taken from word `word1`, placed above those of word0
//                    8: word0:8  9: word1:8  10: bits0:8 = popcount(mask0)  11: bits1:8 = popcount(mask1)  12: zero:32
//                   16: Child[1 << (bits0 + bits1)], then padding to 8 bytes
//
//   Leaf: one or more Blocks, 64-byte aligned, consecutive; positions ascend through the leaf
//   Block            0: count:8 (1..8)  1: last:8 (1: the leaf ends here)
//                    2: equal_rows:8  3: range_rows:8  4: not_rows:8     rows of each op, in this order
//                    5: words:8 x kMaxRows       which key word a row tests
//                   32: position:32 x 8
//                   64: rows: 64 bytes each: a:32 x 8, then b:32 x 8. Candidate i passes a row when, with x the key word,
//                       equal   (x ^ a[i]) & b[i] == 0                neutral: b = 0
//                       range   x - a[i] <= b[i] (mod 2^32)           neutral: a = 0, b = 2^32 - 1; b is high - low
//                       not     (x ^ a[i]) & b[i] != 0 or b[i] == 0   neutral: b = 0
//
// Byte order: host (little-endian). Ports, addresses and lengths are compared as host-order numbers.
// Threads: immutable once published.
// Trust: none. verify_program() accepts a region only if every Ref, count and number is in bounds, every child lies behind
//   its parent, every skip ahead of its occurrence, every call leads to a later section, and the rule records' jumps form
//   no loop. Look-ups then need no checks, and end.
// Cost: one line a tree level, then (1 + rows) lines a block of eight candidates. docs/program.md dumps a small example.
#pragma once

#include <cstdint>

#include "packet/hooks.h"

namespace hookline::format {

using Ref = uint32_t;

inline constexpr uint64_t kMagic = 0x474f52504b4f4f48;  // "HOOKPROG"
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kNone = 0xffffffff;

struct Array {
  Ref ref = 0;
  uint32_t count = 0;  // of elements
};

// Where a hook starts.
struct HookEntry {
  uint32_t section = kNone;  // kNone: the table is not consulted at this hook
  uint32_t entry = 0;        // RuleId of the first rule
  uint32_t underflow = 0;    // RuleId of the policy
};

struct Header {
  uint64_t magic = kMagic;
  uint32_t version = kVersion;
  uint8_t family = 4;  // Family
  uint8_t zero[3] = {};
  uint64_t size = 0;         // of the region in bytes, a multiple of 64
  uint64_t checksum = 0;     // region_checksum() of the whole region with this field zero
  uint64_t registry = 0;     // xt::registry_fingerprint() of the compiler's build
  char table[32] = {};       // NUL-padded
  uint32_t max_bumps = 0;    // a walk bumps at most this many rules
  uint32_t stack_depth = 0;  // the linear walk pushes at most this many jumps
  Array rules, addresses, matches, info;
  Array names;                // info counts bytes; names counts exact names and patterns
  uint32_t exact_names = 0;   // the first of `names` are exact names; name i has id i + 1
  uint32_t wildcard_in = 0;   // number of bits used in the lower half of kInterfaceBits
  uint32_t wildcard_out = 0;  // in the upper half
  Ref wildcards = 0;
  Array residuals, sections, occurrences;
  Array patterns, database;  // database counts bytes
  HookEntry hooks[kHookCount];
  uint8_t unused[20] = {};
};
static_assert(sizeof(Header) == 256);

enum class Action : uint8_t { kAccept, kDrop, kQueue, kReturn, kJump, kGoto, kNext, kError, kTarget };
inline constexpr unsigned kActionCount = 9;

// RuleRecord::flags.
inline constexpr uint16_t kInvertSource = 1, kInvertDestination = 2, kInvertIn = 4, kInvertOut = 8, kInvertProtocol = 16,
                          kInvertFragment = 32, kFragment = 64, kWalksHeaders = 128;  // the last: IPv6, IP6T_F_PROTO

struct RuleRecord {
  uint32_t match_begin = 0;
  uint16_t match_count = 0;
  uint16_t protocol = 0;
  uint16_t in_pattern = 0;  // 1 + number in `names`; 0: any
  uint16_t out_pattern = 0;
  uint16_t flags = 0;
  Action action = Action::kError;
  uint8_t zero = 0;
  uint32_t jump_to = 0;        // RuleId: kJump, kGoto, kNext
  uint16_t target_number = 0;  // kTarget: xt::target_by_number()
  uint16_t zero2 = 0;
  Ref target_info = 0;
  uint32_t zero3 = 0;
};
static_assert(sizeof(RuleRecord) == 32);

struct MatchRecord {
  uint16_t number = 0;   // xt::match_by_number()
  uint8_t inverted = 0;  // of a string match with a pattern: the answer is "not found"
  uint8_t zero = 0;
  uint32_t pattern = kNone;  // number of its string pattern; kNone: ask evaluate()
  Ref info = 0;
};
static_assert(sizeof(MatchRecord) == 12);

// An interface condition: the device's 16-byte name masked and compared.
struct DevicePattern {
  uint64_t name[2] = {};
  uint64_t mask[2] = {};
};
static_assert(sizeof(DevicePattern) == 32);

inline constexpr unsigned kMaxWildcards = 16;

// What the walk does once an occurrence has matched.
enum class OccurrenceKind : uint8_t {
  kAccept,    // bump, end
  kDrop,      // bump, end
  kQueue,     // bump, end
  kNext,      // bump, go on behind it: no target, or a jump whose body stands right behind
  kReturn,    // bump, go on at `skip`
  kPop,       // bump, go back to the calling section
  kCall,      // bump, run section `callee`, then go on at `skip`; skip == kNone: do what the caller's kPop would do
  kContinue,  // as kCall without a bump: the chain goes on in a section that others enter as well
  kTarget,    // bump, ask the rule's target
};
inline constexpr unsigned kOccurrenceKindCount = 9;

inline constexpr uint8_t kCheckHeader = 1;  // Occurrence::flags: the index does not express the whole header

struct Occurrence {
  uint32_t rule = 0;
  uint32_t skip = 0;            // a position behind this one, at most the section's count
  uint32_t callee = kNone;      // kCall, kContinue: number of a later section
  uint32_t residual_begin = 0;  // in `residuals`
  uint16_t residual_count = 0;
  OccurrenceKind kind = OccurrenceKind::kNext;
  uint8_t flags = 0;
};
static_assert(sizeof(Occurrence) == 20);

inline constexpr unsigned kMaxTrees = 4;

struct Section {
  uint32_t first_occurrence = 0;
  uint32_t occurrence_count = 0;
  uint32_t tree_count = 0;
  uint32_t roots[kMaxTrees] = {};  // Children
  Ref nodes = 0;                   // this section's nodes: [nodes, leaves)
  Ref leaves = 0;                  // its leaves: [leaves, end)
  Ref end = 0;
};
static_assert(sizeof(Section) == 40);

inline constexpr uint32_t kLeafBit = 0x80000000;
inline constexpr unsigned kMaxNodeBits = 12;

struct Node {
  uint32_t mask0 = 0;
  uint32_t mask1 = 0;
  uint8_t word0 = 0;
  uint8_t word1 = 0;
  uint8_t bits0 = 0;
  uint8_t bits1 = 0;
  uint32_t zero = 0;
  // uint32_t children[child_count()], then padding to 8 bytes
  [[nodiscard]] uint32_t child_count() const { return 1U << (bits0 + bits1); }
  [[nodiscard]] size_t bytes() const { return sizeof(Node) + (size_t{child_count()} + 1) / 2 * 8; }
};
static_assert(sizeof(Node) == 16);

inline constexpr unsigned kBlockLanes = 8;
inline constexpr unsigned kMaxRows = 27;

struct Row {
  uint32_t a[kBlockLanes];
  uint32_t b[kBlockLanes];
};
static_assert(sizeof(Row) == 64);

struct Block {
  uint8_t count = 0;
  uint8_t last = 0;
  uint8_t equal_rows = 0;
  uint8_t range_rows = 0;
  uint8_t not_rows = 0;
  uint8_t words[kMaxRows] = {};
  uint32_t position[kBlockLanes] = {};
  // Row[rows()]
  [[nodiscard]] unsigned rows() const { return 0U + equal_rows + range_rows + not_rows; }
  [[nodiscard]] size_t bytes() const { return sizeof(Block) + rows() * sizeof(Row); }
  // What stands behind it: the leaf's next block, unless `last`.
  [[nodiscard]] const Block* next() const {
    return reinterpret_cast<const Block*>(reinterpret_cast<const uint8_t*>(this) + bytes());
  }
};
static_assert(sizeof(Block) == 64);

// A string pattern's window: found when some occurrence starts at >= from and ends at <= to, counted from the IP header.
struct PatternRecord {
  uint32_t from = 0;
  uint32_t to = 0;
  uint32_t length = 0;
  uint32_t zero = 0;
};
static_assert(sizeof(PatternRecord) == 16);

}  // namespace hookline::format
