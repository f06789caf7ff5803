// tests/unit/pcap_test.cpp: every format and link type that the capture reader takes, and what it says about broken files.
#include <gtest/gtest.h>

#include "../support/packets.h"
#include "../support/pcap_writer.h"
#include "capture/pcap_reader.h"

namespace hookline {
namespace {

using test::PcapngWriter;
using test::PcapWriter;
using test::TemporaryFile;
using Bytes8 = std::vector<uint8_t>;
using Kind = CapturedPacket::Kind;

struct Read {
  std::vector<CapturedPacket> packets;  // `ip` and `source_mac` are emptied
  std::vector<Bytes8> ip, source_mac;
  std::string error;  // of the first failure
  ProblemKind kind{};
};

Read read(const Bytes8& file) {
  const TemporaryFile temporary(file);
  Read result;
  auto reader = PcapReader::open(temporary.path());
  const auto failed = [&](const Problems& problems) {
    result.error = problems.front().text().substr(temporary.path().size());
    result.kind = problems.front().kind;
    return result;
  };
  if (!reader) return failed(reader.error());
  for (;;) {
    auto packet = reader->next();
    if (!packet) return failed(packet.error());
    if (!*packet) return result;
    result.ip.emplace_back((*packet)->ip.begin(), (*packet)->ip.end());
    const uint8_t* mac = (*packet)->source_mac;
    result.source_mac.push_back(mac == nullptr ? Bytes8{} : Bytes8(mac, mac + kMacBytes));
    result.packets.push_back(**packet);
    result.packets.back().ip = {};
    result.packets.back().source_mac = nullptr;
  }
}

Bytes8 joined(std::initializer_list<Bytes8> parts) {
  Bytes8 all;
  for (const Bytes8& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}
Bytes8 mac_header(uint8_t first, uint16_t type) {
  const uint8_t rest = first == 0xff ? 0xff : 0;
  return {
      first, rest, rest, rest, rest, rest, 2, 0, 0, 0, 0, 9, static_cast<uint8_t>(type >> 8), static_cast<uint8_t>(type)};
}

TEST(Pcap, BothByteOrdersAndResolutions) {
  for (const bool big_endian : {false, true}) {
    for (const bool nanoseconds : {false, true}) {
      PcapWriter writer({.big_endian = big_endian, .nanoseconds = nanoseconds, .link_type = 101});
      writer.packet(test::ipv4({}), 1700000000, 123456);
      writer.packet(test::ipv6({}), 5, 7);
      const Read result = read(writer.bytes());
      ASSERT_EQ(result.error, "");
      ASSERT_EQ(result.packets.size(), 2U);
      EXPECT_EQ(result.packets[0].time_ns, 1700000000'000000000U + 123456U * (nanoseconds ? 1 : 1000));
      EXPECT_EQ(result.packets[1].time_ns, 5'000000000U + 7U * (nanoseconds ? 1 : 1000));
      EXPECT_EQ(result.packets[0].number, 1U);
      EXPECT_EQ(result.packets[1].number, 2U);
      EXPECT_EQ(result.ip[0], test::ipv4({}));
      EXPECT_EQ(result.ip[1], test::ipv6({}));
      EXPECT_FALSE(result.packets[0].family.has_value());
    }
  }
}

TEST(Pcap, Pcapng) {
  for (const uint8_t resolution : {uint8_t{6}, uint8_t{9}}) {
    PcapngWriter writer(1, resolution);
    writer.packet(joined({mac_header(2, 0x800), test::ipv4({})}), 42'000'000'001);
    const Read result = read(writer.bytes());
    ASSERT_EQ(result.error, "");
    ASSERT_EQ(result.packets.size(), 1U);
    EXPECT_EQ(result.packets[0].time_ns, resolution == 9 ? 42'000'000'001U : 42'000'000'001'000U);
    EXPECT_EQ(result.ip[0], test::ipv4({}));
  }
}

CapturedPacket one(uint32_t link_type, const Bytes8& frame, Bytes8* ip = nullptr, Bytes8* source_mac = nullptr) {
  PcapWriter writer({.link_type = link_type});
  writer.packet(frame);
  const Read result = read(writer.bytes());
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.packets.size(), 1U);
  if (result.packets.empty()) return {};
  if (ip != nullptr) *ip = result.ip[0];
  if (source_mac != nullptr) *source_mac = result.source_mac[0];
  return result.packets[0];
}

TEST(Pcap, EthernetTypeByDestination) {
  const auto type = [](uint8_t first) { return one(1, joined({mac_header(first, 0x800), test::ipv4({})})).type; };
  EXPECT_EQ(type(0x02), PacketType::kHost);
  EXPECT_EQ(type(0x01), PacketType::kMulticast);
  EXPECT_EQ(type(0x33), PacketType::kMulticast);
  EXPECT_EQ(type(0xff), PacketType::kBroadcast);
}

TEST(Pcap, EthernetProtocols) {
  Bytes8 ip;
  CapturedPacket packet = one(1, joined({mac_header(2, 0x800), test::ipv4({})}), &ip);
  EXPECT_EQ(packet.kind, Kind::kIp);
  EXPECT_EQ(packet.family, Family::kIpv4);
  EXPECT_TRUE(packet.ethernet);
  EXPECT_EQ(ip, test::ipv4({}));
  packet = one(1, joined({mac_header(2, 0x86dd), test::ipv6({})}), &ip);
  EXPECT_EQ(packet.family, Family::kIpv6);
  EXPECT_EQ(ip, test::ipv6({}));
  EXPECT_EQ(one(1, joined({mac_header(2, 0x806), Bytes8(28)})).kind, Kind::kNotIp);
  EXPECT_EQ(one(1, joined({mac_header(2, 0x8100), {0, 5, 8, 0}, test::ipv4({})})).kind, Kind::kNotIp);
  EXPECT_EQ(one(1, joined({mac_header(2, 0x88a8), {0, 5, 8, 0}, test::ipv4({})})).kind, Kind::kNotIp);
  EXPECT_EQ(one(1, joined({mac_header(2, 0x0040), test::ipv4({})})).kind, Kind::kNotIp);  // an 802.3 length
  EXPECT_EQ(one(1, Bytes8(13)).kind, Kind::kRunt);
  packet = one(1, mac_header(2, 0x800), &ip);
  EXPECT_EQ(packet.kind, Kind::kIp);
  EXPECT_TRUE(ip.empty());
}

TEST(Pcap, RawIp) {
  Bytes8 ip;
  EXPECT_EQ(one(228, test::ipv4({}), &ip).family, Family::kIpv4);
  EXPECT_EQ(ip, test::ipv4({}));
  EXPECT_EQ(one(229, test::ipv6({}), &ip).family, Family::kIpv6);
  EXPECT_EQ(ip, test::ipv6({}));
  const CapturedPacket packet = one(101, test::ipv4({}));
  EXPECT_EQ(packet.type, PacketType::kHost);
  EXPECT_FALSE(packet.ethernet);
}

TEST(Pcap, LinuxCooked) {
  for (uint8_t type = 0; type <= 4; ++type) {
    const Bytes8 sll = {0, type, 0, 1, 0, 6, 2, 0, 0, 0, 0, 9, 0, 0, 8, 0};
    Bytes8 ip;
    CapturedPacket packet = one(113, joined({sll, test::ipv4({})}), &ip);
    EXPECT_EQ(static_cast<uint8_t>(packet.type), type);
    EXPECT_EQ(packet.family, Family::kIpv4);
    EXPECT_EQ(ip, test::ipv4({}));
    const Bytes8 sll2 = {0x86, 0xdd, 0, 0, 0, 0, 0, 3, 0, 1, type, 6, 2, 0, 0, 0, 0, 9, 0, 0};
    packet = one(276, joined({sll2, test::ipv6({})}), &ip);
    EXPECT_EQ(static_cast<uint8_t>(packet.type), type);
    EXPECT_EQ(packet.family, Family::kIpv6);
    EXPECT_EQ(ip, test::ipv6({}));
  }
  EXPECT_EQ(one(113, joined({{0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 9, 0, 0, 8, 6}, Bytes8(28)})).kind, Kind::kNotIp);
  EXPECT_EQ(one(113, Bytes8(15)).kind, Kind::kRunt);
  EXPECT_EQ(one(276, Bytes8(19)).kind, Kind::kRunt);
}

TEST(Pcap, SourceAddress) {
  const auto source = [](uint32_t link_type, const Bytes8& frame) {
    Bytes8 mac = {1};
    one(link_type, frame, nullptr, &mac);
    return mac;
  };
  const Bytes8 expected = {2, 0, 0, 0, 0, 9};
  EXPECT_EQ(source(1, joined({mac_header(2, 0x800), test::ipv4({})})), expected);
  EXPECT_EQ(source(1, joined({mac_header(0xff, 0x86dd), test::ipv6({})})), expected);
  EXPECT_EQ(source(1, Bytes8(13)), Bytes8{});
  EXPECT_EQ(source(101, test::ipv4({})), Bytes8{});
  EXPECT_EQ(source(228, test::ipv4({})), Bytes8{});
  // Cooked: of an Ethernet device (1), with an address of six bytes.
  const auto cooked = [&](uint8_t device, uint8_t length) {
    return source(113, joined({{0, 0, 0, device, 0, length, 2, 0, 0, 0, 0, 9, 0, 0, 8, 0}, test::ipv4({})}));
  };
  const auto cooked2 = [&](uint8_t device, uint8_t length) {
    return source(276, joined({{8, 0, 0, 0, 0, 0, 0, 3, 0, device, 0, length, 2, 0, 0, 0, 0, 9, 0, 0}, test::ipv4({})}));
  };
  EXPECT_EQ(cooked(1, 6), expected);
  EXPECT_EQ(cooked2(1, 6), expected);
  EXPECT_EQ(cooked(1, 0), Bytes8{});
  EXPECT_EQ(cooked2(1, 8), Bytes8{});
  EXPECT_EQ(cooked(2, 6), Bytes8{});
  EXPECT_EQ(cooked2(2, 6), Bytes8{});
}

TEST(Pcap, EmptyRecordsAndFilesWithoutPackets) {
  Bytes8 ip;
  EXPECT_EQ(one(101, {}, &ip).kind, Kind::kIp);
  EXPECT_TRUE(ip.empty());
  EXPECT_TRUE(read(PcapWriter({.link_type = 101}).bytes()).packets.empty());
}

TEST(PcapRefusals, FilesThatAreNoCapture) {
  for (const Bytes8& file : {Bytes8{}, Bytes8{1, 2, 3}, Bytes8(24), Bytes8(200, 0x41)}) {
    const Read result = read(file);
    EXPECT_NE(result.error, "");
    EXPECT_EQ(result.kind, ProblemKind::kInput);
  }
  const auto missing = PcapReader::open("/no/such/file.pcap");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().front().kind, ProblemKind::kSystem);
}

TEST(PcapRefusals, UnknownLinkTypeIsNamed) {
  const Read result = read(PcapWriter({.link_type = 105}).bytes());
  EXPECT_EQ(result.error, ": link type 105 (IEEE802_11), expected Ethernet, raw IP or Linux cooked");
  EXPECT_EQ(result.kind, ProblemKind::kInput);
  EXPECT_NE(read(PcapWriter({.link_type = 9999}).bytes()).error.find("9999"), std::string::npos);
}

TEST(PcapRefusals, RecordsShorterThanThePacketNameIt) {
  PcapWriter writer({.link_type = 101});
  writer.packet(test::ipv4({}));
  writer.packet(test::ipv4({}), 0, 0, 100);
  const Read result = read(writer.bytes());
  EXPECT_EQ(result.packets.size(), 1U);
  EXPECT_EQ(result.error, ": packet 2: 28 bytes captured of 100, expected the whole packet");
  EXPECT_EQ(result.kind, ProblemKind::kInput);
}

TEST(PcapRefusals, EveryCutIsAnErrorUnlessItIsARecordsEnd) {
  PcapWriter writer({.link_type = 101});
  writer.packet(test::ipv4({}));
  writer.packet(test::ipv4({}));
  const Bytes8 whole = writer.bytes();
  for (size_t size = 0; size <= whole.size(); ++size) {
    const Read result = read({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
    const bool boundary = size == 24 || size == 24 + 16 + 28 || size == whole.size();
    EXPECT_EQ(result.error.empty(), boundary) << size << " " << result.error;
    EXPECT_EQ(result.packets.size(), size < 24 + 44 ? 0U : size < whole.size() ? 1U : 2U) << size;
  }
}

TEST(PcapRefusals, AbsurdLengths) {
  for (const uint32_t captured : {0x7fffffffU, 0xffffffffU, 300000U}) {
    PcapWriter writer({.link_type = 101});
    writer.packet(test::ipv4({}));
    writer.record_header(captured, captured);
    const Read result = read(writer.bytes());
    EXPECT_EQ(result.packets.size(), 1U);
    EXPECT_NE(result.error.find("packet 2"), std::string::npos) << result.error;
    EXPECT_EQ(result.kind, ProblemKind::kInput);
  }
  // More than the file's own snap length, and nothing lost: libpcap would cut it.
  PcapWriter writer({.link_type = 101, .snap_length = 20});
  writer.packet(test::ipv4({}));
  EXPECT_NE(read(writer.bytes()).error.find("packet 1"), std::string::npos);
}

TEST(PcapRefusals, CutPcapng) {
  PcapngWriter writer(101, 9);
  writer.packet(test::ipv4({}), 1);
  const Bytes8 whole = writer.bytes();
  const Read result = read({whole.begin(), whole.end() - 5});
  EXPECT_TRUE(result.packets.empty());
  EXPECT_NE(result.error.find("packet 1"), std::string::npos);
}

}  // namespace
}  // namespace hookline
