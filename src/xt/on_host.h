// xt/on_host.h: matches that ask what the host knows: its addresses, routes and devices. They take a handle of the host when
// they are put to work and change nothing, so nobody sees when they are asked.
#pragma once

#include "world/host_view.h"
#include "world/world.h"
#include "xt/extension.h"

namespace hookline::xt {

struct OnHost {
  const HostView* host;
};

template <typename Info>
OnHost on_host(const Info&, World& world) {
  return {&world.host()};
}

// Whether what such a match asks for is known.
enum class HostKnowledge : uint8_t { kKnown, kAbsent, kVrf };

inline HostKnowledge knowledge_of(const DecodeContext& context) {
  if (context.host == nullptr || !context.host->records().complete) return HostKnowledge::kAbsent;
  return context.host->has_vrf() ? HostKnowledge::kVrf : HostKnowledge::kKnown;
}

inline std::string host_refusal(HostKnowledge host) {
  switch (host) {
    case HostKnowledge::kKnown:
      return {};
    case HostKnowledge::kAbsent:
      return "the snapshot does not hold the host's devices, addresses and routes";
    case HostKnowledge::kVrf:
      return "the host has a VRF, whose routing this build does not follow";
  }
  return {};
}

}  // namespace hookline::xt
