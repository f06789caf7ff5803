// xt/set_name.cpp: a rule's number and options -> a set by its name, and back to text.
//
// Numbers mean something in one namespace only, so nothing but the snapshot can tell the name. Source: kernel xt_set.c,
// set_match_v*_checkentry(), compat_flags(); iptables libxt_set.h, print_match().
#include <fmt/core.h>

#include <algorithm>

#include "world/host_view.h"
#include "world/world.h"
#include "xt/set.h"

namespace hookline::xt {
namespace {

constexpr uint8_t kSourceBits = 0x7e;  // of xt_set_info::flags: bits 1 to 6

Decoded<SetName> find_set(uint16_t index, bool optional, const DecodeContext& context) {
  SetName set{};
  if (index == ipset::kNoSet && optional) return set;
  const ipset::SharedSets* const sets = context.host == nullptr ? nullptr : context.host->sets().get();
  const std::string_view name = sets == nullptr ? std::string_view{} : sets->name_of(index);
  if (name.empty() || name.size() >= set.name.size())
    return refuse(fmt::format("ip set number {}", index), "one of the sets that were there");
  std::copy(name.begin(), name.end(), set.name.begin());
  set.refusal = static_cast<uint8_t>(sets->refusal(name));
  set.constant = sets->constant(name) ? 1 : 0;
  return set;
}

}  // namespace

std::string SetName::refused() const {
  if (refusal == 0) return {};
  return fmt::format("ip set {} {}", view(), ipset::refusal_text(static_cast<ipset::Refusal>(refusal)));
}

Decoded<SetName> decode_set_name(const xt_set_info& info, bool optional, const DecodeContext& context) {
  auto set = find_set(info.index, optional, context);
  if (!set) return set;
  if (info.dim > IPSET_DIM_MAX)
    return refuse(fmt::format("{} options src and dst", info.dim), fmt::format("at most {}", +IPSET_DIM_MAX));
  set->dimensions = info.dim;
  set->sources = set->printed_sources = info.flags & kSourceBits;
  set->inverted = set->printed_inverted = (info.flags & IPSET_INV_MATCH) != 0 ? 1 : 0;
  return set;
}

// Kernel: compat_flags(), which adds to what stands in the byte already.
Decoded<SetName> decode_set_name(const xt_set_info_v0& info, bool optional, const DecodeContext& context) {
  auto set = find_set(info.index, optional, context);
  if (!set) return set;
  if (info.u.flags[IPSET_DIM_MAX - 1] != 0)
    return refuse(fmt::format("{} options src and dst", +IPSET_DIM_MAX), fmt::format("at most {}", IPSET_DIM_MAX - 1));
  uint8_t flags = info.u.compat.flags;
  if ((info.u.flags[0] & IPSET_MATCH_INV) != 0) {
    flags |= IPSET_INV_MATCH;
    set->printed_inverted = 1;
  }
  while (set->dimensions < IPSET_DIM_MAX - 1 && info.u.flags[set->dimensions] != 0) {
    const bool source = (info.u.flags[set->dimensions++] & IPSET_SRC) != 0;
    if (source) set->printed_sources = static_cast<uint8_t>(set->printed_sources | 1U << set->dimensions);
  }
  set->sources = (flags | set->printed_sources) & kSourceBits;
  set->inverted = flags & IPSET_INV_MATCH;
  return set;
}

void print_set_name(const SetName& set, std::string_view option, TextOut& out) {
  if (set.view().empty()) return;
  out.add(fmt::format("{} {} {}", set.printed_inverted != 0 ? " !" : "", option, set.view()));
  for (unsigned n = 1; n <= set.dimensions; ++n)
    out.add(fmt::format("{}{}", n == 1 ? ' ' : ',', (set.printed_sources >> n & 1) != 0 ? "src" : "dst"));
}

ipset::Sets& sets_of(World& world) {
  return world.object<ipset::Sets>("ipset", "", [&] { return ipset::Sets(world.host().sets()); });
}

}  // namespace hookline::xt
