// xt/notrack.cpp: target `NOTRACK`, both families, revision 0.
//
// Tells connection tracking, before it sees the packet, to leave it alone. Today's iptables makes `CT` of the option
// `-j NOTRACK`; this is what it made before. Source: kernel xt_CT.c, notrack_chk().
#include "xt/connection.h"
#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Notrack {
  static constexpr std::string_view kRefused = kNeedsTracking;
};

Decoded<Notrack> decode(Bytes, const DecodeContext&) { return Notrack{}; }

void print(const Notrack&, TextOut&) {}

}  // namespace

constexpr TargetType kNotrackTarget =
    refused_target<Notrack, decode, print>({"NOTRACK", 0, kBothFamilies, 0, {.table = "raw"}});

}  // namespace hookline::xt
