// ListBody: the elements of a TensorProto's repeated field, decoded while they are read.
#pragma once

#include "tensor/dtype.h"
#include "wire/walk.h"

namespace thaw::internal {

// Items of one repeated field, in order, packed or not. One pass; throws malformed.
class ListItems {
 public:
  // Either bytes in memory or a range of a source, which the caller keeps alive.
  ListItems(Window window, const DTypeRow& row) : window_(std::move(window)), outer_(window_), row_(row) {}
  ListItems(const ListItems&) = delete;
  ListItems& operator=(const ListItems&) = delete;

  // The next item's number or bit pattern; false at the end.
  bool next(std::uint64_t& item);

 private:
  bool next_packed(std::uint64_t& item);

  Window window_;
  Walk outer_;
  const DTypeRow& row_;
  std::uint64_t packed_end_ = 0;
  bool in_packed_ = false;
};

// `message` is a whole TensorProto. `listed` items were counted before.
std::shared_ptr<const ValueBody> make_list_body(SourcePtr source, Range message, const DTypeRow& row,
                                                std::uint64_t listed);
// The string_val items of a TensorProto, the last repeated up to `count`.
std::shared_ptr<const ValueBody> make_string_list_body(SourcePtr source, Range message, std::uint64_t count);

}  // namespace thaw::internal
