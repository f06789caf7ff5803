// xt/sctp.cpp: match `sctp`, both families, revision 0.
//
// Ports, then the types of the packet's chunks, of some of which flags may be asked as well: any of the listed types, all of
// them, or only them. A later fragment fails before any inversion; a header that is not there drops the packet. The walk
// over the chunks drops it where a chunk's first four bytes are cut off, or a chunk has length 0; where the condition on
// chunks is inverted, that drop makes it true, so the rule is counted all the same.
//
// The kernel's map of types has room for 2,048, of which it reads 256; the other bits still count where it asks whether all
// listed types were seen (`all ALL`, which sets every bit, is never true).
// Source: kernel xt_sctp.c, sctp_mt(), match_packet(), sctp_mt_check(); UAPI linux/netfilter/xt_sctp.h.

#include <algorithm>

#include "xt/ports.h"
#include "xt/sctp_abi.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint32_t kHeaderBytes = 12, kChunkHeaderBytes = 4;
constexpr uint16_t kProtocol = 132;

enum class SpareBits : uint8_t { kNone, kSome, kAll };

struct Sctp {
  PortRange source, destination;
  std::array<uint32_t, 8> types;  // bit n: chunk type n is listed
  uint32_t how;                   // SCTP_CHUNK_MATCH_*; the kernel loads mixtures of them: never true
  std::array<xt_sctp_flag_info, XT_NUM_SCTP_FLAGS> type_flags;
  uint8_t type_flag_count;
  SpareBits spare;  // bits of the map that stand for no type
  uint8_t asked, inverted;
  [[nodiscard]] bool asks(uint8_t what) const { return (asked & what) != 0; }
  [[nodiscard]] bool inverts(uint8_t what) const { return (inverted & what) != 0; }
  [[nodiscard]] bool lists(uint8_t type) const { return (types[type / 32U] >> type % 32U & 1) != 0; }
  [[nodiscard]] bool valid() const { return type_flag_count <= XT_NUM_SCTP_FLAGS; }
};

Decoded<Sctp> decode(Bytes data, const DecodeContext& context) {
  constexpr uint32_t kHows = SCTP_CHUNK_MATCH_ANY | SCTP_CHUNK_MATCH_ALL | SCTP_CHUNK_MATCH_ONLY;
  const auto info = read_at<xt_sctp_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_sctp_info)));
  if (!finds_l4_header(context)) return no_l4_header();
  if ((info->flags & ~uint32_t{XT_SCTP_VALID_FLAGS}) != 0)
    return refuse(fmt::format("flags {:#x}", info->flags), "bits of 0x7");
  if ((info->invflags & ~info->flags) != 0)
    return refuse(fmt::format("invflags {:#x}", info->invflags), fmt::format("bits of the flags, {:#x}", info->flags));
  if (info->flag_count < 0 || info->flag_count > XT_NUM_SCTP_FLAGS)
    return refuse(fmt::format("flags of {} chunk types", info->flag_count), "at most 4");
  if ((info->flags & XT_SCTP_CHUNK_TYPES) != 0 && (info->chunk_match_type & kHows) == 0)
    return refuse(fmt::format("chunk_match_type {:#x}", info->chunk_match_type), "1, 2 or 4");
  Sctp m{{info->spts[0], info->spts[1]},
         {info->dpts[0], info->dpts[1]},
         {},
         info->chunk_match_type,
         {},
         static_cast<uint8_t>(info->flag_count),
         SpareBits::kSome,
         static_cast<uint8_t>(info->flags),
         static_cast<uint8_t>(info->invflags)};
  std::copy_n(info->chunkmap, m.types.size(), m.types.begin());
  std::copy_n(info->flag_info, m.type_flags.size(), m.type_flags.begin());
  const auto all_spare_are = [&](uint32_t word) {
    return std::all_of(info->chunkmap + m.types.size(), std::end(info->chunkmap), [&](uint32_t w) { return w == word; });
  };
  if (all_spare_are(0)) m.spare = SpareBits::kNone;
  if (all_spare_are(UINT32_MAX)) m.spare = SpareBits::kAll;
  return m;
}

// iptables' names of chunk types, and of their flag bits from 7 down to 0, in its order.
struct ChunkName {
  uint8_t type;
  std::string_view name, flags;
};
constexpr std::array<ChunkName, 22> kChunkNames = {{
    {0, "DATA", "----IUBE"},
    {1, "INIT", "--------"},
    {2, "INIT_ACK", "--------"},
    {3, "SACK", "--------"},
    {4, "HEARTBEAT", "--------"},
    {5, "HEARTBEAT_ACK", "--------"},
    {6, "ABORT", "-------T"},
    {7, "SHUTDOWN", "--------"},
    {8, "SHUTDOWN_ACK", "--------"},
    {9, "ERROR", "--------"},
    {10, "COOKIE_ECHO", "--------"},
    {11, "COOKIE_ACK", "--------"},
    {12, "ECN_ECNE", "--------"},
    {13, "ECN_CWR", "--------"},
    {14, "SHUTDOWN_COMPLETE", "-------T"},
    {64, "I_DATA", "----IUBE"},
    {130, "RE_CONFIG", "--------"},
    {132, "PAD", "--------"},
    {193, "ASCONF", "--------"},
    {128, "ASCONF_ACK", "--------"},
    {192, "FORWARD_TSN", "--------"},
    {194, "I_FORWARD_TSN", "--------"},
}};

// iptables takes the type for an index of its names here, so beyond SHUTDOWN_COMPLETE the letters are not that type's.
void print_type_flags(const xt_sctp_flag_info& flags, TextOut& out) {
  const std::string_view letters =
      flags.chunktype < kChunkNames.size() ? kChunkNames[flags.chunktype].flags : std::string_view("--------");
  if (flags.flag_mask != 0) out.add(":");
  for (unsigned i = 0; i < 8; ++i) {
    const unsigned bit = 0x80U >> i;
    if ((flags.flag_mask & bit) == 0) continue;
    const char letter = letters[i];
    const bool lower_case = (flags.flag & bit) == 0 && letter != '-';
    out.add(std::string(1, static_cast<char>(lower_case ? letter + ('a' - 'A') : letter)));
  }
}

void print_chunks(const Sctp& m, TextOut& out) {
  const auto every_word_is = [&](uint32_t word) {
    return std::all_of(m.types.begin(), m.types.end(), [&](uint32_t w) { return w == word; });
  };
  out.add(m.inverts(XT_SCTP_CHUNK_TYPES) ? " ! --chunk-types " : " --chunk-types ");
  out.add(m.how == SCTP_CHUNK_MATCH_ANY    ? "any"
          : m.how == SCTP_CHUNK_MATCH_ALL  ? "all"
          : m.how == SCTP_CHUNK_MATCH_ONLY ? "only"
                                           : fmt::format("{:#x}", m.how));
  if (m.spare == SpareBits::kNone && every_word_is(0)) return out.add(" NONE");
  if (m.spare == SpareBits::kAll && every_word_is(UINT32_MAX)) return out.add(" ALL");
  bool first = true;
  for (unsigned type = 0; type < 256; ++type) {
    if (!m.lists(static_cast<uint8_t>(type))) continue;
    out.add(first ? " " : ",");
    first = false;
    for (const ChunkName& known : kChunkNames)
      if (known.type == type) out.add(known.name);
    for (unsigned i = 0; i < m.type_flag_count; ++i)
      if (m.type_flags[i].chunktype == type) print_type_flags(m.type_flags[i], out);
  }
}

void print(const Sctp& m, TextOut& out) {
  const auto ports = [&](uint8_t what, std::string_view option, PortRange range) {
    if (!m.asks(what)) return;
    out.add(fmt::format("{} {} {}", m.inverts(what) ? " !" : "", option, range.low));
    if (range.low != range.high) out.add(fmt::format(":{}", range.high));
  };
  ports(XT_SCTP_SRC_PORTS, "--sport", m.source);
  ports(XT_SCTP_DEST_PORTS, "--dport", m.destination);
  if (m.asks(XT_SCTP_CHUNK_TYPES)) print_chunks(m, out);
}

// Kernel: match_flags(): the first entry of the type decides.
bool flags_fit(const Sctp& m, uint8_t type, uint8_t flags) {
  for (unsigned i = 0; i < m.type_flag_count; ++i)
    if (m.type_flags[i].chunktype == type) return (flags & m.type_flags[i].flag_mask) == m.type_flags[i].flag;
  return true;
}

// Kernel: match_packet().
Answer walk_chunks(const Sctp& m, const MatchContext& context, uint32_t offset) {
  std::array<uint32_t, 8> missing = m.types;
  do {
    const uint8_t* chunk = context.bytes(offset, kChunkHeaderBytes);
    if (chunk == nullptr || load_be16(chunk + 2) == 0) return Answer::kHotdrop;
    offset += (load_be16(chunk + 2) + 3U) & ~3U;
    const uint8_t type = chunk[0];
    const bool fits = m.lists(type) && flags_fit(m, type, chunk[1]);
    if (m.how == SCTP_CHUNK_MATCH_ANY && fits) return Answer::kYes;
    if (m.how == SCTP_CHUNK_MATCH_ONLY && !fits) return Answer::kNo;
    if (fits) missing[type / 32U] &= ~(1U << type % 32U);
  } while (offset < context.packet.length);
  if (m.how == SCTP_CHUNK_MATCH_ONLY) return Answer::kYes;
  const bool all_seen = std::all_of(missing.begin(), missing.end(), [](uint32_t word) { return word == 0; });
  return answer(m.how == SCTP_CHUNK_MATCH_ALL && all_seen && m.spare == SpareBits::kNone);
}

Answer evaluate(const Sctp& m, const MatchContext& context) {
  if (context.fragment_offset != 0) return Answer::kNo;
  const uint8_t* header = context.bytes(context.l4_offset, kHeaderBytes);
  if (header == nullptr) return Answer::kHotdrop;
  if (m.asks(XT_SCTP_SRC_PORTS) && m.source.holds(load_be16(header)) == m.inverts(XT_SCTP_SRC_PORTS)) return Answer::kNo;
  if (m.asks(XT_SCTP_DEST_PORTS) && m.destination.holds(load_be16(header + 2)) == m.inverts(XT_SCTP_DEST_PORTS))
    return Answer::kNo;
  if (!m.asks(XT_SCTP_CHUNK_TYPES)) return Answer::kYes;
  const bool inverted = m.inverts(XT_SCTP_CHUNK_TYPES);
  const Answer walked = walk_chunks(m, context, context.l4_offset + kHeaderBytes);
  if (walked == Answer::kHotdrop) return inverted ? Answer::kYesHotdrop : Answer::kHotdrop;
  return answer((walked == Answer::kYes) != inverted);
}

Lowered lower(const Sctp& m, Family) {
  Lowered result = first_fragment();
  if (m.asks(XT_SCTP_SRC_PORTS))
    result = both(result, ports_in(Dimension::kSourcePort, m.source, m.inverts(XT_SCTP_SRC_PORTS)));
  if (m.asks(XT_SCTP_DEST_PORTS))
    result = both(result, ports_in(Dimension::kDestinationPort, m.destination, m.inverts(XT_SCTP_DEST_PORTS)));
  if (m.asks(XT_SCTP_CHUNK_TYPES)) {
    result.exact = false;
    result.may_hotdrop = true;
  }
  return result;
}

}  // namespace

constexpr MatchType kSctpMatch = match_type<Sctp, decode, print, evaluate, lower>(
    {"sctp", 0, kBothFamilies, sizeof(xt_sctp_info), {.protocol = kProtocol}});

}  // namespace hookline::xt
