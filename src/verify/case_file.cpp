#include "verify/case_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <sstream>

namespace hookline {
namespace {

std::optional<std::vector<uint8_t>> from_hex(const std::string& text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::vector<uint8_t> bytes;
  for (size_t i = 0; i < text.size(); i += 2) {
    unsigned value = 0;
    for (const char c : text.substr(i, 2)) {
      if (c >= '0' && c <= '9')
        value = value * 16 + static_cast<unsigned>(c - '0');
      else if (c >= 'a' && c <= 'f')
        value = value * 16 + static_cast<unsigned>(c - 'a' + 10);
      else
        return std::nullopt;
    }
    bytes.push_back(static_cast<uint8_t>(value));
  }
  return bytes;
}

std::string hex(Bytes bytes) {
  std::string text;
  for (const uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

std::optional<FrameAddresses> frame_from(const std::string& destination, const std::string& source) {
  const auto to = from_hex(destination), from = from_hex(source);
  if (!to || !from || to->size() != kMacBytes || from->size() != kMacBytes) return std::nullopt;
  FrameAddresses frame{};
  std::copy(to->begin(), to->end(), frame.destination.begin());
  std::copy(from->begin(), from->end(), frame.source.begin());
  return frame;
}

std::string device_text(const InterfaceName& name) { return name.absent() ? "-" : std::string(name.view()); }
InterfaceName device_from(const std::string& text) { return text == "-" ? kNoInterface : InterfaceName::from(text); }

}  // namespace

std::string write_case(const CaseFile& content) {
  std::string text = "# " + content.why + "\nfamily " + std::string(family_name(content.family)) + "\n";
  if (content.mtu != kUnlimitedMtu) text += fmt::format("mtu {}\n", content.mtu);
  for (const Probe& probe : content.probes) {
    text += fmt::format("probe {} {} {} ", path_name(probe.path), device_text(probe.in), device_text(probe.out));
    text += hex(probe.packet);
    if (probe.frame) text += fmt::format(" {} {}", hex(probe.frame->destination), hex(probe.frame->source));
    text += '\n';
  }
  return text + "rules\n" + content.rules;
}

Result<CaseFile> parse_case(const std::string& text, const std::string& place) {
  CaseFile content;
  std::istringstream lines(text);
  size_t number = 0;
  const auto bad = [&](const std::string& found, const std::string& expected) {
    return fail(ProblemKind::kInput, place + ":" + std::to_string(number), found, expected);
  };
  for (std::string line; std::getline(lines, line);) {
    ++number;
    std::istringstream words(line);
    std::string word;
    words >> word;
    if (word.empty()) continue;
    if (word == "#") {
      content.why = line.size() > 2 ? line.substr(2) : "";
    } else if (word == "family") {
      words >> word;
      if (word != "ipv4" && word != "ipv6") return bad("family " + word, "ipv4 or ipv6");
      content.family = word == "ipv6" ? Family::kIpv6 : Family::kIpv4;
    } else if (word == "mtu") {
      if (!(words >> content.mtu) || content.mtu < 68 || content.mtu > kUnlimitedMtu)
        return bad(line, fmt::format("mtu and a number of 68 to {}", kUnlimitedMtu));
    } else if (word == "probe") {
      std::string path, in, out, packet;
      words >> path >> in >> out >> packet;
      auto kind = path_from_name(path);
      if (!kind) return tl::make_unexpected(kind.error());
      const auto bytes = from_hex(packet);
      if (!bytes) return bad("packet " + packet, "pairs of lower-case hex digits");
      content.probes.push_back({*kind, device_from(in), device_from(out), *bytes});
      std::string destination, source;
      if (!(words >> destination)) continue;
      words >> source;
      content.probes.back().frame = frame_from(destination, source);
      if (!content.probes.back().frame) return bad("frame " + destination + " " + source, "two addresses of 12 hex digits");
    } else if (word == "rules") {
      std::ostringstream rest;
      rest << lines.rdbuf();
      content.rules = rest.str();
      if (content.probes.empty()) return bad("no probe", "at least one before the rules");
      return content;
    } else {
      return bad("'" + word + "'", "#, family, probe or rules");
    }
  }
  return bad("no line `rules`", "one, with the rules behind it");
}

}  // namespace hookline
