// load/counter_reader.cpp: the counters of one table, again and again: one system call a read, nothing allocated.
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "load/fetch.h"
#include "load/table_socket.h"

namespace hookline {

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
    const auto names = registered_tables(family);
    if (!names) return tl::make_unexpected(names.error());
    if (std::ranges::find(*names, table) == names->end())
      return fail(ProblemKind::kSystem, table_place(family, table), "not registered in this namespace",
                  "a registered table: asking for another one would create it");
    TableSocket socket(family);
    if (!socket.is_open()) return socket.problem(table, "raw socket", socket.open_error());
    auto raw = socket.fetch_table(table);
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
