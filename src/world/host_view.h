// world/host_view.h: what the kernel would find in its routing tables: types of addresses, routes, devices.
//
// An immutable index over HostRecords, shared by whoever asks; nothing allocates after it is built. Look-ups are the
// kernel's own, longest prefix first and with its policy rules. Left out is what no dump shows: neighbours, exceptions of
// the path MTU, expired routes, and VRFs, of which `has_vrf` tells.
// Kernel: inet_addr_type_dev_table(), fib_lookup(), fib_table_lookup(); ip6_route_output(), ip6_route_lookup().
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "packet/packet.h"
#include "world/host_records.h"

namespace hookline {

namespace ipset {
class SharedSets;  // ipset/sets.h
}

// An index that no device has: stands for one that the host does not know.
inline constexpr uint32_t kUnknownInterface = UINT32_MAX;

// What a look-up asks for. Kernel: struct flowi4, flowi6, with the loopback device as flowi_iif unless said otherwise.
struct RouteQuestion {
  const uint8_t* destination = nullptr;  // 4 or 16 bytes
  const uint8_t* source = nullptr;       // likewise; null: none given
  uint32_t in_index = 1;                 // 1: lo
  uint32_t out_index = 0;                // 0: any device
  bool strict_out = false;               // IPv6: RT6_LOOKUP_F_IFACE
  uint32_t mark = 0;
  uint8_t traffic_class = 0;  // the whole byte of the header
  uint32_t flow_label = 0;
  uint8_t protocol = 0;
};

// What it finds. Kernel: struct fib_result, struct rt6_info.
struct RouteFound {
  enum class Answer : uint8_t { kNone, kRoute, kRefused };  // kRefused: by a blackhole or the like, or by a policy rule
  Answer answer = Answer::kNone;
  const HostRoute* route = nullptr;  // the one that says so; a rule's refusal has none
  const HostNexthop* nexthop = nullptr;
  uint32_t rule_realm = 0;
  // RTN_* where there is a route to go by, else RTN_UNSPEC.
  [[nodiscard]] uint8_t type() const { return answer == Answer::kRoute ? route->type : uint8_t{0}; }
};

class HostView {
 public:
  HostView() : HostView(HostRecords{}) {}
  // Null: there is no ip set.
  explicit HostView(HostRecords records, std::shared_ptr<const ipset::SharedSets> sets = nullptr);
  HostView(const HostView&) = delete;
  HostView& operator=(const HostView&) = delete;

  [[nodiscard]] const HostRecords& records() const { return records_; }
  // The ip sets that rules name, as they were stored; null: none.
  [[nodiscard]] const std::shared_ptr<const ipset::SharedSets>& sets() const { return sets_; }
  [[nodiscard]] bool has_vrf() const { return has_vrf_; }
  // Whether any IPv4 route or policy rule has a realm.
  [[nodiscard]] bool has_realms() const { return realms_; }

  // Null: the host has none of that name or index.
  [[nodiscard]] const HostInterface* interface(const InterfaceName& name) const;
  [[nodiscard]] const HostInterface* interface(uint32_t index) const;
  // 0 where the name is absent, kUnknownInterface where the host has no such device.
  [[nodiscard]] uint32_t index_of_device(const InterfaceName& name) const;
  // By its flags, or, where the host has no such device, by its name.
  [[nodiscard]] bool is_loopback(const InterfaceName& name) const;
  [[nodiscard]] bool has_ipv4_address(uint32_t index) const;
  // The addresses of a device, in the kernel's order.
  [[nodiscard]] std::vector<const HostAddress*> addresses_of(uint32_t index, Family family) const;

  // RTN_* of an IPv4 address, as the table `local` has it; with a device: RTN_UNICAST unless the route is by that device.
  [[nodiscard]] uint8_t ipv4_type(const uint8_t* address, uint32_t index = 0) const;
  // The routing decision over all policy rules.
  [[nodiscard]] RouteFound ipv4_route(const RouteQuestion& question) const;
  // Whether some next hop of the route goes out by the device.
  [[nodiscard]] static bool leads_to(const HostRoute& route, uint32_t index);
  // Whether a packet that comes in with this source is a martian, rp_filter and accept_local off. `out_index`: the device
  // that it will go out by, 0 where it is delivered here; `destination`: null for a group or a broadcast. Kernel:
  // fib_validate_source().
  [[nodiscard]] bool ipv4_martian_source(const uint8_t* source, const uint8_t* destination, uint8_t tos, uint32_t in_index,
                                         uint32_t out_index) const;

  // What the host itself would send by, and what a look-up for a packet at hand finds: the kernel prefers routes by score in
  // the first, and the first that fits the device in the second.
  [[nodiscard]] RouteFound ipv6_output_route(const RouteQuestion& question) const;
  [[nodiscard]] RouteFound ipv6_route(const RouteQuestion& question) const;
  // Whether the route is one to an anycast address of this host. A type that somebody else gave to a route makes it none.
  [[nodiscard]] static bool ipv6_anycast(const HostRoute& route);
  // Whether the kernel keeps a route that was found as one that rejects, though its look-up finds it: one that would lead
  // out by lo. Kernel: fib6_is_reject().
  [[nodiscard]] bool ipv6_rejects(const RouteFound& found) const;
  // Whether the device has the address, and does not only try it; not strict: or another one, and it is no address of that
  // link alone. Kernel: ipv6_chk_addr().
  [[nodiscard]] bool ipv6_owns(const uint8_t* address, uint32_t index, bool strict = true) const;

 private:
  // Routes of one table by falling prefix length, then address; equal ones in the order in which the kernel tries them.
  struct Prefixes {
    struct Length {
      uint8_t bits;
      uint32_t first, last;  // in `routes`
    };
    std::vector<const HostRoute*> routes;
    std::vector<Length> lengths;
  };

  [[nodiscard]] const Prefixes* prefixes(Family family, uint32_t table) const;
  [[nodiscard]] bool rule_holds(const HostRule& rule, const RouteQuestion& question) const;
  [[nodiscard]] bool suppressed(const HostRule& rule, const RouteFound& found) const;
  // kNone: the next rule is asked.
  [[nodiscard]] RouteFound ipv4_in(const Prefixes& table, const RouteQuestion& question) const;
  [[nodiscard]] RouteFound first_of(std::span<const HostRoute* const> node, const RouteQuestion& question) const;
  template <bool output>
  [[nodiscard]] RouteFound ipv6_in(const Prefixes& table, const RouteQuestion& question) const;
  template <typename In>
  [[nodiscard]] RouteFound by_rules(Family family, const RouteQuestion& question, In in) const;

  HostRecords records_;
  std::shared_ptr<const ipset::SharedSets> sets_;
  std::unordered_map<std::string_view, size_t> by_name_;
  std::unordered_map<uint32_t, size_t> by_index_;
  std::vector<std::pair<uint32_t, Prefixes>> ipv4_, ipv6_;  // by table id
  std::vector<HostAddressBytes> ipv4_own_;                  // sorted
  bool custom_rules_ = false;                               // IPv4: any but the three that are there from the start
  bool custom_local_routes_ = false;                        // IPv4
  bool realms_ = false;
  bool has_vrf_ = false;
};

}  // namespace hookline
