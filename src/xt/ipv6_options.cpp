#include "xt/ipv6_options.h"

#include <fmt/core.h>

#include "xt/ipv6_headers.h"

namespace hookline::xt {
namespace {

constexpr uint8_t kPad1 = 0;  // one byte, without a length
constexpr uint16_t kAnyLength = 0xff;

// Whether the options from `option` on, `left` bytes of them, begin with the wanted ones.
bool begins_with_list(const Ipv6Options& m, const uint8_t* option, uint32_t left) {
  for (unsigned i = 0; i < m.count; ++i) {
    const uint8_t type = static_cast<uint8_t>(m.wanted[i] >> 8);
    const uint16_t data_bytes = m.wanted[i] & 0xff;
    if (left < 1 || *option != type) return false;
    uint32_t size = 1;
    if (type != kPad1) {
      if (left < 2 || (data_bytes != kAnyLength && data_bytes != option[1])) return false;
      size = option[1] + 2U;
    }
    // The last one of the list may go on behind the header.
    if (size > left) return i + 1U == m.count;
    option += size;
    left -= size;
  }
  return true;
}

}  // namespace

Decoded<Ipv6Options> decode_ipv6_options(Bytes data, const DecodeContext&) {
  const auto info = read_at<ip6t_opts>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(ip6t_opts)));
  if ((info->invflags & ~IP6T_OPTS_INV_MASK) != 0)
    return refuse(fmt::format("invflags {:#x}", info->invflags), "bits of 0x1");
  if ((info->flags & IP6T_OPTS_NSTRICT) != 0) return refuse(fmt::format("flags {:#x}", info->flags), "no bit 0x4");
  if (info->optsnr > IP6T_OPTS_OPTSNR) return refuse(fmt::format("{} options", info->optsnr), "at most 16");
  Ipv6Options m{info->hdrlen, {}, info->flags, info->invflags, info->optsnr};
  for (unsigned i = 0; i < m.wanted.size(); ++i) m.wanted[i] = info->opts[i];
  return m;
}

void print_ipv6_options(const Ipv6Options& m, std::string_view name, TextOut& out) {
  if ((m.flags & IP6T_OPTS_LEN) != 0)
    out.add(fmt::format("{} --{}-len {}", (m.inverted & IP6T_OPTS_INV_LEN) != 0 ? " !" : "", name, m.length));
  if ((m.flags & IP6T_OPTS_OPTS) != 0) out.add(fmt::format(" --{}-opts", name));
  for (unsigned i = 0; i < m.count; ++i) {
    out.add(fmt::format("{}{}", i == 0 ? " " : ",", m.wanted[i] >> 8));
    if ((m.wanted[i] & 0xff) != kAnyLength) out.add(fmt::format(":{}", m.wanted[i] & 0xff));
  }
}

Answer evaluate_ipv6_options(const Ipv6Options& m, uint8_t kind, const MatchContext& context) {
  const FoundHeader found = find_ipv6_header(context, kind);
  if (found.answer != Answer::kYes) return found.answer;
  const uint32_t length = ipv6_header_bytes(context.packet.data + found.offset);
  const uint8_t* header = context.bytes(found.offset, length);
  if (header == nullptr) return Answer::kHotdrop;
  if ((m.flags & IP6T_OPTS_OPTS) != 0 && !begins_with_list(m, header + 2, length - 2)) return Answer::kNo;
  return answer((m.flags & IP6T_OPTS_LEN) == 0 || (m.length == length) != ((m.inverted & IP6T_OPTS_INV_LEN) != 0));
}

Lowered lower_ipv6_options(const Ipv6Options& m, Family) {
  const bool asks_length = (m.flags & IP6T_OPTS_LEN) != 0 && (m.inverted & IP6T_OPTS_INV_LEN) == 0;
  return asks_length && !is_ipv6_header_length(m.length) ? never() : evaluated();
}

}  // namespace hookline::xt
