// tests/xt/types_test.cpp: every registered type by itself, without the kernel: random and damaged bytes through decode,
// print, evaluate and lower; and the lowered predicate against evaluate() on random packets of indexable shapes.
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <random>
#include <set>

#include "ipset/sets.h"
#include "key.h"
#include "packet/effects.h"
#include "support/packets.h"
#include "support/set_builder.h"
#include "world/host_view.h"
#include "world/world.h"
#include "xt/evaluate.h"
#include "xt/registry.h"
#include "xt/string.h"

namespace hookline::test {
namespace {

constexpr unsigned kInfosPerType = 3000;
constexpr unsigned kPacketsPerInfo = 30;

uint64_t seed() {
  const char* given = std::getenv("HOOKLINE_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 0) : 20;
}

class Random {
 public:
  explicit Random(uint64_t start) : engine_(start) {}
  uint32_t below(uint32_t bound) { return static_cast<uint32_t>(engine_() % bound); }
  uint32_t word() { return static_cast<uint32_t>(engine_()); }
  bool once_in(uint32_t n) { return below(n) == 0; }
  // Numbers that meet each other and the ends of their domain.
  uint8_t byte() {
    static constexpr uint8_t kPool[] = {0, 1, 2, 3, 5, 8, 13, 64, 127, 128, 253, 254, 255};
    return once_in(3) ? static_cast<uint8_t>(word()) : kPool[below(std::size(kPool))];
  }

 private:
  std::mt19937_64 engine_;
};

// Protocols under which a match loads, or has something to find: its own, or for multiport one of the five.
std::vector<uint16_t> protocols_of(const MatchType& type) {
  if (type.limits.protocol != 0) return {type.limits.protocol};
  if (type.name == "l2tp") return {17, 115};
  if (type.name == "ah") return {51};  // IPv6 looks for the header by itself
  return {6, 17, 136, 132, 33};
}

// The matches on IPv6 extension headers: few conditions, of numbers that short headers have.
void tame_ipv6_header_info(const MatchType& type, std::vector<uint8_t>& bytes, Random& random) {
  const auto put = [&](size_t at, std::initializer_list<uint8_t> values) {
    std::copy(values.begin(), values.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
  };
  const auto few = [&](uint8_t mask) { return static_cast<uint8_t>(random.word() & random.word() & mask); };
  const auto length = [&](size_t at) { put(at, {static_cast<uint8_t>(8 + 8 * random.below(2)), 0, 0, 0}); };
  if (type.name == "frag") {
    if (!random.once_in(4)) put(0, {0, 0, 0, 0, 255, 255, 255, 255});
    put(12, {few(0x3c), few(1)});
  }
  if (type.name == "hbh" || type.name == "dst") {
    length(0);
    put(4, {few(3), few(1)});
    bytes[38] = static_cast<uint8_t>(random.below(3));
  }
  if (type.name == "mh") put(0, {random.byte(), random.byte(), few(1)});
  if (type.name == "rt") {
    put(0, {static_cast<uint8_t>(random.below(3)), 0, 0, 0, 0, 0, 0, 0, random.byte(), 0, 0, 0});
    length(12);
    put(16, {few(0x3f), few(7)});
    if ((bytes[16] & 0x38) != 0) {  // what only type 0 has
      bytes[0] = 0;
      bytes[16] |= 1;
      bytes[17] &= 6;
    }
    bytes[276] = static_cast<uint8_t>(random.below(3));
    for (size_t i = 20; i < 276; ++i) bytes[i] = 0;
  }
  if (type.name == "srh") {
    const size_t flags = type.abi_size - 4U;
    put(0, {static_cast<uint8_t>(random.once_in(2) ? 6 : 17), static_cast<uint8_t>(random.below(3)),
            static_cast<uint8_t>(random.below(3)), static_cast<uint8_t>(random.below(3))});
    put(flags, {few(0xff), few(0x3f), few(0xff), few(0x3f)});
  }
}

// A name in a field of `size` bytes that the kernel takes for a file's.
void put_name(std::vector<uint8_t>& bytes, size_t at, size_t size, Random& random) {
  std::fill_n(bytes.begin() + static_cast<long>(at), size, uint8_t{0});
  for (size_t i = 0; i == 0 || i < random.below(8); ++i) bytes[at + i] = static_cast<uint8_t>('a' + random.below(26));
}

// The fields of xt_hashlimit's revisions lie at other places each.
void tame_hashlimit(uint8_t revision, std::vector<uint8_t>& bytes, Random& random) {
  const size_t cfg = revision == 1 ? 16 : 256;
  const size_t average = cfg + (revision == 1 ? 4 : 0), burst = cfg + 8, mode = cfg + (revision == 1 ? 0 : 16);
  const size_t times = cfg + (revision == 1 ? 20 : 28), masks = cfg + (revision == 1 ? 28 : revision == 2 ? 36 : 40);
  const size_t width = revision == 1 ? 4 : 8;
  put_name(bytes, 0, revision == 1 ? 16 : 255, random);
  const auto small = [&](size_t at, size_t size) {
    std::fill_n(bytes.begin() + static_cast<long>(at), size, uint8_t{0});
    bytes[at] = static_cast<uint8_t>(1 + random.below(200));
  };
  small(average, width);
  bytes[average + 1] = random.byte();
  small(burst, width);
  bytes[mode] = static_cast<uint8_t>(bytes[mode] & (revision == 1 ? 0x1f : revision == 2 ? 0x3f : 0x7f));
  bytes[mode + 1] = bytes[mode + 2] = bytes[mode + 3] = 0;
  for (size_t at = mode + 4; at < mode + 12; at += 4) small(at, 4);  // buckets, entries
  small(times, 4);
  small(times + 4, 4);
  bytes[times + 5] = 0xff;
  if (revision == 3) small(times + 8, 4);
  bytes[masks] = static_cast<uint8_t>(random.below(33)), bytes[masks + 1] = static_cast<uint8_t>(random.below(33));
}

std::vector<uint8_t> random_info(const MatchType& type, Random& random) {
  std::vector<uint8_t> bytes((type.abi_size + 7U) & ~7U);
  for (size_t i = 0; i < type.abi_size; ++i) bytes[i] = random.byte();
  // Type by type, where plain chance would nearly always be refused or never be true.
  if (type.name == "tcp") {
    bytes[11] &= 0xf;
    if (!random.once_in(4)) bytes[8] = 0;  // no option
    if (random.once_in(2)) bytes[9] = bytes[10] = 0;
    if (!random.once_in(3)) bytes[10] &= bytes[9];
  }
  if (type.name == "addrtype" && type.revision == 1 && !random.once_in(4)) {  // types that both families take
    bytes[0] &= 0xb7, bytes[2] &= 0xb7;
    bytes[1] = bytes[3] = bytes[5] = bytes[6] = bytes[7] = 0;
    bytes[4] = static_cast<uint8_t>(bytes[4] & (random.once_in(2) ? 0x7 : 0xb));
  }
  if (type.name == "ah") bytes[type.families == kIpv4Only ? 8 : 13] &= 0x3;
  if (type.name == "cgroup") {
    if (type.revision == 0) {
      bytes[4] &= 1, bytes[5] = bytes[6] = bytes[7] = 0;
    } else {
      bytes[0] = random.once_in(4) ? 1 : 0;
      bytes[1] = bytes[0] == 0 ? 1 : 0;
      bytes[2] &= 1, bytes[3] &= 1;
    }
    const size_t id = type.revision == 0 ? 0 : type.revision == 1 ? 4100 : 4;
    if (random.once_in(2)) std::fill_n(bytes.begin() + static_cast<long>(id), 4, uint8_t{0});
  }
  if (type.name == "cluster") {
    std::fill_n(bytes.begin(), 8, uint8_t{0});
    bytes[0] = static_cast<uint8_t>(random.below(40));
    bytes[4] = static_cast<uint8_t>(random.below(1U << std::min<uint32_t>(bytes[0], 8)));
  }
  if (type.name == "connbytes") bytes[16] &= 3, bytes[17] &= 3;
  if (type.name == "connlabel") bytes[1] = bytes[3] = 0, bytes[2] &= 3;
  if (type.name == "cpu") bytes[4] &= 1, bytes[5] = bytes[6] = bytes[7] = 0;
  if (type.name == "devgroup") bytes[0] &= 0xf, bytes[1] = bytes[2] = bytes[3] = 0;
  if (type.name == "owner") {
    bytes[16] &= 0xf;
    for (const size_t at : {size_t{0}, size_t{8}}) {
      if (random.once_in(2)) std::fill_n(bytes.begin() + static_cast<long>(at), 4, uint8_t{0});
      bytes[at + 3] &= 0x7f;
      bytes[at + 7] = static_cast<uint8_t>(0x80 | (bytes[at + 7] & 0x7e));
    }
  }
  if (type.name == "physdev") {
    if (random.once_in(2)) bytes[64] |= 0x1f;
    bytes[65] &= 0x1f;
  }
  if (type.name == "policy") {
    bytes[304] = static_cast<uint8_t>(1 | (bytes[304] & 0xc)), bytes[305] = 0;
    bytes[306] = static_cast<uint8_t>(random.below(5)), bytes[307] = 0;
  }
  if (type.name == "realm" && !random.once_in(8)) bytes[8] &= 1;
  if (type.name == "socket" && type.revision != 0) bytes[0] = static_cast<uint8_t>(bytes[0] & ((1U << type.revision) - 1));
  if (type.name == "dccp") {
    bytes[8] &= 0xf, bytes[9] = 0;
    bytes[10] &= bytes[8], bytes[11] = 0;
    if (!random.once_in(3)) bytes[8] &= 7, bytes[10] &= 7;  // no option
  }
  if (type.name == "dscp") bytes[0] &= 0x3f;
  if (type.name == "ecn") bytes[0] &= 0x31, bytes[1] &= 0x31, bytes[2] &= 7;
  if (type.name == "esp" || type.name == "ipcomp") bytes[8] &= 0x1;
  if (type.name == "l2tp") {
    bytes[2] = bytes[3] = bytes[6] = bytes[7] = 0;
    bytes[8] = static_cast<uint8_t>(2 + random.below(2));
    bytes[9] &= 1, bytes[10] &= 0xf;
  }
  if (type.name == "sctp") {
    if (!random.once_in(3)) std::fill(bytes.begin() + 40, bytes.begin() + 264, uint8_t{0});
    bytes[264] = static_cast<uint8_t>(1U << random.below(3));
    bytes[265] = bytes[266] = bytes[267] = 0;
    bytes[280] = static_cast<uint8_t>(random.below(5));
    std::fill(bytes.begin() + 281, bytes.begin() + 292, uint8_t{0});
    bytes[284] = static_cast<uint8_t>(random.below(8));
    bytes[288] = static_cast<uint8_t>(random.below(8) & bytes[284]);
  }
  if (type.name == "udp" || type.name == "udplite") bytes[8] &= 0x3;
  if (type.name == "icmp" || type.name == "icmp6") bytes[3] &= 0x1;
  if (type.name == "multiport") {
    bytes[0] = static_cast<uint8_t>(random.below(3));
    bytes[1] = static_cast<uint8_t>(random.below(16));
    for (size_t i = 32; i < 47; ++i) bytes[i] = i > 32 && bytes[i - 1] != 0 ? 0 : random.once_in(4);
    if (!random.once_in(8)) bytes[47] &= 1;
    for (size_t i = 0; i < 15; ++i)
      if (random.once_in(2)) bytes[3 + 2 * i] = 0;  // small ports
  }
  if (type.name == "mac" && !random.once_in(8)) bytes[8] &= 1, bytes[9] = bytes[10] = bytes[11] = 0;
  if (type.name == "pkttype") {
    bytes[0] = static_cast<uint8_t>(random.below(6));
    bytes[1] = bytes[2] = bytes[3] = 0;
    if (!random.once_in(8)) bytes[4] &= 1, bytes[5] = bytes[6] = bytes[7] = 0;
  }
  if (type.name == "length" && !random.once_in(8)) bytes[4] &= 1;
  if (type.name == "mark" && !random.once_in(8)) bytes[8] &= 1;
  if (type.name == "iprange") {
    bytes[64] &= 0x33;
    for (size_t i = 0; i < 64; ++i)
      if (!random.once_in(6)) bytes[i] = static_cast<uint8_t>(random.once_in(2) ? 0 : 255);
  }
  tame_ipv6_header_info(type, bytes, random);
  if (type.name == "ttl" || type.name == "hl") bytes[0] &= 7;
  if (type.name == "string") {
    std::fill(bytes.begin() + 4, bytes.begin() + 20, uint8_t{0});
    const std::string_view algorithm = random.once_in(2) ? "bm" : "kmp";
    std::copy(algorithm.begin(), algorithm.end(), bytes.begin() + 4);
    bytes[148] = static_cast<uint8_t>(1 + random.below(3));
    bytes[149] &= 3;
  }
  if (type.name == "bpf") {
    // Programs of few instructions that nearly load: known codes, short jumps, a return behind.
    static constexpr uint8_t kCodes[] = {0x00, 0x01, 0x02, 0x04, 0x05, 0x07, 0x0c, 0x15, 0x1d, 0x20, 0x28,
                                         0x30, 0x35, 0x3c, 0x40, 0x45, 0x48, 0x50, 0x54, 0x60, 0x64, 0x6c,
                                         0x80, 0x81, 0x84, 0x87, 0x94, 0x9c, 0xa4, 0xac, 0xb1, 0x16, 0x06};
    const size_t program = type.revision == 0 ? 4 : 8, count = 1 + random.below(10);
    std::fill(bytes.begin(), bytes.begin() + static_cast<long>(program), uint8_t{0});
    bytes[type.revision == 0 ? 0 : 2] = static_cast<uint8_t>(count);
    for (size_t i = 0; i < count; ++i) {
      uint8_t* instruction = bytes.data() + program + 8 * i;
      instruction[0] = i + 1 == count ? random.once_in(2) ? 0x16 : 0x06 : kCodes[random.below(std::size(kCodes))];
      instruction[1] = 0;
      instruction[2] = static_cast<uint8_t>(random.below(3));
      instruction[3] = static_cast<uint8_t>(random.below(3));
      instruction[4] = static_cast<uint8_t>(random.below(30));
      if (!random.once_in(8)) instruction[5] = instruction[6] = instruction[7] = 0;
    }
  }
  if (type.name == "statistic") {
    bytes[0] = static_cast<uint8_t>(random.below(2));
    bytes[1] = bytes[3] = 0;
    bytes[2] &= 1;
    for (const size_t at : {4, 8, 12}) bytes[at + 1] = bytes[at + 2] = bytes[at + 3] = 0;
    if (bytes[0] == 0) bytes[7] = random.once_in(2) ? 0x80 : 0;  // a probability near 0 or 1
  }
  if (type.name == "quota") {
    bytes[0] &= 1;
    bytes[1] = bytes[2] = bytes[3] = 0;
    for (size_t i = 10; i < 16; ++i) bytes[i] = 0;
  }
  if (type.name == "hashlimit") tame_hashlimit(type.revision, bytes, random);
  if (type.name == "recent") {
    for (const size_t at : {0, 4})
      bytes[at] = static_cast<uint8_t>(random.below(8)), bytes[at + 1] = bytes[at + 2] = bytes[at + 3] = 0;
    static constexpr uint8_t kWhat[] = {1, 2, 4, 8, 0x12, 0x14, 0x24};
    bytes[8] = kWhat[random.below(std::size(kWhat))];
    if ((bytes[8] & 9) != 0) bytes[0] = bytes[4] = 0;
    if ((bytes[8] & 0x20) != 0) bytes[0] = static_cast<uint8_t>(1 + random.below(8));
    bytes[9] &= 1;
    put_name(bytes, 10, 200, random);
    bytes[210] &= 1;
  }
  if (type.name == "rateest") {
    put_name(bytes, 0, 16, random);
    put_name(bytes, 16, 16, random);
    bytes[32] = static_cast<uint8_t>((bytes[32] & 0x35) | 0x10), bytes[33] = 0;
    bytes[32] = static_cast<uint8_t>(random.once_in(2) ? (bytes[32] & ~2U) | 4U : (bytes[32] & ~4U) | 2U);
    bytes[34] = static_cast<uint8_t>(random.below(4)), bytes[35] = 0;
  }
  if (type.name == "limit") {
    if (!random.once_in(8)) bytes[2] = bytes[3] = 0;
    bytes[5] = bytes[6] = bytes[7] = 0;
  }
  if (type.name == "time") {
    for (const size_t at : {3, 10, 11, 14, 15}) bytes[at] = 0;
    for (const size_t at : {10, 14}) bytes[at] = static_cast<uint8_t>(random.below(2));
    bytes[7] = static_cast<uint8_t>(bytes[7] | 0x40);
    for (size_t i = 16; i < 21; ++i) bytes[i] = static_cast<uint8_t>(bytes[i] | random.byte());
    bytes[21] &= 3;
  }
  if (type.name == "set") {
    bytes[0] = static_cast<uint8_t>(random.below(3)), bytes[1] = 0;
    if (type.revision == 0) {
      for (size_t i = 4; i < 32; ++i) bytes[i] = i < 16 && i % 4 == 0 ? static_cast<uint8_t>(random.below(8)) : uint8_t{0};
    } else {
      bytes[2] = static_cast<uint8_t>(random.below(4)), bytes[3] &= 0xf;
    }
    for (const size_t op : {size_t{8}, size_t{16}, size_t{24}, size_t{32}})
      if (type.revision >= 3) bytes[op] = static_cast<uint8_t>(random.below(5));
  }
  if (type.name == "u32") {
    bytes[1980] = static_cast<uint8_t>(random.below(3));
    if (!random.once_in(8)) bytes[1981] &= 1;
    for (size_t test = 0; test < 1980; test += 180) {
      bytes[test + 176] = static_cast<uint8_t>(random.below(5));
      bytes[test + 177] = static_cast<uint8_t>(random.below(4));
      for (size_t step = test; step < test + 88; step += 8) {
        bytes[step] = static_cast<uint8_t>(random.below(40));
        if (!random.once_in(6)) bytes[step + 1] = bytes[step + 2] = bytes[step + 3] = 0;
        bytes[step + 4] = static_cast<uint8_t>(random.below(5));
      }
    }
  }
  return bytes;
}

// Likewise for targets.
std::vector<uint8_t> random_target_info(const TargetType& type, Random& random) {
  std::vector<uint8_t> bytes((type.abi_size + 7U) & ~7U);
  for (size_t i = 0; i < type.abi_size; ++i) bytes[i] = random.byte();
  const auto small = [&](size_t at, uint32_t bound) {
    bytes[at] = static_cast<uint8_t>(random.below(bound));
    bytes[at + 1] = bytes[at + 2] = bytes[at + 3] = 0;
  };
  const auto name_at = [&](size_t at, size_t size) {
    for (size_t i = 0; i < size; ++i) bytes[at + i] = random.once_in(4) ? 0 : static_cast<uint8_t>('!' + random.below(90));
  };
  if (type.name == "REJECT") small(0, 9);
  if (type.name == "LOG") bytes[0] &= 7, bytes[31] = 0;
  if (type.name == "NFLOG") bytes[8] &= 1, bytes[9] = bytes[75] = 0;
  if (type.name == "NFQUEUE" && type.revision > 0) bytes[3] &= 0x7f;
  if (type.name == "NFQUEUE" && type.revision > 1) bytes[4] &= type.revision == 2 ? 1 : 3, bytes[5] = 0;
  if (type.name == "CT") {
    bytes[0] &= type.revision < 2 ? 1 : 0x1f, bytes[1] = 0;
    name_at(12, type.revision == 0 ? 16 : 48);
  }
  if (type.name == "CONNMARK") bytes[12] &= 3, bytes[13] &= 0x3f, bytes[14] &= 3;
  if (type.name == "CONNSECMARK") bytes[0] = static_cast<uint8_t>(random.below(4));
  if (type.name == "SECMARK") bytes[0] = random.once_in(4) ? 2 : 1;
  const bool multi_range = type.abi_size == 20;  // nf_nat_ipv4_multi_range_compat
  if (multi_range) small(0, 2);
  if (type.limits.table == "nat") bytes[multi_range ? 4 : 0] &= 0x7f;
  if (type.name == "CLUSTERIP") bytes[12] &= 0x1f, bytes[13] = 0, small(48, 4);
  if (type.name == "SET") {
    const size_t step = type.revision == 0 ? 32 : 4, names = type.revision == 3 ? 3 : 2;
    for (size_t at = 0; at < names * step; at += step) {
      const auto index = static_cast<uint16_t>(random.once_in(4) ? 0xffff : random.below(3));
      std::memcpy(bytes.data() + at, &index, sizeof index);
      if (type.revision == 0) {
        for (size_t i = 4; i < 32; ++i) bytes[at + i] = i == 4 ? static_cast<uint8_t>(random.below(4)) : uint8_t{0};
      } else {
        bytes[at + 2] = static_cast<uint8_t>(random.below(4));
      }
    }
  }
  if (type.name == "SNPT" || type.name == "DNPT") {
    // Prefixes of 48 bits.
    for (const size_t at : {size_t{6}, size_t{22}}) std::fill_n(bytes.begin() + static_cast<long>(at), 10, uint8_t{0});
    bytes[32] = static_cast<uint8_t>(48 + random.below(17)), bytes[33] = static_cast<uint8_t>(48 + random.below(17));
  }
  if (type.name == "ECN") bytes[0] &= 0x31, bytes[1] &= 3;
  if (type.name == "IDLETIMER") {
    small(0, 200);
    put_name(bytes, 4, 28, random);
    if (type.revision == 1) bytes[32] = 0, bytes[33] &= 1;
  }
  if (type.name == "ULOG") {
    std::fill(bytes.begin() + 16, bytes.begin() + 24, uint8_t{0});
    bytes[16] = static_cast<uint8_t>(random.below(60));
    if (!random.once_in(8)) bytes[55] = 0;
  }
  return bytes;
}

// Puts up to four whole extension headers of small numbers in front of what the packet holds; no later fragment.
void add_extension_headers(Ipv6Spec& spec, Random& random) {
  static constexpr uint8_t kKinds[] = {0, 43, 44, 51, 60};
  for (int count = 0; count < 4 && random.once_in(2); ++count) {
    const uint8_t kind = kKinds[random.below(std::size(kKinds))];
    std::vector<uint8_t> header(kind == 44 ? 8 : kind == 51 ? 12 : 8 + 8 * random.below(2));
    for (uint8_t& byte : header) byte = random.once_in(2) ? 0 : static_cast<uint8_t>(random.below(5));
    header[0] = spec.next_header;
    if (kind == 44) {
      store_be16(header.data() + 2, load_be16(header.data() + 2) & 7);
    } else {
      header[1] = static_cast<uint8_t>(kind == 51 ? header.size() / 4 - 2 : header.size() / 8 - 1);
    }
    spec.payload.insert(spec.payload.begin(), header.begin(), header.end());
    spec.next_header = kind;
  }
}

// An indexable packet, or one of another shape (the caller asks the key).
std::vector<uint8_t> random_packet(Family family, uint16_t protocol, Random& random) {
  std::vector<uint8_t> l4(8 + random.below(40));
  for (uint8_t& byte : l4) byte = random.byte();
  for (size_t i : {size_t{0}, size_t{2}})
    if (random.once_in(2)) l4[i] = 0;  // small ports
  if (protocol == 6 && l4.size() > 12 && random.once_in(2)) l4[12] = static_cast<uint8_t>((5 + random.below(4)) << 4);
  const auto address = [&](size_t size, uint8_t* out) {
    for (size_t i = 0; i < size; ++i)
      out[i] = static_cast<uint8_t>(random.once_in(5) ? random.byte() : random.once_in(2) ? 0 : 255);
  };
  if (family == Family::kIpv4) {
    Ipv4Spec spec;
    spec.protocol = static_cast<uint8_t>(protocol);
    spec.ttl = random.byte();
    spec.payload = l4;
    if (random.once_in(4)) spec.fragment_field = static_cast<uint16_t>(random.once_in(2) ? random.below(4) : 0x2000U);
    std::vector<uint8_t> packet = ipv4(spec);
    address(4, packet.data() + 12);
    address(4, packet.data() + 16);
    if (random.once_in(2)) store_be16(packet.data() + 2, static_cast<uint16_t>(random.byte() | random.byte() << 8));
    return packet;
  }
  Ipv6Spec spec;
  spec.next_header = static_cast<uint8_t>(protocol);
  spec.hop_limit = random.byte();
  spec.payload = l4;
  if (protocol == 135 && random.once_in(2)) spec.payload[0] = 59;  // nothing behind a mobility header, as there must be
  add_extension_headers(spec, random);
  std::vector<uint8_t> packet = ipv6(spec);
  address(16, packet.data() + 8);
  address(16, packet.data() + 24);
  return packet;
}

// A frame of any type, or none; from an address that the match's data begins with, or that the packet's source address is
// made of, now and then.
void add_frame(const std::vector<uint8_t>& info, std::array<uint8_t, kMacBytes>& mac, Packet& packet, Random& random) {
  packet.type = static_cast<PacketType>(random.below(6));
  if (random.once_in(4)) return;
  packet.source_mac = mac.data();
  for (uint8_t& byte : mac) byte = random.byte();
  if (info.size() >= mac.size() && random.once_in(2)) std::copy_n(info.begin(), mac.size(), mac.begin());
  if (packet.family != Family::kIpv6 || !random.once_in(4)) return;
  uint8_t* const id = packet.data + 16;
  const std::array<uint8_t, 8> made = {static_cast<uint8_t>(mac[0] ^ 2), mac[1], mac[2], 0xff, 0xfe, mac[3], mac[4], mac[5]};
  std::copy(made.begin(), made.end(), id);
}

struct Info {
  std::vector<uint64_t> storage;
  [[nodiscard]] const void* get() const { return storage.data(); }
};

// Sets 0 to 2, each with what random packets often are; set 1 keeps counters that rules compare.
const std::shared_ptr<const HostView>& view() {
  static const std::shared_ptr<const HostView> made = [] {
    ipset::Element half, port, member;
    half.ip = ipv4_address(0x80000000);
    half.prefix = 1;
    port.port = 0;
    member.member = "nets";
    SetHeader nets{.name = "nets", .type = "hash:net"}, ports{.name = "ports", .type = "bitmap:port"},
        list{.name = "list", .type = "list:set"};
    ports.family = list.family = AF_UNSPEC;
    ports.flags = IPSET_FLAG_WITH_COUNTERS;
    ports.last = 100;
    const std::vector<ipset::RawSet> sets = {make_raw_set(nets, {half}, 0), make_raw_set(ports, {port}, 1),
                                             make_raw_set(list, {member}, 2)};
    return std::make_shared<const HostView>(
        HostRecords{},
        std::make_shared<const ipset::SharedSets>(sets, std::vector<ipset::Uses>{{true, false}, {false, true}, {}}, 250U));
  }();
  return made;
}

template <typename Type>
std::optional<Info> decode(const Type& type, Bytes bytes, Family family, uint16_t protocol) {
  Info info{std::vector<uint64_t>((type.decoded_size + 7U) / 8)};
  const std::string_view table = type.limits.table.empty() ? std::string_view("mangle") : type.limits.table;
  DecodeContext context{family, table, protocol, false, true};
  context.host = view().get();
  if (!type.decode(bytes, context, info.storage.data())) return std::nullopt;
  return info;
}

// What the match or target remembers before its first packet; empty where it remembers nothing.
template <typename Type>
std::vector<uint64_t> started(const Type& type, const void* info, World& world) {
  std::vector<uint64_t> state((type.state_size + 7U) / 8);
  if (!state.empty()) type.start(info, world, state.data());
  return state;
}

TEST(Types, LoweredAgreesWithEvaluate) {
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed()));
  for (const MatchType* type : xt::match_types()) {
    if (type->evaluate == nullptr) continue;  // refused in every use
    for (const Family family : {Family::kIpv4, Family::kIpv6}) {
      if ((type->families & family_bit(family)) == 0) continue;
      Random random(seed());
      unsigned decoded = 0, asked = 0, exact = 0, yes = 0;
      for (unsigned i = 0; i < kInfosPerType; ++i) {
        const std::vector<uint16_t> protocols = protocols_of(*type);
        const uint16_t protocol = protocols[random.below(static_cast<uint32_t>(protocols.size()))];
        const std::vector<uint8_t> bytes = random_info(*type, random);
        const auto info = decode(*type, bytes, family, protocol);
        if (!info) continue;
        ++decoded;
        const Lowered lowered = type->lower(info->get(), family);
        exact += lowered.exact;
        World world(view());
        std::vector<uint64_t> state = started(*type, info->get(), world);
        for (unsigned p = 0; p < kPacketsPerInfo; ++p) {
          std::vector<uint8_t> packet_bytes = random_packet(family, protocol, random);
          Packet packet = as_packet(packet_bytes);
          packet.family = family;
          packet.mark = static_cast<uint32_t>(random.byte()) | static_cast<uint32_t>(random.byte()) << 8;
          std::array<uint8_t, kMacBytes> mac{};
          add_frame(bytes, mac, packet, random);
          const Sender sender{random.below(3), random.below(3)};
          if (random.once_in(2)) packet.sender = &sender;
          const auto key = key_of(packet);
          if (!key) continue;
          ++asked;
          packet.time_ns = random.word() * uint64_t{600'000'000};
          const Answer answer =
              type->evaluate(info->get(), {packet, Hook::kForward, key->l4_offset, key->fragment_offset, state.data()});
          yes += answer == Answer::kYes;
          const auto wrong = contradiction(lowered, *key, answer);
          if (wrong) {
            TextOut out(family);
            type->print(info->get(), out);
            FAIL() << type->name << out.text() << ": " << *wrong << " (seed " << seed() << ", info " << i << ", packet " << p
                   << ")";
          }
        }
      }
      std::printf("%-9s %s: %u of %u decode, %u exact, %u packets, %u yes\n", std::string(type->name).c_str(),
                  std::string(family_name(family)).c_str(), decoded, kInfosPerType, exact, asked, yes);
      EXPECT_GT(decoded, kInfosPerType / 20) << type->name;
      EXPECT_GT(asked, 1000U) << type->name;
      EXPECT_TRUE(yes > 0 || type->name == "socket") << type->name;
      EXPECT_LT(yes, asked + (type->name == "comment")) << type->name;
    }
  }
}

// Whatever the bytes, decode answers; whatever it accepts, the rest works on, for packets of any length and offset.
template <typename Type>
void damage(const Type& type, Random& random) {
  constexpr unsigned kRounds = 2000;
  unsigned accepted = 0;
  for (const Family family : {Family::kIpv4, Family::kIpv6}) {
    if ((type.families & family_bit(family)) == 0) continue;
    uint16_t protocol = type.limits.protocol != 0 ? type.limits.protocol : uint16_t{6};
    if constexpr (std::is_same_v<Type, MatchType>) protocol = protocols_of(type).front();
    const size_t size = (type.abi_size + 7U) & ~7U;
    for (size_t length = 0; length < size + 8; ++length) {
      // Exactly `length` bytes on the heap, so that a read behind them is found.
      const auto bytes = std::make_unique<uint8_t[]>(length);
      const bool whole = length >= type.abi_size;
      const bool decodes = decode(type, {bytes.get(), length}, family, protocol).has_value();
      EXPECT_TRUE(whole || !decodes) << type.name << " " << length;
    }
    for (unsigned round = 0; round < kRounds; ++round) {
      std::vector<uint8_t> bytes(size);
      if constexpr (std::is_same_v<Type, MatchType>) bytes = random_info(type, random);
      if constexpr (std::is_same_v<Type, TargetType>) bytes = random_target_info(type, random);
      for (unsigned flips = size == 0 ? 0 : random.below(4); flips > 0; --flips)
        bytes[random.below(static_cast<uint32_t>(size))] ^= static_cast<uint8_t>(1U << random.below(8));
      const auto info = decode(type, bytes, family, protocol);
      if (!info) continue;
      ++accepted;
      TextOut out(family);
      type.print(info->get(), out);
      if (type.printed_name != nullptr) {
        EXPECT_FALSE(type.printed_name(info->get()).empty()) << type.name;
      }
      if (type.evaluate == nullptr) {
        EXPECT_FALSE(type.refused(info->get()).empty()) << type.name;
        continue;
      }
      const uint32_t header = family == Family::kIpv4 ? 20 : 40;
      const uint32_t length = header + random.below(40);
      const auto packet_bytes = std::make_unique<uint8_t[]>(length);
      for (uint32_t i = 0; i < length; ++i) packet_bytes[i] = random.byte();
      Packet packet;
      packet.data = packet_bytes.get();
      packet.length = length;
      packet.family = family;
      const uint32_t l4_offset = random.once_in(4) ? random.word() % 100000 : header + random.below(60);
      MatchContext context{packet, Hook::kForward, l4_offset, random.below(3)};
      World world(view());
      std::vector<uint64_t> state = started(type, info->get(), world);
      context.state = state.data();
      if constexpr (std::is_same_v<Type, MatchType>) {
        type.evaluate(info->get(), context);
        EXPECT_LE(type.lower(info->get(), family).boxes.size(), kMaxBoxes);
      } else {
        Effects effects;
        packet.effects = &effects;
        TargetContext with_packet(context, packet);
        type.evaluate(info->get(), with_packet);
      }
    }
  }
  EXPECT_GT(accepted, kRounds / 20) << type.name << " rev " << unsigned{type.revision} << ": nearly every block is refused";
}

TEST(Types, DamagedBytesAreHarmless) {
  Random random(seed());
  for (const MatchType* type : xt::match_types()) damage(*type, random);
  for (const TargetType* type : xt::target_types()) damage(*type, random);
}

// A nat table counts nothing, and fragments travel one by one, only while no rule turns connection tracking on: whatever
// does so in the kernel must be refused in every use.
TEST(Types, WhatTurnsConnectionTrackingOnIsRefused) {
  const std::set<std::string_view> names = {"state",  "conntrack", "connmark", "connbytes", "connlabel",   "connlimit",
                                            "helper", "cluster",   "CT",       "CONNMARK",  "CONNSECMARK", "SYNPROXY",
                                            "SNAT",   "DNAT",      "NETMAP",   "REDIRECT",  "MASQUERADE",  "CLUSTERIP"};
  std::set<std::string_view> found;
  const auto check = [&](const auto& type) {
    if (!names.contains(type.name)) return;
    found.insert(type.name);
    EXPECT_EQ(type.evaluate, nullptr) << type.name << " rev " << unsigned{type.revision};
  };
  for (const MatchType* type : xt::match_types()) check(*type);
  for (const TargetType* type : xt::target_types()) check(*type);
  EXPECT_EQ(found, names);
}

TEST(Registry, FindsByExactNameRevisionAndFamily) {
  std::set<const MatchType*> found;
  for (const MatchType* type : xt::match_types()) {
    for (const Family family : {Family::kIpv4, Family::kIpv6}) {
      const bool has = (type->families & family_bit(family)) != 0;
      EXPECT_EQ(xt::find_match(type->name, type->revision, family) == type, has) << type->name;
    }
    const auto next_revision = static_cast<uint8_t>(type->revision + 1);
    const MatchType* next = xt::find_match(type->name, next_revision, Family::kIpv4);
    EXPECT_TRUE(next == nullptr || (next != type && next->revision == next_revision)) << type->name;
    EXPECT_EQ(xt::match_by_number(xt::match_number(*type)), type);
    found.insert(type);
  }
  EXPECT_EQ(found.size(), xt::match_types().size());
  for (const TargetType* type : xt::target_types()) EXPECT_EQ(xt::target_by_number(xt::target_number(*type)), type);
  EXPECT_EQ(xt::find_match("tc", 0, Family::kIpv4), nullptr);
  EXPECT_EQ(xt::find_match("icmp", 0, Family::kIpv6), nullptr);
  EXPECT_EQ(xt::match_by_number(static_cast<uint16_t>(xt::match_types().size())), nullptr);
  EXPECT_EQ(xt::target_by_number(0xffff), nullptr);
}

TEST(String, FoldsAsTheKernelsTableSays) {
  unsigned folded = 0;
  for (unsigned c = 0; c < 256; ++c) folded += xt::kernel_upper(static_cast<uint8_t>(c)) != c;
  EXPECT_EQ(folded, 26U + 32U);  // a to z; 0xdf to 0xff without the division sign
  EXPECT_EQ(xt::kernel_upper(0xf7), 0xf7);
  EXPECT_EQ(xt::kernel_upper(0xdf), 0xbf);
  EXPECT_EQ(xt::kernel_upper(0xff), 0xdf);
  EXPECT_EQ(xt::kernel_upper(0xe4), 0xc4);
}

}  // namespace
}  // namespace hookline::test
