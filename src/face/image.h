// face/image.h: a compiled rule set as one run of bytes, from a process with the compiler to one without.
//
//   0   8  "HKLIMAGE"
//   8   4  version of this layout: 1
//  12   4  number of Programs; then for each
//          8  bytes of the Program
//          4  number of rule names, equal to its rule count
//             each name: 2 bytes of length, then the name
//             the Program (classify/format.h), which has a checksum and a fingerprint of the extensions of its own
//
// Little-endian, no padding. Nothing in it is trusted: lengths are checked here, Programs by verify_program().
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "pipeline/program_set.h"

namespace hookline {

std::vector<uint8_t> write_image(std::span<const NamedProgram> programs);
Result<std::vector<NamedProgram>> read_image(Bytes image);

}  // namespace hookline
