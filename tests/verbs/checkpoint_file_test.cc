#include "thaw/checkpoint_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/throws_error.h"
#include "verbs/world.h"

namespace thaw::internal {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

CheckpointContents two_tensors() {
  CheckpointContents contents;
  contents.blobs = {Value::from_bytes(DType::int32, Shape(), std::string("\3\0\0\0", 4)),
                    Value::from_strings(Shape({2}), {"a", std::string("b\0", 2)})};
  contents.entries = {{"words", 1, std::nullopt}, {"step", 0, std::nullopt}};
  return contents;
}

TEST(CheckpointFile, WhatIsWrittenIsRead) {
  World world;
  const std::vector<ReportedFile> files = write_checkpoint(two_tensors(), "d/m", {}, world.destination);
  EXPECT_EQ(files.size(), 3u);
  CheckpointReader reader("d", world.destination);
  EXPECT_EQ(reader.prefix(), "d/m");
  ASSERT_EQ(reader.tensors().size(), 2u);
  EXPECT_EQ(reader.tensors()[0].key, "step");
  ASSERT_NE(reader.find("words"), nullptr);
  EXPECT_EQ(reader.find("words")->dtype, DType::string);
  EXPECT_EQ(reader.find("none"), nullptr);
  EXPECT_EQ(reader.value("step").bytes(), std::string("\3\0\0\0", 4));
  std::vector<std::string> words;
  reader.value("words").for_each_string([&](Bytes word) { words.emplace_back(word); });
  EXPECT_THAT(words, ElementsAre("a", std::string("b\0", 2)));
}

TEST(CheckpointFile, ErrorsSayWhatIsAsked) {
  World world;
  EXPECT_THAT([&] { CheckpointReader("d/m", world.destination); },
              throws_error(ErrorKind::input_io, "no checkpoint 'd/m'"));
  write_checkpoint(two_tensors(), "d/m", {}, world.destination);
  CheckpointReader reader("d/m", world.destination);
  EXPECT_THAT([&] { reader.value("none"); }, throws_error(ErrorKind::usage, "no tensor 'none'"));
  EXPECT_THAT([&] { write_checkpoint(two_tensors(), "d/m", {}, world.destination); },
              throws_error(ErrorKind::output_exists, "d/m"));
  CheckpointContents twice = two_tensors();
  twice.entries.push_back(twice.entries.front());
  EXPECT_THAT([&] { write_checkpoint(twice, "e/m", {}, world.destination); },
              throws_error(ErrorKind::usage, "words"));
}

TEST(CheckpointFile, TheStateOfAFolder) {
  World world;
  EXPECT_FALSE(read_folder_state("d", "checkpoint", world.destination));
  EXPECT_FALSE(checkpoint_exists("d/m", world.destination));
  write_checkpoint(two_tensors(), "d/m", {}, world.destination);
  EXPECT_TRUE(checkpoint_exists("d/m", world.destination));
  const std::optional<FolderState> state = read_folder_state("d", "checkpoint", world.destination);
  ASSERT_TRUE(state);
  EXPECT_EQ(state->latest, "m");
  EXPECT_THAT(state->all, ElementsAreArray({"m"}));
}

TEST(DestinationWith, ShowsOneMoreFile) {
  World world;
  world.files()["d/a"] = "aa";
  const SourcePtr source = memory_source("bbb", "elsewhere");
  const std::shared_ptr<Destination> both = destination_with("d/b", source, world.destination);
  EXPECT_TRUE(both->exists("d/a"));
  EXPECT_TRUE(both->exists("d/b"));
  EXPECT_FALSE(both->exists("d/c"));
  EXPECT_EQ(both->open("d/b"), source);
  EXPECT_EQ(both->open("d/a")->size(), 2u);
  EXPECT_THAT(both->list("d"), ElementsAreArray({"a"}));
  EXPECT_THAT(both->list("d/b"), ElementsAre());
}

}  // namespace
}  // namespace thaw::internal
