// Any bytes as a snapshot file: parsed or refused, decoded or refused, every rule named and printed; never a crash.
// The header's checksums are made right first, as they are no guard against intent.
#include <zlib.h>

#include <cstring>
#include <vector>

#include "load/decode.h"
#include "load/snapshot.h"
#include "text/save.h"

namespace {

// Rewrites the checksum of the header and of every section that lies inside the file.
void mend(std::vector<uint8_t>& file) {
  constexpr size_t kHeader = 24, kSectionHeader = 32;
  const auto put = [&](size_t at, const uint8_t* bytes, size_t size) {
    const auto sum = static_cast<uint32_t>(crc32_z(crc32_z(0, nullptr, 0), bytes, size));
    std::memcpy(file.data() + at, &sum, sizeof sum);
  };
  if (file.size() < kHeader) return;
  put(20, file.data(), 20);
  for (size_t at = kHeader; file.size() - at >= kSectionHeader;) {
    uint64_t size = 0;
    std::memcpy(&size, file.data() + at + 16, sizeof size);
    const size_t payload = at + kSectionHeader;
    if (size > file.size() - payload) return;
    put(at + 24, file.data() + payload, static_cast<size_t>(size));
    at = (payload + static_cast<size_t>(size) + 7) & ~size_t{7};
    if (at > file.size()) return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::vector<uint8_t> file(data, data + size);
  mend(file);
  auto snapshot = hookline::parse_snapshot(file, "input");
  if (!snapshot) return 0;
  for (const hookline::RawTable& raw : snapshot->tables) {
    auto table = hookline::decode_table(raw);
    if (!table) continue;
    for (uint32_t i = 0; i < table->rules.size(); ++i) {
      (void)table->rule_name(hookline::RuleId{i});
      (void)hookline::rule_text(*table, hookline::RuleId{i});
    }
    (void)hookline::refusals(*table);
    (void)hookline::save_text(*table);
  }
  return 0;
}
