#include "verify/aims/ipv6_headers.h"

#include <algorithm>

namespace hookline {
namespace {

auto find_header(Fields& f, uint8_t kind) { return std::ranges::find(f.extensions, kind, &Extension::kind); }

size_t header_bytes(const Extension& header) {
  return !header.body.empty() ? 1 + header.body.size() : header.kind == kAh ? 12 : 8;
}

// A body that says what an empty one stands for, as far as a flipped bit can show.
void spell_out(Extension& header) {
  if (header.body.empty())
    header.body =
        header.kind == kIpv6Fragment ? std::vector<uint8_t>{0, 0, 1, 0, 0, 0, 1} : std::vector<uint8_t>{0, 1, 4, 0, 0, 0, 0};
}

}  // namespace

Extension& header_of(Fields& f, uint8_t kind, Random& random) {
  if (const auto found = find_header(f, kind); found != f.extensions.end()) return *found;
  // Behind a later fragment's header there is nothing to find.
  const auto fragment = find_header(f, kIpv6Fragment);
  auto place = f.extensions.begin() + static_cast<std::ptrdiff_t>(below(
                                          random, static_cast<uint64_t>(std::distance(f.extensions.begin(), fragment) + 1)));
  if (kind == kHopByHop) {
    place = f.extensions.begin();
    if (chance(random, 60)) place = f.extensions.insert(place, Extension{chance(random, 50) ? kIpv6Options : kAh, {}}) + 1;
  }
  return *f.extensions.insert(place, Extension{kind, {}});
}

std::vector<uint8_t> header_body(std::vector<uint8_t> rest, size_t bytes) {
  const size_t units = std::clamp<size_t>((std::max(bytes, rest.size() + 2) + 7) / 8, 1, 256);
  std::vector<uint8_t> body(units * 8 - 1);
  body[0] = static_cast<uint8_t>(units - 1);
  std::ranges::copy(rest, body.begin() + 1);
  return body;
}

void miss_header(Fields& f, uint8_t kind, Random& random) {
  const auto header = find_header(f, kind);
  if (header == f.extensions.end()) return;
  switch (below(random, 8)) {
    case 0:
    case 1: {
      spell_out(*header);
      header->body[below(random, std::min<size_t>(header->body.size(), 16))] ^= static_cast<uint8_t>(1U << below(random, 8));
      break;
    }
    case 2: {
      spell_out(*header);
      uint8_t& byte = header->body[below(random, std::min<size_t>(header->body.size(), 8))];
      byte = static_cast<uint8_t>(byte + (chance(random, 50) ? 1 : 0xff));
      break;
    }
    case 3: {  // the packet ends within the chain, or just behind the header
      size_t end = 40;
      for (const Extension& extension : f.extensions) {
        end += header_bytes(extension);
        if (&extension == &*header) break;
      }
      f.length = static_cast<uint32_t>(chance(random, 50) ? end + below(random, 3) - 1 : 40 + below(random, end - 38));
      break;
    }
    case 4:  // a later fragment, which has none
      f.extensions.insert(header, Extension{kIpv6Fragment, {0, static_cast<uint8_t>(below(random, 3)), 9, 0, 0, 0, 1}});
      break;
    case 5: {  // another one before it
      Extension first{kind, {}};
      if (chance(random, 50)) first.body = header->body;
      f.extensions.insert(header, std::move(first));
      break;
    }
    case 6:
      f.extensions.erase(header);
      break;
    default:
      if (chance(random, 50)) {
        f.protocol = chance(random, 50) ? kNoNextHeader : kEsp;
      } else {
        f.extensions.insert(header, Extension{chance(random, 50) ? kIpv6Options : kIpv6Route, {}});
      }
      break;
  }
}

}  // namespace hookline
