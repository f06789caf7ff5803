// verify/case_file.h: one recorded case: rules, packets, and why it is kept. The format of tests/regress.
//
//   # why, one line
//   family ipv4|ipv6
//   mtu N                             of the devices; left out: nothing is too big
//   probe PATH IN OUT HEX [TO FROM]   one line a packet, in order; `-` for no device; TO and FROM: addresses of its frame
//   rules
//   … iptables-save text to the end of the file
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "packet/hooks.h"
#include "verify/differential.h"
#include "verify/probe.h"

namespace hookline {

struct CaseFile {
  std::string why;
  Family family = Family::kIpv4;
  uint32_t mtu = kUnlimitedMtu;
  std::vector<Probe> probes;
  std::string rules;
};

std::string write_case(const CaseFile& content);
Result<CaseFile> parse_case(const std::string& text, const std::string& place);

}  // namespace hookline
