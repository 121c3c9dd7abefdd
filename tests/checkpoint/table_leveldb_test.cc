// LevelDB's tables are the ancestors of TensorFlow's: its library is the second opinion on ours, both ways.
#include <leveldb/table_builder.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "checkpoint/bundle_fixture.h"
#include "checkpoint/leveldb_table.h"
#include "checkpoint/table_reader.h"
#include "checkpoint/table_writer.h"

namespace thaw::internal {
namespace {

using Entries = std::map<std::string, std::string>;

class WritableString final : public leveldb::WritableFile {
 public:
  leveldb::Status Append(const leveldb::Slice& data) override {
    content.append(data.data(), data.size());
    return {};
  }
  leveldb::Status Close() override { return {}; }
  leveldb::Status Flush() override { return {}; }
  leveldb::Status Sync() override { return {}; }
  std::string content;
};

leveldb::Options options_of(std::size_t block_size, int interval, leveldb::CompressionType compression) {
  leveldb::Options options;
  options.block_size = block_size;
  options.block_restart_interval = interval;
  options.compression = compression;
  options.paranoid_checks = true;
  return options;
}

std::string theirs(const Entries& entries, const leveldb::Options& options) {
  WritableString file;
  leveldb::TableBuilder builder(options, &file);
  for (const auto& [key, value] : entries) builder.Add(key, value);
  EXPECT_TRUE(builder.Finish().ok());
  return file.content;
}

Entries read_theirs(const std::string& bytes) {
  const LevelDbTable table(bytes);
  EXPECT_TRUE(table.status().ok()) << table.status().ToString();
  if (!table.status().ok()) return {};
  const auto at = table.iterate();
  Entries entries;
  for (at->SeekToFirst(); at->Valid(); at->Next())
    entries.emplace(at->key().ToString(), at->value().ToString());
  EXPECT_TRUE(at->status().ok()) << at->status().ToString();
  // Seeking goes through the restarts and the index block's keys, which walking from the front does not.
  for (const auto& [key, value] : entries) {
    at->Seek(key);
    EXPECT_TRUE(at->Valid() && at->key() == leveldb::Slice(key) && at->value() == leveldb::Slice(value));
  }
  return entries;
}

std::string ours(const Entries& entries, TableOptions options) {
  std::string bytes;
  TableWriter writer([&](Bytes piece) { bytes.append(piece); }, options);
  for (const auto& [key, value] : entries) writer.add(key, value);
  writer.finish();
  return bytes;
}

Entries read_ours(std::string bytes) {
  Entries entries;
  TableReader(memory_source(std::move(bytes))).for_each([&](Bytes key, Bytes value) {
    entries.emplace(std::string(key), std::string(value));
  });
  return entries;
}

Entries many(int count) {
  Entries entries{{"", "header"}};
  for (int i = 0; i < count; ++i) {
    const std::string number = std::to_string(i * 7919 % count);
    entries["block_" + number + "/conv/kernel"] =
        std::string(static_cast<std::size_t>(i % 40), static_cast<char>(i));
    entries["block_" + number + "/conv/bias\xff"] = number;
  }
  return entries;
}

TEST(TableAndLevelDb, EqualBytesAtTensorFlowsSizes) {
  for (const int count : {0, 1, 15, 16, 17, 9000}) {
    const Entries entries = many(count);
    EXPECT_EQ(ours(entries, {}), theirs(entries, options_of(262144, 16, leveldb::kNoCompression))) << count;
  }
}

RC_GTEST_PROP(TableAndLevelDb, EqualBytesAndEqualReading,
              (const Entries& entries, std::uint8_t size, std::uint8_t every)) {
  // Blocks so large that TensorFlow's rule for very large entries, which LevelDB has not, does not come in.
  const std::size_t block_size = static_cast<std::size_t>(size) + 300;
  const int interval = every % 20 + 1;
  const std::string bytes = ours(entries, {block_size, static_cast<std::uint32_t>(interval)});
  RC_ASSERT(bytes == theirs(entries, options_of(block_size, interval, leveldb::kNoCompression)));
  RC_ASSERT(read_theirs(bytes) == entries);
}

TEST(TableAndLevelDb, ReadsWhatLevelDbWrites) {
  const Entries entries = many(3000);
  for (const auto compression : {leveldb::kNoCompression, leveldb::kSnappyCompression}) {
    for (const std::size_t block_size : {64, 1024, 4096, 262144, 100000000}) {
      for (const int interval : {1, 16, 128}) {
        EXPECT_EQ(read_ours(theirs(entries, options_of(block_size, interval, compression))), entries);
      }
    }
  }
}

TEST(TableAndLevelDb, ReadsItsCompressedBlocks) {
  Entries entries;
  for (int i = 0; i < 500; ++i) entries["key" + std::to_string(i)] = std::string(300, 'x');
  const std::string small = theirs(entries, options_of(65536, 16, leveldb::kSnappyCompression));
  ASSERT_LT(small.size(), theirs(entries, options_of(65536, 16, leveldb::kNoCompression)).size() / 5);
  EXPECT_EQ(read_ours(small), entries);
}

}  // namespace
}  // namespace thaw::internal
