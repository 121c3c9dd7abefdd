// What the tests of checkpoints share: bytes from hexadecimal text, checkpoints in memory, errors that must
// come.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "checkpoint/bundle_reader.h"
#include "checkpoint/bundle_writer.h"
#include "thaw/error.h"

namespace thaw::internal {

// "00 ff 61" as three bytes; white space means nothing.
inline std::string from_hex(std::string_view text) {
  std::string bytes;
  int high = -1;
  for (const char c : text) {
    if (c == ' ' || c == '\n') continue;
    const int digit = c <= '9' ? c - '0' : c - 'a' + 10;
    if (high >= 0) bytes += static_cast<char>(high * 16 + digit);
    high = high >= 0 ? -1 : digit;
  }
  return bytes;
}

inline std::string to_hex(Bytes bytes) {
  std::string text;
  for (const char c : bytes) {
    char two[4];
    std::snprintf(two, sizeof two, "%02x ", static_cast<unsigned char>(c));
    text += two;
  }
  return text.substr(0, text.empty() ? 0 : text.size() - 1);
}

template <typename T>
std::string raw(const std::vector<T>& elements) {
  std::string bytes(elements.size() * sizeof(T), '\0');
  if (!bytes.empty()) std::memcpy(bytes.data(), elements.data(), bytes.size());
  return bytes;
}

inline Value floats(std::vector<std::int64_t> dims, const std::vector<float>& elements) {
  return Value::from_bytes(DType::float32, Shape(std::move(dims)), raw(elements));
}

class StringFile final : public OutputFile {
 public:
  void append(Bytes bytes) override { content.append(bytes); }
  void close(bool) override {}
  std::string content;
};

struct Bundle {
  std::string index;
  std::vector<std::string> data;

  BundleReader open() const {
    return BundleReader(memory_source(index, "m.index"), [this](std::uint32_t shard, std::uint32_t) {
      return memory_source(data.at(shard), "m.data-" + std::to_string(shard));
    });
  }
};

inline Bundle write(const CheckpointContents& contents) {
  StringFile data;
  Bundle bundle;
  bundle.index = write_bundle(contents, data);
  EXPECT_EQ(bundle_data_size(contents), data.content.size());
  bundle.data.push_back(std::move(data.content));
  return bundle;
}

inline void expect_error(ErrorKind kind, std::string_view part, const std::function<void()>& run) {
  try {
    run();
    ADD_FAILURE() << "no error; expected one with: " << part;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    EXPECT_NE(std::string_view(error.what()).find(part), std::string_view::npos)
        << "expected: " << part << "\nfound: " << error.what();
    EXPECT_FALSE(error.problem().empty());
  }
}

// The canonical bytes or, for strings, all of them with their lengths: equal exactly when the tensors are.
inline std::string content_of(const Value& value) {
  if (value.dtype() != DType::string) return value.bytes();
  std::string all;
  value.for_each_string(
      [&](Bytes element) { all += std::to_string(element.size()) + ":" + std::string(element); });
  return all;
}

// Parts, strings, an empty tensor and a scalar.
inline Bundle small_bundle() {
  return write({{floats({2, 2}, {4, 5, 6, 7}), floats({2, 2}, {0, 1, 2, 3}),
                 Value::from_strings(Shape({2}), {"ab", ""}), floats({0}, {}), floats({}, {0.5})},
                {{"emb", 0, SlicePlace{Shape({4, 2}), {{2, 2}, {0, 2}}}},
                 {"emb", 1, SlicePlace{Shape({4, 2}), {{0, 2}, {0, 2}}}},
                 {"names", 2, {}},
                 {"none", 3, {}},
                 {"scale", 4, {}}}});
}

// Everything a reader gives, as one string; throws what it throws.
inline std::string everything(const Bundle& bundle) {
  BundleReader reader = bundle.open();
  std::string all;
  for (const StoredTensor& tensor : reader.tensors()) {
    const Value value = reader.value(tensor.key);
    reader.check(tensor.key);
    all += tensor.key + std::string(name_of(value.dtype())) + value.shape().to_string() + content_of(value);
  }
  return all;
}

}  // namespace thaw::internal
