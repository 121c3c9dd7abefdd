// The table behind layer_weights.h: how the layers of tf_keras 2 and Keras 3 read their weights.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "names/constant_facts.h"
#include "thaw/source.h"

namespace thaw::internal {

// Keras 3 gives every scope one more `_k` than the layer's name has, and calls some weights differently.
enum class KerasFlavour : std::uint8_t { unknown, keras2, keras3 };

// One way to read one kind of weight. All conditions must hold.
struct WeightRow {
  Bytes read;  // path of the read below the layer; '#' ends a component that may have any `_k`, or none
  Bytes uses;  // "Op.slot" words: who takes the value
  int min_rank, max_rank;  // of the value
  Bytes role;
  Bytes beside = {};  // the layer has another weight of this role, or of one that ends in `_` and it
  Bytes word = {};    // the layer's name holds it
  KerasFlavour mark = KerasFlavour::unknown;  // which flavour alone reads in this way
  KerasFlavour only = KerasFlavour::unknown;  // the row is for graphs of this flavour
  bool fused_cell = false;                    // the layer reads for its cell
};

// The first row that fits counts.
std::span<const WeightRow> weight_rows();

// How many components at the end of `path` the row's read describes; nothing when it does not fit.
std::optional<std::size_t> fitting_tail(const WeightRow& row, const std::vector<std::string>& path);

// Whether rank and uses fit. The argument of a function is followed no further: its path and rank must do.
bool fits_value(const WeightRow& row, const ConstantFacts& facts);

}  // namespace thaw::internal
