// verify/random_host.h: a host for random rules that ask about it: addresses, routes and policy rules of every type.
#pragma once

#include <string>

#include "packet/hooks.h"
#include "verify/random.h"

namespace hookline {

// Lines `#ip …` for rules text: the devices that every differential run has, and two more, with a random choice of
// addresses, routes and rules on them.
std::string random_host(Family family, Random& random);

}  // namespace hookline
