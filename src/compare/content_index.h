// Values by their content: which of them holds the same bits?
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "thaw/tensor.h"

namespace thaw::internal {

// Over values that outlive it; of each only the first 4 KiB are read before a candidate is compared. Values
// that cannot be read are like no other.
class ContentIndex {
 public:
  // Numbers the value, from 0 on; null takes a number and is never found. Nothing may be added after the
  // first search.
  void add(const Value* value) { values_.push_back(value); }

  // The first for which `wanted` holds and that has the type, shape and bits of `value`.
  template <typename Wanted>
  std::optional<std::size_t> find(const Value& value, const Wanted& wanted) {
    for (const std::size_t i : alike(value)) {
      if (wanted(i) && same(value, i)) return i;
    }
    return std::nullopt;
  }

 private:
  using Mark = std::tuple<DType, std::vector<std::int64_t>, std::string>;  // type, shape, first bytes

  static std::optional<Mark> mark_of(const Value& value);
  const std::vector<std::size_t>& alike(const Value& value);
  bool same(const Value& value, std::size_t i) const;

  std::vector<const Value*> values_;
  std::optional<std::map<Mark, std::vector<std::size_t>>> marks_;
};

// Whether all elements are one and the same: such a value tells nothing about where it is from.
bool is_one_element_repeated(const Value& value);

}  // namespace thaw::internal
