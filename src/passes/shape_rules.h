// How the shapes of a node's outputs follow from its inputs: one rule for each kind of operation, found by
// name. Rules say what TensorFlow's shape functions say (core/ops/*.cc, core/framework/common_shape_fns.cc),
// or less: a rule that is not sure answers unknown. Where shapes contradict each other, a rule throws (see
// `clash`); only what TensorFlow refuses when it imports or runs the node may be a clash.
#pragma once

#include <span>
#include <string_view>

#include "passes/shape_query.h"

namespace thaw::internal {

using ShapeRule = void (*)(ShapeQuery&);

struct ShapeRow {
  std::string_view op;
  ShapeRule rule;
};

// nullptr: nothing is known of the outputs.
ShapeRule find_shape_rule(std::string_view op);
// Gives the elements of small integer outputs, once their shapes are given.
ShapeRule find_number_rule(std::string_view op);

// The tables by subject.
std::span<const ShapeRow> source_shape_rows();       // constants, placeholders, variables, random numbers
std::span<const ShapeRow> elementwise_shape_rows();  // element by element, and what passes tensors on
std::span<const ShapeRow> reduction_shape_rows();    // axes that go away
std::span<const ShapeRow> array_shape_rows();        // the same elements in another form
std::span<const ShapeRow> join_shape_rows();         // several tensors from one and one from several
std::span<const ShapeRow> slice_shape_rows();        // some of the elements
std::span<const ShapeRow> product_shape_rows();      // matrices
std::span<const ShapeRow> window_shape_rows();       // convolutions and pools
std::span<const ShapeRow> image_shape_rows();        // sizes of images, blocks, sound
std::span<const ShapeRow> layer_shape_rows();        // normalisation, recurrent cells, TensorArrays
std::span<const ShapeRow> number_rows();

}  // namespace thaw::internal
