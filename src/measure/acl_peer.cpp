// measure/acl_peer.cpp: the only file that speaks to rte_acl.
//
// rte_acl builds with no bound on its run-time tables (max_size 0), as DPDK's own examples do. Its build may want many
// gigabytes of scratch memory; the address space is bounded by what the machine has left while it runs, so that it fails
// with ENOMEM instead of waking the kernel's OOM killer.
// Source: DPDK 22.11 programmer's guide, Packet Classification and Access Control.
#include "measure/acl_peer.h"

#include <fmt/format.h>
#include <rte_acl.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_log.h>
#include <rte_malloc.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <fstream>
#include <limits>

#include "measure/cpu_clock.h"

namespace hookline::measure {
namespace {

constexpr const char* kPlace = "rte_acl";
constexpr unsigned kFieldCount = 5;
RTE_ACL_RULE_DEF(AclRule, kFieldCount);

// One look-up key. Fields after the first byte are read in groups of four bytes.
struct Key {
  uint8_t protocol;
  uint8_t pad[3];
  uint32_t source, destination;
  uint16_t source_port, destination_port;
};
static_assert(sizeof(Key) == 16);

std::array<rte_acl_field_def, kFieldCount> field_definitions() {
  const auto field = [](uint8_t type, uint8_t size, uint8_t index, uint8_t input, size_t offset) {
    rte_acl_field_def definition = {};
    definition.type = type;
    definition.size = size;
    definition.field_index = index;
    definition.input_index = input;
    definition.offset = static_cast<uint32_t>(offset);
    return definition;
  };
  return {field(RTE_ACL_FIELD_TYPE_BITMASK, 1, 0, 0, offsetof(Key, protocol)),
          field(RTE_ACL_FIELD_TYPE_MASK, 4, 1, 1, offsetof(Key, source)),
          field(RTE_ACL_FIELD_TYPE_MASK, 4, 2, 2, offsetof(Key, destination)),
          field(RTE_ACL_FIELD_TYPE_RANGE, 2, 3, 3, offsetof(Key, source_port)),
          field(RTE_ACL_FIELD_TYPE_RANGE, 2, 4, 3, offsetof(Key, destination_port))};
}

// Once a process: the EAL cannot be started twice.
bool start_eal() {
  static const bool started = [] {
    cpu_set_t before;
    const bool know_before = sched_getaffinity(0, sizeof before, &before) == 0;
    const int cpu = sched_getcpu();
    std::vector<std::string> words = {"hookline",
                                      "--no-huge",
                                      "-m",
                                      "2048",
                                      "--no-shconf",
                                      "--no-pci",
                                      "--no-telemetry",
                                      "--force-max-simd-bitwidth=512",
                                      "--log-level=error",
                                      "-l",
                                      std::to_string(cpu < 0 ? 0 : cpu)};
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    rte_openlog_stream(stderr);  // standard output belongs to the rows
    const bool ok = rte_eal_init(static_cast<int>(arguments.size()), arguments.data()) >= 0;
    // The EAL pins this thread; every row runs under the same scheduling.
    if (know_before) sched_setaffinity(0, sizeof before, &before);
    return ok;
  }();
  return started;
}

uint64_t available_memory() {
  std::ifstream file("/proc/meminfo");
  std::string name, unit;
  for (uint64_t kilobytes = 0; file >> name >> kilobytes; std::getline(file, unit))
    if (name == "MemAvailable:") return kilobytes * 1024;
  return std::numeric_limits<uint64_t>::max();
}

// Bounds this process's address space to what it has now plus nine tenths of the memory left.
class MemoryBound {
 public:
  MemoryBound() {
    uint64_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    const uint64_t left = available_memory();
    if (pages == 0 || left == std::numeric_limits<uint64_t>::max() || getrlimit(RLIMIT_AS, &before_) != 0) return;
    rlimit bound = before_;
    const rlim_t wanted = pages * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)) + left / 10 * 9;
    bound.rlim_cur = std::min(bound.rlim_cur, wanted);  // RLIM_INFINITY is the highest value
    set_ = setrlimit(RLIMIT_AS, &bound) == 0;
  }
  ~MemoryBound() {
    if (set_) setrlimit(RLIMIT_AS, &before_);
  }
  MemoryBound(const MemoryBound&) = delete;
  MemoryBound& operator=(const MemoryBound&) = delete;

 private:
  rlimit before_{};
  bool set_ = false;
};

uint64_t heap_in_use() {
  uint64_t bytes = 0;
  rte_malloc_socket_stats stats = {};
  for (unsigned i = 0; i < rte_socket_count(); ++i)
    if (rte_malloc_get_socket_stats(rte_socket_id_by_idx(i), &stats) == 0) bytes += stats.heap_allocsz_bytes;
  return bytes;
}

tl::unexpected<Problems> failed(const char* what, int error) {
  return fail(ProblemKind::kSystem, kPlace, fmt::format("{}: {}", what, rte_strerror(error)));
}

}  // namespace

struct AclPeer::Context {
  rte_acl_ctx* acl = nullptr;
  Context() = default;
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { rte_acl_free(acl); }
};

AclPeer::~AclPeer() = default;

Result<std::unique_ptr<AclPeer>> AclPeer::build(std::span<const Filter> filters, std::span<const Header> headers) {
  if (!start_eal())
    return fail(ProblemKind::kSystem, kPlace, fmt::format("the EAL does not start: {}", rte_strerror(rte_errno)));
  std::unique_ptr<AclPeer> peer(new AclPeer);
  peer->context_ = std::make_unique<Context>();
  const uint64_t heap_before = heap_in_use();
  const CpuStopwatch watch;

  rte_acl_param parameters = {};
  parameters.name = "classbench";
  parameters.socket_id = SOCKET_ID_ANY;
  parameters.rule_size = RTE_ACL_RULE_SZ(kFieldCount);
  parameters.max_rule_num = static_cast<uint32_t>(filters.size());
  rte_acl_ctx* const acl = rte_acl_create(&parameters);
  if (acl == nullptr) return failed("no context", rte_errno);
  peer->context_->acl = acl;

  for (size_t i = 0; i < filters.size(); ++i) {
    const Filter& f = filters[i];
    AclRule rule = {};
    rule.data.category_mask = 1;
    rule.data.priority = static_cast<int32_t>(RTE_ACL_MAX_PRIORITY) - static_cast<int32_t>(i);
    rule.data.userdata = static_cast<uint32_t>(i + 1);
    rule.field[0].value.u8 = f.protocol;
    rule.field[0].mask_range.u8 = f.protocol_mask;
    rule.field[1].value.u32 = f.source;
    rule.field[1].mask_range.u32 = static_cast<uint32_t>(__builtin_popcount(f.source_mask));
    rule.field[2].value.u32 = f.destination;
    rule.field[2].mask_range.u32 = static_cast<uint32_t>(__builtin_popcount(f.destination_mask));
    rule.field[3].value.u16 = f.source_port_low;
    rule.field[3].mask_range.u16 = f.source_port_high;
    rule.field[4].value.u16 = f.destination_port_low;
    rule.field[4].mask_range.u16 = f.destination_port_high;
    const int status = rte_acl_add_rules(acl, reinterpret_cast<const struct rte_acl_rule*>(&rule), 1);
    if (status != 0) return failed(fmt::format("filter {} is not taken", i + 1).c_str(), -status);
  }

  rte_acl_config config = {};
  config.num_categories = 1;
  config.num_fields = kFieldCount;
  const auto fields = field_definitions();
  std::copy(fields.begin(), fields.end(), config.defs);
  {
    const MemoryBound bound;
    const int status = rte_acl_build(acl, &config);
    if (status != 0) return failed("the build fails", -status);
  }
  peer->build_ms_ = watch.ms();
  peer->bytes_ = heap_in_use() - heap_before;

  constexpr std::pair<const char*, enum rte_acl_classify_alg> kAlgorithms[] = {{"scalar", RTE_ACL_CLASSIFY_SCALAR},
                                                                               {"sse", RTE_ACL_CLASSIFY_SSE},
                                                                               {"avx2", RTE_ACL_CLASSIFY_AVX2},
                                                                               {"avx512x16", RTE_ACL_CLASSIFY_AVX512X16},
                                                                               {"avx512x32", RTE_ACL_CLASSIFY_AVX512X32}};
  for (const auto& [name, number] : kAlgorithms)
    if (rte_acl_set_ctx_classify(acl, number) == 0) peer->algorithms_.push_back({name, static_cast<int>(number)});

  peer->keys_.resize(headers.size() * sizeof(Key));
  peer->pointers_.resize(headers.size());
  peer->answers_.resize(headers.size());
  for (size_t i = 0; i < headers.size(); ++i) {
    const Header& h = headers[i];
    Key key = {};
    key.protocol = h.protocol;
    key.source = __builtin_bswap32(h.source);
    key.destination = __builtin_bswap32(h.destination);
    key.source_port = __builtin_bswap16(h.source_port);
    key.destination_port = __builtin_bswap16(h.destination_port);
    uint8_t* const at = peer->keys_.data() + i * sizeof(Key);
    std::copy_n(reinterpret_cast<const uint8_t*>(&key), sizeof key, at);
    peer->pointers_[i] = at;
  }
  return peer;
}

void AclPeer::classify(const Algorithm& algorithm, size_t batch, size_t begin, size_t end) {
  const auto number = static_cast<enum rte_acl_classify_alg>(algorithm.number);
  for (size_t at = begin; at < end; at += batch)
    rte_acl_classify_alg(context_->acl, pointers_.data() + at, answers_.data() + at,
                         static_cast<uint32_t>(std::min(batch, end - at)), 1, number);
}

void AclPeer::forget_answers() { std::fill(answers_.begin(), answers_.end(), UINT32_MAX); }

}  // namespace hookline::measure
