// pipeline/flow_cache.h: the whole way of a packet over the forward path, remembered by its key.
//
// What the index says depends on nothing but a packet's Key (classify/key.h). Where all walks of a packet were of that kind
// (Outcome::by_key), every packet with the same key bumps the same rules and has the same fate; only the bytes that it adds
// are its own. So one look here stands for one walk at each table. Words that no Program asks about are left out of the key:
// the packets of a flow then share one entry.
//
// Buckets of two entries, replaced in turn. Traffic whose keys do not come back is found out by counting, and left alone for
// a while. One object a worker and generation, never shared; nothing here allocates after construction.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "classify/classify.h"
#include "classify/key.h"
#include "packet/packet.h"
#include "pipeline/counters.h"
#include "pipeline/program_set.h"

namespace hookline {

// The rules that a packet bumps, hook by hook, and where it ends.
struct Flow {
  static constexpr size_t kMaxSteps = 13;
  static constexpr uint8_t kPasses = 3;

  uint32_t hash;              // of its key; 0 and no way: an empty place
  uint32_t steps[kMaxSteps];  // rules, as Lane::number() counts them
  uint8_t ends[3];            // steps before this one are of PREROUTING; of that and FORWARD; of all three hooks
  uint8_t walks[3];           // tables walked, likewise
  uint8_t stop;               // hook (0..2) at which a rule ended the walk, or kPasses
  Fate fate;                  // kAccept where it passes
};
static_assert(sizeof(Flow) == 64);

class FlowCache {
 public:
  explicit FlowCache(const ProgramSet& programs);

  // What tells packets apart beside their keys: where they come from and go to, and their family. 0 where there are too many
  // such ways.
  uint32_t way(const InterfaceName& in, const InterfaceName& out, uint8_t mode, Family family);

  // Whether the next `packets` packets should be looked up.
  bool awake(size_t packets) {
    if (asleep_ == 0) return true;
    if (asleep_ != kForEver) asleep_ = asleep_ > packets ? asleep_ - packets : 0;
    return false;
  }
  // The part of a key that counts, with its hash.
  struct Question {
    Key key;
    uint32_t hash;
  };
  // Fills `question` for find() and learn(), and starts to fetch what they will look at.
  void prepare(const Key& key, uint32_t way, Question& question) const;
  // Null: not known.
  const Flow* find(const Question& question);
  void learn(const Question& question, const Flow& flow);

 private:
  static constexpr unsigned kBucketBits = 12;
  static constexpr uint64_t kWindow = 8192, kRest = 64 * kWindow, kForEver = UINT64_MAX;  // packets
  struct Entry {
    Key key;
    Flow flow;
  };
  struct Bucket {
    Entry entries[2];
  };
  struct Way {
    InterfaceName in, out;
    uint8_t mode;
    Family family;
  };
  [[nodiscard]] Bucket& bucket_of(uint32_t hash) const { return buckets_[hash >> (32 - kBucketBits)]; }

  Key mask_{};                         // all ones in the words that count
  std::unique_ptr<Bucket[]> buckets_;  // null where it never wakes
  std::array<Way, 126> ways_{};
  uint32_t way_count_ = 0;
  uint64_t looked_ = 0, found_ = 0;  // in this window
  uint64_t asleep_ = 0;              // packets that will not be looked up
  uint32_t turn_ = 0;                // which entry of a bucket is replaced next
};

}  // namespace hookline
