// xt/set.h: what match `set` and target `SET` have in common: how a rule names an ip set, and how packets reach it.
#pragma once

#include <linux/netfilter/xt_set.h>

#include <array>
#include <string>
#include <string_view>

#include "ipset/sets.h"
#include "xt/extension.h"

namespace hookline {
class World;
}

namespace hookline::xt {

// A set by its name, and the options src and dst.
struct SetName {
  std::array<char, IPSET_MAXNAMELEN> name;  // with a NUL; empty: no set
  uint8_t dimensions;                       // how many of the options
  uint8_t sources;                          // bit n: option n, from 1, is src
  uint8_t inverted;
  uint8_t printed_sources, printed_inverted;  // revision 0 keeps its own
  uint8_t refusal;                            // ipset::Refusal
  uint8_t constant;                           // asking it leaves no trace, and its answer depends on the packet alone

  [[nodiscard]] std::string_view view() const { return {name.data(), strnlen(name.data(), name.size())}; }
  [[nodiscard]] std::string refused() const;
};

// From the number, options and flags of revision 1 and later. Number 65535 is no set where `optional`.
Decoded<SetName> decode_set_name(const xt_set_info& info, bool optional, const DecodeContext& context);
// From revision 0.
Decoded<SetName> decode_set_name(const xt_set_info_v0& info, bool optional, const DecodeContext& context);

// " ! --match-set NAME src,dst"; nothing for no set.
void print_set_name(const SetName& set, std::string_view option, TextOut& out);

// The sets of the namespace, all one object: lists and rules tie them together.
inline constexpr std::string_view kSetsObject = "ipset";
ipset::Sets& sets_of(World& world);

}  // namespace hookline::xt
