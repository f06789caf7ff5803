// text/header_text.h: the header conditions of a rule (-s -d -i -o -p -f) as iptables-save writes them.
#pragma once

#include <string>

#include "table/table.h"

namespace hookline {

// Options with a space before each, in the order of iptables-save; empty where the header demands nothing.
std::string header_text(const HeaderMatch& header, Family family);

}  // namespace hookline
