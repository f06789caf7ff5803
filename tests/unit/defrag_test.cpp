// tests/unit/defrag_test.cpp: IPv4 reassembly; the answers were seen on a 6.18 kernel, with fragments written to a TUN
// device.
#include <gtest/gtest.h>

#include <array>

#include "../support/packets.h"
#include "stack/reassembly.h"

namespace hookline {
namespace {

using test::Ipv4Spec;
using test::PacketBytes;

constexpr uint16_t kMore = 0x2000, kDf = 0x4000;
constexpr uint64_t kSecond = 1'000'000'000;

// A reassembler and the letters of its answers: w waiting, d dropped, C complete.
class Defrag : public ::testing::Test {
 protected:
  // A fragment of `size` bytes at `offset`, which must be a multiple of 8; every byte of it is `fill`.
  char add(uint32_t offset, uint32_t size, uint16_t flags, uint8_t fill = 'a', Ipv4Spec spec = {}) {
    spec.fragment_field = static_cast<uint16_t>(flags | offset / 8);
    spec.payload.assign(size, fill);
    PacketBytes bytes = test::ipv4(spec);
    packet_ = test::as_packet(bytes);
    packet_.mark = fill;
    const std::array<uint8_t, kMacBytes> mac = {2, 0, 0, 0, 0, fill};
    if (fill != 'n') packet_.source_mac = mac.data();
    switch (reassembly_.add(packet_, now_, whole_)) {
      case Ipv4Reassembly::Answer::kWaiting:
        return 'w';
      case Ipv4Reassembly::Answer::kDropped:
        return 'd';
      case Ipv4Reassembly::Answer::kComplete:
        return 'C';
    }
    return '?';
  }
  [[nodiscard]] std::string payload() const {
    const size_t header = (whole_[0] & 0xfU) * 4;
    return {whole_.begin() + static_cast<std::ptrdiff_t>(header), whole_.end()};
  }

  Ipv4Reassembly reassembly_;
  Packet packet_;
  std::vector<uint8_t> whole_;
  uint64_t now_ = 100 * kSecond;
};

TEST_F(Defrag, InOrder) {
  EXPECT_EQ(add(0, 8, kMore, 'a'), 'w');
  EXPECT_EQ(add(8, 5, 0, 'b'), 'C');
  EXPECT_EQ(payload(), "aaaaaaaabbbbb");
  EXPECT_EQ(packet_.length, 33U);
  EXPECT_EQ(packet_.data, whole_.data());
  EXPECT_EQ(packet_.mark, 'a');  // of the first fragment
  EXPECT_EQ(load_be16(whole_.data() + 2), 33);
  EXPECT_EQ(load_be16(whole_.data() + 6), 0);
  EXPECT_EQ(test::internet_checksum(whole_.data(), 20), 0);
}

TEST_F(Defrag, AnyOrder) {
  EXPECT_EQ(add(16, 3, 0, 'c'), 'w');
  EXPECT_EQ(add(0, 8, kMore, 'a'), 'w');
  EXPECT_EQ(add(8, 8, kMore, 'b'), 'C');
  EXPECT_EQ(payload(), "aaaaaaaabbbbbbbbccc");
  EXPECT_EQ(packet_.mark, 'a');
}

TEST_F(Defrag, FrameIsThatOfTheFirstFragment) {
  EXPECT_EQ(add(8, 8, 0, 'b'), 'w');
  EXPECT_EQ(add(0, 8, kMore, 'a'), 'C');
  ASSERT_NE(packet_.source_mac, nullptr);
  EXPECT_EQ(packet_.source_mac[5], 'a');
  EXPECT_EQ(add(0, 8, kMore, 'c'), 'w');
  EXPECT_EQ(add(8, 8, 0, 'n'), 'C');
  ASSERT_NE(packet_.source_mac, nullptr);
  EXPECT_EQ(packet_.source_mac[5], 'c');
  EXPECT_EQ(add(0, 8, kMore, 'n'), 'w');  // came in by a device without frames
  EXPECT_EQ(add(8, 8, 0, 'b'), 'C');
  EXPECT_EQ(packet_.source_mac, nullptr);
}

TEST_F(Defrag, KeyIsAddressesIdAndProtocol) {
  EXPECT_EQ(add(0, 8, kMore), 'w');
  EXPECT_EQ(add(8, 8, 0, 'a', {.id = 2}), 'w');
  EXPECT_EQ(add(8, 8, 0, 'a', {.protocol = 6}), 'w');
  EXPECT_EQ(add(8, 8, 0, 'a', {.source = "10.0.0.2"}), 'w');
  EXPECT_EQ(add(8, 8, 0, 'a', {.destination = "10.0.1.2"}), 'w');
  EXPECT_EQ(add(8, 8, 0), 'C');
}

TEST_F(Defrag, HeaderIsThatOfTheFirstFragment) {
  EXPECT_EQ(add(8, 8, 0, 'b', {.ttl = 9, .tos = 0x20}), 'w');
  EXPECT_EQ(add(0, 8, kMore, 'a', {.ttl = 7, .tos = 0x40, .options = {1, 1, 1, 0}}), 'C');
  EXPECT_EQ(packet_.length, 24U + 16);
  EXPECT_EQ(whole_[8], 7);
  EXPECT_EQ(whole_[1], 0x40);
  EXPECT_EQ(payload(), "aaaaaaaabbbbbbbb");
}

TEST_F(Defrag, DuplicatesAreIgnoredAndTheFirstDataWins) {
  EXPECT_EQ(add(0, 16, kMore, 'a'), 'w');
  EXPECT_EQ(add(0, 16, kMore, 'x'), 'd');
  EXPECT_EQ(add(8, 8, kMore, 'x'), 'd');
  EXPECT_EQ(add(16, 4, 0, 'b'), 'C');
  EXPECT_EQ(payload(), "aaaaaaaaaaaaaaaabbbb");
}

TEST_F(Defrag, FragmentInsideContiguousDataOfTwoIsADuplicate) {
  EXPECT_EQ(add(0, 8, kMore, 'a'), 'w');
  EXPECT_EQ(add(8, 8, kMore, 'b'), 'w');  // lengthens the run
  EXPECT_EQ(add(0, 16, kMore, 'x'), 'd');
  EXPECT_EQ(add(16, 4, 0, 'c'), 'C');
}

TEST_F(Defrag, OverlapKillsTheQueue) {
  EXPECT_EQ(add(0, 16, kMore), 'w');
  EXPECT_EQ(add(8, 16, kMore), 'd');
  EXPECT_EQ(add(24, 8, 0), 'w');  // a new queue
  EXPECT_EQ(add(0, 16, kMore), 'w');
  EXPECT_EQ(add(16, 8, kMore), 'C');
}

TEST_F(Defrag, FragmentAcrossTwoRunsThatTouchIsAnOverlap) {
  EXPECT_EQ(add(16, 8, kMore), 'w');
  EXPECT_EQ(add(0, 8, kMore), 'w');
  EXPECT_EQ(add(8, 8, kMore), 'w');   // fills the hole: a run of its own
  EXPECT_EQ(add(0, 16, kMore), 'd');  // kills
  EXPECT_EQ(add(24, 8, 0), 'w');
}

TEST_F(Defrag, ConflictingEndsKillTheQueue) {
  EXPECT_EQ(add(8, 8, 0), 'w');
  EXPECT_EQ(add(16, 8, kMore), 'd');  // beyond the known end
  EXPECT_EQ(add(8, 8, 0), 'w');
  EXPECT_EQ(add(8, 4, 0), 'd');  // another end
  EXPECT_EQ(add(24, 8, kMore), 'w');
  EXPECT_EQ(add(8, 8, 0), 'd');  // ends before data already here
}

TEST_F(Defrag, EmptyPayloadKillsTheQueue) {
  EXPECT_EQ(add(8, 8, 0), 'w');
  EXPECT_EQ(add(8, 0, kMore), 'd');
  EXPECT_EQ(add(0, 8, kMore), 'w');   // the last fragment is gone
  EXPECT_EQ(add(16, 7, kMore), 'd');  // nothing is left of seven bytes
}

TEST_F(Defrag, TailBeyondEightBytesIsCutOff) {
  EXPECT_EQ(add(0, 13, kMore, 'a'), 'w');
  EXPECT_EQ(add(8, 3, 0, 'b'), 'C');
  EXPECT_EQ(payload(), "aaaaaaaabbb");
}

TEST_F(Defrag, TimerRunsFromTheFirstFragmentAndIsNotRenewed) {
  EXPECT_EQ(add(0, 8, kMore), 'w');
  now_ += 29 * kSecond;
  EXPECT_EQ(add(8, 8, kMore), 'w');
  now_ += kSecond;
  EXPECT_EQ(add(16, 8, 0), 'w');  // alone in a new queue
  now_ += 29 * kSecond;
  EXPECT_EQ(add(0, 16, kMore), 'C');
}

TEST_F(Defrag, SixtyFourOtherFragmentsOfTheSourceRestartTheQueue) {
  const auto others = [&](int count) {
    for (int i = 0; i < count; ++i) {
      EXPECT_EQ(add(0, 8, kMore, 'x', {.id = static_cast<uint16_t>(1000 + i)}), 'w');
    }
  };
  EXPECT_EQ(add(0, 8, kMore), 'w');
  others(63);
  EXPECT_EQ(add(8, 8, 0), 'C');
  Ipv4Reassembly fresh;
  std::swap(reassembly_, fresh);
  EXPECT_EQ(add(0, 8, kMore), 'w');
  others(64);
  EXPECT_EQ(add(8, 8, 0), 'w');
  EXPECT_EQ(add(0, 8, kMore), 'C');
}

TEST_F(Defrag, DfIsSetWhereTheLargestFragmentHadIt) {
  EXPECT_EQ(add(0, 16, kMore | kDf), 'w');
  EXPECT_EQ(add(16, 8, 0), 'C');
  EXPECT_EQ(load_be16(whole_.data() + 6), kDf);
  EXPECT_EQ(add(0, 16, kMore), 'w');
  EXPECT_EQ(add(16, 8, kDf), 'C');
  EXPECT_EQ(load_be16(whole_.data() + 6), 0);
}

TEST_F(Defrag, EcnMixtures) {
  const auto mix = [&](uint8_t first, uint8_t second) {
    std::string text(1, add(0, 8, kMore, 'a', {.tos = first}));
    text += add(8, 8, 0, 'a', {.tos = second});
    if (text == "wC") text += std::to_string(whole_[1] & 3);
    return text;
  };
  EXPECT_EQ(mix(0, 0), "wC0");
  EXPECT_EQ(mix(2, 2), "wC2");
  EXPECT_EQ(mix(2, 1), "wC2");
  EXPECT_EQ(mix(2, 3), "wC3");
  EXPECT_EQ(mix(3, 1), "wC3");
  EXPECT_EQ(mix(3, 3), "wC3");
  EXPECT_EQ(mix(0, 2), "wd");
  EXPECT_EQ(mix(3, 0), "wd");
  EXPECT_EQ(mix(1, 0), "wd");
}

TEST_F(Defrag, DatagramsBeyondTheirOwnLengthFieldAreDropped) {
  EXPECT_EQ(add(0, 65512, kMore), 'w');
  EXPECT_EQ(add(65512, 3, 0), 'C');
  EXPECT_EQ(packet_.length, 65535U);
  EXPECT_EQ(add(0, 65512, kMore), 'w');
  EXPECT_EQ(add(65512, 4, 0), 'd');
}

TEST_F(Defrag, MemoryIsBounded) {
  int waiting = 0;
  for (int i = 0; i < 10000; ++i) {
    Ipv4Spec spec;
    spec.source = "10.1." + std::to_string(i / 256) + "." + std::to_string(i % 256);
    waiting += add(0, 1400, kMore, 'a', spec) == 'w' ? 1 : 0;
  }
  EXPECT_GT(waiting, 1000);
  EXPECT_LT(waiting, 4000);
  now_ += 31 * kSecond;
  EXPECT_EQ(add(0, 8, kMore), 'w');
}

}  // namespace
}  // namespace hookline
