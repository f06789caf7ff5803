// REJECT's answers byte by byte, and each case in which there is none. The kernel differential plays them at large; here
// stand the ones that a routing table or a device decides, and the arithmetic.
#include "stack/reply.h"

#include <gtest/gtest.h>
#include <linux/netfilter_ipv4/ipt_REJECT.h>
#include <linux/netfilter_ipv6/ip6t_REJECT.h>

#include "base/checksum.h"
#include "support/packets.h"

namespace hookline::test {
namespace {

// UDP without a checksum: nothing is verified.
const std::vector<uint8_t> kUdp = {0x12, 0x34, 0, 53, 0, 12, 0, 0, 'a', 'b', 'c', 'd'};

Address address(std::initializer_list<uint8_t> bytes) {
  Address result{};
  std::copy(bytes.begin(), bytes.end(), result.begin());
  return result;
}

ReplyFacts facts() {
  ReplyFacts known;
  known.source = address({10, 0, 0, 254});
  return known;
}

PacketBytes reply_to(PacketBytes bytes, uint8_t with, const ReplyFacts& known, Hook hook = Hook::kForward,
                     PacketType type = PacketType::kHost) {
  Packet packet = as_packet(bytes);
  packet.type = type;
  packet.time_ns = 86'400'000'000'000 + 5'000'000;
  PacketBytes reply = {1, 2, 3};  // what was there before
  reject_reply(packet, hook, with, known, reply);
  return reply;
}

// A TCP segment whose checksum is right.
PacketBytes segment(uint8_t flags, size_t payload, uint8_t offset = 5) {
  std::vector<uint8_t> tcp = {0x30,  0x39, 0, 80, 0, 0, 1, 0, 0, 0, 2, 0, static_cast<uint8_t>(offset << 4),
                              flags, 0x20, 0, 0,  0, 0, 0};
  tcp.resize(20 + payload, 'x');
  PacketBytes bytes = ipv4({.protocol = 6, .payload = tcp});
  const uint16_t pseudo = static_cast<uint16_t>(~hookline::internet_checksum(Bytes(bytes).subspan(12, 8)));
  uint32_t sum =
      pseudo + 6U + static_cast<uint32_t>(tcp.size()) + static_cast<uint16_t>(~hookline::internet_checksum(Bytes(tcp)));
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  store_be16(bytes.data() + 36, static_cast<uint16_t>(~sum));
  return bytes;
}

TEST(Reply, QuotesThePacketAsItIs) {
  const PacketBytes packet = ipv4({.ttl = 63, .tos = 0xff, .payload = kUdp});
  const PacketBytes reply = reply_to(packet, IPT_ICMP_PORT_UNREACHABLE, facts());
  ASSERT_EQ(reply.size(), 28 + packet.size());
  EXPECT_EQ(PacketBytes(reply.begin() + 28, reply.end()), packet);
  EXPECT_EQ(PacketBytes(reply.begin(), reply.begin() + 10),
            (PacketBytes{0x45, 0xde, 0, 60, 0, 0, 0, 0, 64, 1}));  // class: 0xff & 0x1e | 0xc0
  EXPECT_EQ(PacketBytes(reply.begin() + 12, reply.begin() + 20), (PacketBytes{10, 0, 0, 254, 10, 0, 0, 1}));
  EXPECT_EQ(PacketBytes(reply.begin() + 20, reply.begin() + 22), (PacketBytes{3, 3}));
  EXPECT_EQ(hookline::internet_checksum(Bytes(reply).first(20)), 0);
  EXPECT_EQ(hookline::internet_checksum(Bytes(reply).subspan(20)), 0);
}

TEST(Reply, QuotesNoMoreThanTheAnswerMayHold) {
  std::vector<uint8_t> payload = kUdp;
  payload.resize(1400);
  const PacketBytes packet = ipv4({.payload = payload});
  ReplyFacts known = facts();
  EXPECT_EQ(reply_to(packet, IPT_ICMP_PORT_UNREACHABLE, known).size(), 576U);
  known.mtu = 100;
  EXPECT_EQ(reply_to(packet, IPT_ICMP_PORT_UNREACHABLE, known).size(), 100U);
  known.mtu = 48;  // no room for more than the header of the packet
  EXPECT_TRUE(reply_to(packet, IPT_ICMP_PORT_UNREACHABLE, known).empty());
  payload.resize(2000);
  known.source = address({0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9});
  known.checksum_verified = true;
  EXPECT_EQ(reply_to(ipv6({.payload = payload}), IP6T_ICMP6_PORT_UNREACH, known).size(), 1280U);
}

TEST(Reply, WithoutAnAddressOnlyResetsAreSent) {
  EXPECT_TRUE(reply_to(ipv4({.payload = kUdp}), IPT_ICMP_PORT_UNREACHABLE, ReplyFacts{}).empty());
  EXPECT_EQ(reply_to(segment(0x10, 0), IPT_TCP_RESET, ReplyFacts{}).size(), 40U);
}

TEST(Reply, NoneToWhatWentToMany) {
  const PacketBytes packet = ipv4({.payload = kUdp});
  for (const PacketType type : {PacketType::kBroadcast, PacketType::kMulticast, PacketType::kOtherHost})
    EXPECT_TRUE(reply_to(packet, IPT_ICMP_PORT_UNREACHABLE, facts(), Hook::kInput, type).empty());
  ReplyFacts known = facts();
  known.to_broadcast = true;
  EXPECT_TRUE(reply_to(packet, IPT_ICMP_PORT_UNREACHABLE, known, Hook::kInput).empty());
  EXPECT_TRUE(reply_to(segment(0x02, 0), IPT_TCP_RESET, known, Hook::kInput).empty());
  for (const char* group : {"224.0.0.1", "239.255.255.255", "255.255.255.255"})
    EXPECT_TRUE(reply_to(ipv4({.destination = group, .payload = kUdp}), IPT_ICMP_PORT_UNREACHABLE, facts()).empty());
}

TEST(Reply, ChecksumsCount) {
  std::vector<uint8_t> udp = kUdp;
  udp[7] = 1;
  EXPECT_TRUE(reply_to(ipv4({.payload = udp}), IPT_ICMP_PORT_UNREACHABLE, facts()).empty());
  ReplyFacts known = facts();
  known.checksum_verified = true;
  EXPECT_FALSE(reply_to(ipv4({.payload = udp}), IPT_ICMP_PORT_UNREACHABLE, known).empty());
  // Nobody knows where protocol 99 would have a checksum, so all of it is summed, as ICMP is.
  EXPECT_TRUE(reply_to(ipv4({.protocol = 99, .payload = {0, 1}}), IPT_ICMP_PORT_UNREACHABLE, facts()).empty());
  EXPECT_FALSE(reply_to(ipv4({.protocol = 99, .payload = {0, 0}}), IPT_ICMP_PORT_UNREACHABLE, facts()).empty());
  EXPECT_FALSE(reply_to(ipv4({.protocol = 47, .payload = {0, 1}}), IPT_ICMP_PORT_UNREACHABLE, facts()).empty());
}

TEST(Reply, ResetsCountWhatTheyAnswer) {
  const auto number = [](const PacketBytes& reply, size_t at) { return load_be32(reply.data() + at); };
  PacketBytes reply = reply_to(segment(0x02, 3), IPT_TCP_RESET, {});  // SYN: one of its own, and three bytes
  EXPECT_EQ(number(reply, 24), 0U);
  EXPECT_EQ(number(reply, 28), 0x104U);
  EXPECT_EQ(reply[33], 0x14);
  EXPECT_EQ(reply[6], 0x40);
  reply = reply_to(segment(0x11, 3), IPT_TCP_RESET, {});  // FIN, ACK: its own number is asked for
  EXPECT_EQ(number(reply, 24), 0x200U);
  EXPECT_EQ(number(reply, 28), 0U);
  EXPECT_EQ(reply[33], 0x04);
  reply = reply_to(segment(0x01, 0, 15), IPT_TCP_RESET, {});  // an offset behind the end wraps around
  EXPECT_EQ(number(reply, 28), 0x101U - 40U);
  EXPECT_TRUE(reply_to(segment(0x04, 0), IPT_TCP_RESET, {}).empty());
  EXPECT_TRUE(reply_to(ipv4({.payload = kUdp}), IPT_TCP_RESET, {}).empty());
  EXPECT_TRUE(reply_to(ipv4({.protocol = 6, .fragment_field = 1, .payload = PacketBytes(20)}), IPT_TCP_RESET, {}).empty());
}

TEST(Reply, EchoesRecordedRouteAndTimeStamps) {
  // As the stack leaves them behind: each pointer has moved past the entry of this host.
  const std::vector<uint8_t> options = {7, 11, 8, 1, 2, 3, 4, 0, 0, 0, 0, 68, 12, 9, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0};
  ReplyFacts known = facts();
  known.checksum_verified = true;
  const PacketBytes packet = ipv4({.options = options, .payload = kUdp});
  const PacketBytes reply = reply_to(packet, IPT_ICMP_PORT_UNREACHABLE, known, Hook::kInput);
  ASSERT_EQ(reply[0], 0x4b);
  EXPECT_EQ(PacketBytes(reply.begin() + 20, reply.begin() + 44),
            (PacketBytes{7, 11, 12, 1, 2, 3, 4, 10, 0, 0, 254, 68, 12, 13, 0, 0, 0, 0, 1, 0, 0, 0, 5, 0}));
  EXPECT_EQ(reply.size(), 52 + packet.size());
  // Nobody has looked at the options of a packet of this host's own.
  EXPECT_EQ(reply_to(packet, IPT_ICMP_PORT_UNREACHABLE, known, Hook::kOutput)[0], 0x45);
}

TEST(Reply, Ipv6AddressesThatNobodyCanAnswer) {
  ReplyFacts known;
  known.source = address({0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9});
  known.checksum_verified = true;
  const auto answered = [&](const char* source, const char* destination, uint8_t with) {
    std::vector<uint8_t> tcp(20);
    tcp[12] = 0x50;
    return !reply_to(ipv6({.source = source, .destination = destination, .next_header = 6, .payload = tcp}), with, known)
                .empty();
  };
  for (const uint8_t with : {uint8_t{IP6T_ICMP6_NO_ROUTE}, uint8_t{IP6T_TCP_RESET}}) {
    EXPECT_TRUE(answered("2001:db8::1", "2001:db8::2", with));
    EXPECT_FALSE(answered("::", "2001:db8::2", with));
    EXPECT_FALSE(answered("2001:db8::1", "ff02::1", with));
  }
  EXPECT_FALSE(answered("::ffff:10.0.0.1", "2001:db8::2", IP6T_TCP_RESET));
}

}  // namespace
}  // namespace hookline::test
