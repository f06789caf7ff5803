// xt/extension.h: typed helpers with which a file under xt/ describes its match or target.
//
// `match_type<Info>(id, decode, print, evaluate, lower)` wraps functions over the extension's own struct into the untyped
// table that table/extension.h defines. A struct whose evaluate() trusts a count or an index in it has a member
// `bool valid() const` that checks them; one of which some uses cannot be decided here has `std::string refused() const`,
// the reason or nothing; one of which no use can be comes by refused_match() or refused_target(), and may have a text
// `kRefused` instead.
// `std::string_view printed_name() const` is there where iptables-save prints some uses under another name. A yes-or-no in
// it is a uint8_t: it may come from a damaged Program, and not every byte is a bool.
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
  if constexpr (requires { Info::kRefused; }) {
    return [](const void*) { return std::string(Info::kRefused); };
  } else if constexpr (requires(const Info& info) { info.refused(); }) {
    return [](const void* info) -> std::string { return static_cast<const Info*>(info)->refused(); };
  } else {
    return nullptr;
  }
}

template <typename Info>
concept gives_reason = requires {
  Info::kRefused;
}
|| requires(const Info& info) { info.refused(); };

template <typename Info>
constexpr auto name_of() -> std::string_view (*)(const void*) {
  if constexpr (requires(const Info& info) { info.printed_name(); }) {
    return [](const void* info) -> std::string_view { return static_cast<const Info*>(info)->printed_name(); };
  } else {
    return nullptr;
  }
}

template <typename Info>
using Decoded = tl::expected<Info, DecodeError>;

inline tl::unexpected<DecodeError> refuse(std::string found, std::string expected = {}) {
  return tl::make_unexpected(DecodeError{ProblemKind::kInput, {}, std::move(found), std::move(expected)});
}

// The kernel's struct at the start of a data block.
template <typename Abi>
Decoded<Abi> read_info(Bytes data) {
  const auto info = read_at<Abi>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(Abi)));
  return *info;
}

// What every type has. decode: Decoded<Info>(Bytes, const DecodeContext&); print: void(const Info&, TextOut&).
template <typename Type, typename Info, auto decode, auto print>
requires(std::is_trivially_copyable_v<Info> && alignof(Info) <= 8) constexpr Type decoded_type(const TypeId& id) {
  Type type;
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
  type.valid = validity_of<Info>();
  type.refused = refusal_of<Info>();
  type.printed_name = name_of<Info>();
  return type;
}

// evaluate: Answer(const Info&, const MatchContext&); lower: Lowered(const Info&, Family).
template <typename Info, auto decode, auto print, auto evaluate, auto lower>
constexpr MatchType match_type(const TypeId& id) {
  auto type = decoded_type<MatchType, Info, decode, print>(id);
  type.evaluate = [](const void* info, const MatchContext& context) {
    return evaluate(*static_cast<const Info*>(info), context);
  };
  type.lower = [](const void* info, Family family) { return lower(*static_cast<const Info*>(info), family); };
  return type;
}

// A match or target that is decoded with the kernel's checks and printed, and refused in every use. The engines never call
// it.
template <typename Info, auto decode, auto print>
constexpr MatchType refused_match(const TypeId& id) {
  static_assert(gives_reason<Info>);
  return decoded_type<MatchType, Info, decode, print>(id);
}
template <typename Info, auto decode, auto print>
constexpr TargetType refused_target(const TypeId& id) {
  static_assert(gives_reason<Info>);
  return decoded_type<TargetType, Info, decode, print>(id);
}

// What a rule's state begins with: start is State(const Info&), or State(const Info&, World&) where it holds pointers to
// objects that rules share; then Info has `std::string object() const`, the object's name, and, where some uses
// change nothing, `bool reads_only() const`.
template <typename Info, typename State, auto start, typename Type>
constexpr void add_state(Type& type) {
  type.state_size = sizeof(State);
  type.start = [](const void* info, World& world, void* state) {
    if constexpr (std::is_invocable_v<decltype(start), const Info&, World&>)
      new (state) State(start(*static_cast<const Info*>(info), world));
    else
      new (state) State(start(*static_cast<const Info*>(info)));
  };
  if constexpr (requires(const Info& info) { info.object(); })
    type.shared = [](const void* info) -> std::string { return static_cast<const Info*>(info)->object(); };
  if constexpr (requires(const Info& info) { info.reads_only(); })
    type.reads_only = [](const void* info) -> bool { return static_cast<const Info*>(info)->reads_only(); };
}

// A match that remembers: evaluate: Answer(const Info&, State&, const MatchContext&).
template <typename Info, typename State, auto decode, auto print, auto start, auto evaluate, auto lower>
requires(std::is_trivially_copyable_v<State> && alignof(State) <= 8) constexpr MatchType
    stateful_match_type(const TypeId& id) {
  constexpr auto ask = [](const Info& info, const MatchContext& context) {
    return evaluate(info, *static_cast<State*>(context.state), context);
  };
  MatchType type = match_type<Info, decode, print, ask, lower>(id);
  add_state<Info, State, start>(type);
  return type;
}

// A match or target that asks for the packet's time.
template <typename Type>
constexpr Type timed(Type type) {
  type.timed = true;
  return type;
}

// evaluate: TargetAction(const Info&, TargetContext&). `writes` outlives the type.
template <typename Info, auto decode, auto print, auto evaluate>
constexpr TargetType target_type(const TypeId& id, std::span<const WrittenBits> writes = {}) {
  auto type = decoded_type<TargetType, Info, decode, print>(id);
  type.evaluate = [](const void* info, TargetContext& context) {
    return evaluate(*static_cast<const Info*>(info), context);
  };
  type.writes = writes;
  return type;
}

// A target that remembers: evaluate: TargetAction(const Info&, State&, TargetContext&).
template <typename Info, typename State, auto decode, auto print, auto start, auto evaluate>
requires(std::is_trivially_copyable_v<State> && alignof(State) <= 8) constexpr TargetType
    stateful_target_type(const TypeId& id, std::span<const WrittenBits> writes = {}) {
  constexpr auto act = [](const Info& info, TargetContext& context) {
    return evaluate(info, *static_cast<State*>(context.state), context);
  };
  TargetType type = target_type<Info, decode, print, act>(id, writes);
  add_state<Info, State, start>(type);
  return type;
}

}  // namespace hookline::xt
