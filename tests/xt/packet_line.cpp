#include "packet_line.h"

#include <arpa/inet.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

#include "support/packets.h"

namespace hookline::test {
namespace {

std::vector<uint8_t> from_hex(const std::string& text) {
  std::vector<uint8_t> bytes;
  for (size_t i = 0; i + 1 < text.size(); i += 2)
    bytes.push_back(static_cast<uint8_t>(std::stoul(text.substr(i, 2), nullptr, 16)));
  return bytes;
}

uint8_t tcp_flags(const std::string& names) {
  static const std::map<std::string, uint8_t> kBits = {{"FIN", 1},    {"SYN", 2},    {"RST", 4},    {"PSH", 8},
                                                       {"ACK", 0x10}, {"URG", 0x20}, {"ECE", 0x40}, {"CWR", 0x80}};
  uint8_t flags = 0;
  std::istringstream words(names);
  for (std::string name; std::getline(words, name, ',');) flags = static_cast<uint8_t>(flags | kBits.at(name));
  return flags;
}

struct Extension {
  uint8_t protocol;
  size_t size;
  std::vector<uint8_t> body;  // all but the first byte, where the line gives them
};

// What the words say; numbers that are not given are absent.
struct Words {
  std::map<std::string, std::string> values;
  std::vector<Extension> before, after;

  [[nodiscard]] std::optional<uint32_t> number(const std::string& key) const {
    const auto it = values.find(key);
    if (it == values.end()) return std::nullopt;
    return static_cast<uint32_t>(std::stoul(it->second, nullptr, 0));
  }
  [[nodiscard]] uint32_t number(const std::string& key, uint32_t otherwise) const { return number(key).value_or(otherwise); }
  [[nodiscard]] std::string text(const std::string& key, const std::string& otherwise) const {
    const auto it = values.find(key);
    return it == values.end() ? otherwise : it->second;
  }
  [[nodiscard]] bool has(const std::string& key) const { return values.contains(key); }
};

const std::map<std::string, uint8_t> kProtocols = {{"tcp", 6},   {"udp", 17}, {"udplite", 136}, {"sctp", 132},
                                                   {"dccp", 33}, {"icmp", 1}, {"icmp6", 58}};
const std::map<std::string, uint8_t> kExtensions = {{"hop", 0}, {"routing", 43}, {"ah", 51}, {"dst-opts", 60}};
const char* const kKeys[] = {"path", "src",   "dst",   "ttl",   "tos",    "id",    "mark", "frag",
                             "mf",   "proto", "sport", "dport", "flags",  "doff",  "opts", "type",
                             "code", "data",  "hex",   "len",   "chunks", "ether", "to"};

Result<Words> read_words(const std::string& text) {
  Words result;
  std::istringstream stream(text);
  for (std::string word; stream >> word;) {
    bool after = false;
    if (word.starts_with("after=")) {
      after = true;
      word = word.substr(6);
    }
    const size_t equals = word.find('=');
    const std::string key = word.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : word.substr(equals + 1);
    if (const auto it = kExtensions.find(key); it != kExtensions.end()) {
      (after ? result.after : result.before).push_back({it->second, std::stoul(value), {}});
    } else if (const size_t colon = value.find(':'); key == "header" && colon != std::string::npos) {
      const std::vector<uint8_t> body = from_hex(value.substr(colon + 1));
      (after ? result.after : result.before).push_back({static_cast<uint8_t>(std::stoul(value)), 1 + body.size(), body});
    } else if (kProtocols.contains(key)) {
      result.values["l4"] = key;
    } else if (std::find(std::begin(kKeys), std::end(kKeys), key) != std::end(kKeys)) {
      result.values[key] = value;
    } else {
      return fail(ProblemKind::kInput, text, "`" + word + "'", "a word of packet_line.h");
    }
  }
  return result;
}

std::vector<uint8_t> l4_bytes(const Words& words, uint8_t& protocol) {
  const std::string kind = words.text("l4", "");
  std::vector<uint8_t> l4;
  if (!kind.empty()) protocol = kProtocols.at(kind);
  if (words.has("proto")) protocol = static_cast<uint8_t>(words.number("proto", 0));
  const auto ports = [&](size_t size) {
    l4.resize(size);
    store_be16(l4.data(), static_cast<uint16_t>(words.number("sport", 1024)));
    store_be16(l4.data() + 2, static_cast<uint16_t>(words.number("dport", 80)));
  };
  if (kind == "tcp") {
    const std::vector<uint8_t> options = from_hex(words.text("opts", ""));
    ports(20);
    l4[12] = static_cast<uint8_t>(words.number("doff", static_cast<uint32_t>(5 + options.size() / 4)) << 4);
    l4[13] = tcp_flags(words.text("flags", "ACK"));
    l4.insert(l4.end(), options.begin(), options.end());
  } else if (kind == "udp" || kind == "udplite") {
    ports(8);
    store_be16(l4.data() + 4, 8);
  } else if (kind == "sctp" || kind == "dccp") {
    ports(12);
    if (kind == "sctp") {
      const std::vector<uint8_t> chunks = from_hex(words.text("chunks", "03000004"));
      l4.insert(l4.end(), chunks.begin(), chunks.end());
    } else {
      l4[4] = static_cast<uint8_t>(words.number("doff", 3));
      l4[8] = static_cast<uint8_t>(words.number("type", 0) << 1 | words.number("code", 0));
      const std::vector<uint8_t> options = from_hex(words.text("opts", ""));
      l4.insert(l4.end(), options.begin(), options.end());
    }
  } else if (kind == "icmp" || kind == "icmp6") {
    l4.resize(8);
    l4[0] = static_cast<uint8_t>(words.number("type", 8));
    l4[1] = static_cast<uint8_t>(words.number("code", 0));
  }
  for (const char c : words.text("data", "")) l4.push_back(static_cast<uint8_t>(c));
  for (const uint8_t byte : from_hex(words.text("hex", ""))) l4.push_back(byte);
  return l4;
}

// Extension headers hold padding options of the right length, so that the stack accepts them.
void add_extension(const Extension& extension, uint8_t next, std::vector<uint8_t>& out) {
  const size_t start = out.size();
  out.resize(start + extension.size);
  out[start] = next;
  if (!extension.body.empty()) {
    std::copy(extension.body.begin(), extension.body.end(), out.begin() + static_cast<std::ptrdiff_t>(start + 1));
  } else if (extension.protocol == 51) {
    out[start + 1] = static_cast<uint8_t>(extension.size / 4 - 2);
  } else {
    out[start + 1] = static_cast<uint8_t>(extension.size / 8 - 1);
    if (extension.protocol != 43) {
      out[start + 2] = 1;  // PadN
      out[start + 3] = static_cast<uint8_t>(extension.size - 4);
    } else {
      out[start + 2] = 4;  // a routing type whose segments are used up
    }
  }
}

std::vector<uint8_t> ipv6_bytes(const Words& words, Hook hook) {
  uint8_t protocol = 59;
  const std::vector<uint8_t> l4 = l4_bytes(words, protocol);
  std::vector<Extension> chain = words.before;
  const bool fragment = words.has("frag") || words.has("mf");
  if (fragment) chain.push_back({44, 8, {}});
  chain.insert(chain.end(), words.after.begin(), words.after.end());
  Ipv6Spec spec;
  spec.source = words.text("src", "2001:db8::1");
  spec.destination = words.text("dst", hook == Hook::kInput ? kLocalIpv6 : "2001:db8:1::1");
  spec.hop_limit = static_cast<uint8_t>(words.number("ttl", 64));
  spec.next_header = chain.empty() ? protocol : chain.front().protocol;
  spec.payload.clear();
  for (size_t i = 0; i < chain.size(); ++i) {
    const uint8_t next = i + 1 < chain.size() ? chain[i + 1].protocol : protocol;
    if (chain[i].protocol != 44 || !chain[i].body.empty()) {
      add_extension(chain[i], next, spec.payload);
      continue;
    }
    const auto field = static_cast<uint16_t>(words.number("frag", 0) << 3 | (words.has("mf") ? 1U : 0U));
    const size_t start = spec.payload.size();
    spec.payload.resize(start + 8);
    spec.payload[start] = next;
    store_be16(spec.payload.data() + start + 2, field);
    store_be32(spec.payload.data() + start + 4, 7);
  }
  spec.payload.insert(spec.payload.end(), l4.begin(), l4.end());
  std::vector<uint8_t> packet = ipv6(spec);
  packet[1] = static_cast<uint8_t>(words.number("tos", 0) << 4);
  packet[0] = static_cast<uint8_t>(packet[0] | words.number("tos", 0) >> 4);
  if (const auto length = words.number("len")) packet.resize(*length);
  store_be16(packet.data() + 4, static_cast<uint16_t>(packet.size() - 40));
  return packet;
}

std::vector<uint8_t> ipv4_bytes(const Words& words, Hook hook) {
  Ipv4Spec spec;
  spec.protocol = 253;
  spec.payload = l4_bytes(words, spec.protocol);
  spec.source = words.text("src", "10.0.0.1");
  spec.destination = words.text("dst", hook == Hook::kInput ? kLocalIpv4 : "10.0.1.1");
  spec.ttl = static_cast<uint8_t>(words.number("ttl", 64));
  spec.tos = static_cast<uint8_t>(words.number("tos", 0));
  spec.id = static_cast<uint16_t>(words.number("id", 7));
  spec.fragment_field = static_cast<uint16_t>(words.number("frag", 0) | (words.has("mf") ? 0x2000U : 0U));
  std::vector<uint8_t> packet = ipv4(spec);
  if (const auto length = words.number("len")) packet.resize(*length);
  fix_ipv4(packet);
  return packet;
}

}  // namespace

Result<LinePacket> read_packet_line(const std::string& text, Family family) {
  const auto words = read_words(text);
  if (!words) return tl::make_unexpected(words.error());
  LinePacket packet;
  packet.family = family;
  const std::string path = words->text("path", "output");
  packet.hook = path == "input"        ? Hook::kInput
                : path == "forward"    ? Hook::kForward
                : path == "prerouting" ? Hook::kPrerouting
                                       : Hook::kOutput;
  packet.mark = words->number("mark", 0);
  packet.bytes = family == Family::kIpv4 ? ipv4_bytes(*words, packet.hook) : ipv6_bytes(*words, packet.hook);
  if (words->has("ether")) {
    packet.frame_source = from_hex(words->text("ether", ""));
    const std::string to = words->text("to", "host");
    packet.frame_destination.assign(std::begin(kEthernetAddress), std::end(kEthernetAddress));
    if (to == "broadcast") packet.frame_destination.assign(6, 0xff);
    if (to == "multicast") packet.frame_destination = {1, 0, 0x5e, 0, 0, 9};
    if (to == "other") packet.frame_destination.back() ^= 4;
    if (packet.frame_source.size() != 6 || packet.hook == Hook::kOutput)
      return fail(ProblemKind::kInput, text, "a frame", "six bytes of source, and path=input or path=forward");
  }
  return packet;
}

PacketType LinePacket::type() const {
  if (!in_frame() || std::ranges::equal(frame_destination, kEthernetAddress)) return PacketType::kHost;
  if ((frame_destination[0] & 1) == 0) return PacketType::kOtherHost;
  return std::ranges::count(frame_destination, 0xff) == 6 ? PacketType::kBroadcast : PacketType::kMulticast;
}

}  // namespace hookline::test
