// load/host_dump.cpp: RTM_GETLINK, RTM_GETADDR, RTM_GETROUTE and RTM_GETRULE dumps through libmnl (rtnetlink(7)).
#include "load/host_dump.h"

#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <tuple>

namespace hookline {
namespace {

// Selectors of policy rules that are younger than some systems' headers.
constexpr uint16_t kRuleDscp = 25, kRuleFlowLabel = 26, kRuleFlowLabelMask = 27, kRuleDscpMask = 30;

constexpr Family kFamilies[] = {Family::kIpv4, Family::kIpv6};

uint8_t address_family(Family family) { return family == Family::kIpv4 ? AF_INET : AF_INET6; }

tl::unexpected<Problems> failed(const char* what, const char* step, int error) {
  return fail(ProblemKind::kSystem, "rtnetlink", std::string(step) + ": " + std::strerror(error), what);
}

// ---- attributes: one of another size than it should have is left out -------------------------------------------------

template <typename T>
void take(const nlattr* attribute, T& value) {
  if (mnl_attr_get_payload_len(attribute) >= sizeof(T)) std::memcpy(&value, mnl_attr_get_payload(attribute), sizeof(T));
}
void take(const nlattr* attribute, HostAddressBytes& value) {
  value = {};
  std::memcpy(value.data(), mnl_attr_get_payload(attribute),
              std::min<size_t>(mnl_attr_get_payload_len(attribute), value.size()));
}
void take(const nlattr* attribute, std::string& value) {
  const auto* text = static_cast<const char*>(mnl_attr_get_payload(attribute));
  value.assign(text, strnlen(text, mnl_attr_get_payload_len(attribute)));
}

// Calls `on` with every attribute of a run of them.
template <typename On>
void each_in(const void* first, size_t size, On on) {
  const char* end = static_cast<const char*>(first) + size;
  const auto left = [&](const nlattr* attribute) {
    return static_cast<int>(end - reinterpret_cast<const char*>(attribute));
  };
  for (const auto* attribute = static_cast<const nlattr*>(first); mnl_attr_ok(attribute, left(attribute));
       attribute = mnl_attr_next(attribute))
    on(attribute);
}
// Behind a message's fixed part.
template <typename On>
void each_attribute(const nlmsghdr* message, size_t fixed, On on) {
  const auto* first = static_cast<const char*>(mnl_nlmsg_get_payload_offset(message, fixed));
  each_in(first, static_cast<size_t>(static_cast<const char*>(mnl_nlmsg_get_payload_tail(message)) - first), on);
}
template <typename On>
void each_nested(const nlattr* nest, On on) {
  each_in(mnl_attr_get_payload(nest), mnl_attr_get_payload_len(nest), on);
}

// ---- one message a record --------------------------------------------------------------------------------------------

void add_interface(const nlmsghdr* message, HostRecords& host) {
  const auto* link = static_cast<const ifinfomsg*>(mnl_nlmsg_get_payload(message));
  HostInterface interface;
  interface.index = static_cast<uint32_t>(link->ifi_index);
  interface.type = link->ifi_type;
  interface.flags = link->ifi_flags;
  each_attribute(message, sizeof *link, [&](const nlattr* attribute) {
    switch (mnl_attr_get_type(attribute)) {
      case IFLA_IFNAME:
        return take(attribute, interface.name);
      case IFLA_MTU:
        return take(attribute, interface.mtu);
      case IFLA_GROUP:
        return take(attribute, interface.group);
      case IFLA_MASTER:
        return take(attribute, interface.master);
      case IFLA_ADDRESS: {
        const auto* bytes = static_cast<const uint8_t*>(mnl_attr_get_payload(attribute));
        interface.mac.assign(bytes, bytes + mnl_attr_get_payload_len(attribute));
        return;
      }
      case IFLA_LINKINFO:
        return each_nested(attribute, [&](const nlattr* nested) {
          if (mnl_attr_get_type(nested) == IFLA_INFO_KIND) take(nested, interface.kind);
        });
      default:
        return;
    }
  });
  host.interfaces.push_back(std::move(interface));
}

void add_address(const nlmsghdr* message, HostRecords& host) {
  const auto* header = static_cast<const ifaddrmsg*>(mnl_nlmsg_get_payload(message));
  HostAddress address;
  address.family = header->ifa_family == AF_INET ? Family::kIpv4 : Family::kIpv6;
  address.prefix = header->ifa_prefixlen;
  address.scope = header->ifa_scope;
  address.index = header->ifa_index;
  address.flags = header->ifa_flags;
  bool has_local = false;
  each_attribute(message, sizeof *header, [&](const nlattr* attribute) {
    switch (mnl_attr_get_type(attribute)) {
      case IFA_LOCAL:
        has_local = true;
        return take(attribute, address.local);
      case IFA_ADDRESS:
        return take(attribute, address.peer);
      case IFA_BROADCAST:
        return take(attribute, address.broadcast);
      case IFA_FLAGS:
        return take(attribute, address.flags);
      default:
        return;
    }
  });
  if (!has_local) address.local = address.peer;
  host.addresses.push_back(address);
}

void take_gateway(const nlattr* attribute, Family family, HostNexthop& nexthop) {
  nexthop.gateway_family = static_cast<uint8_t>(family);
  take(attribute, nexthop.gateway);
}
// RTA_VIA: a gateway of the other family.
void take_via(const nlattr* attribute, HostNexthop& nexthop) {
  if (mnl_attr_get_payload_len(attribute) < sizeof(rtvia)) return;
  rtvia via{};
  std::memcpy(&via, mnl_attr_get_payload(attribute), sizeof via);
  nexthop.gateway_family = via.rtvia_family == AF_INET ? 4 : 6;
  nexthop.gateway = {};
  const size_t size = mnl_attr_get_payload_len(attribute) - sizeof via;
  std::memcpy(nexthop.gateway.data(), static_cast<const uint8_t*>(mnl_attr_get_payload(attribute)) + sizeof via,
              std::min(size, nexthop.gateway.size()));
}

void add_nexthops(const nlattr* multipath, HostRoute& route) {
  const auto* next = static_cast<const uint8_t*>(mnl_attr_get_payload(multipath));
  size_t left = mnl_attr_get_payload_len(multipath);
  while (left >= sizeof(rtnexthop)) {
    rtnexthop header{};
    std::memcpy(&header, next, sizeof header);
    if (header.rtnh_len < sizeof header || header.rtnh_len > left) return;
    HostNexthop nexthop;
    nexthop.index = static_cast<uint32_t>(header.rtnh_ifindex);
    nexthop.flags = header.rtnh_flags;
    nexthop.weight = static_cast<uint16_t>(header.rtnh_hops + 1);
    each_in(next + sizeof header, header.rtnh_len - sizeof header, [&](const nlattr* attribute) {
      if (mnl_attr_get_type(attribute) == RTA_GATEWAY) take_gateway(attribute, route.family, nexthop);
      if (mnl_attr_get_type(attribute) == RTA_VIA) take_via(attribute, nexthop);
      if (mnl_attr_get_type(attribute) == RTA_FLOW) take(attribute, nexthop.realm);
    });
    route.nexthops.push_back(nexthop);
    const size_t step = std::min<size_t>(left, RTNH_ALIGN(header.rtnh_len));
    next += step;
    left -= step;
  }
}

void add_route(const nlmsghdr* message, HostRecords& host) {
  const auto* header = static_cast<const rtmsg*>(mnl_nlmsg_get_payload(message));
  if ((header->rtm_flags & RTM_F_CLONED) != 0) return;
  HostRoute route;
  route.family = header->rtm_family == AF_INET ? Family::kIpv4 : Family::kIpv6;
  route.type = header->rtm_type;
  route.destination_bits = header->rtm_dst_len;
  route.source_bits = header->rtm_src_len;
  route.tos = header->rtm_tos;
  route.scope = header->rtm_scope;
  route.protocol = header->rtm_protocol;
  route.table = header->rtm_table;
  route.flags = header->rtm_flags;
  HostNexthop single;
  single.flags = static_cast<uint8_t>(header->rtm_flags);
  each_attribute(message, sizeof *header, [&](const nlattr* attribute) {
    switch (mnl_attr_get_type(attribute)) {
      case RTA_DST:
        return take(attribute, route.destination);
      case RTA_SRC:
        return take(attribute, route.source);
      case RTA_PREFSRC:
        return take(attribute, route.preferred_source);
      case RTA_TABLE:
        return take(attribute, route.table);
      case RTA_PRIORITY:
        return take(attribute, route.metric);
      case RTA_PREF:
        return take(attribute, route.preference);
      case RTA_OIF:
        return take(attribute, single.index);
      case RTA_GATEWAY:
        return take_gateway(attribute, route.family, single);
      case RTA_VIA:
        return take_via(attribute, single);
      case RTA_FLOW:
        return take(attribute, single.realm);
      case RTA_MULTIPATH:
        return add_nexthops(attribute, route);
      case RTA_METRICS:
        return each_nested(attribute, [&](const nlattr* nested) {
          if (mnl_attr_get_type(nested) == RTAX_MTU) take(nested, route.mtu);
          if (mnl_attr_get_type(nested) == RTAX_ADVMSS) take(nested, route.advertised_mss);
          if (mnl_attr_get_type(nested) == RTAX_HOPLIMIT) take(nested, route.hop_limit);
        });
      default:
        return;
    }
  });
  if (route.nexthops.empty()) route.nexthops.push_back(single);
  host.routes.push_back(std::move(route));
}

void add_rule(const nlmsghdr* message, HostRecords& host) {
  const auto* header = static_cast<const fib_rule_hdr*>(mnl_nlmsg_get_payload(message));
  HostRule rule;
  rule.family = header->family == AF_INET ? Family::kIpv4 : Family::kIpv6;
  rule.action = header->action;
  rule.destination_bits = header->dst_len;
  rule.source_bits = header->src_len;
  rule.tos = header->tos;
  rule.table = header->table;
  rule.flags = header->flags;
  each_attribute(message, sizeof *header, [&](const nlattr* attribute) {
    switch (mnl_attr_get_type(attribute)) {
      case FRA_DST:
        return take(attribute, rule.destination);
      case FRA_SRC:
        return take(attribute, rule.source);
      case FRA_IIFNAME:
        return take(attribute, rule.in);
      case FRA_OIFNAME:
        return take(attribute, rule.out);
      case FRA_GOTO:
        return take(attribute, rule.target);
      case FRA_PRIORITY:
        return take(attribute, rule.priority);
      case FRA_FWMARK:
        return take(attribute, rule.mark);
      case FRA_FWMASK:
        return take(attribute, rule.mark_mask);
      case FRA_FLOW:
        return take(attribute, rule.realm);
      case FRA_TUN_ID: {
        uint64_t network_order = 0;
        take(attribute, network_order);
        rule.tunnel_id = __builtin_bswap64(network_order);
        return;
      }
      case FRA_SUPPRESS_IFGROUP:
        return take(attribute, rule.suppress_group);
      case FRA_SUPPRESS_PREFIXLEN:
        return take(attribute, rule.suppress_prefix);
      case FRA_TABLE:
        return take(attribute, rule.table);
      case FRA_L3MDEV:
        return take(attribute, rule.l3_master);
      case FRA_UID_RANGE: {
        fib_rule_uid_range range{0, UINT32_MAX};
        take(attribute, range);
        rule.first_uid = range.start;
        rule.last_uid = range.end;
        return;
      }
      case FRA_IP_PROTO:
        return take(attribute, rule.ip_protocol);
      case FRA_SPORT_RANGE:
      case FRA_DPORT_RANGE: {
        const bool source = mnl_attr_get_type(attribute) == FRA_SPORT_RANGE;
        fib_rule_port_range range{};
        take(attribute, range);
        (source ? rule.first_source_port : rule.first_destination_port) = range.start;
        (source ? rule.last_source_port : rule.last_destination_port) = range.end;
        return;
      }
      case kRuleDscp:
        if (rule.dscp_mask == 0) rule.dscp_mask = 0x3f;
        return take(attribute, rule.dscp);
      case kRuleDscpMask:
        return take(attribute, rule.dscp_mask);
      case kRuleFlowLabel: {
        uint32_t network_order = 0;
        take(attribute, network_order);
        rule.flow_label = __builtin_bswap32(network_order);
        return;
      }
      case kRuleFlowLabelMask: {
        uint32_t network_order = 0;
        take(attribute, network_order);
        rule.flow_label_mask = __builtin_bswap32(network_order);
        return;
      }
      default:
        return;
    }
  });
  host.rules.push_back(std::move(rule));
}

// ---- dumps -----------------------------------------------------------------------------------------------------------

struct Dump {
  const char* what;  // for errors
  uint16_t type;     // RTM_GET…
  size_t header;     // bytes of the request's fixed part
  uint8_t family;    // its first byte
  void (*add)(const nlmsghdr* message, HostRecords& host);
};

struct Taking {
  const Dump& dump;
  HostRecords& host;
};

int on_message(const nlmsghdr* message, void* data) {
  const auto& [dump, host] = *static_cast<const Taking*>(data);
  if (mnl_nlmsg_get_payload_len(message) < dump.header) return MNL_CB_ERROR;
  // A kernel without IPv6 answers for all the families that it has.
  const uint8_t family = *static_cast<const uint8_t*>(mnl_nlmsg_get_payload(message));
  if (dump.family == AF_UNSPEC || dump.family == family) dump.add(message, host);
  return MNL_CB_OK;
}

// One dump. `interrupted`: the list changed while it was read and has to be read again.
Result<void> run_once(const Dump& dump, uint32_t sequence, HostRecords& host, bool& interrupted) {
  // A new socket each time: what is left of an interrupted dump goes with the old one.
  const std::unique_ptr<mnl_socket, decltype(&mnl_socket_close)> socket(mnl_socket_open(NETLINK_ROUTE), &mnl_socket_close);
  if (!socket || mnl_socket_bind(socket.get(), 0, MNL_SOCKET_AUTOPID) < 0) return failed(dump.what, "socket", errno);
  std::vector<char> buffer(32768);
  nlmsghdr* request = mnl_nlmsg_put_header(buffer.data());
  request->nlmsg_type = dump.type;
  request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request->nlmsg_seq = sequence;
  *static_cast<uint8_t*>(mnl_nlmsg_put_extra_header(request, dump.header)) = dump.family;
  if (mnl_socket_sendto(socket.get(), request, request->nlmsg_len) < 0) return failed(dump.what, "request", errno);
  Taking taking{dump, host};
  const unsigned port = mnl_socket_get_portid(socket.get());
  for (int status = MNL_CB_OK; status > MNL_CB_STOP;) {
    const ssize_t length = mnl_socket_recvfrom(socket.get(), buffer.data(), buffer.size());
    if (length < 0) return failed(dump.what, "answer", errno);
    status = mnl_cb_run(buffer.data(), static_cast<size_t>(length), sequence, port, on_message, &taking);
    if (status < 0 && errno == EINTR) {
      interrupted = true;
      return {};
    }
    if (status < 0) return failed(dump.what, "answer", errno);
  }
  return {};
}

Result<void> run(const Dump& dump, HostRecords& host) {
  constexpr uint32_t kAttempts = 16;
  const auto counts = std::tuple(host.interfaces.size(), host.addresses.size(), host.routes.size(), host.rules.size());
  for (uint32_t attempt = 1; attempt <= kAttempts; ++attempt) {
    host.interfaces.resize(std::get<0>(counts));
    host.addresses.resize(std::get<1>(counts));
    host.routes.resize(std::get<2>(counts));
    host.rules.resize(std::get<3>(counts));
    bool interrupted = false;
    auto done = run_once(dump, attempt, host, interrupted);
    if (!done || !interrupted) return done;
  }
  return fail(ProblemKind::kSystem, "rtnetlink", std::string(dump.what) + " changed during each attempt to read it",
              "one that rests for a moment");
}

// An empty table can be there all the same; only a dump of this table alone, strictly checked, tells.
Result<bool> has_ipv4_local_table() {
  constexpr const char* kWhat = "the routing table local";
  const std::unique_ptr<mnl_socket, decltype(&mnl_socket_close)> socket(mnl_socket_open(NETLINK_ROUTE), &mnl_socket_close);
  if (!socket || mnl_socket_bind(socket.get(), 0, MNL_SOCKET_AUTOPID) < 0) return failed(kWhat, "socket", errno);
  int on = 1;
  if (mnl_socket_setsockopt(socket.get(), NETLINK_GET_STRICT_CHK, &on, sizeof on) < 0) return false;
  std::vector<char> buffer(32768);
  nlmsghdr* request = mnl_nlmsg_put_header(buffer.data());
  request->nlmsg_type = RTM_GETROUTE;
  request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request->nlmsg_seq = 1;
  static_cast<rtmsg*>(mnl_nlmsg_put_extra_header(request, sizeof(rtmsg)))->rtm_family = AF_INET;
  mnl_attr_put_u32(request, RTA_TABLE, RT_TABLE_LOCAL);
  if (mnl_socket_sendto(socket.get(), request, request->nlmsg_len) < 0) return failed(kWhat, "request", errno);
  const ssize_t length = mnl_socket_recvfrom(socket.get(), buffer.data(), buffer.size());
  if (length < static_cast<ssize_t>(sizeof(nlmsghdr))) return failed(kWhat, "answer", errno);
  // The refusal stands in the message that ends the dump.
  const auto* answer = reinterpret_cast<const nlmsghdr*>(buffer.data());
  int32_t error = 0;
  if (answer->nlmsg_type == NLMSG_DONE && mnl_nlmsg_get_payload_len(answer) >= sizeof error)
    std::memcpy(&error, mnl_nlmsg_get_payload(answer), sizeof error);
  return error != -ENOENT;
}

}  // namespace

Result<HostRecords> dump_host() {
  HostRecords host;
  auto done = run({"the list of devices", RTM_GETLINK, sizeof(ifinfomsg), AF_UNSPEC, add_interface}, host);
  for (const Family family : kFamilies) {
    const uint8_t number = address_family(family);
    if (done) done = run({"the list of addresses", RTM_GETADDR, sizeof(ifaddrmsg), number, add_address}, host);
    if (done) done = run({"the list of routes", RTM_GETROUTE, sizeof(rtmsg), number, add_route}, host);
    if (done) done = run({"the list of rules", RTM_GETRULE, sizeof(fib_rule_hdr), number, add_rule}, host);
  }
  if (!done) return tl::make_unexpected(done.error());
  std::ranges::sort(host.interfaces, {}, &HostInterface::index);
  auto local_table = has_ipv4_local_table();
  if (!local_table) return tl::make_unexpected(local_table.error());
  host.ipv4_local_table = *local_table;
  host.complete = true;
  return host;
}

namespace {

// Whether an IPv6 address of a running device is still without its route.
bool unsettled(const HostRecords& host) {
  return std::ranges::any_of(host.addresses, [&](const HostAddress& address) {
    if (address.family != Family::kIpv6) return false;
    const auto device = std::ranges::find(host.interfaces, address.index, &HostInterface::index);
    if (device == host.interfaces.end() || (device->flags & IFF_UP) == 0 || (device->flags & IFF_RUNNING) == 0) return false;
    return std::ranges::none_of(
        host.routes, [&](const HostRoute& route) { return route.type == RTN_LOCAL && route.destination == address.local; });
  });
}

}  // namespace

Result<HostRecords> dump_settled_host() {
  constexpr int kMostDumps = 200;
  auto host = dump_host();
  for (int i = 0; host && i < kMostDumps; ++i) {
    const bool has_ipv6 =
        std::ranges::any_of(host->addresses, [](const HostAddress& address) { return address.family == Family::kIpv6; });
    if (!has_ipv6) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    auto again = dump_host();
    if (!again) return again;
    const bool rests = *again == *host && !unsettled(*again);
    host = std::move(again);
    if (rests) break;
  }
  return host;
}

}  // namespace hookline
