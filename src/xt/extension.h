// xt/extension.h: typed helpers with which a file under xt/ describes its match or target.
//
// `match_type<Info>(id, decode, print, evaluate, lower)` wraps functions over the extension's own struct into the untyped
// table that table/extension.h defines. A struct whose evaluate() trusts a count or an index in it has a member
// `bool valid() const` that checks them; one of which some uses cannot be decided here has `std::string refused() const`,
// the reason or nothing. A yes-or-no in it is a uint8_t: it may come from a damaged Program, and not every byte is a bool.
#pragma once

#include <new>
#include <type_traits>

#include "table/extension.h"

namespace hookline::xt {

struct TypeId {
  std::string_view name;
  uint8_t revision;
  uint8_t families;
  uint16_t abi_size;
  LoadLimits limits = {};
};

template <typename Info>
constexpr auto validity_of() -> bool (*)(const void*) {
  if constexpr (requires(const Info& info) { info.valid(); }) {
    return [](const void* info) -> bool { return static_cast<const Info*>(info)->valid(); };
  } else {
    return nullptr;
  }
}

template <typename Info>
constexpr auto refusal_of() -> std::string (*)(const void*) {
  if constexpr (requires(const Info& info) { info.refused(); }) {
    return [](const void* info) -> std::string { return static_cast<const Info*>(info)->refused(); };
  } else {
    return nullptr;
  }
}

template <typename Info>
using Decoded = tl::expected<Info, DecodeError>;

inline tl::unexpected<DecodeError> refuse(std::string found, std::string expected = {}) {
  return tl::make_unexpected(DecodeError{ProblemKind::kInput, {}, std::move(found), std::move(expected)});
}

// decode: Decoded<Info>(Bytes, const DecodeContext&); print: void(const Info&, TextOut&);
// evaluate: Answer(const Info&, const MatchContext&); lower: Lowered(const Info&, Family).
template <typename Info, auto decode, auto print, auto evaluate, auto lower>
requires(std::is_trivially_copyable_v<Info> && alignof(Info) <= 8) constexpr MatchType match_type(const TypeId& id) {
  MatchType type;
  type.name = id.name;
  type.revision = id.revision;
  type.families = id.families;
  type.abi_size = id.abi_size;
  type.decoded_size = sizeof(Info);
  type.limits = id.limits;
  type.decode = [](Bytes data, const DecodeContext& context, void* out) -> tl::expected<void, DecodeError> {
    auto info = decode(data, context);
    if (!info) return tl::make_unexpected(info.error());
    new (out) Info(*info);
    return {};
  };
  type.print = [](const void* info, TextOut& out) { print(*static_cast<const Info*>(info), out); };
  type.evaluate = [](const void* info, const MatchContext& context) {
    return evaluate(*static_cast<const Info*>(info), context);
  };
  type.lower = [](const void* info, Family family) { return lower(*static_cast<const Info*>(info), family); };
  type.valid = validity_of<Info>();
  type.refused = refusal_of<Info>();
  return type;
}

// The same for a match that remembers: evaluate: Answer(const Info&, State&, const MatchContext&); start: State(const
// Info&).
template <typename Info, typename State, auto decode, auto print, auto start, auto evaluate, auto lower>
requires(std::is_trivially_copyable_v<State> && alignof(State) <= 8) constexpr MatchType
    stateful_match_type(const TypeId& id) {
  constexpr auto ask = [](const Info& info, const MatchContext& context) {
    return evaluate(info, *static_cast<State*>(context.state), context);
  };
  MatchType type = match_type<Info, decode, print, ask, lower>(id);
  type.state_size = sizeof(State);
  type.start = [](const void* info, void* state) { new (state) State(start(*static_cast<const Info*>(info))); };
  return type;
}

// A match whose answer depends on the packet's time.
constexpr MatchType timed(MatchType type) {
  type.timed = true;
  return type;
}

// evaluate: TargetAction(const Info&, TargetContext&). `writes` outlives the type.
template <typename Info, auto decode, auto print, auto evaluate>
requires(std::is_trivially_copyable_v<Info> && alignof(Info) <= 8) constexpr TargetType
    target_type(const TypeId& id, std::span<const WrittenBits> writes = {}) {
  TargetType type;
  type.name = id.name;
  type.revision = id.revision;
  type.families = id.families;
  type.abi_size = id.abi_size;
  type.decoded_size = sizeof(Info);
  type.limits = id.limits;
  type.decode = [](Bytes data, const DecodeContext& context, void* out) -> tl::expected<void, DecodeError> {
    auto info = decode(data, context);
    if (!info) return tl::make_unexpected(info.error());
    new (out) Info(*info);
    return {};
  };
  type.print = [](const void* info, TextOut& out) { print(*static_cast<const Info*>(info), out); };
  type.evaluate = [](const void* info, TargetContext& context) {
    return evaluate(*static_cast<const Info*>(info), context);
  };
  type.valid = validity_of<Info>();
  type.refused = refusal_of<Info>();
  type.writes = writes;
  return type;
}

}  // namespace hookline::xt
