// A sorted table in memory as leveldb reads it.
#pragma once

#include <leveldb/env.h>
#include <leveldb/iterator.h>
#include <leveldb/options.h>
#include <leveldb/table.h>

#include <memory>

#include "thaw/source.h"

namespace thaw::internal {

// Borrows the bytes.
class ReadableString final : public leveldb::RandomAccessFile {
 public:
  explicit ReadableString(Bytes content) : content_(content) {}
  leveldb::Status Read(std::uint64_t offset, std::size_t n, leveldb::Slice* result, char*) const override {
    if (offset > content_.size()) return leveldb::Status::IOError("past the end");
    const Bytes part = content_.substr(offset, n);
    *result = leveldb::Slice(part.data(), part.size());
    return {};
  }

 private:
  Bytes content_;
};

// Borrows the bytes; every checksum is verified.
class LevelDbTable {
 public:
  explicit LevelDbTable(Bytes bytes) : file_(bytes) {
    leveldb::Options options;
    options.paranoid_checks = true;
    leveldb::Table* opened = nullptr;
    status_ = leveldb::Table::Open(options, &file_, bytes.size(), &opened);
    table_.reset(opened);
  }

  const leveldb::Status& status() const { return status_; }  // of opening
  // Only of a table that was opened, and not longer than it.
  std::unique_ptr<leveldb::Iterator> iterate() const {
    leveldb::ReadOptions reading;
    reading.verify_checksums = true;
    return std::unique_ptr<leveldb::Iterator>(table_->NewIterator(reading));
  }

 private:
  ReadableString file_;
  leveldb::Status status_;
  std::unique_ptr<leveldb::Table> table_;
};

}  // namespace thaw::internal
