// tests/xt/classic_bpf_test.cpp: the checks of classic BPF programs against the kernel's own, through a socket filter, which
// the kernel checks by the same code; and what a checked program is found to ask for.
#include "xt/classic_bpf.h"

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <random>
#include <vector>

namespace hookline::xt {
namespace {

constexpr unsigned kPrograms = 40000;

class KernelCheck {
 public:
  KernelCheck() : socket_(socket(AF_INET, SOCK_DGRAM, 0)) {}
  ~KernelCheck() { close(socket_); }
  KernelCheck(const KernelCheck&) = delete;
  KernelCheck& operator=(const KernelCheck&) = delete;

  [[nodiscard]] bool loads(std::vector<sock_filter>& program) const {
    const sock_fprog argument = {static_cast<unsigned short>(program.size()), program.data()};
    return setsockopt(socket_, SOL_SOCKET, SO_ATTACH_FILTER, &argument, sizeof argument) == 0;
  }

 private:
  int socket_;
};

class Writer {
 public:
  explicit Writer(uint64_t seed) : random_(seed) {}

  std::vector<sock_filter> program() {
    std::vector<sock_filter> result(1 + below(9));
    for (size_t i = 0; i < result.size(); ++i) {
      sock_filter& instruction = result[i];
      instruction.code = static_cast<uint16_t>(below(12) == 0 ? below(400) : known_code());
      instruction.jt = static_cast<uint8_t>(below(result.size() - i + 1));
      instruction.jf = static_cast<uint8_t>(below(result.size() - i + 1));
      static constexpr uint32_t kOperands[] = {0,          1,          2,          15,         16,         31,
                                               32,         0x7fffffff, 0xffffefff, 0xfffff000, 0xfffff028, 0xfffff03c,
                                               0xfffff040, 0xfffff002, 0xffe00000, 0xfff00000, 0xffffffff};
      instruction.k =
          below(2) == 0 ? static_cast<uint32_t>(below(result.size() - i + 1)) : kOperands[below(std::size(kOperands))];
    }
    if (below(8) != 0) result.back().code = BPF_RET | BPF_K;
    return result;
  }

 private:
  uint64_t below(uint64_t bound) { return random_() % bound; }
  uint64_t known_code() {
    static constexpr unsigned kOthers[] = {BPF_LD | BPF_IMM,
                                           BPF_LD | BPF_MEM,
                                           BPF_LD | BPF_LEN,
                                           BPF_LDX | BPF_IMM,
                                           BPF_LDX | BPF_MEM,
                                           BPF_LDX | BPF_LEN,
                                           BPF_ST,
                                           BPF_STX,
                                           BPF_ST,
                                           BPF_MISC | BPF_TAX,
                                           BPF_RET | BPF_A,
                                           BPF_RET | BPF_K,
                                           BPF_JMP | BPF_JA,
                                           BPF_LDX | BPF_MSH,
                                           BPF_RET | BPF_X,
                                           BPF_MISC | BPF_TXA,
                                           BPF_ALU | BPF_NEG,
                                           BPF_LDX | BPF_B | BPF_MSH};
    switch (below(4)) {
      case 0:
        return BPF_ALU | below(13) << 4 | below(2) << 3;
      case 1:
        return BPF_JMP | below(6) << 4 | below(2) << 3;
      case 2:
        return BPF_LD | (below(2) == 0 ? BPF_ABS : BPF_IND) | below(4) << 3;
      default:
        return kOthers[below(std::size(kOthers))];
    }
  }
  std::mt19937_64 random_;
};

TEST(ClassicBpf, LoadsWhatTheKernelLoads) {
  constexpr uint64_t kSeed = 4;
  const KernelCheck kernel;
  Writer writer(kSeed);
  unsigned loaded = 0;
  for (unsigned i = 0; i < kPrograms; ++i) {
    std::vector<sock_filter> program = writer.program();
    const bool loads = kernel.loads(program);
    const auto fault = bpf_fault(program);
    std::string text;
    for (const sock_filter& f : program) text += fmt::format("{:#x} {} {} {:#x}\n", f.code, f.jt, f.jf, f.k);
    ASSERT_EQ(!fault.has_value(), loads) << "program " << i << " of seed " << kSeed << "\n"
                                         << text << (fault ? fault->what : "no fault");
    loaded += loads;
  }
  EXPECT_GT(loaded, kPrograms / 20);
  EXPECT_LT(loaded, kPrograms - kPrograms / 20);
  std::printf("%u programs, of which the kernel loads %u\n", kPrograms, loaded);
}

TEST(ClassicBpf, SixtyFourInstructionsAreTheMost) {
  std::vector<sock_filter> program(kMostBpfInstructions, sock_filter{BPF_RET | BPF_K, 0, 0, 1});
  EXPECT_FALSE(bpf_fault(program));
  EXPECT_EQ(bpf_needs(program), "");
  program.push_back(program.back());
  EXPECT_TRUE(bpf_fault(program));
  EXPECT_TRUE(bpf_fault({}));
}

std::string needs_of_indirect_load(std::vector<sock_filter> before, uint32_t k) {
  before.push_back({BPF_LD | BPF_B | BPF_IND, 0, 0, k});
  before.push_back({BPF_RET | BPF_A, 0, 0, 0});
  EXPECT_FALSE(bpf_fault(before));
  return bpf_needs(before);
}

TEST(ClassicBpf, IndirectLoadsStayBelowTheLinkLayer) {
  const sock_filter half = {BPF_LD | BPF_H | BPF_ABS, 0, 0, 2}, word = {BPF_LD | BPF_W | BPF_ABS, 0, 0, 0};
  const sock_filter to_x = {BPF_MISC | BPF_TAX, 0, 0, 0};
  EXPECT_EQ(needs_of_indirect_load({half, to_x}, 20), "");
  EXPECT_NE(needs_of_indirect_load({word, to_x}, 20), "");
  EXPECT_EQ(needs_of_indirect_load({word, {BPF_ALU | BPF_AND | BPF_K, 0, 0, 0xffffff}, to_x}, 0), "");
  EXPECT_EQ(needs_of_indirect_load({word, {BPF_ALU | BPF_RSH | BPF_K, 0, 0, 28}, to_x}, 0), "")
      << "a shift leaves no more than there was";
  // The last offset below, and the first of the link layer's.
  EXPECT_EQ(needs_of_indirect_load({{BPF_LDX | BPF_IMM, 0, 0, 1}}, 0xffdffffe), "");
  EXPECT_NE(needs_of_indirect_load({{BPF_LDX | BPF_IMM, 0, 0, 1}}, 0xffdfffff), "");
  EXPECT_NE(needs_of_indirect_load({{BPF_LDX | BPF_IMM, 0, 0, 1}}, 0xffeffffe), "");
  EXPECT_EQ(needs_of_indirect_load({{BPF_LDX | BPF_IMM, 0, 0, 1}}, 0xffefffff), "");
  // The sum turns over once.
  EXPECT_NE(needs_of_indirect_load({{BPF_LDX | BPF_IMM, 0, 0, 0xffffffff}}, 0xffe00001), "");
  // One of two ways is enough.
  EXPECT_NE(needs_of_indirect_load({word, {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 7}, to_x}, 0), "");
}

}  // namespace
}  // namespace hookline::xt
