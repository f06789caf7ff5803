#include "scratch_host.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "load/decode.h"
#include "load/run_program.h"

namespace hookline::test {
namespace {

// The devices have no neighbours to ask for and nothing to say by themselves; what the kernel would still send on its own
// (multicast reports) comes from the unspecified or a link-local address and is dropped in raw, before the hooks under test.
constexpr const char* kSetUp = R"(
for dev in hl0 hl1; do
  ip link set $dev addrgenmode none
  ip link set $dev mtu 65535 multicast off
done
echo 1 > /proc/sys/net/ipv4/ip_forward
echo 1 > /proc/sys/net/ipv6/conf/all/forwarding
echo 0 > /proc/sys/net/ipv4/conf/all/rp_filter
echo 0 > /proc/sys/net/ipv4/conf/hl0/rp_filter
echo 0 > /proc/sys/net/ipv4/conf/hl2/rp_filter
ip link set hl2 addrgenmode none
ip link set hl2 multicast off arp off address 02:00:00:00:00:01
ip link set lo up
ip link set hl0 up
ip link set hl1 up
ip link set hl2 up
ip addr add 10.0.0.254/24 dev hl0
ip addr add 10.9.9.9/32 dev hl1
ip route add default dev hl1
ip -6 addr add 2001:db8::fe/64 dev hl0 nodad
ip -6 addr add 2001:db8:9::9/128 dev hl1 nodad
ip -6 route add default dev hl1
ip link set hl0 group 5
ip link set hl1 group 6
ip addr add 10.20.0.1/24 brd + dev hl1
ip route add anycast 10.21.0.1 dev hl1
ip route add local 10.22.0.0/24 dev hl0
ip route add multicast 10.23.0.0/24 dev hl1
ip route add blackhole 10.24.0.0/24
ip route add 10.25.0.0/24 dev hl0
ip route add 10.26.0.0/24 dev hl1 realms 3/4
ip route add 10.27.0.0/24 dev hl0 realms 5/6
ip -6 addr add 2001:db8:20::1/64 dev hl1 nodad
ip -6 route add unreachable 2001:db8:24::/64
ip -6 route add 2001:db8:25::/64 dev hl0
iptables-legacy -w 60 -t mangle -S > /dev/null
ip6tables-legacy -w 60 -t mangle -S > /dev/null
ip6tables-legacy -w 60 -t raw -A OUTPUT -s fe80::/10 -j DROP
ip6tables-legacy -w 60 -t raw -A OUTPUT -s ::/128 -j DROP
)";

int open_tun(const char* name, short kind) {
  const int fd = ::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return -1;
  ifreq request{};
  request.ifr_flags = static_cast<short>(kind | IFF_NO_PI);
  std::strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  if (::ioctl(fd, TUNSETIFF, &request) != 0) {
    ::close(fd);
    return -1;
  }
  return fd;
}

int open_raw(Family family) {
  const int fd = ::socket(family == Family::kIpv4 ? AF_INET : AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
  const int size = 1 << 22;
  if (fd >= 0) ::setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size);
  return fd;
}

tl::unexpected<Problems> system_problem(const std::string& what) {
  return fail(ProblemKind::kSystem, "scratch host", what + ": " + std::strerror(errno));
}

}  // namespace

ScratchHost::ScratchHost(ScratchHost&& other) noexcept
    : netns_(std::move(other.netns_)),
      in_fd_(std::exchange(other.in_fd_, -1)),
      out_fd_(std::exchange(other.out_fd_, -1)),
      ethernet_fd_(std::exchange(other.ethernet_fd_, -1)),
      raw4_fd_(std::exchange(other.raw4_fd_, -1)),
      raw6_fd_(std::exchange(other.raw6_fd_, -1)),
      table_(other.table_),
      watched_(std::move(other.watched_)),
      mangle_policy_(other.mangle_policy_) {}

ScratchHost::~ScratchHost() {
  for (const int fd : {in_fd_, out_fd_, ethernet_fd_, raw4_fd_, raw6_fd_})
    if (fd >= 0) ::close(fd);
}

Result<ScratchHost> ScratchHost::make() {
  auto netns = Netns::scratch();
  if (!netns) return tl::make_unexpected(netns.error());
  ScratchHost host(std::move(*netns));
  auto opened = host.netns_.enter([&]() -> Result<void> {
    host.in_fd_ = open_tun(kInDevice, IFF_TUN);
    host.out_fd_ = open_tun(kOutDevice, IFF_TUN);
    host.ethernet_fd_ = open_tun(kEthernetDevice, IFF_TAP);
    if (host.in_fd_ < 0 || host.out_fd_ < 0 || host.ethernet_fd_ < 0) return system_problem("/dev/net/tun");
    host.raw4_fd_ = open_raw(Family::kIpv4);
    host.raw6_fd_ = open_raw(Family::kIpv6);
    if (host.raw4_fd_ < 0 || host.raw6_fd_ < 0) return system_problem("raw socket");
    return {};
  });
  if (!opened) return tl::make_unexpected(opened.error());
  if (auto done = host.shell(std::string("set -e\n") + kSetUp); !done) return tl::make_unexpected(done.error());
  return host;
}

Result<std::string> ScratchHost::shell(const std::string& line) const {
  auto output = run_program(netns_, {"/bin/sh", "-c", line}, "", "dash");
  if (!output) return tl::make_unexpected(output.error());
  if (output->exit_code != 0) return fail(ProblemKind::kInput, "", output->error + output->out);
  return output->out;
}

Result<RawTable> ScratchHost::fetch_table(Family family, const std::string& name) const {
  FetchOptions options;
  options.family = family;
  options.tables = {name};
  auto snapshot = fetch(netns_, options);
  if (!snapshot) return tl::make_unexpected(snapshot.error());
  return std::move(snapshot->tables.front());
}

Result<void> ScratchHost::watch(const Table& table) {
  watched_.clear();
  table_ = &table;
  const auto raw = fetch_table(table.family, "mangle");
  if (!raw) return tl::make_unexpected(raw.error());
  const auto mangle = decode_table(*raw);
  if (!mangle) return tl::make_unexpected(mangle.error());
  for (unsigned h = 0; h < kHookCount; ++h) mangle_policy_[h] = index_of(mangle->underflow[h]);
  for (const std::string& name : {table.name, std::string("mangle")}) {
    auto reader = CounterReader::open(netns_, table.family, name);
    if (!reader) return tl::make_unexpected(reader.error());
    watched_.push_back({std::move(*reader), {}, {}});
    if (auto done = watched_.back().reader.read(watched_.back().last); !done) return done;
  }
  return {};
}

Result<void> ScratchHost::send(const LinePacket& packet) const {
  char sink[65536];
  while (::read(out_fd_, sink, sizeof sink) > 0) {
  }
  while (::read(in_fd_, sink, sizeof sink) > 0) {  // answers that nobody waits for
  }
  if (packet.in_frame()) {
    while (::read(ethernet_fd_, sink, sizeof sink) > 0) {
    }
    std::vector<uint8_t> frame = packet.frame_destination;
    frame.insert(frame.end(), packet.frame_source.begin(), packet.frame_source.end());
    const uint16_t type = packet.family == Family::kIpv4 ? 0x0800 : 0x86dd;
    frame.insert(frame.end(), {static_cast<uint8_t>(type >> 8), static_cast<uint8_t>(type)});
    frame.insert(frame.end(), packet.bytes.begin(), packet.bytes.end());
    if (::write(ethernet_fd_, frame.data(), frame.size()) < 0) return system_problem("write to TAP");
    return {};
  }
  if (packet.hook != Hook::kOutput) {
    if (::write(in_fd_, packet.bytes.data(), packet.bytes.size()) < 0) return system_problem("write to TUN");
    return {};
  }
  const bool v4 = packet.family == Family::kIpv4;
  const int fd = v4 ? raw4_fd_ : raw6_fd_;
  if (::setsockopt(fd, SOL_SOCKET, SO_MARK, &packet.mark, sizeof packet.mark) != 0) return system_problem("SO_MARK");
  sockaddr_in to4{};
  sockaddr_in6 to6{};
  to4.sin_family = AF_INET;
  to6.sin6_family = AF_INET6;
  std::memcpy(&to4.sin_addr, packet.bytes.data() + 16, 4);
  if (!v4) std::memcpy(&to6.sin6_addr, packet.bytes.data() + 24, 16);
  const auto* to = v4 ? reinterpret_cast<const sockaddr*>(&to4) : reinterpret_cast<const sockaddr*>(&to6);
  // A packet that a rule drops makes the call fail with EPERM; the counters tell the rest.
  if (::sendto(fd, packet.bytes.data(), packet.bytes.size(), 0, to, v4 ? sizeof to4 : sizeof to6) < 0 && errno != EPERM)
    return system_problem("sendto");
  return {};
}

Result<std::string> ScratchHost::answer(const LinePacket& packet) {
  if (auto sent = send(packet); !sent) return tl::make_unexpected(sent.error());
  for (Watched& watched : watched_)
    if (auto done = watched.reader.read(watched.now); !done) return tl::make_unexpected(done.error());
  const auto moved = [&](size_t which, uint32_t entry) {
    return watched_[which].now[entry].packets - watched_[which].last[entry].packets;
  };
  const auto h = static_cast<unsigned>(packet.hook);
  const uint64_t rule = moved(0, index_of(table_->hook_entry[h]));
  const uint64_t policy = moved(0, index_of(table_->underflow[h]));
  uint64_t reached = moved(1, mangle_policy_[h]);
  // Where mangle itself is under test, a target that drops keeps the packet from its policy.
  if (table_->name == "mangle" && rule == 1) reached = 1;
  for (Watched& watched : watched_) watched.last.swap(watched.now);
  if (reached == 0 && rule == 0 && policy == 0) return "unreached";
  // A rule without a target lets every packet on to the policy, unless a match of it has dropped the packet.
  const bool goes_on = table_->rule(table_->hook_entry[h]).target.kind == TargetKind::kFallThrough;
  if (reached == 1 && rule == 1) return policy == 1 || !goes_on ? "yes" : "counted-hotdrop";
  if (reached == 1 && rule == 0 && policy == 1) return "no";
  if (reached == 1 && rule == 0 && policy == 0) return "hotdrop";
  return "counted mangle " + std::to_string(reached) + ", rule " + std::to_string(rule) + ", policy " +
         std::to_string(policy);
}

}  // namespace hookline::test
