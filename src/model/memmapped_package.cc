#include "model/memmapped_package.h"

#include <optional>

#include "io/recipe.h"
#include "messages/attr_value.h"
#include "messages/node_def.h"
#include "tensor/shape.h"
#include "thaw/error.h"
#include "wire/message_writer.h"
#include "wire/walk.h"

namespace thaw::internal {

namespace {

constexpr Bytes kGraphRegion = "memmapped_package://.";
constexpr Bytes kRegionPrefix = "memmapped_package://";

using Directory = std::map<std::string, Range, std::less<>>;

// Regions without a length end where the directory begins, at the latest.
std::optional<Directory> read_directory(const Source& source) {
  if (source.size() < 16) return std::nullopt;
  std::uint64_t at = 0;
  source.read_at(source.size() - 8, std::as_writable_bytes(std::span(&at, 1)));
  if (at >= source.size() - 8 || source.size() - 8 - at > 1u << 30) return std::nullopt;
  Directory directory;
  Window window(source, {at, source.size() - 8 - at});
  Walk walk(window);
  for (Field field; walk.next(field);) {
    if (!field.is_bytes(1)) return std::nullopt;
    Range region;
    std::string name;
    bool has_length = false;
    Walk inner(window, field.payload);
    for (Field part; inner.next(part);) {
      if (part.is(1, WireType::varint)) region.at = part.scalar;
      if (part.is_bytes(2)) name = read_payload(window, part.payload, 1 << 16);
      if (part.is(3, WireType::varint)) region.size = part.scalar, has_length = true;
    }
    if (region.at > at || !name.starts_with(kRegionPrefix)) return std::nullopt;
    if (!has_length) region.size = at - region.at;
    if (region.size > at - region.at) return std::nullopt;
    directory[name] = region;
  }
  if (directory.find(kGraphRegion) == directory.end()) return std::nullopt;
  return directory;
}

// Const {dtype, value {dtype, shape, tensor_content}} in place of ImmutableConst.
Recipe as_const(const NodeDef& node, const SourcePtr& package, const Directory& directory) {
  const auto bytes_of = [&](Bytes key) {
    const NodeAttr* attr = node.find_attr(key);
    return attr == nullptr ? std::string() : attr->value.bytes();
  };
  const std::string dtype_attr = bytes_of("dtype"), shape_attr = bytes_of("shape"),
                    region_attr = bytes_of("memory_region_name");
  const std::optional<DType> dtype = attr_as_type(dtype_attr);
  const AttrView shape_view = view_attr(shape_attr);
  const Bytes region_name = attr_as_string(region_attr).value_or(Bytes());
  const auto region = directory.find(region_name);
  if (!dtype || shape_view.kind != AttrKind::shape || region == directory.end()) {
    throw Error(ErrorKind::malformed, "its region " + thaw::quoted(region_name) + " is not in the package",
                "dtype, shape and a region's name", "is the file complete?")
        .at("node " + thaw::quoted(node.name));
  }
  const Shape shape = decode_shape(shape_view.payload);
  const std::uint64_t size = Value(*dtype, shape, nullptr).byte_size();
  if (size > region->second.size) {
    throw Error(ErrorKind::malformed, "its region has " + std::to_string(region->second.size) + " bytes",
                std::string(name_of(*dtype)) + " " + shape.to_string() + " needs " + std::to_string(size))
        .at("node " + thaw::quoted(node.name));
  }
  std::string head;
  MessageWriter(head).integer(1, static_cast<std::int64_t>(*dtype)).bytes(2, shape_view.payload);
  if (size > 0) append_header(head, 4, size);
  std::string header;
  append_header(header, 8, head.size() + size);
  Recipe value(header + head);
  value.add(package, {region->second.at, size});

  NodeDef constant = node;
  constant.op = "Const";
  constant.attrs.clear();
  constant.set_attr("dtype", attr_of_type(*dtype));
  constant.set_attr("value", std::move(value));
  return encode_graph_node(constant);
}

bool is_immutable_const(Window& window, Range node) {
  Walk walk(window, node);
  for (Field field; walk.next(field);) {
    if (field.is_bytes(2))
      return field.payload.size == 14 && read_payload(window, field.payload, 14) == "ImmutableConst";
  }
  return false;
}

}  // namespace

bool is_memmapped_package(const Source& source) {
  try {
    return read_directory(source).has_value();
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::malformed) return false;
    throw;
  }
}

SourcePtr open_memmapped_graph(const SourcePtr& package) {
  const Directory directory = read_directory(*package).value();
  const Range graph = directory.find(kGraphRegion)->second;
  Recipe recipe;
  Window window(*package, graph);
  Walk walk(window);
  for (Field field; walk.next(field);) {
    const std::uint64_t end = field.end(window);
    if (field.is_bytes(1) && is_immutable_const(window, field.payload)) {
      const std::string message = read_payload(window, field.payload, 1 << 20);
      recipe.add(as_const(decode_node(message), package, directory));
    } else {
      recipe.add(package, {field.begin, end - field.begin});
    }
  }
  return std::move(recipe).as_source(package->name());
}

}  // namespace thaw::internal
