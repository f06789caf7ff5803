// load/snapshot.cpp: Snapshot <-> file. docs/snapshot.md gives the file bit by bit; in short:
//
//   header   magic[8] "HKSNAP" CR LF · version u32 · byte order mark u32 0x01020304 · section count u32 · CRC-32 of the 20
//            bytes before
//   section  name[16], zero-padded · payload size u64 · CRC-32 of the payload u32 · CRC-32 of the 28 bytes before · payload
//   ·
//            zeros up to a multiple of 8
//
// Sections: "host", "ipv4 order", "ipv6 order" once each, "table" and "ipset" any number of times, "interfaces" at most
// once, and "links", "addresses", "routes", "rules" all once or not at all. Every byte is under a checksum or compared: a
// damaged name cannot turn a table into a section that is skipped as unknown.
#include "load/snapshot.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace hookline {
namespace {

constexpr std::array<uint8_t, 8> kMagic = {'H', 'K', 'S', 'N', 'A', 'P', '\r', '\n'};
constexpr uint32_t kVersion = 1;
constexpr uint32_t kByteOrderMark = 0x01020304;
constexpr size_t kHeaderSize = 24, kSectionHeaderSize = 32, kSectionNameSize = 16;
constexpr std::string_view kHost = "host", kIpv4Order = "ipv4 order", kIpv6Order = "ipv6 order", kTable = "table",
                           kInterfaces = "interfaces", kLinks = "links", kAddresses = "addresses", kRoutes = "routes",
                           kRules = "rules", kIpset = "ipset";
constexpr size_t kMaxName = 255;            // of a table, interface or release: far above what the kernel allows
constexpr size_t kMaxEntries = 512U << 20;  // bytes of one table: the kernel's own limit

uint32_t checksum_of(Bytes bytes) {
  return static_cast<uint32_t>(crc32_z(crc32_z(0, nullptr, 0), bytes.data(), bytes.size()));
}

class Writer {
 public:
  template <typename T>
  void number(T value) {
    const size_t at = bytes_.size();
    bytes_.resize(at + sizeof(T));
    std::memcpy(bytes_.data() + at, &value, sizeof(T));
  }
  void text(std::string_view value) {
    number(static_cast<uint16_t>(value.size()));
    bytes_.insert(bytes_.end(), value.begin(), value.end());
  }
  void raw(Bytes value) { bytes_.insert(bytes_.end(), value.begin(), value.end()); }
  [[nodiscard]] const std::vector<uint8_t>& bytes() const { return bytes_; }

 private:
  std::vector<uint8_t> bytes_;
};

// Reads a section's payload in order; the first read that does not fit fails the whole section.
class Reader {
 public:
  explicit Reader(Bytes payload) : payload_(payload) {}
  template <typename T>
  T number() {
    const auto value = read_at<T>(payload_, at_);
    if (!value) return fail_read(), T{};
    at_ += sizeof(T);
    return *value;
  }
  std::string text() {
    const size_t size = number<uint16_t>();
    if (failed_ || size > kMaxName || size > payload_.size() - at_) return fail_read(), std::string{};
    std::string value(payload_.begin() + static_cast<std::ptrdiff_t>(at_),
                      payload_.begin() + static_cast<std::ptrdiff_t>(at_ + size));
    if (value.find('\0') != std::string::npos) fail_read();
    at_ += size;
    return value;
  }
  std::vector<uint8_t> raw(uint64_t size) {
    if (failed_ || size > payload_.size() - at_) return fail_read(), std::vector<uint8_t>{};
    const Bytes part = payload_.subspan(at_, static_cast<size_t>(size));
    at_ += part.size();
    return {part.begin(), part.end()};
  }
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] size_t at() const { return at_; }
  [[nodiscard]] bool at_end() const { return at_ == payload_.size(); }

 private:
  void fail_read() { failed_ = true; }
  Bytes payload_;
  size_t at_ = 0;
  bool failed_ = false;
};

void write_section(std::vector<uint8_t>& file, std::string_view name, const std::vector<uint8_t>& payload) {
  Writer header;
  std::array<uint8_t, kSectionNameSize> padded{};
  std::copy(name.begin(), name.end(), padded.begin());
  header.raw(padded);
  header.number(static_cast<uint64_t>(payload.size()));
  header.number(checksum_of(payload));
  header.number(checksum_of(header.bytes()));
  file.insert(file.end(), header.bytes().begin(), header.bytes().end());
  file.insert(file.end(), payload.begin(), payload.end());
  file.resize((file.size() + 7) & ~size_t{7});
}

std::vector<uint8_t> host_section(const Snapshot& snapshot) {
  Writer out;
  out.number(snapshot.time_ns);
  out.number(snapshot.hz);
  out.number(snapshot.time_zone_minutes);
  out.text(snapshot.kernel_release);
  return out.bytes();
}

std::vector<uint8_t> order_section(const std::vector<std::string>& names) {
  Writer out;
  out.number(static_cast<uint32_t>(names.size()));
  for (const std::string& name : names) out.text(name);
  return out.bytes();
}

std::vector<uint8_t> table_section(const RawTable& table) {
  Writer out;
  out.number(static_cast<uint32_t>(table.family));
  out.number(table.valid_hooks);
  for (const uint32_t offset : table.hook_entry) out.number(offset);
  for (const uint32_t offset : table.underflow) out.number(offset);
  out.number(table.entry_count);
  out.number(static_cast<uint64_t>(table.entries.size()));
  out.text(table.name);
  out.raw(table.entries);
  return out.bytes();
}

std::vector<uint8_t> interface_section(const std::vector<HostInterface>& interfaces) {
  Writer out;
  out.number(static_cast<uint32_t>(interfaces.size()));
  for (const HostInterface& interface : interfaces) {
    out.number(interface.index);
    out.number(interface.mtu);
    out.text(interface.name);
  }
  return out.bytes();
}

// ---- the records of the host: one function goes over the fields of each, for the Writer and the Reader alike ----------

// Writes what it is shown.
struct Showing {
  Writer& out;
  template <typename T>
  void operator()(const T& value) {
    if constexpr (std::is_same_v<T, std::string>) {
      out.text(value);
    } else if constexpr (std::is_same_v<T, std::vector<uint8_t>>) {
      out.text({reinterpret_cast<const char*>(value.data()), value.size()});
    } else if constexpr (std::is_same_v<T, HostAddressBytes>) {
      out.raw(value);
    } else {
      out.number(value);
    }
  }
};

// Fills what it is shown.
struct Filling {
  Reader& in;
  template <typename T>
  void operator()(T& value) {
    if constexpr (std::is_same_v<T, std::string>) {
      value = in.text();
    } else if constexpr (std::is_same_v<T, std::vector<uint8_t>>) {
      value = in.raw(in.number<uint16_t>());
    } else if constexpr (std::is_same_v<T, HostAddressBytes>) {
      const std::vector<uint8_t> bytes = in.raw(value.size());
      if (bytes.size() == value.size()) std::copy(bytes.begin(), bytes.end(), value.begin());
    } else {
      value = in.number<T>();
    }
  }
};

// The fields in the order of docs/snapshot.md. `Record` is const where it is written.
template <typename Record, typename Each>
requires std::is_same_v<std::remove_const_t<Record>, HostInterface>
void fields_of(Record& r, Each each) {
  each(r.index), each(r.type), each(r.flags), each(r.group), each(r.master), each(r.mac), each(r.kind);
}
template <typename Record, typename Each>
requires std::is_same_v<std::remove_const_t<Record>, HostAddress>
void fields_of(Record& r, Each each) {
  each(r.family), each(r.prefix), each(r.scope), each(r.index), each(r.flags);
  each(r.local), each(r.peer), each(r.broadcast);
}
template <typename Record, typename Each>
requires std::is_same_v<std::remove_const_t<Record>, HostNexthop>
void fields_of(Record& r, Each each) {
  each(r.index), each(r.flags), each(r.gateway_family), each(r.weight), each(r.realm), each(r.gateway);
}
template <typename Record, typename Each>
requires std::is_same_v<std::remove_const_t<Record>, HostRoute>
void fields_of(Record& r, Each each) {
  each(r.family), each(r.type), each(r.destination_bits), each(r.source_bits), each(r.tos), each(r.scope);
  each(r.protocol), each(r.preference), each(r.table), each(r.flags), each(r.metric), each(r.mtu);
  each(r.advertised_mss), each(r.hop_limit), each(r.destination), each(r.source), each(r.preferred_source);
}
template <typename Record, typename Each>
requires std::is_same_v<std::remove_const_t<Record>, HostRule>
void fields_of(Record& r, Each each) {
  each(r.family), each(r.action), each(r.destination_bits), each(r.source_bits), each(r.tos), each(r.dscp);
  each(r.dscp_mask), each(r.ip_protocol), each(r.l3_master), each(r.flags), each(r.priority), each(r.table);
  each(r.target), each(r.mark), each(r.mark_mask), each(r.realm), each(r.suppress_prefix), each(r.suppress_group);
  each(r.flow_label), each(r.flow_label_mask), each(r.first_uid), each(r.last_uid), each(r.first_source_port);
  each(r.last_source_port), each(r.first_destination_port), each(r.last_destination_port), each(r.tunnel_id);
  each(r.destination), each(r.source), each(r.in), each(r.out);
}

template <typename Record>
void write_records(Writer& out, const std::vector<Record>& records) {
  out.number(static_cast<uint32_t>(records.size()));
  for (const Record& record : records) {
    fields_of(record, Showing{out});
    if constexpr (std::is_same_v<Record, HostRoute>) write_records(out, record.nexthops);
  }
}

template <typename Record>
std::vector<uint8_t> records_section(const std::vector<Record>& records) {
  Writer out;
  write_records(out, records);
  return out.bytes();
}

std::vector<uint8_t> routes_section(const HostRecords& host) {
  Writer out;
  out.number(uint32_t{host.ipv4_local_table});
  write_records(out, host.routes);
  return out.bytes();
}

// What stands in a record although it may not; empty: nothing.
template <typename Record>
std::string objection_to(const Record& record) {
  if constexpr (requires { record.family; })
    if (record.family != Family::kIpv4 && record.family != Family::kIpv6)
      return "family " + std::to_string(static_cast<unsigned>(record.family)) + ", expected 4 or 6";
  const auto most = [&](unsigned bits, std::string_view what) {
    unsigned limit = 128;
    if constexpr (requires { record.family; }) limit = record.family == Family::kIpv4 ? 32 : 128;
    return bits <= limit
               ? std::string()
               : std::string(what) + " of " + std::to_string(bits) + " bits, expected at most " + std::to_string(limit);
  };
  if constexpr (requires { record.prefix; }) return most(record.prefix, "a prefix");
  if constexpr (requires { record.destination_bits; }) {
    if (std::string text = most(record.destination_bits, "a destination"); !text.empty()) return text;
    return most(record.source_bits, "a source");
  }
  return {};
}

template <typename Record>
std::string read_records(Reader& in, std::vector<Record>& records) {
  const uint32_t count = in.number<uint32_t>();
  for (uint32_t i = 0; i < count && !in.failed(); ++i) {
    Record record;
    fields_of(record, Filling{in});
    if (in.failed()) return {};
    if (std::string objection = objection_to(record); !objection.empty()) return objection;
    if constexpr (std::is_same_v<Record, HostRoute>) {
      if (std::string objection = read_records(in, record.nexthops); !objection.empty()) return objection;
      if (in.failed()) return {};
      if (record.nexthops.empty()) return "a route without next hop, expected one, be it of no device";
    }
    records.push_back(std::move(record));
  }
  return {};
}

// The rest of what is known of each device of the section before, in the same order.
std::string read_links(Reader& in, std::vector<HostInterface>& interfaces) {
  std::vector<HostInterface> links;
  if (std::string objection = read_records(in, links); !objection.empty() || in.failed()) return objection;
  const auto index = [](const HostInterface& interface) { return interface.index; };
  if (!std::ranges::equal(links, interfaces, {}, index, index)) return "other devices than section \"interfaces\" has";
  for (size_t i = 0; i < links.size(); ++i) {
    links[i].name = std::move(interfaces[i].name);
    links[i].mtu = interfaces[i].mtu;
  }
  interfaces = std::move(links);
  return {};
}

std::string read_routes(Reader& in, HostRecords& host) {
  const uint32_t local_table = in.number<uint32_t>();
  if (local_table > 1) return "a table local that is " + std::to_string(local_table) + ", expected 0 or 1";
  host.ipv4_local_table = local_table != 0;
  return read_records(in, host.routes);
}

std::vector<uint8_t> set_section(const ipset::RawSet& set) {
  Writer out;
  out.number(set.index);
  out.number(set.family);
  out.number(set.revision);
  out.number(static_cast<uint32_t>(set.header.size()));
  out.number(static_cast<uint64_t>(set.elements.size()));
  out.text(set.name);
  out.text(set.type);
  out.raw(set.header);
  out.raw(set.elements);
  return out.bytes();
}

void read_host(Reader& in, Snapshot& snapshot) {
  snapshot.time_ns = in.number<uint64_t>();
  snapshot.hz = in.number<uint32_t>();
  snapshot.time_zone_minutes = in.number<int32_t>();
  snapshot.kernel_release = in.text();
}

void read_order(Reader& in, std::vector<std::string>& names) {
  const uint32_t count = in.number<uint32_t>();
  for (uint32_t i = 0; i < count && !in.failed(); ++i) names.push_back(in.text());
}

// What the payload may not say although it is whole.
std::string read_table(Reader& in, Snapshot& snapshot) {
  RawTable table;
  const uint32_t family = in.number<uint32_t>();
  table.valid_hooks = in.number<uint32_t>();
  for (uint32_t& offset : table.hook_entry) offset = in.number<uint32_t>();
  for (uint32_t& offset : table.underflow) offset = in.number<uint32_t>();
  table.entry_count = in.number<uint32_t>();
  const uint64_t size = in.number<uint64_t>();
  table.name = in.text();
  if (in.failed()) return {};
  if (family != 4 && family != 6) return "family " + std::to_string(family) + ", expected 4 or 6";
  if (size > kMaxEntries) return std::to_string(size) + " bytes of entries, expected at most " + std::to_string(kMaxEntries);
  const bool printable = std::ranges::all_of(table.name, [](char c) { return c > ' ' && c < 0x7f && c != '/'; });
  if (!printable) return "a table name with an odd byte, expected letters";
  if (table.name.empty() || table.name.size() > 31)
    return "a table name of " + std::to_string(table.name.size()) + " bytes, expected 1 to 31";
  table.family = static_cast<Family>(family);
  table.entries = in.raw(size);
  for (const RawTable& other : snapshot.tables)
    if (other.family == table.family && other.name == table.name)
      return "table " + table.name + " of " + std::string(family_name(table.family)) + " a second time";
  snapshot.tables.push_back(std::move(table));
  return {};
}

// A table that its family's list does not have, or that stands before one that the list has earlier; empty: none.
std::string misplaced_table(const Snapshot& snapshot) {
  size_t least = 0;
  for (const RawTable& table : snapshot.tables) {
    const bool ipv4 = table.family == Family::kIpv4;
    const std::vector<std::string>& order = ipv4 ? snapshot.ipv4_order : snapshot.ipv6_order;
    const std::string text = std::string(family_name(table.family)) + " table " + table.name;
    const auto listed = std::ranges::find(order, table.name);
    if (listed == order.end()) return text + " is not in the list of its family";
    const size_t rank = (ipv4 ? 0 : snapshot.ipv4_order.size()) + static_cast<size_t>(listed - order.begin());
    if (rank < least) return text + " stands behind a table of a later place";
    least = rank;
  }
  return {};
}

// What the payload may not say although it is whole. What its attributes say is judged where they are decoded.
std::string read_set(Reader& in, Snapshot& snapshot) {
  ipset::RawSet set;
  set.index = in.number<uint16_t>();
  set.family = in.number<uint8_t>();
  set.revision = in.number<uint8_t>();
  const uint32_t header = in.number<uint32_t>();
  const uint64_t elements = in.number<uint64_t>();
  set.name = in.text();
  set.type = in.text();
  set.header = in.raw(header);
  set.elements = in.raw(elements);
  if (in.failed()) return {};
  for (const std::string& name : {set.name, set.type})
    if (name.empty() || name.size() > ipset::kMaxSetName)
      return "a name of " + std::to_string(name.size()) + " bytes, expected 1 to " + std::to_string(ipset::kMaxSetName);
  for (const ipset::RawSet& other : snapshot.sets)
    if (other.name == set.name) return "set " + set.name + " a second time";
  if (!snapshot.sets.empty() && snapshot.sets.back().index >= set.index)
    return "set " + std::to_string(set.index) + " behind set " + std::to_string(snapshot.sets.back().index);
  snapshot.sets.push_back(std::move(set));
  return {};
}

void read_interfaces(Reader& in, std::vector<HostInterface>& interfaces) {
  const uint32_t count = in.number<uint32_t>();
  for (uint32_t i = 0; i < count && !in.failed(); ++i) {
    HostInterface interface;
    interface.index = in.number<uint32_t>();
    interface.mtu = in.number<uint32_t>();
    interface.name = in.text();
    interfaces.push_back(std::move(interface));
  }
}

}  // namespace

bool looks_like_snapshot(Bytes file) {
  // The six letters are enough: a file that lost its line ends in a text-mode copy is still no rules text.
  // A shorter file that begins so is a snapshot that was cut: no rules text begins with these letters either.
  return !file.empty() && std::memcmp(file.data(), kMagic.data(), std::min<size_t>(file.size(), 6)) == 0;
}

std::vector<uint8_t> serialize_snapshot(const Snapshot& snapshot) {
  std::vector<uint8_t> body;
  write_section(body, kHost, host_section(snapshot));
  write_section(body, kIpv4Order, order_section(snapshot.ipv4_order));
  write_section(body, kIpv6Order, order_section(snapshot.ipv6_order));
  for (const RawTable& table : snapshot.tables) write_section(body, kTable, table_section(table));
  write_section(body, kInterfaces, interface_section(snapshot.host.interfaces));
  if (snapshot.host.complete) {
    write_section(body, kLinks, records_section(snapshot.host.interfaces));
    write_section(body, kAddresses, records_section(snapshot.host.addresses));
    write_section(body, kRoutes, routes_section(snapshot.host));
    write_section(body, kRules, records_section(snapshot.host.rules));
  }
  for (const ipset::RawSet& set : snapshot.sets) write_section(body, kIpset, set_section(set));

  Writer header;
  header.raw(kMagic);
  header.number(kVersion);
  header.number(kByteOrderMark);
  header.number(static_cast<uint32_t>((snapshot.host.complete ? 8 : 4) + snapshot.tables.size() + snapshot.sets.size()));
  header.number(checksum_of(header.bytes()));
  std::vector<uint8_t> file = header.bytes();
  file.insert(file.end(), body.begin(), body.end());
  return file;
}

Result<Snapshot> parse_snapshot(Bytes file, const std::string& place) {
  const auto bad = [&](size_t offset, std::string found, std::string expected) {
    return fail(ProblemKind::kInput, place + " (offset " + std::to_string(offset) + ")", std::move(found),
                std::move(expected));
  };
  if (file.size() < kHeaderSize)
    return bad(0, std::to_string(file.size()) + " bytes", "a snapshot: at least " + std::to_string(kHeaderSize));
  if (!std::equal(kMagic.begin(), kMagic.end(), file.begin())) return bad(0, "no snapshot magic", "\"HKSNAP\" CR LF");
  const uint32_t version = *read_at<uint32_t>(file, 8);
  const uint32_t mark = *read_at<uint32_t>(file, 12);
  const uint32_t section_count = *read_at<uint32_t>(file, 16);
  if (mark == __builtin_bswap32(kByteOrderMark)) return bad(12, "a snapshot of the other byte order", "little-endian");
  if (mark != kByteOrderMark) return bad(12, "a damaged byte order mark", "0x01020304");
  if (version != kVersion)
    return bad(8, "snapshot version " + std::to_string(version), "version " + std::to_string(kVersion));
  if (*read_at<uint32_t>(file, 20) != checksum_of(file.first(20)))
    return bad(20, "a wrong checksum of the header", "the one stored");

  Snapshot snapshot;
  bool seen_host = false, seen_ipv4 = false, seen_ipv6 = false, seen_interfaces = false;
  bool seen_links = false, seen_addresses = false, seen_routes = false, seen_rules = false;
  size_t offset = kHeaderSize;
  for (uint32_t i = 0; i < section_count; ++i) {
    const std::string which = "section " + std::to_string(i + 1) + " of " + std::to_string(section_count);
    if (file.size() - offset < kSectionHeaderSize) return bad(offset, which + " is cut off in its header", "32 bytes");
    const char* raw_name = reinterpret_cast<const char*>(file.data() + offset);
    const std::string name(raw_name, strnlen(raw_name, kSectionNameSize));
    const uint64_t size = *read_at<uint64_t>(file, offset + 16);
    const uint32_t checksum = *read_at<uint32_t>(file, offset + 24);
    const size_t header_at = offset;
    if (checksum_of(file.subspan(offset, 28)) != *read_at<uint32_t>(file, offset + 28))
      return bad(offset, which + " has a damaged header", "the checksum that stands in it");
    offset += kSectionHeaderSize;
    if (size > file.size() - offset)
      return bad(header_at, which + " (" + name + ") claims " + std::to_string(size) + " bytes",
                 "at most the " + std::to_string(file.size() - offset) + " that follow");
    const Bytes payload = file.subspan(offset, static_cast<size_t>(size));
    if (checksum_of(payload) != checksum)
      return bad(offset, which + " (" + name + ") has a wrong checksum", "the one stored");

    Reader in(payload);
    const auto once = [&](bool& seen) {
      const bool again = seen;
      seen = true;
      return !again;
    };
    std::string objection;
    bool known = true, first = true;
    if (name == kHost) {
      if ((first = once(seen_host))) read_host(in, snapshot);
    } else if (name == kIpv4Order) {
      if ((first = once(seen_ipv4))) read_order(in, snapshot.ipv4_order);
    } else if (name == kIpv6Order) {
      if ((first = once(seen_ipv6))) read_order(in, snapshot.ipv6_order);
    } else if (name == kTable) {
      objection = read_table(in, snapshot);
    } else if (name == kIpset) {
      objection = read_set(in, snapshot);
    } else if (name == kInterfaces) {
      if ((first = once(seen_interfaces))) read_interfaces(in, snapshot.host.interfaces);
    } else if (name == kLinks) {
      if ((first = once(seen_links))) objection = read_links(in, snapshot.host.interfaces);
    } else if (name == kAddresses) {
      if ((first = once(seen_addresses))) objection = read_records(in, snapshot.host.addresses);
    } else if (name == kRoutes) {
      if ((first = once(seen_routes))) objection = read_routes(in, snapshot.host);
    } else if (name == kRules) {
      if ((first = once(seen_rules))) objection = read_records(in, snapshot.host.rules);
    } else {
      known = false;  // written by a later build: skipped
    }
    if (!first) return bad(header_at, which + " (" + name + ") stands there twice", "one of its name");
    if (!objection.empty()) return bad(offset, which + " (" + name + "): " + objection, {});
    if (in.failed()) return bad(offset + in.at(), which + " (" + name + ") ends inside a field", "a whole section");
    if (known && !in.at_end())
      return bad(offset + in.at(), which + " (" + name + ") has bytes behind its last field", "none");
    const size_t padding_at = offset + static_cast<size_t>(size);
    offset = (padding_at + 7) & ~size_t{7};
    if (offset > file.size()) return bad(padding_at, which + " (" + name + ") is cut off in its padding", "zeros");
    for (size_t at = padding_at; at < offset; ++at)
      if (file[at] != 0) return bad(at, which + " (" + name + ") has a padding byte other than 0", "zeros");
  }
  if (offset != file.size())
    return bad(offset, std::to_string(file.size() - offset) + " bytes behind the last section", "none");
  for (const auto& [seen, name] :
       {std::pair(seen_host, kHost), std::pair(seen_ipv4, kIpv4Order), std::pair(seen_ipv6, kIpv6Order)})
    if (!seen) return bad(file.size(), "no section \"" + std::string(name) + "\"", "one");
  snapshot.host.complete = seen_links || seen_addresses || seen_routes || seen_rules;
  for (const auto& [seen, name] : {std::pair(seen_links, kLinks), std::pair(seen_addresses, kAddresses),
                                   std::pair(seen_routes, kRoutes), std::pair(seen_rules, kRules)})
    if (snapshot.host.complete && !seen)
      return bad(file.size(), "no section \"" + std::string(name) + "\"", "all four of the host's records, or none");
  if (std::string objection = misplaced_table(snapshot); !objection.empty())
    return fail(ProblemKind::kInput, place, std::move(objection), "IPv4 first, each family in its stored order");
  return snapshot;
}

}  // namespace hookline
