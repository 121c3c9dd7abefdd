// NameTable: finds things by name. It holds numbers only; the names stay with whoever numbered them. Open
// addressing, eight bytes a bucket: neighbours share a cache line, and the tag spares most looks at names.
#pragma once

#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "thaw/source.h"

namespace thaw::internal {

// Of names; eight bytes at a time, then spread over all bits as MurmurHash3 does.
inline std::uint64_t hash_of(Bytes text) {
  constexpr std::uint64_t kFactor = 0xFF51AFD7ED558CCD;
  std::uint64_t hash = text.size();
  const auto mix = [&](std::uint64_t word) {
    hash = (hash ^ word) * kFactor;
    hash ^= hash >> 29;
  };
  std::uint64_t word = 0;
  for (; text.size() >= sizeof word; text.remove_prefix(sizeof word)) {
    std::memcpy(&word, text.data(), sizeof word);
    mix(word);
  }
  word = 0;
  std::memcpy(&word, text.data(), text.size());
  mix(word);
  hash = (hash ^ hash >> 33) * 0xC4CEB9FE1A85EC53;
  return hash ^ hash >> 33;
}

class NameTable {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  // Makes room for `count` names.
  void reserve(std::size_t count) {
    if (const std::size_t wanted = count + count / 2 + 4; wanted > buckets_.size()) rebuild(wanted);
  }

  // The number of the name with this hash; kNone when it was not added. `name_of` gives a number's name.
  template <typename NameOf>
  std::uint32_t find(Bytes name, std::uint64_t hash, const NameOf& name_of) const {
    if (buckets_.empty()) return kNone;
    const std::uint32_t tag = tag_of(hash);
    for (std::size_t at = place_of(tag);; at = next(at)) {
      const Bucket& bucket = buckets_[at];
      if (bucket.number == kNone || (bucket.tag == tag && name_of(bucket.number) == name))
        return bucket.number;
    }
  }

  // A name that is not in the table.
  void add(std::uint64_t hash, std::uint32_t number) {
    if (4 * ++count_ > 3 * buckets_.size()) rebuild(2 * count_ + 4);
    put({tag_of(hash), number});
  }

 private:
  struct Bucket {
    std::uint32_t tag = 0;  // the upper half of the hash
    std::uint32_t number = kNone;
  };

  static std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }
  std::size_t place_of(std::uint32_t tag) const {
    return static_cast<std::size_t>(std::uint64_t{tag} * buckets_.size() >> 32);
  }
  std::size_t next(std::size_t at) const { return at + 1 == buckets_.size() ? 0 : at + 1; }

  void put(const Bucket& bucket) {
    std::size_t at = place_of(bucket.tag);
    while (buckets_[at].number != kNone) at = next(at);
    buckets_[at] = bucket;
  }

  void rebuild(std::size_t size) {
    const std::vector<Bucket> old = std::exchange(buckets_, std::vector<Bucket>(size));
    for (const Bucket& bucket : old) {
      if (bucket.number != kNone) put(bucket);
    }
  }

  std::vector<Bucket> buckets_;
  std::size_t count_ = 0;
};

}  // namespace thaw::internal
