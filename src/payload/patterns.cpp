// payload/patterns.cpp: the only source file that speaks to Hyperscan.
#include "payload/patterns.h"

#include <hs.h>

#include <algorithm>
#include <string>

namespace hookline::payload {

bool can_scan(const Pattern& pattern) {
  if (pattern.bytes.empty()) return false;
  // The kernel folds Latin-1 letters as well as ASCII ones, Hyperscan only the latter.
  return !pattern.ignore_case || std::all_of(pattern.bytes.begin(), pattern.bytes.end(), [](uint8_t b) { return b < 0x80; });
}

Result<std::vector<uint8_t>> build_database(std::span<const Pattern> patterns) {
  std::vector<const char*> expressions;
  std::vector<unsigned> flags, ids;
  std::vector<size_t> lengths;
  for (size_t i = 0; i < patterns.size(); ++i) {
    const Pattern& pattern = patterns[i];
    expressions.push_back(reinterpret_cast<const char*>(pattern.bytes.data()));
    lengths.push_back(pattern.bytes.size());
    ids.push_back(static_cast<unsigned>(i));
    // Occurrences are reported in order of their ends. With no lower bound the first one decides, since all others end
    // later and `to` only bounds the end.
    flags.push_back((pattern.ignore_case ? HS_FLAG_CASELESS : 0U) | (pattern.from == 0 ? HS_FLAG_SINGLEMATCH : 0U));
  }
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  const auto status =
      hs_compile_lit_multi(expressions.data(), flags.data(), ids.data(), lengths.data(),
                           static_cast<unsigned>(patterns.size()), HS_MODE_BLOCK, nullptr, &database, &error);
  if (status != HS_SUCCESS) {
    std::string text = error != nullptr && error->message != nullptr ? error->message : "unknown error";
    hs_free_compile_error(error);
    return fail(ProblemKind::kInput, "string patterns", "Hyperscan refuses them: " + text);
  }
  char* bytes = nullptr;
  size_t size = 0;
  const auto serialised = hs_serialize_database(database, &bytes, &size);
  hs_free_database(database);
  if (serialised != HS_SUCCESS)
    return fail(ProblemKind::kInput, "string patterns", "Hyperscan cannot serialise its database");
  std::vector<uint8_t> result(bytes, bytes + size);
  free(bytes);
  return result;
}

Result<std::unique_ptr<PatternSet>> PatternSet::load(Bytes serialised, std::vector<Window> windows) {
  hs_database_t* database = nullptr;
  const auto status =
      hs_deserialize_database(reinterpret_cast<const char*>(serialised.data()), serialised.size(), &database);
  if (status == HS_DB_PLATFORM_ERROR)
    return fail(ProblemKind::kInput, "string patterns", "the database was built for another CPU");
  if (status != HS_SUCCESS) return fail(ProblemKind::kInput, "string patterns", "the Hyperscan database is damaged");
  return std::unique_ptr<PatternSet>(new PatternSet(database, std::move(windows)));
}

PatternSet::~PatternSet() { hs_free_database(database_); }

PatternScanner::PatternScanner(const PatternSet& set) : set_(set), found_(set.size(), 0) {
  hits_.reserve(set.size());
  usable_ = hs_alloc_scratch(set.database_, &scratch_) == HS_SUCCESS;
}

PatternScanner::~PatternScanner() { hs_free_scratch(scratch_); }

int PatternScanner::on_match(unsigned id, unsigned long long, unsigned long long to, unsigned, void* self) {
  auto& scanner = *static_cast<PatternScanner*>(self);
  if (id >= scanner.found_.size() || scanner.found_[id] != 0) return 0;
  const Window& window = scanner.set_.windows_[id];
  if (to > window.to || to < static_cast<unsigned long long>(window.from) + window.length) return 0;
  scanner.found_[id] = 1;
  scanner.hits_.push_back(id);
  return 0;
}

std::optional<bool> PatternScanner::found(uint32_t number, Bytes packet) {
  if (!usable_) return std::nullopt;
  if (!scanned_) {
    for (const uint32_t id : hits_) found_[id] = 0;
    hits_.clear();
    if (packet.empty()) {  // hs_scan() takes no null pointer
      scanned_ = true;
      return false;
    }
    const auto status = hs_scan(set_.database_, reinterpret_cast<const char*>(packet.data()),
                                static_cast<unsigned>(packet.size()), 0, scratch_, &on_match, this);
    if (status != HS_SUCCESS) return std::nullopt;
    scanned_ = true;
  }
  return found_[number] != 0;
}

}  // namespace hookline::payload
