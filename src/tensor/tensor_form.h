// TensorForm: which of TensorProto's encodings a value is written in (tensor/tensor_proto.h lists them).
#pragma once

#include "io/recipe.h"
#include "thaw/tensor.h"

namespace thaw::internal {

struct TensorForm {
  enum class Kind : std::uint8_t {
    usual,    // as make_tensor_proto of TensorFlow 2.21 writes it (python/framework/tensor_util.py)
    content,  // tensor_content
    list,     // the dtype's list
  };
  Kind kind = Kind::usual;
  // Of a list: so many elements, the last of them standing for the rest too; 0: zeros, not written. Of a
  // value that is not like that all elements are written.
  std::uint64_t items = 0;
};

// Whether the usual form of so many numbers is tensor_content.
bool is_usually_content(DType dtype, std::int64_t count);

// A TensorProto; the elements are read from the value when it is poured. Varint lists are read once before,
// for their size. Strings are always a list, and in memory.
Recipe encode_tensor(const Value& value, const TensorForm& form = {});

}  // namespace thaw::internal
