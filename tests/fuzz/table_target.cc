// A sorted table: what is taken, leveldb's own reader reads the same.
#include "checkpoint/leveldb_table.h"
#include "checkpoint/table_reader.h"
#include "fuzz/mutate_table.h"
#include "fuzz/targets.h"
#include "fuzz/test_data.h"

namespace thaw::internal {

namespace {

using TableEntries = std::vector<std::pair<std::string, std::string>>;

TableEntries read_by_leveldb(const std::string& input) {
  const LevelDbTable table(input);
  require(table.status().ok(), "leveldb does not open what was read: " + table.status().ToString());
  const auto at = table.iterate();
  TableEntries entries;
  for (at->SeekToFirst(); at->Valid(); at->Next())
    entries.emplace_back(at->key().ToString(), at->value().ToString());
  require(at->status().ok(), "leveldb does not read what was read: " + at->status().ToString());
  return entries;
}

void run_table(const std::string& input) {
  TableEntries entries;
  const bool read = goes_through([&] {
    const TableReader reader(memory_source(input, "table"));
    reader.for_each([&](Bytes key, Bytes value) { entries.emplace_back(key, value); });
    for (const auto& [key, value] : entries) require(reader.find(key) == value, "an entry that is not found");
  });
  TableEntries scanned;
  bool faulty = false;
  goes_through([&] {
    TableReader(memory_source(input, "table"))
        .scan([&](Bytes key, Bytes value) { scanned.emplace_back(key, value); },
              [&](std::uint64_t, const Error&) { faulty = true; });
  });
  if (!read) return;
  require(!faulty && scanned == entries, "a scan of another table");
  require(read_by_leveldb(input) == entries, "leveldb reads other entries");
}

std::vector<std::string> table_seeds() {
  std::vector<std::string> seeds;
  for (const auto& path : files_of("bundles")) {
    if (path.extension() == ".index") seeds.push_back(whole_file(path));
  }
  for (const std::size_t block_size : {32u, 4096u}) {
    std::string table;
    TableWriter writer([&](Bytes bytes) { table += bytes; }, {block_size, 3});
    for (const char* key : {"", "a", "a/b", "a/b/c", "aa", "b"}) writer.add(key, std::string(key) + " value");
    writer.finish();
    seeds.push_back(std::move(table));
  }
  return seeds;
}

}  // namespace

FuzzTarget table_target() { return {"table", "a sorted table", run_table, mutate_table, table_seeds}; }

}  // namespace thaw::internal
