// load/table_socket.h: one raw socket of one family, and the options that x_tables answers on it.
//
// The socket belongs to the network namespace in which it was opened and stays there when the thread leaves. IPv6 has its
// own structs of the same layout and the same option numbers, so the IPv4 names stand for both. Kernel: do_ipt_get_ctl(),
// do_ipt_set_ctl() and their ip6t twins.
#pragma once

#include <sys/socket.h>

#include <string>
#include <vector>

#include "base/result.h"
#include "load/abi.h"
#include "load/snapshot.h"

namespace hookline {

class TableSocket {
 public:
  // Opens in the namespace of the calling thread; see is_open().
  explicit TableSocket(Family family);
  TableSocket(const TableSocket&) = delete;
  TableSocket& operator=(const TableSocket&) = delete;
  ~TableSocket();

  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  [[nodiscard]] int open_error() const { return error_; }
  [[nodiscard]] int release();  // the descriptor now belongs to the caller

  // Each gives 0 or an errno.
  int get(int option, void* buffer, socklen_t length) const;
  int set(int option, const void* buffer, size_t length) const;
  // IPT_SO_GET_INFO; creates a table that the namespace does not have yet.
  int info(const std::string& table, ipt_getinfo& out) const;

  // INFO, ENTRIES, INFO until both informations agree.
  Result<RawTable> fetch_table(const std::string& name) const;
  // The problem of a call that failed with `error`.
  [[nodiscard]] tl::unexpected<Problems> problem(const std::string& table, const char* call, int error) const;

 private:
  Family family_;
  int fd_;
  int error_;
};

// "ipv4 table filter", as problems name it.
std::string table_place(Family family, const std::string& table);
// What the kernel means by an error of these options.
std::string sockopt_error(int error);

// The tables that exist in the namespace of the calling thread, in the kernel's order; asking this way creates none. A
// kernel without the family's tables has none.
Result<std::vector<std::string>> registered_tables(Family family);

}  // namespace hookline
