// xt/trace.cpp: target `TRACE`, revision 0, both families.
//
// From here on the kernel logs every rule that counts the packet; the walk and its counters stay what they are. Source:
// kernel net/netfilter/xt_TRACE.c, trace_tg(); trace_packet() of the traversals.
#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Trace {};

Decoded<Trace> decode(Bytes, const DecodeContext&) { return Trace{}; }

void print(const Trace&, TextOut&) {}

TargetAction evaluate(const Trace&, TargetContext&) { return kContinue; }

}  // namespace

constexpr TargetType kTraceTarget =
    target_type<Trace, decode, print, evaluate>({"TRACE", 0, kBothFamilies, 0, {.table = "raw"}});

}  // namespace hookline::xt
