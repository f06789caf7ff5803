// tests/support/snapshot_file.h: takes a snapshot file apart and puts it together again with right checksums, without the
// code under test: what a hostile writer would do. docs/snapshot.md is the source.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace hookline::test {

struct Section {
  std::string name;
  std::vector<uint8_t> payload;
};

inline uint32_t crc_of(const uint8_t* bytes, size_t size) {
  return static_cast<uint32_t>(::crc32(0, bytes, static_cast<unsigned>(size)));
}

template <typename T>
void append(std::vector<uint8_t>& bytes, T value) {
  const size_t at = bytes.size();
  bytes.resize(at + sizeof value);
  std::memcpy(bytes.data() + at, &value, sizeof value);
}

inline std::vector<uint8_t> join_snapshot(const std::vector<Section>& sections, uint32_t version = 1,
                                          uint32_t byte_order = 0x01020304) {
  std::vector<uint8_t> file = {'H', 'K', 'S', 'N', 'A', 'P', '\r', '\n'};
  append(file, version);
  append(file, byte_order);
  append(file, static_cast<uint32_t>(sections.size()));
  append(file, crc_of(file.data(), file.size()));
  for (const Section& section : sections) {
    std::vector<uint8_t> head(16);
    std::memcpy(head.data(), section.name.data(), section.name.size());
    append(head, static_cast<uint64_t>(section.payload.size()));
    append(head, crc_of(section.payload.data(), section.payload.size()));
    append(head, crc_of(head.data(), head.size()));
    file.insert(file.end(), head.begin(), head.end());
    file.insert(file.end(), section.payload.begin(), section.payload.end());
    file.resize((file.size() + 7) / 8 * 8);
  }
  return file;
}

// `file` must be whole.
inline std::vector<Section> split_snapshot(const std::vector<uint8_t>& file) {
  std::vector<Section> sections;
  for (size_t at = 24; at < file.size();) {
    uint64_t size;
    std::memcpy(&size, file.data() + at + 16, sizeof size);
    const char* name = reinterpret_cast<const char*>(file.data() + at);
    const auto payload = file.begin() + static_cast<std::ptrdiff_t>(at + 32);
    sections.push_back({std::string(name, strnlen(name, 16)), {payload, payload + static_cast<std::ptrdiff_t>(size)}});
    at += 32 + (size + 7) / 8 * 8;
  }
  return sections;
}

}  // namespace hookline::test
