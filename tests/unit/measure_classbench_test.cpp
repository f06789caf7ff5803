// Filter sets, traces and the first-match truth.
#include <gtest/gtest.h>
#include <lzma.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>

#include "measure/classbench.h"

namespace hookline::measure {
namespace {

Bytes bytes_of(const std::string& text) { return {reinterpret_cast<const uint8_t*>(text.data()), text.size()}; }

Result<std::vector<Filter>> filters_of(const std::string& text) { return parse_filters(bytes_of(text), "SET"); }
Result<std::vector<Header>> trace_of(const std::string& text) { return parse_trace(bytes_of(text), "TRACE"); }

// The only problem's line.
template <typename T>
std::string refusal(const Result<T>& result) {
  if (result) return "accepted";
  return result.error().size() == 1 ? result.error().front().text() : "several problems";
}

class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content) {
    const int fd = mkstemp(path_);
    if (fd >= 0) close(fd);
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~TemporaryFile() { unlink(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  [[nodiscard]] std::string path() const { return path_; }

 private:
  char path_[64] = "/tmp/hookline-classbench-XXXXXX";
};

std::string packed(const std::string& text) {
  std::string out(lzma_stream_buffer_bound(text.size()), '\0');
  size_t size = 0;
  EXPECT_EQ(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC32, nullptr, bytes_of(text).data(), text.size(),
                                    reinterpret_cast<uint8_t*>(out.data()), &size, out.size()),
            LZMA_OK);
  out.resize(size);
  return out;
}

TEST(ClassBenchFilters, ReadsEveryColumn) {
  const auto filters = filters_of(
      "@192.0.2.77/24\t198.51.100.9/32\t0 : 65535\t53 : 80\t0x11/0xFF\t0x1000/0x1000\t\r\n"
      "\n"
      "  @1.2.3.4/0 255.255.255.255/1 7 : 7 0 : 65535 0x36/0x0f\n");
  ASSERT_TRUE(filters);
  ASSERT_EQ(filters->size(), 2u);
  const Filter& a = (*filters)[0];
  EXPECT_EQ(a.source, 0xc0000200u);  // host bits behind the prefix do not count
  EXPECT_EQ(a.source_mask, 0xffffff00u);
  EXPECT_EQ(a.destination, 0xc6336409u);
  EXPECT_EQ(a.destination_mask, 0xffffffffu);
  EXPECT_EQ(a.source_port_low, 0);
  EXPECT_EQ(a.source_port_high, 65535);
  EXPECT_EQ(a.destination_port_low, 53);
  EXPECT_EQ(a.destination_port_high, 80);
  EXPECT_EQ(a.protocol, 0x11);
  EXPECT_EQ(a.protocol_mask, 0xff);
  const Filter& b = (*filters)[1];
  EXPECT_EQ(b.source_mask, 0u);
  EXPECT_EQ(b.source, 0u);
  EXPECT_EQ(b.destination, 0x80000000u);
  EXPECT_EQ(b.source_port_low, 7);
  EXPECT_EQ(b.source_port_high, 7);
  EXPECT_EQ(b.protocol, 0x06);  // bits outside the mask do not count
}

TEST(ClassBenchFilters, NamesLineFoundAndExpected) {
  const std::string good = "@1.2.3.4/32 5.6.7.8/32 0 : 1 2 : 3 0x06/0xFF\n";
  EXPECT_EQ(refusal(filters_of(good + "1.2.3.4/32 5.6.7.8/32 0 : 1 2 : 3 0x06/0xFF\n")),
            "SET:2: '1.2.3.4/32 5.6.7.8/32 0 ', expected '@'");
  EXPECT_EQ(refusal(filters_of("@1.2.3.256/32 5.6.7.8/32 0 : 1 2 : 3 0x06/0xFF")),
            "SET:1: '256/32 5.6.7.8/32 0 : 1 ', expected a source address (0 to 255)");
  EXPECT_EQ(refusal(filters_of("@1.2.3.4/33 5.6.7.8/32 0 : 1 2 : 3 0x06/0xFF")),
            "SET:1: '33 5.6.7.8/32 0 : 1 2 : ', expected a prefix length (0 to 32)");
  EXPECT_EQ(refusal(filters_of("@1.2.3.4/32 5.6.7.8/32 0 : 65536 2 : 3 0x06/0xFF")),
            "SET:1: '65536 2 : 3 0x06/0xFF', expected source ports (0 to 65535)");
  EXPECT_EQ(refusal(filters_of("@1.2.3.4/32 5.6.7.8/32 0 : 1 9 : 3 0x06/0xFF")),
            "SET:1: 9 : 3, expected destination ports low : high");
  EXPECT_EQ(refusal(filters_of("@1.2.3.4/32 5.6.7.8/32 0 : 1 2 : 3 6/0xFF")),
            "SET:1: '6/0xFF', expected a protocol (in hex, 0x…)");
  EXPECT_EQ(refusal(filters_of("@1.2.3.4/32 5.6.7.8/32 0 : 1 2 : 3")),
            "SET:1: end of line, expected a protocol (in hex, 0x…)");
  EXPECT_EQ(refusal(filters_of("@1.2.3.4/32 5.6.7.8/32 0 : 1 2 : 3 0x06/0x1FF")),
            "SET:1: '0x1FF', expected a protocol mask (0 to 255)");
  EXPECT_EQ(refusal(filters_of(" \n\n")), "SET: no filters, expected at least one");
  EXPECT_EQ(refusal(filters_of("")), "SET: no filters, expected at least one");
  EXPECT_EQ(refusal(trace_of("1 2 3 4 256")), "TRACE:1: '256', expected a protocol (0 to 255)");
  EXPECT_EQ(refusal(trace_of("1 2 3 4")), "TRACE:1: end of line, expected a protocol (0 to 255)");
  EXPECT_EQ(refusal(trace_of("1 4294967296 3 4 5")),
            "TRACE:1: '4294967296 3 4 5', expected a destination address as a number (0 to 4294967295)");
  EXPECT_EQ(refusal(trace_of("1 -2 3 4 5")),
            "TRACE:1: '-2 3 4 5', expected a destination address as a number (0 to 4294967295)");
  EXPECT_EQ(refusal(trace_of("1 2x 3 4 5")), "TRACE:1: 'x 3 4 5', expected a blank between columns");
}

TEST(ClassBenchFilters, ListsAtMostTwentyProblems) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "nothing\n";
  const auto filters = filters_of(text);
  ASSERT_FALSE(filters);
  EXPECT_EQ(filters.error().size(), 20u);
}

// Any prefix and any single damaged byte of a set gives filters or problems, and each problem has a place.
TEST(ClassBenchFilters, SurvivesEveryCutAndFlip) {
  const std::string text = "@192.0.2.77/24\t198.51.100.9/32\t0 : 65535\t53 : 80\t0x11/0xFF\t0x1000/0x1000\t\n";
  const auto look = [](const std::string& damaged) {
    const auto filters = filters_of(damaged);
    if (filters) return;
    for (const Problem& problem : filters.error()) EXPECT_EQ(problem.place.rfind("SET", 0), 0u);
  };
  for (size_t n = 0; n < text.size(); ++n) look(text.substr(0, n));
  for (size_t at = 0; at < text.size(); ++at)
    for (unsigned value = 0; value < 256; ++value) {
      std::string damaged = text;
      damaged[at] = static_cast<char>(value);
      look(damaged);
    }
}

TEST(ClassBenchTrace, ReadsHeadersAndIgnoresFurtherColumns) {
  const auto headers = trace_of("3181180954\t4022648567\t0\t20010\t6\t0\t47930\n1 2 3 4 5\n");
  ASSERT_TRUE(headers);
  EXPECT_EQ((*headers)[0], (Header{3181180954u, 4022648567u, 0, 20010, 6}));
  EXPECT_EQ((*headers)[1], (Header{1, 2, 3, 4, 5}));
}

TEST(ClassBenchFile, ReadsPlainAndPacked) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "1 2 3 4 " + std::to_string(i % 256) + "\n";
  for (const std::string& content : {text, packed(text), packed(text.substr(0, 999)) + packed(text.substr(999))}) {
    const TemporaryFile file(content);
    const auto bytes = read_text_file(file.path());
    ASSERT_TRUE(bytes);
    EXPECT_EQ(std::string(bytes->begin(), bytes->end()), text);
  }
}

TEST(ClassBenchFile, RefusesDamagedAndMissingFiles) {
  const std::string whole = packed(std::string(100000, 'x'));
  for (size_t n = 6; n < whole.size(); ++n) {
    const TemporaryFile file(whole.substr(0, n));
    EXPECT_EQ(refusal(read_text_file(file.path())), file.path() + ": an xz file that is cut short");
  }
  std::string damaged = whole;
  damaged[whole.size() / 2] = static_cast<char>(damaged[whole.size() / 2] ^ 0x10);
  const TemporaryFile file(damaged);
  EXPECT_EQ(refusal(read_text_file(file.path())), file.path() + ": a damaged xz file");
  EXPECT_EQ(refusal(read_text_file("/nonexistent/set")),
            "/nonexistent/set: No such file or directory, expected a readable file");
}

TEST(ClassBenchFile, RefusesWhatUnpacksToTooMuch) {
  for (const std::string& content : {std::string(100001, '0'), packed(std::string(100001, '0'))}) {
    const TemporaryFile file(content);
    EXPECT_EQ(refusal(read_text_file(file.path(), 100000)),
              file.path() + ": more than 100000 bytes of text, expected at most 100000");
    EXPECT_TRUE(read_text_file(file.path(), 100001));
  }
}

TEST(FirstMatches, AgreesWithTryingEveryFilter) {
  std::mt19937_64 random(7);
  for (const size_t count : {1u, 2u, 15u, 16u, 17u, 200u}) {
    std::vector<Filter> filters(count);
    for (Filter& f : filters) {
      const auto mask = [&] { return static_cast<uint32_t>(-1) << (random() % 4); };
      f.source_mask = mask();
      f.source = static_cast<uint32_t>(random()) & 0xf & f.source_mask;
      f.destination_mask = mask();
      f.destination = static_cast<uint32_t>(random()) & 0xf & f.destination_mask;
      f.source_port_low = static_cast<uint16_t>(random() % 8);
      f.source_port_high = static_cast<uint16_t>(f.source_port_low + random() % 8);
      if (random() % 2 == 0) f.destination_port_low = 65530;
      f.protocol_mask = random() % 2 == 0 ? 0xff : 0;
      f.protocol = static_cast<uint8_t>(random() % 3) & f.protocol_mask;
    }
    const std::vector<Header> headers = aim_headers(filters, 2000, 11);
    const std::vector<uint32_t> answers = first_matches(filters, headers);
    ASSERT_EQ(answers.size(), headers.size());
    size_t found = 0;
    for (size_t i = 0; i < headers.size(); ++i) {
      uint32_t expected = 0;
      for (size_t f = filters.size(); f-- > 0;)
        if (matches(filters[f], headers[i])) expected = static_cast<uint32_t>(f + 1);
      ASSERT_EQ(answers[i], expected) << "header " << i << " of " << count << " filters";
      found += expected != 0 ? 1 : 0;
    }
    EXPECT_GT(found, headers.size() / 2);  // the headers aim
  }
}

}  // namespace
}  // namespace hookline::measure
