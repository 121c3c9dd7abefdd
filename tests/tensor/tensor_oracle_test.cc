// Any tensor in any encoding, against protobuf's own parser and an expansion written from the rules alone.
#include "tensor/tensor_oracle.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <random>

#include "support/throws_error.h"

namespace thaw::internal {
namespace {

// Seeded by rapidcheck: messages of up to 60 elements, their lists in any mixture of forms and orders.
class RandomTensor {
 public:
  explicit RandomTensor(std::uint64_t seed) : random_(seed) {}

  std::string make() {
    const DTypeRow& row = row_of(kTypes[below(std::size(kTypes))]);
    std::vector<std::int64_t> dims(below(4));
    std::uint64_t count = 1;
    for (std::int64_t& dim : dims)
      count *= static_cast<std::uint64_t>(dim = static_cast<std::int64_t>(below(8) == 0 ? 0 : below(4) + 1));
    std::vector<std::string> fields = {ProtoBytes().type(static_cast<std::uint64_t>(row.dtype)),
                                       ProtoBytes().shape(dims)};
    if (below(4) == 0) add_content(row, count, fields);
    for (std::uint64_t left = below(count + 4); left > 0;)
      left -= std::min(left, add_items(row, 1 + below(left), fields));
    if (below(4) == 0) fields.push_back(ProtoBytes().varint(60, random_()));
    if (below(4) == 0) fields.push_back(ProtoBytes().packed32(5, {1, 2}));
    // The order of a list's own fields means something; that of the others does not.
    std::rotate(fields.begin(), fields.begin() + static_cast<std::ptrdiff_t>(below(fields.size())),
                fields.end());
    std::string message;
    for (const std::string& field : fields) message += field;
    return message;
  }

 private:
  std::uint64_t below(std::uint64_t limit) { return limit == 0 ? 0 : random_() % limit; }

  void add_content(const DTypeRow& row, std::uint64_t count, std::vector<std::string>& fields) {
    std::string content(below(8) == 0 ? below(40) : count * row.size, '\0');
    for (char& c : content) c = static_cast<char>(row.dtype == DType::boolean ? random_() % 2 : random_());
    fields.push_back(ProtoBytes().content(content));
  }

  float number() { return static_cast<float>(static_cast<std::int32_t>(random_())) / 1024; }

  // One chunk or one item; gives how many items.
  std::uint64_t add_items(const DTypeRow& row, std::uint64_t wanted, std::vector<std::string>& fields) {
    const bool packed = row.item == ListItem::bytes || below(2) == 0;
    const std::uint64_t items = packed ? wanted : 1;
    std::vector<std::uint64_t> varints(items);
    std::vector<float> floats(items);
    std::vector<double> doubles(items);
    for (std::uint64_t i = 0; i < items; ++i) {
      varints[i] = below(3) == 0 ? ~(random_() >> 40) : random_() >> below(64);
      doubles[i] = floats[i] = number();
    }
    ProtoBytes field;
    const std::uint32_t at = row.list_field;
    switch (row.item) {
      case ListItem::fixed32:
        packed ? field.packed32(at, floats) : field.fixed32(at, floats[0]);
        break;
      case ListItem::fixed64:
        packed ? field.packed64(at, doubles) : field.fixed64(at, doubles[0]);
        break;
      case ListItem::varint:
        packed ? field.packed(at, varints) : field.varint(at, varints[0]);
        break;
      default:
        field.bytes(at, std::string(items, static_cast<char>(random_())));
        break;
    }
    fields.push_back(field);
    return items;
  }

  std::mt19937_64 random_;
};

// Reads the value in odd pieces, the way checkpoint blocks and windows cut it.
std::string in_pieces(const Value& value, std::size_t piece) {
  std::string all(value.byte_size(), '?');
  const auto stream = value.open();
  for (std::size_t at = 0; at < all.size(); at += piece) {
    stream->read(std::as_writable_bytes(std::span(all)).subspan(at, std::min(piece, all.size() - at)));
  }
  return all;
}

TEST(TensorOracle, AnyEncodingMeansWhatProtobufAndTheRulesSay) {
  EXPECT_TRUE(rc::check([](std::uint64_t seed, std::uint8_t piece) {
    const std::string message = RandomTensor(seed).make();
    oracle::Tensor proto;
    RC_ASSERT(proto.ParseFromString(message));
    const std::optional<std::string> expected = expand(proto);
    if (!expected) {
      RC_ASSERT_THROWS_AS(read_tensor(message), Error);
      return;
    }
    for (const TensorProto& tensor : {read_tensor(message), read_by_range(message)}) {
      RC_ASSERT(static_cast<int>(tensor.value.dtype()) == proto.dtype());
      RC_ASSERT(tensor.value.bytes() == *expected);
      RC_ASSERT(in_pieces(tensor.value, piece + 1u) == *expected);
      const std::uint64_t at = expected->empty() ? 0 : seed % expected->size();
      std::string rest(expected->size() - at, '?');
      if (!rest.empty()) tensor.value.open(at)->read(std::as_writable_bytes(std::span(rest)));
      RC_ASSERT(rest == expected->substr(at));
    }
  }));
}

TEST(TensorOracle, ProtobufReadsWhatIsWritten) {
  EXPECT_TRUE(rc::check([](std::uint64_t seed) {
    const std::string message = RandomTensor(seed).make();
    oracle::Tensor given, written;
    RC_ASSERT(given.ParseFromString(message));
    const std::optional<std::string> expected = expand(given);
    if (!expected) return;
    const Value value = read_tensor(message).value;
    RC_ASSERT(written.ParseFromString(write_tensor(value).bytes()));
    RC_ASSERT(expand(written) == expected);
    RC_ASSERT(written.GetReflection()->GetUnknownFields(written).empty());
    if (value.element_count() == 0) return;
    const std::string element = value.bytes().substr(0, element_size(value.dtype()));
    RC_ASSERT(written.ParseFromString(write_fill(value.dtype(), value.shape(), element)));
    RC_ASSERT(expand(written) ==
              spread(element, element.size(), static_cast<std::uint64_t>(value.element_count())));
  }));
}

}  // namespace
}  // namespace thaw::internal
