// xt/nfacct.cpp: match `nfacct`, both families, revisions 0 and 1: counts in an accounting object, and holds without a quota
// or above it. Source: kernel xt_nfacct.c; UAPI linux/netfilter/xt_nfacct.h.
#include <fmt/core.h>
#include <linux/netfilter/xt_nfacct.h>

#include <cstring>
#include <string>

#include "xt/extension.h"
#include "xt/proc_name.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Nfacct {
  char name[NFACCT_NAME_MAX];
  [[nodiscard]] std::string refused() const {
    return "the answer depends on the quota of the accounting object, which no snapshot holds";
  }
};

template <typename Info>
Decoded<Nfacct> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<Info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(Info)));
  Nfacct m{};
  std::memcpy(m.name, info->name, sizeof m.name);
  return m;
}

void print(const Nfacct& m, TextOut& out) { out.add(fmt::format(" --nfacct-name {}", text_in(m.name, sizeof m.name))); }

}  // namespace

constexpr MatchType kNfacct0Match =
    refused_match<Nfacct, decode<xt_nfacct_match_info>, print>({"nfacct", 0, kBothFamilies, sizeof(xt_nfacct_match_info)});
constexpr MatchType kNfacct1Match = refused_match<Nfacct, decode<xt_nfacct_match_info_v1>, print>(
    {"nfacct", 1, kBothFamilies, sizeof(xt_nfacct_match_info_v1)});

}  // namespace hookline::xt
