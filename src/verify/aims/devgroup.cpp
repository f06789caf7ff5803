// verify/aims/devgroup.cpp: rules about the groups of the devices of verify/random_host.h.
#include <fmt/core.h>

#include "verify/aims/aims.h"
#include "verify/aims/telling_apart.h"

namespace hookline {
namespace {

std::string group(std::string_view option, Random& random) {
  static constexpr unsigned kMasks[] = {0xffffffff, 0xffffffff, 0x3, 0x1, 0x4, 0x0};
  const unsigned mask = kMasks[below(random, std::size(kMasks))];
  // A bit outside the mask is never equal.
  const auto value = static_cast<unsigned>(below(random, 6)) & (chance(random, 90) ? mask : UINT32_MAX);
  return fmt::format("{} {} {:#x}/{:#x}", chance(random, 25) ? " !" : "", option, value, mask);
}

std::string both(Family, Random& random) {
  const uint64_t asked = 1 + below(random, 3);
  std::string text = fmt::format("{} -m devgroup", some_protocol(random));
  if ((asked & 1) != 0) text += group("--src-group", random);
  if ((asked & 2) != 0) text += group("--dst-group", random);
  return text;
}
std::string in(Family, Random& random) {
  return fmt::format("{} -m devgroup{}", some_protocol(random), group("--src-group", random));
}
std::string out(Family, Random& random) {
  return fmt::format("{} -m devgroup{}", some_protocol(random), group("--dst-group", random));
}

constexpr uint32_t kWithIn = hook_bit(Hook::kPrerouting) | hook_bit(Hook::kInput) | hook_bit(Hook::kForward);
constexpr uint32_t kWithOut = hook_bit(Hook::kForward) | hook_bit(Hook::kOutput) | hook_bit(Hook::kPostrouting);

}  // namespace

constexpr MatchAim kDevgroupAim = {.name = "devgroup", .write = both, .hooks = hook_bit(Hook::kForward), .of_host = true};
constexpr MatchAim kDevgroupInAim = {.name = "devgroup", .write = in, .hooks = kWithIn, .of_host = true};
constexpr MatchAim kDevgroupOutAim = {.name = "devgroup", .write = out, .hooks = kWithOut, .of_host = true};

}  // namespace hookline
