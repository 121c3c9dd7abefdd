#include "checks/check_bundle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checkpoint/bundle_fixture.h"
#include "checkpoint/table_reader.h"
#include "checks/check_objects.h"
#include "subject/object_names.h"
#include "wire/message_writer.h"

namespace thaw::internal {
namespace {

using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Checked {
  VerifyReport report;
  StoredTensors stored;
  std::vector<std::string> keys() const {
    std::vector<std::string> all;
    for (const VerifyProblem& problem : report.problems) all.push_back(problem.key);
    return all;
  }
};

Checked check(const Bundle& bundle) {
  MemoryDestination destination;
  destination.files()["m.index"] = bundle.index;
  destination.files()["m.data-00000-of-00001"] = bundle.data.front();
  Checked checked;
  Findings findings(checked.report);
  const VerifyOptions options;
  ReadingProgress progress(options);
  checked.stored = check_bundle(destination, "m", progress, findings);
  check_objects(checked.stored, "m.index", findings);
  return checked;
}

using Entries = std::map<std::string, std::string>;  // encoded, the header among them

Bundle edited(Bundle bundle, const std::function<void(Entries&)>& change) {
  Entries entries;
  TableReader(memory_source(bundle.index)).for_each([&](Bytes key, Bytes value) {
    entries.emplace(key, value);
  });
  change(entries);
  bundle.index.clear();
  TableWriter writer([&](Bytes bytes) { bundle.index.append(bytes); });
  for (const auto& [key, value] : entries) writer.add(key, value);
  writer.finish();
  return bundle;
}

TEST(CheckBundle, PassesPartsStringsAndNothing) {
  const Checked checked = check(small_bundle());
  EXPECT_THAT(checked.report.problems, IsEmpty());
  EXPECT_THAT(checked.report.warnings, IsEmpty());
  std::vector<std::string> names;
  for (const auto& [key, kind] : checked.stored.tensors) names.push_back(key);
  EXPECT_THAT(names, ElementsAreArray({"emb", "names", "none", "scale"}));
}

TEST(CheckBundle, FindsEveryChangedBit) {
  Bundle bundle = small_bundle();
  for (std::string* file : {&bundle.index, &bundle.data.front()}) {
    for (std::size_t bit = 0; bit < file->size() * 8; ++bit) {
      char& byte = (*file)[bit / 8];
      const char was = byte;
      byte = static_cast<char>(byte ^ (1 << (bit % 8)));
      ASSERT_FALSE(check(bundle).report.verified()) << "bit " << bit;
      byte = was;
    }
  }
}

TEST(CheckBundle, FindsEveryCut) {
  const Bundle bundle = small_bundle();
  for (std::size_t size = 0; size < bundle.index.size(); ++size)
    ASSERT_FALSE(check({bundle.index.substr(0, size), bundle.data}).report.verified()) << size;
  for (std::size_t size = 0; size < bundle.data.front().size(); ++size)
    ASSERT_FALSE(check({bundle.index, {bundle.data.front().substr(0, size)}}).report.verified()) << size;
}

// What is wrong with one block of an index does not hide the entries of the others.
TEST(CheckBundle, LooksAtTheOtherBlocks) {
  CheckpointContents contents;
  for (int i = 0; i < 14000; ++i) {
    contents.blobs.push_back(floats({1}, {static_cast<float>(i)}));
    contents.entries.push_back(
        {"name/" + std::to_string(100000 + i * 37), static_cast<std::size_t>(i), std::nullopt});
  }
  Bundle bundle = write(contents);
  ASSERT_GT(bundle.index.size(), 262144u);
  bundle.index[1000] = static_cast<char>(bundle.index[1000] ^ 1);
  const Checked checked = check(bundle);
  ASSERT_GE(checked.report.problems.size(), 1u);
  EXPECT_EQ(checked.report.problems[0].byte, 0u);
  EXPECT_FALSE(checked.stored.all);
  EXPECT_GT(checked.stored.tensors.size(), 100u);
  EXPECT_LT(checked.stored.tensors.size(), 14000u);
}

TEST(CheckBundle, TellsOfSlices) {
  const auto drop_slice = [](Entries& entries) { entries.erase(std::next(entries.begin())); };
  const Checked without = check(edited(small_bundle(), drop_slice));
  EXPECT_THAT(without.keys(), ElementsAreArray({"emb"}));
  EXPECT_EQ(without.report.problems[0].kind, ProblemKind::missing);
  const Checked stray = check(edited(small_bundle(), [](Entries& entries) { entries.erase("emb"); }));
  ASSERT_EQ(stray.report.problems.size(), 2u);
  EXPECT_THAT(stray.report.problems[0].what, HasSubstr("a slice that no tensor lists"));
}

TEST(CheckBundle, TellsOfTensorsThatOverlap) {
  const Bundle bundle = write({{floats({2}, {1, 2}), floats({2}, {3, 4})}, {{"a", 0, {}}, {"b", 1, {}}}});
  const Checked checked = check(edited(bundle, [](Entries& entries) {
    BundleEntry entry = decode_bundle_entry(entries["b"]);
    entry.range.at = 4;
    entries["b"] = encode_bundle_entry(entry);
  }));
  EXPECT_THAT(checked.keys(), ElementsAreArray({"b", "b"}));  // and its bytes are others
  EXPECT_THAT(checked.report.problems[0].what, HasSubstr("overlaps with 'a'"));
  EXPECT_EQ(checked.report.warnings.size(), 1u);  // the end belongs to nobody
}

TEST(CheckBundle, WantsAHeader) {
  const Checked checked = check(edited(small_bundle(), [](Entries& entries) { entries.erase(""); }));
  ASSERT_FALSE(checked.report.verified());
  EXPECT_THAT(checked.report.problems[0].what, HasSubstr("without the header"));
}

// One object with one attribute, kept in the entry "v/key".
std::string object_graph(std::uint64_t child) {
  std::string reference, attribute, node, second, graph;
  MessageWriter(reference).varint(1, child).bytes(2, "v");
  MessageWriter(attribute).bytes(1, "VARIABLE_VALUE").bytes(2, "v").bytes(3, "v/key");
  MessageWriter(node).bytes(1, reference);
  MessageWriter(second).bytes(2, attribute);
  MessageWriter(graph).bytes(1, node).bytes(1, second);
  return graph;
}

TEST(CheckBundle, FollowsTheObjectGraph) {
  const auto bundle = [](const std::string& graph, const std::string& key) {
    return write({{Value::from_strings(Shape(), {graph}), floats({1}, {1})},
                  {{std::string(kObjectGraphKey), 0, {}}, {key, 1, {}}}});
  };
  EXPECT_TRUE(check(bundle(object_graph(1), "v/key")).report.verified());
  const Checked missing = check(bundle(object_graph(1), "v/other"));
  EXPECT_THAT(missing.keys(), ElementsAreArray({"v/key"}));
  EXPECT_EQ(missing.report.problems[0].kind, ProblemKind::missing);
  const Checked child = check(bundle(object_graph(7), "v/key"));
  ASSERT_EQ(child.report.problems.size(), 1u);
  EXPECT_THAT(child.report.problems[0].what, HasSubstr("refers to object 7"));
}

}  // namespace
}  // namespace thaw::internal
