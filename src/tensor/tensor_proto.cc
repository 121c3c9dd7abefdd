#include "tensor/tensor_proto.h"

#include <algorithm>
#include <optional>

#include "tensor/list_body.h"
#include "tensor/shape.h"
#include "thaw/error.h"
#include "wire/message_reader.h"
#include "wire/message_writer.h"

namespace thaw::internal {

namespace {

constexpr std::uint32_t kContent = 4;
constexpr std::uint32_t kStrings = 8;
constexpr std::uint32_t kFloat8 = 18;
constexpr std::uint64_t kMostShape = 1 << 20;  // bytes
constexpr std::uint64_t kMostRepeatedStrings = 1 << 16;

// What one pass over the message finds.
struct Survey {
  DType dtype = DType::invalid;
  Shape shape;
  std::string shape_bytes;  // of all parts: one after the other they are the message that they are merged to
  Range content;
  std::uint64_t strings = 0;
  // The list fields seen, by number; only the dtype's own counts.
  std::optional<Range> only_chunk[32];
  std::uint32_t chunks[32] = {};
  Range float8;  // the whole field
};

// No list of numbers ends within one, whichever the dtype uses: protobuf refuses the message for it.
void check_packed(const Field& field) {
  if (field.type != WireType::length_delimited) return;
  const bool four = field.number == 5 || field.number == 9, eight = field.number == 6 || field.number == 12;
  const unsigned width = four ? 4 : eight ? 8 : 1;
  if (field.payload.size % width == 0) return;
  throw Error(ErrorKind::malformed,
              "a packed list of " + std::to_string(field.payload.size) + " bytes ends within an item",
              "a multiple of " + std::to_string(width) + " bytes");
}

void survey_field(const Field& field, Window& window, Survey& survey) {
  if (field.is(1, WireType::varint)) {
    const std::optional<DType> dtype = dtype_of_number(static_cast<std::int64_t>(field.scalar));
    if (!dtype)
      throw Error(ErrorKind::malformed, "a tensor of dtype " + std::to_string(field.scalar), "1 to 33");
    survey.dtype = *dtype;
  } else if (field.is_bytes(2)) {
    survey.shape_bytes += read_payload(window, field.payload, kMostShape - survey.shape_bytes.size());
  } else if (field.is_bytes(kContent)) {
    survey.content = field.payload;
  } else if (field.is_bytes(kStrings)) {
    ++survey.strings;
  } else if (field.is_bytes(kFloat8)) {
    survey.float8 = {field.begin, field.payload.at + field.payload.size - field.begin};
  }
  if (field.number >= 5 && field.number < 32) {
    check_packed(field);
    ++survey.chunks[field.number];
    if (field.type == WireType::length_delimited) survey.only_chunk[field.number] = field.payload;
  }
}

Survey survey_message(Window window) {
  Survey survey;
  Walk walk(window);
  for (Field field; walk.next(field);) survey_field(field, window, survey);
  survey.shape = decode_shape(survey.shape_bytes);
  if (survey.dtype == DType::invalid) {
    throw Error(ErrorKind::malformed, "a tensor without a dtype", "TensorProto.dtype");
  }
  return survey;
}

std::uint64_t count_items(Window window, const DTypeRow& row, std::uint64_t enough) {
  ListItems items(std::move(window), row);
  std::uint64_t count = 0;
  for (std::uint64_t item; count < enough && items.next(item);) ++count;
  return count;
}

TensorProto read_content(const SourcePtr& source, const Survey& survey, std::uint64_t size) {
  if (survey.dtype == DType::string) {
    throw Error(ErrorKind::unsupported, "a string tensor kept as tensor_content", "string_val");
  }
  if (survey.content.size != size) {
    throw Error(ErrorKind::malformed, "tensor_content has " + std::to_string(survey.content.size) + " bytes",
                std::string(name_of(survey.dtype)) + " " + survey.shape.to_string() + " needs " +
                    std::to_string(size),
                "was the file cut or edited?");
  }
  return {Value::from_range(survey.dtype, survey.shape, source, survey.content), Encoding::content};
}

// Numbers that are repeated take no memory; strings do wherever they are listed, and nothing writes them so.
void check_repetition(const Survey& survey, std::uint64_t count) {
  if (count <= kMostRepeatedStrings) return;
  throw Error(ErrorKind::unsupported,
              "a string tensor " + survey.shape.to_string() + " of which " + std::to_string(survey.strings) +
                  " elements are written",
              "all of them, or at most " + std::to_string(kMostRepeatedStrings));
}

TensorProto read_list(const SourcePtr& source, Range message, const Survey& survey, std::uint64_t count) {
  const DTypeRow& row = row_of(survey.dtype);
  if (row.item == ListItem::none) {
    if (survey.dtype != DType::string)
      return {Value(survey.dtype, survey.shape, nullptr), Encoding::full_list};
    const Encoding encoding = survey.strings < count ? Encoding::short_list : Encoding::full_list;
    if (encoding == Encoding::short_list) check_repetition(survey, count);
    return {Value(survey.dtype, survey.shape, make_string_list_body(source, message, count)), encoding,
            std::min(survey.strings, count)};
  }
  // float8_val is one field, not a list: of several the last counts.
  if (row.item == ListItem::bytes && survey.float8.size > 0) message = survey.float8;
  const std::uint64_t size = count * row.size;
  // A single packed chunk of fixed-width items is the tensor's canonical bytes already.
  const auto& chunk = survey.only_chunk[row.list_field];
  const bool verbatim =
      row.item != ListItem::varint && survey.chunks[row.list_field] == 1 && chunk && chunk->size >= size;
  if (verbatim)
    return {Value::from_range(survey.dtype, survey.shape, source, {chunk->at, size}), Encoding::full_list};

  const std::uint64_t items = count_items(Window(*source, message), row, count * row.items);
  const std::uint64_t listed = items / row.items;
  if (listed == 0)
    return {Value::fill(survey.dtype, survey.shape, std::string(row.size, '\0')), Encoding::short_list};
  const Encoding encoding = listed < count ? Encoding::short_list : Encoding::full_list;
  Value value(survey.dtype, survey.shape, make_list_body(source, message, row, listed));
  if (listed == 1 && count > 1) {
    std::string element(row.size, '\0');
    value.open()->read(std::as_writable_bytes(std::span(element)));
    return {Value::fill(survey.dtype, survey.shape, std::move(element)), encoding, listed};
  }
  return {std::move(value), encoding, listed};
}

void write_list(std::string& out, const DTypeRow& row, Bytes elements) {
  MessageWriter writer(out);
  if (row.item != ListItem::varint) {
    writer.bytes(row.list_field, elements);
    return;
  }
  std::string packed;
  const bool is_signed = row.dtype == DType::int8 || row.dtype == DType::int16 || row.dtype == DType::int32 ||
                         row.dtype == DType::qint8 || row.dtype == DType::qint16 ||
                         row.dtype == DType::qint32;
  for (std::size_t at = 0; at < elements.size(); at += row.size) {
    std::uint64_t item = 0;
    for (std::size_t i = row.size; i-- > 0;) item = item << 8 | static_cast<unsigned char>(elements[at + i]);
    const unsigned unused = 64 - 8 * row.size;
    if (is_signed) item = static_cast<std::uint64_t>(static_cast<std::int64_t>(item << unused) >> unused);
    append_varint(packed, item);
  }
  writer.bytes(row.list_field, packed);
}

// make_tensor_proto keeps these in lists whatever their number (python/framework/tensor_util.py).
bool always_listed(DType dtype) {
  return dtype == DType::boolean || dtype == DType::float16 || dtype == DType::bfloat16 ||
         dtype == DType::complex64 || dtype == DType::complex128;
}

}  // namespace

TensorProto read_tensor(const SourcePtr& source, Range message) {
  const Survey survey = survey_message(Window(*source, message));
  const Value checked(survey.dtype, survey.shape, nullptr);
  const auto count = static_cast<std::uint64_t>(checked.element_count());
  if (count == 0 && survey.dtype != DType::string) {
    return {Value::from_bytes(survey.dtype, survey.shape, ""), Encoding::full_list};
  }
  if (survey.content.size != 0) return read_content(source, survey, checked.byte_size());
  return read_list(source, message, survey, count);
}

TensorProto read_tensor(Bytes message) {
  const Range all{0, message.size()};
  return read_tensor(memory_source(std::string(message)), all);
}

TensorHead read_tensor_head(Bytes message) {
  TensorHead head;
  std::string shape;
  MessageReader reader(message);
  for (FieldView field; reader.next(field);) {
    if (field.is(1, WireType::varint)) {
      head.dtype = dtype_of_number(static_cast<std::int64_t>(field.scalar)).value_or(DType::invalid);
    } else if (field.is_bytes(2)) {
      shape.append(field.payload);
    }
  }
  head.shape = decode_shape(shape);
  return head;
}

std::string write_fill(DType dtype, const Shape& shape, Bytes element) {
  std::string out;
  MessageWriter(out).integer(1, static_cast<std::int64_t>(dtype)).bytes(2, encode_shape(shape));
  if (dtype == DType::string) {
    MessageWriter(out).bytes(kStrings, element);
  } else {
    write_list(out, row_of(dtype), element);
  }
  return out;
}

Recipe write_tensor(const Value& value) {
  std::string head;
  MessageWriter(head)
      .integer(1, static_cast<std::int64_t>(value.dtype()))
      .bytes(2, encode_shape(value.shape()));
  if (value.dtype() == DType::string) {
    value.for_each_string([&](Bytes element) { MessageWriter(head).bytes(kStrings, element); });
    return Recipe(std::move(head));
  }
  if (value.element_count() == 0) return Recipe(std::move(head));
  const bool listed =
      value.element_count() == 1 || (always_listed(value.dtype()) && value.byte_size() <= 1 << 20);
  if (listed) {
    write_list(head, row_of(value.dtype()), value.bytes());
    return Recipe(std::move(head));
  }
  append_header(head, kContent, value.byte_size());
  Recipe recipe(std::move(head));
  recipe.add(value.byte_size(), [value](const Sink& sink) { value.pour(sink); });
  return recipe;
}

}  // namespace thaw::internal
