// tests/xt/golden_test.cpp: every NAME.t against the system's own programs, the kernel, and both of our answers.
//
// Each rule is loaded by iptables-legacy, saved by iptables-legacy-save, fetched, decoded and printed; each packet is judged
// by the reference engine, by the lowered predicates of the rule's matches, and by the kernel.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <sstream>

#include "golden_file.h"
#include "key.h"
#include "load/decode.h"
#include "load/ipsets.h"
#include "packet_line.h"
#include "reference/reference.h"
#include "scratch_host.h"
#include "stack/discard.h"
#include "text/save.h"
#include "world/host_view.h"
#include "world/world.h"
#include "xt/registry.h"

namespace hookline::test {
namespace {

using testing::HasSubstr;

std::string directory() {
  const char* given = std::getenv("HOOKLINE_XT_GOLDEN");
  return given != nullptr ? given : HOOKLINE_XT_GOLDEN;
}

std::vector<std::string> golden_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(directory()))
    if (entry.path().extension() == ".t") names.push_back(entry.path().stem());
  std::sort(names.begin(), names.end());
  return names;
}

std::string text_of(const Problems& problems) {
  std::string text;
  for (const Problem& problem : problems) text += problem.text() + "\n";
  return text;
}

ScratchHost* make_host() {
  auto result = ScratchHost::make();
  if (!result) {
    ADD_FAILURE() << text_of(result.error());
    std::abort();
  }
  return new ScratchHost(std::move(*result));
}

// One namespace for all files with packets: making one costs more than everything that is done inside. Another one for those
// without: a rule that needs connection tracking or a socket may leave reassembly switched on, even where it does not load.
bool packets_are_played = false;
ScratchHost& host() {
  static std::array<ScratchHost*, 2> hosts{};
  ScratchHost*& made = hosts[packets_are_played ? 1 : 0];
  if (made == nullptr) made = make_host();
  return *made;
}

std::string program(Family family, const std::string& suffix = "") {
  return std::string(family == Family::kIpv4 ? "iptables" : "ip6tables") + "-legacy" + suffix;
}

// Empties the chains and puts the rule into each.
Result<std::string> load_rule(const GoldenFile& file, Family family, const std::string& rule) {
  const std::string command = program(family) + " -w 60 -t " + file.table;
  std::string line = command + " -F";
  for (const std::string& chain : file.chains) line += " && " + command + " -A " + chain + " " + rule;
  return host().shell(line);
}

std::vector<std::string> saved_rules(const GoldenFile& file, Family family) {
  const auto saved = host().shell(program(family, "-save") + " -t " + file.table);
  std::vector<std::string> rules;
  if (!saved) return rules;
  std::istringstream lines(*saved);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("-A")) rules.push_back(line);
  return rules;
}

std::vector<std::string> printed_rules(const Table& table) {
  std::vector<std::string> rules;
  for (uint32_t i = 0; i < table.rules.size(); ++i)
    if (table.rules[i].role == RuleRole::kRule) rules.push_back(rule_text(table, RuleId{i}));
  return rules;
}

// Where in the entries the data of the type under test lies, once for each rule that has it.
struct DataBlock {
  size_t header, data, size;
};
std::vector<DataBlock> data_blocks(const RawTable& raw, const std::string& name) {
  const size_t entry_size = raw.family == Family::kIpv4 ? 112 : 168;
  const size_t offsets_at = raw.family == Family::kIpv4 ? 88 : 140;
  std::vector<DataBlock> blocks;
  for (size_t entry = 0; entry < raw.entries.size();) {
    const size_t next = *read_at<uint16_t>(raw.entries, entry + offsets_at + 2);
    for (size_t at = entry + entry_size; at < entry + next;) {
      const size_t size = *read_at<uint16_t>(raw.entries, at);
      const char* found = reinterpret_cast<const char*>(raw.entries.data()) + at + 2;
      if (name == found) blocks.push_back({at, at + 32, size - 32});
      at += size;
    }
    entry += next;
  }
  return blocks;
}

// Makes of the match or target at `block` one of another revision with its own data; what is behind it moves.
void change_revision(const DataBlock& block, uint8_t revision, const std::vector<uint8_t>& data, RawTable& raw) {
  const size_t offsets_at = raw.family == Family::kIpv4 ? 88 : 140;
  std::vector<uint8_t> put(raw.entries.begin() + static_cast<long>(block.header),
                           raw.entries.begin() + static_cast<long>(block.data));
  put.insert(put.end(), data.begin(), data.end());
  put.resize(32 + (data.size() + 7) / 8 * 8);
  const auto size = static_cast<uint16_t>(put.size());
  std::memcpy(put.data(), &size, sizeof size);
  put[31] = revision;
  const size_t old_end = block.data + block.size;
  const auto grown = static_cast<uint16_t>(put.size() - (old_end - block.header));  // modulo 2^16, as what it is added to
  const auto add_to = [&](size_t at) {
    const auto value = static_cast<uint16_t>(*read_at<uint16_t>(raw.entries, at) + grown);
    std::memcpy(raw.entries.data() + at, &value, sizeof value);
  };
  size_t entry = 0;
  while (entry + *read_at<uint16_t>(raw.entries, entry + offsets_at + 2) < old_end)
    entry += *read_at<uint16_t>(raw.entries, entry + offsets_at + 2);
  if (block.header < entry + *read_at<uint16_t>(raw.entries, entry + offsets_at)) add_to(entry + offsets_at);
  add_to(entry + offsets_at + 2);
  const auto move = [&](uint32_t offset) {
    return offset == UINT32_MAX || offset < old_end ? offset : offset + static_cast<uint32_t>(static_cast<int16_t>(grown));
  };
  for (auto* offsets : {&raw.hook_entry, &raw.underflow})
    for (uint32_t& offset : *offsets) offset = move(offset);
  raw.entries.erase(raw.entries.begin() + static_cast<long>(block.header), raw.entries.begin() + static_cast<long>(old_end));
  raw.entries.insert(raw.entries.begin() + static_cast<long>(block.header), put.begin(), put.end());
  // Standard targets that lead on to an entry.
  for (entry = 0; entry < raw.entries.size(); entry += *read_at<uint16_t>(raw.entries, entry + offsets_at + 2)) {
    const size_t target = entry + *read_at<uint16_t>(raw.entries, entry + offsets_at);
    if (raw.entries[target + 2] != 0) continue;
    const auto verdict = *read_at<int32_t>(raw.entries, target + 32);
    const uint32_t moved = verdict <= 0 ? static_cast<uint32_t>(verdict) : move(static_cast<uint32_t>(verdict));
    std::memcpy(raw.entries.data() + target + 32, &moved, sizeof moved);
  }
}

// Rules loaded with match `via` become rules with match `name` of another protocol.
void rename_match(const GoldenFile& file, uint8_t protocol, RawTable& raw) {
  const size_t protocol_at = raw.family == Family::kIpv4 ? 80 : 128;
  const size_t offsets_at = raw.family == Family::kIpv4 ? 88 : 140;
  std::vector<DataBlock> blocks = data_blocks(raw, file.via);
  for (size_t entry = 0; entry < raw.entries.size();) {
    const size_t next = *read_at<uint16_t>(raw.entries, entry + offsets_at + 2);
    for (const DataBlock& block : blocks) {
      if (block.header < entry || block.header >= entry + next) continue;
      std::memset(raw.entries.data() + block.header + 2, 0, 29);
      std::memcpy(raw.entries.data() + block.header + 2, file.name.data(), file.name.size());
      raw.entries[entry + protocol_at] = protocol;
    }
    entry += next;
  }
}

// The table, and the sets that it names where all are there; nothing else of the host.
Snapshot with_sets(const RawTable& raw) {
  Snapshot snapshot;
  snapshot.tables.push_back(raw);
  (void)host().netns().enter([&]() -> Result<void> {
    if (auto sets = fetch_sets(snapshot.tables)) snapshot.sets = std::move(*sets);
    return {};
  });
  return snapshot;
}

Result<void> push_table(const RawTable& raw) { return push(host().netns(), with_sets(raw)); }

// What the scratch host knows of itself.
const std::shared_ptr<const HostView>& host_view() {
  static const std::shared_ptr<const HostView> view = [] {
    FetchOptions options;
    options.just_set_up = true;
    auto snapshot = fetch(host().netns(), options);
    if (!snapshot) {
      ADD_FAILURE() << text_of(snapshot.error());
      std::abort();
    }
    return std::make_shared<const HostView>(std::move(snapshot->host));
  }();
  return view;
}

// What rules can ask about this host.
std::shared_ptr<const HostView> view_for(const RawTable& raw) {
  return std::make_shared<const HostView>(host_view()->records(), shared_sets(with_sets(raw)));
}

Result<Table> decode(const RawTable& raw) { return decode_table(raw, {}, view_for(raw).get()); }

uint64_t wall_clock_ns() {
  return static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count());
}

// The reference engine's word for the packet at the rule, behind the stack's own tests.
std::string reference_answer(const Table& table, ReferenceEngine& engine, const LinePacket& line) {
  std::vector<uint8_t> bytes = line.bytes;
  const InterfaceName in = InterfaceName::from(line.in_frame() ? kEthernetDevice : kInDevice),
                      out = InterfaceName::from(kOutDevice);
  Packet packet;
  packet.data = bytes.data();
  packet.length = static_cast<uint32_t>(bytes.size());
  packet.family = line.family;
  packet.mark = line.mark;
  packet.type = line.type();
  if (line.in_frame()) packet.source_mac = line.frame_source.data(), packet.destination_mac = line.frame_destination.data();
  if (line.hook != Hook::kOutput) {
    packet.mark = 0;
    packet.in = &in;
    if (receive(packet) != Discard::kNone) return "unreached";
    if (line.hook != Hook::kPrerouting &&
        route(packet, 0, host_view().get(), line.hook == Hook::kForward ? out : kNoInterface) != Discard::kNone)
      return "unreached";
    const bool fragment = line.family == Family::kIpv4 && (load_be16(bytes.data() + 6) & 0x3fff) != 0;
    if (line.hook == Hook::kInput && fragment) return "unreached";  // it waits for the rest
  }
  const Sender root;
  if (line.hook == Hook::kOutput) packet.sender = &root;
  if (line.hook != Hook::kInput && line.hook != Hook::kPrerouting) packet.out = &out;
  if (line.hook == Hook::kForward && forward(packet, 65535) != Discard::kNone) return "unreached";
  packet.time_ns = wall_clock_ns();
  const Outcome outcome = engine.walk(line.hook, packet);
  const RuleId rule = table.hook_entry[static_cast<unsigned>(line.hook)];
  const bool matched =
      std::any_of(outcome.bumps.begin(), outcome.bumps.end(), [&](const Bump& b) { return b.rule == rule; });
  if (outcome.hotdrop) return matched ? "counted-hotdrop" : "hotdrop";
  return matched ? "yes" : "no";
}

// Nothing where the lowered predicates agree with evaluate() on the packet, or where its shape is not for the index.
std::optional<std::string> lowered_contradiction(const Table& table, const std::shared_ptr<const HostView>& view,
                                                 const LinePacket& line, bool& asked) {
  std::vector<uint8_t> bytes = line.bytes;
  Packet packet;
  packet.data = bytes.data();
  packet.length = static_cast<uint32_t>(bytes.size());
  packet.family = line.family;
  packet.mark = line.mark;
  packet.type = line.type();
  if (line.in_frame()) packet.source_mac = line.frame_source.data(), packet.destination_mac = line.frame_destination.data();
  const auto key = key_of(packet);
  if (!key) return std::nullopt;
  const Rule& rule = table.rule(table.hook_entry[static_cast<unsigned>(line.hook)]);
  for (const Match& match : rule.matches) {
    // The rule's header guarantees the protocol of an L4 match; other packets never get there.
    const uint8_t protocol = key->words[static_cast<size_t>(Dimension::kMeta)] & 0xff;
    if (rule.header.protocol != 0 && (rule.header.protocol == protocol) == rule.header.invert_protocol) continue;
    MatchContext context{packet, line.hook, key->l4_offset, key->fragment_offset};
    World world(view);
    std::vector<uint64_t> state((match.type->state_size + 7U) / 8);
    if (!state.empty()) match.type->start(match.info.get(), world, state.data());
    context.state = state.data();
    asked = true;
    if (auto wrong = contradiction(match.type->lower(match.info.get(), table.family), *key,
                                   match.type->evaluate(match.info.get(), context)))
      return match.name + ": " + *wrong;
  }
  return std::nullopt;
}

class Golden : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "needs root";
    auto read = read_golden_file(directory() + "/" + GetParam() + ".t");
    ASSERT_TRUE(read) << text_of(read.error());
    file_ = std::move(*read);
    const auto played = [](const GoldenRule& rule) { return !rule.packets.empty(); };
    packets_are_played = std::any_of(file_.rules.begin(), file_.rules.end(), played);
  }
  void TearDown() override {
    for (const Family family : {Family::kIpv4, Family::kIpv6})
      if (!file_.table.empty()) (void)host().shell(program(family) + " -w 60 -t " + file_.table + " -F");
  }

  [[nodiscard]] std::string place(int line) const { return file_.path + ":" + std::to_string(line); }

  // The kernel's bytes of the rule as `text` says it, renamed where the file asks for it.
  [[nodiscard]] Result<RawTable> load(const GoldenRule& rule) const {
    const Family family = rule.family;
    if (auto done = load_rule(file_, family, rule.text); !done) return tl::make_unexpected(done.error());
    auto raw = host().fetch_table(family, file_.table);
    if (!raw || file_.via.empty()) return raw;
    rename_match(file_, rule.via_protocol, *raw);
    if (auto pushed = push_table(*raw); !pushed) return tl::make_unexpected(pushed.error());
    return host().fetch_table(family, file_.table);
  }

  void check_printed(const GoldenRule& rule, const RawTable& raw, const Table& table) {
    std::vector<std::string> expected;
    for (const std::string& chain : file_.chains)
      expected.push_back("-A " + chain + (rule.printed.empty() ? "" : " " + rule.printed));
    const std::vector<std::string> ours = printed_rules(table);
    std::sort(expected.begin(), expected.end());
    std::vector<std::string> sorted = ours;
    for (std::string& line : sorted) line.erase(line.find_last_not_of(' ') + 1);  // a golden line cannot end in a space
    std::sort(sorted.begin(), sorted.end());
    EXPECT_EQ(sorted, expected) << place(rule.line);
    // Text that no option could have made is the system's own matter where its programs stumble over it.
    if (file_.via.empty() && (rule.kind == GoldenRule::Kind::kRule || !packets_are_played))
      check_saved(rule, raw.family, table);
  }

  // The system's save prints what we do of the table that is loaded. Of a revision below the highest that it shares with the
  // kernel it prints no options.
  void check_saved(const GoldenRule& rule, Family family, const Table& table) const {
    const std::vector<std::string> saved = saved_rules(file_, family);
    const auto unknown = [](const std::string& line) { return line.find("[unsupported revision]") != std::string::npos; };
    if (std::any_of(saved.begin(), saved.end(), unknown)) return;
    EXPECT_EQ(printed_rules(table), saved) << place(rule.line) << ": " << program(family, "-save");
  }

  void check_packets(const GoldenRule& rule, const RawTable& raw, const Table& table) {
    if (rule.packets.empty()) return;
    auto watched = host().watch(table);
    ASSERT_TRUE(watched) << text_of(watched.error());
    const auto view = view_for(raw);
    ReferenceEngine engine(
        table, std::make_shared<World>(view));  // one for all packets: what rules remember is as old as in the kernel
    for (const GoldenPacket& golden : rule.packets) {
      const std::string where = place(golden.line) + ": " + golden.text;
      const auto line = read_packet_line(golden.text, rule.family);
      ASSERT_TRUE(line) << where << "\n" << text_of(line.error());
      EXPECT_EQ(reference_answer(table, engine, *line), golden.answer) << where << " (reference)";
      const auto wrong = lowered_contradiction(table, view, *line, lowered_asked_);
      EXPECT_FALSE(wrong) << where << " (lowered): " << *wrong;
      const auto kernel = host().answer(*line);
      ASSERT_TRUE(kernel) << where << "\n" << text_of(kernel.error());
      EXPECT_EQ(*kernel, golden.answer) << where << " (kernel)";
      ++packets_;
    }
  }

  void check_rule(const GoldenRule& rule) {
    auto raw = load(rule);
    if (rule.expect == GoldenRule::Expect::kRefused) {
      ASSERT_TRUE(raw) << place(rule.line) << "\n" << text_of(raw.error());
      carrier_[rule.family] = *raw;
      check_refusal(rule, *raw);
      return;
    }
    if (rule.expect == GoldenRule::Expect::kFails) {
      ASSERT_FALSE(raw) << place(rule.line) << ": loads";
      EXPECT_THAT(text_of(raw.error()), HasSubstr(rule.reason)) << place(rule.line);
      return;
    }
    ASSERT_TRUE(raw) << place(rule.line) << "\n" << text_of(raw.error());
    carrier_[rule.family] = *raw;
    finish(rule, *raw);
  }

  void check_patch(const GoldenRule& rule) {
    ASSERT_TRUE(carrier_.contains(rule.family)) << place(rule.line) << ": needs a rule above";
    RawTable raw = carrier_[rule.family];
    std::vector<DataBlock> blocks = data_blocks(raw, file_.name);
    std::reverse(blocks.begin(), blocks.end());  // a change moves what is behind it
    for (const DataBlock& block : blocks) {
      if (rule.kind == GoldenRule::Kind::kRevision) {
        change_revision(block, rule.revision, rule.bytes, raw);
        continue;
      }
      ASSERT_GE(rule.offset, -1) << place(rule.line);
      ASSERT_LE(rule.offset + static_cast<long>(rule.bytes.size()), static_cast<long>(block.size)) << place(rule.line);
      std::copy(rule.bytes.begin(), rule.bytes.end(), raw.entries.begin() + (static_cast<long>(block.data) + rule.offset));
    }
    const auto pushed = push_table(raw);
    EXPECT_EQ(pushed.has_value(), rule.expect != GoldenRule::Expect::kFails) << place(rule.line) << ": the kernel's answer";
    if (rule.expect == GoldenRule::Expect::kRefused) {
      check_refusal(rule, raw);
      return;
    }
    if (rule.expect == GoldenRule::Expect::kFails) {
      const auto table = decode(raw);
      ASSERT_FALSE(table) << place(rule.line) << ": decodes";
      EXPECT_THAT(text_of(table.error()), HasSubstr(rule.reason)) << place(rule.line);
      return;
    }
    if (pushed) finish(rule, raw);
  }

  // The kernel has loaded it; either it does not decode, or it is printed and named as a refusal.
  void check_refusal(const GoldenRule& rule, const RawTable& raw) {
    const auto table = decode(raw);
    const Problems problems = table ? refusals(*table) : table.error();
    ASSERT_FALSE(problems.empty()) << place(rule.line) << ": is evaluated";
    EXPECT_THAT(text_of(problems), HasSubstr(rule.reason)) << place(rule.line);
    EXPECT_EQ(table.has_value(), !rule.printed.empty()) << place(rule.line) << ": what decodes is printed";
    if (table && !rule.printed.empty()) check_printed(rule, raw, *table);
  }

  void check_bytes(const GoldenRule& rule) {
    for (const MatchType* type : xt::match_types())
      if (type->name == file_.name) check_refused(*type, rule);
    for (const TargetType* type : xt::target_types())
      if (type->name == file_.name) check_refused(*type, rule);
  }
  template <typename Type>
  void check_refused(const Type& type, const GoldenRule& rule) {
    if ((type.families & family_bit(rule.family)) == 0) return;
    std::vector<uint64_t> storage((type.decoded_size + 7U) / 8);
    const DecodeContext context{rule.family, file_.table, type.limits.protocol, false, true};
    const auto done = type.decode(rule.bytes, context, storage.data());
    ASSERT_FALSE(done) << place(rule.line);
    EXPECT_THAT(done.error().text(), HasSubstr(rule.reason)) << place(rule.line);
  }

  // A type that no rule here can have.
  void check_alone(const GoldenRule& rule) {
    if (const MatchType* match = xt::find_match(file_.name, rule.revision, rule.family))
      check_alone(*match, "-m ", rule);
    else if (const TargetType* target = xt::find_target(file_.name, rule.revision, rule.family))
      check_alone(*target, "-j ", rule);
    else
      FAIL() << place(rule.line) << ": no such type";
  }
  template <typename Type>
  void check_alone(const Type& type, const std::string& text, const GoldenRule& rule) {
    ASSERT_NE(rule.expect, GoldenRule::Expect::kLoads) << place(rule.line);
    std::vector<uint64_t> storage((type.decoded_size + 7U) / 8);
    const DecodeContext context{rule.family, file_.table, type.limits.protocol, false, true};
    const auto done = type.decode(rule.bytes, context, storage.data());
    ASSERT_EQ(done.has_value(), rule.expect == GoldenRule::Expect::kRefused) << place(rule.line);
    if (!done) {
      EXPECT_THAT(done.error().text(), HasSubstr(rule.reason)) << place(rule.line);
      return;
    }
    ASSERT_NE(type.refused, nullptr) << place(rule.line);
    EXPECT_THAT(type.refused(storage.data()), HasSubstr(rule.reason)) << place(rule.line);
    TextOut out(rule.family);
    type.print(storage.data(), out);
    EXPECT_EQ(text + file_.name + out.text(), rule.printed) << place(rule.line);
  }

  void finish(const GoldenRule& rule, const RawTable& raw) {
    const auto table = decode(raw);
    ASSERT_TRUE(table) << place(rule.line) << "\n" << text_of(table.error());
    ASSERT_TRUE(refusals(*table).empty()) << place(rule.line) << "\n" << text_of(refusals(*table));
    check_printed(rule, raw, *table);
    check_packets(rule, raw, *table);
  }

  GoldenFile file_;
  std::map<Family, RawTable> carrier_;
  unsigned packets_ = 0;
  bool lowered_asked_ = false;
};

TEST_P(Golden, File) {
  unsigned loaded = 0, refused = 0;
  for (const GoldenRule& rule : file_.rules) {
    switch (rule.kind) {
      case GoldenRule::Kind::kHost: {
        const auto done = host().shell(rule.text);
        ASSERT_TRUE(done) << place(rule.line) << "\n" << text_of(done.error());
        continue;
      }
      case GoldenRule::Kind::kRule:
        check_rule(rule);
        break;
      case GoldenRule::Kind::kPatch:
      case GoldenRule::Kind::kRevision:
        check_patch(rule);
        break;
      case GoldenRule::Kind::kBytes:
        check_bytes(rule);
        break;
      case GoldenRule::Kind::kAlone:
        check_alone(rule);
        break;
    }
    ++(rule.expect == GoldenRule::Expect::kLoads ? loaded : refused);
  }
  // A type that is refused in every use is still printed, which check_refusal() looks at.
  const auto printed = [](const GoldenRule& rule) { return !rule.printed.empty(); };
  // A rule with `rateest` loads only behind one with RATEEST.
  EXPECT_TRUE(file_.name == "rateest" || std::any_of(file_.rules.begin(), file_.rules.end(), printed));
  EXPECT_GT(refused, 0U);
  EXPECT_EQ(packets_ > 0, loaded > 0);
  std::printf("%s: %u rules load, %u are refused, %u packets\n", file_.name.c_str(), loaded, refused, packets_);
}

// Refusals that are this build's own: the kernel loads such bytes.
bool own_refusal(const std::string& text) {
  return text.find("in a bm pattern without case") != std::string::npos ||
         text.find("a type that --reject-with names") != std::string::npos;
}

// What only the loading host can tell: bytes that the kernel refuses here and this build decodes, to refuse them by name.
bool host_tells(const std::string& refusal) {
  return refusal.find("a program pinned in the kernel") != std::string::npos ||
         refusal.find("a program given by descriptor") != std::string::npos ||
         refusal.find("the control group of the sender") != std::string::npos ||
         refusal.find("of the loading host") != std::string::npos;
}

// The kernel refuses a rule whose parameters are not those of the object of its name.
bool shares_by_name(const std::string& type) { return type == "hashlimit" || type == "RATEEST" || type == "IDLETIMER"; }

// Random bytes in the data of each rule that loads: decode accepts what the kernel accepts, and nothing else.
TEST_P(Golden, RandomBytesLoadWhereTheKernelLoadsThem) {
  constexpr unsigned kTrialsPerRule = 40;
  std::mt19937_64 random(20);
  unsigned accepted = 0, refused = 0, own = 0;
  for (const GoldenRule& rule : file_.rules) {
    if (rule.kind == GoldenRule::Kind::kHost) (void)host().shell(rule.text);
    if (rule.kind != GoldenRule::Kind::kRule || rule.printed.empty()) continue;
    const auto carrier = load(rule);
    ASSERT_TRUE(carrier) << place(rule.line) << "\n" << text_of(carrier.error());
    const std::vector<DataBlock> blocks = data_blocks(*carrier, file_.name);
    if (blocks.empty() || blocks.front().size == 0) return;  // a file about the header alone, or a type without data
    for (unsigned trial = 0; trial < kTrialsPerRule; ++trial) {
      RawTable raw = *carrier;
      for (uint64_t changes = 1 + random() % 2; changes > 0; --changes) {
        const size_t at = random() % blocks.front().size;
        const auto byte = static_cast<uint8_t>(random() % 3 == 0 ? random() : random() % 5);
        for (const DataBlock& block : blocks) raw.entries[block.data + at] = byte;
      }
      // What a rule of the trial before shares by name must not contradict this one.
      if (shares_by_name(file_.name)) {
        ASSERT_TRUE(host().shell(program(raw.family) + " -w 60 -t " + file_.table + " -F"));
      }
      const bool loads = push_table(raw).has_value();
      const auto table = decode(raw);
      ++(loads ? accepted : refused);
      if (loads && !table && own_refusal(text_of(table.error()))) {
        ++own;
        continue;
      }
      if (!loads && table && host_tells(text_of(refusals(*table)))) continue;
      if (loads && table && trial % 8 == 0 && !packets_are_played) check_saved(rule, raw.family, *table);
      ASSERT_EQ(table.has_value(), loads) << place(rule.line) << ", trial " << trial << ": decode against the kernel\n"
                                          << (table ? rule_text(*table, table->hook_entry[1]) : text_of(table.error()));
    }
  }
  if (accepted + refused == 0) return;  // nothing with the type loads here
  EXPECT_GT(accepted, 0U);
  std::printf("%s: %u random blocks load, %u are refused, %u by this build alone\n", file_.name.c_str(), accepted, refused,
              own);
}

INSTANTIATE_TEST_SUITE_P(Xt, Golden, testing::ValuesIn(golden_names()), [](const auto& param) { return param.param; });

// A type without a golden file is a type that nobody has held against the kernel.
TEST(GoldenFiles, EveryTypeHasOne) {
  std::set<std::string> missing;
  const std::vector<std::string> names = golden_names();
  const auto check = [&](std::string_view name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) missing.insert(std::string(name));
  };
  for (const MatchType* type : xt::match_types()) check(type->name);
  for (const TargetType* type : xt::target_types()) check(type->name);
  EXPECT_THAT(missing, testing::IsEmpty());
}

}  // namespace
}  // namespace hookline::test
