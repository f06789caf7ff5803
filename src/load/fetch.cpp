// load/fetch.cpp: namespace -> Snapshot. Kernel: net/ipv4/netfilter/ip_tables.c, net/ipv6/netfilter/ip6_tables.c.
#include "load/fetch.h"

#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <utility>

#include "load/host_dump.h"
#include "load/ipsets.h"
#include "load/kernel_clock.h"
#include "load/table_socket.h"

namespace hookline {
namespace {

constexpr Family kFamilies[] = {Family::kIpv4, Family::kIpv6};

Result<void> fetch_family(Family family, const FetchOptions& options, Snapshot& snapshot) {
  std::vector<std::string>& order = family == Family::kIpv4 ? snapshot.ipv4_order : snapshot.ipv6_order;
  auto names = registered_tables(family);
  if (!names) return tl::make_unexpected(std::move(names.error()));
  order = std::move(*names);
  std::vector<std::string> wanted = order;
  if (!options.tables.empty())
    std::erase_if(wanted,
                  [&](const std::string& name) { return std::ranges::find(options.tables, name) == options.tables.end(); });
  if (wanted.empty()) return {};
  const TableSocket socket(family);
  if (!socket.is_open()) return socket.problem(wanted.front(), "raw socket", socket.open_error());
  for (const std::string& name : wanted) {
    auto raw = socket.fetch_table(name);
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
  // Past the C library, which answers zeros for the zone.
  if (::syscall(SYS_gettimeofday, &unused, &zone) == 0) snapshot.time_zone_minutes = zone.tz_minuteswest;
  auto host = options.just_set_up ? dump_settled_host() : dump_host();
  if (!host) return tl::make_unexpected(host.error());
  snapshot.host = std::move(*host);
  for (const Family family : {Family::kIpv4, Family::kIpv6}) {
    if (options.family && *options.family != family) continue;
    if (auto done = fetch_family(family, options, snapshot); !done) return done;
  }
  Problems problems;
  for (const std::string& name : options.tables) {
    const auto is_named = [&](const RawTable& raw) { return raw.name == name; };
    if (std::ranges::none_of(snapshot.tables, is_named))
      problems.push_back({ProblemKind::kSystem, "table " + name, "not registered in this namespace",
                          "a table that /proc/net/ip_tables_names or ip6_tables_names lists"});
  }
  if (!problems.empty()) return fail(std::move(problems));
  auto sets = fetch_sets(snapshot.tables);
  if (!sets) return tl::make_unexpected(sets.error());
  snapshot.sets = std::move(*sets);
  return {};
}

}  // namespace

Result<Snapshot> fetch(const Netns& netns, const FetchOptions& options) {
  Snapshot snapshot;
  auto done = netns.enter([&] { return fetch_here(options, snapshot); });
  if (!done) return tl::make_unexpected(done.error());
  return snapshot;
}

Result<std::vector<TableInfo>> table_infos(const Netns& netns) {
  std::vector<TableInfo> infos;
  auto done = netns.enter([&]() -> Result<void> {
    for (const Family family : kFamilies) {
      const auto names = registered_tables(family);
      if (!names) return tl::make_unexpected(names.error());
      if (names->empty()) continue;
      const TableSocket socket(family);
      if (!socket.is_open()) return socket.problem(names->front(), "raw socket", socket.open_error());
      for (const std::string& name : *names) {
        ipt_getinfo answer{};
        if (const int error = socket.info(name, answer)) return socket.problem(name, "IPT_SO_GET_INFO", error);
        TableInfo info;
        info.family = family;
        info.name = name;
        info.valid_hooks = answer.valid_hooks;
        std::copy_n(answer.hook_entry, kHookCount, info.hook_entry.begin());
        std::copy_n(answer.underflow, kHookCount, info.underflow.begin());
        info.entry_count = answer.num_entries;
        info.size = answer.size;
        infos.push_back(std::move(info));
      }
    }
    return {};
  });
  if (!done) return tl::make_unexpected(done.error());
  return infos;
}

}  // namespace hookline
