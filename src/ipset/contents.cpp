#include "ipset/contents.h"

#include <linux/netfilter/ipset/ip_set.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include <algorithm>

namespace hookline::ipset {
namespace {

constexpr uint16_t kBitmaskAttribute = 12;  // IPSET_ATTR_BITMASK, of newer headers
constexpr uint32_t kMostOfBitmap = 65536;   // elements of a bitmap set

constexpr std::array<KindFacts, 11> kKinds = {{
    {"bitmap:ip", Kind::kBitmapIp, 1, false, false, false},
    {"bitmap:ip,mac", Kind::kBitmapIpMac, 2, false, false, false},
    {"bitmap:port", Kind::kBitmapPort, 1, false, false, false},
    {"hash:ip", Kind::kHashIp, 1, false, false, false},
    {"hash:ip,port", Kind::kHashIpPort, 2, true, false, false},
    {"hash:ip,port,ip", Kind::kHashIpPortIp, 3, true, true, false},
    {"hash:ip,port,net", Kind::kHashIpPortNet, 3, true, true, true},
    {"hash:net", Kind::kHashNet, 1, false, false, true},
    {"hash:net,port", Kind::kHashNetPort, 2, true, false, true},
    {"hash:net,iface", Kind::kHashNetIface, 2, false, false, true},
    {"list:set", Kind::kListSet, 1, false, false, false},
}};

struct Attribute {
  uint16_t type;
  Bytes payload;
};

// Takes the first attribute off `bytes`. Nothing: they are used up, or `failed`.
std::optional<Attribute> take(Bytes& bytes, bool& failed) {
  if (bytes.empty()) return std::nullopt;
  const auto head = read_at<nlattr>(bytes, 0);
  if (!head || head->nla_len < sizeof(nlattr) || head->nla_len > bytes.size()) {
    failed = true;
    return std::nullopt;
  }
  const Attribute attribute{static_cast<uint16_t>(head->nla_type & NLA_TYPE_MASK),
                            bytes.subspan(sizeof(nlattr), head->nla_len - sizeof(nlattr))};
  bytes = bytes.subspan(std::min<size_t>(NLA_ALIGN(head->nla_len), bytes.size()));
  return attribute;
}

// The values of attributes; a length that the type does not have sets `bad`.
class Values {
 public:
  uint8_t byte(Bytes payload) { return sized(payload, 1) ? payload[0] : uint8_t{0}; }
  uint16_t word(Bytes payload) { return sized(payload, 2) ? load_be16(payload.data()) : uint16_t{0}; }
  uint32_t number(Bytes payload) { return sized(payload, 4) ? load_be32(payload.data()) : 0; }
  uint64_t wide(Bytes payload) {
    if (!sized(payload, 8)) return 0;
    return uint64_t{load_be32(payload.data())} << 32 | load_be32(payload.data() + 4);
  }
  // Without the NUL that ends it.
  std::string_view text(Bytes payload, size_t most) {
    const char* const first = reinterpret_cast<const char*>(payload.data());
    const size_t length = payload.empty() ? 0 : strnlen(first, payload.size());
    if (length == 0 || length > most) bad = true;
    return length == 0 ? std::string_view{} : std::string_view(first, length);
  }
  // Of either family, in an attribute of its own inside.
  Address address(Bytes payload) {
    Address result{};
    const auto inner = take(payload, bad);
    const size_t size = inner && inner->type == IPSET_ATTR_IPADDR_IPV4 ? 4 : 16;
    if (!inner || inner->payload.size() != size || !payload.empty()) {
      bad = true;
    } else {
      std::copy(inner->payload.begin(), inner->payload.end(), result.begin());
    }
    return result;
  }
  bool bad = false;

 private:
  bool sized(Bytes payload, size_t size) {
    if (payload.size() != size) bad = true;
    return payload.size() == size;
  }
};

void read_element_attribute(const Attribute& attribute, Values& values, Element& element) {
  const Bytes payload = attribute.payload;
  switch (attribute.type) {
    case IPSET_ATTR_IP:
      element.ip = values.address(payload);
      break;
    case IPSET_ATTR_IP2:
      element.ip2 = values.address(payload);
      break;
    case IPSET_ATTR_CIDR:
    case IPSET_ATTR_CIDR2:
      element.prefix = values.byte(payload);
      break;
    case IPSET_ATTR_PORT:
      element.port = values.word(payload);
      break;
    case IPSET_ATTR_PROTO:
      element.protocol = values.byte(payload);
      break;
    case IPSET_ATTR_ETHER:
      if (payload.size() != kMacBytes) {
        values.bad = true;
      } else {
        element.has_mac = true;
        std::copy(payload.begin(), payload.end(), element.mac.begin());
      }
      break;
    case IPSET_ATTR_NAME:
      element.member = values.text(payload, kMaxSetName);
      break;
    case IPSET_ATTR_IFACE:
      element.iface = InterfaceName::from(values.text(payload, 15));
      break;
    case IPSET_ATTR_CADT_FLAGS: {
      const uint32_t flags = values.number(payload);
      element.physdev = (flags & IPSET_FLAG_PHYSDEV) != 0;
      element.nomatch = (flags & IPSET_FLAG_NOMATCH) != 0;
      element.wildcard = (flags & IPSET_FLAG_IFACE_WILDCARD) != 0;
      break;
    }
    case IPSET_ATTR_TIMEOUT:
      element.timeout = values.number(payload);
      break;
    case IPSET_ATTR_PACKETS:
      element.packets = values.wide(payload);
      break;
    case IPSET_ATTR_BYTES:
      element.bytes = values.wide(payload);
      break;
    case IPSET_ATTR_SKBMARK: {
      const uint64_t mark = values.wide(payload);
      element.skb_mark = static_cast<uint32_t>(mark >> 32);
      element.skb_mask = static_cast<uint32_t>(mark);
      break;
    }
    case IPSET_ATTR_SKBPRIO:
      element.skb_priority = values.number(payload);
      break;
    case IPSET_ATTR_SKBQUEUE:
      element.skb_queue = values.word(payload);
      break;
    default:
      break;  // a comment, or what a newer kernel has to say
  }
}

}  // namespace

const KindFacts* kind_facts(std::string_view type) {
  const auto found = std::ranges::find(kKinds, type, &KindFacts::type);
  return found == kKinds.end() ? nullptr : &*found;
}

std::optional<Header> decode_header(const RawSet& set) {
  Header header;
  header.facts = kind_facts(set.type);
  header.family = set.family;
  if (header.facts == nullptr) return std::nullopt;
  header.mask.fill(0xff);
  Values values;
  Address first{}, last{};
  bool has_ports = false;
  uint8_t netmask = 0;
  Bytes bytes = set.header;
  while (const auto attribute = take(bytes, values.bad)) {
    const Bytes payload = attribute->payload;
    switch (attribute->type) {
      case IPSET_ATTR_IP_FROM:
        first = values.address(payload);
        break;
      case IPSET_ATTR_IP_TO:
        last = values.address(payload);
        break;
      case IPSET_ATTR_PORT_FROM:
        header.first = values.word(payload);
        has_ports = true;
        break;
      case IPSET_ATTR_PORT_TO:
        header.last = values.word(payload);
        break;
      case IPSET_ATTR_TIMEOUT:
        header.with_timeout = true;
        header.timeout = values.number(payload);
        break;
      case IPSET_ATTR_CADT_FLAGS: {
        const uint32_t flags = values.number(payload);
        header.with_counters = (flags & IPSET_FLAG_WITH_COUNTERS) != 0;
        header.with_skbinfo = (flags & IPSET_FLAG_WITH_SKBINFO) != 0;
        header.forceadd = (flags & IPSET_FLAG_WITH_FORCEADD) != 0;
        break;
      }
      case IPSET_ATTR_MAXELEM:
        header.max_elements = values.number(payload);
        break;
      case IPSET_ATTR_NETMASK:
        netmask = values.byte(payload);
        break;
      case kBitmaskAttribute:
        header.mask = values.address(payload);
        break;
      default:
        break;
    }
  }
  const uint8_t widest = set.family == AF_INET6 ? 128 : 32;
  if (netmask > widest) values.bad = true;
  if (netmask != 0 && !values.bad) {
    header.netmask = netmask;
    for (size_t i = 0; i < header.mask.size(); ++i) {
      const size_t bits = std::clamp<size_t>(netmask, 8 * i, 8 * i + 8) - 8 * i;
      header.mask[i] = static_cast<uint8_t>(0xff00U >> bits);
    }
  }
  const Kind kind = header.facts->kind;
  if (kind != Kind::kBitmapIp) header.netmask = 32;
  const bool ip_bitmap = kind == Kind::kBitmapIp || kind == Kind::kBitmapIpMac;
  if (ip_bitmap && set.family == AF_INET) {
    header.first = load_be32(first.data());
    header.last = load_be32(last.data());
    // A range of one element a net of the mask's size.
    const uint64_t step = uint64_t{1} << (32 - header.netmask);
    if (header.last < header.first || (header.last - header.first) / step >= kMostOfBitmap || header.first % step != 0)
      values.bad = true;
  }
  if (kind == Kind::kBitmapPort && (!has_ports || header.last < header.first)) values.bad = true;
  const bool any_family = kind == Kind::kListSet || kind == Kind::kBitmapPort;
  const bool family_fits =
      any_family ? set.family == AF_UNSPEC : set.family == AF_INET || (set.family == AF_INET6 && !ip_bitmap);
  if (values.bad || !family_fits) return std::nullopt;
  return header;
}

bool ElementReader::next(Element& element) {
  element = {};
  const auto outer = take(bytes_, failed_);
  if (!outer) return false;
  Values values;
  Bytes inside = outer->payload;
  while (const auto attribute = take(inside, values.bad)) read_element_attribute(*attribute, values, element);
  failed_ = values.bad || outer->type != IPSET_ATTR_DATA;
  return !failed_;
}

std::vector<std::string> members_of(const RawSet& set) {
  std::vector<std::string> names;
  if (set.type != "list:set") return names;
  ElementReader reader(set);
  for (Element element; reader.next(element);) names.emplace_back(element.member);
  return names;
}

}  // namespace hookline::ipset
