#include "io/recipe.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "support/throws_error.h"

namespace thaw::internal {
namespace {

std::string poured(const Recipe& recipe) {
  std::string all;
  recipe.pour([&](Bytes bytes) {
    EXPECT_LE(bytes.size(), 1u << 20);
    all.append(bytes);
  });
  return all;
}

std::string long_text(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i) text += std::to_string(i) + " ";
  return text.substr(0, size);
}

TEST(Recipe, KnowsItsSizeBeforeItsBytes) {
  const SourcePtr source = memory_source("0123456789");
  Recipe recipe("ab");
  recipe.add(source, {3, 4});
  recipe.add(source, {7, 1});
  recipe.add(3, [](const Sink& sink) {
    sink("x");
    sink("yz");
  });
  recipe.add("");
  recipe.add(source, {0, 0});
  recipe.add(0, [](const Sink&) { FAIL() << "asked for nothing"; });
  EXPECT_EQ(recipe.size(), 10u);
  EXPECT_FALSE(recipe.empty());
  EXPECT_EQ(recipe.bytes(), "ab34567xyz");
  EXPECT_EQ(poured(recipe), "ab34567xyz");

  Recipe outer("<");
  outer.add(std::move(recipe));
  outer.add(">");
  EXPECT_EQ(outer.bytes(), "<ab34567xyz>");
  EXPECT_TRUE(Recipe().empty());
  EXPECT_EQ(Recipe().bytes(), "");
}

TEST(Recipe, HoldsOnToBytesThatAreKept) {
  auto owner = std::make_shared<const std::string>("0123456789");
  const std::weak_ptr<const std::string> watched = owner;
  Recipe recipe;
  recipe.add(owner, Bytes(*owner).substr(2, 3));
  recipe.add(owner, Bytes());
  recipe.add("-");
  recipe.add(std::exchange(owner, nullptr), Bytes(*watched.lock()).substr(7));
  Recipe outer("<");
  outer.add(std::move(recipe));
  EXPECT_EQ(outer.size(), 8u);
  EXPECT_EQ(outer.bytes(), "<234-789");
  EXPECT_EQ(outer.in_memory(), std::nullopt);
  SourcePtr source = std::move(outer).as_source("s");
  std::string middle(4, ' ');
  source->read_at(2, std::as_writable_bytes(std::span(middle)));
  EXPECT_EQ(middle, "34-7");
  EXPECT_FALSE(watched.expired());
  source.reset();
  EXPECT_TRUE(watched.expired());
}

// Whatever is joined to whatever: the same bytes as one after the other.
TEST(Recipe, AreJoinedInOrder) {
  const SourcePtr source = memory_source("source");
  const std::vector<std::string> texts{"", "short", long_text(70'000)};
  for (const std::string& first : texts) {
    for (const std::string& second : texts) {
      for (const bool ranged : {false, true}) {
        Recipe left(first), right(second);
        if (ranged) right.add(source, {0, 6});
        right.add("end");
        left.add(std::move(right));
        const std::string all = first + second + (ranged ? "source" : "") + "end";
        EXPECT_EQ(left.size(), all.size());
        EXPECT_TRUE(left.bytes() == all);
      }
    }
  }
}

TEST(Recipe, IsPouredAsOftenAsWanted) {
  Recipe recipe;
  recipe.add(2, [](const Sink& sink) { sink("ab"); });
  EXPECT_EQ(recipe.bytes(), "ab");
  EXPECT_EQ(recipe.bytes(), "ab");
}

TEST(Recipe, NoticesAProducerThatLies) {
  for (const std::string given : {"", "a", "abc"}) {
    Recipe recipe;
    recipe.add(2, [given](const Sink& sink) { sink(given); });
    EXPECT_THAT([&] { poured(recipe); }, throws_error(ErrorKind::bug, "promised")) << given;
  }
}

TEST(Recipe, PoursLargeRangesInPieces) {
  const std::string text = long_text(1000 * 1000);
  Recipe recipe;
  recipe.add(memory_source(text), {1, text.size() - 2});
  std::size_t pieces = 0;
  std::string all;
  recipe.pour([&](Bytes bytes) {
    EXPECT_LE(bytes.size(), 64u * 1024);
    all.append(bytes);
    ++pieces;
  });
  EXPECT_EQ(all, text.substr(1, text.size() - 2));
  EXPECT_GT(pieces, 10u);
}

TEST(Recipe, GivesNoRandomAccessToProducers) {
  Recipe recipe;
  recipe.add(1, [](const Sink& sink) { sink("a"); });
  EXPECT_THAT([&] { std::move(recipe).as_source("made"); }, throws_error(ErrorKind::bug, "random access"));
}

TEST(Recipe, IsASourceUnderItsOwnName) {
  const SourcePtr source = Recipe("abc").as_source("made");
  EXPECT_EQ(source->name(), "made");
  EXPECT_EQ(source->size(), 3u);
  std::byte two[2];
  EXPECT_THAT([&] { source->read_at(2, two); }, throws_error(ErrorKind::input_io, "made"));
  EXPECT_THAT([&] { source->read_at(UINT64_MAX, two); }, throws_error(ErrorKind::input_io, "made"));
  EXPECT_EQ(Recipe().as_source("none")->size(), 0u);
}

// Any pieces, any reads: a recipe is what it was put together from.
TEST(Recipe, ReadsAnywhereAcrossItsPieces) {
  const std::string text = long_text(3000);
  const SourcePtr sources[] = {memory_source(text), memory_source(std::string(text.rbegin(), text.rend()))};
  EXPECT_TRUE(rc::check([&](const std::vector<std::tuple<std::uint8_t, std::uint16_t, std::uint16_t>>& pieces,
                            const std::vector<std::pair<std::uint16_t, std::uint16_t>>& reads) {
    Recipe recipe;
    std::string expected;
    for (const auto& [kind, first, second] : pieces) {
      const Range range{first % text.size(),
                        std::min<std::size_t>(second % 700, text.size() - first % text.size())};
      if (kind % 3 == 0) {
        recipe.add(text.substr(range.at, range.size));
        expected += text.substr(range.at, range.size);
      } else {
        const SourcePtr& source = sources[kind % 3 - 1];
        recipe.add(source, range);
        std::string part(range.size, '\0');
        source->read_at(range.at, std::as_writable_bytes(std::span(part)));
        expected += part;
      }
    }
    RC_ASSERT(recipe.bytes() == expected);
    const SourcePtr made = std::move(recipe).as_source("made");
    RC_ASSERT(made->size() == expected.size());
    for (const auto& [at, size] : reads) {
      if (at > expected.size()) continue;
      std::string part(std::min<std::size_t>(size, expected.size() - at), '\0');
      made->read_at(at, std::as_writable_bytes(std::span(part)));
      RC_ASSERT(part == expected.substr(at, part.size()));
    }
  }));
}

}  // namespace
}  // namespace thaw::internal
