// xt/cpu.cpp: match `cpu`, both families, revision 0.
//
// The CPU that runs the hook: nothing that a userspace path can know, but that it is below the greatest number of CPUs that
// the kernel can be built for. A smaller number is refused by name.
// Source: kernel xt_cpu.c, cpu_mt(), cpu_mt_check(); UAPI linux/netfilter/xt_cpu.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_cpu.h>

#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint32_t kMostCpus = 8192;  // CONFIG_NR_CPUS, at most

struct Cpu {
  uint32_t cpu;
  uint8_t invert;
  [[nodiscard]] std::string refused() const {
    return cpu < kMostCpus ? "which CPU the kernel would have run the hook on is not known" : std::string();
  }
};

Decoded<Cpu> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<xt_cpu_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_cpu_info)));
  if ((info->invert & ~1U) != 0) return refuse(fmt::format("invert {:#x}", info->invert), "0 or 1");
  return Cpu{info->cpu, static_cast<uint8_t>(info->invert)};
}

void print(const Cpu& m, TextOut& out) { out.add(fmt::format("{} --cpu {}", m.invert != 0 ? " !" : "", m.cpu)); }

Answer evaluate(const Cpu& m, const MatchContext&) { return answer(m.invert != 0); }

Lowered lower(const Cpu& m, Family) { return m.invert != 0 ? always() : never(); }

}  // namespace

constexpr MatchType kCpuMatch =
    match_type<Cpu, decode, print, evaluate, lower>({"cpu", 0, kBothFamilies, sizeof(xt_cpu_info)});

}  // namespace hookline::xt
