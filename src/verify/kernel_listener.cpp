#include "verify/kernel_listener.h"

#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_log.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>
#include <utility>

#include "base/bytes.h"

namespace hookline {
namespace {

constexpr const char* kAllNamespaces = "/proc/sys/net/netfilter/nf_log_all_netns";
constexpr const char* kRing = "/dev/kmsg";

tl::unexpected<Problems> system_problem(const char* place, const char* step) {
  const int error = errno;
  return fail(ProblemKind::kSystem, place, std::string(step) + ": " + std::strerror(error),
              error == EPERM || error == EACCES ? "root" : "");
}

struct Reading {
  Heard* heard = nullptr;
  uint16_t group = 0;
  std::string prefix;
  std::vector<uint8_t> packet;
};

int take_attribute(const nlattr* attribute, void* to) {
  auto* reading = static_cast<Reading*>(to);
  const auto* payload = static_cast<const uint8_t*>(mnl_attr_get_payload(attribute));
  const size_t size = mnl_attr_get_payload_len(attribute);
  if (mnl_attr_get_type(attribute) == NFULA_PREFIX)
    reading->prefix.assign(reinterpret_cast<const char*>(payload), strnlen(reinterpret_cast<const char*>(payload), size));
  if (mnl_attr_get_type(attribute) == NFULA_PAYLOAD) reading->packet.assign(payload, payload + size);
  return MNL_CB_OK;
}

int on_message(const nlmsghdr* message, void* to) {
  if (message->nlmsg_type != (NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_PACKET)) return MNL_CB_OK;
  auto* reading = static_cast<Reading*>(to);
  const auto* header = static_cast<const nfgenmsg*>(mnl_nlmsg_get_payload(message));
  reading->prefix.clear();
  reading->packet.clear();
  if (mnl_attr_parse(message, sizeof(nfgenmsg), take_attribute, to) < 0) return MNL_CB_ERROR;
  const auto group = static_cast<uint16_t>(header->res_id << 8 | header->res_id >> 8);
  if (group == kSentGroup)
    reading->heard->sent.push_back(reading->packet);
  else
    reading->heard->nflog.push_back({group, reading->prefix, reading->packet});
  return MNL_CB_OK;
}

}  // namespace

// ---- the ring buffer -----------------------------------------------------------------------------------------------

Result<std::shared_ptr<KernelLog>> KernelLog::share() {
  static std::weak_ptr<KernelLog> shared;
  if (auto log = shared.lock()) return log;
  auto log = std::shared_ptr<KernelLog>(new KernelLog);
  log->fd_ = ::open(kRing, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (log->fd_ < 0) return system_problem(kRing, "cannot be opened");
  while (::flock(log->fd_, LOCK_EX) != 0)
    if (errno != EINTR) return system_problem(kRing, "cannot be locked");
  std::ifstream(kAllNamespaces) >> log->before_;
  if (!(std::ofstream(kAllNamespaces) << 1 << std::flush)) return system_problem(kAllNamespaces, "cannot be set");
  log->set_ = true;
  ::lseek(log->fd_, 0, SEEK_END);
  shared = log;
  return log;
}

KernelLog::~KernelLog() {
  if (set_) std::ofstream(kAllNamespaces) << before_ << std::flush;
  if (fd_ >= 0) ::close(fd_);
}

void KernelLog::read(std::vector<std::string>& lines) {
  std::array<char, 8192> record;
  for (;;) {
    const ssize_t length = ::read(fd_, record.data(), record.size());
    if (length < 0 && errno == EPIPE) continue;  // older records were overwritten
    if (length <= 0) return;
    std::string_view text(record.data(), static_cast<size_t>(length));
    const size_t begin = text.find(';');
    if (begin == std::string_view::npos) continue;
    text.remove_prefix(begin + 1);
    text = text.substr(0, text.find('\n'));
    if (text.starts_with("TRACE: ") || text.find("IN=") == std::string_view::npos) continue;
    lines.emplace_back(text);
  }
}

// ---- nflog ---------------------------------------------------------------------------------------------------------

struct KernelListener::State {
  std::unique_ptr<mnl_socket, decltype(&mnl_socket_close)> netlink{nullptr, &mnl_socket_close};
  uint32_t sequence = 0;
  std::shared_ptr<KernelLog> log;
  std::vector<char> buffer = std::vector<char>(1 << 17);

  template <typename Put>
  Result<void> configure(uint16_t group, Put put) {
    std::array<char, 512> request{};
    nlmsghdr* message = mnl_nlmsg_put_header(request.data());
    message->nlmsg_type = NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_CONFIG;
    message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
    message->nlmsg_seq = ++sequence;
    auto* header = static_cast<nfgenmsg*>(mnl_nlmsg_put_extra_header(message, sizeof(nfgenmsg)));
    header->nfgen_family = AF_UNSPEC;
    header->version = NFNETLINK_V0;
    header->res_id = static_cast<uint16_t>(group << 8 | group >> 8);
    put(message);
    if (mnl_socket_sendto(netlink.get(), message, message->nlmsg_len) < 0) return system_problem("nflog", "request");
    const ssize_t length = mnl_socket_recvfrom(netlink.get(), buffer.data(), buffer.size());
    if (length < 0 || mnl_cb_run(buffer.data(), static_cast<size_t>(length), sequence, mnl_socket_get_portid(netlink.get()),
                                 nullptr, nullptr) < 0)
      return system_problem("nflog", "a group cannot be listened to");
    return {};
  }

  Result<void> listen_to(uint16_t group) {
    auto done = configure(group, [](nlmsghdr* message) {
      const nfulnl_msg_config_cmd command{NFULNL_CFG_CMD_BIND};
      mnl_attr_put(message, NFULA_CFG_CMD, sizeof command, &command);
    });
    if (!done) return done;
    // Everything of each packet, and at once.
    return configure(group, [](nlmsghdr* message) {
      nfulnl_msg_config_mode mode{};
      mode.copy_mode = NFULNL_COPY_PACKET;
      mode.copy_range = 0xffffffff;
      mnl_attr_put(message, NFULA_CFG_MODE, sizeof mode, &mode);
      mnl_attr_put_u32(message, NFULA_CFG_QTHRESH, __builtin_bswap32(1));
    });
  }
};

KernelListener::KernelListener(std::unique_ptr<State> state) : state_(std::move(state)) {}
KernelListener::~KernelListener() = default;

Result<std::unique_ptr<KernelListener>> KernelListener::open(std::span<const uint16_t> groups,
                                                             std::shared_ptr<KernelLog> log) {
  auto state = std::make_unique<State>();
  state->netlink.reset(mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC));
  if (!state->netlink || mnl_socket_bind(state->netlink.get(), 0, MNL_SOCKET_AUTOPID) < 0)
    return system_problem("nflog", "netlink cannot be opened");
  const int room = 4 << 20;
  ::setsockopt(mnl_socket_get_fd(state->netlink.get()), SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
  for (const uint16_t group : groups)
    if (auto done = state->listen_to(group); !done) return tl::make_unexpected(done.error());
  state->log = std::move(log);
  return std::unique_ptr<KernelListener>(new KernelListener(std::move(state)));
}

Result<void> KernelListener::hear(Heard& heard) {
  heard = {};
  Reading reading;
  reading.heard = &heard;
  const int fd = mnl_socket_get_fd(state_->netlink.get());
  for (;;) {
    const ssize_t length = ::recv(fd, state_->buffer.data(), state_->buffer.size(), MSG_DONTWAIT);
    if (length < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    if (length < 0) return system_problem("nflog", "messages were lost");
    if (mnl_cb_run(state_->buffer.data(), static_cast<size_t>(length), 0, 0, on_message, &reading) < 0)
      return system_problem("nflog", "a message does not parse");
  }
  if (state_->log) state_->log->read(heard.log);
  return {};
}

}  // namespace hookline
