// xt/bpf.cpp: match `bpf`, both families, revisions 0 and 1.
//
// Runs a program on the packet; true where it returns anything but 0. Revision 0 carries classic BPF; revision 1 that, or
// names a program of the newer kind by pinned path or descriptor: such a program is nowhere in a dump, and refused. Never
// hotdrops, treats fragments like whole packets; there is no inversion.
// Source: kernel xt_bpf.c; UAPI linux/netfilter/xt_bpf.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_bpf.h>

#include <algorithm>
#include <cstring>

#include "xt/classic_bpf.h"
#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

static_assert(kMostBpfInstructions == XT_BPF_MAX_NUM_INSTR);

struct Bpf {
  std::array<sock_filter, kMostBpfInstructions> instructions;  // or the path of a pinned program
  uint16_t count;
  uint16_t mode;  // XT_BPF_MODE_*; revision 0: bytecode

  [[nodiscard]] bool is_bytecode() const { return mode == XT_BPF_MODE_BYTECODE; }
  [[nodiscard]] BpfProgram program() const { return {instructions.data(), count}; }
  [[nodiscard]] std::string path() const {
    const auto* text = reinterpret_cast<const char*>(instructions.data());
    return {text, strnlen(text, sizeof instructions)};
  }
  [[nodiscard]] bool valid() const {
    return is_bytecode() && count <= kMostBpfInstructions && !bpf_fault(program()).has_value();
  }
  [[nodiscard]] std::string refused() const {
    if (is_bytecode()) return bpf_needs(program());
    return mode == XT_BPF_MODE_PATH_PINNED ? "a program pinned in the kernel" : "a program given by descriptor";
  }
};

Decoded<Bpf> with_bytecode(const sock_filter (&instructions)[XT_BPF_MAX_NUM_INSTR], uint16_t count) {
  if (count > kMostBpfInstructions) return refuse(fmt::format("{} instructions", count), "at most 64");
  Bpf m{};
  m.mode = XT_BPF_MODE_BYTECODE;
  m.count = count;
  std::copy_n(instructions, count, m.instructions.begin());
  if (const auto fault = bpf_fault(m.program()))
    return refuse(fmt::format("bytecode with {}, instruction {}", fault->what, fault->instruction));
  return m;
}

Decoded<Bpf> decode_0(Bytes data, const DecodeContext&) {
  const auto info = read_at<xt_bpf_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_bpf_info)));
  return with_bytecode(info->bpf_program, info->bpf_program_num_elem);
}

Decoded<Bpf> decode_1(Bytes data, const DecodeContext&) {
  const auto info = read_at<xt_bpf_info_v1>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_bpf_info_v1)));
  if (info->mode == XT_BPF_MODE_BYTECODE) return with_bytecode(info->bpf_program, info->bpf_program_num_elem);
  if (info->mode > XT_BPF_MODE_FD_ELF) return refuse(fmt::format("mode {}", info->mode), "at most 2");
  Bpf m{};
  m.mode = info->mode;
  std::memcpy(m.instructions.data(), info->path, sizeof m.instructions);
  return m;
}

void print(const Bpf& m, TextOut& out) {
  if (!m.is_bytecode()) {
    out.add(" --object-pinned " + m.path());
    return;
  }
  out.add(fmt::format(" --bytecode \"{}", m.count));
  for (const sock_filter& i : m.program()) out.add(fmt::format(",{} {} {} {}", i.code, i.jt, i.jf, i.k));
  out.add("\"");
}

Answer evaluate(const Bpf& m, const MatchContext& context) { return answer(run_bpf(m.program(), context) != 0); }

Lowered lower(const Bpf&, Family) { return evaluated(); }

}  // namespace

constexpr MatchType kBpfMatch =
    match_type<Bpf, decode_0, print, evaluate, lower>({"bpf", 0, kBothFamilies, sizeof(xt_bpf_info)});
constexpr MatchType kBpf1Match =
    match_type<Bpf, decode_1, print, evaluate, lower>({"bpf", 1, kBothFamilies, sizeof(xt_bpf_info_v1)});

}  // namespace hookline::xt
