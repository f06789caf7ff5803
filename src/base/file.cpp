#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace hookline {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

tl::unexpected<Problems> refused(const std::string& path, const char* step, int error) {
  return fail(ProblemKind::kSystem, path, std::string(step) + ": " + std::strerror(error));
}

}  // namespace

Result<std::vector<uint8_t>> read_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return refused(path, "cannot be opened", errno);
  std::vector<uint8_t> bytes;
  struct stat status {};
  size_t room = 1U << 16;
  if (::fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0)
    room = static_cast<size_t>(std::min<uint64_t>(static_cast<uint64_t>(status.st_size), kMaxFileSize)) + 1;
  for (size_t done = 0;;) {
    if (done == bytes.size()) bytes.resize(done == 0 ? room : done + std::max(done, room));
    const ssize_t n = ::read(file.get(), bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return refused(path, "cannot be read", errno);
    done += static_cast<size_t>(n);
    if (done > kMaxFileSize)
      return fail(ProblemKind::kSystem, path, "more than " + std::to_string(kMaxFileSize) + " bytes", "a smaller file");
    if (n == 0) {
      bytes.resize(done);
      return bytes;
    }
  }
}

}  // namespace hookline
