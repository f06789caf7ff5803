#include "load/kernel_clock.h"

#include <sys/utsname.h>
#include <zlib.h>

#include <cstdlib>
#include <cstring>
#include <string>

namespace hookline {
namespace {

// The value of CONFIG_HZ in a kernel configuration file, compressed or plain (gzopen reads both); 0 without one.
uint32_t configured_hz(const std::string& path) {
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) return 0;
  uint32_t hz = 0;
  char line[512];
  constexpr const char* kKey = "CONFIG_HZ=";
  while (hz == 0 && gzgets(file, line, sizeof line) != nullptr)
    if (std::strncmp(line, kKey, std::strlen(kKey)) == 0)
      hz = static_cast<uint32_t>(std::strtoul(line + std::strlen(kKey), nullptr, 10));
  gzclose(file);
  return hz;
}

}  // namespace

uint32_t kernel_hz() {
  if (const uint32_t hz = configured_hz("/proc/config.gz")) return hz;
  utsname names{};
  return ::uname(&names) == 0 ? configured_hz(std::string("/boot/config-") + names.release) : 0;
}

}  // namespace hookline
