#include "messages/attr_value.h"

#include "wire/message_reader.h"
#include "wire/message_writer.h"
#include "wire/walk.h"

namespace thaw::internal {

namespace {

constexpr std::uint32_t number_of(AttrKind kind) { return static_cast<std::uint32_t>(kind); }

constexpr bool holds_message(AttrKind kind) {
  return kind == AttrKind::list || kind == AttrKind::shape || kind == AttrKind::tensor ||
         kind == AttrKind::func;
}

template <typename Take>
void for_each_scalar(Bytes list, std::uint32_t number, const Take& take) {
  Window window(list);
  Walk walk(window);
  for (Field field; walk.next(field);) {
    if (field.is(number, WireType::varint)) take(field.scalar);
    if (!field.is_bytes(number)) continue;
    const std::uint64_t end = field.payload.at + field.payload.size;
    while (window.at() < end) take(read_varint(window, end));
  }
}

// ListValue numbers its items as AttrValue does, but for functions.
AttrKind kind_in_list(std::uint32_t number) {
  constexpr std::uint32_t kFunctions = 9;
  return number == kFunctions ? AttrKind::func : static_cast<AttrKind>(number);
}

bool take_packed(AttrKind kind, Bytes numbers, const std::function<bool(const AttrView&)>& take) {
  Window packed(numbers);
  bool more = true;
  while (more && packed.left() > 0) {
    AttrView item{kind, 0, {}};
    if (kind != AttrKind::f) {
      item.scalar = read_varint(packed, packed.end());
    } else {
      packed.copy(sizeof(float), reinterpret_cast<char*>(&item.scalar));
    }
    more = take(item);
  }
  return more;
}

// Of a list, which protobuf puts together, as all in it is repeated; none when the value is another.
std::vector<Bytes> list_parts(Bytes attr_value) {
  std::vector<Bytes> parts;
  MessageReader reader(attr_value);
  for (FieldView field; reader.next(field);) {
    if (field.number > number_of(AttrKind::func)) continue;
    if (field.is_bytes(number_of(AttrKind::list))) {
      parts.push_back(field.payload);
    } else {
      parts.clear();
    }
  }
  return parts;
}

std::string of_bytes(AttrKind kind, Bytes payload) {
  std::string out;
  MessageWriter(out).bytes(number_of(kind), payload);
  return out;
}

std::string of_varint(AttrKind kind, std::uint64_t value) {
  std::string out;
  MessageWriter(out).varint(number_of(kind), value);
  return out;
}

}  // namespace

AttrView view_attr(Bytes attr_value) {
  AttrView view;
  MessageReader reader(attr_value);
  for (FieldView field; reader.next(field);) {
    if (field.number > number_of(AttrKind::func)) continue;
    // Of the members of a oneof the last counts; of one message in two parts all would.
    if (field.number == number_of(view.kind) && holds_message(view.kind)) fail_two_parts("an attribute");
    view.kind = static_cast<AttrKind>(field.number);
    view.scalar = field.scalar;
    view.payload = field.type == WireType::length_delimited ? field.payload : Bytes();
  }
  return view;
}

void for_each_item(Bytes list, const std::function<bool(const AttrView&)>& take) {
  MessageReader reader(list);
  bool more = true;
  for (FieldView field; more && reader.next(field);) {
    const AttrKind kind = kind_in_list(field.number);
    const bool is_number =
        kind == AttrKind::i || kind == AttrKind::f || kind == AttrKind::b || kind == AttrKind::type;
    if (is_number && field.type == WireType::length_delimited) {
      more = take_packed(kind, field.payload, take);
    } else {
      more = take({kind, field.scalar, field.payload});
    }
  }
}

std::optional<DType> attr_as_type(Bytes attr_value) {
  const AttrView view = view_attr(attr_value);
  if (view.kind != AttrKind::type) return std::nullopt;
  return dtype_of_number(static_cast<std::int64_t>(view.scalar));
}

std::optional<std::int64_t> attr_as_int(Bytes attr_value) {
  const AttrView view = view_attr(attr_value);
  if (view.kind != AttrKind::i) return std::nullopt;
  return static_cast<std::int64_t>(view.scalar);
}

std::optional<bool> attr_as_bool(Bytes attr_value) {
  const AttrView view = view_attr(attr_value);
  if (view.kind != AttrKind::b) return std::nullopt;
  return view.scalar != 0;
}

std::optional<Bytes> attr_as_string(Bytes attr_value) {
  const AttrView view = view_attr(attr_value);
  if (view.kind != AttrKind::s) return std::nullopt;
  return view.payload;
}

std::optional<Bytes> function_name(Bytes name_attr_list) {
  MessageReader reader(name_attr_list);
  for (FieldView field; reader.next(field);) {
    if (field.is_bytes(1)) return field.payload;
  }
  return std::nullopt;
}

std::optional<Bytes> attr_as_function(Bytes attr_value) {
  const AttrView view = view_attr(attr_value);
  if (view.kind != AttrKind::func) return std::nullopt;
  return function_name(view.payload).value_or(Bytes());
}

std::vector<Bytes> attr_as_strings(Bytes attr_value) {
  std::vector<Bytes> texts;
  for (const Bytes list : list_parts(attr_value)) {
    MessageReader reader(list);
    for (FieldView field; reader.next(field);) {
      if (field.is_bytes(2)) texts.push_back(field.payload);
    }
  }
  return texts;
}

std::vector<std::int64_t> attr_as_ints(Bytes attr_value) {
  std::vector<std::int64_t> numbers;
  for (const Bytes list : list_parts(attr_value))
    for_each_scalar(list, 3, [&](std::uint64_t item) { numbers.push_back(static_cast<std::int64_t>(item)); });
  return numbers;
}

std::vector<DType> attr_as_types(Bytes attr_value) {
  std::vector<DType> dtypes;
  const auto take = [&](std::uint64_t item) {
    dtypes.push_back(dtype_of_number(static_cast<std::int64_t>(item)).value_or(DType::invalid));
  };
  for (const Bytes list : list_parts(attr_value)) for_each_scalar(list, 6, take);
  return dtypes;
}

std::string attr_of_type(DType dtype) { return of_varint(AttrKind::type, static_cast<std::uint64_t>(dtype)); }
std::string attr_of_string(Bytes text) { return of_bytes(AttrKind::s, text); }
std::string attr_of_bool(bool value) { return of_varint(AttrKind::b, value ? 1 : 0); }
std::string attr_of_int(std::int64_t value) {
  return of_varint(AttrKind::i, static_cast<std::uint64_t>(value));
}
std::string attr_of_shape(Bytes encoded_shape) { return of_bytes(AttrKind::shape, encoded_shape); }
std::string attr_of_tensor(Bytes encoded_tensor) { return of_bytes(AttrKind::tensor, encoded_tensor); }

std::string attr_of_function(Bytes name) {
  std::string function;
  MessageWriter(function).bytes(1, name);
  return of_bytes(AttrKind::func, function);
}

std::string attr_of_strings(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) MessageWriter(list).bytes(2, text);
  return of_bytes(AttrKind::list, list);
}

std::string attr_of_types(const std::vector<DType>& dtypes) {
  return of_bytes(AttrKind::list, types_in_list(dtypes));
}

std::string types_in_list(const std::vector<DType>& dtypes) {
  std::string packed, list;
  for (const DType dtype : dtypes) append_varint(packed, static_cast<std::uint64_t>(dtype));
  MessageWriter(list).bytes(6, packed);
  return list;
}

std::string shape_in_list(Bytes encoded_shape) {
  std::string list;
  MessageWriter(list).bytes(7, encoded_shape);
  return list;
}

std::string with_appended(Bytes list_attr, Bytes elements) {
  return of_bytes(AttrKind::list, std::string(view_attr(list_attr).payload) + std::string(elements));
}

}  // namespace thaw::internal
