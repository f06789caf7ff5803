// verify/aims/dccp.cpp: types and options of DCCP, with a data offset that fits them, or does not.
#include <fmt/core.h>
#include <linux/dccp.h>
#include <linux/netfilter/xt_dccp.h>

#include "verify/aims/aims.h"
#include "verify/aims/ranges.h"

namespace hookline {
namespace {

constexpr uint32_t kTypeAt = 8, kDataOffsetAt = 4, kHeaderBytes = 12;

void put(uint8_t type, const std::vector<uint8_t>& options, bool extended, int data_offset_error, Fields& f) {
  const uint32_t fixed = kHeaderBytes + (extended ? 4U : 0U) + dccp_packet_hdr_len(type);
  std::erase_if(f.l4_patterns, [](const auto& pattern) {
    return pattern.first == kTypeAt || pattern.first == kDataOffsetAt || pattern.first >= kHeaderBytes;
  });
  f.l4_patterns.push_back({kTypeAt, {static_cast<uint8_t>(type << 1 | (extended ? 1 : 0))}});
  const int data_offset = static_cast<int>(fixed + options.size()) / 4 + data_offset_error;
  f.l4_patterns.push_back({kDataOffsetAt, {static_cast<uint8_t>(data_offset)}});
  if (!options.empty()) f.l4_patterns.push_back({fixed, options});
}

// A list of options, in whole words, with `option` or without.
std::vector<uint8_t> options_of(uint8_t option, bool with, Random& random) {
  std::vector<uint8_t> options;
  for (uint64_t n = below(random, 3); n > 0; --n) {
    auto other = static_cast<uint8_t>(chance(random, 30) ? below(random, 2) : 32 + below(random, 200));
    if (other == option) ++other;
    options.push_back(other);
    if (other < 2) continue;
    options.push_back(static_cast<uint8_t>(2 + below(random, 4)));
    options.resize(options.size() + options.back() - 2U, static_cast<uint8_t>(chance(random, 20) ? option : 3));
  }
  if (with) {
    options.push_back(option);
    if (option >= 2 && chance(random, 80)) options.push_back(2);
  }
  options.resize((options.size() + 3) / 4 * 4);
  return options;
}

uint8_t type_for(const xt_dccp_info& info, bool fits, Random& random) {
  if ((info.flags & XT_DCCP_TYPE) == 0) return static_cast<uint8_t>(below(random, 11));
  const bool listed = ((info.invflags & XT_DCCP_TYPE) == 0) == fits;
  for (int i = 0; i < 64; ++i) {
    const auto type = static_cast<uint8_t>(below(random, 16));
    if (((info.typemask >> type & 1) != 0) == listed) return type;
  }
  return 0;
}

void fulfil(const Match& match, Family, Random& random, Fields& f) {
  const auto info = read_at<xt_dccp_info>(match.raw, 0);
  if (!info || (info->flags & (XT_DCCP_TYPE | XT_DCCP_OPTION)) == 0) return;
  const bool with = (info->flags & XT_DCCP_OPTION) != 0 && (info->invflags & XT_DCCP_OPTION) == 0;
  put(type_for(*info, true, random), options_of(info->option, with, random), chance(random, 40), 0, f);
}

void miss(const Match& match, Family, Random& random, Fields& f) {
  const auto info = read_at<xt_dccp_info>(match.raw, 0);
  if (!info || (info->flags & (XT_DCCP_TYPE | XT_DCCP_OPTION)) == 0) return;
  const int error = chance(random, 50) ? 0 : static_cast<int>(below(random, 7)) - 3;
  put(type_for(*info, chance(random, 60), random), options_of(info->option, chance(random, 50), random), chance(random, 40),
      error, f);
  if (chance(random, 20)) f.payload = 0;
}

std::string write(Family, Random& random) {
  static constexpr std::string_view kTypes[] = {"REQUEST", "RESPONSE", "DATA", "ACK",     "DATAACK", "CLOSEREQ",
                                                "CLOSE",   "RESET",    "SYNC", "SYNCACK", "INVALID"};
  static constexpr unsigned kOptions[] = {1, 2, 3, 32, 38, 44, 255};
  std::string text = " -p dccp -m dccp";
  if (chance(random, 25)) text += range_option("--sport", 0xffff, random);
  if (chance(random, 25)) text += range_option("--dport", 0xffff, random);
  if (chance(random, 50)) {
    text += chance(random, 30) ? " ! --dccp-types " : " --dccp-types ";
    const size_t count = 1 + below(random, 4), first = below(random, std::size(kTypes));
    for (size_t i = 0; i < count; ++i)
      text += fmt::format("{}{}", i == 0 ? "" : ",", kTypes[(first + 3 * i) % std::size(kTypes)]);
  }
  if (chance(random, 60))
    text += fmt::format("{} --dccp-option {}", chance(random, 35) ? " !" : "", kOptions[below(random, std::size(kOptions))]);
  return text;
}

}  // namespace

constexpr MatchAim kDccpAim = {.name = "dccp", .fulfil = fulfil, .miss = miss, .write = write};

}  // namespace hookline
