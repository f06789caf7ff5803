// load/run_program.cpp: see the header. Standard streams are memory files, so neither side can block on a full pipe.
#include "load/run_program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
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
  MemoryFile in, out, error;
  if (in.fd() < 0 || out.fd() < 0 || error.fd() < 0 || !in.fill(input))
    return fail(ProblemKind::kSystem, arguments.front(),
                std::string("no memory file for its input: ") + std::strerror(errno));

  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);

  pid_t child = -1;
  auto started = netns.enter([&]() -> Result<void> {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in.fd(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out.fd(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, error.fd(), STDERR_FILENO);
    const int status = ::posix_spawnp(&child, argv.front(), &actions, nullptr, argv.data(), environ);
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
