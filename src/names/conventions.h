// What a variable's name says about its part: the conventions of tf.layers, Keras, slim, the RNN cells and
// the optimisers. A hint only; structure outweighs it.
#pragma once

#include <cstdint>
#include <span>

#include "thaw/source.h"

namespace thaw::internal {

enum class NameHint : std::uint8_t {
  none,
  weight,     // trained
  statistic,  // followed while training, such as the moving mean of a batch normalisation
  state,      // counters, slots of optimisers, ranges of quantisation
};

struct Convention {
  NameHint hint = NameHint::none;
  Bytes role = {};  // "kernel" for every spelling of a kernel; empty when nothing is known
};

// By the last components, without the `_k` that makes names unique and without `part_k` of partitioned
// variables. `shape` is looked at for names that are state only as vectors; nothing is known about it when it
// is empty.
Convention convention_of(Bytes variable_name, std::span<const std::int64_t> shape = {});

NameHint hint_of(Bytes variable_name, std::span<const std::int64_t> shape = {});

}  // namespace thaw::internal
