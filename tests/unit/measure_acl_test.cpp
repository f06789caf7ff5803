// rte_acl as a peer: every algorithm and batch size gives the first match, and an impossible build is an error.
#include <gtest/gtest.h>

#include <random>

#include "measure/acl_peer.h"

namespace hookline::measure {
namespace {

std::vector<Filter> random_filters(size_t count, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Filter> filters(count);
  for (Filter& f : filters) {
    const auto mask = [&] {
      const auto length = random() % 33;
      return length == 0 ? 0 : static_cast<uint32_t>(-1) << (32 - length);
    };
    f.source_mask = mask();
    f.source = static_cast<uint32_t>(random()) & f.source_mask;
    f.destination_mask = mask();
    f.destination = static_cast<uint32_t>(random()) & f.destination_mask;
    if (random() % 2 == 0) {
      f.destination_port_low = static_cast<uint16_t>(random());
      f.destination_port_high = static_cast<uint16_t>(f.destination_port_low + random() % (65536u - f.destination_port_low));
    }
    if (random() % 4 == 0) f.source_port_high = f.source_port_low = static_cast<uint16_t>(random());
    f.protocol_mask = random() % 8 == 0 ? 0x0f : random() % 4 == 0 ? 0 : 0xff;
    f.protocol = static_cast<uint8_t>(random() % 20) & f.protocol_mask;
  }
  return filters;
}

TEST(AclPeer, GivesTheFirstMatchUnderEveryOption) {
  for (const size_t count : {1u, 30u, 300u}) {
    const auto filters = random_filters(count, count);
    const auto headers = aim_headers(filters, 1001, 5);  // no multiple of a batch
    const auto truth = first_matches(filters, headers);
    const auto peer = AclPeer::build(filters, headers);
    ASSERT_TRUE(peer) << peer.error().front().text();
    EXPECT_GT((*peer)->bytes(), 0u);
    EXPECT_FALSE((*peer)->algorithms().empty());
    for (const AclPeer::Algorithm& algorithm : (*peer)->algorithms())
      for (const size_t batch : {1u, 16u, 32u, 256u}) {
        (*peer)->forget_answers();
        (*peer)->classify(algorithm, batch, 0, headers.size());
        for (size_t i = 0; i < headers.size(); ++i)
          ASSERT_EQ((*peer)->answers()[i], truth[i]) << algorithm.name << ", batch " << batch << ", header " << i;
      }
  }
}

}  // namespace
}  // namespace hookline::measure
