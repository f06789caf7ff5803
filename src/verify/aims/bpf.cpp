// verify/aims/bpf.cpp: bytes that the programs of `bpf` compare, found by running the program.
//
// A constant that a jump compares with is written where the load before it reads; a draft is kept when the program says yes.
#include <fmt/core.h>
#include <linux/netfilter/xt_bpf.h>

#include <algorithm>

#include "verify/aims/aims.h"
#include "xt/classic_bpf.h"

namespace hookline {
namespace {

constexpr int kDrafts = 16;
constexpr uint32_t kMostBytes = 1400;  // of a packet that is made

std::vector<sock_filter> program_of(const Match& match) {
  const size_t begin = match.revision == 0 ? offsetof(xt_bpf_info, bpf_program) : offsetof(xt_bpf_info_v1, bpf_program);
  const size_t count_at = match.revision == 0 ? 0 : offsetof(xt_bpf_info_v1, bpf_program_num_elem);
  std::vector<sock_filter> program;
  const auto count = read_at<uint16_t>(match.raw, count_at);
  for (size_t i = 0; count && i < *count; ++i)
    if (const auto instruction = read_at<sock_filter>(match.raw, begin + i * sizeof(sock_filter)))
      program.push_back(*instruction);
  return program;
}

bool is_load(uint16_t code) { return BPF_CLASS(code) == BPF_LD && (BPF_MODE(code) == BPF_ABS || BPF_MODE(code) == BPF_IND); }

// Where the load reads in a packet whose header says `header` as its length; nothing for what is not in the packet.
std::optional<uint32_t> place_of(const sock_filter& load, uint32_t header) {
  uint32_t offset = load.k + (BPF_MODE(load.code) == BPF_IND ? header : 0);
  if (offset >= static_cast<uint32_t>(SKF_NET_OFF)) offset -= static_cast<uint32_t>(SKF_NET_OFF);
  return offset < kMostBytes ? std::optional(offset) : std::nullopt;
}

void write_constants(const std::vector<sock_filter>& program, Family family, Random& random, Fields& f) {
  const uint32_t header = family == Family::kIpv4 ? static_cast<uint32_t>(20 + f.ip_options.size()) : 0;
  const sock_filter* load = nullptr;
  for (const sock_filter& instruction : program) {
    if (is_load(instruction.code)) load = &instruction;
    if (BPF_CLASS(instruction.code) != BPF_JMP || BPF_OP(instruction.code) == BPF_JA || load == nullptr ||
        chance(random, 20))
      continue;
    if (const auto place = place_of(*load, header)) {
      const uint32_t value = chance(random, 60)   ? instruction.k
                             : chance(random, 50) ? instruction.k + 1
                                                  : static_cast<uint32_t>(random());
      std::vector<uint8_t> bytes(4);
      store_be32(bytes.data(), value);
      const long size = BPF_SIZE(load->code) == BPF_W ? 4 : BPF_SIZE(load->code) == BPF_H ? 2 : 1;
      f.patterns.emplace_back(*place, std::vector<uint8_t>(bytes.end() - size, bytes.end()));
      if (f.length) f.length = std::max(*f.length, *place + static_cast<uint32_t>(size));
    }
    load = nullptr;
  }
}

bool says_yes(const std::vector<sock_filter>& program, Family family, std::vector<uint8_t> bytes) {
  Packet packet;
  packet.data = bytes.data();
  packet.length = static_cast<uint32_t>(bytes.size());
  packet.family = family;
  return xt::run_bpf(program, {packet, Hook::kForward, 0, 0}) != 0;
}

// Changes the fields so that the program says yes; false: no draft made it.
bool satisfy(const std::vector<sock_filter>& program, Family family, Random& random, Fields& f) {
  for (int draft = 0; draft < kDrafts; ++draft) {
    Fields tried = f;
    if (draft > 0) write_constants(program, family, random, tried);
    if (draft % 4 == 3) tried.payload = static_cast<uint32_t>(below(random, 300));
    if (!says_yes(program, family, family == Family::kIpv4 ? ipv4_bytes(tried, random) : ipv6_bytes(tried, random)))
      continue;
    f = std::move(tried);
    return true;
  }
  return false;
}

void fulfil(const Match& match, Family family, Random& random, Fields& f) { satisfy(program_of(match), family, random, f); }

void miss(const Match& match, Family family, Random& random, Fields& f) {
  const std::vector<sock_filter> program = program_of(match);
  std::vector<const sock_filter*> loads;
  for (const sock_filter& instruction : program)
    if (is_load(instruction.code)) loads.push_back(&instruction);
  if (loads.empty()) return;
  const auto place = place_of(*any_of(random, loads), family == Family::kIpv4 ? 20 : 0);
  if (!place) return;
  if (chance(random, 40) && *place >= 24) {
    f.length = *place + static_cast<uint32_t>(below(random, 5));
    f.patterns.clear();
  } else if (!f.patterns.empty()) {
    std::vector<uint8_t>& bytes = f.patterns[below(random, f.patterns.size())].second;
    bytes[below(random, bytes.size())] ^= static_cast<uint8_t>(1U << below(random, 8));
  } else {
    f.patterns.emplace_back(*place, std::vector<uint8_t>(4, static_cast<uint8_t>(random())));
  }
}

// ---- programs ------------------------------------------------------------------------------------------------------

using Program = std::vector<sock_filter>;

void add(Program& program, unsigned code, uint32_t k = 0, uint8_t jump_true = 0, uint8_t jump_false = 0) {
  program.push_back({static_cast<uint16_t>(code), jump_true, jump_false, k});
}

constexpr uint32_t kAncillary = static_cast<uint32_t>(SKF_AD_OFF);

// Something into the accumulator. Indirect loads take a register that no packet can make large.
void add_load(Program& program, Family family, Random& random) {
  static constexpr std::array<unsigned, 3> kSizes = {BPF_W, BPF_H, BPF_B};
  static constexpr std::array<uint32_t, 3> kCarried = {SKF_AD_PROTOCOL, SKF_AD_PKTTYPE, SKF_AD_MARK};
  const unsigned size = kSizes[below(random, kSizes.size())];
  const auto payload = static_cast<uint32_t>((family == Family::kIpv4 ? 28 : 44) + below(random, 40));
  switch (below(random, 9)) {
    case 0:
      add(program, BPF_LDX | BPF_B | BPF_MSH, family == Family::kIpv4 ? 0 : 6);
      add(program, BPF_LD | size | BPF_IND, static_cast<uint32_t>(below(random, 20)));
      return;
    case 1:
      add(program, BPF_LD | size | BPF_ABS, static_cast<uint32_t>(SKF_NET_OFF) + payload);
      return;
    case 2:
      add(program, BPF_LD | BPF_W | BPF_LEN);
      return;
    case 3:
      add(program, BPF_LD | size | BPF_ABS, kAncillary + kCarried[below(random, kCarried.size())]);
      return;
    case 4:
      add(program, BPF_LD | BPF_B | BPF_ABS, static_cast<uint32_t>(below(random, 24)));
      add(program, BPF_MISC | BPF_TAX);
      add(program, BPF_LD | size | BPF_IND, chance(random, 10) ? UINT32_MAX - 3 : static_cast<uint32_t>(below(random, 30)));
      return;
    case 5:
      // X + k wraps, or leads to the network header.
      add(program, BPF_LDX | BPF_IMM, chance(random, 50) ? static_cast<uint32_t>(SKF_NET_OFF) : UINT32_MAX - 7);
      add(program, BPF_LD | size | BPF_IND, static_cast<uint32_t>(below(random, 40)));
      return;
    default:
      add(program, BPF_LD | size | BPF_ABS, payload);
  }
}

// One to three steps of arithmetic. They leave the accumulator nearly anything.
void add_arithmetic(Program& program, Random& random) {
  static constexpr std::array<unsigned, 10> kOps = {BPF_ADD, BPF_SUB, BPF_MUL, BPF_DIV, BPF_MOD,
                                                    BPF_OR,  BPF_XOR, BPF_LSH, BPF_RSH, BPF_AND};
  for (uint64_t steps = 1 + below(random, 3); steps > 0; --steps) {
    const unsigned op = kOps[below(random, kOps.size())];
    switch (below(random, 6)) {
      case 0:
        add(program, BPF_ALU | BPF_NEG);
        break;
      case 1:
        add(program, BPF_ST, static_cast<uint32_t>(below(random, BPF_MEMWORDS)));
        add(program, BPF_LDX | BPF_MEM, program.back().k);
        add(program, BPF_ALU | op | BPF_X);
        break;
      case 2:
        add(program, BPF_LDX | BPF_IMM, static_cast<uint32_t>(below(random, 70)));
        add(program, chance(random, 20) ? BPF_LD | BPF_W | BPF_ABS : BPF_ALU | op | BPF_X, kAncillary + SKF_AD_ALU_XOR_X);
        break;
      case 3:
        add(program, BPF_STX, 3);
        add(program, BPF_MISC | BPF_TAX);
        add(program, BPF_LD | BPF_MEM, 3);
        add(program, BPF_ALU | op | BPF_X);
        break;
      default:
        add(program, BPF_ALU | op | BPF_K,
            op == BPF_LSH || op == BPF_RSH ? static_cast<uint32_t>(below(random, 32)) : 1 + static_cast<uint32_t>(random()));
    }
    if (program.back().k == 0 && (op == BPF_DIV || op == BPF_MOD)) program.back().k = 7;
  }
}

std::string text_of(const Program& program) {
  std::string text = fmt::format("{}", program.size());
  for (const sock_filter& i : program) text += fmt::format(",{} {} {} {}", i.code, i.jt, i.jf, i.k);
  return text;
}

Program random_program(Family family, Random& random) {
  Program program;
  std::vector<size_t> jumps;
  for (uint64_t blocks = 1 + below(random, 3); blocks > 0; --blocks) {
    add_load(program, family, random);
    static constexpr std::array<unsigned, 4> kJumps = {BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET};
    unsigned jump = kJumps[below(random, kJumps.size())];
    if (chance(random, 40)) {
      add_arithmetic(program, random);
      if (jump == BPF_JEQ) jump = BPF_JSET;
    }
    jumps.push_back(program.size());
    const uint32_t bound = chance(random, 50) ? 0xff : UINT32_MAX >> below(random, 32);
    if (chance(random, 20)) {
      add(program, BPF_LDX | BPF_IMM, static_cast<uint32_t>(random()) & bound);
      ++jumps.back();
      add(program, BPF_JMP | jump | BPF_X);
    } else {
      add(program, BPF_JMP | jump | BPF_K, static_cast<uint32_t>(random()) & bound);
    }
    if (chance(random, 10)) add(program, BPF_JMP | BPF_JA, 0);
  }
  if (chance(random, 20)) {
    add(program, BPF_RET | BPF_A);
  } else {
    add(program, BPF_RET | BPF_K, chance(random, 20) ? 0x80000000 : 1);
  }
  add(program, BPF_RET | BPF_K, 0);
  for (const size_t at : jumps) {
    const auto to_end = static_cast<uint8_t>(program.size() - at - 2);
    (chance(random, 70) ? program[at].jf : program[at].jt) = to_end;
  }
  return program;
}

std::string write(Family family, Random& random) {
  // Most programs are ones that some packet satisfies.
  const bool any = chance(random, 8);
  Program program;
  Fields fields;
  do program = random_program(family, random);
  while (xt::bpf_fault(program) || !xt::bpf_needs(program).empty() || (!any && !satisfy(program, family, random, fields)));
  return fmt::format(" -m bpf --bytecode \"{}\"", text_of(program));
}

}  // namespace

constexpr MatchAim kBpfAim = {.name = "bpf", .fulfil = fulfil, .miss = miss, .write = write};

}  // namespace hookline
