#include "verify/kernel_runner.h"

#include <arpa/inet.h>
#include <endian.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/rtnetlink.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>
#include <utility>

#include "load/fetch.h"
#include "load/host_dump.h"
#include "load/ipsets.h"
#include "load/netns.h"
#include "load/run_program.h"
#include "table/extension.h"
#include "verify/host_lines.h"

namespace hookline {
namespace {

constexpr uint32_t kProbePriority = 0x484b0001;     // skb->priority of what the output path sends: no other packet has it
constexpr uint32_t kInjectedPriority = 0x484b0002;  // and of what the input path puts on lo
constexpr uint32_t kPassedPriority = 0x484b0003;    // of a probe behind the guard, where its copies must not pass
constexpr uint32_t kFirstTable = 1000;              // routing tables, one an in device
constexpr size_t kTunHeader = 4;                    // flags, ethertype
constexpr uint32_t kLocal = 0xffffffff;             // instead of an out device: delivered here
constexpr std::string_view kLoopback = "lo";

// Everything that a new namespace must say or keep quiet about, before devices are made in it.
constexpr std::array<std::pair<const char*, const char*>, 22> kSysctls = {{
    {"ipv4/ip_forward", "1"},
    {"ipv4/conf/all/rp_filter", "0"},
    {"ipv4/conf/default/rp_filter", "0"},
    {"ipv4/conf/all/send_redirects", "0"},
    {"ipv4/conf/default/send_redirects", "0"},
    {"ipv4/conf/lo/route_localnet", "1"},
    {"ipv4/conf/lo/accept_local", "1"},
    {"ipv6/conf/default/disable_ipv6", "0"},
    {"ipv6/conf/default/accept_ra", "0"},
    {"ipv6/conf/default/autoconf", "0"},
    {"ipv6/conf/default/router_solicitations", "0"},
    {"ipv6/conf/default/addr_gen_mode", "1"},
    {"ipv6/conf/default/dad_transmits", "0"},
    {"ipv6/conf/all/forwarding", "1"},
    {"ipv6/conf/default/forwarding", "1"},
    {"ipv6/conf/all/accept_dad", "0"},
    {"ipv4/igmp_max_memberships", "1000000"},
    {"ipv4/icmp_ratemask", "0"},
    {"ipv6/icmp/ratelimit", "0"},
    {"ipv6/icmp/ratemask", "\n"},
    {"ipv4/ipfrag_high_thresh", "1073741824"},
    {"ipv4/ipfrag_time", "36000"},
}};

tl::unexpected<Problems> system_problem(const std::string& place, const std::string& step) {
  const int error = errno;
  std::string expected;
  if (error == EPERM || error == EACCES) expected = "root";
  if (error == ENOENT && place == "/dev/net/tun") expected = "a kernel with TUN devices";
  return fail(ProblemKind::kSystem, place, step + ": " + std::strerror(error), expected);
}

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_;
};

struct Device {
  std::string name;
  Descriptor tun;
  Descriptor raw;  // output path
  uint32_t index = 0;
  uint32_t table = 0;  // its routing table for packets that come in by it
  // What that table's default route says now: 0 nothing, kLocal, or the out device.
  uint32_t default_route = 0;
};

bool valid_device_name(const std::string& name) {
  if (name.empty() || name.size() >= IFNAMSIZ || name == "." || name == ".." || name == kLoopback || name == "all" ||
      name == "default")
    return false;
  return std::ranges::all_of(name, [](char c) { return c > ' ' && c < 0x7f && c != '/' && c != ':' && c != '%'; });
}

bool write_sysctl(const std::string& name, const char* value) {
  std::ofstream file("/proc/sys/net/" + name);
  return static_cast<bool>(file << value << std::flush);
}

Result<Device> make_device(const std::string& name, bool ethernet) {
  Device device;
  device.name = name;
  device.tun = Descriptor(::open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK));
  if (!device.tun) return system_problem("/dev/net/tun", "cannot be opened");
  ifreq request{};
  std::memcpy(request.ifr_name, name.data(), name.size());
  request.ifr_flags = ethernet ? IFF_TAP : IFF_TUN;
  if (::ioctl(device.tun.get(), TUNSETIFF, &request) != 0) return system_problem("TUN device " + name, "cannot be made");
  device.index = ::if_nametoindex(name.c_str());
  return device;
}

// The destination of a probe, where there is one.
bool address_in(const std::vector<uint8_t>& packet, Family family, bool source, Address& address) {
  const size_t offset = family == Family::kIpv4 ? (source ? 12 : 16) : (source ? 8 : 24);
  const size_t size = family == Family::kIpv4 ? 4 : 16;
  if (packet.size() < offset + size) return false;
  address = {};
  std::memcpy(address.data(), packet.data() + offset, size);
  return true;
}

// IPv6.
bool is_link_local_at(const uint8_t* address) { return address[0] == 0xfe && (address[1] & 0xc0) == 0x80; }
bool is_link_local(const Address& address) { return is_link_local_at(address.data()); }

// IPv6: the first 80 bits are 0: nobody's address, the loopback device's, an IPv4 one in disguise.
bool is_special(const Address& address) {
  return std::all_of(address.begin(), address.begin() + 10, [](uint8_t byte) { return byte == 0; });
}

bool is_multicast(const std::vector<uint8_t>& packet, Family family, Address& group) {
  return address_in(packet, family, false, group) && (family == Family::kIpv4 ? group[0] >> 4 == 0xe : group[0] == 0xff);
}

// ---- the nftables counter behind all tables at INPUT ---------------------------------------------------------------

int take_packets(const nlattr* attribute, void* packets) {
  if (mnl_attr_get_type(attribute) == NFTA_COUNTER_PACKETS)
    *static_cast<uint64_t*>(packets) = be64toh(mnl_attr_get_u64(attribute));
  return MNL_CB_OK;
}
int take_object_data(const nlattr* attribute, void* packets) {
  return mnl_attr_get_type(attribute) == NFTA_OBJ_DATA ? mnl_attr_parse_nested(attribute, take_packets, packets) : MNL_CB_OK;
}
int on_object(const nlmsghdr* message, void* packets) {
  return mnl_attr_parse(message, sizeof(nfgenmsg), take_object_data, packets);
}

}  // namespace

bool is_housekeeping(const std::vector<uint8_t>& packet) {
  if (packet.size() < 40) return packet.size() > 9 && packet[0] >> 4 == 4 && packet[9] == IPPROTO_IGMP;
  if (packet[0] >> 4 == 4) return packet[9] == IPPROTO_IGMP;
  size_t at = 40;
  uint8_t next = packet[6];
  if (next == IPPROTO_HOPOPTS && packet.size() > at + 8) {
    next = packet[at];
    at += (packet[at + 1] + 1U) * 8;
  }
  return next == IPPROTO_ICMPV6 && packet.size() > at && packet[at] >= 130 && packet[at] <= 143;
}

struct KernelRunner::State {
  using NetlinkSocket = std::unique_ptr<mnl_socket, decltype(&mnl_socket_close)>;

  Family family = Family::kIpv4;
  uint32_t mtu = 0;
  bool ethernet = false;
  Ears ears;
  std::shared_ptr<KernelLog> kernel_log;
  std::unique_ptr<KernelListener> listener;
  bool translates = false;  // some rule writes destinations: not all that is put on lo is for this host then
  Netns netns;
  std::vector<Device> devices;
  std::vector<std::string> names;
  uint32_t loopback_index = 0;
  Descriptor loopback_raw;  // output path
  Descriptor packet;        // into lo
  Descriptor tap;           // sees what leaves by lo
  NetlinkSocket netlink{nullptr, &mnl_socket_close}, filter_netlink{nullptr, &mnl_socket_close};
  uint32_t netlink_sequence = 0;
  uint64_t arrived = 0;                 // packets that got past the last table at INPUT
  std::vector<Descriptor> memberships;  // a socket for each multicast group and device
  std::set<std::pair<uint32_t, std::vector<uint8_t>>> joined;
  struct Counted {
    uint16_t table;
    CounterReader reader;
    std::vector<CounterReader::Pair> before, now;
  };
  std::vector<Counted> counted;
  std::vector<uint8_t> frame;
  std::shared_ptr<const HostView> host;
  bool has_host = false;       // something was said of a host
  bool has_addresses = false;  // of the family, on another device than lo

  explicit State(Netns handle) : netns(std::move(handle)) {}

  Device* find(const InterfaceName& name) {
    const auto found =
        std::ranges::find(devices, name.view(), [](const Device& device) { return std::string_view(device.name); });
    return found == devices.end() ? nullptr : &*found;
  }

  Result<void> set_up(const Config& config) {
    for (const auto& [name, value] : kSysctls)
      if (!write_sysctl(name, value)) return system_problem(std::string("sysctl net/") + name, "cannot be set");
    for (const std::string& name : config.interfaces) {
      if (!valid_device_name(name) || find(InterfaceName::from(name)) != nullptr) continue;
      auto device = make_device(name, ethernet);
      if (!device) return tl::make_unexpected(device.error());
      device->table = kFirstTable + static_cast<uint32_t>(devices.size());
      names.push_back(name);
      devices.push_back(std::move(*device));
    }
    loopback_index = ::if_nametoindex(kLoopback.data());
    if (ears.any()) {
      std::vector<uint16_t> groups = ears.groups;
      if (ears.sent) groups.push_back(kSentGroup);
      auto opened = KernelListener::open(groups, kernel_log);
      if (!opened) return tl::make_unexpected(opened.error());
      listener = std::move(*opened);
    }
    return open_sockets();
  }

  // Sends by one device, whatever a rule makes of the packet: the kernel looks for a route again behind mangle's OUTPUT.
  Result<Descriptor> raw_socket(const std::string& device) {
    const bool v4 = family == Family::kIpv4;
    Descriptor raw(::socket(v4 ? AF_INET : AF_INET6, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_RAW));
    if (!raw) return system_problem("raw socket", "cannot be opened");
    const int on = 1, off = 0;
    const int priority = static_cast<int>(kProbePriority);
    const int buffer = 1 << 20;
    if (::setsockopt(raw.get(), SOL_SOCKET, SO_PRIORITY, &priority, sizeof priority) != 0 ||
        ::setsockopt(raw.get(), SOL_SOCKET, SO_BROADCAST, &on, sizeof on) != 0 ||
        ::setsockopt(raw.get(), SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer) != 0 ||
        ::setsockopt(raw.get(), SOL_SOCKET, SO_BINDTODEVICE, device.c_str(), static_cast<socklen_t>(device.size())) != 0 ||
        ::setsockopt(raw.get(), v4 ? IPPROTO_IP : IPPROTO_IPV6, v4 ? IP_MULTICAST_LOOP : IPV6_MULTICAST_LOOP, &off,
                     sizeof off) != 0)
      return system_problem("raw socket", "cannot be set up");
    // Its look-up of a route may name a source that no device has.
    if (!v4 && ::setsockopt(raw.get(), IPPROTO_IPV6, IPV6_TRANSPARENT, &on, sizeof on) != 0)
      return system_problem("raw socket", "cannot be set up");
    return raw;
  }

  Result<void> open_sockets() {
    packet = Descriptor(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
    const int injected = static_cast<int>(kInjectedPriority);
    if (!packet || ::setsockopt(packet.get(), SOL_SOCKET, SO_PRIORITY, &injected, sizeof injected) != 0)
      return system_problem("packet socket", "cannot be opened");
    auto bound = raw_socket(std::string(kLoopback));
    if (!bound) return tl::make_unexpected(bound.error());
    loopback_raw = std::move(*bound);
    for (Device& device : devices) {
      bound = raw_socket(device.name);
      if (!bound) return tl::make_unexpected(bound.error());
      device.raw = std::move(*bound);
    }
    sockaddr_ll from{};
    from.sll_family = AF_PACKET;
    from.sll_protocol = htons(ETH_P_ALL);  // a socket for one protocol sees nothing that leaves
    from.sll_ifindex = static_cast<int>(loopback_index);
    tap = Descriptor(::socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, htons(ETH_P_ALL)));
    if (!tap || ::bind(tap.get(), reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0)
      return system_problem("packet socket on lo", "cannot be opened");
    netlink.reset(mnl_socket_open(NETLINK_ROUTE));
    filter_netlink.reset(mnl_socket_open(NETLINK_NETFILTER));
    for (const NetlinkSocket* socket : {&netlink, &filter_netlink})
      if (!*socket || mnl_socket_bind(socket->get(), 0, MNL_SOCKET_AUTOPID) < 0)
        return system_problem("netlink", "cannot be opened");
    return {};
  }

  // How many packets got past the last table at INPUT since the last call.
  Result<uint64_t> new_arrivals() {
    alignas(nlmsghdr) std::array<char, 256> buffer{};
    nlmsghdr* message = mnl_nlmsg_put_header(buffer.data());
    message->nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETOBJ;
    message->nlmsg_flags = NLM_F_REQUEST;
    message->nlmsg_seq = ++netlink_sequence;
    auto* header = static_cast<nfgenmsg*>(mnl_nlmsg_put_extra_header(message, sizeof(nfgenmsg)));
    header->nfgen_family = NFPROTO_INET;
    header->version = NFNETLINK_V0;
    mnl_attr_put_strz(message, NFTA_OBJ_TABLE, "probe_guard");
    mnl_attr_put_strz(message, NFTA_OBJ_NAME, "arrived");
    mnl_attr_put_u32(message, NFTA_OBJ_TYPE, htonl(NFT_OBJECT_COUNTER));
    if (mnl_socket_sendto(filter_netlink.get(), message, message->nlmsg_len) < 0)
      return system_problem("nftables counter", "request");
    alignas(nlmsghdr) std::array<char, 4096> answer{};
    const ssize_t length = mnl_socket_recvfrom(filter_netlink.get(), answer.data(), answer.size());
    uint64_t total = arrived;
    if (length < 0 || mnl_cb_run(answer.data(), static_cast<size_t>(length), netlink_sequence,
                                 mnl_socket_get_portid(filter_netlink.get()), on_object, &total) < 0)
      return system_problem("nftables counter", "cannot be read");
    return total - std::exchange(arrived, total);
  }

  // A multicast group is delivered only by devices that have joined it.
  Result<void> join(const Device& device, const Address& group) {
    const bool v4 = family == Family::kIpv4;
    const size_t size = v4 ? 4 : 16;
    if (!joined.emplace(device.index, std::vector<uint8_t>(group.begin(), group.begin() + static_cast<ptrdiff_t>(size)))
             .second)
      return {};
    return netns.enter([&]() -> Result<void> {
      memberships.emplace_back(::socket(v4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
      ip_mreqn request4{};
      std::memcpy(&request4.imr_multiaddr, group.data(), 4);
      request4.imr_ifindex = static_cast<int>(device.index);
      ipv6_mreq request6{};
      std::memcpy(&request6.ipv6mr_multiaddr, group.data(), 16);
      request6.ipv6mr_interface = device.index;
      const int fd = memberships.back().get();
      const int done = v4 ? ::setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &request4, sizeof request4)
                          : ::setsockopt(fd, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, &request6, sizeof request6);
      return done == 0 ? Result<void>{} : system_problem("device " + device.name, "cannot join a multicast group");
    });
  }

  // Devices up, one routing rule an in device, an IPv6 default route an out device, and the guards.
  Result<void> configure() {
    std::string lines = "link set lo up\n";
    const char* family_option = family == Family::kIpv4 ? "-4" : "-6";
    for (size_t i = 0; i < devices.size(); ++i) {
      const Device& device = devices[i];
      // Without ARP and neighbour discovery everything is sent, to no one in particular.
      if (ethernet)
        lines += fmt::format("link set dev {} address {:02x} arp off\n", device.name, fmt::join(kDeviceAddress, ":"));
      lines += fmt::format("link set dev {} mtu {} up\n", device.name, mtu);
      lines += fmt::format("rule add iif {} lookup {} pref {}\n", device.name, device.table, device.table);
      lines += fmt::format("route add default dev {} metric {}\n", device.name, 10 + i);
    }
    if (ears.sent && family == Family::kIpv6 && !devices.empty())
      lines += fmt::format("address add 2001:db8:fffe::1/128 dev {} nodad\n", devices.front().name);
    auto done = run(std::vector<std::string>{"ip", family_option, "-batch", "-"}, lines, "iproute2");
    if (!done) return done;
    const std::string guards = fmt::format(
        "table inet probe_guard {{\n"
        "  counter arrived {{ }}\n"
        "  chain prerouting {{ type filter hook prerouting priority -1000; iifname \"lo\" meta priority != {1} drop; }}\n"
        "  chain output {{ type filter hook output priority -1000; {2} meta priority != {0} drop; meta priority set {3}; "
        "}}\n"
        "  chain input {{ type filter hook input priority 1000; counter name arrived drop; }}\n"
        "}}\n",
        kProbePriority, kInjectedPriority,
        ears.sent ? fmt::format("meta priority != {} log group {};", kProbePriority, kSentGroup) : "", kPassedPriority);
    return run(std::vector<std::string>{"nft", "-f", "-"}, guards, "nftables");
  }

  // The host that the rules know. What cannot be said again is missing for the engines as well: they get what is there then.
  Result<void> settle(const HostView* known) {
    if (known != nullptr) {
      const char* family_option = family == Family::kIpv4 ? "-4" : "-6";
      const std::string lines = host_lines(known->records(), family, names);
      has_host = !lines.empty();
      auto output = run_program(netns, {"ip", family_option, "-force", "-batch", "-"}, lines, "iproute2");
      if (!output) return tl::make_unexpected(output.error());
    }
    return netns.enter([&]() -> Result<void> {
      auto dumped = dump_settled_host();
      if (!dumped) return tl::make_unexpected(dumped.error());
      host = std::make_shared<const HostView>(std::move(*dumped), known != nullptr ? known->sets() : nullptr);
      has_addresses = std::ranges::any_of(host->records().addresses, [&](const HostAddress& address) {
        return address.family == family && address.index != loopback_index;
      });
      return {};
    });
  }

  Result<void> run(const std::vector<std::string>& arguments, const std::string& input, const std::string& package) {
    auto output = run_program(netns, arguments, input, package);
    if (!output) return tl::make_unexpected(output.error());
    if (output->exit_code == 0) return {};
    return fail(ProblemKind::kSystem, arguments.front(), output->error.substr(0, output->error.find('\n')),
                "success in a scratch namespace");
  }

  // Points the default route of a device's own table at local delivery or at an out device.
  Result<void> route(Device& in, uint32_t out_index) {
    if (in.default_route == out_index) return {};
    if (in.default_route != 0)
      if (auto done = change_route(RTM_DELROUTE, in, in.default_route); !done) return done;
    if (auto done = change_route(RTM_NEWROUTE, in, out_index); !done) return done;
    in.default_route = out_index;
    return {};
  }

  Result<void> clear_route(Device& in) {
    if (in.default_route == 0) return {};
    auto done = change_route(RTM_DELROUTE, in, in.default_route);
    in.default_route = 0;
    return done;
  }

  Result<void> change_route(uint16_t type, const Device& in, uint32_t out_index) {
    std::array<char, 512> buffer{};
    nlmsghdr* message = mnl_nlmsg_put_header(buffer.data());
    message->nlmsg_type = type;
    message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
    if (type == RTM_NEWROUTE) message->nlmsg_flags |= NLM_F_CREATE | NLM_F_EXCL;
    message->nlmsg_seq = ++netlink_sequence;
    auto* route = static_cast<rtmsg*>(mnl_nlmsg_put_extra_header(message, sizeof(rtmsg)));
    const bool local = out_index == kLocal;
    route->rtm_family = family == Family::kIpv4 ? AF_INET : AF_INET6;
    route->rtm_table = RT_TABLE_UNSPEC;
    route->rtm_protocol = RTPROT_STATIC;
    route->rtm_scope = local ? RT_SCOPE_HOST : family == Family::kIpv4 ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
    route->rtm_type = local ? RTN_LOCAL : RTN_UNICAST;
    mnl_attr_put_u32(message, RTA_TABLE, in.table);
    // An IPv6 look-up for a link-local destination takes only routes of the device that the packet came in by.
    mnl_attr_put_u32(message, RTA_OIF, !local ? out_index : family == Family::kIpv4 ? loopback_index : in.index);
    if (mnl_socket_sendto(netlink.get(), message, message->nlmsg_len) < 0) return system_problem("rtnetlink", "request");
    std::array<char, 4096> answer{};
    const ssize_t length = mnl_socket_recvfrom(netlink.get(), answer.data(), answer.size());
    if (length < 0 || mnl_cb_run(answer.data(), static_cast<size_t>(length), netlink_sequence,
                                 mnl_socket_get_portid(netlink.get()), nullptr, nullptr) < 0)
      return system_problem("rtnetlink", "default route of " + in.name);
    return {};
  }

  // Makes the address one of the host's, or takes it away again: IPv4 by a route, since an address would become one that
  // answers are sent from.
  // False: it was one of the host's before.
  Result<bool> change_local(bool add, const Address& address, const Device& in) {
    std::array<char, 512> buffer{};
    nlmsghdr* message = mnl_nlmsg_put_header(buffer.data());
    message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
    if (add) message->nlmsg_flags |= NLM_F_CREATE | NLM_F_EXCL;
    message->nlmsg_seq = ++netlink_sequence;
    if (family == Family::kIpv4) {
      message->nlmsg_type = add ? RTM_NEWROUTE : RTM_DELROUTE;
      auto* route = static_cast<rtmsg*>(mnl_nlmsg_put_extra_header(message, sizeof(rtmsg)));
      route->rtm_family = AF_INET;
      route->rtm_dst_len = 32;
      route->rtm_table = RT_TABLE_LOCAL;
      route->rtm_protocol = RTPROT_STATIC;
      route->rtm_scope = RT_SCOPE_HOST;
      route->rtm_type = RTN_LOCAL;
      mnl_attr_put(message, RTA_DST, 4, address.data());
      mnl_attr_put_u32(message, RTA_OIF, loopback_index);
    } else {
      message->nlmsg_type = add ? RTM_NEWADDR : RTM_DELADDR;
      auto* assigned = static_cast<ifaddrmsg*>(mnl_nlmsg_put_extra_header(message, sizeof(ifaddrmsg)));
      assigned->ifa_family = AF_INET6;
      assigned->ifa_prefixlen = 128;
      assigned->ifa_flags = IFA_F_NODAD;
      assigned->ifa_index = in.index;
      mnl_attr_put(message, IFA_LOCAL, 16, address.data());
      mnl_attr_put_u32(message, IFA_FLAGS, IFA_F_NODAD | IFA_F_NOPREFIXROUTE);
    }
    if (mnl_socket_sendto(netlink.get(), message, message->nlmsg_len) < 0) return system_problem("rtnetlink", "request");
    std::array<char, 4096> answer{};
    const ssize_t length = mnl_socket_recvfrom(netlink.get(), answer.data(), answer.size());
    if (length < 0 || mnl_cb_run(answer.data(), static_cast<size_t>(length), netlink_sequence,
                                 mnl_socket_get_portid(netlink.get()), nullptr, nullptr) < 0) {
      if (add && errno == EEXIST) return false;
      return system_problem("rtnetlink", add ? "an address cannot be made local" : "a local address cannot be taken away");
    }
    return true;
  }

  Result<void> play_input(Device& in, const Probe& probe) {
    Address destination{};
    if (!address_in(probe.packet, family, false, destination)) return inject_tun(in, probe);
    const bool v4 = family == Family::kIpv4;
    const bool one_host = v4 ? destination[0] != 0 && destination[0] != 127 && destination[0] >> 4 != 0xe &&
                                   load_be32(destination.data()) != 0xffffffff
                             : destination[0] != 0xff && !is_special(destination);
    const bool makes_local = ears.sent && one_host;
    auto made = makes_local ? change_local(true, destination, in) : Result<bool>(false);
    if (!made) return tl::make_unexpected(made.error());
    auto done = inject_tun(in, probe);
    if (*made)
      if (auto undone = change_local(false, destination, in); !undone) return tl::make_unexpected(undone.error());
    return done;
  }

  void drain(const Descriptor& tun, std::vector<std::vector<uint8_t>>* packets) {
    std::array<uint8_t, kTunHeader + ETHER_HDR_LEN + 65536> buffer;
    const size_t header = kTunHeader + (ethernet ? ETHER_HDR_LEN : 0);
    for (;;) {
      const ssize_t length = ::read(tun.get(), buffer.data(), buffer.size());
      if (length < 0) return;
      if (packets == nullptr || length < static_cast<ssize_t>(header)) continue;
      const uint16_t type = load_be16(buffer.data() + 2);
      if (type == (family == Family::kIpv4 ? ETHERTYPE_IP : ETHERTYPE_IPV6))
        packets->emplace_back(buffer.data() + header, buffer.data() + length);
    }
  }

  // What left by lo; the tap sees each packet again as it comes in.
  void drain_tap(std::vector<std::vector<uint8_t>>* packets) {
    std::array<uint8_t, 65536> buffer;
    for (;;) {
      sockaddr_ll from{};
      socklen_t from_size = sizeof from;
      const ssize_t length =
          ::recvfrom(tap.get(), buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&from), &from_size);
      if (length < 0 && errno == ENETDOWN) continue;  // said once: the tap is older than the device's being up
      if (length < 0) return;
      const bool own_family = from.sll_protocol == htons(family == Family::kIpv4 ? ETHERTYPE_IP : ETHERTYPE_IPV6);
      if (packets != nullptr && from.sll_pkttype == PACKET_OUTGOING && own_family)
        packets->emplace_back(buffer.data(), buffer.data() + length);
    }
  }

  Result<void> inject_tun(Device& in, const Probe& probe) {
    const std::vector<uint8_t>& bytes = probe.packet;
    const uint16_t protocol = family == Family::kIpv4 ? ETHERTYPE_IP : ETHERTYPE_IPV6;
    frame.assign(kTunHeader, 0);
    store_be16(frame.data() + 2, protocol);
    if (ethernet) {
      const FrameAddresses addresses = probe.frame.value_or(FrameAddresses{kDeviceAddress, {}});
      frame.insert(frame.end(), addresses.destination.begin(), addresses.destination.end());
      frame.insert(frame.end(), addresses.source.begin(), addresses.source.end());
      frame.insert(frame.end(), {static_cast<uint8_t>(protocol >> 8), static_cast<uint8_t>(protocol & 0xff)});
    }
    frame.insert(frame.end(), bytes.begin(), bytes.end());
    if (::write(in.tun.get(), frame.data(), frame.size()) < 0)
      return system_problem("TUN device " + in.name, "a packet of " + std::to_string(bytes.size()) + " bytes");
    return {};
  }

  Result<void> inject_loopback(const std::vector<uint8_t>& bytes) {
    frame.assign(ETHER_HDR_LEN, 0);
    store_be16(frame.data() + 12, family == Family::kIpv4 ? ETHERTYPE_IP : ETHERTYPE_IPV6);
    frame.insert(frame.end(), bytes.begin(), bytes.end());
    sockaddr_ll to{};
    to.sll_family = AF_PACKET;
    to.sll_protocol = htons(family == Family::kIpv4 ? ETHERTYPE_IP : ETHERTYPE_IPV6);
    to.sll_ifindex = static_cast<int>(loopback_index);
    to.sll_halen = ETHER_ADDR_LEN;
    if (::sendto(packet.get(), frame.data(), frame.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to) < 0)
      return system_problem("lo", "a packet of " + std::to_string(bytes.size()) + " bytes");
    return {};
  }

  Result<void> send_raw(const Descriptor& raw, uint32_t out_index, std::vector<uint8_t> bytes) {
    Address destination{};
    if (!address_in(bytes, family, false, destination))
      return fail(ProblemKind::kSystem, "raw socket", "a packet without a destination");
    iovec part{bytes.data(), bytes.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    sockaddr_in to4{};
    sockaddr_in6 to6{};
    alignas(cmsghdr) std::array<uint8_t, CMSG_SPACE(sizeof(in6_pktinfo))> control{};
    message.msg_control = control.data();
    if (family == Family::kIpv4) {
      to4.sin_family = AF_INET;
      std::memcpy(&to4.sin_addr, destination.data(), 4);
      message.msg_name = &to4;
      message.msg_namelen = sizeof to4;
      message.msg_controllen = CMSG_SPACE(sizeof(in_pktinfo));
      cmsghdr* header = CMSG_FIRSTHDR(&message);
      header->cmsg_level = IPPROTO_IP;
      header->cmsg_type = IP_PKTINFO;
      header->cmsg_len = CMSG_LEN(sizeof(in_pktinfo));
      in_pktinfo info{};
      info.ipi_ifindex = static_cast<int>(out_index);
      std::memcpy(CMSG_DATA(header), &info, sizeof info);
    } else {
      to6.sin6_family = AF_INET6;
      std::memcpy(&to6.sin6_addr, destination.data(), 16);
      message.msg_name = &to6;
      message.msg_namelen = sizeof to6;
      message.msg_controllen = CMSG_SPACE(sizeof(in6_pktinfo));
      cmsghdr* header = CMSG_FIRSTHDR(&message);
      header->cmsg_level = IPPROTO_IPV6;
      header->cmsg_type = IPV6_PKTINFO;
      header->cmsg_len = CMSG_LEN(sizeof(in6_pktinfo));
      in6_pktinfo info{};
      info.ipi6_ifindex = out_index;
      // A link-local destination wants a source, which its devices lack; the packet's header keeps its own. Anywhere else a
      // source would let the look-up choose another device.
      if (is_link_local(destination)) {
        info.ipi6_addr.s6_addr[0] = 0xfd;
        info.ipi6_addr.s6_addr[15] = 1;
      }
      std::memcpy(CMSG_DATA(header), &info, sizeof info);
    }
    // A hook that drops the packet shows as EPERM or, for REJECT, another error of the send: that is an answer, not a
    // failure.
    if (::sendmsg(raw.get(), &message, 0) < 0 && errno != EPERM && errno != EHOSTUNREACH && errno != ENETUNREACH &&
        errno != ECONNREFUSED && errno != EACCES && errno != ENOBUFS)
      return system_problem("raw socket", "a packet of " + std::to_string(bytes.size()) + " bytes");
    return {};
  }

  Result<void> read_moves(std::vector<CounterMove>& moves) {
    moves.clear();
    for (Counted& table : counted) {
      if (auto done = table.reader.read(table.now); !done) return done;
      for (size_t i = 0; i < table.now.size(); ++i) {
        const uint64_t packets = table.now[i].packets - table.before[i].packets;
        const uint64_t bytes = table.now[i].bytes - table.before[i].bytes;
        if (packets != 0 || bytes != 0) moves.push_back({table.table, RuleId{static_cast<uint32_t>(i)}, packets, bytes});
      }
      std::swap(table.now, table.before);
    }
    return {};
  }
};

bool writes_destination(std::span<const Table> tables, Family family) {
  const auto writes = [](const Rule& rule) {
    return rule.target.kind == TargetKind::kExtension &&
           std::ranges::any_of(rule.target.type->writes, [](const WrittenBits& write) {
             return write.dimension >= Dimension::kDestination0 && write.dimension <= Dimension::kDestination3;
           });
  };
  return std::ranges::any_of(
      tables, [&](const Table& table) { return table.family == family && std::ranges::any_of(table.rules, writes); });
}

KernelRunner::KernelRunner(std::unique_ptr<State> state) : state_(std::move(state)) {}
KernelRunner::~KernelRunner() = default;

Result<std::unique_ptr<KernelRunner>> KernelRunner::open(const Snapshot& snapshot, std::span<const Table> tables,
                                                         const Config& config) {
  auto netns = Netns::scratch();
  if (!netns) return tl::make_unexpected(netns.error());
  auto state = std::make_unique<State>(std::move(*netns));
  state->family = config.family;
  state->mtu = config.mtu;
  state->ethernet = config.ethernet;
  state->ears = config.ears;
  if (config.ears.log) {
    auto log = KernelLog::share();
    if (!log) return tl::make_unexpected(log.error());
    state->kernel_log = std::move(*log);
  }
  state->translates = writes_destination(tables, config.family);
  auto done = state->netns.enter([&] { return state->set_up(config); });
  if (done) done = state->configure();
  if (done) done = state->settle(config.host);
  if (!done) return tl::make_unexpected(done.error());

  Snapshot family_only = snapshot;
  std::erase_if(family_only.tables, [&](const RawTable& raw) { return raw.family != config.family; });
  if (auto made = state->netns.enter([&] { return create_sets(snapshot.sets); }); !made)
    return tl::make_unexpected(made.error());
  if (auto pushed = push(state->netns, family_only); !pushed) return tl::make_unexpected(pushed.error());
  for (size_t i = 0; i < tables.size(); ++i) {
    if (tables[i].family != config.family) continue;
    auto reader = CounterReader::open(state->netns, config.family, tables[i].name);
    if (!reader) return tl::make_unexpected(reader.error());
    State::Counted counted{static_cast<uint16_t>(i), std::move(*reader), {}, {}};
    if (auto read = counted.reader.read(counted.before); !read) return tl::make_unexpected(read.error());
    state->counted.push_back(std::move(counted));
  }
  for (const Device& device : state->devices) state->drain(device.tun, nullptr);
  return std::unique_ptr<KernelRunner>(new KernelRunner(std::move(state)));
}

const std::vector<std::string>& KernelRunner::interfaces() const { return state_->names; }

std::shared_ptr<const HostView> KernelRunner::host() const { return state_->host; }

namespace {

// A record of the route or of the time: the kernel writes addresses of the host into it.
bool takes_addresses(const std::vector<uint8_t>& packet) {
  if (packet.size() < 20) return false;
  const size_t end = std::min<size_t>(packet.size(), (packet[0] & 0xfU) * 4U);
  for (size_t at = 20; at < end && packet[at] != IPOPT_EOL;) {
    if (packet[at] == IPOPT_RR || packet[at] == IPOPT_TIMESTAMP) return true;
    const size_t size = packet[at] == IPOPT_NOP ? 1 : at + 1 < end ? packet[at + 1] : 0;
    if (size == 0) return false;
    at += size;
  }
  return false;
}

}  // namespace

bool KernelRunner::routes_permit(const Probe& probe) const {
  const State& s = *state_;
  const HostView& host = *s.host;
  const bool v4 = s.family == Family::kIpv4;
  const uint8_t* source = probe.packet.data() + (v4 ? 12 : 8);
  const uint8_t* destination = probe.packet.data() + (v4 ? 16 : 24);
  const uint32_t in = host.index_of_device(probe.in), out = host.index_of_device(probe.out);
  const auto type_in_local = [&] {
    const bool of_link = !v4 && (is_link_local_at(destination) || destination[0] == 0xff);
    const RouteQuestion question{
        .destination = destination, .in_index = in, .out_index = of_link ? in : 0, .strict_out = of_link};
    const RouteFound found = v4 ? host.ipv4_route(question) : host.ipv6_output_route(question);
    return found.route != nullptr && found.route->table == RT_TABLE_LOCAL ? found.route->type : uint8_t{RTN_UNSPEC};
  };
  if (v4 && s.has_addresses && probe.path != PathKind::kOutput && takes_addresses(probe.packet)) return false;
  switch (probe.path) {
    case PathKind::kForward: {
      if (type_in_local() != RTN_UNSPEC) return false;
      if (!v4 || in != out) return true;
      // The way back begins in the table that sends the packet out again.
      const RouteFound back = host.ipv4_route({.destination = source, .source = destination, .in_index = out});
      return back.type() == RTN_UNSPEC || back.type() == RTN_UNICAST || back.route->table == RT_TABLE_LOCAL;
    }
    case PathKind::kInput: {
      if (!v4) return true;
      if (probe.in.view() == kLoopback) {
        const RouteFound back = host.ipv4_route({.destination = source, .source = destination});
        return back.type() == RTN_UNSPEC || back.type() == RTN_UNICAST || back.type() == RTN_LOCAL;
      }
      const uint8_t type = type_in_local();
      return type == RTN_UNSPEC || type == RTN_LOCAL || type == RTN_BROADCAST;
    }
    case PathKind::kOutput: {
      if (v4) {
        const RouteFound found = host.ipv4_route({.destination = destination, .out_index = out});
        // Without a route the kernel takes it for a neighbour on the device's link.
        return found.answer == RouteFound::Answer::kNone || found.type() == RTN_UNICAST;
      }
      if (probe.out.view() == kLoopback) return true;
      const RouteFound found = host.ipv6_output_route({.destination = destination, .out_index = out, .strict_out = true});
      return found.type() == RTN_UNICAST && found.nexthop->index == out;
    }
  }
  return false;
}

bool KernelRunner::can_play(const Probe& probe) const {
  const Family family = state_->family;
  const bool in_lo = probe.in.view() == kLoopback, out_lo = probe.out.view() == kLoopback;
  switch (probe.path) {
    case PathKind::kForward:
      if (state_->find(probe.in) == nullptr || state_->find(probe.out) == nullptr) return false;
      break;
    case PathKind::kInput:
      if (!in_lo && state_->find(probe.in) == nullptr) return false;
      break;
    case PathKind::kOutput:
      if (!out_lo && state_->find(probe.out) == nullptr) return false;
      break;
  }
  Address source{}, destination{};
  if (!address_in(probe.packet, family, false, destination)) return probe.path != PathKind::kOutput && !probe.packet.empty();
  address_in(probe.packet, family, true, source);
  if (!routes_permit(probe)) return false;
  const bool v4 = family == Family::kIpv4;
  const bool multicast = v4 ? (destination[0] & 0xf0) == 0xe0 : destination[0] == 0xff;
  const bool broadcast = v4 && load_be32(destination.data()) == 0xffffffff;
  const bool zero = destination == Address{};
  const bool loopback_broadcast = v4 && load_be32(source.data()) == 0x7fffffff;
  const bool loopback = v4 ? destination[0] == 127 : destination == Address{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  // A packet from an address of the host's, as its destination is made while answers are heard, is a martian one.
  if (state_->ears.sent && probe.path == PathKind::kInput && source == destination) return false;
  // Nor does a packet go to, or come from, the address that answers come from.
  if (const Address& own = v4 ? kAnswerIpv4 : kAnswerIpv6; state_->ears.sent && (source == own || destination == own))
    return false;
  switch (probe.path) {
    case PathKind::kForward:
      // 0.0.0.0 to 0.0.0.0 is delivered here, whatever the routes say; a link-local address lies behind the device that the
      // packet came in by.
      if (!v4 && is_link_local(destination)) return probe.in == probe.out;
      return !multicast && !broadcast && !(v4 && zero && source == Address{});
    case PathKind::kInput:
      // What a packet socket puts on lo is routed on arrival, unlike what the host sends to itself: only there a source can
      // be a martian, and only local addresses are delivered.
      if (in_lo && state_->translates) return false;
      if (in_lo) return loopback && (v4 ? source[0] != 0 && source[0] < 224 && !loopback_broadcast : source[0] != 0xff);
      // To everyone from 127/8: refused or not by the addresses that the host has.
      return !(broadcast && source[0] == 127);
    case PathKind::kOutput: {
      // The kernel fills in what a raw socket leaves open, and never sends a broken header.
      // Where mangle changes what routes depend on, a source of 127/8 finds none by a device.
      if (v4 && !out_lo && source[0] == 127) return false;
      if (multicast || broadcast || zero || (loopback && !out_lo) || (!out_lo && probe.packet.size() > state_->mtu))
        return false;
      if (!v4 && out_lo && !loopback) return false;
      if (!v4) return probe.packet.size() >= 40;
      const size_t header = (probe.packet[0] & 0xfU) * 4U;
      const bool fixed =
          load_be16(probe.packet.data() + 2) == probe.packet.size() && load_be16(probe.packet.data() + 4) != 0;
      return probe.packet[0] >> 4 == 4 && header >= 20 && header <= probe.packet.size() && fixed && source != Address{};
    }
  }
  return false;
}

Result<void> KernelRunner::play(const Probe& probe, Observation& observation) {
  State& s = *state_;
  observation.out.clear();
  Device* in = s.find(probe.in);
  Device* out = s.find(probe.out);
  Result<void> done;
  switch (probe.path) {
    case PathKind::kForward:
      // The way back to the source is looked for from the out device, whose own table must not answer.
      if (in != out && s.has_host && s.family == Family::kIpv4) done = s.clear_route(*out);
      if (done) done = s.route(*in, out->index);
      if (done) done = s.inject_tun(*in, probe);
      break;
    case PathKind::kInput:
      if (in == nullptr) {
        done = s.inject_loopback(probe.packet);
      } else {
        Address group{};
        if (is_multicast(probe.packet, s.family, group)) done = s.join(*in, group);
        if (done) done = s.route(*in, kLocal);
        if (done) done = s.play_input(*in, probe);
      }
      break;
    case PathKind::kOutput:
      done = out != nullptr ? s.send_raw(out->raw, out->index, probe.packet)
                            : s.send_raw(s.loopback_raw, s.loopback_index, probe.packet);
      break;
  }
  if (!done) return done;
  observation.arrived = false;
  if (probe.path == PathKind::kInput) {
    if (in == nullptr) s.drain_tap(nullptr);
    const auto arrived = s.new_arrivals();
    if (!arrived) return tl::make_unexpected(arrived.error());
    observation.arrived = *arrived != 0;
  } else if (out != nullptr) {
    s.drain(out->tun, &observation.out);
  } else {
    s.drain_tap(&observation.out);
  }
  if (s.listener) {
    done = s.listener->hear(observation.heard);
    if (!done) return done;
    std::erase_if(observation.heard.sent, is_housekeeping);
  }
  return s.read_moves(observation.moves);
}

}  // namespace hookline
