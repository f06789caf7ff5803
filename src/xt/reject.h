// xt/reject.h: the names of REJECT's answers, as iptables-save prints them after --reject-with.
#pragma once

#include <cstdint>
#include <string_view>

#include "packet/hooks.h"

namespace hookline::xt {

// Empty where the number has no answer in this family.
std::string_view reject_name(Family family, uint8_t with);

}  // namespace hookline::xt
