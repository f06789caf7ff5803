// tests/kernel/load_kernel_test.cpp: loading against the running kernel: what it accepts, gives and takes back.
//
// Everything happens in scratch namespaces. Needs root, and the iptables programs for rule sets in text.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <zlib.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <random>
#include <thread>
#include <tuple>

#include "base/file.h"
#include "load/decode.h"
#include "load/fetch.h"
#include "load/run_program.h"
#include "load/table_socket.h"
#include "support/odd_tables.h"
#include "text/save.h"

namespace hookline {
namespace {

using namespace test;

std::string text_of(const Problems& problems) {
  std::string text;
  for (const Problem& problem : problems) text += problem.text() + "\n";
  return text;
}

Netns scratch() {
  auto netns = Netns::scratch();
  if (!netns) throw std::runtime_error(text_of(netns.error()));
  return std::move(*netns);
}

// Whether the running kernel takes the table. Asked with the bare socket option, so that nothing of push() judges first.
class KernelJudge {
 public:
  explicit KernelJudge(Family family) : netns_(scratch()) {
    auto done = netns_.enter([&]() -> Result<void> {
      socket_ = std::make_unique<TableSocket>(family);
      return {};
    });
    if (!done || !socket_->is_open()) throw std::runtime_error("no raw socket");
  }
  // 0 or the errno of IPT_SO_SET_REPLACE.
  int replace(const RawTable& raw) {
    ipt_getinfo now{};
    if (const int error = socket_->info(raw.name, now)) return error;
    std::vector<xt_counters> counters(now.num_entries);
    std::vector<uint8_t> message(sizeof(ipt_replace) + raw.entries.size());
    ipt_replace header{};
    std::memcpy(header.name, now.name, sizeof header.name);
    header.valid_hooks = raw.valid_hooks;
    header.num_entries = raw.entry_count;
    header.size = static_cast<uint32_t>(raw.entries.size());
    std::copy(raw.hook_entry.begin(), raw.hook_entry.end(), header.hook_entry);
    std::copy(raw.underflow.begin(), raw.underflow.end(), header.underflow);
    header.num_counters = now.num_entries;
    header.counters = counters.data();
    std::memcpy(message.data(), &header, sizeof header);
    std::copy(raw.entries.begin(), raw.entries.end(), message.begin() + sizeof header);
    return socket_->set(IPT_SO_SET_REPLACE, message.data(), message.size());
  }
  [[nodiscard]] Result<RawTable> fetch_back(const std::string& name) const { return socket_->fetch_table(name); }

 private:
  Netns netns_;
  std::unique_ptr<TableSocket> socket_;
};

Problems objections(const RawTable& raw) {
  const auto table = decode_table(raw);
  return table ? refusals(*table) : table.error();
}

// Problems of this program's own, about tables that the kernel takes; odd_tables.h has one of each.
bool is_own_refusal(const Problem& problem) {
  static constexpr const char* kOwn[] = {"which does not begin a user chain",
                                         "a jump to offset",
                                         "the chain ends here",
                                         "a chain without an entry",
                                         "a user chain without a name",
                                         "a second chain of this name",
                                         "a rule behind the policy",
                                         "an entry in no chain",
                                         "the last entry is no ERROR entry",
                                         "outside its chain",
                                         "an ERROR entry at the hook entry",
                                         "without flag PROTO",
                                         "target REJECT rev 0: answer",
                                         "not evaluated by this build"};
  return std::ranges::any_of(kOwn, [&](const char* own) { return problem.found.find(own) != std::string::npos; });
}

class BothFamilies : public testing::TestWithParam<Family> {};
INSTANTIATE_TEST_SUITE_P(Kernel, BothFamilies, testing::Values(Family::kIpv4, Family::kIpv6),
                         [](const auto& test) { return std::string(family_name(test.param)); });

TEST_P(BothFamilies, OddTablesAreJudgedAsTheKernelJudges) {
  KernelJudge kernel(GetParam());
  for (const OddTable& odd : odd_tables(GetParam())) {
    const int error = kernel.replace(odd.raw);
    EXPECT_EQ(error == 0, odd.kernel_loads) << odd.name << ": errno " << error;
  }
}

// Random damage to a good table: the kernel and the decoder agree on every byte of it, but for the named refusals.
TEST_P(BothFamilies, DamagedTablesAreJudgedAsTheKernelJudges) {
  const uint32_t seed = 20;
  constexpr int kTables = 6000;
  std::mt19937 random(seed);
  const EntryFields& f = entry_fields(GetParam());
  const RawTable good = filter_with(
      GetParam(),
      [](BlobBuilder& b) {
        b.jump("web", false, 6).verdict_rule(kDropCode, {tcp_match()}, 6).jump("own", true).fall_through(17);
        b.target_rule(extension("REJECT", 0, std::vector<uint8_t>(8)));
      },
      [](BlobBuilder& b) {
        b.head("web").verdict_rule(kAcceptCode, {tcp_match()}, 6).jump("own").end_of_chain();
        b.head("own").verdict_rule(kReturnCode, {}, 17).end_of_chain();
      });
  KernelJudge kernel(GetParam());
  ASSERT_EQ(kernel.replace(good), 0);
  ASSERT_TRUE(objections(good).empty());
  // Where damage tells most: the fields that the checks read.
  std::vector<size_t> fields;
  for (size_t entry = 0; entry < good.entries.size(); entry += get<uint16_t>(good.entries, entry + f.next_offset)) {
    for (const size_t at : {f.flags, f.invert_flags, f.protocol, f.target_offset, f.target_offset + 1, f.next_offset,
                            f.next_offset + 1, size_t{0}})
      fields.push_back(entry + at);
    const size_t next = get<uint16_t>(good.entries, entry + f.next_offset);
    for (size_t at = f.size; at < next; at += get<uint16_t>(good.entries, entry + at)) {
      for (const size_t part : {size_t{0}, size_t{1}, size_t{2}, size_t{3}, size_t{31}, size_t{32}, size_t{33}})
        if (at + part < next) fields.push_back(entry + at + part);
    }
  }
  size_t both_take = 0, both_refuse = 0, own = 0;
  for (int n = 0; n < kTables; ++n) {
    RawTable damaged = good;
    const int changes = 1 + static_cast<int>(random() % 2);
    std::string what;
    for (int c = 0; c < changes; ++c) {
      const size_t at = random() % 4 == 0 ? random() % damaged.entries.size() : fields[random() % fields.size()];
      const auto value = random() % 2 == 0 ? static_cast<uint8_t>(damaged.entries[at] ^ (1U << (random() % 8)))
                                           : static_cast<uint8_t>(random() % 4 * 8 + random() % 2 * 224);
      what += " byte " + std::to_string(at) + " = " + std::to_string(value);
      damaged.entries[at] = value;
    }
    const auto step = static_cast<uint32_t>((f.size + 40) * (random() % 3));
    if (random() % 8 == 0) damaged.hook_entry[random() % 5] += step;
    if (random() % 8 == 0) damaged.underflow[random() % 5] += step;
    const bool takes = kernel.replace(damaged) == 0;
    const Problems problems = objections(damaged);
    if (takes && problems.empty()) {
      ++both_take;
    } else if (!takes && !problems.empty()) {
      ++both_refuse;
    } else if (takes && std::ranges::all_of(problems, is_own_refusal)) {
      ++own;
    } else {
      ADD_FAILURE() << "seed " << seed << ", table " << n << ":" << what << ": the kernel " << (takes ? "takes" : "refuses")
                    << " it; problems:\n"
                    << text_of(problems);
    }
  }
  std::printf("seed %u: %d tables: %zu loaded by both, %zu refused by both, %zu refused by this program alone\n", seed,
              kTables, both_take, both_refuse, own);
  EXPECT_GT(both_take, 500U);
  EXPECT_GT(both_refuse, 500U);
}

// The kernel's walk of the jumps leaves a mark in each entry that a hook reaches: ours leaves the same.
TEST_P(BothFamilies, ReachedRulesAsTheKernelMarksThem) {
  const uint32_t seed = 7;
  std::mt19937 random(seed);
  KernelJudge kernel(GetParam());
  const EntryFields& f = entry_fields(GetParam());
  size_t loops = 0, loaded = 0;
  for (int n = 0; n < 400; ++n) {
    const int chains = 1 + static_cast<int>(random() % 5);
    const auto some_rules = [&](BlobBuilder& b) {
      for (uint32_t r = random() % 4; r > 0; --r) {
        const uint16_t protocol = random() % 2 == 0 ? 0 : 6;
        if (random() % 3 != 0) {
          b.jump("c" + std::to_string(random() % static_cast<uint32_t>(chains)), random() % 3 == 0, protocol);
        } else if (random() % 2 == 0) {
          b.fall_through(protocol);
        } else {
          b.verdict_rule(random() % 2 == 0 ? kAcceptCode : kReturnCode, {}, protocol);
        }
      }
    };
    const RawTable raw = filter_with(GetParam(), some_rules, [&](BlobBuilder& b) {
      for (int c = 0; c < chains; ++c) {
        b.head("c" + std::to_string(c));
        some_rules(b);
        b.end_of_chain();
      }
    });
    const bool takes = kernel.replace(raw) == 0;
    const auto table = decode_table(raw);
    ASSERT_EQ(takes, table.has_value()) << "seed " << seed << ", table " << n << (table ? "" : text_of(table.error()));
    if (!takes) {
      ++loops;
      continue;
    }
    ++loaded;
    const auto back = kernel.fetch_back("filter");
    ASSERT_TRUE(back);
    for (const Rule& rule : table->rules)
      ASSERT_EQ(rule.comefrom, get<uint32_t>(back->entries, rule.offset + f.comefrom)) << "seed " << seed << ", table " << n;
  }
  EXPECT_GT(loops, 40U);
  EXPECT_GT(loaded, 100U);
}

// What two fetches of the same rules may differ in: bytes of names behind their end, nfcache and comefrom.
RawTable comparable(RawTable raw) {
  const EntryFields& f = entry_fields(raw.family);
  const auto clear_name = [&](size_t header) {
    auto* name = reinterpret_cast<char*>(raw.entries.data() + header + 2);
    const size_t length = strnlen(name, 29);
    std::memset(name + length, 0, 29 - length);
  };
  for (size_t entry = 0; entry < raw.entries.size(); entry += get<uint16_t>(raw.entries, entry + f.next_offset)) {
    put<uint32_t>(raw.entries, entry + f.target_offset - 4, 0);  // nfcache stands right before
    put<uint32_t>(raw.entries, entry + f.comefrom, 0);
    const size_t target = get<uint16_t>(raw.entries, entry + f.target_offset);
    for (size_t at = f.size; at < target; at += get<uint16_t>(raw.entries, entry + at)) clear_name(entry + at);
    clear_name(entry + target);
  }
  return raw;
}

std::string read_text(const std::filesystem::path& path) {
  const auto bytes = read_file(path);
  if (!bytes) throw std::runtime_error(text_of(bytes.error()));
  return {bytes->begin(), bytes->end()};
}

// A namespace with the rules of both texts, counters included.
Netns namespace_with(const std::string& ipv4, const std::string& ipv6) {
  Netns netns = scratch();
  for (const auto& [program, text] :
       {std::pair("iptables-legacy-restore", ipv4), std::pair("ip6tables-legacy-restore", ipv6)}) {
    if (text.empty()) continue;
    const auto output = run_program(netns, {program, "-c"}, text, "iptables");
    if (!output || output->exit_code != 0) throw std::runtime_error(output ? output->error : text_of(output.error()));
  }
  return netns;
}

TEST(Push, FetchPushFetch) {
  const std::filesystem::path root = HOOKLINE_SOURCE_ROOT;
  const std::string crossroads = read_text(root / "tests/snapshots/crossroads.rules");
  const std::string crossroads6 = read_text(root / "tests/snapshots/crossroads6.rules");
  std::vector<std::pair<std::string, std::string>> sets = {{crossroads, crossroads6}, {crossroads, ""}, {"", crossroads6}};
  for (const auto& entry : std::filesystem::directory_iterator(root / "configs/rules")) {
    const std::string text = read_text(entry.path());
    const bool ipv6 = text.starts_with("# Generated by ip6tables-save");
    sets.emplace_back(ipv6 ? "" : text, ipv6 ? text : "");
  }
  ASSERT_GE(sets.size(), 8U);
  for (const auto& [ipv4, ipv6] : sets) {
    const Netns from = namespace_with(ipv4, ipv6), to = scratch();
    const auto first = fetch(from);
    ASSERT_TRUE(first) << text_of(first.error());
    ASSERT_FALSE(first->tables.empty());
    for (int round = 0; round < 2; ++round) {  // into an empty namespace, and over the tables that are then there
      const auto pushed = push(to, *first);
      ASSERT_TRUE(pushed) << text_of(pushed.error());
      const auto second = fetch(to);
      ASSERT_TRUE(second) << text_of(second.error());
      ASSERT_EQ(second->ipv4_order, first->ipv4_order);
      ASSERT_EQ(second->ipv6_order, first->ipv6_order);
      ASSERT_EQ(second->tables.size(), first->tables.size());
      for (size_t t = 0; t < first->tables.size(); ++t)
        ASSERT_EQ(comparable(second->tables[t]), comparable(first->tables[t])) << first->tables[t].name;
    }
  }
}

TEST(Push, RefusesOtherHooksBeforeItTouchesAnything) {
  const Netns netns = scratch();
  Snapshot snapshot;
  snapshot.ipv4_order = {"filter", "raw"};
  BlobBuilder odd(Family::kIpv4, "raw", 0x01);
  odd.hook(Hook::kPrerouting).policy(Hook::kPrerouting);
  snapshot.tables = {filter_with(Family::kIpv4, [](BlobBuilder& b) { b.verdict_rule(kDropCode); }), odd.finish()};
  const auto pushed = push(netns, snapshot);
  ASSERT_FALSE(pushed);
  EXPECT_EQ(pushed.error().front().kind, ProblemKind::kInput);
  EXPECT_EQ(pushed.error().front().text(),
            "ipv4 table raw: hooks PREROUTING, expected PREROUTING OUTPUT, as this kernel's table has them");
  const auto now = fetch(netns);
  ASSERT_TRUE(now);
  const auto filter = std::ranges::find(now->tables, "filter", &RawTable::name);
  ASSERT_NE(filter, now->tables.end());  // created by the question, and as new
  EXPECT_EQ(filter->entry_count, 4U);
}

TEST(Push, RefusesRulesWhoseDumpIsLossy) {
  Snapshot snapshot;
  std::vector<uint8_t> ct(72);
  ct[28] = 's';
  BlobBuilder raw(Family::kIpv4, "raw", 0x09);
  raw.hook(Hook::kPrerouting).target_rule(extension("CT", 2, ct), {}, 6).policy(Hook::kPrerouting);
  raw.hook(Hook::kOutput).verdict_rule(kAcceptCode, {extension("set", 4, std::vector<uint8_t>(48))});
  raw.policy(Hook::kOutput);
  snapshot.tables = {raw.finish()};
  snapshot.sets = {{0, "friends", "hash:ip", 2, 0, {}, {}}};
  const auto pushed = push(scratch(), snapshot);
  ASSERT_FALSE(pushed);
  ASSERT_EQ(pushed.error().size(), 2U) << text_of(pushed.error());
  EXPECT_TRUE(pushed.error()[0].text().starts_with("raw/PREROUTING/1 (offset 0): target CT rev 2 "));
  EXPECT_EQ(pushed.error()[1].text(),
            "raw/OUTPUT/1 (offset 368): ip set friends, expected one of that name in the namespace");
}

// Sets are other numbers where they were made in another order.
TEST(Push, FindsSetsByName) {
  const auto snapshot = load_rules_text(
      "#ipset create a hash:ip\n#ipset create b hash:net\n#ipset create c bitmap:port range 0-9\n"
      "*filter\n-A INPUT -m set --match-set b src -j SET --add-set a dst --del-set c dst\nCOMMIT\n",
      "T", Family::kIpv4);
  ASSERT_TRUE(snapshot) << text_of(snapshot.error());
  ASSERT_EQ(snapshot->sets.size(), 3U);
  const Netns netns = scratch();
  const std::string other_order = "create c bitmap:port range 0-9\ncreate b hash:net\ncreate x hash:ip\ncreate a hash:ip\n";
  const auto made = run_program(netns, {"ipset", "restore"}, other_order, "ipset");
  ASSERT_TRUE(made && made->exit_code == 0);
  const auto pushed = push(netns, *snapshot);
  ASSERT_TRUE(pushed) << text_of(pushed.error());
  const auto again = fetch(netns);
  ASSERT_TRUE(again) << text_of(again.error());
  EXPECT_NE(again->tables.front().entries, snapshot->tables.front().entries);
  const auto before = decode_snapshot(*snapshot), after = decode_snapshot(*again);
  ASSERT_TRUE(before && after);
  EXPECT_EQ(*save_text(after->tables.front()), *save_text(before->tables.front()));
  EXPECT_NE(save_text(after->tables.front())->find("-m set --match-set b src -j SET --add-set a dst --del-set c dst"),
            std::string::npos);
}

TEST(Push, TellsWhatTheKernelOnlyNumbers) {
  Snapshot snapshot;
  snapshot.tables = {filter_with(Family::kIpv4, [](BlobBuilder& b) { b.verdict_rule(-3); })};
  const auto pushed = push(scratch(), snapshot);
  ASSERT_FALSE(pushed);
  ASSERT_EQ(pushed.error().size(), 2U) << text_of(pushed.error());
  EXPECT_EQ(pushed.error()[0].kind, ProblemKind::kSystem);
  EXPECT_NE(pushed.error()[0].text().find("IPT_SO_SET_REPLACE"), std::string::npos);
  EXPECT_TRUE(pushed.error()[1].text().starts_with("filter/FORWARD/1 (offset 152): verdict -3"));
}

TEST(Fetch, LookingCreatesNothing) {
  const Netns netns = scratch();
  const auto empty = fetch(netns);
  ASSERT_TRUE(empty) << text_of(empty.error());
  EXPECT_TRUE(empty->tables.empty() && empty->ipv4_order.empty() && empty->ipv6_order.empty());
  ASSERT_EQ(empty->host.interfaces.size(), 1U);
  EXPECT_EQ(empty->host.interfaces[0].name, "lo");
  EXPECT_EQ(empty->host.interfaces[0].mtu, 65536U);
  EXPECT_TRUE(empty->host.complete && !empty->host.ipv4_local_table && empty->host.addresses.empty());
  FetchOptions options;
  options.tables = {"nat", "raw"};
  const auto missing = fetch(netns, options);
  ASSERT_FALSE(missing);
  ASSERT_EQ(missing.error().size(), 2U);
  EXPECT_EQ(missing.error()[0].kind, ProblemKind::kSystem);
  EXPECT_TRUE(missing.error()[0].text().starts_with("table nat: not registered"));
  EXPECT_FALSE(CounterReader::open(netns, Family::kIpv4, "filter"));
  const auto infos = table_infos(netns);
  ASSERT_TRUE(infos);
  EXPECT_TRUE(infos->empty());
}

TEST(Fetch, NarrowedByFamilyAndTable) {
  const std::filesystem::path root = HOOKLINE_SOURCE_ROOT;
  const Netns netns = namespace_with(read_text(root / "tests/snapshots/crossroads.rules"),
                                     read_text(root / "tests/snapshots/crossroads6.rules"));
  const auto names = [&](const FetchOptions& options) {
    const auto snapshot = fetch(netns, options);
    std::string text;
    if (!snapshot) return text_of(snapshot.error());
    for (const RawTable& table : snapshot->tables) text += std::string(family_name(table.family)) + "/" + table.name + " ";
    return text;
  };
  EXPECT_EQ(names({}), "ipv4/filter ipv4/mangle ipv4/raw ipv6/filter ipv6/mangle ipv6/raw ");
  EXPECT_EQ(names({.family = Family::kIpv6, .tables = {}}), "ipv6/filter ipv6/mangle ipv6/raw ");
  EXPECT_EQ(names({.family = {}, .tables = {"raw"}}), "ipv4/raw ipv6/raw ");
  EXPECT_EQ(names({.family = Family::kIpv4, .tables = {"raw", "filter"}}), "ipv4/filter ipv4/raw ");
  const auto infos = table_infos(netns);
  const auto all = fetch(netns);
  ASSERT_TRUE(infos && all);
  ASSERT_EQ(infos->size(), all->tables.size());
  for (size_t t = 0; t < infos->size(); ++t) {
    EXPECT_EQ((*infos)[t].name, all->tables[t].name);
    EXPECT_EQ((*infos)[t].valid_hooks, all->tables[t].valid_hooks);
    EXPECT_EQ((*infos)[t].hook_entry, all->tables[t].hook_entry);
    EXPECT_EQ((*infos)[t].underflow, all->tables[t].underflow);
    EXPECT_EQ((*infos)[t].entry_count, all->tables[t].entry_count);
    EXPECT_EQ((*infos)[t].size, all->tables[t].entries.size());
  }
}

TEST(Fetch, FactsAboutTheHost) {
  const auto snapshot = fetch(scratch());
  ASSERT_TRUE(snapshot) << text_of(snapshot.error());
  EXPECT_FALSE(snapshot->kernel_release.empty());
  EXPECT_NEAR(static_cast<double>(snapshot->time_ns) / 1e9, static_cast<double>(std::time(nullptr)), 10.0);
  EXPECT_GT(snapshot->hz, 0U);
  // Where the kernel shows its configuration, HZ stands there.
  gzFile config = ::gzopen("/proc/config.gz", "rb");
  if (config == nullptr) {
    std::printf("/proc/config.gz is not there: HZ %u was not compared\n", snapshot->hz);
    return;
  }
  std::string found;
  char line[256];
  while (::gzgets(config, line, sizeof line) != nullptr)
    if (std::string_view(line).starts_with("CONFIG_HZ=")) found = line;
  ::gzclose(config);
  EXPECT_EQ(found, "CONFIG_HZ=" + std::to_string(snapshot->hz) + "\n");
}

// A table that is replaced again and again while it is fetched: each fetch is one of the versions, whole.
TEST(Fetch, OfATableThatChangesMeanwhile) {
  const Netns netns = scratch();
  Snapshot small, large;
  small.tables = {filter_with(Family::kIpv4, [](BlobBuilder& b) { b.verdict_rule(kDropCode); })};
  large.tables = {filter_with(Family::kIpv4, [](BlobBuilder& b) {
    for (int i = 0; i < 200; ++i) b.verdict_rule(kDropCode, {tcp_match()}, 6);
  })};
  ASSERT_TRUE(push(netns, small));
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    while (!stop) {
      if (!push(netns, large)) ADD_FAILURE() << "the large table was refused";
      if (!push(netns, small)) ADD_FAILURE() << "the small table was refused";
    }
  });
  size_t fetched = 0, gave_up = 0;
  for (int n = 0; n < 300; ++n) {
    const auto snapshot = fetch(netns, {.family = Family::kIpv4, .tables = {}});
    if (!snapshot) {
      ASSERT_NE(text_of(snapshot.error()).find("changed during each of"), std::string::npos) << text_of(snapshot.error());
      ++gave_up;
      continue;
    }
    ++fetched;
    ASSERT_EQ(snapshot->tables.size(), 1U);
    const auto table = decode_table(snapshot->tables[0]);
    if (!table) {
      ADD_FAILURE() << text_of(table.error());
      break;
    }
    EXPECT_TRUE(table->rules.size() == 5 || table->rules.size() == 204) << table->rules.size();
  }
  stop = true;
  writer.join();
  EXPECT_GT(fetched, gave_up);
}

TEST(Counters, AreReadAgainAndAgain) {
  const std::filesystem::path root = HOOKLINE_SOURCE_ROOT;
  const Netns netns = namespace_with(read_text(root / "tests/snapshots/crossroads.rules"), "");
  auto reader = CounterReader::open(netns, Family::kIpv4, "filter");
  ASSERT_TRUE(reader) << text_of(reader.error());
  const auto snapshot = fetch(netns, {.family = {}, .tables = {"filter"}});
  ASSERT_TRUE(snapshot);
  const auto table = decode_table(snapshot->tables.front());
  ASSERT_TRUE(table);
  std::vector<CounterReader::Pair> pairs;
  for (int n = 0; n < 3; ++n) {
    ASSERT_TRUE(reader->read(pairs));
    ASSERT_EQ(pairs.size(), table->rules.size());
    for (size_t i = 0; i < pairs.size(); ++i) {
      EXPECT_EQ(pairs[i].packets, table->rules[i].counters.packets);
      EXPECT_EQ(pairs[i].bytes, table->rules[i].counters.bytes);
    }
  }
  Snapshot other;
  other.tables = {filter_with(Family::kIpv4, [](BlobBuilder&) {})};
  ASSERT_TRUE(push(netns, other));
  const auto replaced = reader->read(pairs);
  ASSERT_FALSE(replaced);
  EXPECT_NE(text_of(replaced.error()).find("replaced"), std::string::npos);
}

TEST(RulesText, ThePathIsTheKernelsOwn) {
  const std::string text =
      "#ip link add wan0 type veth peer name lan0\n"
      "#ip link set lan0 mtu 1400\n"
      "*filter\n:INPUT DROP [0:0]\n-A INPUT -i lan0 -p tcp -m tcp --dport 22 -j ACCEPT\nCOMMIT\n";
  const auto snapshot = load_rules_text(text, "T", Family::kIpv4);
  ASSERT_TRUE(snapshot) << text_of(snapshot.error());
  EXPECT_EQ(snapshot->ipv4_order, std::vector<std::string>{"filter"});
  ASSERT_EQ(snapshot->host.interfaces.size(), 3U);
  const auto lan = std::ranges::find(snapshot->host.interfaces, "lan0", &HostInterface::name);
  ASSERT_NE(lan, snapshot->host.interfaces.end());
  EXPECT_EQ(lan->mtu, 1400U);
  const auto table = decode_table(snapshot->tables.at(0));
  ASSERT_TRUE(table);
  EXPECT_EQ(table->rules[0].header.in.view(), "lan0");
}

HostAddressBytes bytes_of(std::initializer_list<uint8_t> bytes) {
  HostAddressBytes result{};
  std::copy(bytes.begin(), bytes.end(), result.begin());
  return result;
}

TEST(RulesText, TheHostsRecords) {
  const std::string text =
      "#ip link set lo up\n"
      "#ip link add wan0 type veth peer name lan0\n"
      "#ip link set lan0 address 02:00:00:00:00:07 group 5 up\n"
      "#ip link set wan0 up\n"
      "#ip addr add 192.0.2.1/24 brd + dev wan0\n"
      "#ip addr add 198.51.100.1 peer 198.51.100.2/32 dev lan0\n"
      "#ip addr add 2001:db8::1/64 dev wan0 nodad\n"
      "#ip route add 203.0.113.0/24 via 192.0.2.9 dev wan0 metric 7 mtu 1300 advmss 1200 hoplimit 9 realms 3/4\n"
      "#ip route add default table 100 tos 0x10 nexthop via 192.0.2.7 dev wan0 weight 3 nexthop dev lan0\n"
      "#ip route add blackhole 10.0.0.0/8\n"
      "#ip route add 2001:db8:1::/48 dev lan0 metric 5 pref high\n"
      "#ip rule add pref 90 from 10.1.0.0/16 to 10.2.0.0/16 iif wan0 oif nothere fwmark 0x10/0xf0 lookup 100 realms 1/2\n"
      "#ip rule add pref 91 not ipproto tcp sport 5-6 dport 7 uidrange 1-2 goto 95\n"
      "#ip rule add pref 95 tos 0x10 lookup main suppress_prefixlength 8 suppress_ifgroup 5\n"
      "#ip rule add pref 96 from 10.0.0.0/8 prohibit\n";
  const auto snapshot = load_rules_text(text, "T", Family::kIpv4);
  ASSERT_TRUE(snapshot) << text_of(snapshot.error());
  const HostRecords& host = snapshot->host;
  EXPECT_TRUE(host.complete && host.ipv4_local_table);
  const auto lan = std::ranges::find(host.interfaces, "lan0", &HostInterface::name);
  const auto wan = std::ranges::find(host.interfaces, "wan0", &HostInterface::name);
  ASSERT_TRUE(lan != host.interfaces.end() && wan != host.interfaces.end());
  EXPECT_EQ(lan->group, 5U);
  EXPECT_EQ(lan->kind, "veth");
  EXPECT_EQ(lan->type, 1U);
  EXPECT_EQ(lan->flags & 1, 1U);
  EXPECT_EQ(lan->mac, (std::vector<uint8_t>{2, 0, 0, 0, 0, 7}));

  const auto address = [&](const HostAddressBytes& local) -> HostAddress {
    const auto found = std::ranges::find(host.addresses, local, &HostAddress::local);
    return found == host.addresses.end() ? HostAddress{} : *found;
  };
  const HostAddress first = address(bytes_of({192, 0, 2, 1})), second = address(bytes_of({198, 51, 100, 1}));
  EXPECT_EQ(first.prefix, 24);
  EXPECT_EQ(first.index, wan->index);
  EXPECT_EQ(first.broadcast, bytes_of({192, 0, 2, 255}));
  EXPECT_EQ(second.peer, bytes_of({198, 51, 100, 2}));
  const HostAddress third = address(bytes_of({0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
  EXPECT_EQ(third.family, Family::kIpv6);
  EXPECT_EQ(third.prefix, 64);

  const auto route = [&](const HostAddressBytes& destination, uint32_t table) -> HostRoute {
    const auto found = std::ranges::find_if(
        host.routes, [&](const HostRoute& one) { return one.destination == destination && one.table == table; });
    return found == host.routes.end() ? HostRoute{} : *found;
  };
  const HostRoute far = route(bytes_of({203, 0, 113}), 254);
  ASSERT_EQ(far.nexthops.size(), 1U);
  EXPECT_EQ(std::tuple(far.metric, far.mtu, far.advertised_mss, far.hop_limit, far.type),
            std::tuple(7U, 1300U, 1200U, 9U, 1));
  EXPECT_EQ(far.nexthops[0].index, wan->index);
  EXPECT_EQ(far.nexthops[0].realm, 3U << 16 | 4U);
  EXPECT_EQ(far.nexthops[0].gateway, bytes_of({192, 0, 2, 9}));
  const HostRoute two = route({}, 100);
  ASSERT_EQ(two.nexthops.size(), 2U);
  EXPECT_EQ(two.tos, 0x10);
  EXPECT_EQ(std::tuple(two.nexthops[0].index, two.nexthops[0].weight), std::tuple(wan->index, 3));
  EXPECT_EQ(std::tuple(two.nexthops[1].index, two.nexthops[1].gateway_family), std::tuple(lan->index, 0));
  EXPECT_EQ(route(bytes_of({10}), 254).type, 6);
  EXPECT_EQ(route(bytes_of({192, 0, 2, 1}), 255).type, 2);
  EXPECT_EQ(route(bytes_of({192, 0, 2, 255}), 255).type, 3);
  const HostRoute preferred = route(bytes_of({0x20, 1, 0xd, 0xb8, 0, 1}), 254);
  EXPECT_EQ(std::tuple(preferred.metric, preferred.preference, preferred.family), std::tuple(5U, 1, Family::kIpv6));

  const auto rule = [&](uint32_t priority) -> HostRule {
    const auto found = std::ranges::find(host.rules, priority, &HostRule::priority);
    return found == host.rules.end() ? HostRule{} : *found;
  };
  const HostRule from = rule(90), not_tcp = rule(91), suppressing = rule(95), prohibiting = rule(96);
  EXPECT_EQ(std::tuple(from.source_bits, from.destination_bits, from.in, from.out, from.mark, from.mark_mask, from.table),
            std::tuple(16, 16, "wan0", "nothere", 0x10U, 0xf0U, 100U));
  EXPECT_EQ(std::tuple(from.source, from.destination, from.realm, from.action),
            std::tuple(bytes_of({10, 1}), bytes_of({10, 2}), 1U << 16 | 2U, 1));
  EXPECT_EQ(std::tuple(not_tcp.flags & 2, not_tcp.ip_protocol, not_tcp.first_source_port, not_tcp.last_source_port,
                       not_tcp.first_destination_port, not_tcp.first_uid, not_tcp.last_uid, not_tcp.target),
            std::tuple(2U, 6, 5, 6, 7, 1U, 2U, 95U));
  EXPECT_EQ(std::tuple(suppressing.tos, suppressing.suppress_prefix, suppressing.suppress_group), std::tuple(0x10, 8, 5));
  EXPECT_EQ(std::tuple(prohibiting.action, prohibiting.source_bits, prohibiting.family), std::tuple(8, 8, Family::kIpv4));
  EXPECT_EQ(*parse_snapshot(serialize_snapshot(*snapshot), "S"), *snapshot);
}

TEST(RulesText, SetsComeFirst) {
  const std::string text =
      "#ipset create friends hash:ip\n#ipset add friends 192.0.2.1\n"
      "*filter\n-A INPUT -m set --match-set friends src -j ACCEPT\nCOMMIT\n";
  const auto snapshot = load_rules_text(text, "T", Family::kIpv4);
  ASSERT_TRUE(snapshot) << text_of(snapshot.error());
  EXPECT_EQ(snapshot->tables.size(), 1U);
  const auto broken = load_rules_text("#ipset create friends no:such\n", "T", Family::kIpv4);
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().front().kind, ProblemKind::kInput);
  EXPECT_NE(text_of(broken.error()).find("ipset"), std::string::npos) << text_of(broken.error());
  const auto bad_ip = load_rules_text("#ip link no such thing\n", "T", Family::kIpv4);
  ASSERT_FALSE(bad_ip);
  EXPECT_EQ(bad_ip.error().front().kind, ProblemKind::kInput);
}

TEST(RulesText, TheFirstLineDecidesTheFamily) {
  const auto v6 = load_rules_text("# Generated by ip6tables-save v1.8.9\n*filter\n-A INPUT -s 2001:db8::1 -j DROP\nCOMMIT\n",
                                  "T", Family::kIpv4);
  ASSERT_TRUE(v6) << text_of(v6.error());
  EXPECT_EQ(v6->tables.at(0).family, Family::kIpv6);
  EXPECT_TRUE(v6->ipv4_order.empty());
  const auto empty = load_rules_text("", "T", Family::kIpv6);
  ASSERT_TRUE(empty) << text_of(empty.error());
  EXPECT_TRUE(empty->tables.empty());
}

TEST(RulesText, TheSystemsOwnMessageIsShown) {
  const auto refused = load_rules_text("*filter\n-A FORWARD -p tcp --no-such-option\nCOMMIT\n", "T", Family::kIpv4);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().front().kind, ProblemKind::kInput);
  EXPECT_EQ(refused.error().front().place, "T");
  EXPECT_NE(text_of(refused.error()).find("--no-such-option"), std::string::npos);
  EXPECT_NE(text_of(refused.error()).find("line: 2"), std::string::npos);
  const auto loop = load_rules_text("*filter\n:a - [0:0]\n-A a -j a\n-A INPUT -j a\nCOMMIT\n", "T", Family::kIpv4);
  ASSERT_FALSE(loop);
}

TEST(RulesText, TwelveThousandRules) {
  std::string text = "*filter\n:FORWARD DROP [0:0]\n:block - [0:0]\n";
  for (int i = 0; i < 12000; ++i)
    text += "-A block -s 10." + std::to_string(i / 256 % 256) + "." + std::to_string(i % 256) +
            ".0/24 -p tcp -m tcp --dport " + std::to_string(1 + i % 60000) + " -j DROP\n";
  text += "-A FORWARD -j block\nCOMMIT\n";
  const auto snapshot = load_rules_text(text, "T", Family::kIpv4);
  ASSERT_TRUE(snapshot) << text_of(snapshot.error());
  const auto set = decode_snapshot(*snapshot);
  ASSERT_TRUE(set) << text_of(set.error());
  EXPECT_EQ(set->tables[0].rules.size(), 12007U);
  EXPECT_EQ(set->tables[0].rule_name(RuleId{12004}), "filter/block/12000");
}

TEST(Netns, EnterAndComeBack) {
  const Netns first = scratch(), second = scratch();
  const auto inode = [] { return std::filesystem::read_symlink("/proc/thread-self/ns/net").string(); };
  const std::string home = inode();
  std::string inside, nested;
  ASSERT_TRUE(first.enter([&]() -> Result<void> {
    inside = inode();
    auto done = second.enter([&]() -> Result<void> {
      nested = inode();
      return {};
    });
    EXPECT_EQ(inode(), inside);
    return done;
  }));
  EXPECT_EQ(inode(), home);
  EXPECT_NE(inside, home);
  EXPECT_NE(nested, inside);
  EXPECT_FALSE(first.enter([]() -> Result<void> { return fail(ProblemKind::kInput, "here", "no"); }));
  EXPECT_EQ(inode(), home);
  EXPECT_THROW((void)first.enter([]() -> Result<void> { throw std::runtime_error("out"); }), std::runtime_error);
  EXPECT_EQ(inode(), home);
  const auto again = Netns::open(first.path());
  ASSERT_TRUE(again) << text_of(again.error());
  ASSERT_TRUE(again->enter([&]() -> Result<void> {
    EXPECT_EQ(inode(), inside);
    return {};
  }));
}

TEST(Netns, NamesThatAreNone) {
  for (const char* name : {"no-such-namespace", "/proc/self/status", "/no/such/path", "", ".", ".."}) {
    const auto netns = Netns::open(name);
    ASSERT_FALSE(netns) << name;
    EXPECT_EQ(netns.error().front().kind, ProblemKind::kSystem) << name;
    EXPECT_FALSE(netns.error().front().text().empty());
  }
}

}  // namespace
}  // namespace hookline
