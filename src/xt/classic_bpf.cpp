// xt/classic_bpf.cpp: the kernel's checks of a classic BPF program, what it may ask for, and its run.
//
// The kernel translates such programs into its newer instruction set and compiles those; what differs from the plain meaning
// of the instructions is said beside them. Source: kernel net/core/filter.c, bpf_check_classic(), check_load_and_stores(),
// bpf_convert_filter(), bpf_skb_load_helper_*().
#include "xt/classic_bpf.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace hookline::xt {
namespace {

constexpr uint32_t kNetOffset = static_cast<uint32_t>(SKF_NET_OFF), kLinkOffset = static_cast<uint32_t>(SKF_LL_OFF),
                   kAncillaryOffset = static_cast<uint32_t>(SKF_AD_OFF);
constexpr uint16_t kEthernetIpv4 = 0x0800, kEthernetIpv6 = 0x86dd;

// ---- instructions --------------------------------------------------------------------------------------------------

bool is_alu(uint16_t code) {
  if (BPF_CLASS(code) != BPF_ALU || (code & ~0xffU) != 0) return false;
  return BPF_OP(code) == BPF_NEG ? code == (BPF_ALU | BPF_NEG) : BPF_OP(code) <= BPF_XOR;
}

bool is_conditional_jump(uint16_t code) {
  return BPF_CLASS(code) == BPF_JMP && (code & ~0xffU) == 0 && BPF_OP(code) >= BPF_JEQ && BPF_OP(code) <= BPF_JSET;
}

// Of a load at a fixed or computed place: 1, 2 or 4 bytes.
uint32_t load_size(uint16_t code) { return BPF_SIZE(code) == BPF_W ? 4 : BPF_SIZE(code) == BPF_H ? 2 : 1; }

bool is_packet_load(uint16_t code, unsigned mode) {
  return BPF_CLASS(code) == BPF_LD && BPF_MODE(code) == mode && (code & ~0xffU) == 0 && BPF_SIZE(code) <= BPF_B;
}

bool is_known(uint16_t code) {
  if (is_alu(code) || is_conditional_jump(code) || is_packet_load(code, BPF_ABS) || is_packet_load(code, BPF_IND))
    return true;
  switch (code) {
    case BPF_LD | BPF_W | BPF_LEN:
    case BPF_LD | BPF_IMM:
    case BPF_LD | BPF_MEM:
    case BPF_LDX | BPF_W | BPF_LEN:
    case BPF_LDX | BPF_B | BPF_MSH:
    case BPF_LDX | BPF_IMM:
    case BPF_LDX | BPF_MEM:
    case BPF_ST:
    case BPF_STX:
    case BPF_MISC | BPF_TAX:
    case BPF_MISC | BPF_TXA:
    case BPF_RET | BPF_K:
    case BPF_RET | BPF_A:
    case BPF_JMP | BPF_JA:
      return true;
    default:
      return false;
  }
}

// SKF_AD_* of a load at a fixed place that is none, but asks for something beside the packet's bytes.
std::optional<uint32_t> ancillary(const sock_filter& instruction) {
  if (!is_packet_load(instruction.code, BPF_ABS) || instruction.k < kAncillaryOffset) return std::nullopt;
  const uint32_t what = instruction.k - kAncillaryOffset;
  if (what >= SKF_AD_MAX || what % 4 != 0) return std::nullopt;
  return what;
}

// ---- checks --------------------------------------------------------------------------------------------------------

std::string_view fault_of(const sock_filter& instruction, size_t behind) {
  const uint16_t code = instruction.code;
  const uint32_t k = instruction.k;
  if (!is_known(code)) return "no instruction";
  if (is_conditional_jump(code))
    return instruction.jt >= behind || instruction.jf >= behind ? "a jump behind the program" : "";
  if (is_packet_load(code, BPF_ABS))
    return k >= kAncillaryOffset && !ancillary(instruction) ? "an ancillary load that there is not" : "";
  switch (code) {
    case BPF_ALU | BPF_DIV | BPF_K:
    case BPF_ALU | BPF_MOD | BPF_K:
      return k == 0 ? "a division by 0" : "";
    case BPF_ALU | BPF_LSH | BPF_K:
    case BPF_ALU | BPF_RSH | BPF_K:
      return k >= 32 ? "a shift by 32 or more" : "";
    case BPF_LD | BPF_MEM:
    case BPF_LDX | BPF_MEM:
    case BPF_ST:
    case BPF_STX:
      return k >= BPF_MEMWORDS ? "a word of memory that there is not" : "";
    case BPF_JMP | BPF_JA:
      return k >= behind ? "a jump behind the program" : "";
    default:
      return "";
  }
}

// The first load of a word of memory that some way through the program has not stored. Jumps are in bounds here.
std::optional<BpfFault> unstored_load(BpfProgram program) {
  std::array<uint16_t, kMostBpfInstructions> stored_before{};  // by every jump to an instruction; all ones: by none
  stored_before.fill(0xffff);
  uint16_t stored = 0;
  for (size_t pc = 0; pc < program.size(); ++pc) {
    const sock_filter& instruction = program[pc];
    stored &= stored_before[pc];
    const auto jump = [&](size_t distance) { stored_before[pc + 1 + distance] &= stored; };
    if (instruction.code == BPF_ST || instruction.code == BPF_STX) {
      stored = static_cast<uint16_t>(stored | 1U << instruction.k);
    } else if (instruction.code == (BPF_LD | BPF_MEM) || instruction.code == (BPF_LDX | BPF_MEM)) {
      if ((stored >> instruction.k & 1) == 0) return BpfFault{pc, "a load of memory that was not stored"};
    } else if (instruction.code == (BPF_JMP | BPF_JA)) {
      jump(instruction.k);
      stored = 0xffff;
    } else if (is_conditional_jump(instruction.code)) {
      jump(instruction.jt);
      jump(instruction.jf);
      stored = 0xffff;
    }
  }
  return std::nullopt;
}

// ---- what may be asked for -----------------------------------------------------------------------------------------

std::string_view unknown_ancillary(uint32_t what) {
  switch (what) {
    case SKF_AD_PROTOCOL:
    case SKF_AD_PKTTYPE:
    case SKF_AD_MARK:
    case SKF_AD_ALU_XOR_X:
      return "";
    case SKF_AD_IFINDEX:
      return "the device's number";
    case SKF_AD_NLATTR:
    case SKF_AD_NLATTR_NEST:
      return "a netlink attribute";
    case SKF_AD_QUEUE:
      return "the queue";
    case SKF_AD_HATYPE:
      return "the device's type";
    case SKF_AD_RXHASH:
      return "the receive hash";
    case SKF_AD_CPU:
      return "the CPU";
    case SKF_AD_PAY_OFFSET:
      return "the flow dissector's payload offset";
    case SKF_AD_RANDOM:
      return "a random number";
    default:
      return "the VLAN tag";
  }
}

// Bounds of a register or a word of memory, whatever the packet.
struct Bounds {
  uint32_t low = 0, high = 0;
};
constexpr Bounds kAnything = {0, UINT32_MAX};
constexpr Bounds kPacketLength = {0, 0x1ffff};

Bounds hull(Bounds a, Bounds b) { return {std::min(a.low, b.low), std::max(a.high, b.high)}; }
Bounds narrowed(uint64_t low, uint64_t high) {
  return high > UINT32_MAX ? kAnything : Bounds{static_cast<uint32_t>(low), static_cast<uint32_t>(high)};
}

struct Machine {
  Bounds a, x;
  std::array<Bounds, BPF_MEMWORDS> memory{};
  bool reached = false;

  void meet(const Machine& other) {
    if (!reached) {
      *this = other;
      return;
    }
    a = hull(a, other.a);
    x = hull(x, other.x);
    for (size_t i = 0; i < memory.size(); ++i) memory[i] = hull(memory[i], other.memory[i]);
  }
};

Bounds alu_bounds(uint16_t code, Bounds a, Bounds by) {
  switch (BPF_OP(code)) {
    case BPF_ADD:
      return narrowed(uint64_t{a.low} + by.low, uint64_t{a.high} + by.high);
    case BPF_MUL:
      return narrowed(uint64_t{a.low} * by.low, uint64_t{a.high} * by.high);
    case BPF_AND:
      return {0, std::min(a.high, by.high)};
    case BPF_LSH:
      return by.high < 32 ? narrowed(uint64_t{a.low} << by.low, uint64_t{a.high} << by.high) : kAnything;
    case BPF_RSH:
      return {0, by.high < 32 ? a.high >> by.low : a.high};
    case BPF_DIV:
      return {0, by.low > 0 ? a.high / by.low : a.high};
    case BPF_MOD:
      return {0, std::min(a.high, by.high == 0 ? 0 : by.high - 1)};
    default:
      return kAnything;
  }
}

void step_bounds(const sock_filter& instruction, Machine& m) {
  const uint16_t code = instruction.code;
  const Bounds constant = {instruction.k, instruction.k};
  if (is_alu(code)) {
    m.a = alu_bounds(code, m.a, BPF_SRC(code) == BPF_X ? m.x : constant);
    return;
  }
  if (is_packet_load(code, BPF_ABS) || is_packet_load(code, BPF_IND)) {
    const uint32_t size = load_size(code);
    m.a = ancillary(instruction) || size == 4 ? kAnything : Bounds{0, size == 2 ? 0xffffU : 0xffU};
    return;
  }
  switch (code) {
    case BPF_LD | BPF_W | BPF_LEN:
      m.a = kPacketLength;
      return;
    case BPF_LDX | BPF_W | BPF_LEN:
      m.x = kPacketLength;
      return;
    case BPF_LD | BPF_IMM:
      m.a = constant;
      return;
    case BPF_LDX | BPF_IMM:
      m.x = constant;
      return;
    case BPF_LD | BPF_MEM:
      m.a = m.memory[instruction.k];
      return;
    case BPF_LDX | BPF_MEM:
      m.x = m.memory[instruction.k];
      return;
    case BPF_LDX | BPF_B | BPF_MSH:
      m.x = {0, 60};
      return;
    case BPF_ST:
      m.memory[instruction.k] = m.a;
      return;
    case BPF_STX:
      m.memory[instruction.k] = m.x;
      return;
    case BPF_MISC | BPF_TAX:
      m.x = m.a;
      return;
    case BPF_MISC | BPF_TXA:
      m.a = m.x;
      return;
    default:
      return;
  }
}

// Whether a load whose offset, modulo 2^32, lies between the two may meet the link-layer header.
bool meets_link_header(uint64_t low, uint64_t high) {
  for (const uint64_t turn : {uint64_t{0}, uint64_t{1} << 32})
    if (low < turn + kNetOffset && high >= turn + kLinkOffset) return true;
  return false;
}

// ---- the run -------------------------------------------------------------------------------------------------------

// The bytes of a load. Offsets from SKF_NET_OFF on count from the network header, where the packet begins here as well.
const uint8_t* window(const MatchContext& context, uint32_t offset, uint32_t size) {
  if (offset >= kNetOffset) return context.bytes(offset - kNetOffset, size);
  return context.bytes(offset, size);
}

uint32_t loaded(const uint8_t* bytes, uint32_t size) {
  return size == 4 ? load_be32(bytes) : size == 2 ? load_be16(bytes) : *bytes;
}

// What the packet carries beside its bytes.
uint32_t carried(uint32_t what, const Packet& packet) {
  switch (what) {
    case SKF_AD_PROTOCOL:
      return packet.family == Family::kIpv4 ? kEthernetIpv4 : kEthernetIpv6;
    case SKF_AD_PKTTYPE:
      return static_cast<uint32_t>(packet.type);
    case SKF_AD_MARK:
      return packet.mark;
    default:
      return 0;
  }
}

// Null: the division by 0 that ends the program.
std::optional<uint32_t> calculated(uint16_t code, uint32_t a, uint32_t by) {
  switch (BPF_OP(code)) {
    case BPF_ADD:
      return a + by;
    case BPF_SUB:
      return a - by;
    case BPF_MUL:
      return a * by;
    case BPF_DIV:
      return by == 0 ? std::nullopt : std::optional(a / by);
    case BPF_MOD:
      return by == 0 ? std::nullopt : std::optional(a % by);
    case BPF_OR:
      return a | by;
    case BPF_AND:
      return a & by;
    case BPF_XOR:
      return a ^ by;
    case BPF_LSH:
      return a << (by & 31);  // as the processor shifts
    case BPF_RSH:
      return a >> (by & 31);
    default:
      return ~a + 1;
  }
}

bool taken(uint16_t code, uint32_t a, uint32_t by) {
  switch (BPF_OP(code)) {
    case BPF_JEQ:
      return a == by;
    case BPF_JGT:
      return a > by;
    case BPF_JGE:
      return a >= by;
    default:
      return (a & by) != 0;
  }
}

}  // namespace

std::optional<BpfFault> bpf_fault(BpfProgram program) {
  if (program.empty()) return BpfFault{0, "no instruction"};
  if (program.size() > kMostBpfInstructions) return BpfFault{kMostBpfInstructions, "more than 64 instructions"};
  for (size_t pc = 0; pc < program.size(); ++pc)
    if (const std::string_view what = fault_of(program[pc], program.size() - pc - 1); !what.empty())
      return BpfFault{pc, what};
  const uint16_t last = program.back().code;
  if (last != (BPF_RET | BPF_K) && last != (BPF_RET | BPF_A)) return BpfFault{program.size() - 1, "no return at the end"};
  return unstored_load(program);
}

std::string bpf_needs(BpfProgram program) {
  std::array<Machine, kMostBpfInstructions> before{};
  before[0].reached = true;
  for (size_t pc = 0; pc < program.size(); ++pc) {
    if (!before[pc].reached) continue;
    const sock_filter& instruction = program[pc];
    const uint16_t code = instruction.code;
    Machine m = before[pc];
    if (const auto what = ancillary(instruction)) {
      if (const std::string_view asked = unknown_ancillary(*what); !asked.empty())
        return fmt::format("instruction {} asks for {}", pc, asked);
    } else if (is_packet_load(code, BPF_ABS) || is_packet_load(code, BPF_IND) || code == (BPF_LDX | BPF_B | BPF_MSH)) {
      const Bounds moved = is_packet_load(code, BPF_IND) ? m.x : Bounds{};
      if (meets_link_header(uint64_t{moved.low} + instruction.k, uint64_t{moved.high} + instruction.k))
        return fmt::format("instruction {} may read the link-layer header", pc);
    }
    step_bounds(instruction, m);
    if (is_conditional_jump(code)) {
      before[pc + 1 + instruction.jt].meet(m);
      before[pc + 1 + instruction.jf].meet(m);
    } else if (code == (BPF_JMP | BPF_JA)) {
      before[pc + 1 + instruction.k].meet(m);
    } else if (BPF_CLASS(code) != BPF_RET) {
      before[pc + 1].meet(m);
    }
  }
  return {};
}

uint32_t run_bpf(BpfProgram program, const MatchContext& context) {
  uint32_t a = 0, x = 0;
  std::array<uint32_t, BPF_MEMWORDS> memory{};
  for (size_t pc = 0; pc < program.size(); ++pc) {
    const sock_filter& instruction = program[pc];
    const uint16_t code = instruction.code;
    const uint32_t k = instruction.k;
    if (is_alu(code)) {
      const auto result = calculated(code, a, BPF_SRC(code) == BPF_X ? x : k);
      if (!result) return 0;
      a = *result;
    } else if (is_conditional_jump(code)) {
      pc += taken(code, a, BPF_SRC(code) == BPF_X ? x : k) ? instruction.jt : instruction.jf;
    } else if (const auto what = ancillary(instruction)) {
      a = *what == SKF_AD_ALU_XOR_X ? a ^ x : carried(*what, context.packet);
    } else if (is_packet_load(code, BPF_ABS) || is_packet_load(code, BPF_IND)) {
      const uint32_t size = load_size(code);
      const uint8_t* bytes = window(context, is_packet_load(code, BPF_IND) ? x + k : k, size);
      if (bytes == nullptr) return 0;
      a = loaded(bytes, size);
    } else {
      switch (code) {
        case BPF_LD | BPF_W | BPF_LEN:
          a = context.packet.length;
          break;
        case BPF_LDX | BPF_W | BPF_LEN:
          x = context.packet.length;
          break;
        case BPF_LD | BPF_IMM:
          a = k;
          break;
        case BPF_LDX | BPF_IMM:
          x = k;
          break;
        case BPF_LD | BPF_MEM:
          a = memory[k];
          break;
        case BPF_LDX | BPF_MEM:
          x = memory[k];
          break;
        case BPF_LDX | BPF_B | BPF_MSH: {
          const uint8_t* byte = window(context, k, 1);
          if (byte == nullptr) return 0;
          x = (*byte & 0xfU) * 4;
          break;
        }
        case BPF_ST:
          memory[k] = a;
          break;
        case BPF_STX:
          memory[k] = x;
          break;
        case BPF_MISC | BPF_TAX:
          x = a;
          break;
        case BPF_MISC | BPF_TXA:
          a = x;
          break;
        case BPF_JMP | BPF_JA:
          pc += k;
          break;
        case BPF_RET | BPF_A:
          return a;
        default:
          return k;
      }
    }
  }
  return 0;
}

}  // namespace hookline::xt
