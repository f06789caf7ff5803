// xt/iprange.cpp: match `iprange`, both families, revision 1.
//
// Inclusive ranges of source and destination addresses, compared as numbers, IPv6 word by word from the first. A condition
// that is not asked for holds. Fragments are looked at like whole packets.
// Source: kernel xt_iprange.c, iprange_mt4(), iprange_mt6(); UAPI linux/netfilter/xt_iprange.h.
#include <arpa/inet.h>
#include <linux/netfilter/xt_iprange.h>

#include "xt/ports.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

using Words = std::array<uint32_t, 4>;  // host order, most significant first; IPv4 uses word 0, the rest is zero

struct AddressRange {
  Words low, high;
  uint8_t used, inverted;
};

struct Iprange {
  AddressRange source, destination;
};

constexpr uint32_t kIpv4Source = 12, kIpv4Destination = 16, kIpv6Source = 8, kIpv6Destination = 24;

Words words_at(const uint8_t* address, Family family) {
  Words words{};
  for (unsigned i = 0; i < (family == Family::kIpv4 ? 1U : 4U); ++i) words[i] = load_be32(address + 4 * i);
  return words;
}

Decoded<Iprange> decode(Bytes data, const DecodeContext& context) {
  const auto info = read_at<xt_iprange_mtinfo>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_iprange_mtinfo)));
  const auto words = [&](const nf_inet_addr& address) {
    return words_at(reinterpret_cast<const uint8_t*>(&address), context.family);
  };
  const auto flag = [&](unsigned bit) { return static_cast<uint8_t>((info->flags & bit) != 0); };
  return Iprange{
      {words(info->src_min), words(info->src_max), flag(IPRANGE_SRC), flag(IPRANGE_SRC_INV)},
      {words(info->dst_min), words(info->dst_max), flag(IPRANGE_DST), flag(IPRANGE_DST_INV)},
  };
}

std::string address_text(const Words& words, Family family) {
  std::array<uint8_t, 16> bytes{};
  for (size_t i = 0; i < 4; ++i) store_be32(bytes.data() + 4 * i, words[i]);
  char text[INET6_ADDRSTRLEN] = "";
  ::inet_ntop(family == Family::kIpv4 ? AF_INET : AF_INET6, bytes.data(), text, sizeof text);
  return text;
}

void print(const Iprange& m, TextOut& out) {
  const auto side = [&](const AddressRange& range, std::string_view option) {
    if (range.used == 0) return;
    out.add(fmt::format("{} {} {}-{}", range.inverted != 0 ? " !" : "", option, address_text(range.low, out.family()),
                        address_text(range.high, out.family())));
  };
  side(m.source, "--src-range");
  side(m.destination, "--dst-range");
}

bool holds(const AddressRange& range, const uint8_t* address, Family family) {
  if (range.used == 0) return true;
  const Words words = words_at(address, family);
  const bool inside = words >= range.low && words <= range.high;
  return inside != (range.inverted != 0);
}

Answer evaluate(const Iprange& m, const MatchContext& context) {
  const Packet& packet = context.packet;
  const bool v4 = packet.family == Family::kIpv4;
  return answer(holds(m.source, packet.data + (v4 ? kIpv4Source : kIpv6Source), packet.family) &&
                holds(m.destination, packet.data + (v4 ? kIpv4Destination : kIpv6Destination), packet.family));
}

// The addresses low..high as boxes: at each word either the bound's own value so far and more (or less) in this one. Only
// the two bounds need words of their own, so a 128-bit range is at most seven boxes.
void add_range(Dimension first, Words low, Words high, unsigned word_count, Lowered& result) {
  const auto dimension = [first](unsigned word) { return static_cast<Dimension>(static_cast<unsigned>(first) + word); };
  const auto test = [&](unsigned word, uint32_t a, uint32_t b) {
    return WordTest{dimension(word), WordTest::Op::kRange, a, b};
  };
  unsigned common = 0;
  Box shared;
  while (common < word_count && low[common] == high[common]) {
    shared.push_back(test(common, low[common], low[common]));
    ++common;
  }
  if (common == word_count) {
    result.boxes.push_back(shared);
    return;
  }
  if (low[common] > high[common]) return;
  // A bound whose remaining words do not cut anything off counts as part of the open middle.
  const auto all = [&](const Words& words, uint32_t value) {
    for (unsigned word = common + 1; word < word_count; ++word)
      if (words[word] != value) return false;
    return true;
  };
  uint32_t middle_low = low[common], middle_high = high[common];
  bool middle = true;
  const auto add_edge = [&](const Words& edge, bool is_low) {
    Box prefix = shared;
    prefix.push_back(test(common, edge[common], edge[common]));
    for (unsigned word = common + 1; word < word_count; ++word) {
      const bool last = word + 1 == word_count;
      Box box = prefix;
      if (is_low) {
        if (last || edge[word] != UINT32_MAX) {
          box.push_back(test(word, last ? edge[word] : edge[word] + 1, UINT32_MAX));
          result.boxes.push_back(std::move(box));
        }
      } else if (last || edge[word] != 0) {
        box.push_back(test(word, 0, last ? edge[word] : edge[word] - 1));
        result.boxes.push_back(std::move(box));
      }
      prefix.push_back(test(word, edge[word], edge[word]));
    }
  };
  if (!all(low, 0)) {
    add_edge(low, true);
    if (middle_low == UINT32_MAX || ++middle_low > middle_high) middle = false;
  }
  if (!all(high, UINT32_MAX)) {
    add_edge(high, false);
    if (!middle || middle_high == 0 || middle_low > --middle_high) middle = false;
  }
  if (!middle) return;
  shared.push_back(test(common, middle_low, middle_high));
  result.boxes.push_back(std::move(shared));
}

Lowered lower_side(const AddressRange& range, Dimension first, Family family) {
  if (range.used == 0) return always();
  const unsigned word_count = family == Family::kIpv4 ? 1 : 4;
  Lowered result = never();
  if (range.inverted == 0) {
    if (range.low <= range.high) add_range(first, range.low, range.high, word_count, result);
    return result;
  }
  if (range.low > range.high) return always();
  Words lowest{}, highest{};
  for (unsigned word = 0; word < word_count; ++word) highest[word] = UINT32_MAX;
  if (range.low != lowest) {
    Words below = range.low;  // low - 1
    for (unsigned word = word_count; word-- > 0;)
      if (below[word]-- != 0) break;
    add_range(first, lowest, below, word_count, result);
  }
  if (range.high != highest) {
    Words above = range.high;  // high + 1
    for (unsigned word = word_count; word-- > 0;)
      if (++above[word] != 0) break;
    add_range(first, above, highest, word_count, result);
  }
  return result;
}

Lowered lower(const Iprange& m, Family family) {
  return both(lower_side(m.source, Dimension::kSource0, family),
              lower_side(m.destination, Dimension::kDestination0, family));
}

}  // namespace

constexpr MatchType kIprangeMatch =
    match_type<Iprange, decode, print, evaluate, lower>({"iprange", 1, kBothFamilies, sizeof(xt_iprange_mtinfo)});

}  // namespace hookline::xt
