// tests/unit/discard_test.cpp: what the stack drops and changes; every answer here was seen on a 6.18 kernel, with packets
// written to a TUN or TAP device of a scratch namespace.
#include "stack/discard.h"

#include <gtest/gtest.h>

#include "../support/packets.h"

namespace hookline {
namespace {

using test::ipv4;
using test::ipv6;
using test::PacketBytes;
using Options = std::vector<uint8_t>;

const InterfaceName kIn = InterfaceName::from("tin"), kOut = InterfaceName::from("tout"), kLo = InterfaceName::from("lo");

Discard received(PacketBytes bytes, PacketType type = PacketType::kHost, const InterfaceName& in = kIn) {
  Packet packet = test::as_packet(bytes, in);
  packet.type = type;
  return receive(packet);
}
Discard received_as(Family family, PacketBytes bytes) {
  Packet packet = test::as_packet(bytes, kIn);
  packet.family = family;
  return receive(packet);
}
uint32_t received_length(PacketBytes bytes) {
  Packet packet = test::as_packet(bytes, kIn);
  EXPECT_EQ(receive(packet), Discard::kNone);
  return packet.length;
}
Discard routed(PacketBytes bytes, const InterfaceName& in = kIn) {
  Packet packet = test::as_packet(bytes, in);
  EXPECT_EQ(receive(packet), Discard::kNone);
  return route(packet, 0);
}
Discard forwards(PacketBytes bytes, PacketType type = PacketType::kHost, const InterfaceName& out = kOut) {
  Packet packet = test::as_packet(bytes, kIn, out);
  packet.type = type;
  return forward(packet, 1500);
}
template <typename Change>
PacketBytes spoiled(PacketBytes packet, Change change) {
  change(packet);
  return packet;
}

TEST(ReceiveIpv4, EveryLengthBelowTheHeaderIsDropped) {
  const PacketBytes whole = ipv4({.options = {1, 1, 1, 0}});
  for (size_t size = 0; size <= whole.size(); ++size) {
    PacketBytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    Packet packet = test::as_packet(cut, kIn);
    packet.family = Family::kIpv4;
    EXPECT_EQ(receive(packet), size == whole.size() ? Discard::kNone : Discard::kHeader) << size;
  }
}

TEST(ReceiveIpv4, VersionHeaderLengthChecksumAndTotalLength) {
  EXPECT_EQ(received(ipv4({})), Discard::kNone);
  for (const int first : {0x44, 0x40, 0x95, 0x4f}) {
    EXPECT_EQ(received_as(Family::kIpv4, spoiled(ipv4({}), [&](PacketBytes& p) { p[0] = static_cast<uint8_t>(first); })),
              Discard::kHeader);
  }
  EXPECT_EQ(received_as(Family::kIpv4, ipv6({})), Discard::kHeader);
  EXPECT_EQ(received(spoiled(ipv4({}), [](PacketBytes& p) { p[10] ^= 1; })), Discard::kHeader);
  EXPECT_EQ(received(spoiled(ipv4({}),
                             [](PacketBytes& p) {
                               test::fix_ipv4(p);
                               p.pop_back();
                             })),
            Discard::kHeader);
  const auto with_total = [](uint16_t total) {
    PacketBytes p = ipv4({});
    store_be16(p.data() + 2, total);
    store_be16(p.data() + 10, 0);
    store_be16(p.data() + 10, test::internet_checksum(p.data(), 20));
    return p;
  };
  EXPECT_EQ(received(with_total(0)), Discard::kHeader);
  EXPECT_EQ(received(with_total(19)), Discard::kHeader);
  EXPECT_EQ(received_length(with_total(20)), 20U);
  EXPECT_EQ(received_length(with_total(28)), 28U);
  EXPECT_EQ(received(with_total(29)), Discard::kHeader);
}

TEST(ReceiveIpv4, PaddingIsTrimmed) {
  EXPECT_EQ(received_length(spoiled(ipv4({}), [](PacketBytes& p) { p.resize(60); })), 28U);
}

TEST(ReceiveIpv4, OnlyOtherHostsPacketsAreDroppedByType) {
  for (const PacketType type : {PacketType::kHost, PacketType::kBroadcast, PacketType::kMulticast}) {
    EXPECT_EQ(received(ipv4({}), type), Discard::kNone);
    EXPECT_EQ(received(ipv6({}), type), Discard::kNone);
  }
  EXPECT_EQ(received(ipv4({}), PacketType::kOtherHost), Discard::kPacketType);
  EXPECT_EQ(received(ipv6({}), PacketType::kOtherHost), Discard::kPacketType);
}

TEST(ReceiveIpv6, Lengths) {
  EXPECT_EQ(received_length(ipv6({})), 48U);
  EXPECT_EQ(received_length(spoiled(ipv6({}), [](PacketBytes& p) { p.resize(70); })), 48U);
  EXPECT_EQ(received(spoiled(ipv6({}), [](PacketBytes& p) { p.pop_back(); })), Discard::kHeader);
  EXPECT_EQ(received_length(ipv6({.payload = {}})), 40U);
  EXPECT_EQ(received_as(Family::kIpv6, spoiled(ipv6({.payload = {}}), [](PacketBytes& p) { p.pop_back(); })),
            Discard::kHeader);
  EXPECT_EQ(received_as(Family::kIpv6, ipv4({})), Discard::kHeader);
  // Payload length 0 trims everything, but in front of hop-by-hop options it may mean a jumbogram and trims nothing.
  EXPECT_EQ(received_length(spoiled(ipv6({}), [](PacketBytes& p) { p[4] = p[5] = 0; })), 40U);
  PacketBytes hop = ipv6({.next_header = 0, .payload = {17, 0, 1, 4, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8}});
  hop[4] = hop[5] = 0;
  EXPECT_EQ(received_length(hop), 56U);
}

TEST(ReceiveIpv6, Addresses) {
  for (const char* source : {"::", "::2", "::ffff:1.2.3.4", "::1.2.3.4", "fe80::1", "fec0::1", "fc00::1", "100::1"}) {
    EXPECT_EQ(received(ipv6({.source = source})), Discard::kNone) << source;
  }
  for (const char* source : {"::1", "ff02::1", "ff00::1", "ff0e::1"}) {
    EXPECT_EQ(received(ipv6({.source = source})), Discard::kHeader) << source;
  }
  for (const char* destination : {"::", "::2", "::ffff:1.2.3.4", "fe80::1", "ff02::1", "ff05::1", "ff12::1", "ff0e::1"}) {
    EXPECT_EQ(received(ipv6({.destination = destination})), Discard::kNone) << destination;
  }
  for (const char* destination : {"::1", "ff00::1", "ff10::1", "ff01::1", "ff11::1"}) {
    EXPECT_EQ(received(ipv6({.destination = destination})), Discard::kHeader) << destination;
  }
  EXPECT_EQ(received(ipv6({.source = "::1", .destination = "::1"}), PacketType::kHost, kLo), Discard::kNone);
  EXPECT_EQ(received(ipv6({.destination = "ff01::1"}), PacketType::kHost, kLo), Discard::kNone);
  EXPECT_EQ(received(ipv6({.destination = "ff00::1"}), PacketType::kHost, kLo), Discard::kHeader);
}

// A packet whose hop-by-hop header holds these options.
PacketBytes with_hop_options(const Options& options) {
  std::vector<uint8_t> payload = {17, static_cast<uint8_t>((2 + options.size()) / 8 - 1)};
  payload.insert(payload.end(), options.begin(), options.end());
  EXPECT_EQ(payload.size() % 8, 0U);
  for (const int byte : {0x12, 0x34, 0, 53, 0, 8, 0, 0}) payload.push_back(static_cast<uint8_t>(byte));
  return ipv6({.next_header = 0, .payload = payload});
}

TEST(ReceiveIpv6, HopByHopOptionsThatPass) {
  const std::vector<Options> good = {
      {1, 4, 0, 0, 0, 0},                             // PADN
      {0, 0, 0, 0, 0, 0},                             // six PAD1
      {1, 3, 0, 0, 0, 0},                             // PADN and PAD1
      {0, 0, 0, 0, 0, 0, 0x1e, 6, 0, 0, 0, 0, 0, 0},  // padding is counted from option to option
      {1, 5, 0, 0, 0, 0, 0, 0x1e, 5, 0, 0, 0, 0, 0},  // seven bytes of it
      {5, 2, 0, 0, 0, 0},                             // router alert
      {0x1e, 4, 0, 0, 0, 0},                          // unknown, may be skipped
      {0x1e, 0, 0x1e, 0, 0x1e, 0, 0x1e, 0, 0x1e, 0, 0x1e, 0, 0x1e, 0, 0x1e, 0, 1, 4, 0, 0, 0, 0},  // eight options
      {0, 0, 0x31, 2, 0, 0},                                                                       // IOAM, aligned
  };
  for (const Options& options : good)
    EXPECT_EQ(received(with_hop_options(options)), Discard::kNone) << &options - good.data();
}

TEST(ReceiveIpv6, HopByHopOptionsThatDrop) {
  const std::vector<Options> bad = {
      {1, 4, 0, 1, 0, 0},                             // PADN that is not zero
      {1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},    // fourteen bytes of padding
      {1, 6, 0, 0, 0, 0, 0, 0, 0x1e, 4, 0, 0, 0, 0},  // eight
      {5, 4, 0, 0, 0, 0},                             // router alert of four bytes
      {0x5e, 4, 0, 0, 0, 0},                          // unknown, drop
      {0x9e, 4, 0, 0, 0, 0},                          // unknown, drop and tell
      {0xde, 4, 0, 0, 0, 0},                          // likewise, unless multicast
      {0x1e, 5, 0, 0, 0, 0},                          // longer than the header
      {0x1e, 3, 0, 0, 0, 0x1e},                       // a type without length
      {0x1e, 0, 0x1e, 0, 0x1e, 0, 0x1e, 0, 0x1e, 0, 0x1e, 0, 0x1e, 0, 0x1e, 0, 0x1e, 0, 1, 2, 0, 0},  // nine options
      {0x31, 2, 0, 0, 0, 0},                                                                          // IOAM, not aligned
      {7, 4, 0, 0, 0, 0},                                                                             // CALIPSO, too short
      {7, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},  // CALIPSO, no such label
      {0xc2, 4, 0, 1, 0, 0},                        // jumbo beside a payload length
  };
  for (const Options& options : bad)
    EXPECT_EQ(received(with_hop_options(options)), Discard::kHeader) << &options - bad.data();
  EXPECT_EQ(received(ipv6({.next_header = 0, .payload = {}})), Discard::kHeader);
  EXPECT_EQ(received(ipv6({.next_header = 0, .payload = {17, 1, 1, 4, 0, 0, 0, 0}})), Discard::kHeader);
  // Behind another header they are not the stack's business.
  EXPECT_EQ(received(ipv6({.next_header = 60, .payload = {0, 0, 1, 4, 0, 0, 0, 0, 17, 0, 0xde, 4, 0, 0, 0, 0}})),
            Discard::kNone);
}

TEST(ReceiveIpv6, Jumbograms) {
  const auto jumbo = [](uint32_t claimed, size_t payload) {
    PacketBytes p = with_hop_options({0xc2, 4, 0, 0, 0, 0});
    store_be32(p.data() + 44, claimed);
    p[4] = p[5] = 0;
    p.resize(40 + payload);
    return p;
  };
  EXPECT_EQ(received_length(jumbo(65536, 65536)), 65576U);
  EXPECT_EQ(received_length(jumbo(65536, 65600)), 65576U);  // trimmed
  EXPECT_EQ(received(jumbo(65536, 65535)), Discard::kHeader);
  EXPECT_EQ(received(jumbo(65535, 65600)), Discard::kHeader);
  EXPECT_EQ(received(jumbo(16, 16)), Discard::kHeader);
}

TEST(RouteIpv4, SourcesThatCannotComeFromAWire) {
  for (const char* source : {"0.0.0.0", "127.0.0.1", "127.0.0.2", "224.0.0.1", "239.1.1.1", "255.255.255.255"}) {
    EXPECT_EQ(routed(ipv4({.source = source})), Discard::kMartian) << source;
  }
  for (const char* source : {"0.1.2.3", "240.0.0.1", "255.255.255.254", "10.0.0.255", "10.0.0.0"}) {
    EXPECT_EQ(routed(ipv4({.source = source})), Discard::kNone) << source;
  }
}

TEST(RouteIpv4, DestinationsThatCannotComeFromAWire) {
  for (const char* destination : {"0.0.0.0", "127.0.0.1", "127.0.0.2"}) {
    EXPECT_EQ(routed(ipv4({.destination = destination})), Discard::kMartian) << destination;
  }
  for (const char* destination : {"0.1.2.3", "224.0.0.1", "240.0.0.1", "255.255.255.255", "255.255.255.254"}) {
    EXPECT_EQ(routed(ipv4({.destination = destination})), Discard::kNone) << destination;
  }
}

TEST(RouteIpv4, BroadcastAndMulticastDestinationsAllowOtherSources) {
  const auto pair = [](const char* source, const char* destination, uint8_t protocol = 17) {
    return routed(ipv4({.source = source, .destination = destination, .protocol = protocol}));
  };
  EXPECT_EQ(pair("0.0.0.0", "255.255.255.255"), Discard::kNone);  // DHCP
  EXPECT_EQ(pair("0.0.0.0", "0.0.0.0"), Discard::kNone);
  EXPECT_EQ(pair("127.0.0.2", "255.255.255.255"), Discard::kNone);
  EXPECT_EQ(pair("127.0.0.1", "255.255.255.255"), Discard::kMartian);
  EXPECT_EQ(pair("224.0.0.1", "255.255.255.255"), Discard::kMartian);
  EXPECT_EQ(pair("0.0.0.0", "224.0.0.1"), Discard::kNone);
  EXPECT_EQ(pair("0.0.0.0", "239.1.1.1"), Discard::kMartian);
  EXPECT_EQ(pair("0.0.0.0", "239.1.1.1", 2), Discard::kNone);  // IGMP
  EXPECT_EQ(pair("127.0.0.2", "224.0.0.1"), Discard::kMartian);
  EXPECT_EQ(pair("255.255.255.255", "224.0.0.1"), Discard::kMartian);
}

TEST(RouteIpv4, LoopbackDeviceIsExempt) {
  EXPECT_EQ(routed(ipv4({.source = "127.0.0.1", .destination = "127.0.0.1"}), kLo), Discard::kNone);
}

Discard routed_options(Options options) {
  while (options.size() % 4 != 0) options.push_back(0);
  return routed(ipv4({.options = options}));
}

TEST(RouteIpv4, OptionsThatPass) {
  const std::vector<Options> good = {
      {1, 1, 1, 1},
      {0, 0, 0, 0},
      {0, 1, 2, 3},
      {7, 7, 4, 0, 0, 0, 0},  // record route
      {7, 7, 8, 0, 0, 0, 0},  // full
      {7, 7, 9, 0, 0, 0, 0},
      {7, 3, 4},
      {0x44, 8, 5, 0, 0, 0, 0, 0},                   // time stamp
      {0x44, 8, 9, 0, 0, 0, 0, 0},                   // full: counts the overflow
      {0x44, 12, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0},      // with address
      {0x44, 12, 5, 3, 10, 0, 1, 7, 0, 0, 0, 0},     // for a host named
      {0x44, 12, 5, 2, 0, 0, 0, 0, 0, 0, 0, 0},      // unknown kind
      {0x44, 12, 13, 0xf3, 0, 0, 0, 0, 0, 0, 0, 0},  // full, overflow does not matter
      {0x44, 4, 5, 0},
      {0x94, 4, 0, 0},  // router alert
      {0x94, 4, 0, 1},
      {0x94, 4, 0, 0, 0x94, 4, 0, 0},
      {0x82, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0},  // security
      {0x82, 2},
      {0x99, 4, 0, 0},  // unknown
      {0x1f, 2},
  };
  for (const Options& options : good) EXPECT_EQ(routed_options(options), Discard::kNone) << &options - good.data();
}

TEST(RouteIpv4, OptionsThatDrop) {
  const std::vector<Options> bad = {
      {7, 1},
      {7, 0},
      {7, 5, 4, 0},  // longer than the header
      {1, 1, 1, 7},  // no length byte
      {1, 1, 1, 0x99},
      {7, 7, 3, 0, 0, 0, 0},  // pointer below the first slot
      {7, 7, 5, 0, 0, 0, 0},  // no room behind the pointer
      {7, 2},
      {7, 3, 4, 7, 3, 4},         // twice
      {0x83, 7, 4, 10, 0, 0, 1},  // source routes
      {0x89, 7, 4, 10, 0, 0, 1},
      {0x83, 7, 8, 10, 0, 0, 1},
      {0x83, 3, 4},
      {0x44, 8, 4, 0, 0, 0, 0, 0},
      {0x44, 8, 6, 0, 0, 0, 0, 0},
      {0x44, 8, 9, 0xf0, 0, 0, 0, 0},  // overflow counter is full
      {0x44, 8, 5, 1, 0, 0, 0, 0},     // no room for an address
      {0x44, 3, 5},
      {0x44, 4, 5, 0, 0x44, 4, 5, 0},
      {0x94, 3, 0},
      {0x86, 10, 0, 0, 0, 1, 1, 4, 0, 1},  // CIPSO
      {0x86, 6, 0, 0, 0, 1},
  };
  for (const Options& options : bad) EXPECT_EQ(routed_options(options), Discard::kOptions) << &options - bad.data();
}

TEST(Forward, OptionsAreRewrittenAndTheChecksumFollows) {
  PacketBytes bytes = ipv4({.options = {0, 1, 2, 3}});
  Packet packet = test::as_packet(bytes, kIn, kOut);
  ASSERT_EQ(receive(packet), Discard::kNone);
  ASSERT_EQ(route(packet, 0), Discard::kNone);
  ASSERT_EQ(forward(packet, 1500), Discard::kNone);
  forwarded(packet);
  EXPECT_EQ(PacketBytes(bytes.begin() + 20, bytes.begin() + 24), PacketBytes(4));
  EXPECT_EQ(bytes[8], 63);
  EXPECT_EQ(test::internet_checksum(bytes.data(), 24), 0);

  bytes = ipv4({.options = {0x44, 8, 5, 0, 0, 0, 0, 0}});
  packet = test::as_packet(bytes, kIn, kOut);
  ASSERT_EQ(route(packet, (86'400ULL * 3 + 2) * 1'000'000'000), Discard::kNone);
  EXPECT_EQ(PacketBytes(bytes.begin() + 20, bytes.begin() + 28), (PacketBytes{0x44, 8, 9, 0, 0, 0, 0x07, 0xd0}));
}

TEST(Forward, TtlAndHopLimit) {
  for (const uint8_t ttl : {uint8_t{0}, uint8_t{1}}) {
    EXPECT_EQ(forwards(ipv4({.ttl = ttl})), Discard::kTtl);
    EXPECT_EQ(forwards(ipv6({.hop_limit = ttl})), Discard::kTtl);
  }
  EXPECT_EQ(forwards(ipv4({.ttl = 2})), Discard::kNone);
  EXPECT_EQ(forwards(ipv6({.hop_limit = 2})), Discard::kNone);
}

TEST(Forward, ChecksumStaysTrueForEveryTtlAndId) {
  for (unsigned id = 0; id < 65536; id += 97) {
    for (const int hops : {2, 3, 64, 128, 255}) {
      const auto ttl = static_cast<uint8_t>(hops);
      PacketBytes bytes = ipv4({.ttl = ttl, .id = static_cast<uint16_t>(id)});
      Packet packet = test::as_packet(bytes, kIn, kOut);
      ASSERT_EQ(forward(packet, 1500), Discard::kNone);
      ASSERT_EQ(bytes[8], ttl - 1);
      ASSERT_EQ(test::internet_checksum(bytes.data(), 20), 0) << id << " " << unsigned{ttl};
    }
  }
}

TEST(Forward, SizeAgainstTheMtu) {
  const auto of_size = [](size_t size, uint16_t fragment_field) {
    return ipv4({.fragment_field = fragment_field, .payload = std::vector<uint8_t>(size - 20)});
  };
  EXPECT_EQ(forwards(of_size(1500, 0x4000)), Discard::kNone);
  EXPECT_EQ(forwards(of_size(1501, 0x4000)), Discard::kTooBig);
  EXPECT_EQ(forwards(of_size(1501, 0)), Discard::kNone);
  EXPECT_EQ(forwards(ipv6({.payload = std::vector<uint8_t>(1460)})), Discard::kNone);
  EXPECT_EQ(forwards(ipv6({.payload = std::vector<uint8_t>(1461)})), Discard::kTooBig);
  PacketBytes bytes = ipv6({.payload = std::vector<uint8_t>(1240)});
  Packet packet = test::as_packet(bytes, kIn, kOut);
  EXPECT_EQ(forward(packet, 600), Discard::kNone);  // IPv6 never goes below 1280
}

TEST(Forward, FramesForEverybodyAreNotForwarded) {
  for (const PacketType type : {PacketType::kBroadcast, PacketType::kMulticast}) {
    EXPECT_EQ(forwards(ipv4({}), type), Discard::kPacketType);
    EXPECT_EQ(forwards(ipv6({}), type), Discard::kPacketType);
  }
}

TEST(Forward, Ipv6SourcesThatStayOnTheirLink) {
  for (const char* source : {"::", "fe80::1", "febf::1"}) {
    EXPECT_EQ(forwards(ipv6({.source = source})), Discard::kMartian) << source;
    EXPECT_EQ(forwards(ipv6({.source = source}), PacketType::kHost, kIn), Discard::kNone) << source;
  }
  for (const char* source : {"fec0::1", "fc00::1", "fe00::1", "::2"}) {
    EXPECT_EQ(forwards(ipv6({.source = source})), Discard::kNone) << source;
  }
}

}  // namespace
}  // namespace hookline
