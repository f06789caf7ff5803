// bench/strings_bench.cpp: payload searched for all strings of a table at once, and one by one as the kernel does it.
//
// 1,400-byte packets of random letters; one in ten holds one of the strings. `bytes_per_second` is the figure to read.
#include <algorithm>
#include <map>
#include <memory>
#include <random>

#include "check.h"
#include "payload/patterns.h"

namespace hookline::bench {
namespace {

constexpr size_t kPackets = 1000, kSize = 1400, kHeader = 40;

struct Scene {
  std::vector<payload::Pattern> patterns;
  std::vector<std::vector<uint8_t>> packets;
  std::unique_ptr<payload::PatternSet> set;
};

Scene make_scene(size_t count) {
  std::mt19937_64 random(count);
  const auto letter = [&random] { return static_cast<uint8_t>('a' + random() % 26); };
  Scene scene;
  std::vector<payload::Window> windows;
  for (size_t i = 0; i < count; ++i) {
    payload::Pattern pattern;
    pattern.bytes.resize(6 + random() % 11);
    std::generate(pattern.bytes.begin(), pattern.bytes.end(), letter);
    pattern.from = kHeader;
    pattern.to = 0xffff;
    windows.push_back({pattern.from, pattern.to, static_cast<uint32_t>(pattern.bytes.size())});
    scene.patterns.push_back(std::move(pattern));
  }
  for (size_t i = 0; i < kPackets; ++i) {
    std::vector<uint8_t> packet(kSize);
    std::generate(packet.begin(), packet.end(), letter);
    if (i % 10 == 0) {
      const auto& bytes = scene.patterns[random() % count].bytes;
      std::copy(bytes.begin(), bytes.end(), packet.begin() + static_cast<ptrdiff_t>(random() % (kSize - bytes.size())));
    }
    scene.packets.push_back(std::move(packet));
  }
  const auto database = value_of(payload::build_database(scene.patterns), "patterns");
  scene.set = value_of(payload::PatternSet::load(database, std::move(windows)), "patterns");
  return scene;
}

Scene& scene_of(int64_t count) {
  static std::map<int64_t, Scene> scenes;
  auto found = scenes.find(count);
  if (found == scenes.end()) found = scenes.emplace(count, make_scene(static_cast<size_t>(count))).first;
  return found->second;
}

bool occurs(const payload::Pattern& pattern, const std::vector<uint8_t>& packet) {
  return std::search(packet.begin() + pattern.from, packet.end(), pattern.bytes.begin(), pattern.bytes.end()) !=
         packet.end();
}

void check() {
  for (const int64_t count : {1, 10, 100, 1000}) {
    Scene& scene = scene_of(count);
    payload::PatternScanner scanner(*scene.set);
    size_t hits = 0;
    for (const auto& packet : scene.packets) {
      scanner.next_packet();
      for (uint32_t i = 0; i < scene.patterns.size(); ++i) {
        const bool expected = occurs(scene.patterns[i], packet);
        require(scanner.found(i, packet) == expected, "whether a string occurs in a packet");
        hits += expected ? 1 : 0;
      }
    }
    require(hits > 0, "some packet holds a string");
  }
}

void all_at_once(benchmark::State& state) {
  Scene& scene = scene_of(state.range(0));
  payload::PatternScanner scanner(*scene.set);
  for (auto unused : state)
    for (const auto& packet : scene.packets) {
      scanner.next_packet();
      benchmark::DoNotOptimize(scanner.found(0, packet));
    }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(kPackets * kSize));
}
BENCHMARK(all_at_once)->RangeMultiplier(10)->Range(1, 1000);

void one_by_one(benchmark::State& state) {
  Scene& scene = scene_of(state.range(0));
  for (auto unused : state)
    for (const auto& packet : scene.packets)
      for (const auto& pattern : scene.patterns) benchmark::DoNotOptimize(occurs(pattern, packet));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(kPackets * kSize));
}
BENCHMARK(one_by_one)->RangeMultiplier(10)->Range(1, 100);

}  // namespace
}  // namespace hookline::bench

int main(int argc, char** argv) { return hookline::bench::run(argc, argv, &hookline::bench::check); }
