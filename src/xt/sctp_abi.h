// xt/sctp_abi.h: the kernel's linux/netfilter/xt_sctp.h, which is C: it needs a `_Bool`, and leaves a macro `bytes` behind.
#pragma once

#define _Bool bool
#include <linux/netfilter/xt_sctp.h>
#undef _Bool
#undef bytes
