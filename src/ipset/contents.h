// ipset/contents.h: an ip set as the kernel describes it: its header and its elements, decoded from netlink attributes.
//
// The attributes are kept byte for byte (RawSet), as tables are: a set can be stored, compared and made again from them,
// also one of a type that nothing here evaluates. `decode_header` and `ElementReader` read them; neither trusts a length.
// Source: linux/netfilter/ipset/ip_set.h; kernel net/netfilter/ipset/ip_set_core.c and the types' own files.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "packet/packet.h"

namespace hookline::ipset {

inline constexpr size_t kMaxSetName = 31;
inline constexpr uint16_t kNoSet = 0xffff;  // IPSET_INVALID_ID

// What the kernel's answers to IPSET_CMD_SAVE hold of one set.
struct RawSet {
  uint16_t index = 0;  // by which rules name it
  std::string name, type;
  uint8_t family = 0;  // NFPROTO_*: 0 any, 2 IPv4, 10 IPv6
  uint8_t revision = 0;
  std::vector<uint8_t> header;    // attributes inside IPSET_ATTR_DATA of the header
  std::vector<uint8_t> elements;  // one IPSET_ATTR_DATA attribute an element, in the kernel's order
  bool operator==(const RawSet&) const = default;
};

enum class Kind : uint8_t {
  kBitmapIp,
  kBitmapIpMac,
  kBitmapPort,
  kHashIp,
  kHashIpPort,
  kHashIpPortIp,
  kHashIpPortNet,
  kHashNet,
  kHashNetPort,
  kHashNetIface,
  kListSet,
};

// What a packet's part in a set of the kind is made of.
struct KindFacts {
  std::string_view type;  // the kernel's name
  Kind kind;
  uint8_t dimensions;  // options src and dst that a rule has to give at least
  bool port;           // the second dimension is protocol and port
  bool second_ip;      // the third is another address
  bool nets;           // the last address stands with a prefix length, and elements may be `nomatch`
};
// Null: a type that is not evaluated.
const KindFacts* kind_facts(std::string_view type);

using Address = std::array<uint8_t, 16>;  // as on the wire; IPv4 uses bytes 0..3, the rest is zero
using Mac = std::array<uint8_t, kMacBytes>;

struct Header {
  const KindFacts* facts = nullptr;
  uint8_t family = 0;
  bool with_timeout = false, with_counters = false, with_skbinfo = false, forceadd = false;
  uint32_t timeout = 0;       // seconds that an element lives unless it says otherwise; 0: for ever
  uint32_t max_elements = 0;  // hash types
  // hash:ip, hash:ip,port: what of an address counts.
  Address mask{};
  uint8_t netmask = 32;          // bitmap:ip
  uint32_t first = 0, last = 0;  // bitmap types: the range of addresses or ports, host order
};
// Nothing: a type without kind_facts(), or attributes that no kernel makes.
std::optional<Header> decode_header(const RawSet& set);

// One element; what its type does not have stays zero.
struct Element {
  Address ip{}, ip2{};
  uint8_t prefix = 0;  // of the address that is a net
  uint8_t protocol = 0;
  uint16_t port = 0;  // host order; ICMP: type << 8 | code
  bool has_mac = false, physdev = false, wildcard = false, nomatch = false;
  Mac mac{};
  InterfaceName iface;
  std::string_view member;  // list:set: the other set's name
  uint32_t timeout = 0;     // seconds left; 0: for ever
  uint64_t packets = 0, bytes = 0;
  uint32_t skb_mark = 0, skb_mask = 0, skb_priority = 0;
  uint16_t skb_queue = 0;
};

// Reads a set's elements in order.
class ElementReader {
 public:
  explicit ElementReader(const RawSet& set) : bytes_(set.elements) {}
  // False: there is none left, or (failed()) what follows is no element.
  bool next(Element& element);
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  Bytes bytes_;
  bool failed_ = false;
};

// Names of the sets that a list:set holds, in order; empty for another type.
std::vector<std::string> members_of(const RawSet& set);

}  // namespace hookline::ipset
