#include "passes/scoped_nodes.h"

#include "messages/attr_value.h"
#include "passes/node_templates.h"
#include "tensor/number_element.h"

namespace thaw::internal {

namespace {

std::string little_endian(std::uint64_t bits, int size) {
  std::string bytes;
  for (int shift = 0; shift < 8 * size; shift += 8) bytes += static_cast<char>(bits >> shift);
  return bytes;
}

}  // namespace

std::string ScopedNodes::write(const std::string& name, Bytes op, std::vector<std::string> inputs,
                               Attrs attrs) {
  NodeDef node = make_node(name, op, std::move(inputs));
  for (auto& [key, value] : attrs) node.set_attr(key, std::move(value));
  node.device = device_;
  return write(std::move(node));
}

std::string ScopedNodes::write(NodeDef node) {
  node.name = draft_.unique_name(scope_.empty() ? node.name : scope_ + "/" + node.name);
  std::string name = node.name;
  draft_.add(std::move(node), kNoNode, {rule_, name, what_});
  return name;
}

std::string ScopedNodes::select(const std::string& name, DType dtype, const std::string& condition,
                                const std::string& when_true, const std::string& when_false) {
  return write(name, "Select", {condition, when_true, when_false}, {{"T", attr_of_type(dtype)}});
}

std::string ScopedNodes::cast(const std::string& name, const std::string& tensor, DType from, DType to) {
  if (from == to) return tensor;
  return write(name, "Cast", {tensor}, {{"DstT", attr_of_type(to)}, {"SrcT", attr_of_type(from)}});
}

std::string ScopedNodes::reshape(const std::string& name, const std::string& tensor, DType dtype,
                                 const Shape& shape) {
  const std::string dims = integers(name + "/shape", shape.dims());
  return write(name, "Reshape", {tensor, dims},
               {{"T", attr_of_type(dtype)}, {"Tshape", attr_of_type(DType::int32)}});
}

std::string ScopedNodes::integers(const std::string& name, const std::vector<std::int64_t>& numbers) {
  std::string bytes;
  for (const std::int64_t number : numbers) bytes += little_endian(static_cast<std::uint64_t>(number), 4);
  const Shape shape({static_cast<std::int64_t>(numbers.size())});
  return write(make_constant(name, Value::from_bytes(DType::int32, shape, std::move(bytes))));
}

std::string ScopedNodes::integer(const std::string& name, std::int32_t number) {
  return write(
      make_fill_constant(name, DType::int32, Shape(), little_endian(static_cast<std::uint32_t>(number), 4)));
}

std::string ScopedNodes::real(const std::string& name, DType dtype, double number) {
  const DType written = dtype == DType::float64 ? dtype : DType::float32;
  const std::string element = number_element(written, number).value();
  const std::string constant = write(make_fill_constant(name, written, Shape(), element));
  return cast(name + "/cast", constant, written, dtype);
}

}  // namespace thaw::internal
