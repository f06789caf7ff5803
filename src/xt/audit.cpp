// xt/audit.cpp: target `AUDIT`, revision 0, both families.
//
// Writes a record for the audit daemon and goes on; the type is a label in the record and no verdict. Source: kernel
// net/netfilter/xt_AUDIT.c, audit_tg(), audit_tg_check(); UAPI linux/netfilter/xt_AUDIT.h.
#include <linux/netfilter/xt_AUDIT.h>

#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Audit {
  uint8_t type;
};

Decoded<Audit> decode(Bytes data, const DecodeContext&) {
  const auto info = read_at<xt_audit_info>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_audit_info)));
  if (info->type > XT_AUDIT_TYPE_MAX) return refuse("type " + std::to_string(info->type), "0 to 2");
  return Audit{info->type};
}

void print(const Audit& audit, TextOut& out) {
  static constexpr std::array<std::string_view, XT_AUDIT_TYPE_MAX + 1> kTypes = {"accept", "drop", "reject"};
  out.add(" --type ");
  out.add(audit.type < kTypes.size() ? kTypes[audit.type] : std::string_view{});
}

TargetAction evaluate(const Audit&, TargetContext&) { return kContinue; }

}  // namespace

constexpr TargetType kAuditTarget =
    target_type<Audit, decode, print, evaluate>({"AUDIT", 0, kBothFamilies, sizeof(xt_audit_info)});

}  // namespace hookline::xt
