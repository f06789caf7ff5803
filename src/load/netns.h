// load/netns.h: network namespaces: open one by name, work inside one, make a scratch one.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"

namespace hookline {

// An open handle of a network namespace (a /proc/PID/ns/net or /run/netns/NAME descriptor).
class Netns {
 public:
  static Result<Netns> current();
  // `name` as in `ip netns`, or a path (it contains a slash). Unknown names are kSystem problems.
  static Result<Netns> open(const std::string& name);
  // A new, empty namespace that lives as long as the handle; nothing is left under /run/netns.
  static Result<Netns> scratch();

  Netns(Netns&& other) noexcept;
  Netns& operator=(Netns&& other) noexcept;
  ~Netns();

  // Runs `body` with the calling thread inside the namespace, and brings the thread back whatever `body` does.
  Result<void> enter(const std::function<Result<void>()>& body) const;
  // A path other programs can open (`/proc/PID/fd/N`) while this handle lives.
  [[nodiscard]] std::string path() const;
  [[nodiscard]] int fd() const { return fd_; }

 private:
  explicit Netns(int fd) : fd_(fd) {}
  int fd_ = -1;
};

}  // namespace hookline
