#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/crc32c.h"
#include "support/throws_error.h"
#include "thaw/verify.h"
#include "verbs/damaged.h"

namespace thaw::internal {

namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(VerifyModel, PassesWhatWasThawed) {
  for (const VariableStyle style : {VariableStyle::resource, VariableStyle::ref}) {
    const ThawedSet thawed(options_of([&](ThawOptions& options) { options.style = style; }));
    const VerifyReport report = thawed.with_model();
    EXPECT_TRUE(report.verified()) << to_text(report);
    EXPECT_THAT(report.warnings, IsEmpty());
    EXPECT_EQ(report.entries, 3u);
    ASSERT_EQ(report.weights.size(), 3u);
    for (const VerifiedWeight& weight : report.weights) EXPECT_TRUE(weight.equal) << weight.weight;
    EXPECT_TRUE(thawed.alone().verified());
  }
}

TEST(VerifyModel, CountsEveryByte) {
  const ThawedSet thawed;
  const VerifyReport report = thawed.alone();
  ASSERT_EQ(report.checks.size(), 3u);
  EXPECT_EQ(report.checks[0].name, "index");
  EXPECT_EQ(report.checks[1].name, "data");
  EXPECT_EQ(report.checks[1].count, 3u);
  EXPECT_EQ(report.checks[1].bytes, 40u);
  EXPECT_EQ(report.checks[2].name, "graph");
}

// Every bit of the data file and of the index, one after the other.
TEST(VerifyModel, FindsEveryChangedBit) {
  const ThawedSet sound;
  for (const std::string& path : {kData, kIndex}) {
    ThawedSet thawed;
    const std::size_t bits = thawed.file(path).size() * 8;
    for (std::size_t bit = 0; bit < bits; ++bit) {
      char& byte = thawed.file(path)[bit / 8];
      const char was = byte;
      byte = static_cast<char>(byte ^ (1 << (bit % 8)));
      const VerifyReport report = thawed.alone();
      byte = was;
      ASSERT_FALSE(report.verified()) << path << " bit " << bit;
      EXPECT_EQ(report.problems.front().file, path);
    }
  }
}

TEST(VerifyModel, FindsEveryCut) {
  for (const std::string& path : {kData, kIndex, kMeta}) {
    const ThawedSet sound;
    for (std::size_t size = 0; size < ThawedSet().file(path).size(); size += path == kMeta ? 97 : 1) {
      ThawedSet thawed;
      thawed.file(path).resize(size);
      const VerifyReport report = thawed.with_model();
      ASSERT_FALSE(report.verified()) << path << " of " << size;
      EXPECT_EQ(report.problems.front().file, path);
    }
  }
}

struct Damage {
  const char* name;
  std::function<void(ThawedSet&)> make;
  std::vector<Told> alone, with_model;
};

TEST(VerifyModel, NamesKindAndPlace) {
  const std::vector<Damage> damages{
      {"a shape of other size",
       [](ThawedSet& t) { t.edit([](auto& e) { e["a"].shape = Shape({2, 3}); }); },
       {{"damaged", kIndex, "a"}},
       {{"damaged", kIndex, "a"}}},
      {"a shape of the same size",
       [](ThawedSet& t) { t.edit([](auto& e) { e["a"].shape = Shape({4}); }); },
       {{"mismatch", kMeta, "a"}},
       {{"mismatch", kMeta, "a"}, {"mismatch", "out/model.ckpt", "a"}}},
      {"a dtype of the same size",
       [](ThawedSet& t) { t.edit([](auto& e) { e["b"].dtype = DType::int32; }); },
       {{"mismatch", kMeta, "b"}, {"mismatch", kMeta, "b"}, {"mismatch", kMeta, "b"}},
       {{"mismatch", kMeta, "b"},
        {"mismatch", kMeta, "b"},
        {"mismatch", kMeta, "b"},
        {"mismatch", "out/model.ckpt", "b"}}},
      {"a checksum",
       [](ThawedSet& t) { t.edit([](auto& e) { e["bias"].crc ^= 1; }); },
       {{"damaged", kData, "bias"}},
       {{"damaged", kData, "bias"}}},
      {"a place beyond the end",
       [](ThawedSet& t) { t.edit([](auto& e) { e["bias"].range.at = 1000; }); },
       {{"damaged", kData, "bias"}},
       {{"damaged", kData, "bias"}}},
      {"a data file that there is not",
       [](ThawedSet& t) { t.edit([](auto& e) { e["a"].shard = 1; }); },
       {{"damaged", kIndex, "a"}},
       {{"damaged", kIndex, "a"}}},
      {"an entry dropped",
       [](ThawedSet& t) { t.edit([](auto& e) { e.erase("a"); }); },
       {{"missing", kMeta, "a"}, {"missing", kMeta, "a"}},
       {{"missing", kMeta, "a"}, {"missing", kMeta, "a"}, {"missing", "out/model.ckpt", ""}}},
      {"the data file gone",
       [](ThawedSet& t) { t.remove(kData); },
       {{"missing", kData, ""}},
       {{"missing", kData, ""}}},
      {"the index gone",
       [](ThawedSet& t) { t.remove(kIndex); },
       {{"missing", kIndex, ""}},
       {{"missing", kIndex, ""}}},
      {"weights swapped",
       [](ThawedSet& t) { t.edit([](auto& e) { std::swap(e["a"], e["b"]); }); },
       {},
       {{"misplaced", "out/model.ckpt", "a"}, {"misplaced", "out/model.ckpt", "b"}}},
  };
  for (const Damage& damage : damages) {
    ThawedSet thawed;
    damage.make(thawed);
    EXPECT_EQ(told(thawed.alone()), damage.alone) << damage.name;
    EXPECT_EQ(told(thawed.with_model()), damage.with_model) << damage.name;
  }
}

TEST(VerifyModel, SaysWhoseNumbersAnEntryHas) {
  ThawedSet thawed;
  thawed.edit([](auto& entries) { std::swap(entries["a"], entries["b"]); });
  const VerifyReport report = thawed.with_model();
  ASSERT_EQ(report.problems.size(), 2u);
  EXPECT_THAT(report.problems[0].what, HasSubstr("it holds those of 'b', and its own are under 'b'"));
}

// As training leaves it: not damaged, but another value.
TEST(VerifyModel, MeasuresWhatTrainingChanged) {
  ThawedSet thawed;
  std::string& data = thawed.file(kData);
  std::uint64_t at = 0;
  thawed.edit([&](auto& entries) {
    BundleEntry& entry = entries["a"];
    at = entry.range.at;
    const float other = 1.25f;
    std::memcpy(data.data() + at, &other, sizeof other);
    entry.crc = crc32c(Bytes(data).substr(entry.range.at, entry.range.size));
  });
  EXPECT_TRUE(thawed.alone().verified());
  const VerifyReport report = thawed.with_model();
  ASSERT_EQ(told(report), (std::vector<Told>{{"differs", "out/model.ckpt", "a"}}));
  ASSERT_TRUE(report.problems.front().delta);
  EXPECT_EQ(report.problems.front().delta->changed, 1u);
  EXPECT_EQ(report.problems.front().delta->elements, 4u);
  EXPECT_EQ(report.problems.front().delta->largest, 0.25);
  VerifyOptions options;
  options.tolerance = 0.25;
  EXPECT_TRUE(thawed.with_model(options).verified());
  options.tolerance = 0.2;
  EXPECT_FALSE(thawed.with_model(options).verified());
}

TEST(VerifyModel, GoesOnBehindTheFirstProblem) {
  ThawedSet thawed;
  thawed.edit([](auto& entries) {
    entries["a"].crc ^= 1;
    entries["b"].crc ^= 1;
    entries["bias"].crc ^= 1;
  });
  const VerifyReport report = thawed.with_model();
  EXPECT_EQ(report.problems.size(), 3u);
  EXPECT_THAT(failed(report), ElementsAreArray({"data", "weights"}));
}

TEST(VerifyModel, WarnsOfBytesThatNobodyOwns) {
  ThawedSet thawed;
  thawed.file(kData) += "more";
  const VerifyReport report = thawed.alone();
  EXPECT_TRUE(report.verified());
  EXPECT_THAT(report.warnings, ElementsAre(kData + ", byte 40: 4 bytes that belong to no tensor"));
}

TEST(VerifyModel, WarnsOfTheStateFile) {
  ThawedSet thawed;
  thawed.put("out/checkpoint", "model_checkpoint_path: \"other\"\n");
  EXPECT_THAT(thawed.alone().warnings, ElementsAre(HasSubstr("'other', is not there")));
  thawed.put("out/checkpoint", "nonsense");
  EXPECT_THAT(thawed.alone().warnings, ElementsAre(HasSubstr("TensorFlow ignores such a state file")));
}

TEST(VerifyModel, TakesOtherNames) {
  const ThawedSet thawed(options_of([](ThawOptions& options) { options.scope = "net"; }));
  VerifyOptions options;
  options.scope = "net";
  EXPECT_TRUE(thawed.with_model(options).verified());
  const VerifyReport guessed = thawed.with_model();
  ASSERT_EQ(guessed.weights.size(), 3u);
  for (const VerifiedWeight& weight : guessed.weights) {
    EXPECT_TRUE(weight.equal) << weight.weight;
    EXPECT_EQ(weight.stage, MatchStage::scope);
  }
}

TEST(VerifyModel, LooksForWeightsByTheirNumbers) {
  ThawedSet thawed;
  thawed.remove(kMeta);
  thawed.edit([](auto& entries) {
    entries["v1"] = entries["b"];
    entries["v2"] = entries["a"];
    entries.erase("a");
    entries.erase("b");
  });
  const VerifyReport report = thawed.with_model();
  EXPECT_TRUE(report.verified()) << to_text(report);
  ASSERT_EQ(report.weights.size(), 3u);
  EXPECT_TRUE(report.weights[0].by_content);
  EXPECT_EQ(report.weights[0].key, "v2");
  EXPECT_EQ(report.weights[1].key, "v1");
}

TEST(VerifyModel, ListsWhatIsNotOfTheModel) {
  const ThawedSet thawed(options_of([](ThawOptions& options) {
    options.optimizer = "adam";
    options.global_step = 7;
  }));
  const VerifyReport report = thawed.with_model();
  EXPECT_TRUE(report.verified()) << to_text(report);
  EXPECT_THAT(report.warnings, IsEmpty());
  std::set<std::string> kinds;
  for (const OtherEntry& other : report.others) kinds.insert(other.why);
  EXPECT_THAT(kinds, Contains("slot of Adam"));
}

TEST(VerifyModel, RefusesWhatCannotBeLookedAt) {
  const auto verify = [](const std::string& path, std::map<std::filesystem::path, std::string> files) {
    const auto destination = std::make_shared<MemoryDestination>();
    destination->files() = std::move(files);
    return [=] { verify_checkpoint(path, {}, destination); };
  };
  EXPECT_THAT(verify("no/such", {}), throws_error(ErrorKind::input_io, "no checkpoint of that name"));
  EXPECT_THAT(verify("m.pb", {{"m.pb", graph_text::graph_bytes(kTwins)}}),
              throws_error(ErrorKind::unsupported, "no checkpoint"));
}

TEST(VerifyModel, StopsWhenAsked) {
  const ThawedSet thawed;
  VerifyOptions options;
  options.stop = [] { return true; };
  EXPECT_THAT([&] { thawed.with_model(options); }, throws_error(ErrorKind::interrupted, ""));
}

}  // namespace

}  // namespace thaw::internal
