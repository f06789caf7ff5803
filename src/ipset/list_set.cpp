// ipset/list_set.cpp: list:set: sets that are asked one after the other. Kernel: ip_set_list_set.c.
//
// The first member that holds the packet, and whose own element here holds, decides. Comparisons of counters are for the
// list's elements alone, while the members' counters move as they would without the list. A packet is added to, or taken
// from, the first member where that succeeds.
#include <linux/netfilter/ipset/ip_set.h>

#include <vector>

#include "ipset/extensions.h"
#include "ipset/kinds.h"

namespace hookline::ipset {
namespace {

class ListSet : public Set {
 public:
  ListSet(const Header& header, const BuildOptions& options, std::span<Set* const> members)
      : Set(header), members_(members.begin(), members.end()), extensions_(header, options.keep_counters, options.hz) {
    extensions_.resize(members_.size());
  }

  bool load(const RawSet& set) {
    ElementReader reader(set);
    size_t at = 0;
    for (Element element; at < members_.size() && reader.next(element);) extensions_.load(at++, element);
    return at == members_.size();
  }

 protected:
  Hit do_test(Ask& ask) override {
    const uint32_t flags = ask.flags;
    ask.flags &= ~static_cast<uint32_t>(IPSET_FLAG_MATCH_COUNTERS);
    if ((flags & IPSET_FLAG_SKIP_SUBCOUNTER_UPDATE) != 0) ask.flags |= IPSET_FLAG_SKIP_COUNTER_UPDATE;
    Hit hit = Hit::kNone;
    for (size_t at = 0; at < members_.size() && hit == Hit::kNone; ++at)
      if (members_[at]->test(ask) && extensions_.hit(at, ask, flags)) hit = Hit::kYes;
    ask.flags = flags;
    return hit;
  }

  bool do_add(Ask& ask) override {
    for (size_t at = 0; at < members_.size(); ++at)
      if (!extensions_.expired(at, ask.now) && members_[at]->add(ask)) break;
    return true;
  }

  bool do_remove(Ask& ask) override {
    for (size_t at = 0; at < members_.size(); ++at)
      if (!extensions_.expired(at, ask.now) && members_[at]->remove(ask)) break;
    return true;
  }

 private:
  std::vector<Set*> members_;
  Extensions extensions_;
};

}  // namespace

std::unique_ptr<Set> make_list_set(const RawSet& set, const Header& header, const BuildOptions& options,
                                   std::span<Set* const> members) {
  auto made = std::make_unique<ListSet>(header, options, members);
  if (!made->load(set)) return nullptr;
  return made;
}

}  // namespace hookline::ipset
