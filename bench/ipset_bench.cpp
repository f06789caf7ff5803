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
    data_[0] = 0x45;
    data_[9] = 17;
    store_be16(data_ + 22, 53);
    packet_.data = data_;
    packet_.length = sizeof data_;
  }

  // Asks for the n-th packet: all members in an order without one, and every second time a stranger instead.
  bool ask(uint32_t n) {
    store_be32(data_ + 12, address_of_member(place(n) + (member(n) ? 0 : kMembers)));
    ipset::Ask ask{.packet = packet_, .dimensions = 2, .sources = 2};
    return set_->test(ask);
  }
  static bool member(uint32_t n) { return (n * 0x9e3779b1U >> 13 & 1) != 0; }

 private:
  static uint32_t place(uint32_t n) { return static_cast<uint32_t>(uint64_t{n * 0x85ebca6bU} * kMembers >> 32); }

  std::unique_ptr<ipset::Sets> sets_;
  ipset::Set* set_ = nullptr;
  uint8_t data_[28] = {};
  Packet packet_;
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
    for (uint32_t n = 0; n < kMembers; ++n)
      require(scene(type).ask(n) == Scene::member(n), "members are found, and nothing else");
}

void ask_set(benchmark::State& state, const char* type) {
  Scene& s = scene(type);
  uint32_t n = 0;
  size_t hits = 0;
  for (auto _ : state) hits += s.ask(n++) ? 1 : 0;
  benchmark::DoNotOptimize(hits);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(ask_set, hash_ip, "hash:ip");
BENCHMARK_CAPTURE(ask_set, hash_ip_port, "hash:ip,port");
BENCHMARK_CAPTURE(ask_set, hash_net, "hash:net");

}  // namespace
}  // namespace hookline::bench

int main(int argc, char** argv) { return hookline::bench::run(argc, argv, &hookline::bench::check); }
