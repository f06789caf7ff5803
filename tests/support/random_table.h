// tests/support/random_table.h: random tables and packets that aim at them, built without the kernel.
//
// Value pools are small so that conditions meet: a rule's addresses, ports and lengths are drawn from the pools that packets
// are drawn from, with boundaries on either side. Chains only jump to later chains, so there are no loops; jumps may lead
// into the middle of a chain or into a built-in one, and rules may be unreachable.
#pragma once

#include <linux/netfilter/xt_iprange.h>
#include <linux/netfilter/xt_length.h>
#include <linux/netfilter/xt_limit.h>
#include <linux/netfilter/xt_mark.h>
#include <linux/netfilter/xt_multiport.h>
#include <linux/netfilter/xt_quota.h>
#include <linux/netfilter/xt_statistic.h>
#include <linux/netfilter/xt_string.h>
#include <linux/netfilter/xt_tcpudp.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv4/ipt_ttl.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "packet/packet.h"
#include "support/random.h"
#include "table/table.h"
#include "xt/registry.h"

namespace hookline::test {

// A decoded match with the kernel's bytes `data`; the rule around it is `header`.
inline Match make_match(std::string_view name, uint8_t revision, const void* data, size_t size, Family family,
                        const HeaderMatch& header) {
  Match match;
  match.name = std::string(name);
  match.revision = revision;
  match.type = xt::find_match(name, revision, family);
  if (match.type == nullptr) throw std::logic_error("no match " + match.name);
  const auto* bytes = static_cast<const uint8_t*>(data);
  match.raw.assign(bytes, bytes + size);
  match.raw.resize((size + 7) / 8 * 8, 0);
  const DecodeContext context{family, "filter", header.protocol, header.invert_protocol,
                              family == Family::kIpv4 || header.protocol_flag};
  auto out = std::make_shared<std::byte[]>((match.type->decoded_size + 7U) / 8 * 8);
  if (auto decoded = match.type->decode(match.raw, context, out.get()); !decoded)
    throw std::logic_error(match.name + ": " + decoded.error().text());
  match.info = {out, match.type->decoded_size};
  return match;
}

struct TableShape {
  Family family = Family::kIpv4;
  uint32_t chains = 4;          // user chains
  uint32_t rules = 8;           // most rules a chain
  uint32_t devices = 4;         // distinct wildcards
  uint32_t jump_percent = 25;   // of the rules
  uint32_t plain_percent = 30;  // rules without any condition but few
  bool stateful = false;        // matches that remember packets among the others
};

class RandomWorld {
 public:
  RandomWorld(uint64_t seed, const TableShape& shape) : random_(seed), shape_(shape) {
    for (unsigned i = 0; i < 6; ++i) addresses_.push_back(make_address());
    for (uint32_t i = 0; i < shape.devices; ++i) devices_.push_back("eth" + std::to_string(i * 7 % 23));
    devices_.push_back("lo");
    devices_.push_back("wlan0");
  }

  Table table() {
    Table table;
    table.family = shape_.family;
    table.name = "filter";
    table.valid_hooks = 0x0e;
    // Sizes first, so that jumps know their targets.
    std::vector<uint32_t> lengths;
    const uint32_t chain_count = 3 + shape_.chains;
    for (uint32_t c = 0; c < chain_count; ++c) lengths.push_back(random_.below(shape_.rules + 1));
    std::vector<uint32_t> first(chain_count), last(chain_count);
    uint32_t at = 0;
    for (uint32_t c = 0; c < chain_count; ++c) {
      if (c >= 3) ++at;
      first[c] = at;
      at += lengths[c] + 1;
      last[c] = at - 1;
    }
    for (uint32_t c = 0; c < chain_count; ++c) {
      Chain chain;
      const bool built_in = c < 3;
      chain.name = built_in ? std::string(kHookNames[c + 1]) : "chain" + std::to_string(c);
      if (built_in) {
        const unsigned hook = c + 1;
        chain.hook = static_cast<Hook>(hook);
        table.hook_entry[hook] = RuleId{first[c]};
        table.underflow[hook] = RuleId{last[c]};
      } else {
        table.rules.push_back(make_end(c, RuleRole::kChainHead, TargetKind::kError));
      }
      chain.first = RuleId{first[c]};
      chain.last = RuleId{last[c]};
      table.chains.push_back(chain);
      for (uint32_t n = 0; n < lengths[c]; ++n) {
        Rule rule = make_rule(first, last, c);
        rule.chain = c;
        rule.number = n + 1;
        if (rule.target.kind == TargetKind::kFallThrough) rule.target.jump_to = RuleId{first[c] + n + 1};
        if (rule.target.kind == TargetKind::kJump && index_of(rule.target.jump_to) == first[c] + n + 1)
          rule.target.kind = TargetKind::kFallThrough;
        table.rules.push_back(std::move(rule));
      }
      Rule end = make_end(c, built_in ? RuleRole::kPolicy : RuleRole::kImplicitReturn, TargetKind::kVerdict);
      end.target.verdict =
          built_in ? (random_.one_in(2) ? StandardVerdict::kAccept : StandardVerdict::kDrop) : StandardVerdict::kReturn;
      table.rules.push_back(std::move(end));
    }
    table.rules.push_back(make_end(0, RuleRole::kBlobEnd, TargetKind::kError));
    for (uint32_t id = 0; id < table.rules.size(); ++id) table.rules[id].offset = id * 200;
    return table;
  }

  // The bytes of a packet; some are short or lie.
  std::vector<uint8_t> packet_bytes() { return shape_.family == Family::kIpv4 ? ipv4_bytes() : ipv6_bytes(); }

  InterfaceName device() {
    if (random_.one_in(6)) return kNoInterface;
    if (random_.one_in(6)) return InterfaceName::from("eth" + std::to_string(random_.below(30)));
    return InterfaceName::from(random_.pick(devices_));
  }
  uint32_t mark() { return random_.one_in(2) ? 0 : random_.below(4) << (random_.one_in(2) ? 0 : 8); }
  Random& random() { return random_; }

 private:
  Address make_address() {
    Address address{};
    const size_t size = shape_.family == Family::kIpv4 ? 4 : 16;
    for (size_t i = 0; i < size; ++i) address[i] = static_cast<uint8_t>(random_.word());
    address[0] = 10;
    return address;
  }

  // One of the pool, or a neighbour of one in few bits.
  Address near_address() {
    Address address = random_.pick(addresses_);
    const uint32_t size = shape_.family == Family::kIpv4 ? 32 : 128;
    for (uint32_t flips = random_.below(3); flips > 0; --flips) {
      const uint32_t bit = random_.below(size);
      address[bit / 8] = static_cast<uint8_t>(address[bit / 8] ^ 0x80U >> bit % 8);
    }
    return address;
  }

  void set_address(Address& address, Address& mask, bool& inverted) {
    if (random_.below(100) < 50) return;
    address = near_address();
    const uint32_t size = shape_.family == Family::kIpv4 ? 32 : 128;
    if (random_.one_in(5)) {
      for (uint32_t i = 0; i < size / 8; ++i) mask[i] = static_cast<uint8_t>(random_.one_in(2) ? random_.word() : 0);
    } else {
      const uint32_t prefix = random_.one_in(2) ? size : random_.below(size + 1);
      for (uint32_t bit = 0; bit < prefix; ++bit) mask[bit / 8] = static_cast<uint8_t>(mask[bit / 8] | 0x80U >> bit % 8);
    }
    if (!random_.one_in(20))
      for (uint32_t i = 0; i < size / 8; ++i) address[i] &= mask[i];
    inverted = random_.one_in(4);
  }

  void set_device(InterfaceName& name, InterfaceName& mask, bool& inverted) {
    if (random_.below(100) < 75) return;
    name = InterfaceName::from(random_.pick(devices_));
    auto length = static_cast<uint32_t>(name.view().size());
    if (random_.one_in(2)) {
      length = random_.below(length + 1);
      std::fill(name.bytes.begin() + length, name.bytes.end(), 0);
    } else {
      ++length;
    }
    std::fill_n(mask.bytes.begin(), length, static_cast<char>(0xff));
    inverted = random_.one_in(4);
  }

  uint16_t port() {
    static const std::vector<uint16_t> kPorts = {0, 1, 22, 53, 79, 80, 81, 443, 1023, 1024, 1025, 8080, 65534, 65535};
    return random_.one_in(10) ? static_cast<uint16_t>(random_.word()) : random_.pick(kPorts);
  }
  void port_range(uint16_t (&range)[2]) {
    range[0] = 0;
    range[1] = 0xffff;
    switch (random_.below(3)) {
      case 0:
        range[0] = range[1] = port();
        break;
      case 1:
        range[0] = port();
        range[1] = port();
        if (!random_.one_in(10) && range[0] > range[1]) std::swap(range[0], range[1]);
        break;
      default:
        break;
    }
  }
  uint16_t length() {
    static const std::vector<uint16_t> kLengths = {20, 28, 40, 48, 60, 61, 80, 100};
    return random_.pick(kLengths);
  }

  Rule make_end(uint32_t chain, RuleRole role, TargetKind kind) {
    Rule rule;
    rule.chain = chain;
    rule.role = role;
    rule.header.protocol_flag = shape_.family == Family::kIpv4;
    rule.target.kind = kind;
    return rule;
  }

  template <typename Info>
  void add(Rule& rule, std::string_view name, uint8_t revision, const Info& info) {
    rule.matches.push_back(make_match(name, revision, &info, sizeof info, shape_.family, rule.header));
  }

  void add_matches(Rule& rule) {
    const bool v4 = shape_.family == Family::kIpv4;
    const HeaderMatch& h = rule.header;
    const bool l4 = h.protocol_flag && !h.invert_protocol;
    for (uint32_t n = random_.below(4); n > 0; --n) {
      switch (random_.below(9)) {
        case 0:
          if (l4 && h.protocol == 6) {
            xt_tcp tcp{};
            port_range(tcp.spts);
            port_range(tcp.dpts);
            if (random_.one_in(2)) {
              tcp.flg_mask = static_cast<uint8_t>(random_.below(64));
              tcp.flg_cmp = static_cast<uint8_t>(random_.below(64) & tcp.flg_mask);
            }
            if (random_.one_in(2)) tcp.option = static_cast<uint8_t>(1 + random_.below(4));
            tcp.invflags = static_cast<uint8_t>(random_.one_in(3) ? random_.below(16) : 0);
            add(rule, "tcp", 0, tcp);
          } else if (l4 && (h.protocol == 17 || h.protocol == 136)) {
            xt_udp udp{};
            port_range(udp.spts);
            port_range(udp.dpts);
            udp.invflags = static_cast<uint8_t>(random_.one_in(3) ? random_.below(4) : 0);
            add(rule, h.protocol == 17 ? "udp" : "udplite", 0, udp);
          } else if (l4 && h.protocol == (v4 ? 1 : 58)) {
            ipt_icmp icmp{};
            static const std::vector<uint8_t> kTypes = {0, 3, 8, 128, 255};
            icmp.type = random_.pick(kTypes);
            icmp.code[0] = static_cast<uint8_t>(random_.below(3));
            icmp.code[1] = random_.one_in(2) ? 255 : icmp.code[0];
            icmp.invflags = static_cast<uint8_t>(random_.below(2));
            add(rule, v4 ? "icmp" : "icmp6", 0, icmp);
          }
          break;
        case 1:
          if (l4 && (h.protocol == 6 || h.protocol == 17 || h.protocol == 136 || h.protocol == 132 || h.protocol == 33)) {
            xt_multiport_v1 ports{};
            ports.flags = static_cast<uint8_t>(random_.below(3));
            ports.count = static_cast<uint8_t>(1 + random_.below(15));
            for (unsigned i = 0; i < ports.count; ++i) {
              ports.ports[i] = port();
              if (i + 1 < ports.count && random_.one_in(3)) {
                ports.pflags[i] = 1;
                ports.ports[i + 1] = port();
                if (ports.ports[i] > ports.ports[i + 1]) std::swap(ports.ports[i], ports.ports[i + 1]);
                ++i;
              }
            }
            ports.invert = static_cast<uint8_t>(random_.one_in(3) ? 1 : 0);
            add(rule, "multiport", 1, ports);
          }
          break;
        case 2: {
          xt_iprange_mtinfo range{};
          range.flags = static_cast<uint8_t>(random_.below(4) | (random_.one_in(3) ? random_.below(4) << 4 : 0));
          for (auto* side : {&range.src_min, &range.src_max, &range.dst_min, &range.dst_max}) {
            const Address address = near_address();
            std::memcpy(side, address.data(), 16);
          }
          for (auto [low, high] : {std::pair{&range.src_min, &range.src_max}, std::pair{&range.dst_min, &range.dst_max}})
            if (std::memcmp(low, high, 16) > 0) std::swap(*low, *high);
          add(rule, "iprange", 1, range);
          break;
        }
        case 3: {
          xt_length_info info{};
          info.min = length();
          info.max = static_cast<uint16_t>(info.min + (random_.one_in(2) ? 0 : random_.below(40)));
          info.invert = static_cast<uint8_t>(random_.below(2));
          add(rule, "length", 0, info);
          break;
        }
        case 4: {
          ipt_ttl_info info{};
          info.mode = static_cast<uint8_t>(random_.below(4));
          info.ttl = static_cast<uint8_t>(62 + random_.below(4));
          add(rule, v4 ? "ttl" : "hl", 0, info);
          break;
        }
        case 5: {
          xt_mark_mtinfo1 info{};
          info.mark = random_.below(4);
          info.mask = random_.one_in(2) ? 0xffffffff : 0x0f;
          info.invert = static_cast<uint8_t>(random_.below(2));
          add(rule, "mark", 1, info);
          break;
        }
        case 6: {
          xt_string_info info{};
          static const std::vector<std::string> kTexts = {"GET ", "a", "EVIL", "\xe4\xc4", "xyz", "get"};
          const std::string& text = random_.pick(kTexts);
          info.patlen = static_cast<uint8_t>(text.size());
          std::memcpy(info.pattern, text.data(), text.size());
          std::memcpy(info.algo, random_.one_in(2) ? "bm" : "kmp", 3 + (info.algo[0] == 'k'));
          info.algo[3] = 0;
          info.from_offset = static_cast<uint16_t>(random_.one_in(2) ? 0 : 20 + random_.below(30));
          info.to_offset = static_cast<uint16_t>(random_.one_in(2) ? 65535 : info.from_offset + random_.below(30));
          info.u.v1.flags = static_cast<uint8_t>(random_.below(4));
          add(rule, "string", 1, info);
          break;
        }
        case 7:
          if (shape_.stateful) add_stateful(rule);
          break;
        default:
          break;
      }
    }
  }

  void add_stateful(Rule& rule) {
    switch (random_.below(3)) {
      case 0: {
        xt_statistic_info info{};
        info.mode = XT_STATISTIC_MODE_NTH;
        info.flags = static_cast<uint16_t>(random_.below(2));
        info.u.nth.every = random_.below(4);
        info.u.nth.count = random_.below(info.u.nth.every + 1);
        add(rule, "statistic", 0, info);
        break;
      }
      case 1: {
        xt_quota_info info{};
        info.flags = random_.below(2);
        info.quota = random_.below(2000);
        add(rule, "quota", 0, info);
        break;
      }
      default: {
        xt_rateinfo info{};
        info.avg = 1 + random_.below(200);  // of 1/10000 s
        info.burst = 1 + random_.below(10);
        add(rule, "limit", 0, info);
        break;
      }
    }
  }

  Rule make_rule(const std::vector<uint32_t>& first, const std::vector<uint32_t>& last, uint32_t chain) {
    const bool v4 = shape_.family == Family::kIpv4;
    Rule rule;
    HeaderMatch& h = rule.header;
    h.protocol_flag = v4;
    if (random_.below(100) >= shape_.plain_percent) {
      set_address(h.source, h.source_mask, h.invert_source);
      set_address(h.destination, h.destination_mask, h.invert_destination);
      set_device(h.in, h.in_mask, h.invert_in);
      set_device(h.out, h.out_mask, h.invert_out);
      if (random_.one_in(2)) {
        static const std::vector<uint16_t> kProtocols = {6, 6, 17, 17, 1, 58, 136, 132, 33, 47, 0, 59, 300};
        h.protocol = random_.pick(kProtocols);
        h.protocol_flag = true;
        h.invert_protocol = random_.one_in(8);
      }
      if (v4 && random_.one_in(12)) {
        h.fragment = !random_.one_in(8);
        h.invert_fragment = random_.one_in(2);
      }
      add_matches(rule);
    }
    const uint32_t chains = static_cast<uint32_t>(first.size());
    if (random_.below(100) < shape_.jump_percent && chain + 1 < chains) {
      // Later chains only; seldom a built-in one, seldom its middle.
      uint32_t to = chain + 1 + random_.below(chains - chain - 1);
      if (to < 3 && !random_.one_in(4)) to = 3 + random_.below(chains - 3 > 0 ? chains - 3 : 1);
      if (to > chain && to < chains) {
        rule.target.kind = TargetKind::kJump;
        rule.target.jump_to = RuleId{first[to] + (random_.one_in(8) ? random_.below(last[to] - first[to] + 1) : 0)};
        h.goto_flag = random_.one_in(4);
        return rule;
      }
    }
    switch (random_.below(12)) {
      case 0:
      case 1:
        rule.target.verdict = StandardVerdict::kAccept;
        break;
      case 2:
      case 3:
        rule.target.verdict = StandardVerdict::kDrop;
        break;
      case 4:
        rule.target.verdict = StandardVerdict::kQueue;
        break;
      case 5:
      case 6:
        rule.target.verdict = StandardVerdict::kReturn;
        break;
      case 7: {
        rule.target.kind = TargetKind::kExtension;
        rule.target.name = "REJECT";
        rule.target.type = xt::find_target("REJECT", 0, shape_.family);
        const uint32_t with = random_.below(3);
        rule.target.raw.assign(8, 0);
        rule.target.raw[0] = static_cast<uint8_t>(with);
        auto out = std::make_shared<std::byte[]>((rule.target.type->decoded_size + 7U) / 8 * 8);
        const DecodeContext context{shape_.family, "filter", h.protocol, h.invert_protocol, v4 || h.protocol_flag};
        if (auto decoded = rule.target.type->decode(rule.target.raw, context, out.get()); !decoded)
          throw std::logic_error("REJECT: " + decoded.error().text());
        rule.target.info = {out, rule.target.type->decoded_size};
        break;
      }
      default:
        rule.target.kind = TargetKind::kFallThrough;
        break;
    }
    return rule;
  }

  std::vector<uint8_t> upper_bytes(uint8_t protocol) {
    std::vector<uint8_t> upper;
    const auto put16 = [&](uint16_t value) {
      upper.push_back(static_cast<uint8_t>(value >> 8));
      upper.push_back(static_cast<uint8_t>(value));
    };
    switch (protocol) {
      case 6:
        put16(port());
        put16(port());
        upper.resize(20, 0);
        upper[13] = static_cast<uint8_t>(random_.below(64));
        upper[12] = static_cast<uint8_t>((random_.one_in(3) ? random_.below(16) : 5) << 4);
        if (upper[12] > 0x50)
          for (unsigned i = 0; i < 12; ++i) upper.push_back(static_cast<uint8_t>(random_.below(5)));
        break;
      case 1:
      case 58: {
        static const std::vector<uint8_t> kTypes = {0, 3, 8, 128, 255};
        upper.resize(8, 0);
        upper[0] = random_.pick(kTypes);
        upper[1] = static_cast<uint8_t>(random_.below(4));
        break;
      }
      default:
        put16(port());
        put16(port());
        upper.resize(12, 0);
        break;
    }
    static const std::vector<std::string> kPayloads = {"", "GET / EVIL", "aget b", "\xe4\xe4 xyz", "XYZGET "};
    const std::string& text = random_.pick(kPayloads);
    upper.insert(upper.end(), text.begin(), text.end());
    return upper;
  }

  void shorten(std::vector<uint8_t>& bytes, size_t least) {
    if (!random_.one_in(10) || bytes.size() <= least) return;
    bytes.resize(least + random_.below(static_cast<uint32_t>(bytes.size() - least)));
  }

  std::vector<uint8_t> ipv4_bytes() {
    std::vector<uint8_t> bytes(20, 0);
    static const std::vector<uint8_t> kProtocols = {6, 6, 6, 17, 17, 17, 1, 136, 132, 33, 47, 58};
    const uint8_t protocol = random_.pick(kProtocols);
    bytes[0] = 0x45;
    if (random_.one_in(10)) {
      bytes[0] = static_cast<uint8_t>(0x40 | random_.below(16));
      bytes.resize(std::max<size_t>(20, (bytes[0] & 15U) * 4U), 1);
    }
    bytes[8] = static_cast<uint8_t>(61 + random_.below(6));
    bytes[9] = protocol;
    if (random_.one_in(8)) {
      static const std::vector<uint8_t> kOffsets = {0, 1, 2, 185};
      bytes[6] = 0x20;
      bytes[7] = random_.pick(kOffsets);
    }
    const Address source = near_address(), destination = near_address();
    std::copy_n(source.begin(), 4, bytes.begin() + 12);
    std::copy_n(destination.begin(), 4, bytes.begin() + 16);
    const auto upper = upper_bytes(protocol);
    bytes.insert(bytes.end(), upper.begin(), upper.end());
    shorten(bytes, 20);
    store_be16(bytes.data() + 2, random_.one_in(3) ? length() : static_cast<uint16_t>(bytes.size()));
    return bytes;
  }

  std::vector<uint8_t> ipv6_bytes() {
    std::vector<uint8_t> bytes(40, 0);
    bytes[0] = 0x60;
    bytes[7] = static_cast<uint8_t>(61 + random_.below(6));
    const Address source = near_address(), destination = near_address();
    std::copy_n(source.begin(), 16, bytes.begin() + 8);
    std::copy_n(destination.begin(), 16, bytes.begin() + 24);
    static const std::vector<uint8_t> kProtocols = {6, 6, 6, 17, 17, 17, 58, 136, 132, 33, 50, 59, 1};
    const uint8_t protocol = random_.pick(kProtocols);
    size_t next_at = 6;
    for (uint32_t n = random_.one_in(3) ? random_.below(4) : 0; n > 0; --n) {
      static const std::vector<uint8_t> kHeaders = {0, 43, 44, 51, 60};
      const uint8_t kind = random_.pick(kHeaders);
      bytes[next_at] = kind;
      next_at = bytes.size();
      std::vector<uint8_t> header(kind == 51 ? 12 : 8, 0);
      if (kind == 51) header[1] = 1;
      if (kind == 44) store_be16(header.data() + 2, static_cast<uint16_t>(random_.one_in(2) ? 1 : 8 * random_.below(3)));
      if (kind != 44 && random_.one_in(12)) header[1] = static_cast<uint8_t>(random_.below(8));
      bytes.insert(bytes.end(), header.begin(), header.end());
    }
    bytes[next_at] = protocol;
    const auto upper = upper_bytes(protocol);
    bytes.insert(bytes.end(), upper.begin(), upper.end());
    shorten(bytes, 40);
    store_be16(bytes.data() + 4, static_cast<uint16_t>(bytes.size() - 40));
    return bytes;
  }

  Random random_;
  TableShape shape_;
  std::vector<Address> addresses_;
  std::vector<std::string> devices_;
};

}  // namespace hookline::test
