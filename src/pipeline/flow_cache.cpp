#include "pipeline/flow_cache.h"

#include <rte_hash_crc.h>

#include <cstring>

namespace hookline {
namespace {

constexpr auto kInterfaces = static_cast<unsigned>(Dimension::kInterfaces);
constexpr auto kInterfaceBits = static_cast<unsigned>(Dimension::kInterfaceBits);

constexpr unsigned kKeyWords = sizeof(Key) / sizeof(uint64_t);

bool same(const Key& a, const Key& b) {
  uint64_t x[kKeyWords], y[kKeyWords], differs = 0;
  std::memcpy(x, a.word, sizeof x);
  std::memcpy(y, b.word, sizeof y);
  for (unsigned i = 0; i < kKeyWords; ++i) differs |= x[i] ^ y[i];
  return differs == 0;
}

}  // namespace

FlowCache::FlowCache(const ProgramSet& programs) {
  if (programs.programs().empty()) {  // nothing to be saved
    asleep_ = kForEver;
    return;
  }
  buckets_ = std::make_unique<Bucket[]>(size_t{1} << kBucketBits);
  uint32_t words = 0;
  for (const NamedProgram& named : programs.programs()) words |= words_asked(*named.program);
  for (unsigned i = 0; i < kDimensionCount; ++i) mask_.word[i] = (words >> i & 1) != 0 ? UINT32_MAX : 0;
  // Devices are told by the way; these two words mean something else in every Program.
  mask_.word[kInterfaces] = mask_.word[kInterfaceBits] = 0;
}

uint32_t FlowCache::way(const InterfaceName& in, const InterfaceName& out, uint8_t mode, Family family) {
  for (uint32_t i = 0; i < way_count_; ++i)
    if (ways_[i].in == in && ways_[i].out == out && ways_[i].mode == mode && ways_[i].family == family) return i + 1;
  if (way_count_ == ways_.size()) return 0;
  ways_[way_count_] = {in, out, mode, family};
  return ++way_count_;
}

// Two chains of CRC-32C, so that one does not wait for the other.
void FlowCache::prepare(const Key& key, uint32_t way, Question& question) const {
  uint64_t words[kKeyWords], masks[kKeyWords];
  std::memcpy(words, key.word, sizeof words);
  std::memcpy(masks, mask_.word, sizeof masks);
  for (unsigned i = 0; i < kKeyWords; ++i) words[i] &= masks[i];
  words[kInterfaces / 2] |= uint64_t{way} << kInterfaces % 2 * 32;
  std::memcpy(question.key.word, words, sizeof words);
  uint32_t first = 0, second = 0x9e3779b9;
  for (unsigned i = 0; i < kKeyWords; i += 2) {
    first = rte_hash_crc_8byte(words[i], first);
    second = rte_hash_crc_8byte(words[i + 1], second);
  }
  question.hash = first ^ (second << 15 | second >> 17);
  const Bucket& bucket = bucket_of(question.hash);
  for (const Entry& entry : bucket.entries) {
    __builtin_prefetch(&entry.key);
    __builtin_prefetch(&entry.flow);
  }
}

const Flow* FlowCache::find(const Question& question) {
  const Bucket& bucket = bucket_of(question.hash);
  const Entry& entry = bucket.entries[bucket.entries[1].flow.hash == question.hash ? 1 : 0];
  const bool found = same(entry.key, question.key);
  found_ += found ? 1 : 0;
  if (++looked_ == kWindow) {
    if (found_ < kWindow / 2) asleep_ = kRest;
    looked_ = found_ = 0;
  }
  return found ? &entry.flow : nullptr;
}

void FlowCache::learn(const Question& question, const Flow& flow) {
  Entry& entry = bucket_of(question.hash).entries[turn_++ & 1];
  entry.key = question.key;
  entry.flow = flow;
  entry.flow.hash = question.hash;
}

}  // namespace hookline
