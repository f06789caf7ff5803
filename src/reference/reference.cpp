// reference/reference.cpp: the kernel's traversal, one rule after the other.
//
// Every step is the kernel's and in the kernel's order, because the order shows: an IPv6 header chain is walked only after
// addresses and interfaces have matched, a match is asked only when all before it said yes, and the counter moves before the
// target acts. The packet is read again for each rule, as a target may have changed it.
//
// Source: kernel net/ipv4/netfilter/ip_tables.c, ip_packet_match(), ipt_do_table(); net/ipv6/netfilter/ip6_tables.c,
// ip6_packet_match(), ip6t_do_table(); net/ipv6/exthdrs_core.c, ipv6_find_hdr().
#include "reference/reference.h"

#include <netinet/in.h>

#include <optional>

#include "base/bytes.h"
#include "base/fault.h"
#include "table/extension.h"

namespace hookline {
namespace {

// struct xt_action_param, the part that the header comparison fills in.
struct WalkState {
  uint32_t l4_offset = 0;        // thoff
  uint32_t fragment_offset = 0;  // fragoff: IPv4 in units of 8 bytes, IPv6 in bytes
};

// What the header comparison of one rule found: null condition means that the rule's header matches.
struct HeaderAnswer {
  const char* failed_condition = nullptr;
  bool hotdrop = false;
};

bool address_equal(const uint8_t* packet, const Address& address, const Address& mask, size_t size) {
  for (size_t i = 0; i < size; ++i) {
    if ((packet[i] & (HOOKLINE_FAULT("reference:mask_ignored") && mask[i] != 0 ? 0xff : mask[i])) != address[i])
      return false;
  }
  return true;
}

bool interface_equal(const InterfaceName& packet, const InterfaceName& rule, const InterfaceName& mask) {
  for (size_t i = HOOKLINE_FAULT("reference:interface_first_byte") ? 1 : 0; i < packet.bytes.size(); ++i) {
    if (((packet.bytes[i] ^ rule.bytes[i]) & mask.bytes[i]) != 0) return false;
  }
  return true;
}

// The four conditions that both families test first, in the kernel's order.
const char* failed_address_or_interface(const HeaderMatch& rule, const Packet& packet, size_t source_at,
                                        size_t destination_at, size_t address_size) {
  if (address_equal(packet.data + source_at, rule.source, rule.source_mask, address_size) ==
      (rule.invert_source && !HOOKLINE_FAULT("reference:source_inversion_lost")))
    return "source";
  if (address_equal(packet.data + destination_at, rule.destination, rule.destination_mask, address_size) ==
      rule.invert_destination) {
    return "destination";
  }
  if (interface_equal(*packet.in, rule.in, rule.in_mask) == rule.invert_in) return "in";
  if (interface_equal(*packet.out, rule.out, rule.out_mask) == rule.invert_out && !HOOKLINE_FAULT("reference:out_ignored"))
    return "out";
  return nullptr;
}

HeaderAnswer match_ipv4(const HeaderMatch& rule, const Packet& packet, const WalkState& state) {
  if (const char* failed = failed_address_or_interface(rule, packet, 12, 16, 4)) return {failed};
  // Protocol 0 is "any", and then the inversion is not looked at.
  if (rule.protocol != 0 && (packet.data[9] == rule.protocol) == rule.invert_protocol &&
      !HOOKLINE_FAULT("reference:protocol_ignored"))
    return {"protocol"};
  // INV_FRAG acts even where FRAG is not set: such a rule never matches.
  if ((rule.fragment && state.fragment_offset == 0) != rule.invert_fragment && !HOOKLINE_FAULT("reference:fragment_ignored"))
    return {"fragment"};
  return {};
}

bool is_extension_header(uint8_t next) {
  return next == IPPROTO_HOPOPTS || next == IPPROTO_ROUTING || next == IPPROTO_FRAGMENT || next == IPPROTO_AH ||
         next == IPPROTO_NONE || next == IPPROTO_DSTOPTS;
}

// The upper protocol of an IPv6 packet: ipv6_find_hdr() with target -1.
struct UpperHeader {
  int protocol = -1;  // -1: the header chain is malformed
  uint32_t offset = 0;
  uint32_t fragment_offset = 0;
};

UpperHeader find_upper_header(const Packet& packet) {
  const auto bytes = [&](uint32_t offset, uint32_t count) -> const uint8_t* {
    return offset <= packet.length && packet.length - offset >= count ? packet.data + offset : nullptr;
  };
  uint8_t next = packet.data[6];
  uint32_t start = 40;
  while (is_extension_header(next) && next != IPPROTO_NONE) {
    const uint8_t* header = bytes(start, 2);
    if (header == nullptr) return {};
    uint32_t header_length = (header[1] + 1U) * 8;
    if (next == IPPROTO_ROUTING) {
      if (bytes(start, 4) == nullptr) return {};
    } else if (next == IPPROTO_FRAGMENT) {
      const uint8_t* field = bytes(start + 2, 2);
      if (field == nullptr) return {};
      const uint32_t fragment_offset = load_be16(field) & ~7U;
      if (fragment_offset != 0) {
        // A later fragment: its upper header lies elsewhere, so no offset; an extension header cannot be followed.
        if (is_extension_header(header[0]) && header[0] != IPPROTO_NONE) return {};
        return {header[0], 0, fragment_offset};
      }
      header_length = 8;
    } else if (next == IPPROTO_AH) {
      header_length = (header[1] + 2U) * 4;
    }
    next = header[0];
    start += header_length;
  }
  return {next, start, 0};
}

HeaderAnswer match_ipv6(const HeaderMatch& rule, const Packet& packet, WalkState& state) {
  if (const char* failed = failed_address_or_interface(rule, packet, 8, 24, 16)) return {failed};
  if (!rule.protocol_flag) return {};
  const UpperHeader upper = find_upper_header(packet);
  if (upper.protocol < 0) return {"protocol", true};
  state.l4_offset = upper.offset;
  state.fragment_offset = upper.fragment_offset;
  if (upper.protocol == rule.protocol) return {rule.invert_protocol ? "protocol" : nullptr};
  // `-p all` has protocol 0 and matches whatever the walk found.
  return {rule.protocol != 0 && !rule.invert_protocol ? "protocol" : nullptr};
}

}  // namespace

ReferenceEngine::ReferenceEngine(const Table& table, std::shared_ptr<World> world)
    : table_(table), world_(std::move(world)) {
  bumps_.reserve(table.rules.size());
  stack_.reserve(table.chains.size() + 1);
  const auto start = [&](const auto& extension) {
    if (extension.type == nullptr || extension.type->state_size == 0) return;
    std::vector<uint64_t>& state = states_[&extension];
    state.resize((extension.type->state_size + 7U) / 8);
    extension.type->start(extension.info.get(), *world_, state.data());
  };
  for (const Rule& rule : table.rules) {
    for (const Match& match : rule.matches) start(match);
    start(rule.target);
  }
}

Outcome ReferenceEngine::walk(Hook hook, Packet& packet, WalkObserver* observer) {
  using Step = WalkObserver::Step;
  const auto tell = [&](RuleId id, Step step, size_t match, const char* condition) {
    if (observer != nullptr) observer->on_rule(id, step, match, condition);
  };
  const auto next_of = [](RuleId id) { return RuleId{index_of(id) + 1}; };

  bumps_.clear();
  stack_.clear();
  Outcome outcome;
  const auto finish = [&](Verdict verdict) {
    outcome.verdict = verdict;
    outcome.bumps = bumps_;
    return outcome;
  };
  const auto hotdrop = [&] {
    outcome.hotdrop = true;
    return finish(Verdict::kDrop);
  };

  WalkState state;
  if (table_.family == Family::kIpv4) {
    state.l4_offset = (packet.data[0] & 0xfU) * 4;
    state.fragment_offset = load_be16(packet.data + 6) & 0x1fffU;
  }

  RuleId at = table_.hook_entry[static_cast<unsigned>(hook)];
  for (;;) {
    const Rule& rule = table_.rule(at);

    HeaderAnswer header;
    if (table_.family == Family::kIpv4) {
      header = match_ipv4(rule.header, packet, state);
    } else {
      state.l4_offset = 0;  // for each rule anew, while the fragment offset stays what an earlier rule's walk found
      header = match_ipv6(rule.header, packet, state);
    }
    if (header.failed_condition != nullptr) {
      tell(at, header.hotdrop ? Step::kHeaderHotdrop : Step::kHeaderFailed, 0, header.failed_condition);
      if (header.hotdrop) return hotdrop();
      at = next_of(at);
      continue;
    }

    MatchContext context{packet, hook, state.l4_offset, state.fragment_offset};
    bool all_match = true;
    std::optional<size_t> dooming;  // the match that held, but dropped the packet: the rule's other matches are still asked
    if (HOOKLINE_FAULT("reference:counted_before_matches")) bumps_.push_back({at, packet.length});
    for (size_t i = 0; i < rule.matches.size() && all_match; ++i) {
      const Match& match = rule.matches[i];
      context.state = match.type->state_size != 0 ? states_.at(&match).data() : nullptr;
      const Answer said = match.type->evaluate(match.info.get(), context);
      if (said == Answer::kYes) continue;
      if (said == Answer::kYesHotdrop) {
        dooming = i;
        continue;
      }
      tell(at, said == Answer::kHotdrop ? Step::kMatchHotdrop : Step::kMatchFailed, i, nullptr);
      if (said == Answer::kHotdrop && HOOKLINE_FAULT("reference:hotdrop_counted")) bumps_.push_back({at, packet.length});
      if (said == Answer::kHotdrop && !HOOKLINE_FAULT("reference:hotdrop_is_no")) return hotdrop();
      all_match = false;
    }
    if (!all_match) {
      if (dooming) return hotdrop();
      at = next_of(at);
      continue;
    }

    const bool lost = (rule.role == RuleRole::kPolicy && HOOKLINE_FAULT("reference:policy_not_counted")) ||
                      (rule.role == RuleRole::kImplicitReturn && HOOKLINE_FAULT("reference:return_not_counted"));
    if (!lost) bumps_.push_back({at, packet.length - (HOOKLINE_FAULT("reference:bytes_without_header") ? 20U : 0U)});
    tell(at, Step::kMatched, 0, nullptr);

    const Target& target = rule.target;
    const auto call_target = [&] {
      context.state = target.type->state_size != 0 ? states_.at(&target).data() : nullptr;
      TargetContext with_packet(context, packet);
      return target.type->evaluate(target.info.get(), with_packet);
    };
    if (dooming) {
      tell(at, Step::kMatchHotdrop, *dooming, nullptr);
      if (target.kind == TargetKind::kExtension) outcome.reject_with = call_target().reject_with;
      return hotdrop();
    }
    switch (target.kind) {
      case TargetKind::kVerdict:
        if (target.verdict == StandardVerdict::kAccept) return finish(Verdict::kAccept);
        if (target.verdict == StandardVerdict::kDrop) return finish(Verdict::kDrop);
        if (target.verdict == StandardVerdict::kQueue) return finish(Verdict::kQueue);
        if (HOOKLINE_FAULT("reference:return_lost") && rule.role == RuleRole::kRule) {
          at = next_of(at);
        } else if (stack_.empty()) {
          at = table_.underflow[static_cast<unsigned>(hook)];
        } else {
          at = next_of(stack_.back());
          stack_.pop_back();
        }
        break;
      case TargetKind::kJump:
        if (!rule.header.goto_flag || HOOKLINE_FAULT("reference:goto_as_jump")) {
          // Never the case for tables without loops, which the loader has made sure of; the kernel has the same guard.
          if (stack_.size() > table_.chains.size()) return finish(Verdict::kDrop);
          stack_.push_back(at);
        }
        at = target.jump_to;
        break;
      case TargetKind::kFallThrough:
        at = target.jump_to;  // the next rule; nothing is pushed
        break;
      case TargetKind::kError:
        return finish(Verdict::kDrop);
      case TargetKind::kExtension: {
        const TargetAction action = call_target();
        outcome.wrote |= action.wrote;
        if (!action.continues) {
          outcome.reject_with = action.reject_with;
          outcome.queue = action.queue;
          return finish(action.verdict);
        }
        at = next_of(at);
        break;
      }
    }
  }
}

}  // namespace hookline
