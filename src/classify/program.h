// classify/program.h: a Program (one flat region without pointers), the check that makes it trustworthy, and what a
// worker needs to run it. The layout is in classify/format.h, bit by bit.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "packet/hooks.h"
#include "packet/outcome.h"
#include "packet/packet.h"
#include "world/world.h"

namespace hookline {

// Owns a region, 64-byte aligned. Not yet trusted.
class Program {
 public:
  static Program copy_of(Bytes region);
  Program(Program&&) noexcept;
  Program& operator=(Program&&) noexcept;
  ~Program();
  [[nodiscard]] Bytes bytes() const { return {data_, size_}; }
  [[nodiscard]] uint8_t* data() { return data_; }

 private:
  Program(uint8_t* data, size_t size) : data_(data), size_(size) {}
  uint8_t* data_ = nullptr;
  size_t size_ = 0;
};

// Accepts a region only if no look-up in it can read out of bounds or run for ever, whatever the packet.
Result<void> verify_program(Bytes region);

// A verified region with its string patterns ready to scan. Immutable, shared by all workers.
class LoadedProgram {
 public:
  static Result<std::shared_ptr<const LoadedProgram>> load(Program program);
  ~LoadedProgram();
  LoadedProgram(const LoadedProgram&) = delete;
  LoadedProgram& operator=(const LoadedProgram&) = delete;

  [[nodiscard]] Bytes bytes() const;
  [[nodiscard]] Family family() const;
  [[nodiscard]] std::string_view table() const;
  [[nodiscard]] uint32_t rule_count() const;  // RuleIds are below this
  [[nodiscard]] bool has_hook(Hook hook) const;
  // Some match asks for Packet::time_ns.
  [[nodiscard]] bool timed() const;
  // Something that remembers packets, and the hooks (bits) at which a rule may ask it.
  struct Memory {
    std::string object;  // the name of what rules share (MatchType::shared); empty: one rule's own
    uint32_t hooks;
  };
  [[nodiscard]] std::vector<Memory> memories() const;

  struct Internals;
  [[nodiscard]] const Internals& internals() const { return *internals_; }

 private:
  explicit LoadedProgram(std::unique_ptr<Internals> internals);
  std::unique_ptr<Internals> internals_;
};

// Which words of a Key the index of any hook compares: bit w for word w.
uint32_t words_asked(const LoadedProgram& program);

// A worker's private memory for one LoadedProgram: bumps, cursors, the pattern scanner's scratch, and what the rules'
// matches and targets remember, which begins anew with each Scratch and, where rules share it, with each World. One a
// thread.
class Scratch {
 public:
  // Programs of several tables that packets pass one after the other share a World.
  explicit Scratch(const LoadedProgram& program, std::shared_ptr<World> world = std::make_shared<World>());
  Scratch(Scratch&&) noexcept;
  Scratch& operator=(Scratch&&) noexcept;
  ~Scratch();

  // What the last burst bumped, all of its outcomes together: for whoever only counts. Valid as long as they are.
  [[nodiscard]] std::span<const Bump> bumps() const;

  struct Internals;
  [[nodiscard]] Internals& internals() { return *internals_; }

 private:
  std::unique_ptr<Internals> internals_;
};

}  // namespace hookline
