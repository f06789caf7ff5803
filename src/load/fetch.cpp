// load/fetch.cpp: see the header. Kernel: net/ipv4/netfilter/ip_tables.c, net/ipv6/netfilter/ip6_tables.c.
#include "load/fetch.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>
#include <utility>

#include "load/abi.h"
#include "load/interfaces.h"
#include "load/kernel_clock.h"

namespace hookline {
namespace {

constexpr int kFetchAttempts = 16;

// What the kernel means by an error of these socket options.
std::string sockopt_error(int error) {
  switch (error) {
    case EPERM:
      return "permission denied (EPERM)";
    case ENOENT:
      return "no such table (ENOENT)";
    case EINVAL:
      return "the kernel found the request malformed (EINVAL)";
    case EAGAIN:
      return "the table was replaced meanwhile (EAGAIN)";
    case ELOOP:
      return "the rules loop or lead nowhere (ELOOP)";
    case ENOMEM:
      return "the kernel has not enough memory (ENOMEM)";
    case ENOPROTOOPT:
      return "this kernel has no legacy iptables for the family (ENOPROTOOPT)";
    case EAFNOSUPPORT:
      return "this kernel lacks the address family (EAFNOSUPPORT)";
    default:
      return std::strerror(error);
  }
}

std::string sockopt_advice(int error) {
  if (error == EPERM) return "root, or CAP_NET_ADMIN in the user namespace that owns the network namespace";
  if (error == ENOENT) return "a table that is registered in this namespace";
  return {};
}

std::string table_place(Family family, const std::string& table) {
  return std::string(family_name(family)) + " table " + table;
}

tl::unexpected<Problems> sockopt_problem(Family family, const std::string& table, const char* call, int error) {
  return fail(ProblemKind::kSystem, table_place(family, table), std::string(call) + ": " + sockopt_error(error),
              sockopt_advice(error));
}

// A raw socket in the namespace of the calling thread; it stays there when the thread leaves.
class TableSocket {
 public:
  explicit TableSocket(Family family)
      : family_(family), fd_(::socket(abi::socket_domain(family), SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW)), error_(errno) {}
  TableSocket(const TableSocket&) = delete;
  TableSocket& operator=(const TableSocket&) = delete;
  ~TableSocket() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  [[nodiscard]] int open_error() const { return error_; }
  [[nodiscard]] int release() { return std::exchange(fd_, -1); }

  // 0 or an errno.
  int get(int option, void* buffer, socklen_t length) const {
    return ::getsockopt(fd_, abi::socket_level(family_), option, buffer, &length) == 0 ? 0 : errno;
  }
  int set(int option, const void* buffer, size_t length) const {
    return ::setsockopt(fd_, abi::socket_level(family_), option, buffer, static_cast<socklen_t>(length)) == 0 ? 0 : errno;
  }
  int info(const std::string& table, ipt_getinfo& out) const {
    out = {};
    std::memcpy(out.name, table.data(), std::min(table.size(), sizeof out.name - 1));
    return get(IPT_SO_GET_INFO, &out, sizeof out);
  }

 private:
  Family family_;
  int fd_;
  int error_;
};

RawTable raw_table(Family family, const std::string& name, const ipt_getinfo& info) {
  RawTable raw;
  raw.family = family;
  raw.name = name;
  raw.valid_hooks = info.valid_hooks;
  for (unsigned h = 0; h < kHookCount; ++h) {
    raw.hook_entry[h] = info.hook_entry[h];
    raw.underflow[h] = info.underflow[h];
  }
  raw.entry_count = info.num_entries;
  return raw;
}

// INFO, ENTRIES, INFO until both informations agree: a replacement of another size shows as EAGAIN, one of another layout as
// different information.
Result<RawTable> fetch_table(const TableSocket& socket, Family family, const std::string& name) {
  std::vector<uint8_t> buffer;
  for (int attempt = 0; attempt < kFetchAttempts; ++attempt) {
    ipt_getinfo before{};
    if (const int error = socket.info(name, before)) return sockopt_problem(family, name, "IPT_SO_GET_INFO", error);
    buffer.assign(sizeof(ipt_get_entries) + before.size, 0);
    ipt_get_entries request{};
    std::memcpy(request.name, before.name, sizeof request.name);
    request.size = before.size;
    std::memcpy(buffer.data(), &request, sizeof request);
    const int error = socket.get(IPT_SO_GET_ENTRIES, buffer.data(), static_cast<socklen_t>(buffer.size()));
    if (error == EAGAIN) continue;
    if (error != 0) return sockopt_problem(family, name, "IPT_SO_GET_ENTRIES", error);
    ipt_getinfo after{};
    if (const int again = socket.info(name, after)) return sockopt_problem(family, name, "IPT_SO_GET_INFO", again);
    if (std::memcmp(&before, &after, sizeof before) != 0) continue;
    RawTable raw = raw_table(family, name, before);
    raw.entries.assign(buffer.begin() + sizeof(ipt_get_entries), buffer.end());
    return raw;
  }
  return fail(ProblemKind::kSystem, table_place(family, name),
              "changed during each of " + std::to_string(kFetchAttempts) + " attempts to fetch it",
              "a table that rests for a moment");
}

// The tables that exist in the namespace of the calling thread; asking this way creates none.
std::vector<std::string> registered_tables(Family family) {
  std::ifstream file(family == Family::kIpv4 ? "/proc/thread-self/net/ip_tables_names"
                                             : "/proc/thread-self/net/ip6_tables_names");
  std::vector<std::string> names;
  for (std::string line; std::getline(file, line);)
    if (!line.empty()) names.push_back(line);
  return names;
}

Result<void> fetch_family(Family family, const FetchOptions& options, Snapshot& snapshot) {
  std::vector<std::string>& order = family == Family::kIpv4 ? snapshot.ipv4_order : snapshot.ipv6_order;
  order = registered_tables(family);
  std::vector<std::string> wanted = order;
  if (!options.tables.empty())
    std::erase_if(wanted,
                  [&](const std::string& name) { return std::ranges::find(options.tables, name) == options.tables.end(); });
  if (wanted.empty()) return {};
  const TableSocket socket(family);
  if (!socket.is_open()) return sockopt_problem(family, wanted.front(), "raw socket", socket.open_error());
  for (const std::string& name : wanted) {
    auto raw = fetch_table(socket, family, name);
    if (!raw) return tl::make_unexpected(raw.error());
    snapshot.tables.push_back(std::move(*raw));
  }
  return {};
}

Result<void> fetch_here(const FetchOptions& options, Snapshot& snapshot) {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  snapshot.time_ns = static_cast<uint64_t>(now.tv_sec) * 1'000'000'000U + static_cast<uint64_t>(now.tv_nsec);
  utsname names{};
  if (::uname(&names) == 0) snapshot.kernel_release = names.release;
  snapshot.hz = kernel_hz();
  struct timezone zone {};
  timeval unused{};
  if (::gettimeofday(&unused, &zone) == 0) snapshot.time_zone_minutes = zone.tz_minuteswest;
  auto interfaces = list_interfaces();
  if (!interfaces) return tl::make_unexpected(interfaces.error());
  snapshot.interfaces = std::move(*interfaces);
  for (const Family family : {Family::kIpv4, Family::kIpv6}) {
    if (options.family && *options.family != family) continue;
    if (auto done = fetch_family(family, options, snapshot); !done) return done;
  }
  for (const std::string& name : options.tables) {
    const auto is_named = [&](const RawTable& raw) { return raw.name == name; };
    if (std::ranges::none_of(snapshot.tables, is_named)) {
      std::string found = "not registered in this namespace";
      // An unreadable list looks like an empty one, and only then does privilege explain it.
      if (::geteuid() != 0 && snapshot.tables.empty()) found += " (or its list cannot be read without privilege)";
      return fail(ProblemKind::kSystem, "table " + name, found,
                  "a table that /proc/net/ip_tables_names or ip6_tables_names lists");
    }
  }
  return {};
}

Result<void> push_table(const TableSocket& socket, const RawTable& raw) {
  ipt_getinfo now{};
  if (const int error = socket.info(raw.name, now)) return sockopt_problem(raw.family, raw.name, "IPT_SO_GET_INFO", error);
  if (now.valid_hooks != raw.valid_hooks) {
    char text[96];
    std::snprintf(text, sizeof text, "hooks 0x%x in the snapshot", raw.valid_hooks);
    char expected[96];
    std::snprintf(expected, sizeof expected, "0x%x as this kernel's table has them", now.valid_hooks);
    return fail(ProblemKind::kInput, table_place(raw.family, raw.name), text, expected);
  }
  const abi::EntryLayout& layout = abi::entry_layout(raw.family);
  std::vector<uint8_t> message(sizeof(ipt_replace) + raw.entries.size());
  std::vector<xt_counters> old_counters(now.num_entries);
  ipt_replace header{};
  std::memcpy(header.name, now.name, sizeof header.name);
  header.valid_hooks = raw.valid_hooks;
  header.num_entries = raw.entry_count;
  header.size = static_cast<uint32_t>(raw.entries.size());
  for (unsigned h = 0; h < kHookCount; ++h) {
    header.hook_entry[h] = raw.hook_entry[h];
    header.underflow[h] = raw.underflow[h];
  }
  header.num_counters = now.num_entries;
  header.counters = old_counters.data();
  std::memcpy(message.data(), &header, sizeof header);
  std::copy(raw.entries.begin(), raw.entries.end(), message.begin() + sizeof header);
  if (const int error = socket.set(IPT_SO_SET_REPLACE, message.data(), message.size()))
    return sockopt_problem(raw.family, raw.name, "IPT_SO_SET_REPLACE", error);

  // The kernel starts every counter of a new table at 0; the snapshot's are added afterwards.
  std::vector<uint8_t> addition(sizeof(xt_counters_info) + raw.entry_count * sizeof(xt_counters));
  xt_counters_info info{};
  std::memcpy(info.name, now.name, sizeof info.name);
  info.num_counters = raw.entry_count;
  std::memcpy(addition.data(), &info, sizeof info);
  size_t offset = 0;
  for (uint32_t i = 0; i < raw.entry_count; ++i) {
    const auto next = read_at<uint16_t>(raw.entries, offset + layout.next_offset);
    const auto counters = read_at<xt_counters>(raw.entries, offset + layout.counters);
    if (!next || !counters || *next == 0)
      return fail(
          ProblemKind::kInput, table_place(raw.family, raw.name),
          "entry " + std::to_string(i) + " lies outside the " + std::to_string(raw.entries.size()) + " bytes of entries",
          std::to_string(raw.entry_count) + " whole entries");
    std::memcpy(addition.data() + sizeof info + i * sizeof(xt_counters), &*counters, sizeof(xt_counters));
    offset += *next;
  }
  if (const int error = socket.set(IPT_SO_SET_ADD_COUNTERS, addition.data(), addition.size()))
    return sockopt_problem(raw.family, raw.name, "IPT_SO_SET_ADD_COUNTERS", error);
  return {};
}

}  // namespace

Result<Snapshot> fetch(const Netns& netns, const FetchOptions& options) {
  Snapshot snapshot;
  auto done = netns.enter([&] { return fetch_here(options, snapshot); });
  if (!done) return tl::make_unexpected(done.error());
  return snapshot;
}

Result<void> push(const Netns& netns, const Snapshot& snapshot) {
  return netns.enter([&]() -> Result<void> {
    for (const RawTable& raw : snapshot.tables) {
      const TableSocket socket(raw.family);
      if (!socket.is_open()) return sockopt_problem(raw.family, raw.name, "raw socket", socket.open_error());
      if (auto done = push_table(socket, raw); !done) return done;
    }
    return {};
  });
}

CounterReader::CounterReader(CounterReader&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      family_(other.family_),
      buffer_(std::move(other.buffer_)),
      offsets_(std::move(other.offsets_)) {}

CounterReader& CounterReader::operator=(CounterReader&& other) noexcept {
  if (this != &other) {
    if (socket_ >= 0) ::close(socket_);
    socket_ = std::exchange(other.socket_, -1);
    family_ = other.family_;
    buffer_ = std::move(other.buffer_);
    offsets_ = std::move(other.offsets_);
  }
  return *this;
}

CounterReader::~CounterReader() {
  if (socket_ >= 0) ::close(socket_);
}

Result<CounterReader> CounterReader::open(const Netns& netns, Family family, const std::string& table) {
  CounterReader reader;
  reader.family_ = family;
  auto done = netns.enter([&]() -> Result<void> {
    TableSocket socket(family);
    if (!socket.is_open()) return sockopt_problem(family, table, "raw socket", socket.open_error());
    auto raw = fetch_table(socket, family, table);
    if (!raw) return tl::make_unexpected(raw.error());
    ipt_get_entries request{};
    std::memcpy(request.name, table.data(), std::min(table.size(), sizeof request.name - 1));
    request.size = static_cast<uint32_t>(raw->entries.size());
    reader.buffer_.resize(sizeof request + raw->entries.size());
    std::memcpy(reader.buffer_.data(), &request, sizeof request);
    const abi::EntryLayout& layout = abi::entry_layout(family);
    for (size_t offset = 0; offset < raw->entries.size();) {
      const auto next = read_at<uint16_t>(raw->entries, offset + layout.next_offset);
      if (!next || *next < layout.size || *next > raw->entries.size() - offset)
        return fail(ProblemKind::kSystem, table_place(family, table), "entries that the kernel would not have accepted",
                    "whole entries");
      reader.offsets_.push_back(static_cast<uint32_t>(sizeof request + offset + layout.counters));
      offset += *next;
    }
    reader.socket_ = socket.release();
    return {};
  });
  if (!done) return tl::make_unexpected(done.error());
  return reader;
}

Result<void> CounterReader::read(std::vector<Pair>& out) {
  auto length = static_cast<socklen_t>(buffer_.size());
  if (::getsockopt(socket_, abi::socket_level(family_), IPT_SO_GET_ENTRIES, buffer_.data(), &length) != 0) {
    const int error = errno;
    return fail(ProblemKind::kSystem, std::string(family_name(family_)) + " counters",
                "IPT_SO_GET_ENTRIES: " + sockopt_error(error));
  }
  out.resize(offsets_.size());
  for (size_t i = 0; i < offsets_.size(); ++i) std::memcpy(&out[i], buffer_.data() + offsets_[i], sizeof(Pair));
  return {};
}

}  // namespace hookline
