// tests/unit/stack_test.cpp: the order of tables and hooks, and where a packet leaves its path.
#include <gtest/gtest.h>

#include "../support/packets.h"
#include "../support/table_builder.h"
#include "reference/reference.h"
#include "stack/path.h"

namespace hookline {
namespace {

using test::ipv4;
using test::ipv6;
using test::PacketBytes;
using test::RuleSpec;
using test::TableBuilder;
using SV = StandardVerdict;

class ReferenceAsEngine : public TableEngine {
 public:
  explicit ReferenceAsEngine(const Table& table) : engine_(table) {}
  Outcome walk(Hook hook, Packet& packet) override { return engine_.walk(hook, packet); }

 private:
  ReferenceEngine engine_;
};

// Every table with its policies alone, in an order that is not the kernel's.
std::vector<Table> all_tables(Family family) {
  std::vector<Table> tables;
  for (const char* name : {"security", "filter", "nat", "mangle", "raw"}) {
    for (const TableKind& kind : kTableKinds) {
      if (kind.name != name) continue;
      TableBuilder builder(family, name);
      for (unsigned h = 0; h < kHookCount; ++h) {
        if ((kind.valid_hooks >> h & 1) != 0) builder.hook(static_cast<Hook>(h), SV::kAccept, {});
      }
      tables.push_back(builder.build());
    }
  }
  return tables;
}

class Walk {
 public:
  Walk(std::vector<Table> tables, PathOptions options) : tables_(std::move(tables)) {
    for (const Table& table : tables_) engines_.push_back(std::make_unique<ReferenceAsEngine>(table));
    walker_ = std::make_unique<PathWalker>(tables_, engines_, options);
  }
  // "raw/PREROUTING/policy:28 … accept"
  std::string operator()(const PacketBytes& bytes, Arrival arrival = {}) {
    arrival.bytes = bytes;
    walker_->play(arrival, result);
    std::string text;
    for (const PathBump& bump : result.bumps) {
      text += tables_[bump.table].rule_name(bump.rule) + ":" + std::to_string(bump.bytes) + " ";
    }
    static constexpr std::array kVerdicts = {"accept", "drop", "queue", "stolen"};
    return text + kVerdicts[static_cast<size_t>(result.verdict)];
  }
  PathResult result;

 private:
  std::vector<Table> tables_;
  std::vector<std::unique_ptr<TableEngine>> engines_;
  std::unique_ptr<PathWalker> walker_;
};

PathOptions on(PathKind path) {
  PathOptions options;
  options.path = path;
  return options;
}

TEST(Path, TablesRunInOrderOfPriorityAndNatCountsNothing) {
  const std::string forward =
      "raw/PREROUTING/policy:28 mangle/PREROUTING/policy:28 mangle/FORWARD/policy:28 filter/FORWARD/policy:28 "
      "security/FORWARD/policy:28 mangle/POSTROUTING/policy:28 accept";
  EXPECT_EQ(Walk(all_tables(Family::kIpv4), on(PathKind::kForward))(ipv4({})), forward);
  EXPECT_EQ(Walk(all_tables(Family::kIpv4), on(PathKind::kInput))(ipv4({})),
            "raw/PREROUTING/policy:28 mangle/PREROUTING/policy:28 mangle/INPUT/policy:28 filter/INPUT/policy:28 "
            "security/INPUT/policy:28 accept");
  EXPECT_EQ(Walk(all_tables(Family::kIpv6), on(PathKind::kOutput))(ipv6({})),
            "raw/OUTPUT/policy:48 mangle/OUTPUT/policy:48 filter/OUTPUT/policy:48 security/OUTPUT/policy:48 "
            "mangle/POSTROUTING/policy:48 accept");
}

TEST(Path, FamilyWithoutTablesAccepts) {
  EXPECT_EQ(Walk(all_tables(Family::kIpv4), on(PathKind::kForward))(ipv6({})), "accept");
  EXPECT_EQ(Walk({}, on(PathKind::kInput))(ipv4({})), "accept");
}

TEST(Path, DropEndsTheHookAndThePath) {
  std::vector<Table> tables;
  tables.push_back(TableBuilder(Family::kIpv4, "filter").hook(Hook::kForward, SV::kDrop, {}).build());
  tables.push_back(TableBuilder(Family::kIpv4, "mangle")
                       .hook(Hook::kForward, SV::kAccept, {})
                       .hook(Hook::kPostrouting, SV::kAccept, {})
                       .build());
  Walk walk(std::move(tables), on(PathKind::kForward));
  EXPECT_EQ(walk(ipv4({})), "mangle/FORWARD/policy:28 filter/FORWARD/policy:28 drop");
  EXPECT_TRUE(walk.result.out.empty());
}

TEST(Path, QueueEndsTheWalkUnlessBypassed) {
  const auto tables = [] {
    std::vector<Table> result;
    result.push_back(TableBuilder(Family::kIpv4, "raw")
                         .hook(Hook::kPrerouting, SV::kAccept, {test::with_target(TargetKind::kVerdict, SV::kQueue)})
                         .build());
    result.push_back(TableBuilder(Family::kIpv4, "filter").hook(Hook::kInput, SV::kAccept, {}).build());
    return result;
  };
  PathOptions options = on(PathKind::kInput);
  EXPECT_EQ(Walk(tables(), options)(ipv4({})), "raw/PREROUTING/1:28 queue");
  options.queue_bypass = true;
  EXPECT_EQ(Walk(tables(), options)(ipv4({})), "raw/PREROUTING/1:28 filter/INPUT/policy:28 accept");
}

TEST(Path, InterfacesAreThereWhereTheHookHasThem) {
  const InterfaceName in = InterfaceName::from("tin"), out = InterfaceName::from("tout");
  const auto rule = [](const InterfaceName* rule_in, const InterfaceName* rule_out) {
    RuleSpec spec = test::with_target(TargetKind::kFallThrough);
    if (rule_in != nullptr) spec.header.in = *rule_in, spec.header.in_mask.bytes.fill(static_cast<char>(0xff));
    if (rule_out != nullptr) spec.header.out = *rule_out, spec.header.out_mask.bytes.fill(static_cast<char>(0xff));
    return spec;
  };
  const auto tables = [&] {
    TableBuilder builder(Family::kIpv4, "mangle");
    for (unsigned h = 0; h < kHookCount; ++h) {
      builder.hook(static_cast<Hook>(h), SV::kAccept, {rule(&in, nullptr), rule(nullptr, &out)});
    }
    std::vector<Table> result;
    result.push_back(builder.build());
    return result;
  };
  PathOptions options = on(PathKind::kForward);
  options.in = in;
  options.out = out;
  EXPECT_EQ(Walk(tables(), options)(ipv4({})),
            "mangle/PREROUTING/1:28 mangle/PREROUTING/policy:28 mangle/FORWARD/1:28 mangle/FORWARD/2:28 "
            "mangle/FORWARD/policy:28 mangle/POSTROUTING/1:28 mangle/POSTROUTING/2:28 mangle/POSTROUTING/policy:28 accept");
  options.path = PathKind::kInput;
  EXPECT_EQ(Walk(tables(), options)(ipv4({})),
            "mangle/PREROUTING/1:28 mangle/PREROUTING/policy:28 mangle/INPUT/1:28 mangle/INPUT/policy:28 accept");
  options.path = PathKind::kOutput;
  EXPECT_EQ(Walk(tables(), options)(ipv4({})),
            "mangle/OUTPUT/2:28 mangle/OUTPUT/policy:28 mangle/POSTROUTING/2:28 mangle/POSTROUTING/policy:28 accept");
}

TEST(Path, DiscardsKeepTheBumpsBeforeThem) {
  const std::string prerouting = "raw/PREROUTING/policy:28 mangle/PREROUTING/policy:28 drop";
  Walk walk(all_tables(Family::kIpv4), on(PathKind::kForward));
  EXPECT_EQ(walk(ipv4({.ttl = 1})), prerouting);
  EXPECT_EQ(walk.result.discard, Discard::kTtl);
  EXPECT_EQ(walk(ipv4({.source = "127.0.0.1"})), prerouting);
  EXPECT_EQ(walk.result.discard, Discard::kMartian);
  EXPECT_EQ(walk(ipv4({}), {.type = PacketType::kBroadcast}), prerouting);
  EXPECT_EQ(walk(ipv4({}), {.type = PacketType::kOtherHost}), "drop");
  EXPECT_EQ(walk.result.discard, Discard::kPacketType);
  Walk input(all_tables(Family::kIpv4), on(PathKind::kInput));
  EXPECT_EQ(input(ipv4({.ttl = 0})).substr(input(ipv4({.ttl = 0})).size() - 6), "accept");
}

TEST(Path, OddPacketsAreDroppedWithoutRules) {
  for (const PathKind path : {PathKind::kForward, PathKind::kInput}) {
    Walk walk(all_tables(Family::kIpv4), on(path));
    for (size_t size = 0; size <= 60; ++size) {
      EXPECT_EQ(walk(PacketBytes(size)), "drop");
      PacketBytes bytes(size, 0x45);
      EXPECT_EQ(walk(bytes), "drop") << size;
      if (size > 0) bytes[0] = 0x95;
      EXPECT_EQ(walk(bytes), "drop") << size;
      EXPECT_EQ(walk(bytes, {.family = Family::kIpv4}), "drop") << size;
    }
  }
}

TEST(Path, OutBytes) {
  Walk forward(all_tables(Family::kIpv4), on(PathKind::kForward));
  PacketBytes padded = ipv4({.ttl = 9});
  padded.resize(60);
  forward(padded);
  EXPECT_EQ(forward.result.out, ipv4({.ttl = 8}));
  Walk input(all_tables(Family::kIpv4), on(PathKind::kInput));
  input(ipv4({}));
  EXPECT_EQ(input.result.out, ipv4({}));
}

TEST(Path, OutputIsARawSocketsPacket) {
  Walk walk(all_tables(Family::kIpv4), on(PathKind::kOutput));
  PacketBytes bytes = ipv4({.source = "127.0.0.1", .ttl = 0});
  bytes[2] = 9;  // total length and checksum are the kernel's
  bytes[10] ^= 1;
  bytes.resize(44);
  PacketBytes sent = bytes;
  test::fix_ipv4(sent);
  EXPECT_EQ(walk(bytes),
            "raw/OUTPUT/policy:44 mangle/OUTPUT/policy:44 filter/OUTPUT/policy:44 security/OUTPUT/policy:44 "
            "mangle/POSTROUTING/policy:44 accept");
  EXPECT_EQ(walk.result.out, sent);
  EXPECT_EQ(walk(PacketBytes(19, 0x45)), "drop");
  EXPECT_EQ(walk(PacketBytes(59, 0x4f)), "drop");
  EXPECT_EQ(walk(PacketBytes(40, 0x44)), "drop");
  EXPECT_EQ(walk(PacketBytes(39, 0x60)), "drop");
}

TEST(Path, FragmentsAreStolenUntilTheDatagramIsWhole) {
  Walk walk(all_tables(Family::kIpv4), on(PathKind::kInput));
  EXPECT_EQ(walk(ipv4({.fragment_field = 0x2000, .payload = PacketBytes(16, 1)})),
            "raw/PREROUTING/policy:36 mangle/PREROUTING/policy:36 stolen");
  EXPECT_EQ(walk(ipv4({.fragment_field = 2, .payload = PacketBytes(4, 2)})),
            "raw/PREROUTING/policy:24 mangle/PREROUTING/policy:24 mangle/INPUT/policy:40 filter/INPUT/policy:40 "
            "security/INPUT/policy:40 accept");
  EXPECT_EQ(walk.result.out.size(), 40U);
  EXPECT_EQ(walk(ipv4({.fragment_field = 0x2000, .payload = {}})),
            "raw/PREROUTING/policy:20 mangle/PREROUTING/policy:20 drop");
  EXPECT_EQ(walk.result.discard, Discard::kReassembly);
}

TEST(Path, FragmentsAreForwardedOneByOne) {
  Walk walk(all_tables(Family::kIpv4), on(PathKind::kForward));
  EXPECT_NE(walk(ipv4({.fragment_field = 0x2000})).find("accept"), std::string::npos);
  Walk v6(all_tables(Family::kIpv6), on(PathKind::kInput));
  EXPECT_NE(v6(ipv6({.next_header = 44, .payload = {17, 0, 0, 1, 0, 0, 0, 7, 1, 2, 3, 4, 5, 6, 7, 8}})).find("accept"),
            std::string::npos);
}

TEST(PathName, RoundTrip) {
  for (const PathKind path : {PathKind::kForward, PathKind::kInput, PathKind::kOutput}) {
    EXPECT_EQ(path_from_name(path_name(path)).value(), path);
  }
  EXPECT_EQ(path_from_name("sideways").error().front().kind, ProblemKind::kUsage);
}

}  // namespace
}  // namespace hookline
