// A frozen graph of any size whose weights are made when they are read: what a file above 2 GiB looks like
// from inside.
#pragma once

#include <algorithm>
#include <map>
#include <string>

#include "support/graph_text.h"
#include "thaw/error.h"

namespace thaw::internal {

// Byte `at` of the weight that begins at `begin` is a mixture of its place in the weight.
inline char endless_byte(std::uint64_t at) {
  return static_cast<char>((at * 0x9E3779B97F4A7C15u) >> 56 & 0x3F);
}

class EndlessModel final : public Source {
 public:
  // x -> MatMul w0 -> MatMul w1 ..., each weight of `rows` x `columns` floats.
  EndlessModel(int layers, std::int64_t rows, std::int64_t columns) {
    text("x = Placeholder f32[?,?]\n");
    std::string last = "x";
    for (int i = 0; i < layers; ++i) {
      const std::string name = "w" + std::to_string(i), next = "y" + std::to_string(i);
      weight(name, rows, columns);
      text(name + "/read = Identity:f32 " + name + "\n" + next + " = MatMul:f32 " + last + " " + name +
           "/read\n");
      last = next;
    }
  }

  std::string name() const override { return "endless"; }
  std::uint64_t size() const override { return size_; }

  void read_at(std::uint64_t at, std::span<std::byte> into) const override {
    if (at > size_ || into.size() > size_ - at)
      throw Error(ErrorKind::bug, "a read past the end of a source");
    bytes_read_ += into.size();
    auto piece = std::prev(pieces_.upper_bound(at));
    while (!into.empty()) {
      const auto& [begin, content] = *piece++;
      const std::uint64_t end = piece == pieces_.end() ? size_ : piece->first;
      const auto now = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), end - at));
      for (std::size_t i = 0; i < now; ++i) {
        into[i] =
            static_cast<std::byte>(content.empty() ? endless_byte(at - begin + i) : content[at - begin + i]);
      }
      at += now;
      into = into.subspan(now);
    }
  }

  // How much was asked for until now.
  std::uint64_t bytes_read() const { return bytes_read_; }

 private:
  void text(const std::string& lines) { add(graph_text::graph_bytes(lines)); }

  void add(std::string bytes) {
    const std::uint64_t at = size_;
    size_ += bytes.size();
    pieces_.emplace(at, std::move(bytes));
  }

  void weight(const std::string& name, std::int64_t rows, std::int64_t columns) {
    const std::uint64_t size = static_cast<std::uint64_t>(rows) * static_cast<std::uint64_t>(columns) * 4;
    Recipe value;
    std::string tensor;
    MessageWriter(tensor).integer(1, 1).bytes(2, encode_shape(Shape({rows, columns})));
    append_header(tensor, 4, size);
    std::string header;
    append_header(header, 8, tensor.size() + size);
    value.add(header + tensor);
    std::string head;
    value.add(size, [](const Sink&) {});
    NodeDef node;
    node.name = name;
    node.op = "Const";
    node.set_attr("dtype", attr_of_type(DType::float32));
    node.set_attr("value", value);
    // Everything before the elements, which come last.
    Recipe field = encode_graph_node(node);
    const std::uint64_t whole = field.size();
    try {
      field.pour([&](Bytes bytes) { head.append(bytes); });
    } catch (const Error&) {
      // the producer has nothing to give: what stands before it is what is wanted
    }
    head.resize(static_cast<std::size_t>(whole - size));
    add(std::move(head));
    pieces_.emplace(size_, std::string());
    size_ += size;
  }

  std::map<std::uint64_t, std::string> pieces_;  // by their first byte; empty: elements
  std::uint64_t size_ = 0;
  mutable std::uint64_t bytes_read_ = 0;
};

}  // namespace thaw::internal
