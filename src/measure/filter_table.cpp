#include "measure/filter_table.h"

#include <fmt/format.h>
#include <netinet/in.h>  // before the UAPI headers, which step aside for it

#include <linux/netfilter/xt_mark.h>
#include <linux/netfilter/xt_tcpudp.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv4/ipt_ttl.h>

#include <cstring>
#include <optional>
#include <string_view>

namespace hookline::measure {
namespace {

constexpr size_t kMaxRules = size_t{2} << 20;
constexpr uint8_t kTtl = 64;
constexpr uint8_t kTtlOfProtocol0 = 0;

bool any_port(uint16_t low, uint16_t high) { return low == 0 && high == 0xffff; }
bool has_ports(const Filter& f) {
  return !any_port(f.source_port_low, f.source_port_high) || !any_port(f.destination_port_low, f.destination_port_high);
}

struct PortPrefix {
  uint16_t value;
  uint16_t mask;
};
std::vector<PortPrefix> prefixes_of(uint16_t low, uint16_t high) {
  std::vector<PortPrefix> result;
  uint32_t at = low;
  while (at <= high) {
    uint32_t size = at == 0 ? 0x10000 : at & (~at + 1);
    while (at + size - 1 > high) size >>= 1;
    result.push_back({static_cast<uint16_t>(at), static_cast<uint16_t>(0x10000 - size)});
    at += size;
  }
  return result;
}

// Appends entries to a blob, laid out as struct ipt_entry, its matches, and a standard target.
class Blob {
 public:
  explicit Blob(FilterTable& table) : table_(table) {}

  [[nodiscard]] uint32_t size() const { return static_cast<uint32_t>(table_.raw.entries.size()); }

  // The next entry is the first of the hook's chain.
  void enter(Hook hook) { table_.raw.hook_entry[static_cast<unsigned>(hook)] = size(); }
  void policy(Hook hook, int verdict) {
    table_.raw.underflow[static_cast<unsigned>(hook)] = size();
    begin(hook, 0);
    end_with_verdict(verdict);
  }
  void begin(Hook hook, uint32_t filter) {
    start_ = size();
    filter_ = filter;
    entry_ = {};
    entry_.comefrom = hook_bit(hook);
    append(&entry_, sizeof entry_);
  }
  void header(const Filter& f, uint8_t protocol) {
    entry_.ip.src.s_addr = htonl(f.source);
    entry_.ip.smsk.s_addr = htonl(f.source_mask);
    entry_.ip.dst.s_addr = htonl(f.destination);
    entry_.ip.dmsk.s_addr = htonl(f.destination_mask);
    entry_.ip.proto = protocol;
  }
  template <typename Info>
  void match(std::string_view name, uint8_t revision, const Info& info) {
    constexpr size_t kSize = sizeof(xt_entry_match) + XT_ALIGN(sizeof(Info));
    uint8_t bytes[kSize] = {};
    xt_entry_match head = {};
    head.u.user.match_size = kSize;
    head.u.user.revision = revision;
    std::memcpy(head.u.user.name, name.data(), name.size());
    std::memcpy(bytes, &head, sizeof head);
    std::memcpy(bytes + sizeof head, &info, sizeof info);
    append(bytes, kSize);
  }
  void end_with_verdict(int verdict) {
    xt_standard_target target = {};
    target.target.u.user.target_size = sizeof target;
    target.verdict = verdict;
    end(&target, sizeof target);
  }
  void end_with_error() {
    xt_error_target target = {};
    target.target.u.user.target_size = sizeof target;
    std::memcpy(target.target.u.user.name, XT_ERROR_TARGET, sizeof XT_ERROR_TARGET);
    std::memcpy(target.errorname, "ERROR", sizeof "ERROR");
    end(&target, sizeof target);
  }

 private:
  void append(const void* bytes, size_t n) {
    const auto* from = static_cast<const uint8_t*>(bytes);
    table_.raw.entries.insert(table_.raw.entries.end(), from, from + n);
  }
  void end(const void* target, size_t n) {
    entry_.target_offset = static_cast<uint16_t>(size() - start_);
    append(target, n);
    entry_.next_offset = static_cast<uint16_t>(size() - start_);
    std::memcpy(table_.raw.entries.data() + start_, &entry_, sizeof entry_);
    ++table_.raw.entry_count;
    table_.filter_of_rule.push_back(filter_);
  }

  FilterTable& table_;
  uint32_t start_ = 0;
  uint32_t filter_ = 0;
  ipt_entry entry_{};  // last: it ends in a flexible array
};

constexpr int kAccept = -NF_ACCEPT - 1;
constexpr int kDrop = -NF_DROP - 1;

// `protocol`: one protocol, or none for a filter of any protocol.
void add_rules(Blob& blob, const Filter& f, std::optional<uint8_t> protocol, uint32_t number) {
  const auto begin = [&] {
    blob.begin(Hook::kForward, number);
    blob.header(f, protocol.value_or(0));
    if (protocol == uint8_t{0}) blob.match("ttl", 0, ipt_ttl_info{IPT_TTL_EQ, kTtlOfProtocol0});
  };
  if (!has_ports(f)) {
    begin();
    blob.end_with_verdict(kAccept);
    return;
  }
  const bool tcp = protocol == IPPROTO_TCP;
  if (tcp || protocol == IPPROTO_UDP) {
    begin();
    if (tcp) {
      xt_tcp info = {};
      info.spts[0] = f.source_port_low;
      info.spts[1] = f.source_port_high;
      info.dpts[0] = f.destination_port_low;
      info.dpts[1] = f.destination_port_high;
      blob.match("tcp", 0, info);
    } else {
      xt_udp info = {};
      info.spts[0] = f.source_port_low;
      info.spts[1] = f.source_port_high;
      info.dpts[0] = f.destination_port_low;
      info.dpts[1] = f.destination_port_high;
      blob.match("udp", 0, info);
    }
    blob.end_with_verdict(kAccept);
    return;
  }
  for (const PortPrefix& source : prefixes_of(f.source_port_low, f.source_port_high))
    for (const PortPrefix& destination : prefixes_of(f.destination_port_low, f.destination_port_high)) {
      begin();
      xt_mark_mtinfo1 info = {};
      info.mark = uint32_t{source.value} << 16 | destination.value;
      info.mask = uint32_t{source.mask} << 16 | destination.mask;
      blob.match("mark", 1, info);
      blob.end_with_verdict(kAccept);
    }
}

}  // namespace

Result<FilterTable> table_of(std::span<const Filter> filters, const std::string& place) {
  FilterTable table;
  RawTable& raw = table.raw;
  raw.family = Family::kIpv4;
  raw.name = "filter";
  raw.valid_hooks = hook_bit(Hook::kInput) | hook_bit(Hook::kForward) | hook_bit(Hook::kOutput);
  raw.hook_entry.fill(0xffffffff);
  raw.underflow.fill(0xffffffff);
  Blob blob(table);

  blob.enter(Hook::kInput);
  blob.policy(Hook::kInput, kAccept);
  blob.enter(Hook::kForward);
  for (size_t i = 0; i < filters.size(); ++i) {
    const Filter& f = filters[i];
    const auto number = static_cast<uint32_t>(i + 1);
    if (f.protocol_mask == 0) {
      add_rules(blob, f, std::nullopt, number);
    } else {
      for (unsigned protocol = 0; protocol < 256; ++protocol)
        if ((protocol & f.protocol_mask) == f.protocol) add_rules(blob, f, static_cast<uint8_t>(protocol), number);
    }
    if (raw.entry_count > kMaxRules)
      return fail(ProblemKind::kInput, fmt::format("{}: filter {}", place, number),
                  fmt::format("more than {} rules are needed to say these filters in iptables", kMaxRules),
                  "fewer filters with ports of any protocol");
  }
  blob.policy(Hook::kForward, kDrop);
  blob.enter(Hook::kOutput);
  blob.policy(Hook::kOutput, kAccept);
  blob.begin(Hook::kPrerouting, 0);
  blob.end_with_error();
  return table;
}

HeaderPackets::HeaderPackets(std::span<const Header> headers)
    : lines_(headers.size()), packets_(headers.size()), pointers_(headers.size()) {
  static const InterfaceName kIn = InterfaceName::from("eth0");
  static const InterfaceName kOut = InterfaceName::from("eth1");
  for (size_t i = 0; i < headers.size(); ++i) {
    const Header& h = headers[i];
    uint8_t* const ip = lines_[i].bytes;
    uint8_t* const l4 = ip + 20;
    uint32_t l4_size = 20;
    switch (h.protocol) {
      case IPPROTO_TCP:
        l4[12] = 5 << 4;  // data offset
        l4[13] = 0x10;    // ACK
        break;
      case IPPROTO_ICMP:
        l4_size = 8;
        l4[0] = 8;  // echo request
        break;
      case IPPROTO_UDP:
      case IPPROTO_UDPLITE:
        l4_size = 8;
        store_be16(l4 + 4, 8);
        break;
      default:
        break;
    }
    if (h.protocol != IPPROTO_ICMP) {
      store_be16(l4, h.source_port);
      store_be16(l4 + 2, h.destination_port);
    }
    const uint32_t length = 20 + l4_size;
    ip[0] = 0x45;
    store_be16(ip + 2, static_cast<uint16_t>(length));
    ip[8] = h.protocol == 0 ? kTtlOfProtocol0 : kTtl;
    ip[9] = h.protocol;
    store_be32(ip + 12, h.source);
    store_be32(ip + 16, h.destination);
    uint32_t sum = 0;
    for (unsigned at = 0; at < 20; at += 2) sum += load_be16(ip + at);
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
    store_be16(ip + 10, static_cast<uint16_t>(~sum));

    Packet& packet = packets_[i];
    packet.data = ip;
    packet.length = length;
    packet.in = &kIn;
    packet.out = &kOut;
    packet.mark = uint32_t{h.source_port} << 16 | h.destination_port;
    pointers_[i] = &packet;
  }
}

}  // namespace hookline::measure
