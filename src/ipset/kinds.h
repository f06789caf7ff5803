// ipset/kinds.h: makes a Set of the kind that a header names; one file a family of kinds.
#pragma once

#include <memory>
#include <span>

#include "ipset/contents.h"
#include "ipset/sets.h"

namespace hookline::ipset {

struct BuildOptions {
  bool changes = false;        // SET may add to it or take from it
  bool keep_counters = false;  // some rule compares them
  uint32_t hz = 250;
  uint64_t seed = 0;  // of the place of keys
};

// Each returns null where an element is none that the kernel makes.
std::unique_ptr<Set> make_hash_set(const RawSet& set, const Header& header, const BuildOptions& options);
std::unique_ptr<Set> make_net_iface_set(const RawSet& set, const Header& header, const BuildOptions& options);
std::unique_ptr<Set> make_bitmap_set(const RawSet& set, const Header& header, const BuildOptions& options);
// `members`: the sets that the elements name, in order.
std::unique_ptr<Set> make_list_set(const RawSet& set, const Header& header, const BuildOptions& options,
                                   std::span<Set* const> members);

}  // namespace hookline::ipset
