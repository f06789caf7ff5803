// payload/patterns.h: the string patterns of a table as one Hyperscan database: built, loaded, scanned.
//
// A plain search a rule costs the packet's length times the number of rules; one automaton over all patterns reads the
// packet once. The question per pattern stays the kernel's: does it occur inside its window, wholly? Everything that
// Hyperscan and the kernel could see differently (case folding of bytes >= 0x80, empty patterns) is refused by
// can_scan(), and the match's own search answers instead. Kernel: xt_string.c, skb_find_text().
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

// Hyperscan's own types; only payload/ includes its header.
struct hs_database;
struct hs_scratch;

namespace hookline::payload {

// Where a pattern must lie, in bytes from the IP header: start >= from and end <= to.
struct Window {
  uint32_t from = 0;
  uint32_t to = 0;
  uint32_t length = 0;  // of the pattern, in bytes
};

struct Pattern {
  std::vector<uint8_t> bytes;
  bool ignore_case = false;
  uint32_t from = 0;
  uint32_t to = 0;
  bool operator==(const Pattern&) const = default;
};

bool can_scan(const Pattern& pattern);

// The serialised database of patterns that can_scan(); a pattern's number is its place in the list.
Result<std::vector<uint8_t>> build_database(std::span<const Pattern> patterns);

// A deserialised database with its windows. Immutable, shared by all workers.
class PatternSet {
 public:
  static Result<std::unique_ptr<PatternSet>> load(Bytes serialised, std::vector<Window> windows);
  ~PatternSet();
  PatternSet(const PatternSet&) = delete;
  PatternSet& operator=(const PatternSet&) = delete;
  [[nodiscard]] size_t size() const { return windows_.size(); }

 private:
  friend class PatternScanner;
  PatternSet(hs_database* database, std::vector<Window> windows) : database_(database), windows_(std::move(windows)) {}
  hs_database* database_;
  std::vector<Window> windows_;
};

// A worker's scanner: reads a packet at most once, and only when it is asked. One a thread.
class PatternScanner {
 public:
  explicit PatternScanner(const PatternSet& set);
  ~PatternScanner();
  PatternScanner(const PatternScanner&) = delete;
  PatternScanner& operator=(const PatternScanner&) = delete;

  // The next found() reads its packet anew.
  void next_packet() { scanned_ = false; }
  // Whether pattern `number` occurs in its window of `packet`, the same bytes until next_packet(). Nothing: the scanner
  // could not run, and the caller has to search by itself.
  std::optional<bool> found(uint32_t number, Bytes packet);

 private:
  static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void* self);

  const PatternSet& set_;
  hs_scratch* scratch_ = nullptr;
  bool scanned_ = false;
  bool usable_ = false;
  std::vector<uint8_t> found_;  // by pattern number
  std::vector<uint32_t> hits_;  // numbers whose found_ is set; capacity for all
};

}  // namespace hookline::payload
