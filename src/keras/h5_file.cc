#include "keras/h5_file.h"

#include <set>

#include "keras/h5_attribute.h"
#include "keras/h5_group.h"
#include "keras/h5_type.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

constexpr Bytes kSignature("\x89HDF\r\n\x1a\n", 8);
constexpr std::size_t kMostObjects = 1u << 20;
constexpr std::uint64_t kLongestPath = 4096;

enum Layout : std::uint8_t { kCompact = 0, kContiguous = 1, kChunked = 2 };

void check_widths(std::uint8_t offsets, std::uint8_t lengths) {
  if (offsets == 8 && lengths == 8) return;
  throw Error(ErrorKind::unsupported, "an HDF5 file with addresses of other than eight bytes",
              "a file as h5py and Keras write it", "save the weights with Keras again");
}

// The address of the root's header.
std::uint64_t read_superblock(H5Bytes& file) {
  constexpr std::uint64_t kLongest = 100;
  const std::string block = file.block(0, std::min(kLongest, file.source()->size()));
  H5Fields fields(block);
  if (fields.take(8) != kSignature) fail_h5("no signature", "an HDF5 file");
  const std::uint8_t version = fields.u8();
  if (version > 3) fail_h5("version " + std::to_string(version) + " of the superblock", "0 to 3");
  if (version < 2) fields.skip(4);
  const std::uint8_t offsets = fields.u8();
  check_widths(offsets, fields.u8());
  fields.skip(version == 0 ? 9 : version == 1 ? 13 : 1);
  const std::uint64_t base = fields.u64();
  fields.skip(8);
  const std::uint64_t end = fields.u64();
  if (base != 0) fail_h5("it begins at " + std::to_string(base), "a file that begins at 0");
  if (end > file.source()->size()) {
    fail_h5("it ends at " + std::to_string(file.source()->size()) + " of " + std::to_string(end) + " bytes",
            "the whole file");
  }
  if (version < 2) fields.skip(16);
  return fields.u64();
}

class Walker {
 public:
  explicit Walker(const SourcePtr& source) : bytes_(source) {}

  H5File run() {
    visit("", read_superblock(bytes_));
    while (!waiting_.empty()) {
      const H5Member next = std::move(waiting_.back());
      waiting_.pop_back();
      visit(next.name, next.header);
    }
    return std::move(file_);
  }

 private:
  // A second link to an object is left out.
  void visit(const std::string& path, std::uint64_t header) {
    if (!seen_.insert(header).second) return;
    if (seen_.size() > kMostObjects || path.size() > kLongestPath)
      fail_h5("more objects than any file of weights has", "at most a million");
    const std::vector<H5Message> messages = read_h5_header(bytes_, header);
    add_texts(path, messages);
    if (find_h5(messages, H5MessageType::layout) != nullptr) return add_dataset(path, messages);
    if (!is_h5_group(messages)) return;
    std::vector<H5Member> members = read_h5_members(bytes_, messages);
    // Last first: they are taken from the back.
    for (auto member = members.rbegin(); member != members.rend(); ++member)
      waiting_.push_back({path.empty() ? member->name : path + "/" + member->name, member->header});
  }

  void add_texts(const std::string& path, const std::vector<H5Message>& messages) {
    for (const H5Message& message : messages) {
      if (message.type != H5MessageType::attribute || message.shared) continue;
      if (std::optional<H5Text> text = read_h5_text(bytes_, message.body))
        file_.texts[path][text->name] = std::move(text->values);
    }
  }

  void add_dataset(const std::string& path, const std::vector<H5Message>& messages) {
    const H5Message* type_message = find_h5(messages, H5MessageType::datatype);
    const H5Message* shape_message = find_h5(messages, H5MessageType::dataspace);
    if (type_message == nullptr || shape_message == nullptr)
      fail_h5(thaw::quoted(path) + " has no type or no shape", "a dataset with both");
    H5Dataset dataset;
    dataset.path = path;
    if (type_message->shared || shape_message->shared) {
      dataset.shape = Shape::of_unknown_rank();
      dataset.fault = "has a type that is kept elsewhere in the file";
    } else {
      const H5Type type = read_h5_type(type_message->body);
      dataset.shape = read_h5_shape(shape_message->body);
      dataset.dtype = dtype_of(path, type);
      place(messages, type, dataset);
    }
    file_.datasets.push_back(std::move(dataset));
  }

  // Keras notes it where h5py cannot: numpy has no bfloat16.
  DType dtype_of(const std::string& path, const H5Type& type) const {
    const std::vector<std::string>* noted = file_.text(path, "dtype");
    const bool two_bytes = type.kind == H5Type::Kind::opaque && type.size == 2;
    if (two_bytes && noted != nullptr && *noted == std::vector<std::string>{"bfloat16"})
      return DType::bfloat16;
    return type.dtype;
  }

  void place(const std::vector<H5Message>& messages, const H5Type& type, H5Dataset& dataset) {
    H5Fields fields(find_h5(messages, H5MessageType::layout)->body);
    const std::uint8_t version = fields.u8();
    const std::uint8_t layout = fields.u8();
    if (find_h5(messages, H5MessageType::filters) != nullptr) {
      dataset.fault = "is compressed";
    } else if (find_h5(messages, H5MessageType::external_files) != nullptr) {
      dataset.fault = "has its values in another file";
    } else if (version < 3 || version > 4 || layout != kContiguous) {
      dataset.fault =
          layout == kChunked && version >= 3 ? "is cut into chunks" : "is kept in an unusual layout";
    } else if (dataset.dtype == DType::invalid || type.big_endian) {
      dataset.fault = type.big_endian ? "is big endian" : "has a type that no weight has";
    } else {
      place_contiguous(fields, dataset);
    }
  }

  void place_contiguous(H5Fields& fields, H5Dataset& dataset) {
    const std::uint64_t at = fields.u64(), size = fields.u64();
    const auto count = static_cast<std::uint64_t>(*dataset.shape.element_count());
    const std::uint64_t whole = bytes_.source()->size();
    if (count > whole || count * element_size(dataset.dtype) != size) {
      fail_h5(thaw::quoted(dataset.path) + " has " + std::to_string(size) + " bytes",
              std::to_string(count) + " of " + std::string(name_of(dataset.dtype)));
    }
    if (at == kH5Nowhere) {
      dataset.fault = "was never written";
    } else if (at > whole || size > whole - at) {
      fail_h5("the values of " + thaw::quoted(dataset.path) + " reach past its end",
              "at most " + std::to_string(whole) + " bytes");
    }
    dataset.data = {at, size};
  }

  H5Bytes bytes_;
  H5File file_;
  std::set<std::uint64_t> seen_;
  std::vector<H5Member> waiting_;  // by path
};

}  // namespace

const std::vector<std::string>* H5File::text(const std::string& path, const std::string& name) const {
  const auto object = texts.find(path);
  if (object == texts.end()) return nullptr;
  const auto found = object->second.find(name);
  return found == object->second.end() ? nullptr : &found->second;
}

bool looks_like_h5(Bytes front) { return front.starts_with(kSignature); }

H5File read_h5(const SourcePtr& source) { return Walker(source).run(); }

}  // namespace thaw::internal
