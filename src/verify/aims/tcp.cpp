// verify/aims/tcp.cpp: the option that `tcp --tcp-option` asks for, and options that end elsewhere than they should.
#include "verify/aims/aims.h"

namespace hookline {
namespace {

bool asks_for_option(const Match& match, Family family) { return !match.type->lower(match.info.get(), family).exact; }

void fulfil(const Match& match, Family family, Random& random, Fields& f) {
  if (!asks_for_option(match, family)) return;
  // Which one stands in the kernel's struct behind the four ports.
  const uint8_t option = match.raw.size() > 8 ? match.raw[8] : 0;
  f.tcp_options = option < 2 ? std::vector<uint8_t>{option, 1, 1, 1} : std::vector<uint8_t>{option, 4, 0, 0};
  if (chance(random, 20)) f.tcp_options = {8, 10, 0, 0, 0, 0, 0, 0, 0, 0, option, 2};
}

void miss(const Match& match, Family family, Random& random, Fields& f) {
  if (asks_for_option(match, family))
    f.data_offset = static_cast<uint8_t>(chance(random, 50) ? below(random, 5) : 5 + below(random, 11));
}

}  // namespace

constexpr MatchAim kTcpAim = {.name = "tcp", .fulfil = fulfil, .miss = miss};

}  // namespace hookline
