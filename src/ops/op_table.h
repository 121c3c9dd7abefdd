// What TensorFlow declares about each of its ops: argument names and types, statefulness, whether it has a
// gradient. Generated from TensorFlow's registries by tools/make_op_table.py; costs nothing at start-up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace thaw::internal {

enum class Gradient : std::uint8_t {
  none,                // tf.gradients raises LookupError when it meets the op
  registered,          // a gradient function
  not_differentiable,  // tf.gradients stops here: registered as such, or a function that answers None
                       // throughout
};

// One argument of an op (core/framework/op_def.proto, ArgDef). Types are numbers of tensorflow.DataType.
struct ArgInfo {
  std::string_view name;
  std::int32_t type = 0;            // the fixed type, or 0: see type_attr or type_list_attr
  std::int32_t default_type = 0;    // the type when a node omits type_attr, or 0
  bool is_ref = false;              // a reference: only variables and what passes them on may feed it
  std::string_view type_attr;       // attribute that holds the type
  std::string_view number_attr;     // attribute that holds how many tensors of that type there are
  std::string_view type_list_attr;  // attribute that holds the types of so many tensors

  // Stands for one tensor, always: neither a count nor a list of types.
  bool is_single() const { return number_attr.empty() && type_list_attr.empty(); }
};

// Arguments in order. Elements are made when asked for, by value.
class ArgList {
 public:
  class iterator {
   public:
    explicit iterator(std::uint16_t row) : row_(row) {}
    ArgInfo operator*() const;
    iterator& operator++() {
      ++row_;
      return *this;
    }
    bool operator==(const iterator&) const = default;

   private:
    std::uint16_t row_;
  };

  constexpr ArgList(std::uint16_t first, std::uint8_t count) : first_(first), count_(count) {}
  std::size_t size() const { return count_; }
  bool empty() const { return count_ == 0; }
  ArgInfo operator[](std::size_t index) const {
    return *iterator(static_cast<std::uint16_t>(first_ + index));
  }
  iterator begin() const { return iterator(first_); }
  iterator end() const { return iterator(static_cast<std::uint16_t>(first_ + count_)); }
  // Every argument stands for one tensor: the op has `size()` inputs or outputs whatever a node's attributes
  // say.
  bool all_single() const;

 private:
  std::uint16_t first_;
  std::uint8_t count_;
};

struct OpInfo {
  ArgList inputs, outputs;
  Gradient gradient;
  bool stateful;
  bool retired;  // TensorFlow has dropped it: the signature is known, the op cannot run

  std::string_view name() const;
  // Its place in the table, which is sorted by name.
  std::size_t number() const;
};

// The op of that name, or nullptr for custom ops and functions. Points into the table.
const OpInfo* find_op(std::string_view op);

// The TensorFlow that the table was read from: "2.21.0".
std::string_view op_table_version();

}  // namespace thaw::internal
