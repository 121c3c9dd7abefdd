// A string tensor as a data file holds it: its number of elements (a byte), the entry's checksum (u32le), its
// bytes. What is taken, is written the same.
#include <cstring>

#include "checkpoint/string_tensor.h"
#include "checkpoint/table_writer.h"
#include "fuzz/targets.h"
#include "io/crc32c.h"
#include "tensor/shape.h"
#include "wire/message_writer.h"

namespace thaw::internal {

namespace {

constexpr std::size_t kStringsHead = 5;

void run_strings(const std::string& input) {
  if (input.size() < kStringsHead) return;
  std::uint32_t crc = 0;
  std::memcpy(&crc, input.data() + 1, sizeof crc);
  const auto count = static_cast<unsigned char>(input[0]);
  const std::string stored = input.substr(kStringsHead);
  std::vector<std::string> elements;
  const Shape shape({count});
  const bool read = goes_through([&] {
    stored_strings(shape, memory_source(stored, "data"), {0, stored.size()}, crc)
        .for_each_string([&](Bytes element) { elements.emplace_back(element); });
  });
  if (!read) return;
  const Value strings = Value::from_strings(shape, elements);
  std::string again;
  const std::uint32_t written = pour_string_tensor(strings, [&](Bytes bytes) { again += bytes; });
  require(written == crc, "another checksum");
  require(again.size() == string_tensor_size(strings), "another size than was said");
  // Lengths may be padded, TensorFlow takes that; elements may not differ.
  require(again == stored || again.size() < stored.size(), "other bytes");
}

std::string strings_input(const std::vector<std::string>& elements) {
  const Value strings = Value::from_strings(Shape({static_cast<std::int64_t>(elements.size())}), elements);
  std::string stored, input(1, static_cast<char>(elements.size()));
  const std::uint32_t crc = pour_string_tensor(strings, [&](Bytes bytes) { stored += bytes; });
  append_u32(input, crc);
  return input + stored;
}

// New lengths under their own checksum; the elements' is right only if nothing else changed.
std::string mutate_strings(const std::string& input, const std::string&, Chance& chance) {
  if (chance.below(3) == 0 || input.size() < kStringsHead) return mutate_bytes(input, chance);
  std::vector<std::string> elements(chance.below(6));
  for (std::string& element : elements)
    element.assign(chance.below(3) == 0 ? chance.below(300) : chance.below(4), 'x');
  std::string made = strings_input(elements);
  return chance.below(2) == 0 ? made : mutate_bytes(made, chance);
}

}  // namespace

FuzzTarget strings_target() {
  return {"strings", "a string tensor of a data file", run_strings, mutate_strings, [] {
            return std::vector<std::string>{strings_input({}),
                                            strings_input({"ab", "", std::string(200, 'z')})};
          }};
}

}  // namespace thaw::internal
