#include "world/world.h"

#include "world/host_view.h"

namespace hookline {

World::World(std::shared_ptr<const HostView> host)
    : host_(host != nullptr ? std::move(host) : std::make_shared<const HostView>()) {}

std::shared_ptr<void>& World::slot(std::string_view kind, std::string_view name) {
  return slots_[{std::string(kind), std::string(name)}];
}

}  // namespace hookline
