#include "load/set_references.h"

#include <linux/netfilter/xt_set.h>

#include <cstring>
#include <string_view>

#include "load/abi.h"

namespace hookline {
namespace {

static_assert(sizeof(xt_set_info_v0) == 32 && sizeof(xt_set_info) == 4 && offsetof(xt_set_info_target_v3, map_set) == 8);
static_assert(offsetof(xt_set_info_match_v3, flags) == 40 && offsetof(xt_set_info_match_v4, flags) == 40);

// A name, revision and data of a match or target that lies wholly inside `entry`.
struct Extension {
  std::string_view name;
  uint8_t revision;
  uint32_t data, size;  // from the beginning of the entry
};

bool read_extension(Bytes entry, uint32_t at, uint32_t end, Extension& extension, uint32_t& next) {
  const auto header = read_at<abi::ExtensionHeader>(entry, at);
  if (!header || header->size < sizeof(abi::ExtensionHeader) || header->size > end - at) return false;
  const char* const name = reinterpret_cast<const char*>(entry.data()) + at + offsetof(abi::ExtensionHeader, name);
  extension = {std::string_view(name, strnlen(name, sizeof header->name)), header->revision,
               static_cast<uint32_t>(at + sizeof(abi::ExtensionHeader)),
               static_cast<uint32_t>(header->size - sizeof(abi::ExtensionHeader))};
  next = at + header->size;
  return true;
}

}  // namespace

std::vector<SetReference> set_references(const RawTable& table) {
  const abi::EntryLayout& layout = abi::entry_layout(table.family);
  std::vector<SetReference> references;
  uint32_t offset = 0;
  Bytes entry;
  const auto add = [&](uint32_t at, SetUse use) -> SetReference* {
    const auto index = read_at<uint16_t>(entry, at);
    if (!index) return nullptr;
    references.push_back({offset, offset + at, *index, use});
    return &references.back();
  };
  while (offset < table.entries.size()) {
    const Bytes rest = Bytes(table.entries).subspan(offset);
    const auto next_offset = read_at<uint16_t>(rest, layout.next_offset);
    const auto target_offset = read_at<uint16_t>(rest, layout.target_offset);
    if (!next_offset || *next_offset < layout.size || *next_offset > rest.size() || *target_offset > *next_offset) break;
    entry = rest.first(*next_offset);
    Extension extension;
    for (uint32_t at = layout.size; at < *target_offset;) {
      if (!read_extension(entry, at, *target_offset, extension, at)) break;
      if (extension.name != "set") continue;
      SetReference* const match = add(extension.data, SetUse::kMatch);
      if (match == nullptr || extension.size < sizeof(xt_set_info_match_v3)) continue;
      // Revision 3 has the comparison in front of the value, revision 4 behind it.
      const uint32_t step = extension.revision == 3 ? 0 : 8;
      match->compares_counters = extension.revision >= 3 && (entry[extension.data + 8 + step] != IPSET_COUNTER_NONE ||
                                                             entry[extension.data + 24 + step] != IPSET_COUNTER_NONE);
    }
    uint32_t end = 0;
    if (read_extension(entry, *target_offset, *next_offset, extension, end) && extension.name == "SET") {
      const uint32_t step = extension.revision == 0 ? sizeof(xt_set_info_v0) : sizeof(xt_set_info);
      add(extension.data, SetUse::kAdd);
      add(extension.data + step, SetUse::kDelete);
      if (extension.revision == 3) add(extension.data + 2 * step, SetUse::kMap);
    }
    offset += *next_offset;
  }
  return references;
}

}  // namespace hookline
