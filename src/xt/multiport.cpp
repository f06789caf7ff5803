// xt/multiport.cpp: match `multiport`, both families, revision 1.
//
// Up to 15 elements, ports or ranges, tested against the source, the destination or either port. A later fragment fails
// before the inversion; fewer than 4 bytes of header drop the packet. A range takes two elements, of which the first is
// marked; its end must be there, unmarked and not below it (kernels before 2026 loaded such ranges; 6.18 refuses them).
// Source: kernel xt_multiport.c, multiport_mt(); UAPI linux/netfilter/xt_multiport.h.
#include <algorithm>
#include <vector>

#include <linux/netfilter/xt_multiport.h>

#include "xt/ports.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint32_t kPortBytes = 4;

struct Multiport {
  std::array<PortRange, XT_MULTI_PORTS> ranges;
  uint16_t marked;  // bit i: ranges[i] was given as a range
  uint8_t count;    // of ranges
  uint8_t which;    // XT_MULTIPORT_SOURCE, _DESTINATION, _EITHER
  uint8_t invert;   // the kernel xors this byte into the answer: above 1 the match is true either way
  [[nodiscard]] bool valid() const { return count <= XT_MULTI_PORTS; }
};

// Kernel: check() in xt_multiport.c.
bool protocol_fits(const DecodeContext& context) {
  static constexpr std::array<uint16_t, 5> kProtocols = {6, 17, 136, 132, 33};
  return !context.protocol_inverted && std::find(kProtocols.begin(), kProtocols.end(), context.protocol) != kProtocols.end();
}

Decoded<Multiport> decode(Bytes data, const DecodeContext& context) {
  const auto info = read_at<xt_multiport_v1>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_multiport_v1)));
  if (!protocol_fits(context))
    return refuse(fmt::format("protocol {}{}", context.protocol_inverted ? "! " : "", context.protocol),
                  "TCP, UDP, UDP-Lite, SCTP or DCCP, not inverted");
  if (!finds_l4_header(context)) return no_l4_header();
  if (info->flags > XT_MULTIPORT_EITHER) return refuse(fmt::format("flags {}", info->flags), "at most 2");
  if (info->count > XT_MULTI_PORTS) return refuse(fmt::format("{} ports", info->count), "at most 15");
  Multiport m{};
  m.which = info->flags;
  m.invert = info->invert;
  for (unsigned i = 0; i < info->count; ++i) {
    PortRange& range = m.ranges[m.count];
    range.low = range.high = info->ports[i];
    if (info->pflags[i] != 0) {
      if (++i == info->count) return refuse(fmt::format("a range that begins at the last port, {}", range.low), "its end");
      range.high = info->ports[i];
      if (info->pflags[i] != 0) return refuse(fmt::format("port {} as end and begin of a range", range.high), "one of them");
      if (range.low > range.high) return refuse(fmt::format("ports {}:{}", range.low, range.high), "a range upwards");
      m.marked = static_cast<uint16_t>(m.marked | 1U << m.count);
    }
    ++m.count;
  }
  return m;
}

void print(const Multiport& m, TextOut& out) {
  static constexpr std::array<std::string_view, 3> kOptions = {" --sports ", " --dports ", " --ports "};
  if (m.invert != 0) out.add(" !");
  out.add(kOptions[m.which]);
  for (unsigned i = 0; i < m.count; ++i) {
    out.add(fmt::format("{}{}", i == 0 ? "" : ",", m.ranges[i].low));
    if ((m.marked >> i & 1) != 0) out.add(fmt::format(":{}", m.ranges[i].high));
  }
}

Answer evaluate(const Multiport& m, const MatchContext& context) {
  if (context.fragment_offset != 0) return Answer::kNo;
  const uint8_t* header = context.bytes(context.l4_offset, kPortBytes);
  if (header == nullptr) return Answer::kHotdrop;
  const uint16_t source = load_be16(header), destination = load_be16(header + 2);
  bool listed = false;
  for (unsigned i = 0; i < m.count && !listed; ++i)
    listed = (m.which != XT_MULTIPORT_DESTINATION && m.ranges[i].holds(source)) ||
             (m.which != XT_MULTIPORT_SOURCE && m.ranges[i].holds(destination));
  return answer((static_cast<uint8_t>(listed) ^ m.invert) != 0);
}

// The listed ports as disjoint ascending ranges.
std::vector<PortRange> merged(const Multiport& m) {
  std::vector<PortRange> ranges(m.ranges.begin(), m.ranges.begin() + m.count);
  std::sort(ranges.begin(), ranges.end(), [](PortRange a, PortRange b) { return a.low < b.low; });
  std::vector<PortRange> result;
  for (const PortRange range : ranges) {
    if (!result.empty() && range.low <= result.back().high + 1)
      result.back().high = std::max(result.back().high, range.high);
    else
      result.push_back(range);
  }
  return result;
}

std::vector<PortRange> complement(const std::vector<PortRange>& ranges) {
  std::vector<PortRange> result;
  unsigned next = 0;
  for (const PortRange range : ranges) {
    if (range.low > next) result.push_back({static_cast<uint16_t>(next), static_cast<uint16_t>(range.low - 1)});
    next = range.high + 1U;
  }
  if (next <= 0xffff) result.push_back({static_cast<uint16_t>(next), 0xffff});
  return result;
}

Lowered any_of(Dimension dimension, const std::vector<PortRange>& ranges) {
  Lowered result = never();
  for (const PortRange range : ranges)
    for (Box& box : ports_in(dimension, range).boxes) result.boxes.push_back(std::move(box));
  return result;
}

Lowered lower(const Multiport& m, Family) {
  if (m.invert > 1) return first_fragment();
  std::vector<PortRange> ranges = merged(m);
  if (m.invert != 0) ranges = complement(ranges);
  const Lowered source = any_of(Dimension::kSourcePort, ranges);
  const Lowered destination = any_of(Dimension::kDestinationPort, ranges);
  if (m.which == XT_MULTIPORT_SOURCE) return both(first_fragment(), source);
  if (m.which == XT_MULTIPORT_DESTINATION) return both(first_fragment(), destination);
  if (m.invert != 0) return both(first_fragment(), both(destination, source));
  Lowered result = source;
  for (const Box& box : destination.boxes) result.boxes.push_back(box);
  if (result.boxes.size() > kMaxBoxes) result = evaluated();
  return both(first_fragment(), result);
}

}  // namespace

constexpr MatchType kMultiportMatch =
    match_type<Multiport, decode, print, evaluate, lower>({"multiport", 1, kBothFamilies, sizeof(xt_multiport_v1)});

}  // namespace hookline::xt
