// load/netns.cpp: setns(2) and unshare(2) act on the calling thread alone, so a scratch namespace is made by
// a thread that ends at once: the open descriptor keeps the namespace alive.
#include "load/netns.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

namespace hookline {
namespace {

constexpr const char* kOwnNamespace = "/proc/thread-self/ns/net";

tl::unexpected<Problems> system_problem(const std::string& place, const std::string& what, int error) {
  std::string expected;
  if (error == EPERM || error == EACCES) expected = "root, or CAP_SYS_ADMIN and CAP_NET_ADMIN";
  return fail(ProblemKind::kSystem, place, what + ": " + std::strerror(error), expected);
}

}  // namespace

Result<Netns> Netns::current() {
  const int fd = ::open(kOwnNamespace, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return system_problem("network namespace", "the current one cannot be opened", errno);
  return Netns(fd);
}

Result<Netns> Netns::open(const std::string& name) {
  if (name.empty()) return fail(ProblemKind::kSystem, "network namespace", "an empty name", "a name or a path");
  const bool is_path = name.find('/') != std::string::npos;
  const std::string path = is_path ? name : "/run/netns/" + name;
  const int fd = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) {
    const int error = errno;
    if (error == ENOENT)
      return fail(ProblemKind::kSystem, "network namespace " + name, "no such namespace (" + path + ")",
                  "a name that `ip netns list` shows, or a path");
    return system_problem("network namespace " + name, path + " cannot be opened", error);
  }
  Netns result(fd);
  // A path may lead to any file: only entering tells whether it is a namespace.
  auto entered = result.enter([] { return Result<void>{}; });
  if (!entered) {
    entered.error().front().place = "network namespace " + name;
    return tl::make_unexpected(std::move(entered.error()));
  }
  return result;
}

Result<Netns> Netns::scratch() {
  int fd = -1;
  int error = 0;
  std::thread([&] {
    if (::unshare(CLONE_NEWNET) != 0 || (fd = ::open(kOwnNamespace, O_RDONLY | O_CLOEXEC)) < 0) error = errno;
  }).join();
  if (fd < 0) return system_problem("scratch network namespace", "cannot be made", error);
  return Netns(fd);
}

Netns::Netns(Netns&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

Netns& Netns::operator=(Netns&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

Netns::~Netns() {
  if (fd_ >= 0) ::close(fd_);
}

Result<void> Netns::enter(const std::function<Result<void>()>& body) const {
  const int home = ::open(kOwnNamespace, O_RDONLY | O_CLOEXEC);
  if (home < 0) return system_problem("network namespace", "the current one cannot be opened", errno);
  struct Return {
    int fd;
    ~Return() {
      // The way back was open a moment ago; a thread that cannot take it must not go on in a foreign namespace.
      if (::setns(fd, CLONE_NEWNET) != 0) std::terminate();
      ::close(fd);
    }
  };
  if (::setns(fd_, CLONE_NEWNET) != 0) {
    const int error = errno;
    ::close(home);
    if (error == EINVAL)
      return fail(ProblemKind::kSystem, "network namespace", "not a network namespace", "a name or path of one");
    return system_problem("network namespace", "cannot be entered", error);
  }
  const Return back{home};
  return body();
}

std::string Netns::path() const { return "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(fd_); }

}  // namespace hookline
