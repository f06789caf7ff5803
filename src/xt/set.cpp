// xt/set.cpp: match `set`, both families, revisions 0 to 4: whether an ip set holds the packet.
//
// The kernel stores a set's number; its name comes from the snapshot. A set that neither packets nor time nor rules change
// is only read, and asking it leaves no trace. Revisions 3 and 4 can compare the counters of the element that holds the
// packet, after this packet has been counted. Source: kernel xt_set.c, set_match_v*(); ip_set_core.c, ip_set_test(); UAPI
// linux/netfilter/xt_set.h.
#include "xt/set.h"

#include <fmt/core.h>

#include "xt/types.h"

namespace hookline::xt {
namespace {

struct SetMatch {
  SetName set;
  uint32_t flags;  // IPSET_FLAG_*
  ipset::CounterTest packets, bytes;
  [[nodiscard]] std::string refused() const { return set.refused(); }
  [[nodiscard]] bool reads_only() const { return set.constant != 0; }
  [[nodiscard]] std::string object() const { return reads_only() ? "" : std::string(kSetsObject); }
};

struct Handle {
  ipset::Sets* sets;
  ipset::Set* set;  // null: the World has no such set
};

// `Info` with the kernel's padding, as it stands in the data.
template <typename Info>
Decoded<SetMatch> decode_name(Bytes data, const DecodeContext& context) {
  const auto info = read_at<Info>(data, 0);
  if (!info) return refuse(fmt::format("{} bytes of data", data.size()), std::to_string(sizeof(Info)));
  auto set = decode_set_name(info->match_set, false, context);
  if (!set) return tl::make_unexpected(std::move(set.error()));
  SetMatch m{};
  m.set = *set;
  if constexpr (requires { info->flags; }) {
    m.flags = info->flags;
    m.packets = {info->packets.value, info->packets.op};
    m.bytes = {info->bytes.value, info->bytes.op};
    if (m.packets.op != IPSET_COUNTER_NONE || m.bytes.op != IPSET_COUNTER_NONE) m.flags |= IPSET_FLAG_MATCH_COUNTERS;
  } else if constexpr (requires { info->match_set.flags; }) {
    if ((info->match_set.flags & IPSET_RETURN_NOMATCH) != 0) m.flags = IPSET_FLAG_RETURN_NOMATCH;
  }
  return m;
}

void print_counter(const ipset::CounterTest& test, std::string_view name, TextOut& out) {
  switch (test.op) {
    case IPSET_COUNTER_EQ:
      return out.add(fmt::format(" --{}-eq {}", name, test.value));
    case IPSET_COUNTER_NE:
      return out.add(fmt::format(" ! --{}-eq {}", name, test.value));
    case IPSET_COUNTER_LT:
      return out.add(fmt::format(" --{}-lt {}", name, test.value));
    case IPSET_COUNTER_GT:
      return out.add(fmt::format(" --{}-gt {}", name, test.value));
    default:
      return;
  }
}

template <int kRevision>
void print(const SetMatch& m, TextOut& out) {
  print_set_name(m.set, "--match-set", out);
  if (kRevision >= 2 && (m.flags & IPSET_FLAG_RETURN_NOMATCH) != 0) out.add(" --return-nomatch");
  if (kRevision < 3) return;
  if ((m.flags & IPSET_FLAG_SKIP_COUNTER_UPDATE) != 0) out.add(" ! --update-counters");
  if ((m.flags & IPSET_FLAG_SKIP_SUBCOUNTER_UPDATE) != 0) out.add(" ! --update-subcounters");
  print_counter(m.packets, "packets", out);
  print_counter(m.bytes, "bytes", out);
}

Handle start(const SetMatch& m, World& world) {
  ipset::Sets& sets = sets_of(world);
  return {&sets, sets.find(m.set.view(), false)};
}

Answer evaluate(const SetMatch& m, Handle& handle, const MatchContext& context) {
  if (handle.set == nullptr) return Answer::kNo;
  ipset::Ask ask{.packet = context.packet,
                 .dimensions = m.set.dimensions,
                 .sources = m.set.sources,
                 .flags = m.flags,
                 .packets = m.packets,
                 .bytes = m.bytes};
  if (m.set.constant == 0) ask.now = handle.sets->now(context.packet);
  return answer(handle.set->test(ask) != (m.set.inverted != 0));
}

Lowered lower(const SetMatch&, Family) { return evaluated(); }

template <int kRevision, typename Info>
constexpr MatchType set_match(uint8_t families) {
  return timed(stateful_match_type<SetMatch, Handle, decode_name<Info>, print<kRevision>, start, evaluate, lower>(
      {"set", kRevision, families, sizeof(Info)}));
}

}  // namespace

constexpr MatchType kSet0Match = set_match<0, xt_set_info_match_v0>(kIpv4Only);
constexpr MatchType kSet1Match = set_match<1, xt_set_info_match_v1>(kBothFamilies);
constexpr MatchType kSet2Match = set_match<2, xt_set_info_match_v1>(kBothFamilies);
constexpr MatchType kSet3Match = set_match<3, xt_set_info_match_v3>(kBothFamilies);
constexpr MatchType kSet4Match = set_match<4, xt_set_info_match_v4>(kBothFamilies);

}  // namespace hookline::xt
