// xt/string.cpp: match `string`, both families, revision 1.
//
// Looks for a byte pattern in a window of the packet, headers included; non-first fragments are searched like any packet.
// Both algorithms, bm and kmp, find the same on a packet in one piece. The one exception is refused: with --icase the
// kernel's bm skips by a table that knows the lower case of a pattern's letters only where the upper case is a letter
// itself, so the two bytes whose upper case is none (0xdf, and 0xff, whose upper case is 0xdf) can be missed. Source: kernel
// xt_string.c, string_mt(), lib/textsearch.c, ts_bm.c, ts_kmp.c; UAPI linux/netfilter/xt_string.h.
#include "xt/string.h"

#include <linux/netfilter/xt_string.h>

#include <algorithm>
#include <cctype>
#include <cstring>

#include "xt/ports.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

Decoded<StringMatch> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<xt_string_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_string_info)));
  if (info->from_offset > info->to_offset)
    return refuse(fmt::format("from {} behind to {}", info->from_offset, info->to_offset), "from at most to");
  if (info->patlen == 0 || info->patlen > kMaxPattern)
    return refuse(fmt::format("a pattern of {} bytes", info->patlen), "1 to 128 bytes");
  if ((info->u.v1.flags & ~(XT_STRING_FLAG_INVERT | XT_STRING_FLAG_IGNORECASE)) != 0)
    return refuse(fmt::format("flags {:#x}", info->u.v1.flags), "bits of 0x3");
  if (info->algo[sizeof info->algo - 1] != 0) return refuse("an algorithm name without an end", "at most 15 bytes and NUL");
  const std::string_view algorithm(info->algo, strnlen(info->algo, sizeof info->algo));
  const auto* known = std::find(kStringAlgorithms.begin(), kStringAlgorithms.end(), algorithm);
  if (known == kStringAlgorithms.end()) return refuse("algorithm " + std::string(algorithm), "bm or kmp");

  StringMatch m{};
  m.from = info->from_offset;
  m.to = info->to_offset;
  m.length = info->patlen;
  m.fold_case = (info->u.v1.flags & XT_STRING_FLAG_IGNORECASE) != 0;
  m.inverted = (info->u.v1.flags & XT_STRING_FLAG_INVERT) != 0;
  m.algorithm = static_cast<uint8_t>(known - kStringAlgorithms.begin());
  for (unsigned i = 0; i < m.length; ++i) {
    m.pattern[i] = static_cast<uint8_t>(info->pattern[i]);
    m.folded[i] = m.fold_case != 0 ? kernel_upper(m.pattern[i]) : m.pattern[i];
    if (m.fold_case != 0 && m.algorithm == kBoyerMoore && (m.folded[i] == 0xbf || m.folded[i] == 0xdf))
      return refuse(fmt::format("byte {:#04x} in a bm pattern without case", m.pattern[i]), "--algo kmp for it");
  }
  return m;
}

// As iptables-save writes it: hex where a byte is not printable ASCII or the last one is a backslash.
void print(const StringMatch& m, TextOut& out) {
  const Bytes pattern(m.pattern.data(), m.length);
  const bool hex =
      pattern.back() == '\\' || std::any_of(pattern.begin(), pattern.end(), [](uint8_t c) { return c < 0x20 || c > 0x7e; });
  if (m.inverted != 0) out.add(" !");
  if (hex) {
    out.add(" --hex-string \"|");
    for (const uint8_t c : pattern) out.add(fmt::format("{:02x}", c));
    out.add("|\"");
  } else {
    out.add(" --string \"");
    for (const uint8_t c : pattern) {
      if (c == '"' || c == '\\') out.add("\\");
      out.add(std::string_view(reinterpret_cast<const char*>(&c), 1));
    }
    out.add("\"");
  }
  out.add(fmt::format(" --algo {}", kStringAlgorithms[m.algorithm]));
  if (m.from != 0) out.add(fmt::format(" --from {}", m.from));
  if (m.to != UINT16_MAX) out.add(fmt::format(" --to {}", m.to));
  if (m.fold_case != 0) out.add(" --icase");
}

Answer evaluate(const StringMatch& m, const MatchContext& context) {
  return answer(occurs(m, {context.packet.data, context.packet.length}) != (m.inverted != 0));
}

Lowered lower(const StringMatch&, Family) { return evaluated(); }

}  // namespace

bool occurs(const StringMatch& match, Bytes packet) {
  const size_t end = std::min<size_t>(packet.size(), match.to);
  for (size_t start = match.from; start + match.length <= end; ++start) {
    size_t i = 0;
    while (i < match.length &&
           (match.fold_case != 0 ? kernel_upper(packet[start + i]) : packet[start + i]) == match.folded[i])
      ++i;
    if (i == match.length) return true;
  }
  return false;
}

constexpr MatchType kStringMatch =
    match_type<StringMatch, decode, print, evaluate, lower>({"string", 1, kBothFamilies, sizeof(xt_string_info)});

}  // namespace hookline::xt
