// world/world.h: the kernel objects that rules name and that outlive a rule: lists, buckets, counters, sets.
//
// One network namespace as packets see it. The engines of one kind over all tables of a rule set share a World, and so do
// the Programs of one pipeline worker; two kinds of engines, or two workers, never do. Objects have the types of whoever
// makes them (xt/, ipset/), so a World holds them by kind and name only. Rules find theirs once, when they are put to work
// (MatchType::start, TargetType::start); packets never look anything up by name.
//
// Kernel: struct net and its per-namespace lists (recent_net, hashlimit_net, nfnl_acct_net, xt_rateest_net, ip_set_net).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace hookline {

class HostView;  // world/host_view.h

class World {
 public:
  // Without a host: one that tells nothing.
  explicit World(std::shared_ptr<const HostView> host = nullptr);
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // The object of that kind and name; null until someone puts one there. The reference stays valid. A kind has one C++ type.
  std::shared_ptr<void>& slot(std::string_view kind, std::string_view name);

  // The same for who knows the type: makes the object where there is none.
  template <typename Object, typename Make>
  Object& object(std::string_view kind, std::string_view name, Make make) {
    std::shared_ptr<void>& held = slot(kind, name);
    if (held == nullptr) held = std::make_shared<Object>(make());
    return *static_cast<Object*>(held.get());
  }

  [[nodiscard]] const HostView& host() const { return *host_; }

 private:
  std::shared_ptr<const HostView> host_;
  std::map<std::pair<std::string, std::string>, std::shared_ptr<void>> slots_;
};

}  // namespace hookline
