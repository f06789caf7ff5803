// measure/classbench.cpp: the parser of filter sets and traces, and the first-match truth.
//
// The truth walks the filters in order, sixteen at a time over an array a field, so that the compiler turns the inner loop
// into vector code; nothing is indexed, skipped or reordered.
#include "measure/classbench.h"

#include <fmt/format.h>
#include <lzma.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <memory>
#include <random>
#include <string_view>

namespace hookline::measure {
namespace {

constexpr size_t kMaxFilters = size_t{1} << 20;
constexpr size_t kMaxHeaders = size_t{1} << 24;
constexpr size_t kMaxProblems = 20;
constexpr uint64_t kDecoderMemory = uint64_t{256} << 20;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

// What stands at the cursor, for messages: printable, one line, short.
std::string excerpt(std::string_view rest) {
  std::string text;
  for (const char c : rest.substr(0, 24)) {
    if (c == '\n' || c == '\r') break;
    text += c == '\t' ? ' ' : (c >= 0x20 && c < 0x7f ? c : '?');
  }
  return text.empty() ? "end of line" : "'" + text + "'";
}

// Reads the columns of one line. The first thing that is not as expected is kept; what follows is ignored.
class LineReader {
 public:
  explicit LineReader(std::string_view line) : rest_(line) {}

  void literal(char c) {
    skip_blanks();
    if (failed()) return;
    if (rest_.empty() || rest_.front() != c) return fail_with(fmt::format("'{}'", c));
    rest_.remove_prefix(1);
  }

  uint32_t number(uint32_t highest, std::string_view what, int base = 10) {
    skip_blanks();
    if (failed()) return 0;
    std::string_view digits = rest_;
    if (base == 16) {
      if (digits.size() < 2 || digits[0] != '0' || (digits[1] | 0x20) != 'x') return fail_number(what, "in hex, 0x…");
      digits.remove_prefix(2);
    }
    uint64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (error != std::errc{} || value > highest) return fail_number(what, fmt::format("0 to {}", highest));
    rest_.remove_prefix(static_cast<size_t>(end - rest_.data()));
    return static_cast<uint32_t>(value);
  }

  // A dotted address and a prefix length.
  void prefix(uint32_t& value, uint32_t& mask, std::string_view what) {
    uint32_t address = 0;
    for (int i = 0; i < 4; ++i) {
      if (i != 0) literal('.');
      address = address << 8 | number(255, what);
    }
    literal('/');
    const uint32_t length = number(32, "a prefix length");
    mask = length == 0 ? 0 : ~uint32_t{0} << (32 - length);
    value = address & mask;
  }

  void port_range(uint16_t& low, uint16_t& high, std::string_view what) {
    low = static_cast<uint16_t>(number(0xffff, what));
    literal(':');
    high = static_cast<uint16_t>(number(0xffff, what));
    if (!failed() && low > high) {
      expected_ = fmt::format("{} low : high", what);
      found_ = fmt::format("{} : {}", low, high);
    }
  }

  // After a number: the column ends here.
  void end_of_column() {
    if (failed() || rest_.empty() || rest_.front() == ' ' || rest_.front() == '\t' || rest_.front() == '\r') return;
    fail_with("a blank between columns");
  }

  [[nodiscard]] bool at_end() {
    skip_blanks();
    return rest_.empty();
  }
  [[nodiscard]] bool failed() const { return !expected_.empty(); }
  [[nodiscard]] Problem problem(const std::string& place, size_t line) const {
    return {ProblemKind::kInput, fmt::format("{}:{}", place, line), found_, expected_};
  }

 private:
  void skip_blanks() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t' || rest_.front() == '\r'))
      rest_.remove_prefix(1);
  }
  void fail_with(std::string expected) {
    expected_ = std::move(expected);
    found_ = excerpt(rest_);
  }
  uint32_t fail_number(std::string_view what, const std::string& range) {
    fail_with(fmt::format("{} ({})", what, range));
    return 0;
  }

  std::string_view rest_;
  std::string expected_;
  std::string found_;
};

// Calls parse_line(reader) for each line that is not blank, and collects problems and results.
template <typename T, typename ParseLine>
Result<std::vector<T>> parse_lines(Bytes text, const std::string& place, size_t limit, const char* what,
                                   const ParseLine& parse_line) {
  std::vector<T> result;
  Problems problems;
  std::string_view rest(reinterpret_cast<const char*>(text.data()), text.size());
  for (size_t line = 1; !rest.empty(); ++line) {
    const size_t end = rest.find('\n');
    LineReader reader(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (reader.at_end()) continue;
    T value = parse_line(reader);
    if (reader.failed()) {
      problems.push_back(reader.problem(place, line));
      if (problems.size() == kMaxProblems) break;
      continue;
    }
    if (result.size() == limit) {
      problems.push_back({ProblemKind::kInput, fmt::format("{}:{}", place, line),
                          fmt::format("more than {} {}", limit, what), fmt::format("at most {}", limit)});
      break;
    }
    result.push_back(value);
  }
  if (!problems.empty()) return fail(std::move(problems));
  if (result.empty()) return fail(ProblemKind::kInput, place, fmt::format("no {}", what), "at least one");
  return result;
}

tl::unexpected<Problems> too_long(const std::string& path, size_t limit) {
  return fail(ProblemKind::kInput, path, fmt::format("more than {} bytes of text", limit), fmt::format("at most {}", limit));
}

constexpr std::array<uint8_t, 6> kXzMagic = {0xfd, '7', 'z', 'X', 'Z', 0};

Result<std::vector<uint8_t>> unpack_xz(const std::vector<uint8_t>& packed, const std::string& path, size_t limit) {
  lzma_stream stream = LZMA_STREAM_INIT;
  if (lzma_stream_decoder(&stream, kDecoderMemory, LZMA_CONCATENATED) != LZMA_OK)
    return fail(ProblemKind::kSystem, path, "the xz decoder could not be started");
  std::vector<uint8_t> text;
  std::vector<uint8_t> chunk(size_t{1} << 16);
  stream.next_in = packed.data();
  stream.avail_in = packed.size();
  lzma_ret status = LZMA_OK;
  while (status == LZMA_OK && text.size() <= limit) {
    stream.next_out = chunk.data();
    stream.avail_out = chunk.size();
    status = lzma_code(&stream, LZMA_FINISH);
    text.insert(text.end(), chunk.data(), chunk.data() + (chunk.size() - stream.avail_out));
  }
  lzma_end(&stream);
  if (text.size() > limit) return too_long(path, limit);
  if (status == LZMA_MEMLIMIT_ERROR)
    return fail(ProblemKind::kInput, path, "an xz file that needs more than 256 MiB to unpack");
  if (status == LZMA_BUF_ERROR) return fail(ProblemKind::kInput, path, "an xz file that is cut short");
  if (status != LZMA_STREAM_END) return fail(ProblemKind::kInput, path, "a damaged xz file");
  return text;
}

// The filters as one array a field, padded to whole blocks with filters that match nothing.
struct FilterColumns {
  static constexpr size_t kBlock = 16;
  using Column = std::vector<uint32_t>;
  Column source, source_mask, destination, destination_mask, source_low, source_width, destination_low, destination_width,
      protocol, protocol_mask;
  size_t blocks = 0;

  explicit FilterColumns(std::span<const Filter> filters) : blocks((filters.size() + kBlock - 1) / kBlock) {
    const size_t n = blocks * kBlock;
    for (Column* column : {&source, &source_mask, &destination, &destination_mask, &source_low, &source_width,
                           &destination_low, &destination_width, &protocol, &protocol_mask})
      column->resize(n);
    for (size_t i = 0; i < n; ++i) {
      if (i >= filters.size()) {
        source[i] = 1;  // a value outside its mask: never equal
        continue;
      }
      const Filter& f = filters[i];
      source[i] = f.source;
      source_mask[i] = f.source_mask;
      destination[i] = f.destination;
      destination_mask[i] = f.destination_mask;
      source_low[i] = f.source_port_low;
      source_width[i] = static_cast<uint32_t>(f.source_port_high - f.source_port_low);
      destination_low[i] = f.destination_port_low;
      destination_width[i] = static_cast<uint32_t>(f.destination_port_high - f.destination_port_low);
      protocol[i] = f.protocol;
      protocol_mask[i] = f.protocol_mask;
    }
  }
};

uint32_t random_below(std::mt19937_64& random, uint32_t n) { return static_cast<uint32_t>(random() % n); }

// A value of a masked field: the lowest, the highest, or any.
uint32_t pick_masked(std::mt19937_64& random, uint32_t value, uint32_t mask) {
  switch (random_below(random, 4)) {
    case 0:
      return value;
    case 1:
      return value | ~mask;
    default:
      return value | (static_cast<uint32_t>(random()) & ~mask);
  }
}
uint16_t pick_port(std::mt19937_64& random, uint16_t low, uint16_t high) {
  switch (random_below(random, 4)) {
    case 0:
      return low;
    case 1:
      return high;
    default:
      return static_cast<uint16_t>(low + random_below(random, static_cast<uint32_t>(high - low) + 1));
  }
}

}  // namespace

bool matches(const Filter& filter, const Header& header) {
  return (header.source & filter.source_mask) == filter.source &&
         (header.destination & filter.destination_mask) == filter.destination &&
         header.source_port >= filter.source_port_low && header.source_port <= filter.source_port_high &&
         header.destination_port >= filter.destination_port_low && header.destination_port <= filter.destination_port_high &&
         (header.protocol & filter.protocol_mask) == filter.protocol;
}

Result<std::vector<uint8_t>> read_text_file(const std::string& path, size_t limit) {
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rbe"));
  if (!file) return fail(ProblemKind::kInput, path, std::strerror(errno), "a readable file");
  std::vector<uint8_t> bytes;
  std::vector<uint8_t> chunk(size_t{1} << 16);
  while (const size_t n = std::fread(chunk.data(), 1, chunk.size(), file.get())) {
    bytes.insert(bytes.end(), chunk.data(), chunk.data() + n);
    if (bytes.size() > limit) return too_long(path, limit);
  }
  if (std::ferror(file.get()) != 0) return fail(ProblemKind::kInput, path, std::strerror(errno), "a readable file");
  if (bytes.size() >= kXzMagic.size() && std::equal(kXzMagic.begin(), kXzMagic.end(), bytes.begin()))
    return unpack_xz(bytes, path, limit);
  return bytes;
}

Result<std::vector<Filter>> parse_filters(Bytes text, const std::string& place) {
  return parse_lines<Filter>(text, place, kMaxFilters, "filters", [](LineReader& reader) {
    Filter f;
    reader.literal('@');
    reader.prefix(f.source, f.source_mask, "a source address");
    reader.end_of_column();
    reader.prefix(f.destination, f.destination_mask, "a destination address");
    reader.end_of_column();
    reader.port_range(f.source_port_low, f.source_port_high, "source ports");
    reader.end_of_column();
    reader.port_range(f.destination_port_low, f.destination_port_high, "destination ports");
    reader.end_of_column();
    const uint32_t protocol = reader.number(0xff, "a protocol", 16);
    reader.literal('/');
    f.protocol_mask = static_cast<uint8_t>(reader.number(0xff, "a protocol mask", 16));
    f.protocol = static_cast<uint8_t>(protocol & f.protocol_mask);
    reader.end_of_column();
    if (!reader.at_end()) {  // TCP flags: checked, and not used
      reader.number(0xffff, "flags", 16);
      reader.literal('/');
      reader.number(0xffff, "a flags mask", 16);
      reader.end_of_column();
    }
    return f;
  });
}

Result<std::vector<Header>> parse_trace(Bytes text, const std::string& place) {
  return parse_lines<Header>(text, place, kMaxHeaders, "headers", [](LineReader& reader) {
    Header h;
    h.source = reader.number(0xffffffff, "a source address as a number");
    reader.end_of_column();
    h.destination = reader.number(0xffffffff, "a destination address as a number");
    reader.end_of_column();
    h.source_port = static_cast<uint16_t>(reader.number(0xffff, "a source port"));
    reader.end_of_column();
    h.destination_port = static_cast<uint16_t>(reader.number(0xffff, "a destination port"));
    reader.end_of_column();
    h.protocol = static_cast<uint8_t>(reader.number(0xff, "a protocol"));
    reader.end_of_column();
    return h;
  });
}

std::vector<Filter> make_filters(size_t count, uint64_t seed) {
  constexpr std::array<uint16_t, 24> kPorts = {20,  21,  22,  23,  25,   53,   80,   110,  111,  123,  135,  139,
                                               143, 161, 389, 443, 1433, 1521, 3306, 3389, 5060, 5432, 8080, 8443};
  std::mt19937_64 random(seed);
  const auto percent = [&random](uint32_t n) { return random_below(random, 100) < n; };
  const auto set_prefix = [](uint32_t address, uint32_t length, uint32_t& value, uint32_t& mask) {
    mask = length == 0 ? 0 : ~uint32_t{0} << (32 - length);
    value = address & mask;
  };
  std::vector<uint32_t> networks(std::max<size_t>(4, count / 16));  // of 256 addresses each
  for (uint32_t& network : networks) network = static_cast<uint32_t>(random()) & ~uint32_t{0xff};
  const auto near = [&] {
    return networks[random_below(random, static_cast<uint32_t>(networks.size()))] | random_below(random, 256);
  };
  std::vector<Filter> filters(count);
  for (size_t i = 0; i < count; ++i) {
    Filter& f = filters[i];
    const uint32_t lengths[] = {24, 28, 30, 32, 32, 32, 32, 32};
    set_prefix(near(), lengths[random_below(random, 8)], f.destination, f.destination_mask);
    if (percent(60)) set_prefix(near(), percent(50) ? 32 : 16 + random_below(random, 13), f.source, f.source_mask);
    // Rules for any destination stand at the end, as people write them.
    if (i >= count - count / 32) f.destination = f.destination_mask = 0;
    const uint32_t kind = random_below(random, 100);
    f.protocol = kind < 75 ? 6 : kind < 90 ? 17 : kind < 95 ? 1 : 0;
    f.protocol_mask = kind < 95 ? 0xff : 0;
    if (kind >= 90) continue;
    if (percent(75)) {
      f.destination_port_low = f.destination_port_high = kPorts[random_below(random, kPorts.size())];
    } else if (percent(50)) {
      f.destination_port_low = 1024;
    }
    if (percent(5)) f.source_port_low = 1024;
  }
  return filters;
}

std::vector<Header> aim_headers(std::span<const Filter> filters, size_t count, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Header> headers(count);
  const auto any_filter = [&]() -> const Filter& {
    return filters[random_below(random, static_cast<uint32_t>(filters.size()))];
  };
  for (Header& h : headers) {
    const Filter& f = any_filter();
    const bool mixed = random_below(random, 10) == 0;
    const Filter& g = mixed ? any_filter() : f;
    const Filter& k = mixed ? any_filter() : f;
    h.source = pick_masked(random, f.source, f.source_mask);
    h.destination = pick_masked(random, g.destination, g.destination_mask);
    h.source_port = pick_port(random, k.source_port_low, k.source_port_high);
    h.destination_port = pick_port(random, k.destination_port_low, k.destination_port_high);
    h.protocol = static_cast<uint8_t>(pick_masked(random, k.protocol, k.protocol_mask));
  }
  return headers;
}

std::vector<uint32_t> first_matches(std::span<const Filter> filters, std::span<const Header> headers) {
  constexpr size_t kBlock = FilterColumns::kBlock;
  const FilterColumns columns(filters);
  std::vector<uint32_t> answers;
  answers.reserve(headers.size());
  for (const Header& h : headers) {
    uint32_t answer = 0;
    for (size_t block = 0; block < columns.blocks && answer == 0; ++block) {
      const size_t at = block * kBlock;
      const auto column = [at](const FilterColumns::Column& c) { return c.data() + at; };
      const uint32_t* const s = column(columns.source);
      const uint32_t* const sm = column(columns.source_mask);
      const uint32_t* const d = column(columns.destination);
      const uint32_t* const dm = column(columns.destination_mask);
      const uint32_t* const sl = column(columns.source_low);
      const uint32_t* const sw = column(columns.source_width);
      const uint32_t* const dl = column(columns.destination_low);
      const uint32_t* const dw = column(columns.destination_width);
      const uint32_t* const p = column(columns.protocol);
      const uint32_t* const pm = column(columns.protocol_mask);
      std::array<uint32_t, kBlock> hit;
      for (size_t i = 0; i < kBlock; ++i) {
        const uint32_t different =
            ((h.source & sm[i]) ^ s[i]) | ((h.destination & dm[i]) ^ d[i]) | ((h.protocol & pm[i]) ^ p[i]);
        const uint32_t in_ports = static_cast<uint32_t>(h.source_port - sl[i] <= sw[i]) &
                                  static_cast<uint32_t>(h.destination_port - dl[i] <= dw[i]);
        hit[i] = in_ports & static_cast<uint32_t>(different == 0);
      }
      uint32_t any = 0;
      for (const uint32_t one : hit) any |= one;
      if (any == 0) continue;
      const auto first = std::find(hit.begin(), hit.end(), 1U);
      answer = static_cast<uint32_t>(at + static_cast<size_t>(first - hit.begin()) + 1);
    }
    answers.push_back(answer);
  }
  return answers;
}

}  // namespace hookline::measure
