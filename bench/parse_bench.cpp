// bench/parse_bench.cpp: from raw bytes to the key that the index reads, on packets of several protocols.
#include <memory>
#include <vector>

#include "check.h"
#include "classify/key.h"
#include "measure/classbench.h"
#include "measure/filter_table.h"

namespace hookline::bench {
namespace {

struct Scene {
  std::vector<measure::Header> headers;
  std::unique_ptr<measure::HeaderPackets> packets;
};

const Scene& scene() {
  static const Scene made = [] {
    Scene s;
    s.headers = measure::aim_headers(measure::make_filters(1000, 1), 100'000, 2);
    s.packets = std::make_unique<measure::HeaderPackets>(s.headers);
    return s;
  }();
  return made;
}

uint32_t word(const Key& key, Dimension dimension) { return key.word[static_cast<unsigned>(dimension)]; }

void check() {
  const Scene& s = scene();
  for (size_t i = 0; i < s.headers.size(); ++i) {
    const measure::Header& h = s.headers[i];
    Key key;
    Offsets offsets;
    require(parse_key(*s.packets->packets()[i], key, offsets), "a whole packet has a key");
    const bool ports = h.protocol == 6 || h.protocol == 17;
    require(word(key, Dimension::kSource0) == h.source && word(key, Dimension::kDestination0) == h.destination, "addresses");
    require((word(key, Dimension::kMeta) & 0xff) == h.protocol, "protocol");
    require(!ports || (word(key, Dimension::kSourcePort) == h.source_port &&
                       word(key, Dimension::kDestinationPort) == h.destination_port),
            "ports");
    require(offsets.l4 == 20, "where the upper header starts");
  }
}

void parse(benchmark::State& state) {
  const Scene& s = scene();
  const auto packets = s.packets->packets();
  Key key;
  Offsets offsets;
  for (auto unused : state)
    for (Packet* packet : packets) {
      benchmark::DoNotOptimize(parse_key(*packet, key, offsets));
      benchmark::ClobberMemory();
    }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(packets.size()));
}
BENCHMARK(parse);

}  // namespace
}  // namespace hookline::bench

int main(int argc, char** argv) { return hookline::bench::run(argc, argv, &hookline::bench::check); }
