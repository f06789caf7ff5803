// xt/set_target.cpp: target `SET`, both families, revisions 0 to 3: adds the packet to an ip set, takes it out of one, or
// gives the packet the mark that a set has for it.
//
// Whatever fails (the set is full, the element is there already or is not there) is passed over in silence, and the walk
// goes on. Priority and queue, which a set may hold as well, are nothing that rules ask for. Source: kernel xt_set.c,
// set_target_v*().
#include <fmt/core.h>

#include <algorithm>

#include "xt/set.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint32_t kMapFlags = IPSET_FLAG_MAP_SKBMARK | IPSET_FLAG_MAP_SKBPRIO | IPSET_FLAG_MAP_SKBQUEUE;
constexpr uint32_t kMostSeconds = UINT32_MAX / 1000;  // that fit in the kernel's milliseconds

struct SetTarget {
  SetName add, remove, map;
  uint32_t flags, timeout;
  [[nodiscard]] std::string refused() const {
    for (const SetName* set : {&add, &remove, &map})
      if (std::string why = set->refused(); !why.empty()) return why;
    return {};
  }
  [[nodiscard]] std::string object() const { return std::string(kSetsObject); }
};

struct Handles {
  ipset::Sets* sets;
  ipset::Set *add, *remove, *map;  // null: none
};

template <typename Info>
Decoded<SetTarget> decode(Bytes data, const DecodeContext& context) {
  const auto info = read_at<Info>(data, 0);
  if (!info) return refuse(fmt::format("{} bytes of data", data.size()), std::to_string(sizeof(Info)));
  SetTarget t{};
  t.timeout = UINT32_MAX;
  auto add = decode_set_name(info->add_set, true, context);
  if (!add) return tl::make_unexpected(std::move(add.error()));
  auto remove = decode_set_name(info->del_set, true, context);
  if (!remove) return tl::make_unexpected(std::move(remove.error()));
  t.add = *add;
  t.remove = *remove;
  if constexpr (requires { info->timeout; }) {
    t.flags = info->flags;
    t.timeout = info->timeout;
  }
  if constexpr (requires { info->map_set; }) {
    auto map = decode_set_name(info->map_set, true, context);
    if (!map) return tl::make_unexpected(std::move(map.error()));
    t.map = *map;
    if (t.map.view().empty()) return t;
    if (context.table != "mangle") return refuse(fmt::format("--map-set in table {}", context.table), "table mangle");
    constexpr uint32_t kLeaving = hook_bit(Hook::kForward) | hook_bit(Hook::kOutput) | hook_bit(Hook::kPostrouting);
    if ((t.flags & (IPSET_FLAG_MAP_SKBPRIO | IPSET_FLAG_MAP_SKBQUEUE)) != 0 && (context.hooks & ~kLeaving) != 0)
      return refuse("--map-prio or --map-queue reached from PREROUTING or INPUT", "FORWARD, OUTPUT or POSTROUTING only");
  }
  return t;
}

template <int kRevision>
void print(const SetTarget& t, TextOut& out) {
  print_set_name(t.add, "--add-set", out);
  if (kRevision >= 2 && (t.flags & IPSET_FLAG_EXIST) != 0) out.add(" --exist");
  if (kRevision >= 2 && t.timeout != UINT32_MAX) out.add(fmt::format(" --timeout {}", t.timeout));
  print_set_name(t.remove, "--del-set", out);
  print_set_name(t.map, "--map-set", out);
  if (kRevision < 3) return;
  if ((t.flags & IPSET_FLAG_MAP_SKBMARK) != 0) out.add(" --map-mark");
  if ((t.flags & IPSET_FLAG_MAP_SKBPRIO) != 0) out.add(" --map-prio");
  if ((t.flags & IPSET_FLAG_MAP_SKBQUEUE) != 0) out.add(" --map-queue");
}

Handles start(const SetTarget& t, World& world) {
  ipset::Sets& sets = sets_of(world);
  return {&sets, sets.find(t.add.view(), true), sets.find(t.remove.view(), true), sets.find(t.map.view(), false)};
}

ipset::Ask ask_for(const SetName& set, const TargetContext& context, uint64_t now) {
  return {.packet = context.packet, .dimensions = set.dimensions, .sources = set.sources, .now = now};
}

TargetAction evaluate(const SetTarget& t, Handles& handles, TargetContext& context) {
  const uint64_t now = handles.sets->now(context.packet);
  if (handles.add != nullptr) {
    ipset::Ask ask = ask_for(t.add, context, now);
    ask.flags = t.flags;
    if (t.timeout != UINT32_MAX) ask.timeout = std::min(t.timeout, kMostSeconds);
    handles.add->add(ask);
  }
  if (handles.remove != nullptr) {
    ipset::Ask ask = ask_for(t.remove, context, now);
    handles.remove->remove(ask);
  }
  if (handles.map != nullptr) {
    ipset::Ask ask = ask_for(t.map, context, now);
    ask.flags = t.flags & kMapFlags;
    if (handles.map->test(ask) != (t.map.inverted != 0) && (t.flags & IPSET_FLAG_MAP_SKBMARK) != 0)
      context.writable.mark = (context.writable.mark & ~ask.skbinfo.mask) ^ ask.skbinfo.mark;
  }
  return kContinue;
}

template <int kRevision, typename Info>
constexpr TargetType set_target(uint8_t families, std::span<const WrittenBits> writes = {}) {
  return timed(stateful_target_type<SetTarget, Handles, decode<Info>, print<kRevision>, start, evaluate>(
      {"SET", kRevision, families, sizeof(Info)}, writes));
}

constexpr std::array<WrittenBits, 1> kWritesMark = {{{Dimension::kMark, UINT32_MAX}}};

}  // namespace

constexpr TargetType kSet0Target = set_target<0, xt_set_info_target_v0>(kIpv4Only);
constexpr TargetType kSet1Target = set_target<1, xt_set_info_target_v1>(kBothFamilies);
constexpr TargetType kSet2Target = set_target<2, xt_set_info_target_v2>(kBothFamilies);
constexpr TargetType kSet3Target = set_target<3, xt_set_info_target_v3>(kBothFamilies, kWritesMark);

}  // namespace hookline::xt
