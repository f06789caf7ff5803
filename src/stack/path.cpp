#include "stack/path.h"

#include <linux/rtnetlink.h>

#include <algorithm>
#include <cstring>

#include "base/bytes.h"

namespace hookline {
namespace {

constexpr std::array<Hook, 3> kForwardHooks = {Hook::kPrerouting, Hook::kForward, Hook::kPostrouting};
constexpr std::array<Hook, 2> kInputHooks = {Hook::kPrerouting, Hook::kInput};
constexpr std::array<Hook, 2> kOutputHooks = {Hook::kOutput, Hook::kPostrouting};

constexpr size_t kRoom = 64;         // that targets have to make a packet longer
constexpr uint32_t kMaxMtu = 65535;  // Kernel: IP_MAX_MTU

const TableKind* kind_of(const Table& table) {
  for (const TableKind& kind : kTableKinds) {
    if (kind.name == table.name) return &kind;
  }
  return nullptr;
}

// A raw socket's packet, as raw_send_hdrinc() and rawv6_send_hdrinc() let it through; IPv4: the kernel writes length and
// checksum itself. False: refused.
bool send_raw(Packet& packet) {
  if (packet.family == Family::kIpv6) return packet.length >= 40;
  if (packet.length < 20) return false;
  const uint32_t header_length = (packet.data[0] & 0xfU) * 4;
  if (header_length < 20 || header_length > packet.length) return false;
  store_be16(packet.data + 2, static_cast<uint16_t>(packet.length));
  write_ipv4_checksum(packet.data);
  return true;
}

bool is_local(const Address& address, Family family, const HostView* host) {
  static constexpr Address kIpv6Loopback = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  if (family == Family::kIpv4) return address[0] == 127 || (host != nullptr && host->ipv4_type(address.data()) == RTN_LOCAL);
  return address == kIpv6Loopback || (host != nullptr && host->ipv6_owns(address.data(), 0, false));
}

}  // namespace

std::string_view path_name(PathKind path) {
  switch (path) {
    case PathKind::kForward:
      return "forward";
    case PathKind::kInput:
      return "input";
    case PathKind::kOutput:
      return "output";
  }
  return {};
}

Result<PathKind> path_from_name(std::string_view name) {
  for (const PathKind path : {PathKind::kForward, PathKind::kInput, PathKind::kOutput}) {
    if (path_name(path) == name) return path;
  }
  return fail(ProblemKind::kUsage, "--path", std::string("'").append(name).append("'"), "forward, input or output");
}

std::span<const Hook> hooks_of(PathKind path) {
  switch (path) {
    case PathKind::kForward:
      return kForwardHooks;
    case PathKind::kInput:
      return kInputHooks;
    case PathKind::kOutput:
      return kOutputHooks;
  }
  return {};
}

WayBack way_back_by(const HostView& host, const InterfaceName& device) {
  WayBack back;
  back.host = &host;
  const HostInterface* leaves_by = host.interface(device);
  if (leaves_by == nullptr) return back;
  back.mtu = leaves_by->mtu;
  for (const Family family : {Family::kIpv4, Family::kIpv6}) {
    std::optional<Address>& first = family == Family::kIpv4 ? back.ipv4 : back.ipv6;
    for (const HostAddress* address : host.addresses_of(leaves_by->index, family))
      if (!first && address->scope < RT_SCOPE_HOST) first = address->local;
  }
  return back;
}

struct PathWalker::State {
  // A table at a hook, in the order in which the packet meets them.
  struct Stop {
    uint16_t table;
    TableEngine* engine;
  };
  using Stops = std::array<std::vector<Stop>, kHookCount>;

  PathOptions options;
  Stops ipv4, ipv6;
  Ipv4Reassembly reassembly;
  std::vector<uint8_t> buffer;  // the packet as it is changed on its way
  std::vector<uint8_t> whole;   // a reassembled datagram

  explicit State(const PathOptions& of) : options(of), reassembly(of.fragments) {}

  Verdict walk(Hook hook, Packet& packet, PathResult& result);
  void answer(Hook hook, const Packet& packet, PathResult& result) const;
  void play(Packet& packet, const Arrival& arrival, PathResult& result);
};

PathWalker::PathWalker(std::span<const Table> tables, std::span<const std::unique_ptr<TableEngine>> engines,
                       PathOptions options)
    : state_(std::make_unique<State>(options)) {
  for (const Hook hook : hooks_of(options.path)) {
    const bool late = hook == Hook::kInput || hook == Hook::kPostrouting;
    std::vector<std::pair<int, size_t>> order;
    for (size_t i = 0; i < tables.size(); ++i) {
      const TableKind* kind = kind_of(tables[i]);
      // No rule that this build evaluates turns connection tracking on, and without it nat is never consulted.
      if (kind == nullptr || kind->name == "nat" || !tables[i].has_hook(hook)) continue;
      order.emplace_back(late ? kind->late_priority : kind->priority, i);
    }
    std::stable_sort(order.begin(), order.end());
    for (const auto& [priority, i] : order) {
      State::Stops& stops = tables[i].family == Family::kIpv4 ? state_->ipv4 : state_->ipv6;
      stops[static_cast<unsigned>(hook)].push_back({static_cast<uint16_t>(i), engines[i].get()});
    }
  }
}

PathWalker::~PathWalker() = default;

// Every table at one hook; kAccept: the packet goes on.
Verdict PathWalker::State::walk(Hook hook, Packet& packet, PathResult& result) {
  const Stops& stops = packet.family == Family::kIpv4 ? ipv4 : ipv6;
  const bool has_in = options.path != PathKind::kOutput;
  const bool has_out = hook != Hook::kPrerouting && hook != Hook::kInput;
  packet.in = has_in ? &options.in : &kNoInterface;
  packet.out = has_out ? &options.out : &kNoInterface;
  for (const Stop& stop : stops[static_cast<unsigned>(hook)]) {
    const Outcome outcome = stop.engine->walk(hook, packet);
    for (const Bump& bump : outcome.bumps) result.bumps.push_back({stop.table, bump.rule, bump.bytes});
    ++(outcome.by_linear ? result.by_linear : result.by_index);
    if (outcome.verdict == Verdict::kAccept) continue;
    if (outcome.verdict == Verdict::kQueue && options.queue_bypass) continue;
    result.reject_with = outcome.reject_with;
    if (options.listens && outcome.reject_with != kNoReject) answer(hook, packet, result);
    result.queue = outcome.queue;
    return outcome.verdict;
  }
  return Verdict::kAccept;
}

// What REJECT sends back, as the packet stands.
void PathWalker::State::answer(Hook hook, const Packet& packet, PathResult& result) const {
  ReplyFacts facts;
  facts.mtu = options.back.mtu;
  facts.checksum_verified = options.checksums_good;
  const WayBack& back = options.back;
  const bool v4 = packet.family == Family::kIpv4;
  const size_t size = v4 ? 4 : 16;
  Address source{}, destination{};
  std::memcpy(source.data(), packet.data + (v4 ? 12 : 8), size);
  std::memcpy(destination.data(), packet.data + (v4 ? 16 : 24), size);
  const bool delivered_here = hook == Hook::kInput || packet.out->view() == "lo";
  if (delivered_here || is_local(destination, packet.family, back.host)) {
    facts.source = destination;
  } else if (is_local(source, packet.family, back.host)) {
    // The host answers itself, from the address that it sent from; all of 127/8 has one.
    facts.source = v4 && source[0] == 127 ? Address{127, 0, 0, 1} : source;
  } else {
    facts.source = v4 ? back.ipv4 : back.ipv6;
  }
  // Without a table of local addresses everything would be broadcast to ipv4_type(), and nothing to a look-up of a route.
  facts.to_broadcast = v4 && back.host != nullptr && back.host->records().ipv4_local_table &&
                       back.host->ipv4_type(destination.data()) == RTN_BROADCAST;
  reject_reply(packet, hook, result.reject_with, facts, result.reply);
}

void PathWalker::State::play(Packet& packet, const Arrival& arrival, PathResult& result) {
  const auto discarded = [&](Discard why) {
    result.discard = why;
    return why != Discard::kNone;
  };
  const auto passes = [&](Hook hook) {
    result.verdict = walk(hook, packet, result);
    return result.verdict == Verdict::kAccept;
  };
  result.verdict = Verdict::kDrop;

  if (options.path == PathKind::kOutput) {
    packet.sender = &options.sender;
    if (!send_raw(packet)) {
      result.discard = Discard::kHeader;
      return;
    }
    if (!passes(Hook::kOutput) || !passes(Hook::kPostrouting)) return;
    result.out.assign(packet.data, packet.data + packet.length);
    return;
  }

  packet.in = &options.in;
  if (discarded(receive(packet))) return;
  if (!passes(Hook::kPrerouting)) return;
  result.verdict = Verdict::kDrop;
  const InterfaceName& onward = options.path == PathKind::kForward ? options.out : kNoInterface;
  if (discarded(route(packet, arrival.time_ns, options.host.get(), onward))) return;

  if (options.path == PathKind::kInput) {
    if (packet.family == Family::kIpv4 && Ipv4Reassembly::is_fragment(packet.data)) {
      switch (reassembly.add(packet, arrival.time_ns, whole)) {
        case Ipv4Reassembly::Answer::kWaiting:
          result.verdict = Verdict::kStolen;
          return;
        case Ipv4Reassembly::Answer::kDropped:
          result.discard = Discard::kReassembly;
          return;
        case Ipv4Reassembly::Answer::kComplete:
          break;
      }
    }
    if (!passes(Hook::kInput)) return;
  } else {
    packet.out = &options.out;
    if (discarded(forward(packet, options.mtu))) return;
    if (!passes(Hook::kForward)) return;
    forwarded(packet);
    if (!passes(Hook::kPostrouting)) return;
  }
  result.out.assign(packet.data, packet.data + packet.length);
}

void PathWalker::play(const Arrival& arrival, PathResult& result) {
  result.verdict = Verdict::kDrop;
  result.discard = Discard::kHeader;
  result.reject_with = kNoReject;
  result.queue = 0;
  result.bumps.clear();
  result.out.clear();
  result.reply.clear();
  result.effects.clear();
  result.by_linear = result.by_index = 0;
  if (arrival.bytes.empty()) return;

  Packet packet;
  if (arrival.family) {
    packet.family = *arrival.family;
  } else {
    const unsigned version = arrival.bytes[0] >> 4;
    if (version != 4 && version != 6) return;
    packet.family = version == 4 ? Family::kIpv4 : Family::kIpv6;
  }
  result.discard = Discard::kNone;
  // Engines may change the packet, and the capture's bytes are not theirs.
  if (state_->buffer.size() < arrival.bytes.size() + kRoom) state_->buffer.resize(arrival.bytes.size() + kRoom);
  std::memcpy(state_->buffer.data(), arrival.bytes.data(), arrival.bytes.size());
  packet.data = state_->buffer.data();
  packet.length = static_cast<uint32_t>(arrival.bytes.size());
  packet.room = static_cast<uint32_t>(state_->buffer.size()) - packet.length;
  packet.mtu = std::min(state_->options.mtu, kMaxMtu);
  if (state_->options.path != PathKind::kOutput) {
    packet.type = arrival.type;
    packet.source_mac = arrival.source_mac;
    packet.destination_mac = arrival.destination_mac;
  }
  packet.time_ns = arrival.time_ns;
  if (state_->options.listens) packet.effects = &result.effects;
  state_->play(packet, arrival, result);
}

}  // namespace hookline
