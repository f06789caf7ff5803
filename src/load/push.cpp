// load/push.cpp: Snapshot -> namespace: IPT_SO_SET_REPLACE and IPT_SO_SET_ADD_COUNTERS of every table.
//
// Everything that can be judged beforehand is judged for all tables before the first is touched. Tables are then created and
// replaced from the last to the first: the kernel lists the newest table first, so that an empty namespace ends with the
// snapshot's order.
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <map>
#include <memory>
#include <string_view>

#include <linux/netfilter/xt_CT.h>
#include <linux/netfilter/xt_bpf.h>

#include "base/bytes.h"
#include "load/decode.h"
#include "load/fetch.h"
#include "load/ipsets.h"
#include "load/set_references.h"
#include "load/table_socket.h"
#include "world/host_view.h"

namespace hookline {
namespace {

constexpr int kReplaceAttempts = 16;

// Why the kernel's dump of this extension is not enough to load it again; empty where it is.
std::string_view lost_in_dump(const Match& match) {
  const auto mode = read_at<uint16_t>(match.raw, offsetof(xt_bpf_info_v1, mode));
  if (match.name == "bpf" && match.revision == 1 && mode && *mode != XT_BPF_MODE_BYTECODE)
    return "refers to a pinned program by a descriptor of the process that loaded it";
  return {};
}
std::string_view lost_in_dump(const Target& target) {
  if (target.kind != TargetKind::kExtension) return {};
  const auto timeout = read_at<char>(target.raw, offsetof(xt_ct_target_info_v1, timeout));
  if (target.name == "CT" && target.revision >= 1 && timeout && *timeout != 0)
    return "has a timeout policy, of whose name the kernel gives four bytes";
  return {};
}

// Rules whose dump is lossy. A table that does not decode is left to the kernel's own judgement.
void check_dump(const RawTable& raw, const HostView& host, Problems& problems) {
  const auto table = decode_table(raw, {}, &host);
  if (!table) return;
  for (uint32_t i = 0; i < table->rules.size(); ++i) {
    const Rule& rule = table->rules[i];
    const auto refuse = [&](const char* kind, const std::string& name, uint8_t revision, std::string_view reason) {
      if (reason.empty()) return;
      problems.push_back({ProblemKind::kInput,
                          table->rule_place(RuleId{i}),
                          std::string(kind) + " " + name + " rev " + std::to_string(revision) + " " + std::string(reason),
                          {}});
    };
    for (const Match& match : rule.matches) refuse("match", match.name, match.revision, lost_in_dump(match));
    refuse("target", rule.target.name, rule.target.revision, lost_in_dump(rule.target));
  }
}

// Puts the numbers that sets have in the namespace in the place of those of the snapshot. A set that the snapshot or the
// namespace lacks is a problem, named with the rule.
class SetNumbers {
 public:
  // In the namespace of the calling thread.
  static Result<SetNumbers> here(const Snapshot& snapshot) {
    auto indices = set_indices(snapshot.sets);
    if (!indices) return tl::make_unexpected(std::move(indices.error()));
    return SetNumbers(snapshot, std::move(*indices));
  }

  void translate(RawTable& raw, const HostView& host, Problems& problems) const {
    const std::vector<SetReference> references = set_references(raw);
    if (references.empty()) return;
    const auto table = decode_table(raw, {}, &host);
    for (const SetReference& reference : references) {
      if (reference.index == ipset::kNoSet) continue;
      const auto set = std::ranges::find(snapshot_.sets, reference.index, &ipset::RawSet::index);
      const auto here = set == snapshot_.sets.end() ? indices_.end() : indices_.find(set->name);
      if (here != indices_.end()) {
        std::memcpy(raw.entries.data() + reference.offset, &here->second, sizeof here->second);
        continue;
      }
      std::string place = table_place(raw.family, raw.name) + " (offset " + std::to_string(reference.entry) + ")";
      if (table)
        for (uint32_t i = 0; i < table->rules.size(); ++i)
          if (table->rules[i].offset == reference.entry) place = table->rule_place(RuleId{i});
      if (set == snapshot_.sets.end()) {
        problems.push_back({ProblemKind::kInput, place, "ip set number " + std::to_string(reference.index),
                            "one of the sets that the snapshot holds"});
      } else {
        problems.push_back({ProblemKind::kInput, place, "ip set " + set->name, "one of that name in the namespace"});
      }
    }
  }

 private:
  SetNumbers(const Snapshot& snapshot, std::map<std::string, uint16_t> indices)
      : snapshot_(snapshot), indices_(std::move(indices)) {}
  const Snapshot& snapshot_;
  std::map<std::string, uint16_t> indices_;
};

std::string hooks_text(uint32_t hooks) {
  std::string text;
  for (unsigned h = 0; h < kHookCount; ++h)
    if ((hooks >> h & 1) != 0) text += (text.empty() ? "" : " ") + std::string(kHookNames[h]);
  return text.empty() ? "none" : text;
}

class Pusher {
 public:
  Result<void> run(const Snapshot& given) {
    Problems problems;
    Snapshot snapshot = given;
    // Names and types say enough here.
    for (ipset::RawSet& set : snapshot.sets) set.elements.clear();
    const HostView host({}, shared_sets(snapshot));
    for (const RawTable& raw : snapshot.tables) check_dump(raw, host, problems);
    const auto numbers = SetNumbers::here(snapshot);
    if (!numbers) return tl::make_unexpected(numbers.error());
    for (RawTable& raw : snapshot.tables) numbers->translate(raw, host, problems);
    for (auto raw = snapshot.tables.rbegin(); raw != snapshot.tables.rend(); ++raw) {
      ipt_getinfo now{};
      if (auto known = info(*raw, now); !known) return known;
      if (now.valid_hooks != raw->valid_hooks)
        problems.push_back({ProblemKind::kInput, table_place(raw->family, raw->name),
                            "hooks " + hooks_text(raw->valid_hooks),
                            hooks_text(now.valid_hooks) + ", as this kernel's table has them"});
    }
    if (!problems.empty()) return fail(std::move(problems));

    std::string replaced;
    for (auto raw = snapshot.tables.rbegin(); raw != snapshot.tables.rend(); ++raw) {
      if (auto done = replace(*raw); !done) {
        if (!replaced.empty()) done.error().front().found += " (already replaced:" + replaced + ")";
        return done;
      }
      replaced += " " + std::string(family_name(raw->family)) + "/" + raw->name;
    }
    return {};
  }

 private:
  Result<void> info(const RawTable& raw, ipt_getinfo& now) {
    auto& socket = raw.family == Family::kIpv4 ? ipv4_ : ipv6_;
    if (!socket) socket = std::make_unique<TableSocket>(raw.family);
    if (!socket->is_open()) return socket->problem(raw.name, "raw socket", socket->open_error());
    if (const int error = socket->info(raw.name, now)) return socket->problem(raw.name, "IPT_SO_GET_INFO", error);
    return {};
  }

  Result<void> replace(const RawTable& raw) {
    const TableSocket& socket = raw.family == Family::kIpv4 ? *ipv4_ : *ipv6_;
    std::vector<uint8_t> message(sizeof(ipt_replace) + raw.entries.size());
    std::copy(raw.entries.begin(), raw.entries.end(), message.begin() + sizeof(ipt_replace));
    int error = EAGAIN;
    // EAGAIN: the number of entries that are there now changed since it was asked for.
    for (int attempt = 0; attempt < kReplaceAttempts && error == EAGAIN; ++attempt) {
      ipt_getinfo now{};
      if (auto known = info(raw, now); !known) return known;
      std::vector<xt_counters> old_counters(now.num_entries);
      ipt_replace header{};
      std::memcpy(header.name, now.name, sizeof header.name);
      header.valid_hooks = raw.valid_hooks;
      header.num_entries = raw.entry_count;
      header.size = static_cast<uint32_t>(raw.entries.size());
      std::copy(raw.hook_entry.begin(), raw.hook_entry.end(), header.hook_entry);
      std::copy(raw.underflow.begin(), raw.underflow.end(), header.underflow);
      header.num_counters = now.num_entries;
      header.counters = old_counters.data();
      std::memcpy(message.data(), &header, sizeof header);
      error = socket.set(IPT_SO_SET_REPLACE, message.data(), message.size());
    }
    if (error != 0) {
      auto refused = socket.problem(raw.name, "IPT_SO_SET_REPLACE", error);
      // The kernel gives a number; the decoder makes the same checks and says which.
      if (const auto table = decode_table(raw); !table)
        for (const Problem& reason : table.error()) refused.value().push_back(reason);
      return refused;
    }
    return add_counters(socket, raw);
  }

  // The kernel starts every counter of a new table at 0. It has accepted the entries, so that their lengths are right.
  static Result<void> add_counters(const TableSocket& socket, const RawTable& raw) {
    const abi::EntryLayout& layout = abi::entry_layout(raw.family);
    std::vector<uint8_t> message(sizeof(xt_counters_info) + raw.entry_count * sizeof(xt_counters));
    xt_counters_info head{};
    std::memcpy(head.name, raw.name.data(), std::min(raw.name.size(), sizeof head.name - 1));
    head.num_counters = raw.entry_count;
    std::memcpy(message.data(), &head, sizeof head);
    size_t offset = 0;
    for (uint32_t i = 0; i < raw.entry_count; ++i) {
      const auto next = read_at<uint16_t>(raw.entries, offset + layout.next_offset);
      const auto counters = read_at<xt_counters>(raw.entries, offset + layout.counters);
      if (!next || !counters) break;
      std::memcpy(message.data() + sizeof head + i * sizeof(xt_counters), &*counters, sizeof(xt_counters));
      offset += *next;
    }
    if (const int error = socket.set(IPT_SO_SET_ADD_COUNTERS, message.data(), message.size()))
      return socket.problem(raw.name, "IPT_SO_SET_ADD_COUNTERS", error);
    return {};
  }

  std::unique_ptr<TableSocket> ipv4_, ipv6_;
};

}  // namespace

Result<void> push(const Netns& netns, const Snapshot& snapshot) {
  return netns.enter([&] { return Pusher().run(snapshot); });
}

}  // namespace hookline
