#include "base/result.h"

namespace hookline {

std::string Problem::text() const {
  std::string line = place;
  if (!line.empty()) line += ": ";
  line += found;
  if (!expected.empty()) line += ", expected " + expected;
  return line;
}

}  // namespace hookline
