#include "tensor/list_body.h"

#include <algorithm>
#include <cstring>

#include "thaw/error.h"

namespace thaw::internal {

bool ListItems::next_packed(std::uint64_t& item) {
  if (window_.at() == packed_end_) return in_packed_ = false;
  if (row_.item == ListItem::varint) {
    item = read_varint(window_, packed_end_);
    return true;
  }
  const std::size_t width = row_.item == ListItem::fixed32 ? 4 : row_.item == ListItem::fixed64 ? 8 : 1;
  if (packed_end_ - window_.at() < width) {
    throw Error(ErrorKind::malformed,
                "a packed list ends within an item at byte " + std::to_string(window_.at()),
                "a multiple of " + std::to_string(width) + " bytes");
  }
  item = 0;
  std::memcpy(&item, window_.peek(width).data(), width);
  window_.advance(width);
  return true;
}

bool ListItems::next(std::uint64_t& item) {
  if (in_packed_ && next_packed(item)) return true;
  for (Field field; outer_.next(field);) {
    if (field.number != row_.list_field) continue;
    if (field.type == WireType::length_delimited) {
      packed_end_ = field.payload.at + field.payload.size;
      in_packed_ = true;
      if (next_packed(item)) return true;
      continue;
    }
    const bool fits = (row_.item == ListItem::varint && field.type == WireType::varint) ||
                      (row_.item == ListItem::fixed32 && field.type == WireType::fixed32) ||
                      (row_.item == ListItem::fixed64 && field.type == WireType::fixed64);
    if (!fits) continue;  // protobuf takes a field of another wire type for an unknown one
    item = field.scalar;
    return true;
  }
  return false;
}

namespace {

// Decodes items to elements and repeats the last element once the list is used up.
class ListStream final : public ByteStream {
 public:
  ListStream(SourcePtr source, Range message, const DTypeRow& row, std::uint64_t listed)
      : source_(std::move(source)),
        row_(row),
        items_(Window(*source_, message), row),
        left_(listed),
        used_(row.size) {}

  void read(std::span<std::byte> into) override {
    for (std::size_t done = 0; done < into.size();) {
      if (used_ == row_.size) next_element();
      const std::size_t now = std::min<std::size_t>(row_.size - used_, into.size() - done);
      std::memcpy(into.data() + done, element_ + used_, now);
      used_ += now;
      done += now;
    }
  }

 private:
  void next_element() {
    used_ = 0;
    if (left_ == 0) return;
    --left_;
    const std::size_t width = row_.size / row_.items;
    for (std::size_t i = 0; i < row_.items; ++i) {
      std::uint64_t item = 0;
      if (!items_.next(item))
        throw Error(ErrorKind::input_io, "a list of elements became shorter while it was read");
      if (row_.dtype == DType::boolean) item = item != 0;
      std::memcpy(element_ + i * width, &item, width);
    }
  }

  SourcePtr source_;
  const DTypeRow& row_;
  ListItems items_;
  std::uint64_t left_;
  char element_[16] = {};
  std::size_t used_;  // bytes of `element_` that were handed out
};

class ListBody final : public ValueBody {
 public:
  ListBody(SourcePtr source, Range message, const DTypeRow& row, std::uint64_t listed)
      : source_(std::move(source)), message_(message), row_(row), listed_(listed) {}
  bool seekable() const override { return false; }

  std::unique_ptr<ByteStream> open(std::uint64_t at) const override {
    auto stream = std::make_unique<ListStream>(source_, message_, row_, listed_);
    std::byte skipped[4096];
    for (std::uint64_t left = at; left > 0;) {
      const std::size_t now = static_cast<std::size_t>(std::min<std::uint64_t>(left, sizeof skipped));
      stream->read(std::span(skipped, now));
      left -= now;
    }
    return stream;
  }

 private:
  SourcePtr source_;
  Range message_;
  const DTypeRow& row_;
  std::uint64_t listed_;
};

class StringListBody final : public ValueBody {
 public:
  StringListBody(SourcePtr source, Range message, std::uint64_t count)
      : source_(std::move(source)), message_(message), count_(count) {}
  bool seekable() const override { return false; }
  std::unique_ptr<ByteStream> open(std::uint64_t) const override {
    throw Error(ErrorKind::bug, "a string tensor was read as bytes");
  }

  void for_each_string(const std::function<void(Bytes)>& sink) const override {
    Window window(*source_, message_);
    Walk walk(window);
    std::string element;
    std::uint64_t given = 0;
    for (Field field; given < count_ && walk.next(field);) {
      if (!field.is_bytes(8)) continue;
      element = read_payload(window, field.payload, message_.size);
      sink(element);
      ++given;
    }
    for (; given < count_; ++given) sink(element);
  }

 private:
  SourcePtr source_;
  Range message_;
  std::uint64_t count_;
};

}  // namespace

std::shared_ptr<const ValueBody> make_list_body(SourcePtr source, Range message, const DTypeRow& row,
                                                std::uint64_t listed) {
  return std::make_shared<ListBody>(std::move(source), message, row, listed);
}

std::shared_ptr<const ValueBody> make_string_list_body(SourcePtr source, Range message, std::uint64_t count) {
  return std::make_shared<StringListBody>(std::move(source), message, count);
}

}  // namespace thaw::internal
