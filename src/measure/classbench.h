// measure/classbench.h: ClassBench filter sets and traces: their text, their meaning, and the plain first-match truth.
//
// A filter set is one filter a line, `@src/len dst/len sport lo : hi dport lo : hi proto/mask [flags/mask]`; a trace is one
// header a line, `src dst sport dport proto …`, decimal. The first filter that matches a header is the answer; the flags
// column takes no part. Files may be xz-compressed.
// Source: Taylor and Turner, ClassBench: A Packet Classification Benchmark, IEEE/ACM ToN 15(3), 2007.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace hookline::measure {

// All numbers in host order. A field value v matches where (v & mask) == value, or low <= v <= high.
struct Filter {
  uint32_t source = 0, source_mask = 0;  // no bit of `source` lies outside the mask; likewise below
  uint32_t destination = 0, destination_mask = 0;
  uint16_t source_port_low = 0, source_port_high = 0xffff;
  uint16_t destination_port_low = 0, destination_port_high = 0xffff;
  uint8_t protocol = 0, protocol_mask = 0;
  bool operator==(const Filter&) const = default;
};

// The 5-tuple of a packet.
struct Header {
  uint32_t source = 0, destination = 0;
  uint16_t source_port = 0, destination_port = 0;
  uint8_t protocol = 0;
  bool operator==(const Header&) const = default;
};

bool matches(const Filter& filter, const Header& header);

// The bytes of a file, decompressed where it is xz. Refuses more than `limit` bytes of text.
Result<std::vector<uint8_t>> read_text_file(const std::string& path, size_t limit = size_t{1} << 30);

// `place` names the file in errors; a problem names its line. At most twenty problems are listed.
Result<std::vector<Filter>> parse_filters(Bytes text, const std::string& place);
Result<std::vector<Header>> parse_trace(Bytes text, const std::string& place);

// A set of `count` filters in the manner of an access list: servers and their ports, clients from anywhere, some networks or
// single hosts. A function of its arguments alone.
std::vector<Filter> make_filters(size_t count, uint64_t seed);

// `count` headers for a set without a trace: nine in ten lie in a random filter, at its corners or inside; the others
// mix the fields of different filters. A function of its arguments alone.
std::vector<Header> aim_headers(std::span<const Filter> filters, size_t count, uint64_t seed);

// For each header the 1-based number of the first filter that matches, 0 for none: by looking at every filter in turn.
std::vector<uint32_t> first_matches(std::span<const Filter> filters, std::span<const Header> headers);

}  // namespace hookline::measure
