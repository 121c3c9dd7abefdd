#include "io/sparse_source.h"

#include <gtest/gtest.h>

#include "support/throws_error.h"

namespace thaw::internal {
namespace {

std::string part_of(const Source& source, std::uint64_t at, std::size_t size) {
  std::string bytes(size, '?');
  source.read_at(at, std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

// A name, many zeros, a name, zeros again, a last byte.
Recipe mixed() {
  Recipe recipe("front");
  recipe.add(100'000, [](const Sink& sink) {
    sink(std::string(60'000, '\0'));
    sink(std::string(40'000, '\0'));
  });
  recipe.add("middle");
  recipe.add(memory_source(std::string(9'000, '\0')), {0, 9'000});
  recipe.add("e");
  return recipe;
}

TEST(SparseSource, HasTheBytesOfTheRecipe) {
  const std::string all = mixed().bytes();
  const SourcePtr source = sparse_source(mixed(), "sparse");
  ASSERT_EQ(source->size(), all.size());
  EXPECT_EQ(source->name(), "sparse");
  for (const std::size_t size : {1u, 7u, 4096u, 5000u, 65536u}) {
    for (std::size_t at = 0; at + size <= all.size(); at += 997)
      ASSERT_EQ(part_of(*source, at, size), all.substr(at, size));
  }
  EXPECT_EQ(part_of(*source, 0, all.size()), all);
  EXPECT_EQ(part_of(*source, all.size(), 0), "");
}

TEST(SparseSource, EndsWhereTheRecipeDoes) {
  const SourcePtr source = sparse_source(Recipe("abc"), "s");
  EXPECT_THAT([&] { part_of(*source, 1, 3); }, throws_error(ErrorKind::input_io, "reading past the end"));
  EXPECT_EQ(sparse_source(Recipe(), "s")->size(), 0u);
}

TEST(ReplayingSource, HasTheBytesOfTheRecipe) {
  const std::string all = mixed().bytes();
  const SourcePtr source = mixed().as_replaying_source("replayed");
  ASSERT_EQ(source->size(), all.size());
  for (const std::size_t size : {1u, 4096u, 65536u}) {
    for (std::size_t at = 0; at + size <= all.size(); at += 9973)
      ASSERT_EQ(part_of(*source, at, size), all.substr(at, size));
  }
}

TEST(ReplayingSource, RefusesAProducerThatBreaksItsPromise) {
  Recipe recipe;
  recipe.add(10, [](const Sink& sink) { sink("short"); });
  const SourcePtr source = std::move(recipe).as_replaying_source("s");
  EXPECT_EQ(part_of(*source, 0, 5), "short");
  EXPECT_THAT([&] { part_of(*source, 0, 6); }, throws_error(ErrorKind::bug, "fewer bytes"));
}

}  // namespace
}  // namespace thaw::internal
