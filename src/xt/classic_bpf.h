// xt/classic_bpf.h: classic BPF programs as match `bpf` carries them: checked, and run on a packet.
//
// A program has up to 64 instructions of UAPI linux/filter.h, two registers and 16 words of memory. Every jump leads
// forward, so a checked program ends. Offsets count from the IP header.
#pragma once

#include <linux/filter.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "table/extension.h"

namespace hookline::xt {

inline constexpr unsigned kMostBpfInstructions = 64;

using BpfProgram = std::span<const sock_filter>;

struct BpfFault {
  size_t instruction;
  std::string_view what;
};

// Why the kernel would not load the program; nothing: it would. Kernel: net/core/filter.c, bpf_check_classic().
std::optional<BpfFault> bpf_fault(BpfProgram program);

// What a program that the kernel loads may ask for and no packet here carries: devices, queues, random numbers, the
// link-layer header. Empty: nothing of the kind.
std::string bpf_needs(BpfProgram program);

// The program's return value; 0 where it reads outside the packet or divides by 0, as in the kernel. Stays in bounds for any
// program without a fault.
uint32_t run_bpf(BpfProgram program, const MatchContext& context);

}  // namespace hookline::xt
