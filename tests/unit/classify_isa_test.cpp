// Forcing an instruction set by name, and that classify() and its kin never allocate.
#include "classify/isa.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "classify/classify.h"
#include "compile/compile.h"
#include "support/random_table.h"

namespace {
std::atomic<bool> counting = false;
std::atomic<size_t> allocations = 0;
}  // namespace

// GCC sees both sides inlined and takes malloc and free for a mismatch of new and delete.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
void* operator new(size_t size) {
  if (counting) ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void* operator new(size_t size, const std::nothrow_t&) noexcept {  // std::stable_sort asks for its buffer in this way
  if (counting) ++allocations;
  return std::malloc(size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace hookline {
namespace {

TEST(IsaSelection, ForcedNameIsActive) {
  ASSERT_FALSE(runnable_isas().empty());
  for (const Isa isa : compiled_isas()) {
    const auto runnable = runnable_isas();
    const bool can = std::find(runnable.begin(), runnable.end(), isa) != runnable.end();
    if (!can) printf("skipped: %s cannot run on this CPU\n", std::string(isa_name(isa)).c_str());
    EXPECT_EQ(force_isa(isa_name(isa)).has_value(), can);
    if (can) {
      EXPECT_EQ(active_isa(), isa);
    }
  }
}

TEST(IsaSelection, UnknownNameIsRefused) {
  ASSERT_TRUE(force_isa("scalar"));
  const auto refused = force_isa("sse9");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().front().kind, ProblemKind::kUsage);
  EXPECT_NE(refused.error().front().text().find("'sse9'"), std::string::npos);
  EXPECT_EQ(active_isa(), Isa::kScalar);
}

TEST(IsaSelection, ScalarIsAlwaysThere) { EXPECT_EQ(runnable_isas().front(), Isa::kScalar); }

TEST(Allocation, NoneWhilePacketsAreClassified) {
  for (const Family family : {Family::kIpv4, Family::kIpv6}) {
    test::RandomWorld world(21, {.family = family, .chains = 6, .rules = 30, .jump_percent = 30});
    CompileOptions options;
    options.flatten_budget = 0;
    auto compiled = compile(world.table(), options);
    ASSERT_TRUE(compiled);
    const auto program = *LoadedProgram::load(std::move(compiled->program));
    Scratch scratch(*program);
    std::vector<std::vector<uint8_t>> bytes;
    std::vector<Packet> packets(kMaxBurst);
    std::vector<Packet*> pointers;
    std::vector<Outcome> outcomes(kMaxBurst);
    for (size_t i = 0; i < kMaxBurst; ++i) bytes.push_back(world.packet_bytes());
    for (size_t i = 0; i < kMaxBurst; ++i) {
      packets[i].data = bytes[i].data();
      packets[i].length = static_cast<uint32_t>(bytes[i].size());
      packets[i].family = family;
      pointers.push_back(&packets[i]);
    }
    for (const Isa isa : runnable_isas()) {
      ASSERT_TRUE(force_isa(isa_name(isa)));
      for (const Hook hook : {Hook::kInput, Hook::kForward, Hook::kOutput}) {
        allocations = 0;
        counting = true;
        classify(*program, hook, pointers, scratch, outcomes);
        classify_linear(*program, hook, pointers, scratch, outcomes);
        counting = false;
        EXPECT_EQ(allocations, 0U);
      }
    }
  }
}

}  // namespace
}  // namespace hookline
