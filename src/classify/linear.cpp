// classify/linear.cpp: the kernel's walk over the Program's rule records, one rule after the other, for packets of any
// shape.
//
// It answers what the index does not take, and stands beside the index as its check: it reads headers by itself, rule by
// rule, and shares no parser with it. As in the kernel an IPv6 rule without `-p` does not look at the header chain, and the
// fragment offset that one rule found is what later rules are told.
// Kernel: ipt_do_table(), ip_packet_match(), ip6t_do_table(), ip6_packet_match(), ipv6_find_hdr().
#include <netinet/in.h>

#include "base/bytes.h"
#include "base/fault.h"
#include "classify/internals.h"

namespace hookline {

using namespace format;

namespace {

// The end of an IPv6 header chain.
struct UpperHeader {
  bool malformed = false;
  uint8_t protocol = 0;
  uint32_t offset = 0;
  uint32_t fragment = 0;  // in bytes
};

bool leads_on(uint8_t protocol) {
  switch (protocol) {
    case IPPROTO_HOPOPTS:
    case IPPROTO_ROUTING:
    case IPPROTO_FRAGMENT:
    case IPPROTO_AH:
    case IPPROTO_DSTOPTS:
      return true;
    default:
      return false;
  }
}

UpperHeader find_upper(const Packet& packet) {
  constexpr UpperHeader kMalformed{.malformed = true};
  const auto has = [&](uint32_t from, uint32_t count) { return from <= packet.length && packet.length - from >= count; };
  UpperHeader upper{.protocol = packet.data[6], .offset = 40};
  while (leads_on(upper.protocol)) {
    if (!has(upper.offset, 2)) return kMalformed;
    const uint8_t* header = packet.data + upper.offset;
    const uint8_t next = header[0];
    uint32_t size = (header[1] + 1U) * 8;
    switch (upper.protocol) {
      case IPPROTO_ROUTING:
        if (!has(upper.offset, 4)) return kMalformed;
        break;
      case IPPROTO_AH:
        size = (header[1] + 2U) * 4;
        break;
      case IPPROTO_FRAGMENT:
        if (!has(upper.offset, 4)) return kMalformed;
        size = 8;
        if (const uint32_t offset = load_be16(header + 2) & 0xfff8U; offset != 0) {
          if (leads_on(next)) return kMalformed;
          return {.protocol = next, .offset = 0, .fragment = offset};
        }
        break;
      default:
        break;
    }
    upper.protocol = next;
    upper.offset += size;
  }
  return upper;
}

bool address_fits(const uint8_t* packet, const uint32_t* address, const uint32_t* mask, unsigned words) {
  uint32_t difference = 0;
  for (unsigned i = 0; i < words; ++i)
    difference |=
        (load_be32(packet + 4 * i) & (HOOKLINE_FAULT("linear:mask_ignored") && mask[i] != 0 ? UINT32_MAX : mask[i])) ^
        address[i];
  return difference == 0;
}

bool device_fits(const ProgramView& view, uint16_t pattern, const InterfaceName& device) {
  if (pattern == 0) return true;
  const DevicePattern& p = view.names[pattern - 1];
  uint64_t name[2];
  std::memcpy(name, device.bytes.data(), sizeof name);
  return (((name[0] ^ p.name[0]) & p.mask[0]) | ((name[1] ^ p.name[1]) & p.mask[1])) == 0;
}

template <Family family>
inline HeaderAnswer match_header_of(const ProgramView& view, uint32_t rule, const Packet& packet, Offsets& offsets) {
  constexpr bool kV4 = family == Family::kIpv4;
  constexpr unsigned kWords = kV4 ? 1 : 4;
  const RuleRecord& r = view.rules[rule];
  const auto inverted = [&](uint16_t flag) { return (r.flags & flag) != 0; };
  const uint32_t* address = view.addresses + size_t{rule} * 4 * kWords;
  const uint8_t* source = packet.data + (kV4 ? 12 : 8);
  if (address_fits(source, address, address + kWords, kWords) ==
      (inverted(kInvertSource) && !HOOKLINE_FAULT("linear:source_inversion_lost")))
    return HeaderAnswer::kNo;
  if (address_fits(source + 4 * kWords, address + 2 * kWords, address + 3 * kWords, kWords) == inverted(kInvertDestination))
    return HeaderAnswer::kNo;
  if (device_fits(view, r.in_pattern, *packet.in) == inverted(kInvertIn) && !HOOKLINE_FAULT("linear:in_ignored"))
    return HeaderAnswer::kNo;
  if (device_fits(view, r.out_pattern, *packet.out) == inverted(kInvertOut)) return HeaderAnswer::kNo;
  if constexpr (kV4) {
    if (r.protocol != 0 && (packet.data[9] == r.protocol) == inverted(kInvertProtocol) &&
        !HOOKLINE_FAULT("linear:protocol_ignored"))
      return HeaderAnswer::kNo;
    const bool fails = (r.flags & kFragment) != 0 && offsets.fragment == 0 && !HOOKLINE_FAULT("linear:fragment_ignored");
    return fails == inverted(kInvertFragment) ? HeaderAnswer::kYes : HeaderAnswer::kNo;
  } else {
    offsets.l4 = 0;
    if ((r.flags & kWalksHeaders) == 0) return HeaderAnswer::kYes;
    const UpperHeader upper = find_upper(packet);
    if (upper.malformed) return HeaderAnswer::kHotdrop;
    offsets = {upper.offset, upper.fragment};
    if (upper.protocol == r.protocol) return inverted(kInvertProtocol) ? HeaderAnswer::kNo : HeaderAnswer::kYes;
    return r.protocol == 0 || inverted(kInvertProtocol) ? HeaderAnswer::kYes : HeaderAnswer::kNo;
  }
}

template <Family family>
void walk(const LoadedProgram::Internals& program, Hook hook, Packet& packet, Scratch::Internals& scratch,
          Outcome& outcome) {
  const ProgramView& view = program.view;
  const HookEntry& entry = view.header->hooks[static_cast<unsigned>(hook)];
  Bump* const bumps = scratch.bumps.get() + scratch.bump_count;
  size_t bumped = 0;
  outcome = Outcome{};
  const auto finish = [&](Verdict verdict) {
    outcome.verdict = verdict;
    outcome.bumps = {bumps, bumped};
    scratch.bump_count += bumped;
  };
  const auto hotdrop = [&] {
    outcome.hotdrop = true;
    finish(Verdict::kDrop);
  };
  // The kernel's own receive path lets no such packet through to a hook.
  if (packet.length < (family == Family::kIpv4 ? 20U : 40U)) return finish(Verdict::kDrop);

  Offsets offsets;
  if constexpr (family == Family::kIpv4) offsets = {(packet.data[0] & 0xfU) * 4, load_be16(packet.data + 6) & 0x1fffU};
  if (scratch.scanner) scratch.scanner->next_packet();

  uint32_t depth = 0;
  uint32_t at = entry.entry;
  for (;;) {
    const HeaderAnswer header = match_header_of<family>(view, at, packet, offsets);
    if (header == HeaderAnswer::kNo) {
      ++at;
      continue;
    }
    if (header == HeaderAnswer::kHotdrop) return hotdrop();
    const RuleRecord& rule = view.rules[at];
    bool matches = true, doomed = false;
    const MatchContext context{packet, hook, offsets.l4, offsets.fragment};
    for (uint32_t i = HOOKLINE_FAULT("linear:first_match_skipped") ? 1 : 0; matches && i < rule.match_count; ++i) {
      const Answer said = ask_match(program, rule.match_begin + i, context, scratch);
      if (said == Answer::kHotdrop && HOOKLINE_FAULT("linear:hotdrop_counted"))
        bumps[bumped++] = {RuleId{at}, packet.length};
      if (said == Answer::kHotdrop && !HOOKLINE_FAULT("linear:hotdrop_is_no")) return hotdrop();
      matches = said == Answer::kYes || said == Answer::kYesHotdrop;
      doomed = doomed || said == Answer::kYesHotdrop;
    }
    if (!matches) {
      if (doomed) return hotdrop();
      ++at;
      continue;
    }
    const bool policy_lost = at == entry.underflow && HOOKLINE_FAULT("linear:policy_not_counted");
    if (!policy_lost)
      bumps[bumped++] = {RuleId{at}, packet.length - (HOOKLINE_FAULT("linear:bytes_without_header") ? 20U : 0U)};
    if (doomed) {
      if (rule.action == Action::kTarget)
        outcome.reject_with = call_target(program, at, context, packet, scratch).reject_with;
      return hotdrop();
    }
    switch (rule.action) {
      case Action::kAccept:
        return finish(Verdict::kAccept);
      case Action::kDrop:
      case Action::kError:
        return finish(Verdict::kDrop);
      case Action::kQueue:
        return finish(HOOKLINE_FAULT("linear:queue_accepts") ? Verdict::kAccept : Verdict::kQueue);
      case Action::kReturn:
        if (HOOKLINE_FAULT("linear:return_to_policy")) depth = 0;
        at = depth == 0 ? entry.underflow : scratch.stack[--depth];
        break;
      case Action::kJump:
        if (!HOOKLINE_FAULT("linear:jump_as_goto")) scratch.stack[depth++] = at + 1;
        at = rule.jump_to;
        break;
      case Action::kGoto:
        if (HOOKLINE_FAULT("linear:goto_goes_on")) {
          ++at;
          break;
        }
        [[fallthrough]];
      case Action::kNext:
        at = rule.jump_to;
        break;
      case Action::kTarget: {
        const TargetAction action = call_target(program, at, context, packet, scratch);
        outcome.wrote |= action.wrote;
        if (!action.continues) {
          outcome.reject_with = action.reject_with;
          outcome.queue = action.queue;
          return finish(action.verdict);
        }
        ++at;
        break;
      }
    }
  }
}

}  // namespace

HeaderAnswer match_header(const ProgramView& view, uint32_t rule, const Packet& packet, Offsets& offsets) {
  return packet.family == Family::kIpv4 ? match_header_of<Family::kIpv4>(view, rule, packet, offsets)
                                        : match_header_of<Family::kIpv6>(view, rule, packet, offsets);
}

void walk_linear(const LoadedProgram::Internals& program, Hook hook, Packet& packet, Scratch::Internals& scratch,
                 Outcome& outcome) {
  if (packet.family == Family::kIpv4)
    walk<Family::kIpv4>(program, hook, packet, scratch, outcome);
  else
    walk<Family::kIpv6>(program, hook, packet, scratch, outcome);
}

void classify_linear(const LoadedProgram& program, Hook hook, std::span<Packet* const> packets, Scratch& scratch,
                     std::span<Outcome> outcomes) {
  scratch.internals().bump_count = 0;
  for (size_t i = 0; i < packets.size(); ++i)
    walk_linear(program.internals(), hook, *packets[i], scratch.internals(), outcomes[i]);
}

}  // namespace hookline
