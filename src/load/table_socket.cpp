#include "load/table_socket.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/file.h"

namespace hookline {
namespace {

constexpr int kFetchAttempts = 16;

std::string sockopt_advice(int error) {
  if (error == EPERM) return "root, or CAP_NET_ADMIN in the user namespace that owns the network namespace";
  if (error == ENOENT) return "a table that this kernel has";
  return {};
}

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

}  // namespace

std::string table_place(Family family, const std::string& table) {
  return std::string(family_name(family)) + " table " + table;
}

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

TableSocket::TableSocket(Family family)
    : family_(family), fd_(::socket(abi::socket_domain(family), SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW)), error_(errno) {}

TableSocket::~TableSocket() {
  if (fd_ >= 0) ::close(fd_);
}

int TableSocket::release() { return std::exchange(fd_, -1); }

int TableSocket::get(int option, void* buffer, socklen_t length) const {
  return ::getsockopt(fd_, abi::socket_level(family_), option, buffer, &length) == 0 ? 0 : errno;
}

int TableSocket::set(int option, const void* buffer, size_t length) const {
  return ::setsockopt(fd_, abi::socket_level(family_), option, buffer, static_cast<socklen_t>(length)) == 0 ? 0 : errno;
}

int TableSocket::info(const std::string& table, ipt_getinfo& out) const {
  out = {};
  std::memcpy(out.name, table.data(), std::min(table.size(), sizeof out.name - 1));
  return get(IPT_SO_GET_INFO, &out, sizeof out);
}

tl::unexpected<Problems> TableSocket::problem(const std::string& table, const char* call, int error) const {
  return fail(ProblemKind::kSystem, table_place(family_, table), std::string(call) + ": " + sockopt_error(error),
              sockopt_advice(error));
}

// A replacement of another size shows as EAGAIN, one of another layout as different information.
Result<RawTable> TableSocket::fetch_table(const std::string& name) const {
  std::vector<uint8_t> buffer;
  for (int attempt = 0; attempt < kFetchAttempts; ++attempt) {
    ipt_getinfo before{};
    if (const int error = info(name, before)) return problem(name, "IPT_SO_GET_INFO", error);
    buffer.assign(sizeof(ipt_get_entries) + before.size, 0);
    ipt_get_entries request{};
    std::memcpy(request.name, before.name, sizeof request.name);
    request.size = before.size;
    std::memcpy(buffer.data(), &request, sizeof request);
    const int error = get(IPT_SO_GET_ENTRIES, buffer.data(), static_cast<socklen_t>(buffer.size()));
    if (error == EAGAIN) continue;
    if (error != 0) return problem(name, "IPT_SO_GET_ENTRIES", error);
    ipt_getinfo after{};
    if (const int again = info(name, after)) return problem(name, "IPT_SO_GET_INFO", again);
    if (std::memcmp(&before, &after, sizeof before) != 0) continue;
    RawTable raw = raw_table(family_, name, before);
    raw.entries.assign(buffer.begin() + sizeof(ipt_get_entries), buffer.end());
    return raw;
  }
  return fail(ProblemKind::kSystem, table_place(family_, name),
              "changed during each of " + std::to_string(kFetchAttempts) + " attempts to fetch it",
              "a table that rests for a moment");
}

Result<std::vector<std::string>> registered_tables(Family family) {
  const std::string path =
      family == Family::kIpv4 ? "/proc/thread-self/net/ip_tables_names" : "/proc/thread-self/net/ip6_tables_names";
  std::vector<std::string> names;
  if (::access(path.c_str(), F_OK) != 0) return names;
  auto bytes = read_file(path);
  if (!bytes) {
    bytes.error().front().expected = "root: the list of tables is readable for root alone";
    return tl::make_unexpected(std::move(bytes.error()));
  }
  std::string name;
  for (const uint8_t byte : *bytes) {
    if (byte != '\n') {
      name += static_cast<char>(byte);
    } else if (!name.empty()) {
      names.push_back(std::exchange(name, {}));
    }
  }
  return names;
}

}  // namespace hookline
