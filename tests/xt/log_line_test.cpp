// Log lines as the kernel has written them, letter by letter. The kernel differential plays them at large; here stand forms
// that packets of a scratch namespace do not take.
#include "xt/log_line.h"

#include <gtest/gtest.h>
#include <linux/netfilter/xt_LOG.h>

#include "support/packets.h"

namespace hookline::test {
namespace {

TEST(LogLine, Devices) {
  const InterfaceName in = InterfaceName::from("eth0"), out = InterfaceName::from("eth1"), lo = InterfaceName::from("lo");
  PacketBytes bytes = ipv4({});
  const std::string rest =
      "SRC=10.0.0.1 DST=10.0.1.1 LEN=28 TOS=0x00 PREC=0x00 TTL=64 ID=1 PROTO=UDP SPT=4660 DPT=53 LEN=8 ";
  EXPECT_EQ(xt::log_line(as_packet(bytes, kNoInterface, out), 0, ""), "IN= OUT=eth1 " + rest);
  EXPECT_EQ(xt::log_line(as_packet(bytes, in, out), XT_LOG_MACDECODE, "p: "), "p: IN=eth0 OUT=eth1 MAC= " + rest);
  EXPECT_EQ(xt::log_line(as_packet(bytes, lo), XT_LOG_MACDECODE, ""),
            "IN=lo OUT= MAC=00:00:00:00:00:00:00:00:00:00:00:00:08:00 " + rest);
  const std::array<uint8_t, 6> source = {2, 0, 0, 0, 0, 0xab}, destination = {2, 0, 0, 0, 0, 1};
  Packet packet = as_packet(bytes, in);
  packet.source_mac = source.data();
  EXPECT_EQ(xt::log_line(packet, 0, ""), "IN=eth0 OUT= MAC= " + rest);  // a cooked capture keeps no destination
  packet.destination_mac = destination.data();
  EXPECT_EQ(xt::log_line(packet, 0, ""), "IN=eth0 OUT= MAC=02:00:00:00:00:01:02:00:00:00:00:ab:08:00 " + rest);
  EXPECT_EQ(xt::log_line(packet, XT_LOG_MACDECODE, ""),
            "IN=eth0 OUT= MACSRC=02:00:00:00:00:ab MACDST=02:00:00:00:00:01 MACPROTO=0800 " + rest);
}

TEST(LogLine, OwnerAndMark) {
  PacketBytes bytes = ipv4({.protocol = 99});
  Packet packet = as_packet(bytes);
  const Sender sender{1000, 100};
  packet.sender = &sender;
  packet.mark = 0x2a;
  const std::string start = "IN= OUT= SRC=10.0.0.1 DST=10.0.1.1 LEN=28 TOS=0x00 PREC=0x00 TTL=64 ID=1 PROTO=99 ";
  EXPECT_EQ(xt::log_line(packet, 0, ""), start + "MARK=0x2a ");
  EXPECT_EQ(xt::log_line(packet, XT_LOG_UID, ""), start + "UID=1000 GID=100 MARK=0x2a ");
}

TEST(LogLine, CutOff) {
  PacketBytes bytes = ipv4({.protocol = 6, .payload = {1, 2, 3}});
  Packet packet = as_packet(bytes);
  packet.mark = 1;  // not said behind a header that is cut off
  EXPECT_EQ(xt::log_line(packet, XT_LOG_MASK, ""),
            "IN= OUT= SRC=10.0.0.1 DST=10.0.1.1 LEN=23 TOS=0x00 PREC=0x00 TTL=64 ID=1 PROTO=TCP INCOMPLETE [3 bytes] ");
  // An inner header that claims more than is left: the kernel's 32-bit subtraction goes round.
  PacketBytes error = ipv4({.protocol = 1, .payload = PacketBytes(28)});
  error[20] = 3;
  error[28] = 0x4f;
  error[37] = 17;
  EXPECT_EQ(xt::log_line(as_packet(error), 0, ""),
            "IN= OUT= SRC=10.0.0.1 DST=10.0.1.1 LEN=48 TOS=0x00 PREC=0x00 TTL=64 ID=1 PROTO=ICMP TYPE=3 CODE=0 [SRC=0.0.0.0 "
            "DST=0.0.0.0 LEN=0 TOS=0x00 PREC=0x00 TTL=0 ID=0 PROTO=UDP INCOMPLETE [4294967256 bytes] ] ");
}

}  // namespace
}  // namespace hookline::test
