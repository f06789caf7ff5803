#include "load/kernel_clock.h"

#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <utility>

namespace hookline {
namespace {

long bpf(bpf_cmd command, bpf_attr& attributes) { return ::syscall(SYS_bpf, command, &attributes, sizeof attributes); }

uint64_t address_of(const void* pointer) { return reinterpret_cast<uintptr_t>(pointer); }

tl::unexpected<Problems> no_jiffies(const char* step) {
  const int error = errno;
  return fail(ProblemKind::kSystem, "jiffies", std::string(step) + ": " + std::strerror(error),
              error == EPERM ? "root, and bpf(2) allowed" : "a kernel with bpf(2)");
}

}  // namespace

uint32_t kernel_hz() {
  timespec tick{};
  if (::clock_getres(CLOCK_MONOTONIC_COARSE, &tick) != 0 || tick.tv_sec != 0 || tick.tv_nsec <= 0) return 0;
  constexpr long kSecond = 1'000'000'000;
  const long hz = (kSecond + tick.tv_nsec / 2) / tick.tv_nsec;
  // What CONFIG_HZ can be (24 … 1200 over all architectures); a sandbox that emulates clocks may answer anything.
  return hz >= 24 && hz <= 1200 ? static_cast<uint32_t>(hz) : 0;
}

Result<JiffiesReader> JiffiesReader::open() {
  const std::array<bpf_insn, 2> program = {{
      {.code = BPF_JMP | BPF_CALL, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = BPF_FUNC_jiffies64},
      {.code = BPF_JMP | BPF_EXIT, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0},
  }};
  bpf_attr attributes{};
  attributes.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
  attributes.insns = address_of(program.data());
  attributes.insn_cnt = program.size();
  attributes.license = address_of("GPL");
  const long descriptor = bpf(BPF_PROG_LOAD, attributes);
  if (descriptor < 0) return no_jiffies("the program that reads them does not load");
  return JiffiesReader(static_cast<int>(descriptor));
}

JiffiesReader::JiffiesReader(JiffiesReader&& other) noexcept : program_(std::exchange(other.program_, -1)) {}
JiffiesReader& JiffiesReader::operator=(JiffiesReader&& other) noexcept {
  std::swap(program_, other.program_);
  return *this;
}
JiffiesReader::~JiffiesReader() {
  if (program_ >= 0) ::close(program_);
}

Result<uint32_t> JiffiesReader::now() const {
  const std::array<uint8_t, 64> packet{};  // the least that a run of this kind takes
  bpf_attr attributes{};
  attributes.test.prog_fd = static_cast<uint32_t>(program_);
  attributes.test.data_in = address_of(packet.data());
  attributes.test.data_size_in = packet.size();
  if (bpf(BPF_PROG_TEST_RUN, attributes) < 0) return no_jiffies("the program that reads them does not run");
  return attributes.test.retval;
}

}  // namespace hookline
