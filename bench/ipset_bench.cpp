// bench/ipset_bench.cpp: how long it takes to ask an ip set of a million members, with packets that it holds and others.
#include <linux/netfilter/ipset/ip_set.h>
#include <sys/socket.h>

#include <memory>
#include <vector>

#include "check.h"
#include "ipset/sets.h"
#include "support/set_builder.h"

namespace hookline::bench {
namespace {

constexpr uint32_t kMembers = 1'000'000;
constexpr size_t kPackets = 1 << 16;

// Addresses spread over the whole space, none twice: an odd factor permutes 32-bit numbers.
uint32_t address_of_member(uint32_t n) { return (n + 1) * 2654435761U; }

class Scene {
 public:
  explicit Scene(const char* type) {
    const bool nets = std::strcmp(type, "hash:net") == 0, ports = std::strcmp(type, "hash:ip,port") == 0;
    std::vector<ipset::Element> elements(kMembers);
    for (uint32_t n = 0; n < kMembers; ++n) {
      elements[n].ip = test::ipv4_address(address_of_member(n));
      if (nets) elements[n].prefix = 32;
      if (ports) elements[n].protocol = 17, elements[n].port = 53;
    }
    const auto raw = test::make_raw_set({.name = "s", .type = type, .max_elements = kMembers}, elements);
    sets_ = std::make_unique<ipset::Sets>(
        std::make_shared<const ipset::SharedSets>(std::vector{raw}, std::vector<ipset::Uses>(1), 250));
    set_ = sets_->find("s", false);
    require(set_ != nullptr, "the set can be asked");
    bytes_.resize(kPackets * 32);
    packets_.resize(kPackets);
    // Every second one is a member; in an order that no branch predictor learns.
    uint32_t state = 1;
    for (size_t i = 0; i < kPackets; ++i) {
      state = state * 1664525 + 1013904223;
      uint8_t* const data = bytes_.data() + 32 * i;
      data[0] = 0x45;
      data[9] = 17;
      const bool member = (state >> 16 & 1) != 0;
      store_be32(data + 12, address_of_member(state % kMembers + (member ? 0 : kMembers)));
      store_be16(data + 22, 53);
      packets_[i].data = data;
      packets_[i].length = 28;
      members_.push_back(member);
    }
  }

  bool ask(size_t i) {
    ipset::Ask ask{.packet = packets_[i], .dimensions = 2, .sources = 2};
    return set_->test(ask);
  }
  [[nodiscard]] bool member(size_t i) const { return members_[i]; }

 private:
  std::unique_ptr<ipset::Sets> sets_;
  ipset::Set* set_ = nullptr;
  std::vector<uint8_t> bytes_;
  std::vector<Packet> packets_;
  std::vector<bool> members_;
};

Scene& scene(const char* type) {
  static std::vector<std::pair<std::string, std::unique_ptr<Scene>>> made;
  for (auto& [name, scene] : made)
    if (name == type) return *scene;
  made.emplace_back(type, std::make_unique<Scene>(type));
  return *made.back().second;
}

void check() {
  for (const char* type : {"hash:ip", "hash:ip,port", "hash:net"})
    for (size_t i = 0; i < kPackets; ++i)
      require(scene(type).ask(i) == scene(type).member(i), "members are found, and nothing else");
}

void ask_set(benchmark::State& state, const char* type) {
  Scene& s = scene(type);
  size_t i = 0, hits = 0;
  for (auto _ : state) {
    hits += s.ask(i) ? 1 : 0;
    i = (i + 1) % kPackets;
  }
  benchmark::DoNotOptimize(hits);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(ask_set, hash_ip, "hash:ip");
BENCHMARK_CAPTURE(ask_set, hash_ip_port, "hash:ip,port");
BENCHMARK_CAPTURE(ask_set, hash_net, "hash:net");

}  // namespace
}  // namespace hookline::bench

int main(int argc, char** argv) { return hookline::bench::run(argc, argv, &hookline::bench::check); }
