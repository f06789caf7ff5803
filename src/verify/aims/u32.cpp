// verify/aims/u32.cpp: the words that the tests of `u32` read, made backwards from the values that they look for.
//
// A first packet of the fields is made to learn where the last read of a test lies; steps behind it are then undone.
#include <fmt/core.h>
#include <linux/netfilter/xt_u32.h>

#include <algorithm>
#include <cstring>

#include "verify/aims/aims.h"

namespace hookline {
namespace {

constexpr uint32_t kMostBytes = 1400;  // of a packet that is made

// The last read of a test: where, and the first step behind it.
struct Read {
  uint64_t position;
  unsigned next_step;
};

uint32_t stepped(uint32_t value, const xt_u32_location_element& step) {
  switch (step.nextop) {
    case XT_U32_AND:
      return value & step.number;
    case XT_U32_LEFTSH:
      return value << (step.number & 31);
    case XT_U32_RIGHTSH:
      return value >> (step.number & 31);
    default:
      return value;
  }
}

Read last_read(const xt_u32_test& test, Bytes packet) {
  Read read{test.location[0].number, 1};
  uint64_t base = 0;
  uint32_t value = 0;
  const auto load = [&] { value = read.position + 4 <= packet.size() ? load_be32(packet.data() + read.position) : 0; };
  load();
  for (unsigned i = 1; i < test.nnums; ++i) {
    if (test.location[i].nextop == XT_U32_AT) {
      base += value;
      read = {base + test.location[i].number, i + 1};
      load();
    } else {
      value = stepped(value, test.location[i]);
    }
  }
  return read;
}

// A word that becomes `wanted` by the steps from `first` on, like `before` where the steps do not care.
uint32_t undone(const xt_u32_test& test, unsigned first, uint32_t wanted, uint32_t before) {
  if (first >= test.nnums) return wanted;
  const xt_u32_location_element& step = test.location[first];
  const uint32_t old = before;
  const uint32_t after = undone(test, first + 1, wanted, stepped(before, step));
  switch (step.nextop) {
    case XT_U32_AND:
      return (after & step.number) | (old & ~step.number);
    case XT_U32_LEFTSH: {
      const uint32_t kept = step.number == 0 ? 0 : ~(UINT32_MAX >> (step.number & 31));
      return after >> (step.number & 31) | (old & kept);
    }
    case XT_U32_RIGHTSH: {
      const uint32_t kept = (1U << (step.number & 31)) - 1;
      return after << (step.number & 31) | (old & kept);
    }
    default:
      return after;
  }
}

void fulfil(const Match& match, Family family, Random& random, Fields& f) {
  const auto info = read_at<xt_u32>(match.raw, 0);
  if (!info) return;
  // One test that fails is enough for the inverted match: random words do it.
  if (info->invert != 0) return;
  for (unsigned t = 0; t < info->ntests; ++t) {
    const xt_u32_test& test = info->tests[t];
    if (test.nvalues == 0) return;
    std::vector<uint8_t> bytes = family == Family::kIpv4 ? ipv4_bytes(f, random) : ipv6_bytes(f, random);
    const Read read = last_read(test, bytes);
    if (read.position > kMostBytes) continue;
    const auto position = static_cast<uint32_t>(read.position);
    if (bytes.size() < position + 4) {
      if (f.length) f.length = std::max(*f.length, position + 4);
      bytes.resize(position + 4);
    }
    const xt_u32_value_element& range = test.value[below(random, test.nvalues)];
    if (range.min > range.max) continue;
    std::vector<uint8_t> word(4);
    store_be32(word.data(),
               undone(test, read.next_step, edge_in(random, range.min, range.max), load_be32(bytes.data() + position)));
    f.patterns.emplace_back(position, std::move(word));
  }
}

void miss(const Match& match, Family, Random& random, Fields& f) {
  if (f.patterns.empty()) {
    // The reads of an inverted match, or of a position that no packet has.
    const auto info = read_at<xt_u32>(match.raw, 0);
    const uint32_t first = info ? info->tests[0].location[0].number : 0;
    if (first < kMostBytes) f.length = first + static_cast<uint32_t>(below(random, 6));
    return;
  }
  auto& [offset, pattern] = f.patterns[below(random, f.patterns.size())];
  if (chance(random, 40) && offset >= 40) {
    // The packet ends inside the word, or right behind it.
    f.length = offset + 1 + static_cast<uint32_t>(below(random, 4));
    f.patterns.clear();
  } else {
    pattern[below(random, pattern.size())] ^= static_cast<uint8_t>(1U << below(random, 8));
  }
}

// Steps that leave bits which a packet can have, and a value of what they leave.
std::string operand(uint32_t position, Random& random) {
  static constexpr std::array<uint32_t, 6> kMasks = {0xff, 0xffff, 0xffff0000, 0xf0, 0x00ffff00, 0x80000001};
  std::string text = fmt::format("{:#x}", position);
  uint32_t bits = UINT32_MAX;
  for (uint64_t steps = below(random, 4); steps > 0; --steps) {
    const uint64_t which = below(random, 3);
    const uint32_t number = which == 0 ? kMasks[below(random, kMasks.size())] : static_cast<uint32_t>(below(random, 20));
    bits = which == 0 ? bits & number : which == 1 ? bits << number : bits >> number;
    text += fmt::format("{}{:#x}", which == 0 ? "&" : which == 1 ? "<<" : ">>", number);
  }
  const auto value = [&] { return static_cast<uint32_t>(random()) & bits; };
  text += '=';
  for (uint64_t ranges = 1 + below(random, chance(random, 10) ? 10 : 3); ranges > 0; --ranges) {
    const uint32_t a = value(), b = value();
    text += chance(random, 50) ? fmt::format("{:#x}", a) : fmt::format("{:#x}:{:#x}", std::min(a, b), std::max(a, b));
    if (ranges > 1) text += ',';
  }
  return text;
}

std::string write(Family family, Random& random) {
  static constexpr std::array<std::string_view, 7> kIpv4Known = {"6&0xFF=6,17",
                                                                 "4&0x1FFF=0",
                                                                 "0>>22&0x3C@0>>16=0:1023",
                                                                 "6&0xFF=6&&4&0x1FFF=0&&0>>22&0x3C@12>>26&0x3C@0=0x47455420",
                                                                 "0>>22&0x3C@4=0:0x7fffffff",
                                                                 "8>>24=2:64",
                                                                 "0&0xffff=0x1c:0x40"};
  static constexpr std::array<std::string_view, 6> kIpv6Known = {"4>>8&0xFF=6,17",  "4>>16=8:0x40",      "4&0xFF=2:64",
                                                                 "0x28>>16=0:1023", "0>>20&0xFF=0,0x10", "36=0:0x7fffffff"};
  std::string text = fmt::format(" -m u32{} --u32 \"", chance(random, 25) ? " !" : "");
  if (chance(random, 35)) {
    text += family == Family::kIpv4 ? kIpv4Known[below(random, kIpv4Known.size())]
                                    : kIpv6Known[below(random, kIpv6Known.size())];
    return text + "\"";
  }
  // Words of their own behind the headers, so that they do not contradict each other.
  uint32_t position = (family == Family::kIpv4 ? 40 : 60) + static_cast<uint32_t>(below(random, 8));
  for (uint64_t tests = 1 + below(random, chance(random, 10) ? 10 : 3); tests > 0; --tests) {
    if (chance(random, 4)) {
      text += "0xfffffffc=0:0xffffffff";  // behind every packet
    } else if (chance(random, 15)) {
      text += fmt::format("{:#x}>>26&0x3c@{}", family == Family::kIpv4 ? 0U : 6U, operand(position, random));
    } else {
      text += operand(position, random);
    }
    position += chance(random, 50) ? 4 : 64;
    if (tests > 1) text += "&&";
  }
  return text + "\"";
}

}  // namespace

constexpr MatchAim kU32Aim = {.name = "u32", .fulfil = fulfil, .miss = miss, .write = write};

}  // namespace hookline
