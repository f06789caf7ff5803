// load/run_program.cpp: posix_spawn(3) from a thread inside the namespace. Standard streams are memory files, so neither
// side can block on a full pipe.
#include "load/run_program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

extern char** environ;

namespace hookline {
namespace {

class MemoryFile {
 public:
  MemoryFile() : fd_(::memfd_create("hookline", MFD_CLOEXEC)) {}
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int fd() const { return fd_; }
  bool fill(const std::string& text) {
    for (size_t done = 0; done < text.size();) {
      const ssize_t n = ::write(fd_, text.data() + done, text.size() - done);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      done += static_cast<size_t>(n);
    }
    return ::lseek(fd_, 0, SEEK_SET) == 0;
  }
  [[nodiscard]] std::string content() const {
    struct stat status {};
    if (::fstat(fd_, &status) != 0) return {};
    std::string text(static_cast<size_t>(status.st_size), '\0');
    size_t done = 0;
    while (done < text.size()) {
      const ssize_t n = ::pread(fd_, text.data() + done, text.size() - done, static_cast<off_t>(done));
      if (n <= 0) break;
      done += static_cast<size_t>(n);
    }
    text.resize(done);
    return text;
  }

 private:
  int fd_;
};

}  // namespace

Result<ProgramOutput> run_program(const Netns& netns, const std::vector<std::string>& arguments, const std::string& input,
                                  const std::string& package) {
  MemoryFile in, out, error, lock;
  if (in.fd() < 0 || out.fd() < 0 || error.fd() < 0 || lock.fd() < 0 || !in.fill(input))
    return fail(ProblemKind::kSystem, arguments.front(),
                std::string("no memory file for its input: ") + std::strerror(errno));

  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);

  // All iptables programs of a host share one lock file, whatever their namespace. The namespaces here are nobody else's, so
  // each run brings its own: it neither waits for the host's firewall nor holds it up.
  std::string lock_file = "XTABLES_LOCKFILE=/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(lock.fd());
  std::vector<char*> environment;
  for (char** variable = environ; *variable != nullptr; ++variable)
    if (std::strncmp(*variable, "XTABLES_LOCKFILE=", 17) != 0) environment.push_back(*variable);
  environment.push_back(lock_file.data());
  environment.push_back(nullptr);

  pid_t child = -1;
  auto started = netns.enter([&]() -> Result<void> {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in.fd(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out.fd(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, error.fd(), STDERR_FILENO);
    int status = ::posix_spawnp(&child, argv.front(), &actions, nullptr, argv.data(), environment.data());
    if (status == ENOENT) {  // a PATH without the administrator's directories
      const std::string path = "/usr/sbin/" + arguments.front();
      status = ::posix_spawn(&child, path.c_str(), &actions, nullptr, argv.data(), environment.data());
    }
    posix_spawn_file_actions_destroy(&actions);
    if (status == 0) return {};
    return fail(ProblemKind::kSystem, arguments.front(), std::string("cannot be started: ") + std::strerror(status),
                status == ENOENT ? "the program of Debian's package " + package : std::string{});
  });
  if (!started) return tl::make_unexpected(started.error());

  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return fail(ProblemKind::kSystem, arguments.front(), std::string("lost: ") + std::strerror(errno));
  ProgramOutput result;
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.out = out.content();
  result.error = error.content();
  return result;
}

}  // namespace hookline
