// xt/ulog.cpp: target `ULOG`, IPv4, revision 0. Kernels up to 3.16 have it.
//
// Sends a copy of the packet to the listeners of a netlink group. No UAPI header has its struct any more; these are the
// places of its fields on a 64-bit host: group mask 0, bytes copied 8, queue threshold 16, prefix 24 (32 bytes, ended).
// Source: kernel 3.16 ipt_ULOG.c, ulog_tg_check(); iptables 1.8.9, libipt_ULOG.c, ULOG_save().
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <bit>

#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr size_t kCopyAt = 8, kThresholdAt = 16, kPrefixAt = 24, kPrefixSize = 32, kSize = 56;
constexpr uint64_t kMaxThreshold = 50;

struct Ulog {
  static constexpr std::string_view kRefused = "it hands packets to programs of the host";
  uint32_t groups;
  uint64_t copied, threshold;
  std::array<char, kPrefixSize> prefix;
};

Decoded<Ulog> decode(Bytes data, const DecodeContext&) {
  if (data.size() < kSize) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(kSize));
  Ulog target{*read_at<uint32_t>(data, 0), *read_at<uint64_t>(data, kCopyAt), *read_at<uint64_t>(data, kThresholdAt), {}};
  std::copy_n(data.begin() + kPrefixAt, kPrefixSize, target.prefix.begin());
  if (target.prefix.back() != '\0') return refuse("a prefix without an end", "at most 31 bytes");
  if (target.threshold > kMaxThreshold)
    return refuse(fmt::format("queue threshold {}", target.threshold), fmt::format("at most {}", kMaxThreshold));
  return target;
}

void print(const Ulog& target, TextOut& out) {
  const std::string_view prefix(target.prefix.begin(), std::find(target.prefix.begin(), target.prefix.end(), '\0'));
  if (!prefix.empty()) {
    out.add(" --ulog-prefix");
    out.add_quoted(prefix);
  }
  // The number of the lowest group; 0 where there is none.
  if (target.groups != 1)
    out.add(fmt::format(" --ulog-nlgroup {}", target.groups == 0 ? 0 : std::countr_zero(target.groups) + 1));
  if (target.copied != 0) out.add(fmt::format(" --ulog-cprange {}", static_cast<uint32_t>(target.copied)));
  if (target.threshold != 1) out.add(fmt::format(" --ulog-qthreshold {}", target.threshold));
}

}  // namespace

constexpr TargetType kUlogTarget = refused_target<Ulog, decode, print>({"ULOG", 0, kIpv4Only, kSize});

}  // namespace hookline::xt
