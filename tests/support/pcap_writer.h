// tests/support/pcap_writer.h: writes capture files, right or wrong on purpose, in any byte order.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace hookline::test {

class PcapWriter {
 public:
  struct Format {
    bool big_endian = false;
    bool nanoseconds = false;
    uint32_t link_type = 1;
    uint32_t snap_length = 262144;
  };
  explicit PcapWriter(Format format) : format_(format) {
    word(format.nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4);
    half(2);
    half(4);
    word(0);
    word(0);
    word(format.snap_length);
    word(format.link_type);
  }
  // `original` is the length on the wire; 0: as captured.
  void packet(const std::vector<uint8_t>& bytes, uint32_t seconds = 0, uint32_t fraction = 0, uint32_t original = 0) {
    record_header(static_cast<uint32_t>(bytes.size()), original != 0 ? original : static_cast<uint32_t>(bytes.size()),
                  seconds, fraction);
    file_.insert(file_.end(), bytes.begin(), bytes.end());
  }
  void record_header(uint32_t captured, uint32_t original, uint32_t seconds = 0, uint32_t fraction = 0) {
    word(seconds);
    word(fraction);
    word(captured);
    word(original);
  }
  [[nodiscard]] const std::vector<uint8_t>& bytes() const { return file_; }

 private:
  void word(uint32_t value) {
    for (int i = 0; i < 4; ++i) file_.push_back(static_cast<uint8_t>(value >> 8 * (format_.big_endian ? 3 - i : i)));
  }
  void half(uint16_t value) {
    for (int i = 0; i < 2; ++i) file_.push_back(static_cast<uint8_t>(value >> 8 * (format_.big_endian ? 1 - i : i)));
  }
  Format format_;
  std::vector<uint8_t> file_;
};

// A pcapng file of one little-endian section with one interface.
class PcapngWriter {
 public:
  // `resolution`: if_tsresol; 6: microseconds, 9: nanoseconds.
  explicit PcapngWriter(uint16_t link_type, uint8_t resolution) {
    block(0x0a0d0d0a, [&](std::vector<uint8_t>& body) {
      put(body, 0x1a2b3c4d, 4);
      put(body, 1, 2);
      put(body, 0, 2);
      put(body, ~0ULL, 8);
    });
    block(1, [&](std::vector<uint8_t>& body) {
      put(body, link_type, 2);
      put(body, 0, 2);
      put(body, 262144, 4);
      put(body, 9, 2);  // if_tsresol
      put(body, 1, 2);
      put(body, resolution, 4);
      put(body, 0, 4);  // opt_endofopt
    });
  }
  void packet(const std::vector<uint8_t>& bytes, uint64_t time) {
    block(6, [&](std::vector<uint8_t>& body) {
      put(body, 0, 4);
      put(body, time >> 32, 4);
      put(body, time & 0xffffffff, 4);
      put(body, bytes.size(), 4);
      put(body, bytes.size(), 4);
      body.insert(body.end(), bytes.begin(), bytes.end());
      while (body.size() % 4 != 0) body.push_back(0);
    });
  }
  [[nodiscard]] const std::vector<uint8_t>& bytes() const { return file_; }

 private:
  static void put(std::vector<uint8_t>& to, uint64_t value, int size) {
    for (int i = 0; i < size; ++i) to.push_back(static_cast<uint8_t>(value >> 8 * i));
  }
  template <typename Fill>
  void block(uint32_t type, Fill fill) {
    std::vector<uint8_t> body;
    fill(body);
    put(file_, type, 4);
    put(file_, body.size() + 12, 4);
    file_.insert(file_.end(), body.begin(), body.end());
    put(file_, body.size() + 12, 4);
  }
  std::vector<uint8_t> file_;
};

// A file with these bytes that is gone when the object is.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::vector<uint8_t>& bytes) {
    char name[] = "/tmp/hookline-test-XXXXXX";
    const int file = mkstemp(name);
    if (file >= 0) close(file);
    path_ = name;
    std::ofstream(path_, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  }
  ~TemporaryFile() { std::remove(path_.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace hookline::test
