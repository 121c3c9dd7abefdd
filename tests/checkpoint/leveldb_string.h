// A file that leveldb reads, in memory.
#pragma once

#include <leveldb/env.h>

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

}  // namespace thaw::internal
