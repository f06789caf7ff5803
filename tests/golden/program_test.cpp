// What small tables compile to, in full: tests/golden/NAME.program and the worked example of docs/program.md. A compiler
// that changes shows as a readable difference; the new text is left beside the golden file as NAME.program.got, for a person
// to rename.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "classify/classify.h"
#include "compile/compile.h"
#include "support/random_table.h"
#include "support/table_builder.h"

namespace hookline {
namespace {

using test::RuleSpec;
using test::TableBuilder;

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

RuleSpec rule(StandardVerdict verdict) { return test::with_target(TargetKind::kVerdict, verdict); }
RuleSpec jump_to(const std::string& chain) {
  RuleSpec spec;
  spec.jump = chain;
  return spec;
}
RuleSpec protocol(RuleSpec spec, uint16_t number) {
  spec.header.protocol = number;
  spec.header.protocol_flag = true;
  return spec;
}
RuleSpec source(RuleSpec spec, std::initializer_list<uint8_t> address, unsigned prefix) {
  std::copy(address.begin(), address.end(), spec.header.source.begin());
  for (unsigned bit = 0; bit < prefix; ++bit)
    spec.header.source_mask[bit / 8] = static_cast<uint8_t>(spec.header.source_mask[bit / 8] | 0x80U >> bit % 8);
  return spec;
}
RuleSpec in_device(RuleSpec spec, const std::string& name, bool wildcard) {
  spec.header.in = InterfaceName::from(name);
  std::fill_n(spec.header.in_mask.bytes.begin(), name.size() + (wildcard ? 0 : 1), static_cast<char>(0xff));
  return spec;
}

// -m tcp or -m udp with one destination port or a range.
void add_ports(Table& table, uint32_t id, uint16_t low, uint16_t high) {
  Rule& r = table.rules[id];
  if (r.header.protocol == 6) {
    const xt_tcp tcp{.spts = {0, 0xffff}, .dpts = {low, high}, .option = 0, .flg_mask = 0, .flg_cmp = 0, .invflags = 0};
    r.matches.push_back(test::make_match("tcp", 0, &tcp, sizeof tcp, table.family, r.header));
  } else {
    const xt_udp udp{.spts = {0, 0xffff}, .dpts = {low, high}, .invflags = 0};
    r.matches.push_back(test::make_match("udp", 0, &udp, sizeof udp, table.family, r.header));
  }
}

// -A FORWARD -i lo -j ACCEPT
// -A FORWARD -p tcp -j services
// -A FORWARD -s 10.1.0.0/16 -p udp -m udp --dport 53 -j ACCEPT
// -A FORWARD -s 10.0.0.0/8
// -A services -p tcp -m tcp --dport 22 -j ACCEPT
// -A services -s 10.9.0.0/16 -j RETURN
// -A services -p tcp -m tcp --dport 8000:8100 -j DROP
Table first_example() {
  Table table = TableBuilder(Family::kIpv4, "filter")
                    .hook(Hook::kForward, StandardVerdict::kDrop,
                          {in_device(rule(StandardVerdict::kAccept), "lo", false), protocol(jump_to("services"), 6),
                           source(protocol(rule(StandardVerdict::kAccept), 17), {10, 1, 0, 0}, 16),
                           source(test::with_target(TargetKind::kFallThrough), {10, 0, 0, 0}, 8)})
                    .chain("services", {protocol(rule(StandardVerdict::kAccept), 6),
                                        source(rule(StandardVerdict::kReturn), {10, 9, 0, 0}, 16),
                                        protocol(rule(StandardVerdict::kDrop), 6)})
                    .build();
  add_ports(table, 2, 53, 53);
  add_ports(table, 6, 22, 22);
  add_ports(table, 8, 8000, 8100);
  return table;
}

// Thirty hosts, so that the index needs a node; each logs nothing and decides something.
Table hosts() {
  std::vector<RuleSpec> rules;
  for (uint8_t i = 0; i < 30; ++i)
    rules.push_back(source(rule(i % 3 == 0 ? StandardVerdict::kDrop : StandardVerdict::kAccept), {192, 0, 2, i}, 32));
  return TableBuilder(Family::kIpv4, "filter").hook(Hook::kInput, StandardVerdict::kAccept, rules).build();
}

// Chains kept as subroutines: a call, a goto, RETURN, a chain entered from two hooks, wildcards, IPv6 addresses.
Table subroutines() {
  RuleSpec go = in_device(jump_to("second"), "eth", true);
  go.header.goto_flag = true;
  RuleSpec not_lo = in_device(test::with_target(TargetKind::kFallThrough), "lo", false);
  not_lo.header.invert_in = true;
  return TableBuilder(Family::kIpv6, "mangle")
      .hook(Hook::kInput, StandardVerdict::kAccept, {jump_to("first"), not_lo})
      .hook(Hook::kForward, StandardVerdict::kDrop, {protocol(jump_to("first"), 17), rule(StandardVerdict::kReturn)})
      .chain("first", {go, source(rule(StandardVerdict::kDrop), {0x20, 0x01, 0x0d, 0xb8}, 32)})
      .chain("second", {protocol(rule(StandardVerdict::kReturn), 58), rule(StandardVerdict::kQueue)})
      .build();
}

std::string dump_of(const Table& table, const CompileOptions& options = {}) {
  auto compiled = compile(table, options);
  EXPECT_TRUE(compiled);
  const auto program = LoadedProgram::load(std::move(compiled->program));
  EXPECT_TRUE(program);
  return dump_program(**program);
}

void compare(const std::string& name, const std::string& got) {
  const std::string path = std::string(HOOKLINE_GOLDEN) + "/" + name + ".program";
  const std::string golden = read_file(path);
  if (got == golden) return;
  std::ofstream(path + ".got") << got;
  ADD_FAILURE() << name << " compiles to another program; see " << path << ".got\n" << got;
}

TEST(GoldenPrograms, FirstExample) { compare("first_example", dump_of(first_example())); }
TEST(GoldenPrograms, Hosts) { compare("hosts", dump_of(hosts())); }
TEST(GoldenPrograms, Subroutines) {
  CompileOptions options;
  options.flatten = false;
  compare("subroutines", dump_of(subroutines(), options));
}
TEST(GoldenPrograms, FirstExampleUnindexed) {
  CompileOptions options;
  options.index = false;
  options.prune_covered = false;
  options.remove_unreachable = false;
  options.flatten = false;
  compare("first_example_unindexed", dump_of(first_example(), options));
}

// The page's dump is what the compiler makes today.
TEST(GoldenPrograms, DocumentShowsTheFirstExample) {
  const std::string page = read_file(HOOKLINE_PROGRAM_PAGE);
  ASSERT_FALSE(page.empty());
  EXPECT_NE(page.find("```\n" + dump_of(first_example()) + "```\n"), std::string::npos) << dump_of(first_example());
}

}  // namespace
}  // namespace hookline
