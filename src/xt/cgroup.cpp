// xt/cgroup.cpp: match `cgroup`, both families, revisions 0, 1 and 2.
//
// The network class, or the control group, of the socket that a packet belongs to. Without one (a packet that is forwarded
// or arrives) it is false even where it is inverted. The sender that this project knows has no class, which is class 0; its
// control group is not known, so a rule with a path is refused by name where it is reached from OUTPUT or POSTROUTING.
// Source: kernel xt_cgroup.c, cgroup_mt_v0(), _v1(), _v2() and their checks; UAPI linux/netfilter/xt_cgroup.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_cgroup.h>

#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

constexpr uint32_t kSending = hook_bit(Hook::kOutput) | hook_bit(Hook::kPostrouting);
constexpr uint32_t kHooks = hook_bit(Hook::kInput) | kSending;

struct ByClass {
  uint32_t id;
  uint8_t invert;
};

Answer answer_class(const ByClass& m, const MatchContext& context) {
  constexpr uint32_t kSenderClass = 0;
  return answer(context.packet.sender != nullptr && (m.id == kSenderClass) != (m.invert != 0));
}

void print_class(const ByClass& m, TextOut& out) { out.add(fmt::format("{} --cgroup {}", m.invert != 0 ? " !" : "", m.id)); }

Decoded<ByClass> decode_v0(Bytes data, const DecodeContext&) {
  const auto info = read_at<xt_cgroup_info_v0>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_cgroup_info_v0)));
  if ((info->invert & ~1U) != 0) return refuse(fmt::format("invert {:#x}", info->invert), "0 or 1");
  return ByClass{info->id, static_cast<uint8_t>(info->invert)};
}

// By class or by path; `Info` is the kernel's struct of revision 1 or 2.
template <typename Info>
struct Cgroup {
  ByClass by_class;
  uint8_t has_path, invert_path, sending;
  char path[sizeof(Info::path)];
  [[nodiscard]] std::string refused() const {
    return has_path != 0 && sending != 0 ? "the control group of the sender is not known" : std::string();
  }
};

template <typename Info>
Decoded<Cgroup<Info>> decode(Bytes data, const DecodeContext& context) {
  const auto info = read_at<Info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(Info)));
  if (info->invert_path > 1 || info->invert_classid > 1)
    return refuse(fmt::format("invert_path {}, invert_classid {}", info->invert_path, info->invert_classid), "0 or 1");
  if ((info->has_path != 0) == (info->has_classid != 0))
    return refuse(fmt::format("has_path {}, has_classid {}", info->has_path, info->has_classid), "one of them");
  Cgroup<Info> m{};
  m.has_path = info->has_path;
  m.invert_path = info->invert_path;
  m.sending = (context.hooks & kSending) != 0;
  if (m.has_path != 0)
    std::memcpy(m.path, info->path, sizeof m.path);
  else
    m.by_class = {info->classid, info->invert_classid};
  return m;
}

template <typename Info>
void print(const Cgroup<Info>& m, TextOut& out) {
  if (m.has_path == 0) return print_class(m.by_class, out);
  out.add(m.invert_path != 0 ? " ! --path" : " --path");
  out.add_quoted({m.path, strnlen(m.path, sizeof m.path)});
}

template <typename Info>
Answer evaluate(const Cgroup<Info>& m, const MatchContext& context) {
  return m.has_path != 0 ? Answer::kNo : answer_class(m.by_class, context);
}

template <typename Info>
Lowered lower(const Cgroup<Info>& m, Family) {
  return m.has_path != 0 ? never() : evaluated();
}

Lowered lower_class(const ByClass&, Family) { return evaluated(); }

template <typename Info, uint8_t revision>
constexpr MatchType type() {
  return match_type<Cgroup<Info>, decode<Info>, print<Info>, evaluate<Info>, lower<Info>>(
      {"cgroup", revision, kBothFamilies, sizeof(Info), {.hooks = kHooks}});
}

}  // namespace

constexpr MatchType kCgroup0Match = match_type<ByClass, decode_v0, print_class, answer_class, lower_class>(
    {"cgroup", 0, kBothFamilies, sizeof(xt_cgroup_info_v0), {.hooks = kHooks}});
constexpr MatchType kCgroup1Match = type<xt_cgroup_info_v1, 1>();
constexpr MatchType kCgroup2Match = type<xt_cgroup_info_v2, 2>();

}  // namespace hookline::xt
