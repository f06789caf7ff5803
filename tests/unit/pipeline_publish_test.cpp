// tests/unit/pipeline_publish_test.cpp: rule sets replaced under workers that never stop, and counters that lose nothing.
//
// Built with -Db_sanitize=thread this is also the proof that publishing and reading counters is free of races.
#include "pipeline/publish.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "pipeline/walk.h"
#include "pipeline_support.h"
#include "support/packets.h"

namespace hookline::test {
namespace {

// Which of the two a generation is shows in the verdict, so a worker can tell whether it ever sees a mixture.
Table verdict_table(StandardVerdict verdict, size_t silent_rules) {
  std::vector<RuleSpec> rules(silent_rules, for_protocol(200, StandardVerdict::kDrop));
  rules.push_back(for_protocol(17, verdict));
  return TableBuilder(Family::kIpv4, "filter").hook(Hook::kForward, StandardVerdict::kDrop, std::move(rules)).build();
}

struct Worker {
  std::atomic<uint64_t> packets{0};
  uint64_t mixed = 0;  // bursts with two verdicts
};

// Walks bursts of UDP packets until told to stop.
void work(Publication& publication, unsigned number, const std::atomic<bool>& stop, Worker& worker) {
  constexpr size_t kPackets = 8;
  std::vector<PacketBytes> bytes(kPackets);
  const InterfaceName in = InterfaceName::from("a"), out = InterfaceName::from("b");
  WorkerTally tally;
  const WorkerScope scope(publication, number);
  while (!stop.load(std::memory_order_relaxed)) {
    std::vector<Packet> packets;
    for (PacketBytes& b : bytes) {
      b = ipv4({});
      packets.push_back({b.data(), static_cast<uint32_t>(b.size()), Family::kIpv4, PacketType::kHost, &in, &out, 0});
    }
    std::array<Fate, kPackets> fates;
    walk_forward(publication.current(), number, {}, packets, fates, tally);
    for (const Fate fate : fates) worker.mixed += fate == fates[0] ? 0 : 1;
    worker.packets.fetch_add(kPackets, std::memory_order_relaxed);
    publication.quiescent(number);
  }
}

uint64_t counted(const GenerationCounts& generation) {
  uint64_t sum = 0;
  for (const RuleCount& rule : generation.tables.at(0).rules) sum += rule.packets;
  return sum;
}

TEST(Publish, CountersOfAllGenerationsAddUp) {
  constexpr unsigned kWorkers = 2;
  constexpr int kPublishes = 60;
  // Both tables in sizes of their own: a worker that used the wrong lane would write out of its bounds.
  const ProgramSet sets[] = {program_set(verdict_table(StandardVerdict::kAccept, 0)),
                             program_set(verdict_table(StandardVerdict::kDrop, 40))};
  Publication publication(sets[0], kWorkers);
  std::atomic<bool> stop{false};
  Worker workers[kWorkers];
  std::vector<std::thread> threads;
  for (unsigned w = 0; w < kWorkers; ++w) threads.emplace_back([&, w] { work(publication, w, stop, workers[w]); });

  uint64_t retired = 0;
  for (int n = 1; n <= kPublishes; ++n) {
    const uint64_t before = workers[0].packets.load(std::memory_order_relaxed);
    while (workers[0].packets.load(std::memory_order_relaxed) == before) std::this_thread::yield();
    (void)publication.counts();  // reading while workers count
    publication.publish(sets[n % 2]);
    const auto counts = publication.counts();
    ASSERT_GE(counts.size(), 2U);
    ASSERT_LE(counts.size(), Publication::kKeptGenerations + 1);
    EXPECT_EQ(counts.back().number, static_cast<uint64_t>(n) + 1);
    EXPECT_FALSE(counts.back().retired);
    const GenerationCounts& last = counts[counts.size() - 2];
    EXPECT_TRUE(last.retired);
    EXPECT_EQ(last.number, static_cast<uint64_t>(n));
    EXPECT_GT(counted(last), 0U);
    retired += counted(last);
  }
  stop.store(true);
  for (std::thread& thread : threads) thread.join();

  uint64_t walked = 0;
  for (const Worker& worker : workers) {
    EXPECT_EQ(worker.mixed, 0U) << "a burst met two rule sets";
    walked += worker.packets.load();
  }
  EXPECT_EQ(retired + counted(publication.counts().back()), walked);
}

TEST(Publish, DoesNotWaitForWorkersThatAreAway) {
  Publication publication(program_set(verdict_table(StandardVerdict::kAccept, 0)), 3);
  publication.publish(program_set(verdict_table(StandardVerdict::kDrop, 0)));  // nobody has entered
  publication.enter(1);
  publication.leave(1);
  publication.publish({});
  EXPECT_EQ(publication.generation(), 3U);
  EXPECT_TRUE(publication.counts().back().tables.empty());
}

TEST(Publish, WaitsForAWorkerThatHoldsTheOldRules) {
  Publication publication(program_set(verdict_table(StandardVerdict::kAccept, 0)), 1);
  std::atomic<bool> entered{false}, released{false}, published{false};
  std::thread worker([&] {
    publication.enter(0);
    Generation& held = publication.current();
    entered = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    EXPECT_FALSE(published);
    EXPECT_EQ(held.number, 1U);  // still alive
    released = true;
    publication.quiescent(0);
    publication.leave(0);
  });
  while (!entered) std::this_thread::yield();
  publication.publish({});
  published = true;
  EXPECT_TRUE(released);
  worker.join();
}

TEST(Publish, KeepsTheNewestGenerationsOnly) {
  Publication publication({}, 1);
  for (int n = 0; n < 20; ++n) publication.publish({});
  const auto counts = publication.counts();
  EXPECT_EQ(counts.size(), Publication::kKeptGenerations + 1);
  EXPECT_EQ(counts.front().number, 21U - Publication::kKeptGenerations);
  EXPECT_EQ(counts.back().number, 21U);
}

}  // namespace
}  // namespace hookline::test
