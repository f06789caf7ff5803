// tests/xt/golden_file.h: reads a NAME.t file: what rules with one match or target mean, written for people and machines.
//
//   : TABLE CHAIN[,CHAIN…] [via NAME PROTOCOL]   where each rule below is loaded
//   : via NAME PROTOCOL                           likewise, for the rules from here on
//   [6] RULE ; PRINTED ; OK                       PRINTED `=`: as given
//   [6] RULE ;  ; FAIL REASON                     the system refuses it, with REASON in its message
//   [6] patch OFFSET HEX ; PRINTED ; OK           the rule above with other bytes in its data (no text can say it);
//                                                 offset -1 is the revision before the data
//   [6] patch OFFSET HEX ;  ; FAIL REASON         kernel and decode refuse it, decode with REASON
//   [6] patch OFFSET HEX ;  ; REFUSED REASON      the kernel loads it, this build refuses it; so for RULE
//   [6] RULE ; PRINTED ; REFUSED REASON           likewise, and prints it; so for patch
//   [6] revision N HEX ; PRINTED ; OK             the rule above with its match or target in revision N with this data
//   host COMMAND ; ; OK                           a shell line that makes what the rules below name (ip sets, addresses)
//   bytes HEX ;  ; FAIL REASON                    decode refuses a data block of this size
//   [6] alone N HEX ; PRINTED ; REFUSED REASON    decode and print alone, of revision N with this data: no rule with the
//   type
//                                                 loads here; so for FAIL
//       PACKET ; yes|no|hotdrop|unreached         a packet for the rule above (tests/xt/packet_line.h)
//       PACKET ; counted-hotdrop                  the rule is counted, yet the packet dropped by one of its matches
//
// HEX: bytes, a byte repeated (00*12), or text ('abc'). `6` makes a line IPv6. `via`: iptables has no word for the type, so
// rules are loaded with match NAME and renamed; the header's protocol becomes PROTOCOL. `#` begins a comment; quoted text
// may hold `;` and `#`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "packet/hooks.h"

namespace hookline::test {

struct GoldenPacket {
  int line = 0;
  std::string text, answer;
};

struct GoldenRule {
  enum class Kind : uint8_t { kRule, kPatch, kRevision, kBytes, kAlone, kHost };
  enum class Expect : uint8_t { kLoads, kFails, kRefused };
  int line = 0;
  Kind kind = Kind::kRule;
  Family family = Family::kIpv4;
  std::string text;  // kRule: the options; kHost: the command
  long offset = 0;   // kPatch
  uint8_t revision = 0;
  std::vector<uint8_t> bytes;
  std::string printed;  // empty where it does not load
  Expect expect = Expect::kLoads;
  std::string reason;
  uint8_t via_protocol = 0;  // of the header, where the file says `via`
  std::vector<GoldenPacket> packets;
};

struct GoldenFile {
  std::string name;  // of the type: the file's stem
  std::string path;
  std::string table;
  std::vector<std::string> chains;
  std::string via;           // empty: iptables knows the type
  uint8_t via_protocol = 0;  // of the rules last read
  std::vector<GoldenRule> rules;
};

Result<GoldenFile> read_golden_file(const std::string& path);

}  // namespace hookline::test
