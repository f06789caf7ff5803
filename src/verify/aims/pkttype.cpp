// verify/aims/pkttype.cpp: to whom the frame is sent, as `pkttype` asks for.
#include <fmt/core.h>
#include <linux/if_packet.h>
#include <linux/netfilter/xt_pkttype.h>

#include "base/bytes.h"
#include "verify/aims/aims.h"
#include "verify/aims/telling_apart.h"

namespace hookline {
namespace {

using MacAddress = std::array<uint8_t, kMacBytes>;
constexpr MacAddress kBroadcast = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
constexpr MacAddress kGroup = {1, 0, 0x5e, 0, 0, 1}, kOther = {2, 0, 0, 0, 0, 2};

const MacAddress& address_of(int type) {
  switch (type) {
    case PACKET_BROADCAST:
      return kBroadcast;
    case PACKET_MULTICAST:
      return kGroup;
    case PACKET_OTHERHOST:
      return kOther;
    default:
      return kDeviceAddress;
  }
}

void fulfil(const Match& match, Family, Random& random, Fields& f) {
  const auto wanted = read_at<xt_pkttype_info>(match.raw, 0);
  if (!wanted) return;
  if (wanted->invert == 0) {
    f.frame.destination = address_of(wanted->pkttype);
  } else if (static_cast<int>(packet_type(f.frame)) == wanted->pkttype) {
    f.frame.destination = wanted->pkttype != PACKET_HOST ? kDeviceAddress : chance(random, 50) ? kBroadcast : kGroup;
  }
}

void miss(const Match&, Family, Random& random, Fields& f) {
  f.frame.destination = address_of(static_cast<int>(below(random, 4)));
}

// What is sent to another host gets to no hook, and only INPUT sees a frame that was not sent to the device alone.
std::string_view type_option(Random& random) {
  static constexpr std::string_view kRare[] = {" --pkt-type broadcast", " --pkt-type multicast", " ! --pkt-type unicast",
                                               " --pkt-type otherhost"};
  static constexpr std::string_view kUsual[] = {" --pkt-type unicast", " ! --pkt-type broadcast", " ! --pkt-type multicast",
                                                " ! --pkt-type otherhost"};
  if (chance(random, 8)) return kRare[below(random, chance(random, 80) ? 3 : 4)];
  return kUsual[below(random, std::size(kUsual))];
}

std::string write(Family, Random& random) {
  return fmt::format("{} -m pkttype{}", some_protocol(random), type_option(random));
}

}  // namespace

constexpr MatchAim kPkttypeAim = {.name = "pkttype", .fulfil = fulfil, .miss = miss, .write = write, .of_frames = true};

}  // namespace hookline
