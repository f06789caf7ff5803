// verify/aims/sctp.cpp: chunks that fulfil `sctp --chunk-types`, and chunks that are cut off or have no length.
#include <fmt/core.h>

#include <algorithm>

#include "base/bytes.h"
#include "verify/aims/aims.h"
#include "verify/aims/ranges.h"
#include "xt/sctp_abi.h"

namespace hookline {
namespace {

constexpr uint32_t kHeaderBytes = 12;
constexpr size_t kMostChunks = 12;

struct Chunk {
  uint8_t type, flags;
};

// What the condition lists, in a form to draw from.
struct Wanted {
  std::vector<uint8_t> listed, others;
  std::vector<xt_sctp_flag_info> flags;

  explicit Wanted(const xt_sctp_info& info) {
    for (unsigned type = 0; type < 256; ++type)
      (((info.chunkmap[type / 32] >> type % 32) & 1) != 0 ? listed : others).push_back(static_cast<uint8_t>(type));
    flags.assign(info.flag_info, info.flag_info + info.flag_count);
  }
  // A chunk of the type whose flags fit, or where that can be, do not.
  Chunk chunk(uint8_t type, bool fits, Random& random) const {
    Chunk result{type, static_cast<uint8_t>(chance(random, 50) ? 0 : random())};
    const auto asked = std::ranges::find(flags, type, &xt_sctp_flag_info::chunktype);
    if (asked == flags.end()) return result;
    result.flags = static_cast<uint8_t>((result.flags & ~asked->flag_mask) | asked->flag);
    if (!fits && asked->flag_mask != 0) {
      uint8_t bit = 0;
      do bit = static_cast<uint8_t>(1U << below(random, 8));
      while ((bit & asked->flag_mask) == 0);
      result.flags ^= bit;
    }
    return result;
  }
};

std::vector<Chunk> chunks_for(const xt_sctp_info& info, bool true_for_all, Random& random) {
  const Wanted wanted(info);
  std::vector<Chunk> chunks;
  const auto some = [&](const std::vector<uint8_t>& types, bool fit, uint64_t most) {
    if (types.empty()) return;
    for (uint64_t n = below(random, most + 1); n > 0; --n)
      chunks.push_back(wanted.chunk(types[below(random, types.size())], fit, random));
  };
  const auto one = [&](const std::vector<uint8_t>& types, bool fit) {
    if (!types.empty()) chunks.push_back(wanted.chunk(types[below(random, types.size())], fit, random));
  };
  switch (info.chunk_match_type) {
    case SCTP_CHUNK_MATCH_ANY:
      some(wanted.others, true, 2);
      if (true_for_all) one(wanted.listed, true);
      if (!true_for_all && chance(random, 30)) one(wanted.listed, false);
      break;
    case SCTP_CHUNK_MATCH_ALL:
      for (size_t i = 0; i < std::min(wanted.listed.size(), kMostChunks); ++i)
        chunks.push_back(wanted.chunk(wanted.listed[i], true, random));
      if (!true_for_all && !chunks.empty()) {
        const size_t lost = below(random, chunks.size());
        if (chance(random, 50))
          chunks.erase(chunks.begin() + static_cast<std::ptrdiff_t>(lost));
        else
          chunks[lost] = wanted.chunk(chunks[lost].type, false, random);
      }
      some(wanted.others, true, 2);
      break;
    default:
      some(wanted.listed, true, 3);
      if (true_for_all) one(wanted.listed, true);
      if (!true_for_all) chance(random, 70) ? one(wanted.others, true) : one(wanted.listed, false);
      break;
  }
  std::ranges::shuffle(chunks, random);
  if (chunks.empty()) chunks.push_back({static_cast<uint8_t>(random()), 0});
  return chunks;
}

std::vector<uint8_t> bytes_of(const std::vector<Chunk>& chunks, Random& random) {
  std::vector<uint8_t> result;
  for (const Chunk& chunk : chunks) {
    const size_t at = result.size(), length = 4 + below(random, 9);
    result.resize(at + length);
    result[at] = chunk.type;
    result[at + 1] = chunk.flags;
    store_be16(result.data() + at + 2, static_cast<uint16_t>(length));
    // The last chunk's padding may be missing.
    if (&chunk != &chunks.back() || chance(random, 50)) result.resize((result.size() + 3) / 4 * 4);
  }
  return result;
}

void put(std::vector<uint8_t> chunks, Fields& f) {
  std::erase_if(f.l4_patterns, [](const auto& pattern) { return pattern.first == kHeaderBytes; });
  f.l4_patterns.emplace_back(kHeaderBytes, std::move(chunks));
  f.payload = 0;  // it would be read as chunks
}

void fulfil(const Match& match, Family, Random& random, Fields& f) {
  const auto info = read_at<xt_sctp_info>(match.raw, 0);
  if (!info || (info->flags & XT_SCTP_CHUNK_TYPES) == 0) return;
  put(bytes_of(chunks_for(*info, (info->invflags & XT_SCTP_CHUNK_TYPES) == 0, random), random), f);
}

void miss(const Match& match, Family, Random& random, Fields& f) {
  const auto info = read_at<xt_sctp_info>(match.raw, 0);
  if (!info || (info->flags & XT_SCTP_CHUNK_TYPES) == 0) return;
  std::vector<uint8_t> chunks = bytes_of(chunks_for(*info, chance(random, 50), random), random);
  switch (below(random, 5)) {
    case 0:  // a chunk without a length
      chunks.resize((chunks.size() + 3) / 4 * 4);
      chunks.insert(chunks.end(), {static_cast<uint8_t>(below(random, 15)), 0, 0, 0});
      break;
    case 1:  // one whose header is cut off
      chunks.resize((chunks.size() + 3) / 4 * 4);
      chunks.insert(chunks.end(), 1 + below(random, 3), 0);
      break;
    case 2:  // one longer than the packet, or shorter than its header
      store_be16(chunks.data() + 2,
                 static_cast<uint16_t>(chance(random, 50) ? 1 + below(random, 4) : 4 + below(random, 60)));
      break;
    case 3:  // none
      chunks.clear();
      break;
    default:
      break;
  }
  put(std::move(chunks), f);
}

std::string write(Family, Random& random) {
  static constexpr std::string_view kHows[] = {"any", "all", "only"};
  static constexpr std::string_view kTypes[] = {"INIT",        "INIT_ACK",   "SACK", "HEARTBEAT",   "SHUTDOWN",
                                                "COOKIE_ECHO", "COOKIE_ACK", "PAD",  "FORWARD_TSN", "I_FORWARD_TSN",
                                                "ASCONF",      "I_DATA",     "ERROR"};
  static constexpr std::string_view kDataFlags[] = {"", ":B", ":Be", ":U", ":ubei", ":UBEI", ":i"};
  static constexpr std::string_view kAbortFlags[] = {"", ":T", ":t"};
  std::string text = " -p sctp -m sctp";
  if (chance(random, 25)) text += range_option("--sport", 0xffff, random);
  if (chance(random, 25)) text += range_option("--dport", 0xffff, random);
  if (chance(random, 10)) return text;
  text += fmt::format("{} --chunk-types {}", chance(random, 35) ? " !" : "", kHows[below(random, std::size(kHows))]);
  if (chance(random, 6)) return text + (chance(random, 50) ? " ALL" : " NONE");
  std::vector<std::string> types;
  if (chance(random, 50)) types.push_back(fmt::format("DATA{}", kDataFlags[below(random, std::size(kDataFlags))]));
  if (chance(random, 25)) types.push_back(fmt::format("ABORT{}", kAbortFlags[below(random, std::size(kAbortFlags))]));
  if (chance(random, 20))
    types.push_back(fmt::format("SHUTDOWN_COMPLETE{}", kAbortFlags[below(random, std::size(kAbortFlags))]));
  for (uint64_t n = below(random, 4); n > 0 || types.empty(); n -= n > 0 ? 1 : 0)
    types.emplace_back(kTypes[below(random, std::size(kTypes))]);
  for (size_t i = 0; i < types.size(); ++i) text += (i == 0 ? " " : ",") + types[i];
  return text;
}

}  // namespace

constexpr MatchAim kSctpAim = {.name = "sctp", .fulfil = fulfil, .miss = miss, .write = write};

}  // namespace hookline
