// face/image.cpp: writes and reads the bytes.
#include "face/image.h"

#include <cstring>

#include <string_view>
#include <utility>

namespace hookline {
namespace {

constexpr std::string_view kMagic = "HKLIMAGE";
constexpr uint32_t kVersion = 1;

template <typename T>
void append(std::vector<uint8_t>& out, T value) {
  const size_t at = out.size();
  out.resize(at + sizeof value);
  std::memcpy(out.data() + at, &value, sizeof value);
}

// Takes values from the front of what is left; once something was missing, everything is.
struct Cursor {
  Bytes left;
  bool cut = false;

  template <typename T>
  T take() {
    const auto value = read_at<T>(left, 0);
    if (!value) {
      cut = true;
      return {};
    }
    left = left.subspan(sizeof(T));
    return *value;
  }
  Bytes take(uint64_t size) {
    if (cut || size > left.size()) {
      cut = true;
      return {};
    }
    const Bytes result = left.first(size);
    left = left.subspan(size);
    return result;
  }
};

tl::unexpected<Problems> refused(std::string found, std::string expected) {
  return fail(ProblemKind::kInput, "image", std::move(found), std::move(expected));
}

}  // namespace

std::vector<uint8_t> write_image(std::span<const NamedProgram> programs) {
  std::vector<uint8_t> out(kMagic.begin(), kMagic.end());
  append(out, kVersion);
  append(out, static_cast<uint32_t>(programs.size()));
  for (const NamedProgram& named : programs) {
    const Bytes region = named.program->bytes();
    append(out, static_cast<uint64_t>(region.size()));
    append(out, static_cast<uint32_t>(named.rule_names.size()));
    for (const std::string& name : named.rule_names) {
      append(out, static_cast<uint16_t>(name.size()));
      out.insert(out.end(), name.begin(), name.end());
    }
    out.insert(out.end(), region.begin(), region.end());
  }
  return out;
}

Result<std::vector<NamedProgram>> read_image(Bytes image) {
  Cursor cursor{image};
  const Bytes magic = cursor.take(kMagic.size());
  if (cursor.cut || std::string_view(reinterpret_cast<const char*>(magic.data()), magic.size()) != kMagic) {
    return refused("other bytes at the start", "an image that this library wrote");
  }
  if (const auto version = cursor.take<uint32_t>(); cursor.cut || version != kVersion) {
    return refused("version " + std::to_string(version), "version " + std::to_string(kVersion));
  }
  const auto count = cursor.take<uint32_t>();
  std::vector<NamedProgram> programs;
  for (uint32_t p = 0; p < count && !cursor.cut; ++p) {
    const auto size = cursor.take<uint64_t>();
    const auto names = cursor.take<uint32_t>();
    NamedProgram named;
    for (uint32_t n = 0; n < names && !cursor.cut; ++n) {
      const Bytes name = cursor.take(cursor.take<uint16_t>());
      named.rule_names.emplace_back(reinterpret_cast<const char*>(name.data()), name.size());
    }
    const Bytes region = cursor.take(size);
    if (cursor.cut) break;
    auto program = LoadedProgram::load(Program::copy_of(region));
    if (!program) return fail(program.error());
    named.program = std::move(*program);
    if (named.rule_names.size() != named.program->rule_count()) {
      return refused(std::to_string(names) + " rule names", std::to_string(named.program->rule_count()));
    }
    for (const NamedProgram& other : programs) {
      if (other.program->family() == named.program->family() && other.program->table() == named.program->table()) {
        return refused("table " + std::string(named.program->table()) + " twice", "each table once");
      }
    }
    programs.push_back(std::move(named));
  }
  if (cursor.cut) return refused("the end, in the middle of a value", "a whole image");
  if (!cursor.left.empty()) return refused(std::to_string(cursor.left.size()) + " more bytes", "the end");
  return programs;
}

}  // namespace hookline
