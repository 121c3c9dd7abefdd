#include "model/name_table.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <string>

namespace thaw::internal {
namespace {

TEST(NameTable, IsEmptyAtFirst) {
  const auto no_names = [](std::uint32_t) -> Bytes { throw std::logic_error("asked for a name"); };
  EXPECT_EQ(NameTable().find("a", hash_of("a"), no_names), NameTable::kNone);
  NameTable with_room;
  with_room.reserve(10);
  EXPECT_EQ(with_room.find("a", hash_of("a"), no_names), NameTable::kNone);
}

TEST(NameTable, FindsWhatWasAddedAndNothingElse) {
  rc::check([](const std::map<std::string, bool>& words, bool with_room) {
    std::vector<Bytes> names;
    NameTable table;
    if (with_room) table.reserve(words.size());
    const auto find = [&](Bytes name) {
      return table.find(name, hash_of(name), [&](std::uint32_t number) { return names.at(number); });
    };
    for (const auto& [word, is_added] : words) {
      if (!is_added) continue;
      RC_ASSERT(find(word) == NameTable::kNone);
      table.add(hash_of(word), static_cast<std::uint32_t>(names.size()));
      names.push_back(word);
    }
    for (const auto& [word, is_added] : words) {
      const std::uint32_t number = find(word);
      const bool is_right = is_added ? names.at(number) == word : number == NameTable::kNone;
      RC_ASSERT(is_right);
    }
  });
}

TEST(NameTable, TellsNamesOfOneHashApart) {
  const std::vector<Bytes> names{"a", "b", "c"};
  const auto name_of = [&](std::uint32_t number) { return names[number]; };
  for (const std::uint64_t hash : {std::uint64_t{0}, ~std::uint64_t{0}}) {  // both ends of the table
    NameTable table;
    for (const std::uint32_t number : {0u, 1u, 2u}) table.add(hash, number);
    for (const std::uint32_t number : {0u, 1u, 2u})
      EXPECT_EQ(table.find(names[number], hash, name_of), number);
    EXPECT_EQ(table.find("d", hash, name_of), NameTable::kNone);
  }
}

TEST(NameTable, HashesEveryByteOfAName) {
  const std::string name = "some/scope/of_a_name";
  for (std::size_t i = 0; i < name.size(); ++i) {
    std::string other = name;
    other[i] ^= 1;
    EXPECT_NE(hash_of(other), hash_of(name)) << i;
    EXPECT_NE(hash_of(name.substr(0, i)), hash_of(name)) << i;
  }
}

}  // namespace
}  // namespace thaw::internal
