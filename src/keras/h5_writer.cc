#include "keras/h5_writer.h"

#include <algorithm>
#include <array>

#include "thaw/error.h"

namespace thaw::internal {

namespace {

constexpr std::uint64_t kUndefined = ~std::uint64_t{0};
constexpr std::size_t kSuperblock = 96, kLongest = 65000;
enum Kind : std::uint16_t {
  dataspace = 1,
  link_info = 2,
  datatype = 3,
  fill_value = 5,
  link = 6,
  layout = 8,
  group_info = 10,
  attribute = 12,
};

void put(std::string& out, std::uint64_t number, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(number >> (8 * i) & 255);
}

void pad(std::string& out) { out.resize((out.size() + 7) / 8 * 8, '\0'); }

struct FloatRow {
  DType dtype;
  std::uint8_t sign, exponent_at, exponent_size, mantissa_size;
  std::uint32_t bias;
};
constexpr std::array kFloats = std::to_array<FloatRow>({
    {DType::float16, 15, 10, 5, 10, 15},
    {DType::float32, 31, 23, 8, 23, 127},
    {DType::float64, 63, 52, 11, 52, 1023},
});

bool is_signed(DType dtype) {
  return dtype == DType::int8 || dtype == DType::int16 || dtype == DType::int32 || dtype == DType::int64;
}
bool is_unsigned(DType dtype) {
  return dtype == DType::uint8 || dtype == DType::uint16 || dtype == DType::uint32 || dtype == DType::uint64;
}

std::string type_of(DType dtype) {
  const std::size_t size = element_size(dtype);
  std::string out;
  const auto row = std::ranges::find(kFloats, dtype, &FloatRow::dtype);
  if (row != kFloats.end()) {
    put(out, 0x11, 1);
    // The first bit of the mantissa is not stored.
    put(out, 0x20u | static_cast<unsigned>(row->sign) << 8, 3);
    put(out, size, 4);
    put(out, 0, 2);
    put(out, size * 8, 2);
    for (const unsigned byte :
         {unsigned{row->exponent_at}, unsigned{row->exponent_size}, 0u, unsigned{row->mantissa_size}})
      put(out, byte, 1);
    put(out, row->bias, 4);
    return out;
  }
  if (!is_signed(dtype) && !is_unsigned(dtype)) {
    throw Error(ErrorKind::unsupported, std::string(name_of(dtype)) + " in a file of Keras",
                "numbers that HDF5 has", "write a checkpoint instead: -o without .h5");
  }
  put(out, 0x10, 1);
  put(out, is_signed(dtype) ? 8 : 0, 3);
  put(out, size, 4);
  put(out, 0, 2);
  put(out, size * 8, 2);
  return out;
}

std::string space_of(const std::vector<std::int64_t>& dims) {
  std::string out;
  put(out, 1, 1);
  put(out, dims.size(), 1);
  put(out, 0, 6);
  for (const std::int64_t dim : dims) put(out, static_cast<std::uint64_t>(dim), 8);
  return out;
}

void message(std::string& out, Kind kind, std::string data) {
  pad(data);
  put(out, kind, 2);
  put(out, data.size(), 2);
  put(out, 0, 4);
  out += data;
}

std::string attribute_of(const H5Text& text) {
  std::size_t width = 1;
  for (const std::string& one : text.values) width = std::max(width, one.size());
  std::string type;
  put(type, 0x13, 1);
  put(type, 0x11, 3);  // UTF-8, filled with zeros
  put(type, width, 4);
  const auto count = static_cast<std::int64_t>(text.values.size());
  const std::string space = space_of(text.is_list ? std::vector{count} : std::vector<std::int64_t>{});
  std::string out;
  put(out, 1, 2);
  for (const std::size_t size : {text.name.size() + 1, type.size(), space.size()}) put(out, size, 2);
  out += text.name + '\0';
  pad(out);
  out += type;
  pad(out);
  out += space;
  pad(out);
  for (const std::string& one : text.values) out += one + std::string(width - one.size(), '\0');
  if (out.size() <= kLongest) return out;
  throw Error(ErrorKind::unsupported,
              "the names in " + thaw::quoted(text.name) + " take " + std::to_string(out.size()) + " bytes",
              "at most " + std::to_string(kLongest), "write a checkpoint instead: -o without .h5");
}

std::string with_head(const std::string& messages, std::size_t count) {
  std::string out;
  put(out, 1, 2);
  put(out, count, 2);
  put(out, 1, 4);
  put(out, messages.size(), 4);
  put(out, 0, 4);
  return out + messages;
}

}  // namespace

H5Group::Member* H5Group::find(const std::string& name) {
  const auto found = std::ranges::find(members_, name, &Member::name);
  return found == members_.end() ? nullptr : &*found;
}

H5Group& H5Group::group(const std::string& name) {
  Member* member = find(name);
  if (member == nullptr) member = &members_.emplace_back(Member{name, std::make_unique<H5Group>(), nullptr});
  if (!member->group)
    throw Error(ErrorKind::usage, thaw::quoted(name) + " names a weight and a scope of others",
                "one of both");
  return *member->group;
}

void H5Group::add(const std::string& name, Value value) {
  if (find(name) != nullptr)
    throw Error(ErrorKind::usage, thaw::quoted(name) + " names a weight and a scope of others",
                "one of both");
  members_.push_back({name, nullptr, std::make_unique<Value>(std::move(value))});
}

// Headers first, members before those who link to them, then the numbers.
class H5Layout {
 public:
  Recipe run(const H5Group& root) {
    data_at_ = (kSuperblock + size_of(root) + 7) / 8 * 8;
    const std::uint64_t root_at = write(root);
    Recipe out;
    out.add(superblock(root_at));
    headers_.resize(static_cast<std::size_t>(first_data_of(root)) - kSuperblock, '\0');
    out.add(std::move(headers_));
    out.add(std::move(data_));
    return out;
  }

 private:
  static std::uint64_t first_data_of(const H5Group& root) {
    return (kSuperblock + size_of(root) + 7) / 8 * 8;
  }

  // Addresses do not change a header's size.
  static std::size_t size_of(const H5Group& group) {
    std::vector<std::uint64_t> places(group.members_.size());
    std::size_t size = header(group, places).size();
    for (const H5Group::Member& member : group.members_)
      size += member.group ? size_of(*member.group) : header(*member.value, 0).size();
    return size;
  }

  static std::string header(const H5Group& group, const std::vector<std::uint64_t>& places) {
    std::string out, info;
    put(info, 0, 2);
    put(info, kUndefined, 8);
    put(info, kUndefined, 8);
    message(out, link_info, info);
    message(out, group_info, std::string(2, '\0'));
    for (std::size_t i = 0; i < places.size(); ++i) {
      std::string data;
      put(data, 1, 1);
      put(data, 1, 1);  // two bytes for the length of the name
      put(data, group.members_[i].name.size(), 2);
      data += group.members_[i].name;
      put(data, places[i], 8);
      message(out, link, std::move(data));
    }
    for (const H5Text& text : group.texts_) message(out, attribute, attribute_of(text));
    const std::size_t count = 2 + places.size() + group.texts_.size();
    if (count < 65536) return with_head(out, count);
    throw Error(ErrorKind::unsupported, std::to_string(count) + " members of one group", "at most 65535");
  }

  static std::string header(const Value& value, std::uint64_t place) {
    std::string out, fill, where;
    message(out, dataspace, space_of(value.shape().dims()));
    message(out, datatype, type_of(value.dtype()));
    put(fill, 0x00020202, 4);
    message(out, fill_value, fill);
    put(where, 3, 1);
    put(where, 1, 1);
    put(where, value.byte_size() == 0 ? kUndefined : place, 8);
    put(where, value.byte_size(), 8);
    message(out, layout, where);
    return with_head(out, 4);
  }

  std::uint64_t append(const std::string& header) {
    const std::uint64_t at = kSuperblock + headers_.size();
    headers_ += header;
    return at;
  }

  std::uint64_t write(const Value& value) {
    const std::uint64_t at = append(header(value, data_at_));
    data_at_ += (value.byte_size() + 7) / 8 * 8;
    data_.add(value.byte_size(), [value](const Sink& sink) { value.pour(sink); });
    data_.add(std::string(static_cast<std::size_t>((8 - value.byte_size() % 8) % 8), '\0'));
    return at;
  }

  std::uint64_t write(const H5Group& group) {
    std::vector<std::uint64_t> places;
    for (const H5Group::Member& member : group.members_)
      places.push_back(member.group ? write(*member.group) : write(*member.value));
    return append(header(group, places));
  }

  std::string superblock(std::uint64_t root) const {
    std::string out("\x89HDF\r\n\x1a\n", 8);
    put(out, 0, 5);
    put(out, 8, 1);
    put(out, 8, 1);
    put(out, 0, 1);
    put(out, 4, 2);
    put(out, 16, 2);
    put(out, 0, 4);
    put(out, 0, 8);
    put(out, kUndefined, 8);
    put(out, data_at_, 8);
    put(out, kUndefined, 8);
    put(out, 0, 8);
    put(out, root, 8);
    out.resize(kSuperblock, '\0');
    return out;
  }

  std::string headers_;
  Recipe data_;
  std::uint64_t data_at_ = 0;
};

Recipe write_h5(const H5Group& root) { return H5Layout().run(root); }

}  // namespace thaw::internal
